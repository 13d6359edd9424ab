"""What the deadline sweep and the weekly reports take, beside one statement that does the same."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection

from cases.models import Alert, CalendarEdition, Deadline, OutboundMessage
from cases.operations.reminders import Swept, sweep_deadlines
from cases.rules.periods import LONDON, london_day
from complaints_site.tests.bench.measures import Figure, Goal
from complaints_site.tests.bench.work import Work
from reporting.operations.weekly import make_weekly_reports

FEW, MANY = 500, 15_000
FEW_GOAL = Goal(ratio=9, queries=10)
MANY_GOAL = Goal(most=3_000)
ROUNDS = 5
# Visits that no complaint has: the promises that are made up for the measurement.
MADE_UP = 1_000

# What any sweep has to do, in one statement: find, tell everybody once, write that they are told.
FLOOR = """
    WITH due AS (
        SELECT d.id, d.complaint_id, d.stage, d.visit, d.code, d.due_on,
            coalesce(c.responsible_officer_id, c.logged_by_id,
                (SELECT min(id) FROM cases_user)) AS recipient
        FROM cases_deadline d JOIN cases_complaint c ON c.id = d.complaint_id
        WHERE d.state = 'open' AND NOT d.is_window AND d.next_reminder_on <= %(today)s
        ORDER BY d.next_reminder_on, d.id FOR UPDATE OF d SKIP LOCKED
    ), message AS (
        INSERT INTO cases_outboundmessage (key, kind, to_user_id, to_address, subject, body,
            message_id, state, created_at, next_try_at, attempts, last_error)
        SELECT 'floor:' || recipient || random(), 'reminders', recipient, 'x@harbourside.example',
            'Complaints', string_agg(stage || code || due_on, ', '), gen_random_uuid()::text,
            'queued', %(now)s, %(now)s, 0, ''
        FROM due GROUP BY recipient RETURNING id, to_user_id
    ), alert AS (
        INSERT INTO cases_alert (complaint_id, stage, visit, code, due_on, reminder, recipient_id,
            created_at, message_id)
        SELECT complaint_id, stage, visit, code, due_on, 'due', recipient, %(now)s, message.id
        FROM due JOIN message ON message.to_user_id = recipient
    )
    UPDATE cases_deadline SET next_reminder_on = NULL FROM due WHERE cases_deadline.id = due.id
"""


def in_office_hours(now: datetime) -> datetime:
    """Return ten o’clock of this working day or the next."""
    day = CalendarEdition.objects.latest("pk").calendar.roll_forward(london_day(now))
    return datetime(day.year, day.month, day.day, 10, tzinfo=LONDON)


def measure_sweeps(*, now: datetime) -> Iterator[Figure]:
    """Yield what it takes to tell of 500 promises, and of a backlog of 15,000."""
    at = in_office_hours(now)
    today = london_day(at)
    # What has come due by itself is dealt with first.
    sweep_deadlines(now=at - timedelta(minutes=5))
    for count, goal, rounds in ((FEW, FEW_GOAL, ROUNDS), (MANY, MANY_GOAL, 1)):
        floor = _floor(count, at, today, rounds=rounds)
        yield floor
        yield _swept(count, at, today, floor=floor.judged, goal=goal, rounds=rounds)


def _floor(count: int, at: datetime, today: date, *, rounds: int) -> Figure:
    def tell() -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, {"today": today, "now": at})

    taken, worked = zip(*(_timed(tell, count, at, today) for _ in range(rounds)), strict=True)
    return Figure(
        f"one statement telling of {count:,}", median(taken), work=_middle(worked), queries=1
    )


def _timed(
    act: Callable[[], object], count: int, at: datetime, today: date
) -> tuple[float, float | None]:
    """Do something while that many are due, and return its time and its work."""
    taken: list[float] = []

    def do() -> None:
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1_000)

    with _due(count, at, today):
        worked = Work().of(do)
    return taken[0], worked


def _middle(worked: Sequence[float | None]) -> float | None:
    known = [each for each in worked if each is not None]
    return median(known) if known else None


def _swept(
    count: int, at: datetime, today: date, *, floor: float, goal: Goal, rounds: int
) -> Figure:
    queries: list[str] = []
    swept: list[Swept] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    def sweep() -> None:
        queries.clear()
        with connection.execute_wrapper(note):
            swept.append(sweep_deadlines(now=at))

    taken, worked = zip(*(_timed(sweep, count, at, today) for _ in range(rounds)), strict=True)
    last = swept[-1]
    if last.promises != count or last.alerts < count:
        raise RuntimeError(f"Of {count} promises {last.promises} were swept: {last}.")
    number = sum(not each.startswith(("SAVEPOINT", "RELEASE")) for each in queries)
    what = f"sweep with {count:,} due: {last.alerts:,} reminders, {last.messages} messages"
    return Figure(what, median(taken), work=_middle(worked), floor=floor, queries=number, goal=goal)


@contextmanager
def _due(count: int, at: datetime, today: date) -> Iterator[None]:
    """Let that many promises be due for a reminder, as if no sweep had run for a week.

    They are the promises that bind somebody now, as if each were overdue, again and again under
    visits that do not exist.
    """
    yesterday = today - timedelta(days=1)
    kept = [
        field.column
        for field in Deadline._meta.concrete_fields
        if field.column not in ("id", "visit", "due_on", "next_reminder_on")
    ]
    columns = ", ".join(f'"{name}"' for name in kept)
    binding = f"""
        state = 'open' AND NOT is_window AND due_on IS NOT NULL AND visit < {MADE_UP}
        AND code NOT LIKE 'update%%'
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO cases_deadline ({columns}, visit, due_on, next_reminder_on)
            SELECT {columns}, visit + {MADE_UP} + copy, least(due_on, %s), least(due_on, %s) - 7
            FROM cases_deadline, generate_series(
                1, 1 + %s / greatest(1, (SELECT count(*) FROM cases_deadline WHERE {binding}))
            ) AS copy
            WHERE {binding} ORDER BY copy, random() LIMIT %s
            """,
            [yesterday, yesterday, count, count],
        )
        cursor.execute("ANALYZE cases_deadline")
    yield
    Alert.objects.filter(created_at=at).delete()
    OutboundMessage.objects.filter(created_at=at).delete()
    Deadline.objects.filter(visit__gte=MADE_UP).delete()


# What any report has to read: every open complaint, and what came in, with its officer.
REPORTS_FLOOR = """
    SELECT c.reference, c.procedure_version_id, c.stage, c.status, c.is_open, c.received_on,
        c.next_due, c.next_due_on, c.service_area_id, k.name, u.name
    FROM cases_complaint c
    LEFT JOIN cases_user u ON u.id = c.responsible_officer_id
    LEFT JOIN cases_category k ON k.id = c.category_id
    WHERE c.is_open OR c.received_on >= %(since)s
    ORDER BY c.is_open DESC, c.next_due_on NULLS LAST
"""


def measure_reports(*, now: datetime) -> Iterator[Figure]:
    """Yield what it takes to read what the weekly reports tell, and to make all of them."""
    floor = _reports_floor(now)
    yield floor
    yield _reports(now, floor.judged)


def _reports_floor(now: datetime) -> Figure:
    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(REPORTS_FLOOR, {"since": london_day(now) - timedelta(weeks=1)})
            cursor.fetchall()

    began = time.perf_counter()
    worked = Work().of(read)
    taken = (time.perf_counter() - began) * 1_000
    return Figure("one statement reading what reports tell", taken, work=worked, queries=1)


def _reports(now: datetime, floor: float) -> Figure:
    queries = 0

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    made = 0

    def make() -> None:
        nonlocal made
        with connection.execute_wrapper(note):
            made = make_weekly_reports(now=in_office_hours(now))

    began = time.perf_counter()
    worked = Work().of(make)
    taken = (time.perf_counter() - began) * 1_000
    return Figure(f"weekly reports, all {made}", taken, work=worked, floor=floor, queries=queries)
