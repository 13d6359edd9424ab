"""Delivering one message: tried, tried again, given to a person, stopped, and sent again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    AccessEntry,
    Complaint,
    Customer,
    Delivery,
    Level,
    OutboundMessage,
)
from cases.operations.messages import LEASE, WAITS, Tried, deliver_next, requeue_message
from cases.operations.passwords import LINK_KINDS
from cases.rules.roles import Role
from cases.tests.factories import MONDAY_MORNING, CustomerFactory, UserFactory

BACKENDS = "cases.tests.background.backends"
MINUTE = timedelta(minutes=1)


def failing(name):
    """Return settings under which the mail server is one that fails."""
    return override_settings(EMAIL_BACKEND=f"{BACKENDS}.{name}")


def queue(**fields):
    """Queue a message."""
    return OutboundMessage.objects.create(
        **{
            "key": f"test:{OutboundMessage.objects.count()}",
            "kind": "test",
            "to_address": "kim@example.org",
            "subject": "A subject",
            "body": "A body\n",
            "created_at": MONDAY_MORNING,
            "next_try_at": MONDAY_MORNING,
            **fields,
        }
    )


def test_a_queued_message_is_sent_once(db):
    message = queue()

    assert deliver_next(now=MONDAY_MORNING) is Tried.SENT
    assert deliver_next(now=MONDAY_MORNING) is None

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (Delivery.SENT, MONDAY_MORNING)
    assert len(mail.outbox) == 1


def test_the_message_that_has_waited_longest_goes_first(db):
    queue(subject="second", next_try_at=MONDAY_MORNING - MINUTE)
    queue(subject="first", next_try_at=MONDAY_MORNING - 2 * MINUTE)
    queue(subject="not yet", next_try_at=MONDAY_MORNING + MINUTE)

    while deliver_next(now=MONDAY_MORNING):
        pass

    assert [each.subject for each in mail.outbox] == ["first", "second"]


@pytest.mark.parametrize("backend", ["AskedToWait", "GreyListed", "SenderRefused", "CutOff"])
def test_a_message_not_taken_now_is_tried_again_later(db, backend):
    message = queue()

    with failing(backend):
        assert deliver_next(now=MONDAY_MORNING) is Tried.LATER
        assert deliver_next(now=MONDAY_MORNING) is None

    message.refresh_from_db()
    assert (message.state, message.attempts) == (Delivery.QUEUED, 1)
    assert message.next_try_at == MONDAY_MORNING + MINUTE
    assert "kim@example.org" not in message.last_error


def test_the_waits_grow_and_after_the_last_a_person_takes_over(db):
    message = queue()
    now = MONDAY_MORNING
    waited = []

    with failing("AskedToWait"):
        while deliver_next(now=now) is Tried.LATER:
            message.refresh_from_db()
            waited.append(message.next_try_at - now)
            now = message.next_try_at

    message.refresh_from_db()
    assert tuple(waited) == WAITS
    assert [int(wait / MINUTE) for wait in waited[:5]] == [1, 5, 15, 60, 240]
    assert message.state == Delivery.UNDELIVERABLE
    assert message.last_error == "451 4.3.0 Come back later, (address)"


@pytest.mark.parametrize("address", ["not an address", "a@b.example, c@d.example", "ü@x.example"])
def test_an_address_that_is_none_is_for_a_person(db, address):
    message = queue(to_address=address)

    assert deliver_next(now=MONDAY_MORNING) is Tried.UNDELIVERABLE

    message.refresh_from_db()
    assert message.last_error == "The address is not an e-mail address."
    assert mail.outbox == []


def test_a_message_refused_after_its_data_is_for_a_person(db):
    message = queue()

    with failing("RefusedAfterData"):
        assert deliver_next(now=MONDAY_MORNING) is Tried.UNDELIVERABLE

    message.refresh_from_db()
    assert (message.state, message.last_error) == (Delivery.UNDELIVERABLE, "554 5.7.1 Refused")


@pytest.mark.parametrize("backend", ["Away", "NotLettingUsIn"])
def test_while_there_is_no_server_no_try_is_counted(db, backend):
    message = queue()
    now = MONDAY_MORNING

    with failing(backend):
        for _ in range(30):
            assert deliver_next(now=now) is Tried.NO_SERVER
            now += timedelta(days=1)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (Delivery.QUEUED, 0)
    assert deliver_next(now=now) is Tried.SENT


def test_a_server_that_is_gone_after_taking_a_message_has_taken_it(db):
    queue()

    with failing("RudeGoodbye"):
        assert deliver_next(now=MONDAY_MORNING) is Tried.SENT


def test_a_message_whose_process_died_is_taken_up_when_the_lease_ends(db):
    message = queue()
    with failing("Broken"), pytest.raises(ZeroDivisionError):
        deliver_next(now=MONDAY_MORNING)

    assert deliver_next(now=MONDAY_MORNING + LEASE - MINUTE) is None
    assert deliver_next(now=MONDAY_MORNING + LEASE) is Tried.SENT

    message.refresh_from_db()
    assert message.attempts == 2


def test_a_message_on_which_every_process_dies_is_for_a_person(db):
    message = queue()
    now = MONDAY_MORNING
    with failing("Broken"):
        for _ in range(len(WAITS) + 1):
            with pytest.raises(ZeroDivisionError):
                deliver_next(now=now)
            now += LEASE

        assert deliver_next(now=now) is Tried.UNDELIVERABLE

    message.refresh_from_db()
    assert message.last_error == "Every try was cut short."


@pytest.mark.promise("P14")
def test_what_cannot_be_delivered_is_kept_without_the_link_that_opens_the_complaint(house):
    message = queue(body=f"See https://127.0.0.1/track/link/{'a' * 43}/ for more.")

    with failing("RefusedAfterData"):
        deliver_next(now=MONDAY_MORNING)

    message.refresh_from_db()
    assert message.state == Delivery.UNDELIVERABLE
    assert message.body == "See https://127.0.0.1/track/ for more."


def test_a_customer_for_whom_email_became_unsafe_is_not_written_to(house):
    complaint = house.lodge()
    message = queue(complaint=complaint, to_address=complaint.customer.email)
    Customer.objects.filter(pk=complaint.customer_id).update(email_unsafe=True)

    assert deliver_next(now=MONDAY_MORNING) is Tried.CANCELLED

    message.refresh_from_db()
    assert message.state == Delivery.CANCELLED
    [told] = OutboundMessage.objects.filter(kind="unsent")
    assert told.to_user == house[Role.COMPLAINTS_COORDINATOR]
    assert told.subject == f"Complaint {complaint.reference}: an e-mail was not sent"
    assert complaint.customer.email not in told.body
    assert mail.outbox == []


def test_an_address_shared_with_somebody_for_whom_email_is_unsafe_is_not_written_to(house):
    complaint = house.lodge()
    CustomerFactory(email=complaint.customer.email.upper(), email_unsafe=True)
    queue(complaint=complaint, to_address=complaint.customer.email)

    assert deliver_next(now=MONDAY_MORNING) is Tried.CANCELLED


def test_coordinators_who_may_not_know_of_a_complaint_are_not_told_of_its_message(house):
    complaint = house.lodge()
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED)
    AccessEntry.objects.create(complaint=complaint, user=house[Role.DIRECTOR])
    Customer.objects.filter(pk=complaint.customer_id).update(email_unsafe=True)
    queue(complaint=complaint)

    deliver_next(now=MONDAY_MORNING)

    [told] = OutboundMessage.objects.filter(kind="unsent")
    assert told.to_user == house[Role.DIRECTOR]


def test_when_feedback_cannot_be_answered_the_coordinators_are_told(house):
    CustomerFactory(email="kim@example.org", email_unsafe=True)
    queue()

    deliver_next(now=MONDAY_MORNING)

    [told] = OutboundMessage.objects.filter(kind="unsent")
    assert told.subject == "Feedback: an e-mail was not sent"


def test_a_colleague_who_has_left_is_not_written_to(house):
    leaver = UserFactory(is_active=False)
    queue(to_user=leaver, to_address=leaver.email)

    assert deliver_next(now=MONDAY_MORNING) is Tried.CANCELLED
    assert not OutboundMessage.objects.filter(kind="unsent").exists()


def test_an_undeliverable_message_is_sent_again_under_the_same_message_id(house):
    complaint = house.lodge()
    message = queue(complaint=complaint, state=Delivery.UNDELIVERABLE, attempts=9, last_error="550")
    coordinator = house[Role.COMPLAINTS_COORDINATOR]

    requeue_message(
        message_id=message.pk, by=coordinator, now=MONDAY_MORNING, to_address="new@example.org"
    )
    deliver_next(now=MONDAY_MORNING)

    [sent] = mail.outbox
    assert sent.to == ["new@example.org"]
    assert sent.extra_headers["Message-ID"] == f"<{message.message_id}@127.0.0.1>"


@pytest.mark.parametrize("state", [Delivery.SENT, Delivery.QUEUED, Delivery.SENDING])
def test_only_what_was_not_delivered_can_be_sent_again(house, state):
    message = queue(state=state, sent_at=MONDAY_MORNING if state == Delivery.SENT else None)

    with pytest.raises(ActionNotAllowed):
        requeue_message(
            message_id=message.pk, by=house[Role.SYSTEM_ADMINISTRATOR], now=MONDAY_MORNING
        )


def test_a_message_is_not_sent_again_to_what_is_no_address(house):
    message = queue(state=Delivery.UNDELIVERABLE)

    with pytest.raises(ActionNotAllowed, match="not an e-mail address"):
        requeue_message(
            message_id=message.pk,
            by=house[Role.SYSTEM_ADMINISTRATOR],
            now=MONDAY_MORNING,
            to_address="kim",
        )


def test_a_message_to_a_colleague_is_never_sent_to_another_address(house):
    colleague = house[Role.DIRECTOR]
    message = queue(state=Delivery.UNDELIVERABLE, to_user=colleague, to_address=colleague.email)

    with pytest.raises(ActionNotAllowed, match="their own address only"):
        requeue_message(
            message_id=message.pk,
            by=house[Role.COMPLAINTS_COORDINATOR],
            now=MONDAY_MORNING,
            to_address="eve@elsewhere.example",
        )


def test_a_message_whose_link_has_ended_is_not_sent_again(house):
    message = queue(kind=sorted(LINK_KINDS)[0], state=Delivery.UNDELIVERABLE)

    with pytest.raises(ActionNotAllowed, match="has ended"):
        requeue_message(
            message_id=message.pk, by=house[Role.SYSTEM_ADMINISTRATOR], now=MONDAY_MORNING
        )


def test_a_message_that_must_not_be_sent_is_not_sent_again(house):
    complaint = house.lodge()
    Customer.objects.filter(pk=complaint.customer_id).update(email_unsafe=True)
    message = queue(complaint=complaint, state=Delivery.CANCELLED)

    with pytest.raises(ActionNotAllowed, match="not safe"):
        requeue_message(
            message_id=message.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=MONDAY_MORNING
        )


def test_nobody_sends_again_what_they_may_not_read(house):
    hidden = queue(complaint=house.lodge(), state=Delivery.UNDELIVERABLE)
    plain = queue(state=Delivery.UNDELIVERABLE)
    stranger = UserFactory(roles=[(Role.FRONT_LINE, house.other_team)])

    for message in (hidden, plain):
        with pytest.raises(NotEntitled):
            requeue_message(message_id=message.pk, by=stranger, now=MONDAY_MORNING)

    with pytest.raises(NotEntitled):
        requeue_message(message_id=0, by=stranger, now=MONDAY_MORNING)
