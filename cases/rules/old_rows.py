"""Old cases as a file tells them: one row for each dated event. Reading rows, and writing them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from cases.errors import ComplaintError, RowUnreadable
from cases.rules.calculator import read_start
from cases.rules.calendars import FIRST_DAY
from cases.rules.customers import Channel
from cases.rules.events import (
    ANSWERS,
    IMPORTABLE,
    Event,
    EventKind,
    Finding,
    Outcome,
    PanelDecision,
)
from cases.rules.periods import LONDON, london_day
from cases.rules.terms import ProcedureTerms, Stage

COLUMNS = (
    "reference",
    "procedure",
    "event",
    "occurred_at",
    "stage",
    "customer_name",
    "customer_category",
    "address",
    "email",
    "phone",
    "channel",
    "service_area",
    "category",
    "summary",
    "desired_outcome",
    "outcome",
    "amount",
    "new_due_on",
    "note",
)
REQUIRED = ("reference", "event", "occurred_at")
# What tells of the event; the other columns tell of the complaint.
EVENT_COLUMNS = (
    "event",
    "occurred_at",
    "stage",
    "channel",
    "outcome",
    "amount",
    "new_due_on",
    "note",
)
# A promise cannot be moved beyond this day: its reminders still have to find a working day.
LAST_DUE = date(2099, 12, 31)

CHANNELS = frozenset({*(each.value for each in Channel), "letter_elsewhere"})
_CHANNEL_WORDS = {
    "letter": "post",
    "telephone": "phone",
    "call": "phone",
    "e_mail": "email",
    "web": "online",
    "website": "online",
    "web_form": "online",
    "online_form": "online",
    "in_writing": "post",
    "face_to_face": "in_person",
    "home_visit": "visit",
}
_OUTCOME_WORDS = {"partially_upheld": "partly_upheld", "part_upheld": "partly_upheld"}
# Events whose outcome column carries another code, and the fact that keeps it.
CODE_FACTS = {
    EventKind.ESCALATION_REFUSED: "ground",
    EventKind.REFUSED: "ground",
    EventKind.REFERRED_ELSEWHERE: "to",
    EventKind.MERGED: "into_reference",
}
NEED_A_DAY = frozenset({EventKind.EXTENDED, EventKind.AGREED_DATE, EventKind.WINDOW_EXTENDED})
OUTCOMES = frozenset(each.value for each in Outcome)
DECISIONS = frozenset(each.value for each in PanelDecision)
FINDINGS = frozenset(each.value for each in Finding)
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class OldRow:
    """One event as a row tells it. `place` is its row in the file, the heading being row 1."""

    place: int
    kind: EventKind
    on: date
    at: datetime | None
    stage: str
    channel: str
    outcome: str
    amount: str
    new_due_on: date | None
    note: str

    @property
    def key(self) -> tuple[str, ...]:
        """Return what tells this event from others, whatever the stage it belongs to."""
        due = self.new_due_on.isoformat() if self.new_due_on else ""
        when = written_when(self.on, self.at)
        outcome = self.outcome.removeprefix("; ")
        return (self.kind.value, when, self.channel, outcome, self.amount, due, self.note)


def key_of(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Return the key of an event written as cells, to compare with `OldRow.key`."""
    told = {**cells, "outcome": cells["outcome"].removeprefix("; ")}
    return tuple(told[name] for name in EVENT_COLUMNS if name != "stage")


# Reading ------------------------------------------------------------------------------------


def read_row(place: int, cells: Mapping[str, str], terms: ProcedureTerms, *, today: date) -> OldRow:
    """Return the event that a row tells of.

    :raises RowUnreadable: with everything in it that makes no sense.
    """
    problems: list[str] = []

    def attempt(read: Callable[[str], _Read], name: str, otherwise: _Read) -> _Read:
        try:
            return read(cells.get(name, "").strip())
        except ComplaintError as error:
            problems.append(str(error))
            return otherwise

    kind = attempt(_kind, "event", EventKind.NOTED)
    unknown: tuple[date, datetime | None] = (today, None)
    on, at = attempt(lambda text: _when(text, today), "occurred_at", unknown)
    new_due_on = attempt(_due, "new_due_on", None)
    row = OldRow(
        place=place,
        kind=kind,
        on=on,
        at=at,
        stage=attempt(lambda text: _stage(text, terms), "stage", ""),
        channel=attempt(read_channel, "channel", ""),
        outcome=attempt(lambda text: _outcome(text, kind), "outcome", ""),
        amount=attempt(_amount, "amount", ""),
        new_due_on=new_due_on,
        note=tidy(cells.get("note", "")),
    )
    if kind in NEED_A_DAY and new_due_on is None and not problems:
        problems.append(f"{kind.value} needs new_due_on, the day it was moved to.")
    if problems:
        raise RowUnreadable(problems)
    return row


def tidy(text: str) -> str:
    """Return text as it is kept: line ends alike, no blank around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def plain_code(text: str) -> str:
    """Return a code as codes are written: lower case, underscores."""
    return re.sub(r"[\s\-_/]+", "_", text.strip().lower())


def _kind(text: str) -> EventKind:
    code = plain_code(text)
    if code not in {kind.value for kind in IMPORTABLE}:
        raise ComplaintError(f"“{text}” is not an event code.")
    return EventKind(code)


def _when(text: str, today: date) -> tuple[date, datetime | None]:
    moment = read_start(text)
    on, at = (london_day(moment), moment) if isinstance(moment, datetime) else (moment, None)
    if on > today:
        raise ComplaintError(f"{on:%-d %B %Y} is in the future.")
    if on < FIRST_DAY:
        raise ComplaintError(
            f"{on:%-d %B %Y} is before {FIRST_DAY.year}, where the calendar begins."
        )
    return on, at


def _stage(text: str, terms: ProcedureTerms) -> str:
    code = plain_code(text).replace("_", "-")
    if code and code not in terms.by_code:
        raise ComplaintError(f"{terms.code} has no stage “{text}”.")
    return code


def read_channel(text: str) -> str:
    """Return the code of a channel, told by its code or by a usual word for it.

    :raises ComplaintError: if it is not a channel.
    """
    code = plain_code(text)
    code = _CHANNEL_WORDS.get(code, code)
    if code and code not in CHANNELS:
        raise ComplaintError(
            f"“{text}” is not a channel. Use one of {', '.join(sorted(CHANNELS))}."
        )
    return code


def _due(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ComplaintError(f"new_due_on “{text}” is not a date such as 2026-12-24.") from None
    if not FIRST_DAY <= day <= LAST_DUE:
        raise ComplaintError(f"new_due_on {day:%-d %B %Y} lies outside the calendar.")
    return day


def _amount(text: str) -> str:
    if not text:
        return ""
    plain = text.replace("£", "").replace(",", "").strip()
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or len(plain) > 15:
        raise ComplaintError(f"“{text}” is not an amount of money such as 250.00.")
    return f"{amount:f}"


def _outcome(text: str, kind: EventKind) -> str:
    """Return what the outcome column says for this kind of event, in our codes.

    A hearing's letter may give the panel's decision and the outcome of the complaint, in that
    order: “changed; partly_upheld”.
    """
    if not text:
        return ""
    if kind is EventKind.DETERMINED:
        return _one_of(text, FINDINGS, "a finding of the Ombudsman")
    if kind is EventKind.MERGED:
        return text
    if kind in CODE_FACTS:
        code = plain_code(text)
        if not _CODE.fullmatch(code):
            raise ComplaintError(f"“{text}” is not a code.")
        return code
    if kind is EventKind.OUTCOME_SENT:
        return _hearing_outcome(text)
    return _one_of(text, OUTCOMES, "an outcome")


def _hearing_outcome(text: str) -> str:
    decision, separator, outcome = (part.strip() for part in text.partition(";"))
    if not separator:
        return _one_of(text, DECISIONS | OUTCOMES, "an outcome or a decision of a panel")
    decision = _one_of(decision, DECISIONS, "a decision of a panel") if decision else ""
    return f"{decision}; {_one_of(outcome, OUTCOMES, 'an outcome')}"


def _one_of(text: str, known: frozenset[str], what: str) -> str:
    code = plain_code(text)
    code = _OUTCOME_WORDS.get(code, code)
    by_code = {each.replace("-", "_"): each for each in known}
    if "re-investigate" in known and code.replace("_", "") in ("reinvestigate", "reinvestigated"):
        return "re-investigate"
    if code not in by_code:
        raise ComplaintError(f"“{text}” is not {what}. Use one of {', '.join(sorted(known))}.")
    return by_code[code]


def facts_of(row: OldRow, stage: Stage) -> dict[str, Any]:
    """Return the facts that the event carries in the stage it belongs to.

    :raises ComplaintError: if the outcome is none that this stage can have, or a day is moved in
        a stage that has none to move.
    """
    facts: dict[str, Any] = {"channel": row.channel} if row.channel else {}
    facts |= _outcome_facts(row, stage)
    if row.amount:
        facts["amount"] = row.amount
    if row.new_due_on is not None:
        facts[_day_fact(row)] = row.new_due_on.isoformat()
    if row.kind in (EventKind.EXTENDED, EventKind.AGREED_DATE):
        if stage.extendable is None:
            raise ComplaintError(
                f"{stage.name} has no response or resolution whose day {row.kind.value} could move."
            )
        facts["timescale"] = stage.extendable.code
    return facts


def _outcome_facts(row: OldRow, stage: Stage) -> dict[str, str]:
    if not row.outcome:
        return {}
    if row.kind is EventKind.DETERMINED:
        return {"finding": row.outcome}
    if row.kind in CODE_FACTS:
        return {CODE_FACTS[row.kind]: row.outcome}
    decision, separator, outcome = (part.strip() for part in row.outcome.partition(";"))
    if not separator and row.kind is EventKind.OUTCOME_SENT and _decides(stage, decision):
        return {"panel_decision": decision}
    if not separator:
        decision, outcome = "", decision
    if decision and not _decides(stage, decision):
        raise ComplaintError(f"The panel of {stage.name} takes no decision “{decision}”.")
    if outcome not in OUTCOMES:
        raise ComplaintError(f"“{outcome}” is not an outcome of {stage.name}.")
    return {"outcome": outcome} | ({"panel_decision": decision} if decision else {})


def _decides(stage: Stage, decision: str) -> bool:
    return stage.panel is not None and decision in {each.value for each in stage.panel.decisions}


def _day_fact(row: OldRow) -> str:
    """Return the fact that keeps the day in the column new_due_on."""
    if row.kind is EventKind.HEARING_ARRANGED:
        return "hearing_on"
    if row.kind in ANSWERS and row.channel == "post":
        # A letter that went to the post later than it was written.
        return "posted_on"
    return "new_due_on"


# Writing ------------------------------------------------------------------------------------


def written_when(on: date, at: datetime | None) -> str:
    """Return the instant in London time where it is known and of that day, else the day."""
    if at is None or london_day(at) != on:
        return on.isoformat()
    local = at.astimezone(LONDON)
    return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")


def event_cells(event: Event, terms: ProcedureTerms, words: Mapping[str, str]) -> dict[str, str]:
    """Return the event as the cells of a row that reads back as the same event."""
    facts = event.facts
    stage = event.stage or (terms.first_stage if event.kind is EventKind.RECEIVED else "")
    days = [facts.get(name) for name in ("hearing_on", "posted_on", "new_due_on")]
    return {
        "event": event.kind.value,
        "occurred_at": written_when(event.on, event.at),
        "stage": stage,
        "channel": str(facts.get("channel") or ""),
        "outcome": _written_outcome(event, terms),
        "amount": str(facts.get("amount") or ""),
        "new_due_on": next((str(day) for day in days if day), ""),
        "note": written_words(words),
    }


def _written_outcome(event: Event, terms: ProcedureTerms) -> str:
    facts = event.facts
    if event.kind is EventKind.DETERMINED:
        return str(facts.get("finding") or "")
    if event.kind in CODE_FACTS:
        return str(facts.get(CODE_FACTS[event.kind]) or "")
    decision = str(facts.get("panel_decision") or "")
    outcome = str(facts.get("outcome") or "")
    if decision and outcome:
        return f"{decision}; {outcome}"
    stage = terms.by_code.get(event.stage)
    reads_as_decision = event.kind is EventKind.OUTCOME_SENT and stage and _decides(stage, outcome)
    return f"; {outcome}" if reads_as_decision else decision or outcome


def written_words(words: Mapping[str, str]) -> str:
    """Return the words of an event as one note; where there are several, each with its name."""
    parts = {name: tidy(text) for name, text in sorted(words.items()) if tidy(text)}
    if len(parts) == 1:
        return next(iter(parts.values()))
    return "\n\n".join(f"{name.replace('_', ' ')}: {text}" for name, text in parts.items())
