"""When the weekly report is due, and what its message says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.periods import LONDON
from reporting.rules.weekly import (
    Figures,
    Heading,
    Line,
    first_day_of,
    first_words,
    report_message,
    told,
    week_due,
)

WEEK = date(2026, 11, 16)
HEADING = Heading(
    area="Repairs north",
    first_day=WEEK,
    last_day=date(2026, 11, 22),
    as_at=datetime(2026, 11, 23, 7, 5, tzinfo=UTC),
)
LATE = Line(
    reference="KX7M-2QPD-C",
    about="Lifts",
    stage="Stage 1",
    status="Being investigated",
    days=12,
    officer="Dan Morris",
    next_due="Respond",
    next_due_on=date(2026, 11, 19),
    late=2,
    is_new=True,
    is_open=True,
    is_answered=False,
)


@pytest.mark.rule("HH-28")
@pytest.mark.parametrize(
    ("instant", "week"),
    [
        pytest.param(datetime(2026, 11, 23, 6, 59, tzinfo=UTC), date(2026, 11, 9), id="before 7"),
        pytest.param(datetime(2026, 11, 23, 7, 0, tzinfo=UTC), WEEK, id="winter, 7 o'clock"),
        pytest.param(datetime(2026, 11, 29, 23, 59, tzinfo=UTC), WEEK, id="until the next"),
        pytest.param(
            datetime(2026, 6, 8, 5, 59, tzinfo=UTC), date(2026, 5, 25), id="summer before"
        ),
        pytest.param(datetime(2026, 6, 8, 6, 0, tzinfo=UTC), date(2026, 6, 1), id="summer"),
        # The clocks went forward on Sunday 29 March 2026 and back on Sunday 25 October.
        pytest.param(datetime(2026, 3, 30, 5, 59, tzinfo=UTC), date(2026, 3, 16), id="spring -1"),
        pytest.param(datetime(2026, 3, 30, 6, 0, tzinfo=UTC), date(2026, 3, 23), id="spring"),
        pytest.param(datetime(2026, 10, 26, 6, 59, tzinfo=UTC), date(2026, 10, 12), id="autumn -1"),
        pytest.param(datetime(2026, 10, 26, 7, 0, tzinfo=UTC), date(2026, 10, 19), id="autumn"),
        # 00:30 on Monday in London is still Sunday in UTC.
        pytest.param(datetime(2026, 6, 7, 23, 30, tzinfo=UTC), date(2026, 5, 25), id="midnight"),
    ],
)
def test_a_week_is_due_from_monday_seven_in_london(instant, week):
    assert week_due(instant) == week


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.times())
def test_the_week_due_is_always_the_last_that_is_over(day, time):
    now = datetime.combine(day, time, LONDON)

    week = week_due(now)

    assert week.weekday() == 0
    assert week + timedelta(days=7) <= now.date()
    assert now.date() - week < timedelta(days=15)


@pytest.mark.parametrize(
    ("reported", "first_day"),
    [
        pytest.param(None, WEEK, id="the first report of all"),
        pytest.param(date(2026, 11, 9), WEEK, id="the week before was reported"),
        pytest.param(date(2026, 10, 26), date(2026, 11, 2), id="two weeks were missed"),
        pytest.param(date(2025, 1, 6), WEEK - timedelta(weeks=8), id="a year was missed"),
    ],
)
def test_a_report_tells_of_the_weeks_that_were_missed(reported, first_day):
    assert first_day_of(WEEK, reported=reported) == first_day


def address(reference: str) -> str:
    return f"https://complaints.example/{reference}"


@pytest.mark.rule("HH-28")
def test_the_message_gives_the_figures_and_a_summary_of_each_complaint():
    figures = Figures(new=1, unresolved=1, ongoing=0, beyond_target=1)

    subject, body = report_message(
        HEADING, figures, [LATE], more=0, page="https://complaints.example/page", address=address
    )

    assert subject == ("Weekly report: complaints in Repairs north, Mon 16 Nov to Sun 22 Nov 2026")
    assert body == (
        "Complaints in Repairs north, Mon 16 Nov to Sun 22 Nov 2026, as they stood on "
        "Mon 23 Nov 2026 at 7:05.\n\n"
        "New: 1\nUnresolved: 1\nOngoing: 0\nOverdue: 1\n\n"
        "https://complaints.example/page\n\n"
        "KX7M-2QPD-C: Lifts. Stage 1, being investigated, Dan Morris, received 12 working days "
        "ago. Next: Respond, due Thu 19 Nov 2026, overdue by 2 working days. New.\n"
        "https://complaints.example/KX7M-2QPD-C\n"
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("  The lift.\nIt is stuck.", "The lift."),
        ("", ""),
        (f"{'word ' * 40}", f"{'word ' * 27}…"),
    ],
    ids=["the first line", "nothing", "cut at a word"],
)
def test_of_what_a_complaint_says_the_first_words_are_shown(text, first):
    assert first_words(text) == first


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "received less than a working day ago."),
        (1, "received 1 working day ago."),
        (2, "received 2 working days ago."),
    ],
)
def test_what_came_in_since_the_last_working_day_says_so(days, words):
    line = replace(LATE, days=days)

    assert words in told(line)
    assert f"received {line.received_words}." == words


def test_a_quiet_week_says_so():
    _, body = report_message(HEADING, Figures(), [], more=0, page="page", address=address)

    assert "There are no open complaints, and none came in." in body


def test_what_is_too_long_to_list_is_told_by_its_number():
    _, body = report_message(HEADING, Figures(), [LATE], more=1234, page="p", address=address)

    assert body.endswith("And 1,234 more, which are listed on the page of the report.\n")


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        pytest.param({}, Figures(new=1, unresolved=1, beyond_target=1), id="late and new"),
        pytest.param({"late": 0, "is_new": False}, Figures(unresolved=1), id="in time"),
        pytest.param(
            {"is_answered": True, "is_new": False, "late": 0}, Figures(ongoing=1), id="answered"
        ),
        pytest.param({"is_open": False, "late": 0}, Figures(new=1), id="new and closed"),
    ],
)
def test_every_open_complaint_is_either_unresolved_or_ongoing(line, figures):
    counted = Figures()

    counted.count(Line(**({name: getattr(LATE, name) for name in LATE.__slots__} | line)))

    assert counted == figures
