"""The self-assessment: what the record shows, who writes it, freezing, and what everybody reads."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Representative, SettingsChange
from cases.rules.roles import Role
from cases.tests.fixtures import at
from reporting.models import ProvisionAnswer, SelfAssessment
from reporting.operations.assessments import begin_assessment, freeze_assessment
from reporting.rules.code_provisions import the_code
from reporting.rules.evidence import NO_FIGURE, WITHOUT, evidence_for
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.assessments import facts_of
from reporting.tests.measured_year import acknowledged, lodged, the_year

TODAY = date(2026, 3, 2)
YEAR = ReportingYear(2025)
WRITER = Role.EXECUTIVE_SUPPORT_MANAGER
LIST = "/self-assessment/"
PAGE = "/self-assessment/2025-26/1/"
PUBLIC = "/how-we-keep-to-the-code/"


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(TODAY), tick=False):
        yield


def browse(person=None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def words(answer) -> str:
    return answer.content.decode()


def answer_all(complies: str = "yes") -> None:
    ProvisionAnswer.objects.update(complies=complies, comment="See our policy.")


# What the record shows --------------------------------------------------------------------------


@pytest.mark.one_database
def test_every_provision_of_the_code_is_there_once_and_in_order():
    numbers = [each.number for section in the_code().sections for each in section.provisions]

    assert len(numbers) == len(set(numbers)) == 72
    assert numbers == sorted(numbers, key=lambda each: [int(part) for part in each.split(".")])


@pytest.mark.django_db
def test_the_record_shows_what_it_can_of_each_provision(house):
    the_year(house)

    found = evidence_for(the_code(), facts_of(YEAR, today=date(2026, 6, 17)))

    # Everybody may come to read it: small numbers are told as few.
    few = "fewer than 5"
    # Of 17 at stage 1 one was withdrawn before anybody had to write; one was forgotten, one late.
    heard = "Acknowledged, or answered at once, within 5 working days at stage"
    assert found["6.2"] == [f"{heard} 1: 14 of 16 (87.5%)."]
    # Three of them were withdrawn.
    assert found["6.3"][0] == "Answered within the Code’s time at stage 1: 6 of 14 (42.9%)."
    assert found["6.4"][0].startswith(f"Validly extended at stage 1: {few}.")
    assert found["6.4"][1] == f"With an extension that was not valid at stage 1: {few}."
    assert found["6.10"] == [f"Complaints that came to stage 2: {few}."]
    assert found["2.1"][0] == (
        f"Not accepted, {WITHOUT}: {few}, on these grounds: another reason not shown."
    )
    assert found["4.3"] == [NO_FIGURE]
    assert all(found.values())


@pytest.mark.django_db
def test_where_the_procedure_departs_from_the_code_the_provision_says_so(house):
    house.run("herefordshire")

    found = evidence_for(the_code(), facts_of(YEAR, today=TODAY))

    assert found["5.3"][0].startswith("The procedure departs here: ")


# Writing it -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_written_frozen_and_published_and_then_everybody_reads_it(house):
    acknowledged(house)
    writer = browse(house[WRITER])
    assert "We have not published it here yet" in words(browse().get(PUBLIC))

    begun = writer.post(LIST, {"year": "2025-26"})
    assert begun["Location"] == PAGE
    answer = {"complies": "no", "comment": "From 1 June we will."}
    writer.post(f"{PAGE}6-2/", answer)
    assert "From 1 June we will." in words(writer.get(PAGE))

    refused = writer.post(PAGE, {"do": "freeze"}, follow=True)
    assert "71 provisions have no answer yet, the first is 1.2." in words(refused)
    ProvisionAnswer.objects.filter(complies="").update(complies="yes")
    writer.post(PAGE, {"do": "freeze"})
    assert "From 1 June" not in words(browse().get(PUBLIC))
    writer.post(PAGE, {"do": "publish"})

    shown = words(browse().get(PUBLIC))
    assert "From 1 June we will." in shown
    assert shown.count("We do not keep to this yet.") == 1
    assert "within 5 working days at stage 1: of fewer than 5 no share is told." in shown
    assert "Nid ydym yn cadw at hyn eto." in words(browse().get(f"/cy{PUBLIC}"))


@pytest.mark.django_db
def test_in_june_the_year_that_is_over_is_assessed_and_any_other_that_is_measured(house):
    with time_machine.travel(at(date(2026, 6, 10)), tick=False):
        writer = browse(house[WRITER])
        assert "Begin one for 2025-26" in words(writer.get(LIST))
        assert writer.post(LIST)["Location"] == PAGE
        SelfAssessment.objects.update(frozen_on=TODAY, frozen_by=house[WRITER])
        now = writer.post(LIST, {"year": "2026-27"})

        assert now["Location"] == "/self-assessment/2026-27/1/"
        for year in ("2027-28", "2023-24", "next"):
            assert writer.post(LIST, {"year": year}).status_code == 404


@pytest.mark.django_db
def test_who_answered_what_is_kept_and_nobody_overwrites_what_they_have_not_seen(house):
    writer, other = browse(house[WRITER]), browse(house[Role.COMPLAINTS_COORDINATOR])
    writer.post(LIST, {"year": "2025-26"})
    address = f"{PAGE}6-2/"
    writer.post(address, {"complies": "no", "comment": "From 1 June.", "seen": "0"})

    answer = other.post(address, {"complies": "yes", "comment": "It is done.", "seen": "0"})

    assert answer.status_code == 422
    assert "changed this after you opened the page" in words(answer)
    assert "It is done." in words(answer)
    assert ProvisionAnswer.objects.get(provision="6.2").comment == "From 1 June."
    seen = re.search(r'name="seen" value="(\d+)"', words(answer))[1]
    other.post(address, {"complies": "yes", "comment": "It is done.", "seen": seen})
    told = SettingsChange.objects.filter(key="assessment-2025-26-1-6.2").order_by("pk")
    assert [(each.by, each.changes[0]) for each in told] == [
        (house[WRITER], ["Kept to", "", "No"]),
        (house[Role.COMPLAINTS_COORDINATOR], ["Kept to", "No", "Yes"]),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tags", "told"), [([], "in English, and"), (["cy", "ar"], "in English, Welsh and Arabic, and")]
)
def test_the_evidence_names_the_languages_that_are_switched_on(house, settings, tags, told):
    settings.PUBLIC_LANGUAGES = tags

    assert told in evidence_for(the_code(), facts_of(YEAR, today=TODAY))["3.4"][0]


@pytest.mark.django_db
def test_the_page_of_a_provision_looks_up_nothing_but_what_it_shows(house):
    writer = browse(house[WRITER])
    writer.post(LIST, {"year": "2025-26"})

    with CaptureQueriesContext(connection) as queries:
        page = writer.get(f"{PAGE}6-9/")

    assert "Letters made in the year: 0." in words(page)
    asked = [each["sql"] for each in queries]
    assert sum("cases_letter" in each for each in asked) == 1
    assert not any("cases_recordedevent" in each for each in asked)


@pytest.mark.django_db
def test_whoever_only_claims_to_speak_for_a_customer_is_not_counted(house):
    settled = {"authority_on": TODAY, "established_by": "own_contact"}
    for authority, more in (("claimed", {}), ("confirmed", settled), ("confirmed", settled)):
        Representative.objects.create(
            complaint=lodged(house), name="Ada", authority=authority, **more
        )

    assert facts_of(YEAR, today=TODAY).count("representatives") == 2


@pytest.mark.django_db
def test_what_is_frozen_keeps_its_evidence_and_its_answers(house):
    writer = house[WRITER]
    begun = begin_assessment(year=YEAR, by=house[WRITER], now=at(TODAY))
    answer_all()
    shown = evidence_for(the_code(), facts_of(YEAR, today=TODAY))
    freeze_assessment(assessment_id=begun.pk, evidence=shown, by=writer, now=at(TODAY))
    lodged(house)

    answer = browse(writer).post(f"{PAGE}6-2/", {"complies": "no", "comment": "Later."})

    assert answer.status_code == 422
    assert "It is frozen" in words(answer)
    assert "Received: 0." in words(browse(writer).get(PAGE))


@pytest.mark.django_db
def test_the_next_one_goes_on_from_the_answers_of_the_last(house):
    writer = browse(house[WRITER])
    writer.post(LIST, {"year": "2025-26"})
    again = writer.post(LIST, {"year": "2025-26"}, follow=True)
    assert "One is being written already" in words(again)
    answer_all()
    writer.post(PAGE, {"do": "freeze"})

    begun = writer.post(LIST, {"year": "2025-26"})

    assert begun["Location"] == "/self-assessment/2025-26/2/"
    assert "72 of 72 provisions have an answer." in words(writer.get(begun["Location"]))


@pytest.mark.one_database
@pytest.mark.django_db
def test_no_is_not_enough_without_why_and_by_when(house):
    writer = browse(house[WRITER])
    writer.post(LIST, {"year": "2025-26"})

    answer = writer.post(f"{PAGE}6-2/", {"complies": "no", "comment": " "})

    assert answer.status_code == 422
    assert "Say why not, and by which day you will." in words(answer)
    assert re.search(r'value="no"[^>]*checked', words(answer))


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.MEMBER_RESPONSIBLE, Role.DIRECTOR])
def test_others_read_it_and_write_nothing(house, role):
    begin_assessment(year=YEAR, by=house[WRITER], now=at(TODAY))
    reader = browse(house[role])

    assert reader.get(PAGE).status_code == 200
    assert 'name="do"' not in words(reader.get(PAGE))
    assert 'name="do"' in words(browse(house[WRITER]).get(PAGE))
    assert "Answer 6.2" not in words(reader.get(PAGE))
    assert reader.post(PAGE, {"do": "freeze"}).status_code == 403
    assert reader.post(LIST).status_code == 403
    assert reader.get(f"{PAGE}6-2/").status_code == 403
    assert SelfAssessment.objects.get().frozen_on is None


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["9-9/", "6/"])
def test_a_provision_that_there_is_not_is_no_page(house, path):
    begin_assessment(year=YEAR, by=house[WRITER], now=at(TODAY))

    assert browse(house[WRITER]).get(f"{PAGE}{path}").status_code == 404
    assert browse(house[WRITER]).post(PAGE, {"do": "lose"}).status_code == 404
    address = reverse("reporting:assessment", args=[YEAR, 7])
    assert browse(house[WRITER]).get(address).status_code == 404
