"""Messages through a real mail server that fails in every way it can."""

import random
import time

import pytest

from complaints_site.tests.installation import wait_until
from complaints_site.tests.mail_sink import ANSWER_LOST, NOBODY, mail_sink

pytestmark = pytest.mark.servers
INSIDE = "cases.tests.background.inside"
# Five minutes of lease are five seconds, and the first waits are one, five and fifteen.
SPEED = 60


@pytest.mark.promise("P7")
@pytest.mark.parametrize(
    ("count", "kills"),
    [(300, 12), pytest.param(3000, 100, marks=[pytest.mark.long, pytest.mark.timeout(3600)])],
    ids=["short", "long"],
)
def test_no_message_is_lost_and_a_second_copy_only_goes_where_the_answer_was_lost(
    install, count, kills
):
    began = time.time()
    with mail_sink(rate=0.03) as sink:
        site = install(EMAIL_URL=sink.url, EMAIL_TIMEOUT="1")
        keys = site.hand().call(f"{INSIDE}:queue_messages", count=count, to_nobody=6)
        killed = _deliver_with_kills(site, sink, began=began, count=count, kills=kills)
        states = dict(site.rows("SELECT state, COUNT(*) FROM cases_outboundmessage GROUP BY state"))

        copies = sink.copies
        second = sum(copies.values()) - len(copies)
        assert states == {"sent": count - 6, "undeliverable": 6}
        assert {f"<{key}@127.0.0.1>" for key in keys} == set(copies)
        assert second <= sink.faults[ANSWER_LOST] + killed
        assert {len(each.recipients) for each in sink.taken} == {1}
        print(  # noqa: T201  the proof's result line
            f"PROMISE P7 PASS messages={count} kills={killed} faults={sum(sink.faults.values())} "
            f"answers_lost={sink.faults[ANSWER_LOST]} second_copies={second} lost=0"
        )


def _deliver_with_kills(site, sink, *, began, count, kills):
    """Deliver with two processes, killing one of them now and then, until nothing waits."""
    chance = random.Random(7)  # noqa: S311  a test, repeatable
    hands = [_deliverer(site, began), _deliverer(site, began)]
    for number in range(kills):
        goal = count * (number + 1) // (kills + 1)
        wait_until(lambda goal=goal: len(sink.taken) >= goal, seconds=120)
        time.sleep(chance.random() / 50)
        victim = number % 2
        hands[victim].kill()
        hands[victim] = _deliverer(site, began)
    waiting = "SELECT COUNT(*) FROM cases_outboundmessage WHERE state IN ('queued', 'sending')"
    wait_until(lambda: site.rows(waiting) == [(0,)], seconds=240)
    return kills


def _deliverer(site, began):
    hand = site.hand()
    hand.begin(f"{INSIDE}:deliver_for_ever", began=began, speed=SPEED)
    return hand


@pytest.mark.promise("P7")
def test_a_sender_without_a_claim_sends_twice(install):
    with mail_sink() as sink:
        site = install(EMAIL_URL=sink.url)
        hands = [site.hand(), site.hand()]
        hands[0].call(f"{INSIDE}:queue_messages", count=60)
        for hand in hands:
            hand.call(f"{INSIDE}:look_without_a_claim")
        for hand in hands:
            hand.call(f"{INSIDE}:send_without_a_claim")

        assert set(sink.copies.values()) == {2}


def test_two_deliverers_at_once_send_each_message_once(install):
    with mail_sink() as sink:
        site = install(EMAIL_URL=sink.url)
        hands = [site.hand(), site.hand(), site.hand()]
        hands[0].call(f"{INSIDE}:queue_messages", count=90)
        for hand in hands:
            hand.begin(f"{INSIDE}:deliver_until_empty")
        sent = [hand.answer() for hand in hands]

        assert sum(sent) == 90
        assert set(sink.copies.values()) == {1}
        assert len(sink.copies) == 90


@pytest.mark.one_database
def test_what_goes_over_the_wire_is_one_plain_letter_to_one_person(install):
    with mail_sink() as sink:
        site = install(EMAIL_URL=sink.url, DEFAULT_FROM_EMAIL="Homes <complaints@homes.example>")
        [key] = site.hand().call(
            f"{INSIDE}:queue_messages",
            count=1,
            subject="About your enquiry\r\nBcc: eve@elsewhere.example\u2028X: y",
            body="Grüße, Zoë — naïve façade\n.\n" + "long " * 400,
        )
        site.hand().call(f"{INSIDE}:deliver_until_empty")
        [taken] = sink.taken

        message = taken.message
        assert taken.sender == "complaints@homes.example"
        assert taken.recipients == ("person0@example.org",)
        assert message["Message-ID"] == f"<{key}@127.0.0.1>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Bcc"] is None
        assert message["X"] is None
        assert message["Subject"] == "About your enquiry Bcc: eve@elsewhere.example X: y"
        assert message.get_content_type() == "text/plain"
        assert message.get_content_charset() == "utf-8"
        assert "Grüße, Zoë — naïve façade" in message.get_content()


def test_a_refused_recipient_is_a_task_for_a_person_and_not_tried_again(install):
    with mail_sink() as sink:
        site = install(EMAIL_URL=sink.url)
        hand = site.hand()
        hand.call(f"{INSIDE}:queue_messages", count=1, to_nobody=1)
        hand.call(f"{INSIDE}:deliver_until_empty")

        [(state, attempts, error)] = site.rows(
            "SELECT state, attempts, last_error FROM cases_outboundmessage"
        )
        assert (state, attempts) == ("undeliverable", 1)
        assert error.startswith("550")
        assert NOBODY not in error
