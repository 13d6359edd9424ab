"""Giving several complaints to one officer: each in a recording of its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.errors import ActionNotAllowed, ComplaintChanged, ComplaintError
from cases.models import Complaint, User
from cases.operations.assign import give_to
from cases.operations.record import recording
from cases.rules.acts import Act
from cases.selectors.history import recorded_since

# More at once keeps a person waiting, and nobody reads that many results.
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A complaint to be given to somebody, and the version of it that was seen."""

    complaint_id: int
    seen: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one complaint: done, or why not."""

    complaint_id: int
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        """Say whether it was done."""
        return not self.refusal


def reassign_each(
    wanted: Iterable[Wanted],
    *,
    by: User,
    now: datetime,
    officer_id: int,
    area_id: int | None = None,
) -> list[Result]:
    """Give each complaint to the officer; one that is refused does not stop the others.

    Each stays in its service area unless `area_id` names another.

    :raises ActionNotAllowed: if there are more than MOST_AT_ONCE; nothing is changed then.
    """
    return each_by_itself(
        list(wanted),
        lambda one: reassign(
            complaint_id=one.complaint_id,
            by=by,
            now=now,
            seen=one.seen,
            officer_id=officer_id,
            area_id=area_id,
        ),
    )


def each_by_itself(wanted: Sequence[Wanted], do: Callable[[Wanted], object]) -> list[Result]:
    """Do something with each complaint; one that is refused does not stop the others.

    :raises ActionNotAllowed: if there are more than MOST_AT_ONCE; nothing is changed then.
    """
    if len(wanted) > MOST_AT_ONCE:
        raise ActionNotAllowed(f"Choose at most {MOST_AT_ONCE} complaints at once.")
    return [_result(each, do) for each in wanted]


def _result(wanted: Wanted, do: Callable[[Wanted], object]) -> Result:
    try:
        do(wanted)
    except ComplaintChanged:
        return Result(wanted.complaint_id, _changed(wanted))
    except ComplaintError as refusal:
        return Result(wanted.complaint_id, str(refusal))
    return Result(wanted.complaint_id)


def _changed(wanted: Wanted) -> str:
    newer = recorded_since(Complaint.objects.get(pk=wanted.complaint_id), wanted.seen)
    told = "; ".join(f"{each.by} recorded “{each.text}”" for each in newer)
    return f"It changed meanwhile: {told or 'the page was not up to date'}."


def reassign(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    officer_id: int,
    area_id: int | None = None,
) -> Complaint:
    """Give a complaint to another officer, in its service area unless another is named.

    :raises ActionNotAllowed: if it was not accepted yet, is theirs already or has no area.
    :raises NotIndependent: if the officer may not handle it.
    """
    with recording(complaint_id=complaint_id, act=Act.ASSIGN, by=by, now=now, seen=seen) as case:
        complaint = case.complaint
        if case.state.needs_triage:
            raise ActionNotAllowed("It has not been accepted yet: accept it on its own page.")
        if complaint.responsible_officer_id == officer_id:
            raise ActionNotAllowed("It is theirs already.")
        area = area_id or complaint.service_area_id
        if area is None:
            raise ActionNotAllowed("It has no service area yet: choose one.")
        give_to(case, officer_id=officer_id, area_id=area)
    return complaint
