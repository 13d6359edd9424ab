"""All letters for approval on My work: those of complaints, and those that other apps have."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, QuerySet

from cases.models import CalendarEdition, User
from cases.rules.calendars import WorkingCalendar
from cases.selectors.letter_approvals import (
    SHOWN,
    ApprovalLine,
    Approvals,
    approvals_for,
    unsettled_letters,
)


@dataclass(frozen=True, slots=True)
class Source:
    """Letters for approval of some kind.

    `unsettled` are those that wait or came back, whosever they are; `found` says what somebody has
    to do with them on a day, counted by a calendar, and is asked only where there are any.
    """

    unsettled: Callable[[], QuerySet[Any, Any]]
    found: Callable[[User, date, WorkingCalendar], Approvals]


# Each app with such letters adds how they are found when it is loaded.
SOURCES = [Source(unsettled_letters, approvals_for)]


def all_approvals_for(user: User, *, today: date, calendar: WorkingCalendar | None) -> Approvals:
    """Return the letters that `user` may approve, the urgent first, those sent back to them, and
    their own that wait for somebody else; whatever they are about. Nothing without a calendar.

    One query where nothing waits or came back, whosever it is; else one more for each source with
    something.
    """
    if calendar is None:
        return Approvals()
    any_row = CalendarEdition.objects.order_by().values_list(
        *(Exists(source.unsettled()) for source in SOURCES)
    )
    there = zip(SOURCES, next(iter(any_row[:1])), strict=True)
    parts = [source.found(user, today, calendar) for source, is_any in there if is_any]
    to_approve = _by_age(each.to_approve for each in parts)
    to_approve.sort(key=lambda line: (not line.is_urgent, not line.is_put_to_me))
    sent_back, own = _by_age(each.sent_back for each in parts), _by_age(each.own for each in parts)
    return Approvals(
        to_approve[:SHOWN],
        sent_back[:SHOWN],
        own[:SHOWN],
        is_more=len(to_approve) > SHOWN or any(each.is_more for each in parts),
        is_more_back=len(sent_back) > SHOWN or any(each.is_more_back for each in parts),
        is_more_own=len(own) > SHOWN or any(each.is_more_own for each in parts),
    )


def _by_age(parts: Iterable[Sequence[ApprovalLine]]) -> list[ApprovalLine]:
    return sorted((line for lines in parts for line in lines), key=lambda line: line.at)
