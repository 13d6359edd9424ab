"""Copies histories to thousands of complaints by SQL, and gives each its people and its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Model

from cases.models import (
    Alert,
    Category,
    Complaint,
    Deadline,
    EventWords,
    Letter,
    OutboundMessage,
    RecordedEvent,
    SearchEntry,
    StageTransition,
)
from complaints_site.tests.bench import words
from complaints_site.tests.bench.patterns import NUMBERS, Actor
from complaints_site.tests.bench.people import Staff

OPEN_SHARE = 20
# Different texts where there are many complaints; of notes there are as many as of letters.
SUMMARIES, LETTERS = 20_000, 5_000
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
    def open_patterns(self) -> int:
        """Return how many different histories open complaints have."""
        return min(600, max(30, self.count))

    @property
    def closed_patterns(self) -> int:
        """Return how many different histories closed complaints have."""
        return min(1_800, max(60, self.count * 2))

    def texts(self, most: int) -> int:
        """Return how many different texts are written, where many complaints have so many."""
        return min(most, max(100, self.count * 5))

    @property
    def customers(self) -> int:
        """Return how many people complain: some do again and again."""
        return max(50, self.count * 62 // 100)


def columns_of(model: type[Model]) -> list[str]:
    """Return the columns of a model's table."""
    return [field.column for field in model._meta.concrete_fields]


def draw_cases(cursor: Any, filling: Filling) -> None:
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
            CASE WHEN {place} THEN floor(random() * {filling.open_patterns})::int
                ELSE {filling.open_patterns}
                    + floor(random() * {filling.closed_patterns})::int END AS pattern,
            1 + floor(random() ^ 1.6 * {filling.customers})::bigint AS customer,
            {one_of(staff.teams, 1.4)} AS area,
            {one_of(staff.officers, 1.3)} AS officer,
            {one_of(staff.officers, 1.3)} AS second_officer,
            {one_of(staff.coordinators)} AS coordinator,
            {one_of(staff.advisers)} AS adviser,
            {one_of(categories, 1.5)} AS category,
            floor(random() * {filling.texts(SUMMARIES)})::int AS summary,
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
    if field.has_default() and callable(field.default) and isinstance(field, CharField):
        return f"left(md5(random()::text), {field.max_length})"
    value = field.get_default()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f"'{value or ''}'"


def _person(actor: str) -> str:
    whens = " ".join(f"WHEN '{each.value}' THEN {column}" for each, column in ANYBODY.items())
    return f"CASE {actor} {whens} END"


def statements(filling: Filling, columns: Sequence[str]) -> Iterator[str]:
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
    number = f"((k.id * 31 + p.number * 7) % {filling.texts(LETTERS)})"
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
    deadline = {name: f'p."{name}"' for name in columns_of(Deadline) if name != "id"}
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


def restrict_some(cursor: Any, filling: Filling) -> None:
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
