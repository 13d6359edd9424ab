"""What the events amount to, stored for reading fast. Nothing else writes these columns."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cases.models import Complaint, Deadline, Editions, PointOfComplaint, StageTransition
from cases.operations.inserting import insert
from cases.rules import state as rules
from cases.rules.awards import Award
from cases.rules.awards import waiting as awards_waiting
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.promises import reminders_of
from cases.rules.state import CaseState
from cases.rules.terms import ProcedureTerms
from cases.rules.windows import WINDOW

COMPLAINT_FIELDS = (
    "status",
    "stage",
    "visit",
    "is_open",
    "received_on",
    "stage_began_on",
    "acknowledged_on",
    "answered_on",
    "closed_on",
    "closed_as",
    "outcome",
    "panel_decision",
    "ombudsman_on",
    "determined_on",
    "next_due_on",
    "next_due",
    "next_due_from",
    "next_due_binds",
    "hearing_on",
    "window_until",
    "promise_due_on",
    "given_on",
    "award_waiting",
    "award_by_id",
    "offer_waiting",
    "offer_by_id",
    "responsible_officer_id",
    "service_area_id",
    "needs_triage",
)
# The steps of compensation that come before the customer is told of it.
_BEFORE_OFFER = (EventKind.COMPENSATION_DECIDED, EventKind.COMPENSATION_OFFERED)
DEADLINE_FIELDS = (
    "words",
    "period",
    "anchor_event",
    "anchor_on",
    "original_due_on",
    "due_on",
    "met_on",
    "state",
    "binds",
    "is_window",
    "is_provisional",
    "calendar",
    "avoidable",
    "promise",
    "keeper_id",
    "team_id",
)
# While these are the same, the reminders sent so far are those of the promise as it stands.
REMINDED_BY = ("due_on", "calendar", "state")
POINT_FIELDS = ("place", "defined_by", "finding", "found_by")
TRANSITION_FIELDS = ("from_stage", "to_stage", "visit", "on", "by_id", "why")


def save_projection(complaint: Complaint, state: CaseState, terms: ProcedureTerms) -> None:
    """Write what the state amounts to: the complaint's columns, its moves, its deadlines.

    Costs one update of the complaint, one read of its deadlines, and one write for each kind of
    row that changed.
    """
    save_columns(complaint, state, terms)
    save_deadlines([(complaint, state)])
    save_transitions([(complaint, state)])
    save_points(complaint, state)


def save_columns(complaint: Complaint, state: CaseState, terms: ProcedureTerms) -> None:
    """Write the complaint's own columns as the state has them."""
    set_columns(complaint, state, terms)
    complaint.save(update_fields=[*COMPLAINT_FIELDS, "version", "last_event_at", "register"])


def start_projection(complaint: Complaint, state: CaseState) -> None:
    """Write the deadlines, the moves and the points of a new complaint, of which none are there.

    Its columns are written with it. One query for each kind of row.
    """
    insert(*deadline_rows(complaint, state))
    insert(*transition_rows(complaint, state))
    insert(*point_rows(complaint, state))


def set_columns(complaint: Complaint, state: CaseState, terms: ProcedureTerms) -> None:
    """Give a loaded complaint the columns that the state has, without writing it."""
    for name, value in complaint_columns(state, terms).items():
        setattr(complaint, name, value)


def complaint_columns(state: CaseState, terms: ProcedureTerms) -> dict[str, Any]:
    """Return the complaint's columns as the state has them."""
    live = [each for each in state.live_deadlines if each.due_on is not None]
    promised = state.open_promises
    soonest = live[0] if live else None
    window = state.deadline(state.stage, WINDOW, state.visit)
    waiting = window and window.state is rules.DeadlineState.OPEN
    award, offer = (_first(state, kind) for kind in _BEFORE_OFFER)
    return {
        "status": state.status.value,
        "stage": state.stage,
        "visit": state.visit,
        "is_open": state.is_open,
        "received_on": state.received_on,
        "stage_began_on": state.current.began_on,
        "acknowledged_on": state.acknowledged_on,
        "answered_on": state.answered_on,
        "closed_on": state.closed_on,
        "closed_as": state.closed_as,
        "outcome": state.outcome.value if state.outcome else "",
        "panel_decision": state.panel_decision.value if state.panel_decision else "",
        "ombudsman_on": state.referred_to_ombudsman_on,
        "determined_on": state.determined_on,
        "next_due_on": soonest.due_on if soonest else None,
        "next_due": soonest.code if soonest else "",
        "next_due_from": soonest.anchor.on if soonest and soonest.anchor else None,
        "next_due_binds": soonest.binds.value if soonest and soonest.binds else "",
        "hearing_on": state.hearing_to_come_on,
        "window_until": window.due_on if window and waiting else None,
        "promise_due_on": promised[0].due_on if promised else None,
        "given_on": state.given_on,
        "award_waiting": award.amount if award else None,
        "award_by_id": award.proposed_by if award else None,
        "offer_waiting": offer.amount if offer else None,
        "offer_by_id": offer.proposed_by if offer else None,
        "responsible_officer_id": state.officer,
        "service_area_id": state.area,
        "needs_triage": state.needs_triage,
    }


def _first(state: CaseState, kind: EventKind) -> Award | None:
    """Return the first compensation that waits for a step."""
    return next(iter(awards_waiting(state.awards, kind)), None)


def deadline_rows(complaint: Complaint, state: CaseState) -> list[Deadline]:
    """Return the rows for the deadlines, with what was said where one was kept late (HH-29)."""
    said = {each.number: each.facts["avoidable"] for each in state.events if _says_why(each)}
    rows = [deadline_row(complaint, each) for each in state.deadlines]
    for row, deadline in zip(rows, state.deadlines, strict=True):
        if deadline.state is rules.DeadlineState.MET_LATE:
            row.avoidable = said.get(deadline.met_by or 0, "")
    return rows


def _says_why(event: Event) -> bool:
    return event.facts.get("avoidable") in {"yes", "no"}


def deadline_row(complaint: Complaint, deadline: rules.Deadline) -> Deadline:
    """Return the row for one deadline, its first reminder still to come."""
    return Deadline(
        complaint=complaint,
        stage=deadline.stage,
        visit=deadline.visit,
        code=deadline.code,
        words=deadline.words[:120],
        period=str(deadline.period),
        anchor_event=deadline.anchor.label if deadline.anchor else "",
        anchor_on=deadline.anchor.on if deadline.anchor else None,
        original_due_on=deadline.original_due_on,
        due_on=deadline.due_on,
        met_on=deadline.met_on,
        state=deadline.state.value,
        binds=deadline.binds.value if deadline.binds else "",
        is_window=deadline.is_window,
        is_provisional=deadline.provisional,
        calendar=deadline.calendar,
        promise=deadline.promise,
        keeper_id=deadline.keeper,
        team_id=deadline.team,
        next_reminder_on=first_reminder_on(deadline, Editions()[deadline.calendar]),
    )


def first_reminder_on(deadline: rules.Deadline, calendar: WorkingCalendar) -> date | None:
    """Return the first day on which somebody is to be reminded, even if it has passed."""
    days = reminder_days(deadline, calendar)
    return min(days, default=None)


def reminder_days(deadline: rules.Deadline, calendar: WorkingCalendar) -> list[date]:
    """Return the days on which somebody is to be reminded of a live deadline."""
    if not deadline.is_live or deadline.due_on is None:
        return []
    return [
        calendar.add_working_days(deadline.due_on, reminder.days)
        for reminder in reminders_of(deadline)
    ]


def save_deadlines(told: Sequence[tuple[Complaint, CaseState]]) -> None:
    """Write the deadlines of complaints as their states have them.

    However many complaints there are, it costs one statement for each kind of change, and a read
    of each one's deadlines unless they are prefetched.
    """
    new: list[Deadline] = []
    changed: list[Deadline] = []
    gone: list[int] = []
    for complaint, state in told:
        stored = {(d.stage, d.visit, d.code): d for d in complaint.deadlines.all()}
        for row in deadline_rows(complaint, state):
            old = stored.pop((row.stage, row.visit, row.code), None)
            if old is None:
                new.append(row)
            elif _differs(old, row, DEADLINE_FIELDS):
                changed.append(_replaced(old, row))
        gone += [row.pk for row in stored.values()]
    if new:
        Deadline.objects.bulk_create(new)
    if changed:
        Deadline.objects.bulk_update(changed, [*DEADLINE_FIELDS, "next_reminder_on"])
    if gone:
        Deadline.objects.filter(pk__in=gone).delete()


def _replaced(old: Deadline, row: Deadline) -> Deadline:
    """Return the new row in the place of the old one."""
    row.pk = old.pk
    if not _differs(old, row, REMINDED_BY):
        # The same promise for the same day: what was sent stays sent.
        row.next_reminder_on = old.next_reminder_on
    return row


def save_transitions(told: Sequence[tuple[Complaint, CaseState]]) -> None:
    """Write the moves of complaints as their states have them, at the cost of `save_deadlines`."""
    new: list[StageTransition] = []
    gone: list[int] = []
    for complaint, state in told:
        wanted = {row.event_number: row for row in transition_rows(complaint, state)}
        for row in complaint.transitions.all():
            if _differs(row, wanted.get(row.event_number), TRANSITION_FIELDS):
                gone.append(row.pk)
            else:
                del wanted[row.event_number]
        new += wanted.values()
    if gone:
        StageTransition.objects.filter(pk__in=gone).delete()
    if new:
        StageTransition.objects.bulk_create(new)


def transition_rows(complaint: Complaint, state: CaseState) -> list[StageTransition]:
    """Return the rows for the moves between stages."""
    return [
        StageTransition(
            complaint=complaint,
            event_number=move.number,
            from_stage=move.from_stage,
            to_stage=move.to_stage,
            visit=move.visit,
            on=move.on,
            by_id=move.actor,
            why=move.why,
        )
        for move in state.transitions
    ]


def save_points(complaint: Complaint, state: CaseState) -> None:
    """Write the points of a complaint as its state has them.

    A complaint that ever had points keeps some: without any there is nothing to read or write.
    """
    if not state.points:
        return
    stored = {row.number: row for row in complaint.points.all()}
    for row in point_rows(complaint, state):
        old = stored.pop(row.number, None)
        if old is None:
            row.save(force_insert=True)
        elif _differs(old, row, POINT_FIELDS):
            row.pk = old.pk
            row.save(update_fields=POINT_FIELDS)
    if stored:
        PointOfComplaint.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()


def point_rows(complaint: Complaint, state: CaseState) -> list[PointOfComplaint]:
    """Return the rows for the points."""
    return [
        PointOfComplaint(
            complaint=complaint,
            number=point.number,
            place=place,
            defined_by=point.defined_by,
            finding=point.finding.value if point.finding else "",
            found_by=point.found_by,
        )
        for place, point in enumerate(state.points, start=1)
    ]


def _differs(one: Any, other: Any, fields: tuple[str, ...]) -> bool:
    return other is None or any(getattr(one, name) != getattr(other, name) for name in fields)


def differences(complaint: Complaint, state: CaseState, terms: ProcedureTerms) -> list[str]:
    """Return where the stored projection is not what the events amount to, a line each."""
    found = [
        f"{complaint.reference}: {name} is {getattr(complaint, name)!r}, not {value!r}"
        for name, value in complaint_columns(state, terms).items()
        if getattr(complaint, name) != value
    ]
    stored = {(d.stage, d.visit, d.code): d for d in complaint.deadlines.all()}
    for row in deadline_rows(complaint, state):
        old = stored.pop((row.stage, row.visit, row.code), None)
        if old is None or _differs(old, row, DEADLINE_FIELDS):
            found.append(f"{complaint.reference}: deadline {row.stage} {row.visit} {row.code}")
    found += [f"{complaint.reference}: deadline {key} should not be there" for key in stored]
    moves = {row.event_number: row for row in complaint.transitions.all()}
    for wanted in transition_rows(complaint, state):
        old_move = moves.pop(wanted.event_number, None)
        if old_move is None or _differs(old_move, wanted, TRANSITION_FIELDS):
            found.append(f"{complaint.reference}: move of event {wanted.event_number}")
    found += [f"{complaint.reference}: move of event {key} is extra" for key in moves]
    return found + _point_differences(complaint, state)


def _point_differences(complaint: Complaint, state: CaseState) -> list[str]:
    points = {row.number: row for row in complaint.points.all()}
    found = []
    for row in point_rows(complaint, state):
        old = points.pop(row.number, None)
        if old is None or _differs(old, row, POINT_FIELDS):
            found.append(f"{complaint.reference}: point {row.number}")
    return found + [f"{complaint.reference}: point {key} is extra" for key in points]
