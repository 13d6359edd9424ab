"""Fills the database with many complaints: few histories, replayed once, copied by SQL."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model

from cases.models import (
    Alert,
    CalendarEdition,
    Complaint,
    Customer,
    Deadline,
    EventWords,
    Letter,
    OutboundMessage,
    ProcedureVersion,
    RecordedEvent,
    SearchEntry,
    StageTransition,
)
from cases.operations.projection import complaint_columns, deadline_rows, transition_rows
from cases.rules.calendars import WorkingCalendar
from cases.rules.reminders import next_reminder_on
from cases.rules.search_words import number_words, plain_words, postcode_words
from complaints_site.tests.bench import words
from complaints_site.tests.bench.copying import (
    LETTERS,
    SUMMARIES,
    Filling,
    columns_of,
    draw_cases,
    restrict_some,
    statements,
)
from complaints_site.tests.bench.patterns import Pattern, patterns

SEED = 20_261_123
FILLED: tuple[type[Model], ...] = (
    Customer,
    Complaint,
    RecordedEvent,
    EventWords,
    Deadline,
    StageTransition,
    SearchEntry,
    Letter,
    OutboundMessage,
    Alert,
)


def fill(filling: Filling) -> None:
    """Fill the empty tables, and leave them as a long-running installation would be."""
    chance = random.Random(SEED)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET work_mem = '128MB'")
        cursor.execute("SELECT setseed(0.42)")
        with _bare_tables(cursor, [model._meta.db_table for model in FILLED]):
            columns = _write_patterns(cursor, filling)
            _write_words(cursor, chance, filling)
            _write_customers(cursor, chance, filling)
            draw_cases(cursor, filling)
            for statement in statements(filling, columns):
                cursor.execute(statement)
        for table in ("complaint", "event", "deadline", "move"):
            cursor.execute(f"DROP TABLE bench_{table}")
        cursor.execute("DROP TABLE bench_text, bench_customer_words, bench_case")
        restrict_some(cursor, filling)
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
        for name in ("synchronous_commit", "maintenance_work_mem", "work_mem"):
            cursor.execute(f"RESET {name}")


@contextmanager
def _bare_tables(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    """Take away what slows down writing many rows, and put it back afterwards."""
    back: list[str] = []
    for table in tables:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'c')",
            [table],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
            back.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [table],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
            back.append(definition)
    yield
    # Indexes and keys first, so that foreign keys find what they point at.
    for statement in sorted(back, key=lambda each: "FOREIGN KEY" in each):
        cursor.execute(statement)


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    named = ", ".join(f'"{each}"' for each in columns)
    with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


def _made(filling: Filling) -> Iterator[Pattern]:
    versions = {
        row.procedure.code: (row.pk, row.terms)
        for row in ProcedureVersion.objects.select_related("procedure")
    }
    edition = CalendarEdition.objects.latest("pk")
    for count, is_open, seed in (
        (filling.open_patterns, True, 1),
        (filling.closed_patterns, False, 2),
    ):
        yield from patterns(
            count,
            is_open=is_open,
            versions=versions,
            calendar=edition.calendar,
            edition=edition.pk,
            today=filling.today,
            seed=seed,
        )


def _write_patterns(cursor: Any, filling: Filling) -> list[str]:
    """Keep the patterns in tables shaped like those they are copied to.

    Returns the columns of a complaint that its history decides.
    """
    for name, model in (
        ("complaint", Complaint),
        ("event", RecordedEvent),
        ("deadline", Deadline),
        ("move", StageTransition),
    ):
        cursor.execute(f"CREATE UNLOGGED TABLE bench_{name} (LIKE {model._meta.db_table})")
        for column in columns_of(model):
            cursor.execute(f'ALTER TABLE bench_{name} ALTER "{column}" DROP NOT NULL')
    cursor.execute("ALTER TABLE bench_event ADD actor text, ADD words text")
    cursor.execute("ALTER TABLE bench_deadline ADD first_reminder_on date")
    calendar = CalendarEdition.objects.latest("pk").calendar
    rows: dict[str, list[Sequence[Any]]] = {
        "complaint": [],
        "event": [],
        "deadline": [],
        "move": [],
    }
    names: list[str] = []
    for key, pattern in enumerate(_made(filling)):
        complaint = Complaint(pk=key, last_event_at=filling.now)
        columns = complaint_columns(pattern.state, pattern.terms)
        names = list(columns)
        last = pattern.told[-1].event.at
        rows["complaint"].append([key, pattern.version, len(pattern.told), last, *columns.values()])
        rows["event"] += (_event(key, told) for told in pattern.told)
        rows["deadline"] += _deadlines(complaint, pattern, calendar, filling.today)
        rows["move"] += (
            [key, m.event_number, m.from_stage, m.to_stage, m.visit, m.on, m.by_id, m.why]
            for m in transition_rows(complaint, pattern.state)
        )
    fixed = ["id", "procedure_version_id", "version", "last_event_at"]
    _copy(cursor, "bench_complaint", [*fixed, *names], rows["complaint"])
    event = ["complaint_id", "number", "kind", "on", "at", "stage", "visit", "facts"]
    _copy(cursor, "bench_event", [*event, "actor", "words"], rows["event"])
    deadline = [name for name in columns_of(Deadline) if name != "id"]
    _copy(cursor, "bench_deadline", [*deadline, "first_reminder_on"], rows["deadline"])
    move = ["complaint_id", "event_number", "from_stage", "to_stage", "visit", "on", "by_id", "why"]
    _copy(cursor, "bench_move", move, rows["move"])
    cursor.execute("CREATE INDEX ON bench_event (complaint_id)")
    cursor.execute("ANALYZE bench_complaint, bench_event, bench_deadline, bench_move")
    return [*fixed[1:], *names]


def _event(key: int, told: Any) -> list[Any]:
    event = told.event
    facts = json.dumps(dict(event.facts))
    where = [event.stage, event.visit]
    return [
        key,
        event.number,
        event.kind,
        event.on,
        event.at,
        *where,
        facts,
        told.actor,
        told.words,
    ]


def _deadlines(
    complaint: Complaint, pattern: Pattern, calendar: WorkingCalendar, today: date
) -> Iterator[list[Any]]:
    """Yield the rows of a pattern's deadlines, as if each reminder had been sent in its time."""
    rows = deadline_rows(complaint, pattern.state)
    for row, deadline in zip(rows, pattern.state.deadlines, strict=True):
        first = row.next_reminder_on
        if first is not None and deadline.due_on and deadline.timescale:
            row.next_reminder_on = next_reminder_on(
                deadline.timescale.reminders, deadline.due_on, calendar, today=today
            )
        yield [getattr(row, name) for name in columns_of(Deadline) if name != "id"] + [first]


def _write_words(cursor: Any, chance: random.Random, filling: Filling) -> None:
    cursor.execute("CREATE UNLOGGED TABLE bench_text (kind text, id int, text text, plain text)")
    made = {
        "summary": words.summaries(chance, filling.texts(SUMMARIES)),
        "letter": words.letters(chance, filling.texts(LETTERS)),
        "note": words.notes(chance, filling.texts(LETTERS)),
    }
    rows = (
        (kind, number, text, plain_words(text))
        for kind, texts in made.items()
        for number, text in enumerate(texts)
    )
    _copy(cursor, "bench_text", ["kind", "id", "text", "plain"], rows)
    cursor.execute("CREATE UNIQUE INDEX ON bench_text (kind, id)")
    cursor.execute("ANALYZE bench_text")


def _write_customers(cursor: Any, chance: random.Random, filling: Filling) -> None:
    cursor.execute("CREATE UNLOGGED TABLE bench_customer_words (id bigint PRIMARY KEY, plain text)")
    people = list(_customers(chance, filling.customers))
    created = filling.now - timedelta(days=3_000)
    others = [
        field
        for field in Customer._meta.concrete_fields
        if field.column not in ("id", "created_at", *_GIVEN)
    ]
    _copy(
        cursor,
        Customer._meta.db_table,
        ["id", "created_at", *_GIVEN, *(field.column for field in others)],
        (
            [key, created, *given, *(field.get_default() for field in others)]
            for key, given in enumerate(people, 1)
        ),
    )
    _copy(
        cursor,
        "bench_customer_words",
        ["id", "plain"],
        ([key, _plain(given)] for key, given in enumerate(people, 1)),
    )
    cursor.execute(
        "SELECT setval(pg_get_serial_sequence('cases_customer', 'id'), max(id)) FROM cases_customer"
    )


_GIVEN = ("name", "category", "address", "postcode", "email", "phone")


def _customers(chance: random.Random, count: int) -> Iterator[tuple[str, ...]]:
    homes = words.addresses(chance, count)
    categories = ["tenant"] * 80 + ["leaseholder"] * 10 + ["shared_owner"] * 5 + ["applicant"] * 5
    for key, (surname, home) in enumerate(
        zip(words.surnames(chance, count), homes, strict=True), 1
    ):
        first = chance.choice(words.FIRST_NAMES)
        email = f"person{key}@example.org" if chance.random() < 0.7 else ""
        phone = f"07700 {chance.randint(100_000, 999_999)}"
        yield f"{first} {surname}", chance.choice(categories), *home, email, phone


def _plain(given: Sequence[str]) -> str:
    name, _, address, postcode, email, phone = given
    parts = (plain_words(name, address, email), postcode_words(postcode), number_words(phone))
    return " ".join(part for part in parts if part)
