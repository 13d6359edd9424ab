"""Surveys: who is asked and how, that answers lead to nobody, and what is shown of few people."""

import io
from datetime import date, timedelta

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Complaint, Landlord, Level, OutboundMessage
from cases.rules.blocks import plain_lines
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory, UserFactory
from feedback.forms.surveys import SurveyForm
from feedback.models import EqualityCount, SurveyAnswer, SurveyRequest, SurveyRound
from feedback.operations import survey_letters
from feedback.operations.surveys import ask_after_closing, begin_round, part_answers
from feedback.rules.survey_letters import heard_blocks, paper_blocks
from feedback.rules.surveys import (
    CHARACTERISTICS,
    FEWEST,
    QUESTIONS,
    SCORES,
    shown_counts,
    shown_scores,
    six_months_before,
    spans_told,
)
from feedback.selectors.surveys import equality_found, found_since
from feedback.tests.conftest import NOW

pytestmark = pytest.mark.django_db
COORDINATOR = Role.COMPLAINTS_COORDINATOR
DAYS = {"first_day": date(2025, 12, 1), "last_day": date(2026, 5, 31)}
BY_EMAIL = {"preferred_channel": "email", "email": "sam@example.org"}


def asked_about(house, **customer) -> SurveyRequest:
    """Return the request to a customer like that, in the round of the six months before."""
    house.lodge(on=date(2026, 3, 2), customer=CustomerFactory(**customer))
    begun = begin_round(**DAYS, by=house[COORDINATOR], now=NOW)
    return begun.requests.get()


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.rule("HH-34")
def test_everybody_whose_complaint_was_recorded_in_the_six_months_before_is_asked(house, sign_in):
    inside = [house.lodge(on=day) for day in (DAYS["first_day"], DAYS["last_day"])]
    for day in (date(2025, 11, 30), date(2026, 6, 1)):
        house.lodge(on=day)
    # Asked with the rest, but not counted for whoever may not know of it.
    inside.append(house.lodge(on=DAYS["last_day"], level=Level.RESTRICTED))
    coordinator = sign_in(COORDINATOR)
    page = coordinator.get("/surveys/round/").content.decode()
    assert 'value="2025"' in page
    days = {"first_day": (1, 12, 2025), "last_day": (31, 5, 2026)}
    typed = {
        f"{name}_{box}": number
        for name, numbers in days.items()
        for box, number in zip(("day", "month", "year"), numbers, strict=True)
    }

    counted = coordinator.post("/surveys/round/", {**typed, "count": "yes"})
    assert (counted.status_code, SurveyRound.objects.count()) == (200, 0)
    assert "Nobody is asked yet" in counted.content.decode()
    assert sum(number for _, number in counted.context["would_ask"]) == len(inside) - 1
    answer = coordinator.post("/surveys/round/", typed)

    assert answer.status_code == 302, words(answer)
    asked = SurveyRound.objects.get().requests.values_list("complaint", flat=True)
    assert sorted(asked) == sorted(each.pk for each in inside)
    assert coordinator.post("/surveys/round/", typed).status_code == 422


def test_who_complained_twice_is_asked_once_and_soon_after_not_again(house, sign_in):
    customer = CustomerFactory(**BY_EMAIL)
    for day in (date(2026, 3, 2), date(2026, 4, 7)):
        house.lodge(on=day, customer=customer)
    begun = begin_round(**DAYS, by=house[COORDINATOR], now=NOW)
    assert begun.requests.get().complaint.received_on == date(2026, 4, 7)

    sign_in(COORDINATOR).post("/surveys/after-closing/", {"on": "yes"})
    closed = {"is_open": False, "closed_on": NOW.date(), "closed_as": "closed"}
    Complaint.objects.update(status="closed", **closed)
    assert ask_after_closing(now=NOW + timedelta(days=3)) == 0


@pytest.mark.one_database
def test_the_six_months_before_are_whole_months():
    assert six_months_before(date(2026, 6, 10)) == (date(2025, 12, 1), date(2026, 5, 31))
    assert six_months_before(date(2026, 1, 1)) == (date(2025, 7, 1), date(2025, 12, 31))


@pytest.mark.promise("P18")
@pytest.mark.parametrize(
    ("customer", "way"),
    [
        (BY_EMAIL, "email"),
        ({**BY_EMAIL, "email_unsafe": True}, "post"),
        ({**BY_EMAIL, "email_unsafe": True, "post_unsafe": True, "phone": "0151 1"}, "phone"),
        (
            {**BY_EMAIL, "email_unsafe": True, "post_unsafe": True, "phone_unsafe": True},
            "none",
        ),
    ],
    ids=["e-mail", "letter", "telephone", "no way"],
)
def test_nobody_is_asked_in_a_way_that_is_not_safe(house, customer, way):
    house.lodge(on=date(2026, 3, 2))
    house.lodge(on=date(2026, 3, 2), customer=CustomerFactory(**customer))

    begin_round(**DAYS, by=house[COORDINATOR], now=NOW)

    assert SurveyRequest.objects.latest("pk").way == way
    sent = OutboundMessage.objects.filter(kind="survey", to_address="sam@example.org")
    assert sent.count() == (way == "email")


@pytest.mark.promise("P24")
def test_the_email_tells_whoever_sees_it_nothing(house):
    request = asked_about(house, name="Sam Hill", **BY_EMAIL)

    told = f"{request.message.subject} {request.message.body}".lower()

    assert f"/survey/{request.code}/".lower() in told
    for word in ("complain", "lift", "sam hill"):
        assert word not in told


def test_after_a_closure_a_customer_is_asked_once_and_only_once_it_is_switched_on(house, sign_in):
    complaint = house.lodge(on=date(2026, 6, 1), customer=CustomerFactory(**BY_EMAIL))
    closed = {"is_open": False, "closed_on": NOW.date(), "closed_as": "closed"}
    later = NOW + timedelta(days=3)
    Complaint.objects.filter(pk=complaint.pk).update(status="closed", **closed)
    assert ask_after_closing(now=later) == 0

    sign_in(COORDINATOR).post("/surveys/after-closing/", {"on": "yes"})

    assert Landlord.objects.get().surveys_since == NOW.date()
    assert ask_after_closing(now=NOW) == 0
    assert [ask_after_closing(now=later) for _ in range(2)] == [1, 0]


def test_looking_uses_nothing_up_and_an_answer_closes_the_survey(visitor, house):
    path = f"/survey/{asked_about(house).code}/"
    assert [visitor.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert visitor.post(path, {"easy": "4"}).status_code == 422

    answer = visitor.post(path, {"overall": "4", "words": "Quick and kind."})

    assert answer["Location"] == "/survey/thanks/"
    assert visitor.get(path).status_code == 404
    assert visitor.get(path).content == visitor.get("/survey/KX7M-2QPD-6/").content
    assert SurveyAnswer.objects.count() == 1


def test_what_was_typed_is_kept_when_the_page_was_open_too_long(visitor, house):
    page = f"/survey/{asked_about(house).code}/"
    visitor.client.handler.enforce_csrf_checks = True

    answer = visitor.client.post(page, {"overall": "4", "words": "Nobody rang me back."})

    assert answer.status_code == 403
    assert "Nobody rang me back." in words(answer)
    assert "nothing was sent" in words(answer)
    assert not SurveyAnswer.objects.exists()


def test_an_old_survey_is_closed(visitor, house):
    request = asked_about(house)
    SurveyRequest.objects.update(asked_at=NOW - timedelta(days=91))

    assert visitor.post(f"/survey/{request.code}/", {"overall": "4"}).status_code == 404
    assert not SurveyAnswer.objects.exists()


def test_an_answer_leads_to_nobody_unless_the_customer_says_that_it_may(visitor, house):
    request = asked_about(house)
    visitor.post(f"/survey/{request.code}/", {"overall": "2", "about_age": "25_44"})

    answer = SurveyAnswer.objects.values().get()
    assert answer["complaint_id"] is None
    assert answer["month"] == date(2026, 6, 1)
    request.refresh_from_db()
    changed = {f.name: getattr(request, f.attname) for f in request._meta.concrete_fields}
    assert NOW not in [value for name, value in changed.items() if name != "asked_at"]

    other = house.lodge(on=date(2026, 3, 3))
    mine = SurveyRequest.objects.create(complaint=other, way="post", asked_at=NOW)
    visitor.post(f"/survey/{mine.code}/", {"overall": "5", "may_connect": "on"})
    assert SurveyAnswer.objects.get(overall=5).complaint == other


def kept_with(complaint, *, overall=2, month=6, **more) -> SurveyAnswer:
    """Return an answer that its customer let us keep with their complaint."""
    months = {"month": date(2026, month, 1), "way": "email"}
    return SurveyAnswer.objects.create(complaint=complaint, overall=overall, **months, **more)


@pytest.mark.rule("HH-34")
def test_what_a_customer_lets_us_keep_stands_on_the_page_of_their_complaint(house, sign_in):
    complaint = house.lodge(on=date(2026, 3, 2))
    other = house.lodge(on=date(2026, 3, 3))
    kept_with(complaint, listened=1, words="Nobody <b>listened</b>.")
    kept_with(complaint, overall=5, month=7)
    kept_with(other, overall=4, words="Of another complaint.")

    page = words(sign_in(COORDINATOR).get(complaint.get_absolute_url()))

    assert "June 2026: fairly dissatisfied, taking everything together" in page
    assert f"{QUESTIONS['listened']} Very dissatisfied" in page
    assert QUESTIONS["easy"] not in page
    assert "Nobody &lt;b&gt;listened&lt;/b&gt;." in page
    assert page.index("July 2026: very satisfied") < page.index("June 2026: fairly dissatisfied")
    assert "Of another complaint." not in page


def test_answers_with_complaints_cost_their_page_no_query_more(
    house, sign_in, django_assert_num_queries
):
    complaint = house.lodge(on=date(2026, 3, 2))
    coordinator = sign_in(COORDINATOR)
    coordinator.get(complaint.get_absolute_url())
    with CaptureQueriesContext(connection) as without:
        coordinator.get(complaint.get_absolute_url())
    for month in range(1, 7):
        kept_with(complaint, month=month)

    with django_assert_num_queries(len(without)):
        coordinator.get(complaint.get_absolute_url())


@pytest.mark.rule("HH-34")
def test_answers_with_a_name_are_listed_for_whoever_may_read_their_complaints(house, sign_in):
    seen = house.lodge(on=date(2026, 3, 2))
    hidden = house.lodge(on=date(2026, 3, 3), level=Level.RESTRICTED)
    kept_with(seen, words="The plumber was kind.", easy=5)
    kept_with(hidden, words="He shouted at me.")
    SurveyAnswer.objects.create(month=date(2026, 6, 1), way="email", overall=1, words="Nameless.")

    coordinator = sign_in(COORDINATOR)
    page = words(coordinator.get("/surveys/named/"))

    assert seen.reference in page
    assert seen.customer.name in page
    assert "June 2026: <strong>Fairly dissatisfied</strong>" in page
    assert f"{QUESTIONS['easy']} Very satisfied" in page
    assert "The plumber was kind." in page
    for absent in (hidden.reference, "He shouted", "Nameless"):
        assert absent not in page
    assert "/surveys/named/" in words(coordinator.get("/surveys/"))


def test_where_nobody_gave_their_name_the_list_says_so(sign_in):
    assert "Nobody let us keep" in words(sign_in(COORDINATOR).get("/surveys/named/"))


def test_nobody_works_out_one_answer_by_taking_the_named_from_the_numbers(house):
    complaint = house.lodge(on=date(2026, 1, 2))
    for _ in range(4):
        kept_with(complaint, overall=5, month=3)
    given_in(3, [2])
    assert found_since(date(2026, 1, 1), today=date(2026, 6, 9)).answered == 0

    # With four more who gave no name there are five to hide among; four named ones are few still.
    given_in(3, [2] * 4)
    found = found_since(date(2026, 1, 1), today=date(2026, 6, 9))
    assert (found.answered, found.questions[0].satisfied) == (9, None)
    assert found.questions[0].counts[0] is None

    kept_with(complaint, overall=5, month=3)
    found = found_since(date(2026, 1, 1), today=date(2026, 6, 9))
    assert found.questions[0].counts == (5, 0, 0, 5, 0)
    assert found.questions[0].satisfied == 50


def test_a_number_that_few_made_up_is_hidden_though_they_gave_their_names(house):
    given_in(3, [5] * 5 + [4] * 5)
    kept_with(house.lodge(on=date(2026, 1, 2)), overall=2, month=3)

    found = found_since(date(2026, 1, 1), today=date(2026, 6, 9))

    assert found.answered == 11
    assert found.questions[0].counts[3] is None
    assert found.questions[0].satisfied is None


def test_what_people_tell_of_themselves_is_counted_and_kept_with_nothing(visitor, house):
    asked_about(house)
    told = {"overall": "5", "about_sex": "female", "about_race": "prefer_not", "about_age": ""}
    visitor.post(f"/survey/{SurveyRequest.objects.get().code}/", told)

    rows = EqualityCount.objects.values_list("half_year", "characteristic", "answer", "number")
    assert set(rows) == {
        (date(2026, 1, 1), "sex", "female", 1),
        (date(2026, 1, 1), "race", "prefer_not", 1),
    }
    kinds = {field.get_internal_type() for field in EqualityCount._meta.concrete_fields}
    assert "ForeignKey" not in kinds
    assert "DateTimeField" not in kinds


@pytest.mark.parametrize("score", ["1", "5"])
def test_everybody_is_told_how_to_complain_and_no_address_says_who_is_dissatisfied(
    visitor, house, score
):
    answer = visitor.post(f"/survey/{asked_about(house).code}/", {"overall": score})

    assert answer["Location"] == "/survey/thanks/"
    assert "If you are not satisfied, you can complain" in words(visitor.answer_to(answer))
    assert not Complaint.objects.exclude(received_on=date(2026, 3, 2)).exists()


def test_a_colleague_enters_what_came_back_on_paper(house, sign_in):
    request = asked_about(house, preferred_channel="post", address="1 Quay Street")
    coordinator = sign_in(COORDINATOR)
    page = words(coordinator.get("/surveys/"))
    assert request.code in page

    pdf = coordinator.get("/surveys/letters/")
    text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(pdf.content)).pages)
    assert request.code in text
    assert "complaint, and you can always make" in " ".join(text.split())

    coordinator.post("/surveys/letters/", {"code": [request.code]})
    found = coordinator.post("/surveys/find/", {"code": request.code.lower().replace("-", " ")})
    assert found["Location"] == f"/surveys/{request.code}/"
    coordinator.post(found["Location"], {"overall": "1", "words": "Nobody rang."})

    request.refresh_from_db()
    assert request.posted_on == NOW.date()
    assert SurveyAnswer.objects.get().way == "post"
    page = words(coordinator.get("/surveys/"))
    assert "The customer is dissatisfied" in page
    assert "1 were asked. No answers can be shown yet." in page
    assert "Nobody rang." not in page
    wrong = coordinator.post("/surveys/find/", {"code": request.code})
    assert wrong.status_code == 422


def test_a_survey_about_a_hidden_complaint_is_shown_to_nobody_who_may_not_read_it(house, sign_in):
    request = asked_about(house, name="Quill Feather", address="1 Quay Street")
    shut_out = UserFactory(name="Second", roles=[COORDINATOR])
    request.complaint.exclusions.create(user=shut_out, reason="subject")
    coordinator = sign_in(shut_out)

    assert "Quill Feather" not in words(coordinator.get("/surveys/"))
    assert coordinator.get(f"/surveys/{request.code}/").status_code == 404
    assert coordinator.get("/surveys/letters/").status_code == 404


def test_those_who_read_figures_read_no_names_and_ask_nobody(house, sign_in):
    asked_about(house, name="Quill Feather", address="1 Quay Street")
    manager = sign_in(Role.EXECUTIVE_SUPPORT_MANAGER)

    page = words(manager.get("/surveys/"))

    assert "1 were asked. No answers can be shown yet." in page
    assert "Quill Feather" not in page
    assert manager.post("/surveys/after-closing/", {"on": "yes"}).status_code == 403


def test_the_page_asks_the_same_few_questions_however_much_there_is(
    house, sign_in, django_assert_max_num_queries
):
    asked_about(house)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            month=date(2026, n % 5 + 1, 1), way="email", overall=n % 5 + 1, words=f"So {n}"
        )
        for n in range(80)
    )
    coordinator = sign_in(COORDINATOR)
    coordinator.get("/surveys/")
    with django_assert_max_num_queries(20):
        assert "58 %" not in words(coordinator.get("/surveys/"))


def given_in(month: int, scores: list[int], **more) -> None:
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(month=date(2026, month, 1), way="email", overall=score, **more)
        for score in scores
    )


def told_on(day: date) -> tuple:
    """Return what the page tells on a day."""
    found = found_since(date(2025, 7, 1), today=day)
    return found.answered, found.questions[0].counts, found.words


@pytest.mark.promise("P18")
def test_no_two_days_compared_show_what_few_people_answered(house):
    given_in(4, [5, 5, 4, 4], words="Fine.")
    june, july, august = (date(2026, month, 10) for month in (6, 7, 8))
    assert told_on(june) == (0, (None,) * 5, ())

    given_in(5, [1], words="Poor.")
    asked = told_on(june)
    assert asked == (5, (None, None, 0, 0, None), ("Fine.",) * 4 + ("Poor.",))
    assert found_since(date(2025, 7, 1), today=june).questions[1].counts == (None,) * 5

    given_in(6, [1], words="Late.")
    assert told_on(june) == told_on(july) == asked

    given_in(7, [3] * 4)
    assert told_on(july) == asked
    assert told_on(august)[:2] == (10, (None, None, None, 0, None))


def test_answers_of_a_survey_of_some_months_do_not_make_up_the_number_of_others(house):
    given_in(4, [5] * 7, round=asked_about(house).round)
    given_in(4, [1])

    assert told_on(date(2026, 6, 10))[0] == 7


def test_what_people_tell_of_themselves_is_shown_once_the_half_year_has_ended(house):
    for half_year, number in ((date(2026, 1, 1), 9), (date(2025, 7, 1), 8), (date(2025, 1, 1), 7)):
        EqualityCount.objects.create(
            half_year=half_year, characteristic="sex", answer="female", number=number
        )

    assert dict(equality_found(today=date(2026, 6, 30))[0].answers)["Female"] == 15
    assert dict(equality_found(today=date(2026, 7, 1))[0].answers)["Female"] == 17


months = st.dictionaries(
    st.dates(date(2025, 1, 1), date(2026, 12, 1)).map(lambda day: day.replace(day=1)),
    st.integers(1, 9),
)


@pytest.mark.one_database
@given(answers=months, later=st.integers(1, 30))
def test_every_span_of_months_has_enough_answers_and_none_is_moved_by_later_ones(answers, later):
    spans = spans_told(answers)

    for first, last in spans:
        within = [number for month, number in answers.items() if first <= month <= last]
        assert sum(within) >= FEWEST
    assert spans_told({**answers, date(2027, 1, 1): later})[: len(spans)] == spans


counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1)


@pytest.mark.one_database
@given(counts=counts)
def test_no_number_of_few_people_is_shown_nor_can_be_worked_out(counts):
    shown = shown_counts(counts)

    assert shown.keys() == counts.keys()
    assert not any(each is not None and 0 < each < FEWEST for each in shown.values())
    hidden = [name for name, each in shown.items() if each is None]
    given = [name for name, each in counts.items() if each]
    if not hidden or len(hidden) == len(counts):
        return
    assert len(hidden) > 1
    assert all(counts[name] > 0 for name in hidden)
    assert sum(counts[name] for name in hidden) >= FEWEST
    assert len(given) >= len(hidden)


@pytest.mark.one_database
@given(counts=st.fixed_dictionaries({score: st.integers(0, 12) for score in SCORES}))
def test_nobody_works_out_few_people_from_the_answers_shown_and_the_share(counts):
    shown, share = shown_scores(counts)

    groups = [{4, 5}, {1, 2, 3}] if share is not None else [set(SCORES)]
    for group in groups:
        together = sum(counts[score] for score in group)
        hidden = [score for score in group if shown[score] is None]
        assert share is None or together == 0 or together >= FEWEST
        # What is known of those hidden: how many they are together, and that each is somebody.
        spare = sum(counts[score] for score in hidden) - len(hidden)
        is_everything = len(hidden) == len(group)
        assert not hidden or is_everything or (len(hidden) > 1 and spare > 0)
    assert not any(number is not None and 0 < number < FEWEST for number in shown.values())


def test_what_one_survey_hides_is_not_given_away_by_all_together(house):
    given_in(3, [5] * 8 + [4] * 9 + [2] * 6 + [1] * 6)
    given_in(4, [5] * 8 + [4] * 9 + [2] * 2 + [1] * 6, round=asked_about(house).round)

    every = found_since(date(2025, 7, 1), today=date(2026, 6, 10)).questions[0]
    alone = found_since(
        date(2025, 7, 1), today=date(2026, 6, 10), round_=SurveyRound.objects.get()
    ).questions[0]

    assert alone.counts == (8, 9, 0, None, None)
    assert every.counts == (16, 18, 0, None, None)
    assert (alone.satisfied, every.satisfied) == (68, 63)


def test_every_night_the_rows_of_surveys_are_written_together(visitor, house):
    for day in (2, 3):
        house.lodge(on=date(2026, 3, day), customer=CustomerFactory())
    begun = begin_round(**DAYS, by=house[COORDINATOR], now=NOW)
    for request in begun.requests.all():
        visitor.post(f"/survey/{request.code}/", {"overall": "4", "about_sex": "female"})

    assert len(written_together()) > 1 or connection.vendor != "postgresql"
    before = list(SurveyAnswer.objects.order_by("pk").values())

    assert part_answers(now=NOW) == 2 + 2 + 1

    assert list(SurveyAnswer.objects.order_by("pk").values()) == before
    assert EqualityCount.objects.get().number == 2
    if connection.vendor == "postgresql":
        assert len(written_together()) == 1


def written_together() -> set[str]:
    """Return which transactions wrote the rows of surveys, as PostgreSQL keeps it."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xmin::text FROM feedback_surveyanswer UNION SELECT xmin::text FROM"
            " feedback_equalitycount UNION SELECT xmin::text FROM feedback_surveyrequest"
            " WHERE is_answered"
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.one_database
def test_a_survey_on_paper_asks_everything_that_the_one_on_the_web_asks():
    on_paper = " ".join(str(block) for block in paper_blocks(code="A", address="b", telephone=""))

    for field in SurveyForm().fields.values():
        if str(field.label) != "Is there anything else you want to tell us?":
            assert str(field.label) in on_paper
    assert on_paper.count("Prefer not to say") == len(CHARACTERISTICS)


@pytest.mark.rule("HH-27")
@pytest.mark.rule("HH-34")
@pytest.mark.one_database
def test_a_survey_on_paper_comes_in_the_format_that_its_reader_needs(house, sign_in):
    for needed in ("easy_read", "braille", "audio"):
        customer = CustomerFactory(letter_format=needed, email="")
        house.lodge(on=date(2026, 3, 2), customer=customer)
    begun = begin_round(**DAYS, by=house[COORDINATOR], now=NOW)
    code = {each.complaint.customer.letter_format: each.code for each in begun.requests.all()}
    coordinator = sign_in(COORDINATOR)

    pdf = coordinator.get("/surveys/letters/")
    apart = {
        needed: coordinator.get(f"/surveys/letters/?code={code[needed]}")
        for needed in ("braille", "audio")
    }

    pages = [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(pdf.content)).pages]
    text = " ".join(" ".join(pages).split())
    assert "We ask you 5 questions. You say how happy you are." in text
    assert code["easy_read"] in text
    assert code["braille"] not in text
    assert code["audio"] not in text
    assert apart["braille"]["Content-Type"] == "application/x-brf"
    assert apart["audio"]["Content-Type"].startswith("audio/")
    assert coordinator.get(f"/surveys/letters/?code={code['easy_read']}").status_code == 404
    assert f"?code={code['braille']}" in words(coordinator.get("/surveys/"))


@pytest.mark.one_database
@pytest.mark.rule("HH-34")
def test_whoever_listens_to_a_survey_hears_every_question_and_no_lines_to_write_on():
    told = "\n".join(plain_lines(heard_blocks(code="AAAA", address="https://x", telephone="01")))

    assert all(question in told for question in QUESTIONS.values())
    assert "Very dissatisfied" in told
    assert all(each.question in told for each in CHARACTERISTICS.values())
    assert all(
        answer in told for each in CHARACTERISTICS.values() for answer in each.answers.values()
    )
    assert "prefer not to say" in told
    assert "keep your answers with your name" in told
    assert "_" not in told
    assert "[" not in told


IN_ENGLISH = "We are sorry: this one is in English. Please ask us to explain it in Polish: 0800 555"


def letters_of(coordinator) -> str:
    """Return the survey letters to print, as text."""
    pdf = coordinator.get("/surveys/letters/")
    pages = [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(pdf.content)).pages]
    return " ".join(" ".join(pages).split())


@pytest.mark.rule("HH-27")
@pytest.mark.parametrize("letter_format", ["standard", "easy_read"])
def test_a_letter_says_that_it_is_not_in_the_language_that_is_needed(house, sign_in, letter_format):
    Landlord.objects.update(telephone="0800 555 0100")
    needs = {"preferred_channel": "post", "email": "", "letter_format": letter_format}
    asked_about(house, **needs, language="Polish")

    told = letters_of(sign_in(COORDINATOR))

    assert IN_ENGLISH in told


def test_a_letter_in_the_language_that_is_needed_says_nothing_of_it(house, sign_in):
    asked_about(house, preferred_channel="post", email="", language="Welsh")

    assert "this one is in" not in letters_of(sign_in(COORDINATOR))


def test_an_email_says_so_too(house):
    Landlord.objects.update(telephone="0800 555 0100")

    asked_about(house, preferred_channel="email", language="Polish")

    assert IN_ENGLISH in OutboundMessage.objects.get(kind="survey").body


@pytest.mark.rule("HH-27")
def test_a_letter_says_that_it_is_not_in_the_format_that_is_needed(house, sign_in, monkeypatch):
    monkeypatch.setattr(survey_letters, "why_not_made", lambda _format: "No program for it.")
    Landlord.objects.update(telephone="0800 555 0100")
    asked_about(house, preferred_channel="post", email="", letter_format="braille")

    told = letters_of(sign_in(COORDINATOR))

    assert "this format: braille. We are sorry: this one is in giant print." in told
    assert "Please ask us to read it to you: 0800 555 0100" in told


@pytest.mark.parametrize(
    ("asked", "kept"), [("post", "letter/web"), ("email", "email")], ids=["letter", "e-mail"]
)
def test_it_is_kept_how_an_answer_on_the_web_was_asked_for(visitor, house, asked, kept):
    email = "" if asked == "post" else "ann@example.org"
    request = asked_about(house, preferred_channel=asked, email=email)
    assert request.way == asked

    visitor.post(f"/survey/{request.code}/", {"overall": "4"})

    assert SurveyAnswer.objects.get().way == kept
