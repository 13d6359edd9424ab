"""The pages of information and the leaflet: every time on them is the time of the procedure."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count

import pypdf
import pytest

from cases.models import Landlord, OutsideBodyDetails
from cases.rules.blocks import plain_lines
from cases.rules.periods import Period, Unit
from cases.rules.procedure_files import read_shipped, shipped_codes, terms_from
from cases.rules.roles import Role
from cases.rules.terms import ProcedureTerms
from cases.selectors.procedure_told import LeafletFacts, leaflet, public_stages
from cases.tests.factories import CategoryFactory

every_procedure = pytest.mark.parametrize("code", shipped_codes())
TIME = re.compile(r"\b\d+ (?:working days?|calendar days?|weeks?|months?|hours?)")
# A ground of refusal that the Code names; no period of a procedure.
A_YEAR = "12 months"
NOTHING = LeafletFacts(ways=("Ring us",), ombudsman=(), not_complaints=(), standards=())


def shipped_terms(code: str) -> ProcedureTerms:
    return terms_from(read_shipped(code))


def times_in(text: str) -> list[str]:
    return sorted(TIME.findall(text.replace(A_YEAR, "")))


def times_of(terms: ProcedureTerms) -> list[str]:
    """Return every time that the procedure promises or gives, once for each place."""
    return sorted(str(Period(abs(each.count), each.unit)) for each in _periods(terms))


def _periods(terms: ProcedureTerms) -> Iterator[Period]:
    yield terms.feedback_acknowledgement
    for stage in terms.stages:
        for timescale in stage.timescales:
            yield timescale.period
            if timescale.longest_extension:
                yield Period(timescale.longest_extension, Unit.WORKING_DAYS)
        yield from (each.window for each in stage.routes if each.window)
    for body in terms.outside_bodies:
        yield from (each for each in (body.wait, body.within) if each)


def with_other_times(terms: ProcedureTerms) -> ProcedureTerms:
    """Return the procedure with a number for each of its times that stands nowhere else."""
    numbers = count(101)

    def other(period: Period | None) -> Period | None:
        if period is None:
            return None
        number = next(numbers)
        return replace(period, count=-number if period.count < 0 else number)

    stages = tuple(
        replace(
            stage,
            timescales=tuple(
                replace(
                    each,
                    period=other(each.period),
                    longest_extension=each.longest_extension and next(numbers),
                )
                for each in stage.timescales
            ),
            routes=tuple(replace(each, window=other(each.window)) for each in stage.routes),
        )
        for stage in terms.stages
    )
    bodies = tuple(
        replace(each, wait=other(each.wait), within=other(each.within))
        for each in terms.outside_bodies
    )
    acknowledgement = other(terms.feedback_acknowledgement)
    return replace(
        terms, stages=stages, outside_bodies=bodies, feedback_acknowledgement=acknowledgement
    )


@pytest.mark.one_database
@every_procedure
def test_every_time_told_is_one_of_the_procedure_and_none_is_left_out(code):
    terms = shipped_terms(code)

    assert times_in("\n".join(plain_lines(leaflet(terms, NOTHING)))) == times_of(terms)


@pytest.mark.one_database
@every_procedure
def test_whatever_time_is_changed_in_a_procedure_is_told_so(code):
    terms = with_other_times(shipped_terms(code))

    assert times_in("\n".join(plain_lines(leaflet(terms, NOTHING)))) == times_of(terms)


@pytest.mark.one_database
def test_the_check_notices_a_time_that_was_typed():
    terms = shipped_terms("herefordshire")
    stage = replace(terms.stages[0], decided_by_words="somebody within 7 working days")
    typed = replace(terms, stages=(stage, *terms.stages[1:]))

    assert times_in("\n".join(plain_lines(leaflet(typed, NOTHING)))) != times_of(typed)


@pytest.mark.django_db
@every_procedure
def test_the_page_shows_the_times_of_the_procedure_that_runs(visitor, house, code):
    house.run(code)
    terms = shipped_terms(code)

    page = visitor.get("/how-we-deal-with-complaints/").content.decode()

    assert times_in(page) == times_of(terms)
    assert all(stage.name in page for stage in terms.stages)


@pytest.mark.one_database
def test_stages_are_told_to_the_customer_and_not_about_them():
    for code in shipped_codes():
        for stage in public_stages(shipped_terms(code)):
            told = " ".join((*stage.promises, *stage.others, *stage.ways_on))
            assert "the customer" not in told.lower(), told


@pytest.mark.django_db
def test_the_page_names_the_ombudsman_as_it_is_reached_today(visitor):
    OutsideBodyDetails.objects.filter(code="ombudsman").delete()
    for day, telephone in ((date(2020, 1, 1), "0111"), (date(2026, 6, 11), "0333")):
        OutsideBodyDetails.objects.create(
            code="ombudsman", from_on=day, name="The Ombudsman", telephone=telephone
        )

    page = visitor.get("/how-we-deal-with-complaints/").content.decode()

    assert "0111" in page
    assert "0333" not in page


@pytest.mark.django_db
@pytest.mark.rule("K3-2")
@pytest.mark.rule("K3-3")
def test_customers_read_what_they_can_expect_as_the_procedure_says(visitor, house):
    house.run("kht-three-stage")

    page = visitor.get("/what-you-can-expect/").content.decode()

    assert "Wear your identity badge." in page
    assert "within 3 rings" in page


@pytest.mark.django_db
@pytest.mark.rule("K3-3")
def test_a_landlord_writes_standards_of_its_own(visitor, house, sign_in):
    house.run("kht-three-stage")
    administrator = sign_in(Role.SYSTEM_ADMINISTRATOR)

    answer = administrator.post(
        "/settings/landlord/standards/",
        {"care_standards": "We say who we are.", "care_targets": "We ring back in a day."},
    )

    assert answer.status_code == 302
    page = visitor.get("/what-you-can-expect/").content.decode()
    assert "We say who we are." in page
    assert "We ring back in a day." in page
    assert "identity badge" not in page
    history = administrator.get("/settings/landlord/").content.decode()
    assert "Customer care changed" in history


@pytest.mark.django_db
def test_a_procedure_without_standards_leaves_no_empty_headings(visitor):
    page = visitor.get("/what-you-can-expect/").content.decode()

    assert "How we treat you" not in page
    assert "We listen" in page


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["standard", "large-print"])
def test_the_leaflet_is_a_tagged_pdf_with_the_same_times(visitor, house, size):
    house.run("first-ark-panel")

    answer = visitor.get(f"/how-we-deal-with-complaints/leaflet/{size}.pdf")

    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert answer["Content-Type"] == "application/pdf"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].lower().startswith("en")
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert set(times_in(words)) == set(times_of(shipped_terms("first-ark-panel")))
    assert "0800 000 0000" in words


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["standard", "large-print"])
def test_the_form_on_paper_is_a_tagged_pdf_that_asks_what_the_page_asks(visitor, size):
    Landlord.objects.update(address="1 Quay Street\nHarbourside")
    CategoryFactory(code="lifts", name="Lifts")
    page = visitor.get("/let-us-know/paper/")

    answer = visitor.get(f"/let-us-know/paper/{size}.pdf")

    assert f"/let-us-know/paper/{size}.pdf" in page.content.decode()
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    told = "".join("".join(page.extract_text() for page in reader.pages).split())
    asked = [each for section in page.context["sections"] for each in section.questions]
    boxes = [str(box) for each in asked for box in each.boxes]
    assert "Lifts" in boxes
    for words in [*(each.words for each in asked), *boxes, "1 Quay Street, Harbourside"]:
        assert "".join(words.split()) in told, words


@pytest.mark.django_db
def test_the_form_on_paper_has_no_other_sizes(visitor):
    assert visitor.get("/let-us-know/paper/tiny.pdf").status_code == 404


@pytest.mark.django_db
def test_the_leaflet_is_set_anew_when_something_in_it_changes(visitor):
    path = "/how-we-deal-with-complaints/leaflet/standard.pdf"
    first = visitor.get(path).content
    assert visitor.get(path).content == first

    Landlord.objects.update(telephone="01632 960 777")

    assert visitor.get(path).content != first
    assert visitor.get("/how-we-deal-with-complaints/leaflet/tiny.pdf").status_code == 404


@pytest.mark.django_db
def test_formats_and_languages_are_those_in_which_letters_are_made(visitor):
    page = visitor.get("/formats-and-languages/").content.decode()

    assert "Large print" in page
    assert 'lang="ar" dir="rtl"' in page


@pytest.mark.django_db
def test_information_is_read_with_few_queries(visitor, django_assert_max_num_queries):
    visitor.get("/how-we-deal-with-complaints/")
    with django_assert_max_num_queries(4):
        visitor.get("/how-we-deal-with-complaints/")


@pytest.mark.django_db
@pytest.mark.one_database
def test_privacy_and_accessibility_say_what_is_the_landlords_own_and_whom_to_turn_to(
    visitor, house, sign_in
):
    administrator = sign_in(Role.SYSTEM_ADMINISTRATOR)
    before = " ".join(visitor.get("/let-us-know/privacy/").content.decode().split())
    own = {
        "privacy_contact": "Data protection officer\n01632 960 444",
        "privacy_basis": "Our duty under the Complaint Handling Code",
        "kept_for": "Six years after a complaint is closed.",
        "privacy_notice": "https://landlord.example/privacy",
        "accessibility_contact": "The web team answers within 5 days",
        "accessibility_limits": "Old tenancy films have no captions",
    }
    for refused in (f"https://landlord.example/{'a' * 200}", "ftp://landlord.example/privacy"):
        answer = administrator.post(
            "/settings/landlord/notices/", {**own, "privacy_notice": refused, "seen": "0"}
        )
        assert answer.status_code == 422
        assert refused in answer.content.decode()
    day = {f"accessibility_looked_at_on_{part}": n for part, n in (("day", 1), ("month", 6))}

    administrator.post(
        "/settings/landlord/notices/",
        {**own, **day, "accessibility_looked_at_on_year": 2026, "seen": "0"},
    )

    privacy = " ".join(visitor.get("/let-us-know/privacy/").content.decode().split())
    use = " ".join(visitor.get("/let-us-know/accessibility/").content.decode().split())
    assert "Ask us, and we tell you how long that is." in before
    assert "Data protection officer<br>01632 960 444" in privacy
    for told in (own["privacy_basis"], own["kept_for"], own["privacy_notice"]):
        assert told in privacy
    assert "complain to the Information Commissioner" in privacy
    for told in (own["accessibility_contact"], own["accessibility_limits"], "on 1 June 2026"):
        assert told in use
    assert "Equality and Human Rights Commission" in use
    # Only what answers a question of ours goes unseen: elsewhere each file is shown before.
    assert "Files with which you answer a question of ours cannot be looked at" in use
    assert "where you follow your complaint" not in use
    Landlord.objects.update(nation="northern-ireland")
    assert "Equality Commission for Northern Ireland" in (
        visitor.get("/let-us-know/accessibility/").content.decode()
    )
