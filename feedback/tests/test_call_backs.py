"""“Do you prefer to talk? Ask us to ring you”: promised by a day, and on the record."""

import re
from datetime import date, timedelta
from unittest.mock import Mock

import pytest
import time_machine
from django.core.cache import cache

from cases.models import Complaint, Customer, Deadline, Level, OutboundMessage
from cases.operations.assign import triage
from cases.operations.call_backs import promise_call
from cases.rules.promises import CALL as WORDS
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.promises import told_promises
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT, Visitor, changed
from feedback.tests.tracking import Follower, acknowledged, words

RING = {"call_back": "yes", "call_number": "01632 960 777", "call_when": "After six"}


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


def tell(visitor: Visitor, **contact) -> Complaint:
    return visitor.tell(changed(COMPLAINT, contact={**RING, **contact})).complaint


def promises() -> list[tuple]:
    found = Deadline.objects.filter(code__startswith="promise-")
    return list(found.values_list("due_on", "keeper", "met_on"))


def test_a_call_that_is_asked_for_is_promised_by_the_first_day_of_the_procedure(visitor):
    complaint = tell(visitor)

    first = complaint.deadlines.get(code="acknowledge").due_on
    assert promises() == [(first, None, None)]
    event = complaint.events.get(kind="promised")
    parts = {name: told for name, told in event.words.parts.items() if told}
    assert parts == {"promise": WORDS, "call_number": "01632 960 777", "call_when": "After six"}
    assert event.actor_id is None
    # What the customer sees of it, and whoever else follows it, has no number.
    [told] = told_promises(history_of(complaint))
    assert (told.words, told.due_on) == (WORDS, first)


def test_it_is_with_whoever_receives_the_complaint(visitor, sign_in, house):
    complaint = tell(visitor)
    complaint.refresh_from_db()
    triage(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        officer_id=house[Role.RESPONSIBLE_OFFICER].pk,
        area_id=house.team.pk,
        category_id=None,
        level=Level.NORMAL,
    )

    browser = sign_in(Role.RESPONSIBLE_OFFICER)

    assert complaint.reference in words(browser.get("/my-work/"))
    page = words(browser.get(complaint.get_absolute_url()))
    for told in (WORDS, "01632 960 777", "After six"):
        assert told in page


def test_the_number_given_before_is_rung_where_no_other_is_given(visitor):
    complaint = tell(visitor, call_number="")

    event = complaint.events.get(kind="promised")
    assert event.words.parts["call_number"] == COMPLAINT["about-you"]["phone"]


def test_a_number_given_for_the_call_alone_is_how_the_customer_is_rung(visitor):
    visitor.tell(changed(COMPLAINT, about_you={"phone": ""}, contact=RING))

    assert Customer.objects.get().phone == "01632 960 777"


@pytest.mark.parametrize("answer", [{"call_back": "no"}, {"call_back": ""}])
def test_nothing_is_promised_to_whoever_did_not_ask(visitor, answer):
    complaint = tell(visitor, **answer)

    assert promises() == []
    assert not complaint.events.filter(kind="promised").exists()


def test_a_call_promised_once_its_day_is_over_is_for_today(visitor, house):
    complaint = visitor.tell(COMPLAINT).complaint
    late = NOW + timedelta(days=60)

    with time_machine.travel(late, tick=False):
        promise_call(complaint_id=complaint.pk, number="01632 960 777", when="", now=late)

    assert [day for day, _keeper, _met in promises()] == [date(2026, 8, 9)]


def test_whoever_asks_for_a_call_is_told_its_day_at_once(visitor, monkeypatch):
    sent = visitor.tell(changed(COMPLAINT, contact=RING))
    day = sent.complaint.deadlines.get(code__startswith="promise-").due_on
    told = re.compile(
        rf"{day:%A} {day.day} {day:%B %Y}</time></strong><br>we will ring you, as you"
    )
    path = f"/let-us-know/sent/{sent.reference}/"
    set_paper = Mock(return_value=b"%PDF-1.7")
    monkeypatch.setattr("feedback.operations.copies.set_paper", set_paper)

    assert told.search(words(visitor.get(path)))
    assert told.search(words(visitor.get(f"{path}copy/")))
    visitor.get(f"{path}copy.pdf")

    assert f"{day:%A} {day.day} {day:%B %Y}: we will ring you, as you asked." in str(
        set_paper.call_args.args[0]
    )
    # What others may see, in an inbox or with the code alone, says nothing of it.
    assert "ring you" not in OutboundMessage.objects.get(kind="receipt").body


def test_nobody_else_is_told_of_a_call(visitor):
    sent = visitor.tell(changed(COMPLAINT, contact={"call_back": "no"}))

    assert "ring you, as you asked" not in words(
        visitor.get(f"/let-us-know/sent/{sent.reference}/")
    )


def test_where_they_follow_it_the_call_is_told_in_their_language(house, now):
    complaint = acknowledged(house)
    promise_call(complaint_id=complaint.pk, number="01632 960 777", when="", now=NOW)
    follower = Follower().opens(complaint)

    page = words(follower.client.get("/cy/track/complaint/"))

    assert "<li>Eich ffonio, fel y gofynasoch<br>" in page
    assert WORDS not in page
    assert WORDS in words(follower.get("tracked"))
