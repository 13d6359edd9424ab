"""Compliments and suggestions as their pages show them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet

from cases.models import Complaint, Customer, ServiceArea, User
from cases.models.complaints import COUNT_LIMIT
from cases.rules.calendars import WorkingCalendar
from cases.rules.day_spans import DaySpan
from cases.rules.due_words import Standing, standing
from cases.rules.pages import CHANGERS, READERS, Page
from cases.rules.roles import Role
from cases.selectors.days import within
from cases.selectors.restrictions import closed_ways
from feedback.models import Remark, RemarkLetter, Submission
from feedback.models.remarks import RemarkQuerySet
from feedback.rules.kinds import Decision, Kind, Way
from feedback.selectors.outside_post import REMARK, is_ours_to_post

YEAR = timedelta(days=365)


class Show(StrEnum):
    """What the list can be narrowed to."""

    TO_THANK = "to-thank"
    OVERDUE = "overdue"
    TO_PASS_ON = "to-pass-on"  # noqa: S105  what a list is narrowed to
    TO_DECIDE = "to-decide"
    TO_APPROVE = "to-approve"

    @property
    def words(self) -> str:
        """Return what it is narrowed to."""
        return {
            "to-thank": "Sender to be thanked",
            "overdue": "Thanks overdue",
            "to-pass-on": "Compliment to be passed on",
            "to-decide": "Suggestion to be decided",
            "to-approve": "Letter to be approved",
        }[self.value]

    def of(self, remarks: RemarkQuerySet, *, today: date) -> RemarkQuerySet:
        """Keep what belongs to it."""
        match self:
            case Show.TO_THANK:
                return remarks.to_acknowledge()
            case Show.OVERDUE:
                return remarks.overdue(today=today)
            case Show.TO_PASS_ON:
                return remarks.to_pass_on()
            case Show.TO_DECIDE:
                return remarks.to_decide()
            case Show.TO_APPROVE:
                return remarks.to_approve()


def address_of_remark(references: Collection[str], user: User) -> str:
    """Return the page of the compliment or suggestion with one of these references, or nothing.

    At most one query.
    """
    if not user.has_role(*READERS[Page.FEEDBACK]):
        return ""
    found = Remark.objects.visible_to(user).filter(reference__in=references).first()
    return found.get_absolute_url() if found else ""


def remarks_list(
    *,
    user: User,
    kind: str,
    show: str,
    today: date,
    days: DaySpan | None = None,
    area: ServiceArea | None = None,
) -> RemarkQuerySet:
    """Return what the list shows, the latest received first, with senders and areas. One query.

    Of `days` and of an `area` with all that is part of it, what is counted as a complaint is left
    out, as figures do.
    """
    found = Remark.objects.visible_to(user)
    if days or area:
        found = found.counted()
    if days:
        found = found.filter(within("received_on", days.first, days.last))
    if area:
        found = found.filter(service_area__path__startswith=area.path)
    if kind:
        found = found.filter(kind=kind)
    if show:
        found = Show(show).of(found, today=today)
    return found.select_related("customer", "service_area", "complaint").order_by(
        "-received_on", "-pk"
    )


def tallies(*, today: date) -> dict[str, int]:
    """Return how many there are of what needs doing, none counted beyond one more than 1,000."""
    return {show.value: _count(show.of(Remark.objects.all(), today=today)) for show in Show}


def received_in_a_year(*, today: date) -> dict[str, int]:
    """Return how many compliments and suggestions came in the last 365 days. One query."""
    recent = Remark.objects.counted().filter(received_on__gt=today - YEAR)
    rows = recent.order_by().values("kind").annotate(number=Count("pk"))
    return {row["kind"]: row["number"] for row in rows}


def _count(rows: "QuerySet[Any]") -> int:
    return rows.order_by().values("pk")[: COUNT_LIMIT + 1].count()


def sections_of(user: User) -> dict[str, int]:
    """Return how much waits in the sections of the pages, those of coordinators if they are one."""
    found = {"letters": _count(letters_to_post(user))}
    if user.has_role(*CHANGERS[Page.QUARANTINE]):
        found["quarantine"] = _count(Submission.objects.in_quarantine().open_to(user))
        readable = Complaint.objects.readable_by(user)
        found["compare"] = _count(Submission.objects.to_match().filter(complaint__in=readable))
    return found


def letters_to_post(user: User) -> "QuerySet[RemarkLetter]":
    """Return the letters that wait to be printed and posted, the oldest first.

    One about what became a complaint is for those who may read that.
    """
    waiting = RemarkLetter.objects.filter(
        is_ours_to_post(REMARK), channel=Way.POST.value, posted_on__isnull=True
    )
    waiting = waiting.filter(remark__in=Remark.objects.visible_to(user))
    return waiting.select_related("remark").order_by("issued_at", "pk")


def thanks_standing(remark: Remark, *, today: date, calendar: WorkingCalendar) -> Standing:
    """Return how the promise to thank the sender stands."""
    if remark.acknowledge_by is None:
        return Standing("No way to reach them", "grey")
    if remark.acknowledged_on is not None:
        is_late = remark.acknowledged_on > remark.acknowledge_by
        return Standing(
            f"Thanked{' late' if is_late else ''} {remark.acknowledged_on:%-d %b}", "green"
        )
    return standing(
        remark.acknowledge_by,
        today=today,
        calendar=calendar,
        began_on=remark.received_on,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be done with a remark, or why it cannot."""

    code: str
    label: str
    reason: str = ""


def offers(remark: Remark, user: User) -> list[Offer]:
    """Return what this person may do with it now, and for what they may not, why."""
    if remark.complaint_id is not None:
        return []
    found = [
        Offer("thank", "Thank the sender", _why_not_thank(remark)),
        Offer("pass-on", "Pass it on to a colleague"),
    ]
    if remark.kind == Kind.SUGGESTION:
        decided = "It is decided already." if remark.decided_on else ""
        found.append(Offer("decide", "Decide and answer", decided))
        if remark.decision in (Decision.TAKEN_UP, Decision.PARTLY) and user.has_role(
            Role.COMPLAINTS_COORDINATOR
        ):
            found.append(Offer("you-said", "Tell it as “you said, we did”"))
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        found.append(Offer("make-complaint", "Treat it as a complaint"))
    return found


def _why_not_thank(remark: Remark) -> str:
    if remark.acknowledged_on is not None:
        return "The sender was thanked already."
    if remark.acknowledge_by is None:
        return "The sender left no way to reach them that is safe."
    return ""


def ways_to(customer: Customer | None) -> list[tuple[str, str]]:
    """Return the ways in which somebody can be told something, with what each would use."""
    if customer is None:
        return []
    closed = closed_ways(customer)
    given: Mapping[Way, tuple[str, bool]] = {
        Way.EMAIL: (customer.email, customer.email_unsafe),
        Way.POST: (", ".join(customer.address_lines), customer.post_unsafe),
        Way.PHONE: (customer.phone, customer.phone_unsafe),
    }
    found = [
        (way.value, f"{way.words} ({value})")
        for way, (value, is_unsafe) in given.items()
        if value and not is_unsafe and way.value not in closed
    ]
    return [*found, (Way.IN_PERSON.value, Way.IN_PERSON.words)] if found else found
