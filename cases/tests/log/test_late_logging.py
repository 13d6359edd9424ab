"""What is logged after the day for it asks why in one line, and never otherwise (HH-9)."""

from datetime import date

import pytest
from django.urls import reverse

from cases.errors import LatenessUnexplained
from cases.models import Complaint, ServiceRequest
from cases.operations.lodge import Lodging, lodge_complaint
from cases.operations.log import AsComplaint, Logged, log_complaint
from cases.operations.service_requests import Asked, log_request
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory
from cases.tests.log.conftest import NOW, TODAY, boxes, filled, mistakes, told

pytestmark = [pytest.mark.django_db, pytest.mark.rule("HH-9")]
URL = "/log/"
# TODAY is a Monday: what came on Friday is in time, the day before is late.
FRIDAY, THURSDAY = date(2026, 6, 19), date(2026, 6, 18)
LONG_AGO = date(2026, 5, 26)
WHY = "Her letter lay at the wrong office."
ANSWERED = {"late_because": WHY, "avoidable": "yes"}
QUESTIONS = {"late_because", "avoidable"}


@pytest.fixture
def adviser(house, browse):
    """The browser of somebody at the front line of a landlord that runs Herefordshire."""
    house.run("herefordshire")
    return browse(house[Role.FRONT_LINE])


def received(day: date, **changes):
    """Return the form of something that came on a day."""
    return filled(**boxes("received", day), **changes)


def asked(response) -> set[str]:
    """Return which of the questions about lateness a page asks."""
    return QUESTIONS & set(response.context["form"].fields)


def test_what_is_logged_late_asks_why_and_keeps_all_that_was_typed(adviser):
    refused = adviser.post(URL, received(THURSDAY))

    assert refused.status_code == 422
    assert asked(refused) == QUESTIONS
    assert not Complaint.objects.exists()
    assert "The lift has been out of order since Friday." in refused.content.decode()
    assert mistakes(refused) == [
        "Write down why it is late",
        "Could the delay have been avoided? Select an answer",
    ]


def test_with_the_reason_it_is_logged_and_the_record_and_the_page_tell_it(adviser):
    answer = adviser.post(URL, received(THURSDAY, **ANSWERED), follow=True)

    logged = Complaint.objects.get().events.get(kind="logged")
    assert logged.facts["avoidable"] == "yes"
    assert logged.words.parts == {"late_because": WHY}
    assert f"Could it have been avoided?: Yes Why it was late: {WHY}" in told(answer)


def test_mistakes_are_named_where_the_page_asks(adviser):
    refused = adviser.post(URL, received(THURSDAY, customer="", words=""))

    assert mistakes(refused) == [
        "Find the customer, or enter a new one",
        "Write down why it is late",
        "Could the delay have been avoided? Select an answer",
        "Write down what the customer says",
    ]


def test_the_reason_is_kept_where_something_else_is_wrong(adviser):
    refused = adviser.post(URL, received(THURSDAY, **{**ANSWERED, "words": ""}))

    assert refused.status_code == 422
    assert WHY in refused.content.decode()
    assert 'value="yes" checked' in " ".join(refused.content.decode().split())


def test_the_deadlines_shown_before_show_the_questions_with_what_was_typed(adviser):
    shown = adviser.post(URL, received(THURSDAY, check="yes", **ANSWERED))

    assert asked(shown) == QUESTIONS
    assert WHY in shown.content.decode()
    assert mistakes(shown) == []


@pytest.mark.parametrize("day", [FRIDAY, TODAY])
def test_in_time_nobody_is_asked_and_nothing_is_kept(adviser, day):
    before = adviser.get(URL)
    answer = adviser.post(URL, received(day, **ANSWERED))

    assert asked(before) == set()
    assert answer.status_code == 302
    logged = Complaint.objects.get().events.get(kind="logged")
    assert "avoidable" not in logged.facts
    assert not hasattr(logged, "words")


@pytest.mark.parametrize(
    "procedure", ["code-2024", "kht-three-stage", "first-ark-panel", "livv-two-stage"]
)
def test_a_procedure_that_does_not_say_when_to_log_asks_nothing(adviser, house, procedure):
    house.run(procedure)

    answer = adviser.post(URL, received(LONG_AGO))

    assert answer.status_code == 302


def test_a_request_is_never_logged_late(adviser):
    shown = adviser.post(URL, received(THURSDAY, ends="request", check="yes"))
    answer = adviser.post(URL, received(THURSDAY, ends="request", kind="service_request"))

    assert asked(shown) == set()
    assert (answer.status_code, ServiceRequest.objects.count()) == (302, 1)


def test_a_request_that_becomes_a_complaint_late_asks_why_too(adviser, house):
    asked_for = Asked("service_request", CustomerFactory().pk, "phone", LONG_AGO, "The tap drips.")
    request = log_request(asked_for, by=house[Role.FRONT_LINE], now=NOW)
    page = reverse("cases:request-dissatisfied", args=[request.reference])
    typed = {"words": "Nobody came.", "level": "normal", **boxes("received", THURSDAY)}

    kept_as_request = adviser.post(page, {**typed, "wants": "keep", "check": "yes"})
    refused = adviser.post(page, {**typed, "wants": "complain"})
    answer = adviser.post(page, {**typed, "wants": "complain", **ANSWERED})

    assert asked(kept_as_request) == set()
    assert (refused.status_code, asked(refused)) == (422, QUESTIONS)
    assert "Nobody came." in refused.content.decode()
    assert answer.status_code == 302
    logged = Complaint.objects.get().events.get(kind="logged")
    assert logged.words.parts == {"late_because": WHY}


def test_what_else_is_overdue_by_then_is_left_to_the_next_act(adviser):
    answer = adviser.post(URL, received(LONG_AGO, **ANSWERED))

    assert answer.status_code == 302
    assert not Complaint.objects.get().events.filter(kind="delay_explained").exists()


CURED = {
    "ends": "resolved",
    "resolution": "The lift was mended while they waited.",
    **boxes("resolved_on", TODAY),
    "told": "phone",
}


@pytest.mark.rule("LV-5")
def test_what_is_put_right_late_at_the_desk_asks_why_and_can_be_answered(adviser, house):
    house.run("livv-two-stage")

    refused = adviser.post(URL, received(LONG_AGO, **CURED))
    answer = adviser.post(URL, received(LONG_AGO, **CURED, **ANSWERED))

    assert refused.status_code == 422
    assert asked(refused) == QUESTIONS
    assert "is late. Say why" in " ".join(mistakes(refused))
    assert answer.status_code == 302
    resolved = Complaint.objects.get().events.get(kind="resolved")
    assert resolved.words.parts["late_because"] == WHY


def test_what_was_put_right_in_time_and_logged_late_says_why_it_was_logged_late(adviser):
    on = boxes("resolved_on", FRIDAY)

    answer = adviser.post(URL, received(THURSDAY, **{**CURED, **on}, **ANSWERED))

    assert answer.status_code == 302
    kinds = {e.kind: e.facts.get("avoidable") for e in Complaint.objects.get().events.all()}
    assert (kinds["logged"], kinds["resolved"]) == ("yes", None)


def test_the_operation_refuses_what_is_late_without_a_reason(house):
    house.run("herefordshire")
    logged = Logged("a-key", CustomerFactory().pk, None, "phone", THURSDAY, "The lift is out.")

    with pytest.raises(LatenessUnexplained, match="Say why"):
        log_complaint(logged, AsComplaint(), by=house[Role.FRONT_LINE], now=NOW)

    assert not Complaint.objects.exists()


def test_what_comes_in_without_a_colleague_is_never_asked(house):
    house.run("herefordshire")

    by_mail = Lodging(CustomerFactory().pk, "email", LONG_AGO, "The lift is out of order.")

    complaint = lodge_complaint(by_mail, by=None, now=NOW, needs_triage=True)

    assert complaint.deadlines.get(code="log").state == "met_late"
