"""A complaint as its customer sees it: where it stands, what comes next, and why on that day.

No notes, no names but that of the officer in charge, and nothing of anybody else.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import (
    Complaint,
    Delivery,
    Letter,
    Level,
    OutsideBodyDetails,
    RecordedEvent,
    TrackingVisit,
)
from cases.rules.acts import Act
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.explanation import explain
from cases.rules.letters import LetterKind
from cases.rules.next_steps import stage_name
from cases.rules.own_words import WITHOUT_WORDS, own_words, plain
from cases.rules.periods import Unit, london_day
from cases.rules.permissions import permission
from cases.rules.requests import request_is_in_time
from cases.rules.state import CaseState, Deadline, Status, Visit
from cases.rules.terms import ProcedureTerms, Route
from cases.selectors.case_history import CaseHistory, history_of
from cases.selectors.procedure_told import period_words
from cases.selectors.promises import ToldOffer, ToldPromise, told_offers, told_promises
from cases.selectors.speaking import ours
from feedback.rules.promises import NextStep, told_step

DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: done on a day, under way, or still to come."""

    words: str
    state: str
    on: date | None = None

    @property
    def state_words(self) -> str:
        """Return how far it is, for people."""
        return {DONE: _("Done"), NOW: _("Now"), LATER: _("Later")}[self.state]


@dataclass(frozen=True, slots=True)
class Due:
    """What the landlord will have done by a day, and why by that day."""

    by: date
    step: NextStep
    is_late: bool
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that went to the customer, and from which stage."""

    number: int
    words: str
    on: date
    stage: str
    encloses_policy: bool = False


@dataclass(frozen=True, slots=True)
class SentPapers:
    """The papers for a hearing that were sent: the event that sent them, and how many pages."""

    number: int
    pages: int
    on: date


@dataclass(frozen=True, slots=True)
class Addition:
    """What whoever visits added by themselves on a day: words, and so many files."""

    on: date
    has_words: bool
    files: int


@dataclass(frozen=True, slots=True)
class NextStage:
    """The stage that the customer can ask for now, until when, and whether it is late already."""

    name: str
    until: date | None
    is_late: bool
    reasons_required: bool


@dataclass(frozen=True, slots=True)
class Tracked:
    """Everything that the page shows."""

    complaint: Complaint
    where: str
    # Where it stands with the Ombudsman, or nothing.
    outside: str
    steps: Sequence[Step]
    dues: Sequence[Due]
    hearing_on: date | None
    next_stage: NextStage | None
    can_withdraw: bool
    letters: Sequence[SentLetter]
    papers: Sequence[SentPapers]
    promised: Sequence[ToldPromise]
    offers: Sequence[ToldOffer]
    ombudsman: Sequence[str]
    # Others whom the procedure names, as it calls them, each with their details of today.
    designated: Sequence[tuple[str, Sequence[str]]]
    words: str
    added: Sequence[Addition]
    today: date

    @property
    def can_speak_up(self) -> bool:
        """Say whether it is still open."""
        return self.complaint.is_open


def tracked(complaint: Complaint, *, today: date, visit: TrackingVisit) -> Tracked:
    """Return the complaint for whoever visits it, its customer or another follower. Three queries.

    Others than the customer see none of the customer's own words.
    """
    history = history_of(complaint)
    state, terms = history.state, history.terms
    bodies = OutsideBodyDetails.objects.all_on(today)
    ombudsman = bodies.get("ombudsman")
    return Tracked(
        complaint=complaint,
        where=_where(state, terms),
        outside=_outside(state),
        steps=list(_steps(state, terms)),
        dues=list(_dues(history, today)),
        hearing_on=state.hearing_to_come_on,
        next_stage=next_stage_of(history, today=today),
        can_withdraw=not _is_final(state, terms)
        and permission(Act.WITHDRAW, state, terms, today).is_allowed,
        letters=[_letter(each, history) for each in letters_sent(visit)],
        # The papers hold what the customer sent in: they are for the customer alone.
        papers=[SentPapers(e.number, e.facts["pages"], e.on) for e in papers_sent(history)]
        if visit.is_customers
        else [],
        promised=told_promises(history),
        offers=told_offers(history, today=today),
        ombudsman=tuple(ombudsman.lines) if ombudsman else (),
        designated=[
            (ours(body.name), tuple(bodies[body.code].lines))
            for body in terms.outside_bodies
            if body.code != "ombudsman" and body.code in bodies
        ],
        # Whoever looks over the customer’s shoulder learns nothing of what is sensitive.
        words=own_words(complaint.summary)
        if complaint.level == Level.NORMAL and visit.is_customers
        else "",
        added=list(_added(history, visit)),
        today=today,
    )


def _added(history: CaseHistory, visit: TrackingVisit) -> Iterator[Addition]:
    """Yield what whoever visits added here, a line for each time they sent something."""
    events = history.state.events
    files = Counter(e.facts.get("page") for e in events if e.kind is EventKind.FILE_ADDED)
    for event in events:
        page = event.facts.get("page")
        if event.kind is not EventKind.NOTED or page is None:
            continue
        if event.facts.get("by_speaker") != visit.speaker_id or visit.joint_id is not None:
            continue
        words = history.parts(event.number).get("added", "")
        yield Addition(event.on, words not in ("", WITHOUT_WORDS), files[page])


def next_stage_of(history: CaseHistory, *, today: date) -> NextStage | None:
    """Return the stage that the customer may ask for on a day, or nothing."""
    state, terms = history.state, history.terms
    if not permission(Act.ESCALATE, state, terms, today).is_allowed:
        return None
    route = terms.stage(state.stage).customer_route
    if route is None:
        return None
    return NextStage(
        name=terms.stage(route.to).name,
        until=history.complaint.window_until,
        is_late=not request_is_in_time(state, today),
        reasons_required=route.reasons_required,
    )


def was_asked_with(complaint: Complaint, reasons: str) -> bool:
    """Say whether the last request for a next stage gave these reasons. One query."""
    asked = RecordedEvent.objects.filter(
        complaint=complaint, kind=EventKind.ESCALATION_REQUESTED.value
    )
    last = asked.order_by("-number").values_list("words__parts", flat=True)[:1]
    # Whoever gave none left no words.
    return any(plain((parts or {}).get("reasons", "")) == plain(reasons) for parts in last)


def letters_sent(visit: TrackingVisit) -> "list[Letter]":
    """Return the letters that went to whoever visits, the newest first. One query.

    One on paper is here once it was posted; an e-mail that could not be delivered is not. What was
    written while the complaint was recorded as somebody else's went to them.
    """
    complaint = visit.complaint
    went = Q(channel="post", posted_on__isnull=False) | Q(
        channel="email", message__state__in=[Delivery.QUEUED, Delivery.SENDING, Delivery.SENT]
    )
    corrected = RecordedEvent.objects.filter(
        complaint=complaint,
        kind=EventKind.CORRECTED.value,
        facts__changes__customer__isnull=False,
        number__gt=OuterRef("event_number"),
    )
    letters = Letter.objects.filter(went, ~Exists(corrected), complaint=complaint)
    ours = letters.filter(copy_of=None, to_speaker=None).filter(
        Q(to_customer=None) | Q(to_customer=complaint.customer_id)
    )
    if visit.speaker is not None:
        ours = letters.filter(to_speaker=visit.speaker)
    elif visit.joint is not None:
        ours = letters.filter(copy_of__isnull=False, to_customer=visit.joint.customer_id)
    return list(ours.select_related("complaint", "issued_by").order_by("-pk"))


def papers_sent(history: CaseHistory) -> list[Event]:
    """Return the sendings of papers made here that stand, the newest first.

    What was sent while the complaint was recorded as somebody else's went to them.
    """
    events = history.state.events
    other = max(
        (
            event.number
            for event in events
            if event.kind is EventKind.CORRECTED and "customer" in event.facts.get("changes", {})
        ),
        default=0,
    )
    undone = {event.facts.get("target") for event in events if event.kind is EventKind.RETRACTED}
    return [
        event
        for event in reversed(events)
        if event.kind is EventKind.PAPERS_SENT
        and "sha256" in event.facts
        and event.number > other
        and event.number not in undone
    ]


def _letter(letter: Letter, history: CaseHistory) -> SentLetter:
    on = letter.posted_on or london_day(letter.issued_at)
    stages = {event.number: event.stage for event in history.state.events}
    stage = stages.get(letter.event_number)
    named = ours(stage_name(history.terms, stage)) if stage else ""
    return SentLetter(
        letter.event_number, LetterKind(letter.kind).words, on, named, letter.encloses_policy
    )


def _is_final(state: CaseState, terms: ProcedureTerms) -> bool:
    """Say whether the last stage is answered: then there is nothing left to withdraw."""
    return state.status is Status.ANSWERED and terms.stage(state.stage).customer_route is None


def _outside(state: CaseState) -> str:
    """Return that the Ombudsman has it, or decided about it; nothing otherwise."""
    if state.determined_on:
        told = {"day": date_format(state.determined_on, "j F Y")}
        return _("The Housing Ombudsman decided about your complaint on %(day)s.") % told
    if state.referred_to_ombudsman_on:
        told = {"day": date_format(state.referred_to_ombudsman_on, "j F Y")}
        return _("Your complaint has been with the Housing Ombudsman since %(day)s.") % told
    return ""


def _where(state: CaseState, terms: ProcedureTerms) -> str:
    """Return where the complaint stands, in a sentence."""
    stage = ours(stage_name(terms, state.stage))
    match state.status:
        case Status.RECEIVED:
            return _("We have your complaint and have begun with it.")
        case Status.INVESTIGATING:
            return _("We are looking into your complaint: %(stage)s.") % {"stage": stage}
        case Status.AWAITING_DECISION:
            return _("You have asked for %(stage)s. We are deciding about it.") % {"stage": stage}
        case Status.ANSWERED:
            return _("We have answered your complaint: %(stage)s.") % {"stage": stage}
    if state.closed_as == "withdrawn":
        return _("You have withdrawn your complaint, and it is closed.")
    return _("Your complaint is closed.")


def _steps(state: CaseState, terms: ProcedureTerms) -> Iterator[Step]:
    yield Step(_("We received your complaint"), DONE, state.received_on)
    confirmed = _("We confirmed what you told us")
    if state.acknowledged_on:
        yield Step(confirmed, DONE, state.acknowledged_on)
    elif state.is_open and state.status is Status.RECEIVED:
        yield Step(confirmed, NOW)
    is_begun = bool(state.acknowledged_on) or state.status is not Status.RECEIVED
    for visit in state.visits:
        if not visit.is_void:
            yield _stay(visit, state, terms, is_begun=is_begun)
    if state.closed_on:
        yield Step(_("Your complaint was closed"), DONE, state.closed_on)
    elif (route := _way_on(state, terms)) is not None:
        yield Step(_next(terms, route), LATER)


def _stay(visit: Visit, state: CaseState, terms: ProcedureTerms, *, is_begun: bool) -> Step:
    name = ours(stage_name(terms, visit.stage))
    if visit.answered_on:
        return Step(_("%(stage)s: we answered") % {"stage": name}, DONE, visit.answered_on)
    if visit.ended_on or not state.is_open:
        return Step(_("%(stage)s: ended") % {"stage": name}, DONE, visit.ended_on)
    if visit.is_pending:
        return Step(_("%(stage)s: you asked for it") % {"stage": name}, NOW, visit.asked_on)
    words = _("%(stage)s: we look into it and answer") % {"stage": name}
    return Step(words, NOW if is_begun else LATER)


def _way_on(state: CaseState, terms: ProcedureTerms) -> Route | None:
    stage = terms.stage(state.stage)
    return stage.customer_route or next(iter(stage.routes), None)


def _next(terms: ProcedureTerms, route: Route) -> str:
    name = ours(stage_name(terms, route.to))
    if route.by_customer:
        return _("%(stage)s: if you are not happy with our answer") % {"stage": name}
    return _("%(stage)s: if we cannot put it right at once") % {"stage": name}


def _dues(history: CaseHistory, today: date) -> Iterator[Due]:
    """Yield what was promised and is not done yet, the soonest first."""
    if not history.state.is_open:
        return
    for deadline in history.state.live_deadlines:
        step = told_step(deadline, history.terms.stage(deadline.stage))
        if step is not None:
            why = _why(deadline, history)
            yield Due(step.by, step, step.by < today, why)


def _why(deadline: Deadline, history: CaseHistory) -> list[str]:
    """Return why it is that day, without the marks that colleagues know a rule by."""
    calendar: WorkingCalendar = history.editions[deadline.calendar]
    found = explain(deadline, history.terms, history.complaint.procedure_version.number, calendar)
    told = [
        _("Our procedure gives us %(period)s for this.") % {"period": period_words(deadline.period)}
    ]
    if deadline.anchor is not None:
        day = {"day": _day(deadline.anchor.on)}
        told.append(_("We count from %(day)s, which is day 0.") % day)
    if deadline.period.unit is Unit.WORKING_DAYS:
        told.append(_("Saturdays and Sundays do not count."))
    for line in found.counting.days if found.counting else ():
        if line.skipped_because and line.day.weekday() < 5:
            told.append(
                _("%(day)s does not count: %(why)s.")
                % {"day": _day(line.day), "why": ours(line.skipped_because)}
            )
    for new in deadline.new_days:
        told.append(
            _("We moved it to %(day)s, and told you on %(told)s.")
            % {"day": _day(new.due_on), "told": _day(new.told_on)}
        )
    return told


def _day(day: date) -> str:
    return date_format(day, "D j M Y")
