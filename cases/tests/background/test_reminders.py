"""The sweep: who is told of which promise, when, and how often."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Alert, Deadline, OutboundMessage
from cases.operations.calendars import adopt_calendar
from cases.operations.correct import retract
from cases.operations.extend import agree_date, extend
from cases.operations.rebuild import rebuild_projections
from cases.operations.reminders import Swept, sweep_deadlines
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.factories import MONDAY, CalendarEditionFactory
from cases.tests.fixtures import at

# A complaint under the Code of Monday 8 June 2026: acknowledge by Monday 15, respond by Monday 29.
TWO_BEFORE = date(2026, 6, 11)
ACKNOWLEDGE_BY = date(2026, 6, 15)
ONE_LATE = date(2026, 6, 16)
FIVE_LATE = date(2026, 6, 22)
SATURDAY = date(2026, 6, 13)
OFFICER = Role.RESPONSIBLE_OFFICER.words
MANAGER = Role.LINE_MANAGER.words
HEAD = Role.HEAD_OF_SERVICE.words


def told():
    """Return who was told what, as (role's words, promise, reminder)."""
    return set(Alert.objects.values_list("recipient__name", "code", "reminder"))


def acknowledgement(complaint):
    """Return the deadline of the acknowledgement."""
    return Deadline.objects.get(complaint=complaint, code="acknowledge")


def test_nobody_is_told_before_the_day(house):
    house.lodge()

    assert sweep_deadlines(now=at(date(2026, 6, 10))) == Swept()
    assert OutboundMessage.objects.filter(kind="reminders").count() == 0


def test_whoever_the_promise_binds_is_told_on_the_day_and_only_once(house):
    house.lodge()

    first = sweep_deadlines(now=at(TWO_BEFORE))
    second = sweep_deadlines(now=at(TWO_BEFORE, 11))

    assert (first.alerts, first.messages) == (1, 1)
    assert second == Swept()
    assert told() == {(OFFICER, "acknowledge", "before-2")}
    [message] = OutboundMessage.objects.filter(kind="reminders")
    assert message.to_user == house[Role.RESPONSIBLE_OFFICER]
    assert message.subject.endswith("2 working days left")


@pytest.mark.parametrize(
    ("now", "hour"),
    [
        (datetime(2026, 6, 11, 6, 59, tzinfo=UTC), "07:59 in London"),
        (datetime(2026, 6, 11, 17, 0, tzinfo=UTC), "18:00 in London"),
        (at(SATURDAY), "a Saturday"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_outside_the_alert_hours_of_a_working_day_nobody_is_told(house, now, hour):
    house.lodge()

    assert sweep_deadlines(now=now) == Swept()


@pytest.mark.parametrize(
    "now",
    [datetime(2026, 6, 11, 7, 0, tzinfo=UTC), datetime(2026, 6, 11, 16, 59, tzinfo=UTC)],
    ids=["08:00 in London", "17:59 in London"],
)
def test_in_the_alert_hours_people_are_told(house, now):
    house.lodge()

    assert sweep_deadlines(now=now).alerts == 1


def test_on_the_landlords_own_closure_nobody_is_told(house):
    house.lodge()
    CalendarEditionFactory(closures={TWO_BEFORE.isoformat(): "Staff day"})

    assert sweep_deadlines(now=at(TWO_BEFORE)) == Swept()


def test_before_a_landlord_is_set_up_the_sweep_does_nothing(db):
    assert sweep_deadlines(now=at(MONDAY)) == Swept()


def test_after_a_gap_each_person_gets_the_latest_reminder_and_no_more(house):
    house.lodge()

    sweep_deadlines(now=at(FIVE_LATE))

    assert {(who, when) for who, code, when in told() if code == "acknowledge"} == {
        (OFFICER, "overdue-1"),
        (MANAGER, "overdue-5"),
        (HEAD, "overdue-5"),
    }


def test_a_reminder_that_somebody_had_is_not_given_again_when_the_next_one_comes(house):
    house.lodge()
    sweep_deadlines(now=at(TWO_BEFORE))
    sweep_deadlines(now=at(ACKNOWLEDGE_BY))
    sweep_deadlines(now=at(ONE_LATE))

    reminders = [when for _, code, when in told() if code == "acknowledge"]
    assert sorted(reminders) == ["before-2", "due", "overdue-1", "overdue-1"]


def test_many_promises_are_told_in_one_message_for_each_person(house):
    complaints = [house.lodge() for _ in range(3)]

    swept = sweep_deadlines(now=at(TWO_BEFORE))

    [message] = OutboundMessage.objects.filter(kind="reminders")
    assert (swept.alerts, swept.messages) == (3, 1)
    assert message.subject == "Complaints: 3 deadlines need attention"
    assert all(complaint.reference in message.body for complaint in complaints)
    assert set(Alert.objects.values_list("message", flat=True)) == {message.pk}


def test_a_message_says_nothing_about_the_customer_or_the_complaint(house):
    complaint = house.lodge(summary="My neighbour Mr Smith shouts.")

    sweep_deadlines(now=at(TWO_BEFORE))

    [message] = OutboundMessage.objects.filter(kind="reminders")
    for secret in ("Smith", complaint.customer.name, complaint.customer.postcode, "lift"):
        assert secret not in message.subject + message.body
    assert f"http://127.0.0.1/complaints/{complaint.reference}/" in message.body


@pytest.mark.rule("HH-29")
def test_herefordshires_officer_is_told_to_respond_at_once_when_five_days_are_left(house):
    house.run("herefordshire")
    house.lodge()

    sweep_deadlines(now=at(date(2026, 6, 22)))

    officer = house[Role.RESPONSIBLE_OFFICER]
    [message] = OutboundMessage.objects.filter(kind="reminders", to_user=officer)
    assert "outstanding for 10 working days, with 5 working days left" in message.body
    assert "Respond to the customer immediately. Offer an apology" in message.body
    assert "reasons for the delay" in message.body


@pytest.mark.rule("HH-29")
def test_an_agreed_day_moves_herefordshires_reminder(house):
    house.run("herefordshire")
    complaint = house.lodge()
    before = Deadline.objects.get(complaint=complaint, code="resolve").next_reminder_on

    agree_date(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=at(date(2026, 6, 9)),
        seen=complaint.version,
        on=date(2026, 6, 9),
        new_due_on=date(2026, 7, 6),
        words="She is on holiday.",
    )

    after = Deadline.objects.get(complaint=complaint, code="resolve").next_reminder_on
    assert (before, after) == (date(2026, 6, 22), date(2026, 6, 29))


def test_a_met_promise_reminds_nobody(house):
    complaint = house.lodge()
    _acknowledge(house, complaint)

    assert sweep_deadlines(now=at(ONE_LATE)) == Swept()


def _acknowledge(house, complaint):
    return acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=at(date(2026, 6, 9)),
        seen=complaint.version,
        on=date(2026, 6, 9),
        telling=Telling("phone"),
    )


def test_a_promise_that_comes_back_is_reminded_of_again(house):
    complaint = _acknowledge(house, house.lodge())
    retract(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2026, 6, 10)),
        seen=complaint.version,
        number=4,
        reason="It was another complaint.",
    )

    sweep_deadlines(now=at(TWO_BEFORE))

    assert told() == {(OFFICER, "acknowledge", "before-2")}


def test_an_extended_day_is_reminded_of_anew(house):
    complaint = _acknowledge(house, house.lodge())
    due = Deadline.objects.get(complaint=complaint, code="respond").due_on
    extend(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(due),
        seen=complaint.version,
        new_due_on=date(2026, 6, 30),
        reason="The surveyor comes on Monday.",
        exceptional=False,
        telling=Telling("email"),
    )

    sweep_deadlines(now=at(date(2026, 6, 26)))

    [alert] = Alert.objects.filter(code="respond")
    assert (alert.reminder, alert.due_on) == ("before-2", date(2026, 6, 30))


def test_another_calendar_loses_no_reminder(house):
    complaint = house.lodge()
    edition = CalendarEditionFactory(closures={"2026-06-12": "Staff day"})
    adopt_calendar(edition=edition, by=None, now=at(date(2026, 6, 9)))

    assert acknowledgement(complaint).due_on == ONE_LATE
    assert acknowledgement(complaint).next_reminder_on == TWO_BEFORE


def test_deadlines_thrown_away_and_worked_out_anew_remind_nobody_twice(house):
    complaint = house.lodge()
    sweep_deadlines(now=at(TWO_BEFORE))
    complaint.deadlines.all().delete()
    rebuild_projections(repair=True, progress=lambda count: None)

    again = sweep_deadlines(now=at(TWO_BEFORE, 11))

    assert (again.promises, again.alerts, again.messages) == (1, 0, 0)
    assert acknowledgement(complaint).next_reminder_on == ACKNOWLEDGE_BY


def test_a_sweep_costs_the_same_queries_however_much_is_due(house):
    def cost(count, today):
        for _ in range(count):
            house.lodge(on=date.fromordinal(today.toordinal() - 8))
        with CaptureQueriesContext(connection) as queries:
            swept = sweep_deadlines(now=at(today))
        return swept.promises, len(queries)

    few, queries_for_few = cost(2, ACKNOWLEDGE_BY)
    many, queries_for_many = cost(30, FIVE_LATE)

    assert few < many
    assert queries_for_few == queries_for_many == 10


def test_a_sweep_with_nothing_due_asks_two_questions(house):
    house.lodge()

    with CaptureQueriesContext(connection) as queries:
        sweep_deadlines(now=at(date(2026, 6, 10)))

    assert len(queries) == 2
