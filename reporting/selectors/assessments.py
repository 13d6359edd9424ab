"""What the record shows for a self-assessment, and the assessments there are."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from cases.models import (
    Complaint,
    ContactRestriction,
    Customer,
    Deadline,
    Letter,
    RecordedEvent,
    Representative,
    RoleGrant,
    ServiceRequest,
)
from cases.rules.authority import Authority
from cases.rules.checker import departures_from_code
from cases.rules.customers import Channel, LetterFormat
from cases.rules.periods import LONDON
from cases.rules.promises import PromiseKind
from cases.rules.restrictions import RestrictionState
from cases.rules.roles import Role
from cases.rules.state import DeadlineState
from cases.selectors.running import in_force_on
from cases.selectors.speaking import public_languages
from feedback.models import SurveyRequest
from reporting.models import SelfAssessment
from reporting.rules.measures import Line
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.measures import measured
from reporting.selectors.year_of_complaints import YearOfComplaints, year_of_complaints


class YearFacts:
    """What the record shows of a year. Whatever nobody asks for is not looked up."""

    def __init__(self, year: ReportingYear, today: date) -> None:
        """Know the procedure that runs.

        :raises ActionNotAllowed: if the landlord is not set up yet.
        """
        self.year, self.today = year, today
        terms = in_force_on(today).version.terms
        self.procedure, self.definition = terms.name, terms.definition
        self.departures = defaultdict[str, list[str]](list)
        for each in departures_from_code(terms):
            self.departures[each.provision].append(each.words)
        self.languages = [each.name for each in public_languages()]

    @cached_property
    def lines(self) -> list[Line]:
        """Return the complaints as the measures take them."""
        measures = measured(self.year, today=self.today)
        return measures.lines if measures else []

    @cached_property
    def channels(self) -> dict[str, int]:
        """Return how complaints came in."""
        return _channels(self.year)

    @property
    def grounds(self) -> dict[str, int]:
        """Return on which grounds complaints were refused."""
        return self._found.refused

    @property
    def request_grounds(self) -> dict[str, int]:
        """Return on which grounds requests for the next stage were refused."""
        return self._found.refused_requests

    @cached_property
    def members(self) -> list[str]:
        """Return who is Member Responsible for Complaints."""
        return _members()

    def count(self, name: str) -> int:
        """Return one of the other numbers."""
        if name in _COUNTS:
            return _COUNTS[name](self.year, self.today)
        if name in _PROMISES:
            return self._promises[name]
        found = self._found
        return {
            "received": found.received,
            "before": found.received_before,
            "findings": sum(found.findings.values()),
            "lessons": len(found.lessons),
            "themes": sum(each.received > 0 for each in found.themes),
        }[name]

    @cached_property
    def _found(self) -> YearOfComplaints:
        return year_of_complaints(self.year, today=self.today, reader=None)

    @cached_property
    def _promises(self) -> dict[str, int]:
        return _promises(self.year, today=self.today)


def facts_of(year: ReportingYear, *, today: date) -> YearFacts:
    """Return what the record shows of a year, in as many queries whatever is stored.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    return YearFacts(year, today)


def _during(column: str, year: ReportingYear) -> Q:
    """Ask for instants of a year by where it begins and ends, which an index can answer."""
    begins, ends = (
        datetime.combine(day, time.min, LONDON)
        for day in (year.first, ReportingYear(year.begins + 1).first)
    )
    return Q(**{f"{column}__gte": begins, f"{column}__lt": ends})


def _days(column: str, year: ReportingYear) -> Q:
    return Q(**{f"{column}__range": (year.first, year.last)})


def _restrictions() -> QuerySet[ContactRestriction]:
    return ContactRestriction.objects.filter(state=RestrictionState.IN_FORCE.value)


_EXECUTIVES = (Role.DIRECTOR.value, Role.ASSISTANT_DIRECTOR.value)
_PROMISES = frozenset({"promises", "promises_kept", "promises_overdue"})
_COUNTS: Mapping[str, Callable[[ReportingYear, date], int]] = {
    "requests": lambda year, _: ServiceRequest.objects.filter(_days("received_on", year)).count(),
    "letters": lambda year, _: Letter.objects.filter(_during("issued_at", year)).count(),
    "events": lambda year, _: RecordedEvent.objects.filter(_days("on", year)).count(),
    "surveys": lambda year, _: SurveyRequest.objects.filter(_during("asked_at", year)).count(),
    "representatives": lambda year, _: Representative.objects.filter(
        _days("complaint__received_on", year),
        authority=Authority.CONFIRMED.value,
        complaint__in=Complaint.objects.closed_to_nobody(),
    ).count(),
    "adjustments": lambda *_: Customer.objects.exclude(needs="").count(),
    "formats": lambda *_: Customer.objects.exclude(
        letter_format=LetterFormat.STANDARD.value
    ).count(),
    "restrictions": lambda *_: _restrictions().count(),
    "restrictions_due": lambda _, today: _restrictions().filter(review_on__lt=today).count(),
    "coordinators": lambda *_: _people(Role.COMPLAINTS_COORDINATOR.value),
    "directors": lambda *_: _people(*_EXECUTIVES),
}


def _people(*roles: str) -> int:
    grants = RoleGrant.objects.filter(user__is_active=True, role__in=roles)
    return grants.values("user").distinct().count()


def _promises(year: ReportingYear, *, today: date) -> dict[str, int]:
    """Return how many promises to customers fell due in the year, and what became of them.

    Of complaints that are closed to nobody, as everything that is published beside the measures.
    """
    kept = Q(state__in=[DeadlineState.MET.value, DeadlineState.MET_LATE.value])
    found = Deadline.objects.filter(
        complaint__in=Complaint.objects.closed_to_nobody(),
        promise__isnull=False,
        code__startswith=f"{PromiseKind.PROMISE.value}-",
        due_on__range=(year.first, year.last),
    ).aggregate(
        promises=Count("pk"),
        promises_kept=Count("pk", filter=kept),
        promises_overdue=Count("pk", filter=Q(state=DeadlineState.OPEN.value, due_on__lt=today)),
    )
    return {name: int(number) for name, number in found.items()}


def _channels(year: ReportingYear) -> dict[str, int]:
    """Return how complaints came in, the most frequent way first."""
    known = {each.value: each.words for each in Channel}
    rows = (
        Complaint.objects.counted()
        .closed_to_nobody()
        .filter(received_on__range=(year.first, year.last))
        .order_by()
        .values_list("channel")
        .annotate(number=Count("pk"))
    )
    found = [(known.get(channel, channel), number) for channel, number in rows]
    return dict(sorted(found, key=lambda each: (-each[1], each[0])))


def _members() -> list[str]:
    grants = RoleGrant.objects.filter(role=Role.MEMBER_RESPONSIBLE.value, user__is_active=True)
    return list(grants.order_by("user__name").values_list("user__name", flat=True).distinct())


def assessments() -> list[SelfAssessment]:
    """Return every assessment, the latest first."""
    return list(SelfAssessment.objects.order_by("-begins", "-edition"))
