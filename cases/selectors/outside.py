"""What happened to a complaint outside the landlord, and what was offered before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cases.rules.events import ANSWERS, Event, EventKind, Finding
from cases.rules.foresight import in_full
from cases.rules.promises import PromiseKind
from cases.rules.state import CaseState
from cases.rules.timeline import Entry
from cases.rules.timeline_words import THEIR_REFERENCE
from cases.selectors.case_deadlines import DeadlineLine
from cases.selectors.case_history import CaseHistory
from cases.selectors.case_page import CasePage
from cases.selectors.promises import PromiseLine

# What the page tells in the words of the record.
TOLD = frozenset(
    {
        EventKind.REFERRED_TO_OMBUDSMAN,
        EventKind.DESIGNATED_PERSON,
        EventKind.DETERMINED,
    }
)


@dataclass(frozen=True, slots=True)
class Issue:
    """What the Ombudsman found on one issue."""

    words: str
    finding: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the Ombudsman had decided before it was changed on review: when, and the finding."""

    on: date
    finding: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What was offered or ordered, when last and by whom; `more` than by the one before.

    Of one stage it is all that it offered and the customer did not refuse, and of what was refused
    the last.
    """

    who: str
    on: date
    amount: Decimal
    more: Decimal | None


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything about a complaint that happened outside the landlord."""

    # The number under which the Ombudsman keeps it, or nothing.
    their_reference: str
    windows: list[DeadlineLine]
    owed: list[PromiseLine]
    decided_on: date | None
    # What the Ombudsman found on the whole, or nothing.
    finding: str
    issues: list[Issue]
    # What was decided before that was changed on review, the oldest first.
    earlier: list[Earlier]
    offers: list[Offer]
    entries: list[Entry]


def outside_of(page: CasePage) -> Outside:
    """Return what happened outside the landlord, without a query."""
    events = page.history.state.events
    owed = [each for each in page.promises if each.is_to_ombudsman]
    about = {each.number for each in owed}
    told = {
        event.number
        for event in events
        if event.kind in TOLD or about & {event.number, event.facts.get("promise", 0)}
    }
    decided = [event for event in events if event.kind is EventKind.DETERMINED]
    bodies = {body.code for body in page.history.terms.outside_bodies}
    return Outside(
        their_reference=their_reference(page.history),
        windows=[
            line
            for line in page.deadlines
            if line.deadline.is_window
            and line.due_on is not None
            and line.deadline.code.rsplit("-", 1)[0] in bodies
        ],
        owed=owed,
        decided_on=page.history.state.determined_on,
        finding=_finding_of(decided[-1]) if decided else "",
        issues=_issues(page, decided),
        earlier=[Earlier(each.on, _finding_of(each)) for each in decided[:-1]],
        offers=_offers(events, page.lookup.stages),
        entries=[entry for entry in page.entries[::-1] if entry.number in told],
    )


def with_the_ombudsman(state: CaseState) -> str:
    """Return that the complaint is with the Ombudsman, or was decided there; nothing otherwise."""
    if day := state.determined_on:
        return f"The Housing Ombudsman decided on {in_full(day)}."
    if day := state.referred_to_ombudsman_on:
        return f"It has been with the Housing Ombudsman since {in_full(day)}."
    return ""


def their_reference(history: CaseHistory) -> str:
    """Return the number under which the Ombudsman keeps a complaint, as last given, if any."""
    given = (
        history.parts(event.number).get(THEIR_REFERENCE, "") for event in history.state.events[::-1]
    )
    return next((number for number in given if number), "")


def _finding_of(decision: Event) -> str:
    """Return what the Ombudsman found on the whole complaint, in words."""
    known = {each.value: each.words for each in Finding}
    code = str(decision.facts.get("finding", ""))
    return known.get(code, code)


def _issues(page: CasePage, decided: Sequence[Event]) -> list[Issue]:
    """Return what was found on each issue by the decision that counts."""
    if not decided:
        return []
    parts = page.history.parts(decided[-1].number)
    codes = decided[-1].facts.get("issues", [])
    return [
        Issue(parts.get(f"issue_{place}", f"Issue {place}"), Finding(code).words)
        for place, code in enumerate(codes, start=1)
    ]


def _offers(events: tuple[Event, ...], stages: Mapping[str, str]) -> list[Offer]:
    """Return what each stage offered and what the Ombudsman ordered, each beside the one before."""
    declined = {
        event.facts.get("award")
        for event in events
        if event.kind is EventKind.COMPENSATION_ANSWERED and not event.facts.get("accepted")
    }
    # An answer that offers what was approved is followed by the offers themselves. Of history
    # that was brought in there is the answer alone.
    detailed = {e.stage for e in events if e.kind is EventKind.COMPENSATION_OFFERED}
    told: dict[str, list[Event]] = {}
    for event in events:
        is_repeated = event.kind in ANSWERS and event.stage in detailed
        if Decimal(event.facts.get("amount") or 0) and not is_repeated:
            told.setdefault(_who(event, stages), []).append(event)
    found: list[Offer] = []
    for who, offers in told.items():
        if not who:
            continue
        last = offers[-1]
        standing = [each for each in offers if each.facts.get("award") not in declined]
        adds_up = last.kind is EventKind.COMPENSATION_OFFERED or _is_order(last)
        amount = _sum_of(standing) if adds_up and standing else _sum_of([last])
        found.append(Offer(who, last.on, amount, amount - found[-1].amount if found else None))
    return found


def _sum_of(events: list[Event]) -> Decimal:
    return sum((Decimal(each.facts["amount"]) for each in events), Decimal(0))


def _who(event: Event, stages: Mapping[str, str]) -> str:
    if event.kind in ANSWERS | {EventKind.COMPENSATION_OFFERED}:
        return stages.get(event.stage, event.stage)
    if event.kind is EventKind.DETERMINED:
        return "Housing Ombudsman"
    return "Housing Ombudsman, by order" if _is_order(event) else ""


def _is_order(event: Event) -> bool:
    return event.facts.get("kind") == PromiseKind.ORDER
