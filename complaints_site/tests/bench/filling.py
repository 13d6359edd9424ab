"""Fills the database with many complaints: few histories, replayed once, copied by SQL."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import CharField, Model

from cases.models import (
    Alert,
    CalendarEdition,
    Category,
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
from cases.operations.projection import complaint_columns, deadline_row, transition_rows
from cases.rules.calendars import WorkingCalendar
from cases.rules.reminders import next_reminder_on
from cases.rules.search_words import number_words, plain_words, postcode_words
from complaints_site.tests.bench import words
from complaints_site.tests.bench.patterns import NUMBERS, Actor, Pattern, patterns
from complaints_site.tests.bench.people import Staff

SEED = 20_261_123
OPEN_SHARE = 20
OPEN_PATTERNS = 600
CLOSED_PATTERNS = 1_800
SUMMARIES, LETTERS, NOTES = 20_000, 5_000, 5_000
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
ANYBODY = {
    Actor.OFFICER: "k.officer",
    Actor.SECOND_OFFICER: "k.second_officer",
    Actor.COORDINATOR: "k.coordinator",
    Actor.ADVISER: "k.adviser",
}


@dataclass(frozen=True, slots=True)
class Filling:
    """How many there are to be, and whose they are."""

    count: int
    staff: Staff
    today: date
    now: datetime

    @property
    def customers(self) -> int:
        """Return how many people complain: some do again and again."""
        return max(50, self.count * 62 // 100)


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
            _write_words(cursor, chance)
            _write_customers(cursor, chance, filling)
            _draw_cases(cursor, filling)
            for statement in _statements(filling, columns):
                cursor.execute(statement)
        for table in ("complaint", "event", "deadline", "move"):
            cursor.execute(f"DROP TABLE bench_{table}")
        cursor.execute("DROP TABLE bench_text, bench_customer_words, bench_case")
        _restrict_some(cursor, filling)
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


def _columns(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def _made(filling: Filling) -> Iterator[Pattern]:
    versions = {
        row.procedure.code: (row.pk, row.terms)
        for row in ProcedureVersion.objects.select_related("procedure")
    }
    edition = CalendarEdition.objects.latest("pk")
    for count, is_open, seed in ((OPEN_PATTERNS, True, 1), (CLOSED_PATTERNS, False, 2)):
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
        for column in _columns(model):
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
    deadline = [name for name in _columns(Deadline) if name != "id"]
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
    for deadline in pattern.state.deadlines:
        row = deadline_row(complaint, deadline)
        first = row.next_reminder_on
        if first is not None and deadline.due_on and deadline.timescale:
            row.next_reminder_on = next_reminder_on(
                deadline.timescale.reminders, deadline.due_on, calendar, today=today
            )
        yield [getattr(row, name) for name in _columns(Deadline) if name != "id"] + [first]


def _write_words(cursor: Any, chance: random.Random) -> None:
    cursor.execute("CREATE UNLOGGED TABLE bench_text (kind text, id int, text text, plain text)")
    made = {
        "summary": words.summaries(chance, SUMMARIES),
        "letter": words.letters(chance, LETTERS),
        "note": words.notes(chance, NOTES),
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


def _draw_cases(cursor: Any, filling: Filling) -> None:
    """Draw for every complaint its history, its people and its place: few hold most."""
    staff = filling.staff
    categories = list(Category.objects.values_list("pk", flat=True))

    def one_of(keys: Sequence[int], skew: float = 1.0) -> str:
        array = f"ARRAY[{', '.join(map(str, keys))}]"
        return f"({array})[1 + floor(random() ^ {skew} * {len(keys)})::int]"

    place = f"i % {OPEN_SHARE} = 0"
    cursor.execute(
        f"""
        CREATE UNLOGGED TABLE bench_case AS
        SELECT i AS id,
            CASE WHEN {place} THEN floor(random() * {OPEN_PATTERNS})::int
                ELSE {OPEN_PATTERNS} + floor(random() * {CLOSED_PATTERNS})::int END AS pattern,
            1 + floor(random() ^ 1.6 * {filling.customers})::bigint AS customer,
            {one_of(staff.teams, 1.4)} AS area,
            {one_of(staff.officers, 1.3)} AS officer,
            {one_of(staff.officers, 1.3)} AS second_officer,
            {one_of(staff.coordinators)} AS coordinator,
            {one_of(staff.advisers)} AS adviser,
            {one_of(categories, 1.5)} AS category,
            floor(random() * {SUMMARIES})::int AS summary,
            CASE WHEN random() < 0.01 THEN 'restricted'
                WHEN random() < 0.04 THEN 'sensitive' ELSE 'normal' END AS level
        FROM generate_series(1, {filling.count}) AS i
        """
    )
    cursor.execute("ALTER TABLE bench_case ADD PRIMARY KEY (id)")
    cursor.execute("ANALYZE bench_case")


# The same reference for the same number, never one for two: blocks in a scattered order.
REFERENCE = """(SELECT substr(letters, 1, 4) || '-' || substr(letters, 5, 4) || '-' ||
    substr(letters, 9, 1) FROM (SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ',
        CASE WHEN place < 8 THEN ((n >> (35 - 5 * place)) & 31)::int ELSE (n % 37)::int END + 1, 1),
        '' ORDER BY place) AS letters
    FROM generate_series(0, 8) AS place,
        (SELECT ((k.id::bigint * 6180339887) % 17179869184) * 37 + k.id % 32 AS n) AS numbers
    ) AS spelt)"""


def _insert(model: type[Model], values: dict[str, str], source: str) -> str:
    """Return a statement that inserts rows: what is not given has the model's default."""
    columns: list[str] = []
    expressions: list[str] = []
    for field in model._meta.concrete_fields:
        if field.column not in values and field.primary_key:
            continue
        columns.append(f'"{field.column}"')
        expressions.append(values.get(field.column) or _default(field))
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(expressions)} FROM {source}"
    )


def _default(field: Any) -> str:
    if field.null:
        return "NULL"
    if callable(field.default) and isinstance(field, CharField):
        return f"left(md5(random()::text), {field.max_length})"
    value = field.get_default()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f"'{value or ''}'"


def _person(actor: str) -> str:
    whens = " ".join(f"WHEN '{each.value}' THEN {column}" for each, column in ANYBODY.items())
    return f"CASE {actor} {whens} END"


def _statements(filling: Filling, columns: Sequence[str]) -> Iterator[str]:
    """Yield the statements that copy the patterns to every complaint."""
    number_of = "CASE {} WHEN -1 THEN k.officer WHEN -2 THEN k.second_officer END"
    own = {name: f'p."{name}"' for name in columns}
    fields = own | {
        "id": "k.id",
        "reference": REFERENCE,
        "customer_id": "k.customer",
        "channel": "'phone'",
        "category_id": "k.category",
        "service_area_id": "k.area",
        "responsible_officer_id": number_of.format("p.responsible_officer_id"),
        "logged_by_id": "k.adviser",
        "level": "k.level",
        "summary": "t.text",
        "desired_outcome": f"'{words.WANTED[0]}'",
    }
    yield _insert(
        Complaint,
        fields,
        "bench_case k JOIN bench_complaint p ON p.id = k.pattern "
        "JOIN bench_text t ON t.kind = 'summary' AND t.id = k.summary",
    )
    yield (
        "SELECT setval(pg_get_serial_sequence('cases_complaint', 'id'), max(id)) "
        "FROM cases_complaint"
    )
    cases = "bench_case k JOIN {} p ON p.complaint_id = k.pattern"
    assigned = number_of.format("(p.facts ->> 'officer')::int")
    number = "((k.id * 31 + p.number * 7) % 5000)"
    hashed = "encode(sha256((k.id || ':' || {})::bytea), 'hex')"
    yield _insert(
        RecordedEvent,
        {
            "complaint_id": "k.id",
            **{name: f'p."{name}"' for name in ("number", "kind", "on", "at", "stage", "visit")},
            "recorded_at": "p.at",
            "actor_id": _person("p.actor"),
            "facts": (
                "CASE p.kind WHEN 'received' THEN p.facts || jsonb_build_object('customer', "
                "k.customer, 'area', k.area, 'category', k.category) "
                "WHEN 'assigned' THEN jsonb_build_object('area', k.area, 'officer', "
                f"{assigned}) ELSE p.facts END"
            ),
            "words_hash": "CASE WHEN p.words = '' THEN '' ELSE "
            + hashed.format("'words'")
            + " END",
            "previous_hash": (
                "CASE WHEN p.number = 1 THEN '' ELSE " + hashed.format("p.number - 1") + " END"
            ),
            "hash": hashed.format("p.number"),
        },
        cases.format("bench_event"),
    )
    texts = (
        "cases_recordedevent e JOIN bench_case k ON k.id = e.complaint_id "
        "JOIN bench_event p ON p.complaint_id = k.pattern AND p.number = e.number "
        "AND p.words <> '' JOIN bench_text t ON t.kind = CASE WHEN p.words IN ('letter', "
        "'resolution', 'reasons') THEN 'letter' ELSE p.words END "
        f"AND t.id = CASE p.words WHEN 'summary' THEN k.summary ELSE {number} END"
    )
    parts = "jsonb_build_object(p.words, t.text)"
    yield _insert(
        EventWords, {"event_id": "e.id", "parts": parts, "salt": "md5(e.id::text)"}, texts
    )
    letter = {
        "complaint_id": "k.id",
        "event_number": "e.number",
        "kind": "'response'",
        "to_name": "c.name",
        "to_address": "c.address",
        "letter_format": "c.letter_format",
        "channel": "CASE WHEN k.id % 3 = 0 THEN 'email' ELSE 'post' END",
        "subject": "'Your complaint'",
        "body": "t.text",
        "issued_at": "e.recorded_at",
        "issued_by_id": "k.coordinator",
        "posted_on": "CASE WHEN k.id % 3 <> 0 THEN e.on END",
        "posted_by_id": "CASE WHEN k.id % 3 <> 0 THEN k.coordinator END",
    }
    yield _insert(
        Letter,
        letter,
        f"{texts} JOIN cases_customer c ON c.id = k.customer WHERE p.words = 'letter'",
    )
    deadline = {name: f'p."{name}"' for name in _columns(Deadline) if name != "id"}
    deadline["complaint_id"] = "k.id"
    yield _insert(Deadline, deadline, cases.format("bench_deadline"))
    move = {
        name: f'p."{name}"'
        for name in ("event_number", "from_stage", "to_stage", "visit", "on", "why")
    }
    numbered = " ".join(f"WHEN {number} THEN {ANYBODY[who]}" for who, number in NUMBERS.items())
    move |= {"complaint_id": "k.id", "by_id": f"CASE p.by_id {numbered} END"}
    yield _insert(StageTransition, move, cases.format("bench_move"))
    yield _insert(
        SearchEntry,
        {
            "complaint_id": "k.id",
            "names": "lower(replace(c.reference, '-', ' ')) || ' ' || w.plain",
            "words": (
                "s.plain || coalesce((SELECT ' ' || string_agg(t.plain, ' ') FROM bench_event p "
                "JOIN bench_text t ON t.kind = 'letter' AND "
                f"t.id = {number} WHERE p.complaint_id = k.pattern AND p.words = 'letter'), '')"
            ),
            "notes": (
                "coalesce((SELECT string_agg(t.plain, ' ') FROM bench_event p JOIN bench_text t "
                f"ON t.kind = 'note' AND t.id = {number} "
                "WHERE p.complaint_id = k.pattern AND p.words = 'note'), '')"
            ),
            "places": (
                "concat_ws(' ', 'zzarea' || c.service_area_id, 'zzofficer' || "
                "c.responsible_officer_id, 'zzlogger' || c.logged_by_id, "
                "CASE c.level WHEN 'restricted' THEN 'zzrestricted' END)"
            ),
        },
        "bench_case k JOIN cases_complaint c ON c.id = k.id "
        "JOIN bench_customer_words w ON w.id = k.customer "
        "JOIN bench_text s ON s.kind = 'summary' AND s.id = k.summary",
    )
    yield from _sent(filling)


def _sent(filling: Filling) -> Iterator[str]:
    """Yield the statements that leave behind what the sweeps of the past have sent."""
    state = "d.state IN ('met_late', 'never_done', 'overtaken')"
    yield _insert(
        OutboundMessage,
        {
            "key": "'reminders:past:' || k.id",
            "kind": "'reminders'",
            "to_user_id": "k.officer",
            "to_address": "'officer@harbourside.example'",
            "subject": "'Complaint: overdue'",
            "body": "'Complaint ' || k.id || ' is overdue by 1 working day.'",
            "message_id": "md5('message' || k.id)",
            "state": "'sent'",
            "created_at": f"timestamptz '{filling.now.isoformat()}' - interval '60 days'",
            "next_try_at": f"timestamptz '{filling.now.isoformat()}' - interval '60 days'",
            "sent_at": f"timestamptz '{filling.now.isoformat()}' - interval '60 days'",
        },
        "bench_case k WHERE k.id % 4 = 0",
    )
    yield _insert(
        Alert,
        {
            **{name: f"d.{name}" for name in ("complaint_id", "stage", "visit", "code", "due_on")},
            "reminder": "'overdue-1'",
            "recipient_id": "k.officer",
            "created_at": "d.due_on",
        },
        f"cases_deadline d JOIN bench_case k ON k.id = d.complaint_id WHERE {state} "
        "AND d.due_on IS NOT NULL",
    )


def _restrict_some(cursor: Any, filling: Filling) -> None:
    """Put the coordinators on the list of what is restricted, and shut some officers out."""
    cursor.execute(
        "INSERT INTO cases_accessentry (complaint_id, user_id, as_panel_member, is_chair, visit) "
        "SELECT c.id, u.id, false, false, 0 FROM cases_complaint c, cases_user u "
        "WHERE c.level = 'restricted' AND u.id = ANY(%s)",
        [filling.staff.coordinators[:2]],
    )
    cursor.execute(
        "INSERT INTO cases_exclusion (complaint_id, user_id, reason) "
        "SELECT c.id, (%s::bigint[])[1 + c.id %% %s], 'subject' FROM cases_complaint c "
        "WHERE c.level = 'restricted'",
        [filling.staff.officers, len(filling.staff.officers)],
    )
