"""Why this date: the rule and its version, what started it, each day counted, each one skipped."""

from dataclasses import dataclass

from cases.rules.calendars import WorkingCalendar
from cases.rules.events import EventKind
from cases.rules.periods import Counting, count_aloud
from cases.rules.state import AnchorFact, Deadline, NewDay
from cases.rules.terms import ProcedureTerms, Timescale


@dataclass(frozen=True, slots=True)
class Explanation:
    """A deadline told so that it can be read out to a customer."""

    deadline: Deadline
    rule: str
    started: str
    counting: Counting | None
    moves: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Return the explanation as lines of text."""
        counted = self.counting.sentences() if self.counting else []
        return [self.rule, self.started, *counted, *self.moves]


def explain(
    deadline: Deadline, terms: ProcedureTerms, version: int, calendar: WorkingCalendar
) -> Explanation:
    """Return why the deadline falls on its day; its last counted day is the original due day."""
    anchor = deadline.anchor
    return Explanation(
        deadline=deadline,
        rule=_rule(deadline, terms, version),
        started=_started(anchor, deadline),
        counting=(
            count_aloud(deadline.period, anchor.on, calendar)
            if anchor and deadline.promise is None
            else None
        ),
        moves=tuple(_moved(new) for new in deadline.new_days),
    )


def _rule(deadline: Deadline, terms: ProcedureTerms, version: int) -> str:
    if deadline.promise is not None:
        return f"{deadline.words}: the day was named, not counted."
    source = deadline.source
    cited = f" ({', '.join(source.rules)})" if source and source.rules else ""
    stage = terms.stage(deadline.stage).name
    gap = (
        " The procedure gives no figure: this one is the landlord's setting."
        if isinstance(source, Timescale) and source.is_gap
        else ""
    )
    return (
        f"{deadline.words}: {deadline.period}{cited}, {stage} of “{terms.name}”, "
        f"version {version}.{gap}"
    )


def _started(anchor: AnchorFact | None, deadline: Deadline) -> str:
    if anchor is None:
        return "What starts this period has not happened yet."
    if deadline.promise is not None and deadline.original_due_on is not None:
        return f"Recorded on {anchor.on:%A %-d %B %Y} for {deadline.original_due_on:%A %-d %B %Y}."
    if anchor.label.startswith("due:"):
        what = f"the last day to {anchor.label.removeprefix('due:').replace('-', ' ')}"
    elif anchor.label == EventKind.HEARING_ARRANGED:
        what = "the day the hearing is set for"
    elif deadline.is_window and anchor.label != EventKind.DELIVERED:
        what = "the day the customer has the answer"
    else:
        what = f"“{EventKind(anchor.label).words}”"
    direction = "backwards from" if deadline.period.count < 0 else "from"
    return f"Counted {direction} {what}: {anchor.on:%A %-d %B %Y}, which is day 0."


def _moved(new: NewDay) -> str:
    late = "" if new.in_time else ", after the day then due"
    return (
        f"Moved to {new.due_on:%A %-d %B %Y}; the customer was told on "
        f"{new.told_on:%-d %B %Y}{late}."
    )
