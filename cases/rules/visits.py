"""What happened in one stay in a stage."""

from dataclasses import dataclass, field
from datetime import date

from cases.rules.events import Event, EventKind
from cases.rules.state import Hearing
from cases.rules.terms import Stage

# Ends of a complaint that leave its promises without effect.
VOIDING = frozenset(
    {
        EventKind.WITHDRAWN,
        EventKind.REFERRED_ELSEWHERE,
        EventKind.REFUSED,
        EventKind.ANNULLED,
        EventKind.MERGED,
    }
)


@dataclass(eq=False)
class VisitFacts:
    """What happened in one stay in a stage."""

    stage: Stage
    number: int
    began: Event
    why: str
    events: list[Event] = field(default_factory=list)
    asked: Event | None = None
    first_answer: Event | None = None
    answer: Event | None = None
    ended: Event | None = None
    used_by: Event | None = None
    is_void: bool = False

    @property
    def hearing_on(self) -> date | None:
        """Return the day the hearing is set for, as last arranged."""
        days = [e.day("hearing_on") for e in self.events if e.kind is EventKind.HEARING_ARRANGED]
        return days[-1] if days else None

    @property
    def hearing(self) -> Hearing:
        """Return the hearing as last arranged, and as it was held."""
        held = [e for e in self.events if e.kind is EventKind.HEARING_HELD]
        arranged = [e for e in self.events if e.kind is EventKind.HEARING_ARRANGED]
        last = arranged[-1] if arranged else None
        invited = [e.number for e in self.events if e.kind is EventKind.INVITATION_SENT]
        return Hearing(
            arranged_for=self.hearing_on,
            held_on=held[-1].on if held else None,
            arranged_as=last.number if last else 0,
            arranged_on=last.on if last else None,
            held_as=max((e.number for e in held), default=0),
            members=tuple(last.facts.get("members", ())) if last else (),
            is_invited=last is not None and any(number > last.number for number in invited),
            invited_to=_invited_to(arranged, held, max(invited, default=0)),
        )

    @property
    def work_ended_by(self) -> Event | None:
        """Return the event after which nothing more was owed: the answer or the end of the stay."""
        ends = [event for event in (self.first_answer, self.ended) if event is not None]
        return min(ends, key=lambda event: event.on, default=None)

    @property
    def is_voided(self) -> bool:
        """Say whether the promises of the stay are without effect.

        The request for the stage was refused, or the complaint was withdrawn or taken off before
        the stage was answered.
        """
        voided = self.ended is not None and self.ended.kind in VOIDING and not self.first_answer
        return self.is_void or voided


def _invited_to(arranged: list[Event], held: list[Event], invitation: int) -> date | None:
    """Return the day to which the last invitation was, unless it was heard since."""
    days = [each.day("hearing_on") for each in arranged if each.number < invitation]
    is_heard_since = any(each.number > invitation for each in held)
    return days[-1] if days and not is_heard_since else None
