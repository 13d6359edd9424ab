"""The deadline sweep: finds promises whose reminder has come, and tells the people responsible."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, DateField, Value, When
from django.urls import reverse

from cases.models import Alert, Deadline, Editions, OutboundMessage
from cases.models.procedures import published_terms
from cases.operations.alerts import address_of
from cases.rules.periods import london_day
from cases.rules.promises import dated_reminders, kind_of
from cases.rules.reminders import (
    CHASED_BEFORE,
    LONGEST_LIST,
    Told,
    next_reminder_on,
    reminder_message,
    reminders_come,
)
from cases.rules.roles import Role
from cases.rules.terms import ProcedureTerms, Reminder
from cases.rules.visibility import Sight
from cases.selectors.reminders import (
    Colleagues,
    DueReminder,
    colleagues,
    due_reminders,
    may_alert,
    sights,
)

# Rows read or written by one statement.
CHUNK = 1_000
# Promises dealt with by one sweep; what is left is for the next, a minute later.
MOST = 20_000

AlertKey = tuple[int, str, int, str, date, str, int]


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did. `unheard` counts promises of which nobody could be told."""

    promises: int = 0
    alerts: int = 0
    messages: int = 0
    unheard: int = 0

    def __str__(self) -> str:
        told = f"{self.alerts} reminders in {self.messages} messages"
        return f"{told}, {self.unheard} with nobody to tell" if self.unheard else told


@dataclass(frozen=True, slots=True)
class _Notice:
    """One promise told to one person."""

    due: DueReminder
    reminder: Reminder
    recipient: int
    as_officer: bool

    @property
    def key(self) -> AlertKey:
        due = self.due
        return (
            *(due.complaint, due.stage, due.visit, due.code, due.due_on),
            *(self.reminder.code, self.recipient),
        )


class _Timescales:
    """The promises of the procedures, found by what a deadline's row says."""

    def __init__(self) -> None:
        self._terms: dict[int, ProcedureTerms] = {}

    def reminders(self, due: DueReminder) -> tuple[Reminder, ...]:
        """Return the reminders of a promise: those of its timescale, or of a dated promise."""
        if (terms := self._terms.get(due.version)) is None:
            terms = self._terms[due.version] = published_terms(due.version)
        stage = terms.by_code.get(due.stage)
        timescale = stage.timescale(due.code) if stage else None
        return timescale.reminders if timescale else dated_reminders(due.code)

    def stage_name(self, due: DueReminder) -> str:
        """Return the name of the promise's stage."""
        return self._terms[due.version].stage(due.stage).name


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be told, and to which day each promise's next reminder moves."""

    moves: dict[int, tuple[DueReminder, date | None]]
    notices: list[_Notice]
    unheard: int
    timescales: _Timescales


def sweep_deadlines(*, now: datetime) -> Swept:
    """Tell everybody of the promises whose reminder has come, each of them once.

    Only in the landlord's alert hours. Of several reminders passed at once each person gets the
    latest; each person gets one message, however many promises it tells of. Everything is
    worked out before anything is locked, so nobody waits for it; a promise that an officer
    changed meanwhile is left for the next sweep. Safe to run twice at once and after any gap.
    """
    if not may_alert(now):
        return Swept()
    today = london_day(now)
    due = due_reminders(today=today, limit=MOST)
    if not due:
        return Swept()
    people = colleagues(today=today)
    plan = _plan(due, people, today=today)
    try:
        with transaction.atomic():
            return _carry_out(plan, people, now=now, known=False)
    except IntegrityError:
        # Some of it was told before, and the day of its next reminder was set back since: after
        # the projection was rebuilt, or by an officer who read it just before the last sweep.
        with transaction.atomic():
            return _carry_out(plan, people, now=now, known=True)


def _plan(due: Sequence[DueReminder], people: Colleagues, *, today: date) -> _Plan:
    timescales = _Timescales()
    editions = Editions()
    sight_of = sights(due, chunk=CHUNK, today=today)
    moves: dict[int, tuple[DueReminder, date | None]] = {}
    notices: list[_Notice] = []
    unheard = 0
    for each in due:
        reminders = timescales.reminders(each)
        if not reminders:
            moves[each.key] = (each, None)
            continue
        calendar = editions[each.calendar]
        told: dict[int, tuple[Reminder, bool]] = {}
        sight = sight_of(each)
        for reminder in reminders_come(
            reminders, each.due_on, calendar, since=each.next_reminder_on, today=today
        ):
            told |= _told_by(reminder, each, people, sight)
        notices += [
            _Notice(each, reminder, person, as_officer)
            for person, (reminder, as_officer) in told.items()
        ]
        unheard += not told
        later = next_reminder_on(reminders, each.due_on, calendar, today=today)
        moves[each.key] = (each, later)
    return _Plan(moves, notices, unheard, timescales)


def _told_by(
    reminder: Reminder, due: DueReminder, people: Colleagues, sight: Sight
) -> dict[int, tuple[Reminder, bool]]:
    """Return whom one reminder tells, and whether as the one responsible."""
    told: dict[int, tuple[Reminder, bool]] = {}
    # The officer last, so that somebody who has two of the roles is told as the officer.
    for role in sorted(reminder.to, key=lambda each: each is Role.RESPONSIBLE_OFFICER):
        is_officer = role is Role.RESPONSIBLE_OFFICER
        found = (
            people.keepers(due.keeper, due.team_path or "", sight) if is_officer else frozenset()
        )
        told |= {
            person: (reminder, is_officer) for person in found or people.recipients(role, sight)
        }
    return told


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _carry_out(plan: _Plan, people: Colleagues, *, now: datetime, known: bool) -> Swept:
    """Write the plan, as far as the promises still stand as they were read.

    `known`: look first which alerts exist already.

    :raises IntegrityError: if an alert exists already and `known` is False.
    """
    kept = _move_on(plan)
    notices = [each for each in plan.notices if each.due.key in kept]
    if known:
        told = _alerts_of(kept, plan)
        notices = [each for each in notices if each.key not in told]
    messages = _write_messages(notices, plan.timescales, people, now=now)
    _insert_alerts(notices, {person: each.pk for person, each in messages.items()}, now)
    return Swept(len(kept), len(notices), len(messages), plan.unheard)


def _insert_alerts(notices: Sequence[_Notice], messages: Mapping[int, int], now: datetime) -> None:
    """Insert alerts in one statement: a backlog has tens of thousands of them.

    `messages` are the keys of the messages by recipient. PostgreSQL is told of each alert only
    which promise it is of, and copies the rest from there: the promises are locked, and stand as
    they were read.

    :raises IntegrityError: if one of them exists already.
    """
    if not notices:
        return
    created_at = connection.ops.adapt_datetimefield_value(now)
    if connection.vendor != "postgresql":
        rows = [(*each.key, created_at, messages[each.recipient]) for each in notices]
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT_ALERT, rows)
        return
    codes = sorted({each.reminder.code for each in notices})
    place = {code: number for number, code in enumerate(codes, start=1)}
    columns = zip(
        *((each.due.key, place[each.reminder.code], each.recipient) for each in notices),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _COPY_ALERTS,
            [
                codes,
                created_at,
                *map(list, columns),
                *map(list, zip(*messages.items(), strict=True)),
            ],
        )


_ALERTS = Alert._meta.db_table
_INSERT_ALERT = (
    f"INSERT INTO {_ALERTS} (complaint_id, stage, visit, code, due_on, reminder, recipient_id,"  # noqa: S608  our own names
    " created_at, message_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_COPY_ALERTS = f"""
    INSERT INTO {_ALERTS} (complaint_id, stage, visit, code, due_on, reminder, recipient_id,
        created_at, message_id)
    SELECT promise.complaint_id, promise.stage, promise.visit, promise.code, promise.due_on,
        (%s::varchar[])[told.reminder], told.recipient, %s::timestamptz, message.id
    FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS told (promise, reminder, recipient)
    JOIN {Deadline._meta.db_table} promise ON promise.id = told.promise
    JOIN unnest(%s::bigint[], %s::bigint[]) AS message (recipient, id) USING (recipient)
"""  # noqa: S608  our own names


def _move_on(plan: _Plan) -> set[int]:
    """Set the next reminder of each promise that stands as it was read; return which did.

    A promise that another sweep or an officer has in hand is passed over, not waited for.
    """
    kept: set[int] = set()
    for keys in _chunks(plan.moves):
        stand = (
            Deadline.objects.live()
            .filter(pk__in=keys)
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", "due_on", "next_reminder_on", "calendar")
        )
        moved: dict[int, date | None] = {}
        for key, *read in stand:
            due, later = plan.moves[key]
            if read == [due.due_on, due.next_reminder_on, due.calendar]:
                moved[key] = later
        _set_next(moved)
        kept.update(moved)
    return kept


def _set_next(moved: Mapping[int, date | None]) -> None:
    """Write the day of the next reminder of some promises. One statement."""
    if not moved:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_SET_NEXT, [list(moved), list(moved.values())])
        return
    by_day: dict[date | None, list[int]] = defaultdict(list)
    for key, day in moved.items():
        by_day[day].append(key)
    whens = [When(pk__in=some, then=Value(day)) for day, some in by_day.items() if day]
    Deadline.objects.filter(pk__in=moved).update(
        next_reminder_on=Case(*whens, default=Value(None), output_field=DateField())
    )


_SET_NEXT = f"""
    UPDATE {Deadline._meta.db_table} promise SET next_reminder_on = moved.day
    FROM unnest(%s::bigint[], %s::date[]) AS moved (id, day) WHERE promise.id = moved.id
"""  # noqa: S608  our own names


def _alerts_of(kept: set[int], plan: _Plan) -> set[AlertKey]:
    """Return the alerts that exist for these promises, as they are due now."""
    found: set[AlertKey] = set()
    complaints = {plan.moves[key][0].complaint for key in kept}
    for keys in _chunks(complaints):
        found.update(
            Alert.objects.filter(complaint__in=keys).values_list(
                "complaint_id", "stage", "visit", "code", "due_on", "reminder", "recipient_id"
            )
        )
    return found


def _write_messages(
    notices: Sequence[_Notice], timescales: _Timescales, people: Colleagues, *, now: datetime
) -> dict[int, OutboundMessage]:
    """Queue one message for each recipient, and return them by recipient."""
    by_recipient: dict[int, list[_Notice]] = defaultdict(list)
    for each in notices:
        by_recipient[each.recipient].append(each)
    today = london_day(now)
    editions = Editions()
    # Most are told to several people, and finding the way to a page takes longer than telling it.
    page_of = lru_cache(maxsize=None)(_address)
    messages = {}
    for recipient, theirs in by_recipient.items():
        theirs.sort(key=lambda each: (each.due.due_on, each.due.reference))
        subject, body = reminder_message(
            [_told(each, timescales, editions, today=today) for each in theirs[:LONGEST_LIST]],
            more=max(0, len(theirs) - LONGEST_LIST),
            address=page_of,
            home=address_of("/"),
        )
        messages[recipient] = OutboundMessage(
            key=f"reminders:{recipient}:{secrets.token_hex(16)}",
            kind="reminders",
            to_user_id=recipient,
            to_address=people.addresses[recipient],
            subject=subject,
            body=body,
            created_at=now,
            next_try_at=now,
        )
    OutboundMessage.objects.bulk_create(messages.values())
    return messages


def _address(reference: str) -> str:
    return address_of(reverse("cases:complaint", args=[reference]))


def _told(notice: _Notice, timescales: _Timescales, editions: Editions, *, today: date) -> Told:
    due = notice.due
    calendar = editions[due.calendar]
    left = calendar.working_days_between(today, due.due_on)
    return Told(
        reference=due.reference,
        stage=timescales.stage_name(due),
        promise=due.words,
        due_on=due.due_on,
        left=left,
        outstanding=calendar.working_days_between(due.anchor_on or due.due_on, today),
        # To answer at once is not what a dated promise is chased for.
        is_chase=notice.as_officer
        and kind_of(due.code) is None
        and notice.reminder.days <= -CHASED_BEFORE
        and left > 0,
    )
