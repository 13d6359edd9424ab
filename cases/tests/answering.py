"""Acknowledging and answering in tests that are about something else than the points."""

from dataclasses import replace
from typing import Any

from cases.models import Complaint, RecordedEvent
from cases.operations import stage_acts
from cases.operations.points import Definition, Judgement, PointFinding
from cases.operations.stage_acts import Answer
from cases.rules.events import EventKind
from cases.rules.letter_parts import defines_points

A_POINT = Definition(
    [(None, "The lift has been out of order.")], is_all_ours=True, is_sought_unsaid=True
)


def acknowledge(*, complaint_id: int, **details: Any) -> Complaint:
    """Acknowledge, with one point where the procedure asks for one and nobody gave any."""
    if "definition" not in details and not points_of(complaint_id):
        complaint = Complaint.objects.get(pk=complaint_id)
        if defines_points(complaint.procedure_version.terms.stage(complaint.stage)):
            details["definition"] = A_POINT
    return stage_acts.acknowledge(complaint_id=complaint_id, **details)


def respond(*, complaint_id: int, answer: Answer, **details: Any) -> Complaint:
    """Answer, with a finding about each point where nobody gave any."""
    points = points_of(complaint_id)
    if points and not answer.judgement.findings and answer.outcome is not None:
        findings = [
            PointFinding(number, answer.outcome, "The log of the lift shows it.")
            for number in points
        ]
        answer = replace(answer, judgement=Judgement(findings))
    return stage_acts.respond(complaint_id=complaint_id, answer=answer, **details)


def points_of(complaint_id: int) -> list[int]:
    """Return the numbers of the points as they were set out last."""
    told = RecordedEvent.objects.filter(
        complaint_id=complaint_id, kind=EventKind.POINTS_DEFINED.value
    )
    last = told.order_by("-number").first()
    return [] if last is None else list(last.facts["points"])
