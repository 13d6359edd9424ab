"""What the record shows for a self-assessment, and the assessments there are."""

from collections import defaultdict
from datetime import date

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
from cases.rules.checker import departures_from_code
from cases.rules.customers import Channel, LetterFormat
from cases.rules.promises import PromiseKind
from cases.rules.restrictions import RestrictionState
from cases.rules.roles import Role
from cases.rules.state import DeadlineState
from cases.selectors.running import in_force_on
from cases.selectors.speaking import public_languages
from feedback.models import SurveyRequest
from reporting.models import SelfAssessment
from reporting.rules.evidence import Facts
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.measures import measured
from reporting.selectors.year_of_complaints import year_of_complaints


def facts_of(year: ReportingYear, *, today: date) -> Facts:
    """Return what the record shows of a year, in as many queries whatever is stored.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    terms = in_force_on(today).version.terms
    measures, found = measured(year, today=today), year_of_complaints(year, today=today)
    departures = defaultdict(list)
    for each in departures_from_code(terms):
        departures[each.provision].append(each.words)
    return Facts(
        today=today,
        procedure=terms.name,
        definition=terms.definition,
        departures=departures,
        lines=measures.lines if measures else [],
        counts={
            "received": found.received,
            "before": found.received_before,
            "findings": sum(found.findings.values()),
            "lessons": len(found.lessons),
            "themes": sum(each.received > 0 for each in found.themes),
            **_counts(year, today=today),
        },
        channels=_channels(year),
        grounds=found.refused,
        request_grounds=found.refused_requests,
        members=_members(),
        languages=[each.name for each in public_languages()],
    )


def _counts(year: ReportingYear, *, today: date) -> dict[str, int]:
    within = (year.first, year.last)
    in_force = ContactRestriction.objects.filter(state=RestrictionState.IN_FORCE.value)
    grants = RoleGrant.objects.filter(user__is_active=True)
    executives = [Role.DIRECTOR.value, Role.ASSISTANT_DIRECTOR.value]
    return {
        **_promises(year, today=today),
        "requests": ServiceRequest.objects.filter(received_on__range=within).count(),
        "letters": Letter.objects.filter(issued_at__date__range=within).count(),
        "events": RecordedEvent.objects.filter(on__range=within).count(),
        "surveys": SurveyRequest.objects.filter(asked_at__date__range=within).count(),
        "representatives": Representative.objects.filter(
            complaint__received_on__range=within
        ).count(),
        "adjustments": Customer.objects.exclude(needs="").count(),
        "formats": Customer.objects.exclude(letter_format=LetterFormat.STANDARD.value).count(),
        "restrictions": in_force.count(),
        "restrictions_due": in_force.filter(review_on__lt=today).count(),
        "coordinators": _people(grants.filter(role=Role.COMPLAINTS_COORDINATOR.value)),
        "directors": _people(grants.filter(role__in=executives)),
    }


def _people(grants: QuerySet[RoleGrant]) -> int:
    return grants.values("user").distinct().count()


def _promises(year: ReportingYear, *, today: date) -> dict[str, int]:
    """Return how many promises to customers fell due in the year, and what became of them."""
    kept = Q(state__in=[DeadlineState.MET.value, DeadlineState.MET_LATE.value])
    found = Deadline.objects.filter(
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
