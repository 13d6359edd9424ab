"""Reminders: which have come, when the next comes, and what they say."""

from datetime import date

import pytest

from cases.rules.calendars import WorkingCalendar
from cases.rules.procedure_files import read_shipped, terms_from
from cases.rules.reminders import (
    Told,
    next_reminder_on,
    reminder_message,
    reminders_come,
    standing,
)
from cases.rules.roles import Role
from cases.rules.terms import Reminder

CALENDAR = WorkingCalendar()
DUE = date(2026, 6, 29)
BEFORE = Reminder(-5, (Role.RESPONSIBLE_OFFICER,))
ON_THE_DAY = Reminder(0, (Role.RESPONSIBLE_OFFICER,))
OVERDUE = Reminder(1, (Role.LINE_MANAGER,))
ALL = (OVERDUE, BEFORE, ON_THE_DAY)
LONG_AGO = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("today", "come", "following"),
    [
        (date(2026, 6, 19), [], date(2026, 6, 22)),
        (date(2026, 6, 22), [BEFORE], date(2026, 6, 29)),
        (date(2026, 6, 28), [BEFORE], date(2026, 6, 29)),
        (date(2026, 6, 29), [BEFORE, ON_THE_DAY], date(2026, 6, 30)),
        (date(2026, 6, 30), [BEFORE, ON_THE_DAY, OVERDUE], None),
    ],
    ids=["the day before", "the day", "the weekend", "the due day", "overdue"],
)
def test_reminders_come_on_their_working_days(today, come, following):
    assert reminders_come(ALL, DUE, CALENDAR, since=LONG_AGO, today=today) == come
    assert next_reminder_on(ALL, DUE, CALENDAR, today=today) == following


def test_reminders_dealt_with_before_do_not_come_again():
    since = date(2026, 6, 29)

    assert reminders_come(ALL, DUE, CALENDAR, since=since, today=DUE) == [ON_THE_DAY]


@pytest.mark.rule("HH-29")
def test_herefordshire_reminds_when_outstanding_ten_days_with_five_left():
    terms = terms_from(read_shipped("herefordshire"))
    promise = terms.stage("initial").timescale("resolve")
    received = date(2026, 6, 8)
    due = CALENDAR.add_working_days(received, promise.period.count)

    first = next_reminder_on(promise.reminders, due, CALENDAR, today=received)

    assert CALENDAR.working_days_between(received, first) == 10
    assert CALENDAR.working_days_between(first, due) == 5
    assert promise.reminders[0].to == (Role.RESPONSIBLE_OFFICER,)


def told(left, *, due_on=DUE, reference="KX7M-2QPD-6", is_chase=False):
    """Return one promise as it is told."""
    return Told(reference, "Stage 1", "Write to the customer", due_on, left, 10, is_chase)


def message(*reminders, more=0):
    """Return subject and body of a message that tells of the promises."""
    return reminder_message(
        reminders, more=more, address="https://x.example/{}/".format, home="https://x.example/"
    )


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (5, "5 working days left"),
        (1, "1 working day left"),
        (0, "due today"),
        (-1, "overdue by 1 working day"),
        (-12, "overdue by 12 working days"),
    ],
)
def test_how_long_is_left_is_said_in_words(left, words):
    assert standing(told(left)) == words


@pytest.mark.rule("HH-29")
def test_the_chasing_reminder_says_what_to_do():
    subject, body = message(told(5, is_chase=True))

    assert subject == "Complaint KX7M-2QPD-6: 5 working days left"
    assert "has been outstanding for 10 working days, with 5 working days left" in body
    assert "Respond to the customer immediately. Offer an apology" in body
    assert "give the reasons for the delay" in body
    assert "https://x.example/KX7M-2QPD-6/" in body


@pytest.mark.parametrize(
    ("left", "sentence"),
    [
        (2, "is due on Monday 29 June 2026, with 2 working days left."),
        (0, "is due today, Monday 29 June 2026."),
        (-1, "is overdue by 1 working day: “Write to the customer” (Stage 1) was due on Monday"),
    ],
)
def test_one_reminder_has_a_text_of_its_own(left, sentence):
    _, body = message(told(left))

    assert sentence in body
    assert "immediately" not in body


def test_many_reminders_come_in_one_message_that_lists_them():
    subject, body = message(told(-1, reference="A"), told(2, reference="B", is_chase=True))

    assert subject == "Complaints: 2 deadlines need attention"
    assert "A, Stage 1: “Write to the customer” overdue by 1 working day" in body
    assert "2 working days left (Monday 29 June 2026). Respond immediately." in body
    assert "https://x.example/B/" in body
    assert body.endswith("https://x.example/\n")


def test_two_deadlines_of_one_complaint_name_it_in_the_subject():
    subject, _ = message(told(0), told(1))

    assert subject == "Complaint KX7M-2QPD-6: 2 deadlines need attention"


def test_a_list_that_is_cut_says_how_many_it_leaves_out():
    subject, body = message(told(0), more=1234)

    assert subject == "Complaints: 1,235 deadlines need attention"
    assert "And 1,234 more, which are not listed here" in body
