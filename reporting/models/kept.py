"""Reports of a month, a quarter or a year as they were made: their figures and the cases behind."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Complaint, OutboundMessage, ServiceArea, User
from cases.models.constraints import both_or_neither, one_of
from cases.rules.day_spans import Happening
from cases.rules.roles import MANAGING_ROLES, Role
from reporting.rules.kept import (
    AVOIDABLE,
    FINDINGS,
    OUTCOMES,
    TIMINGS,
    WHOLE_LANDLORD,
    Kind,
    Time,
    What,
    points_column,
)

# Who puts the reports to management and committee together, and sees them before they are sent.
COLLATING = (Role.EXECUTIVE_SUPPORT_MANAGER, Role.COMPLAINTS_COORDINATOR)
# Who is sent the monthly report of an area, and may open that of any area that they manage.
HEADING = (Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR)
# The management team, and the committee and the Board (HH-32, HH-35).
TOLD = (*HEADING, Role.EXECUTIVE_SUPPORT_MANAGER, Role.MEMBER_RESPONSIBLE)


class KeptReportQuerySet(models.QuerySet["KeptReport"]):
    """Reports that are kept."""

    def open_to(self, user: User) -> Self:
        """Keep the reports somebody may open.

        A month is for those it was sent to and for who manages its area. A quarter and a year are
        for everybody here once they are sent; before that for those who put them together.
        """
        if user.has_role(*COLLATING):
            return self
        mine = Q(copies__recipient=user)
        if user.has_role(*HEADING):
            mine |= Q(kind=Kind.MONTHLY.value, area__in=user.scope.managed_areas)
        if user.has_role(*TOLD, Role.AUDITOR):
            mine |= Q(sent_at__isnull=False) & ~Q(kind=Kind.MONTHLY.value)
        return self.filter(mine).distinct()

    def newest_first(self) -> Self:
        """Order by the last day told of, the latest first, then by kind and area."""
        return self.order_by("-last_day", "-kind", "area_name", "pk")


class KeptReport(models.Model):
    """What was told of the complaints of one area, or of all, of one month, quarter or year.

    Made once. Its cases are what its figures are counted from, whenever somebody looks; `found` is
    what cannot be counted from cases: surveys, what people told of themselves, what was learnt.
    """

    kind = models.CharField(max_length=20)
    first_day = models.DateField()
    last_day = models.DateField()
    area = models.ForeignKey(
        ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="kept_reports"
    )
    area_name = models.CharField(max_length=120, blank=True)
    # The keys of the areas that were part of it on that day.
    areas = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    found = models.JSONField(default=dict, blank=True)
    commentary = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Nobody, where it went out by itself.
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = KeptReportQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", Kind),
            models.UniqueConstraint(
                fields=["kind", "first_day", "area"], name="reporting_keptreport_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "first_day"],
                condition=Q(area__isnull=True),
                name="reporting_keptreport_of_all_once",
            ),
            models.CheckConstraint(
                name="reporting_keptreport_days_in_order",
                condition=Q(last_day__gte=F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.time.words}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return self.address("report")

    def address(self, page: str) -> str:
        """Return the address of one of its pages."""
        if self.kind == Kind.MONTHLY:
            return reverse(f"reporting:monthly-{page}", args=self.keys)
        return reverse(f"reporting:performance-{page}", args=self.keys)

    @property
    def keys(self) -> list[Any]:
        """Return what names it in an address."""
        if self.kind == Kind.MONTHLY:
            return [self.first_day, self.area.code if self.area else WHOLE_LANDLORD]
        return [self.kind, self.first_day]

    @property
    def title(self) -> str:
        """Return what it is called."""
        return Kind(self.kind).words

    @property
    def time(self) -> Time:
        """Return the days that it tells of."""
        return Time(self.first_day, self.last_day)


class KeptCaseQuerySet(models.QuerySet["KeptCase"]):
    """Cases of reports."""

    def countable_by(self, user: User) -> Self:
        """Keep what is not closed to this person by now: exclusion and restriction beat a report.

        What everybody else's figures have of it stays.
        """
        return self.filter(complaint__in=Complaint.objects.not_closed_to(user))

    def readable_by(self, user: User, report: "KeptReport") -> Self:
        """Keep the cases that may be listed: of their own report, or that they may know of."""
        if not user.has_role(*MANAGING_ROLES, Role.COMPLAINTS_COORDINATOR):
            return self.none()
        if report.copies.filter(recipient=user).exists() and report.kind == Kind.MONTHLY:
            return self.countable_by(user)
        return self.filter(complaint__in=Complaint.objects.visible_to(user))


class KeptCase(models.Model):
    """One thing that happened to one complaint in the time of a report, as it was known then."""

    report = models.ForeignKey(KeptReport, on_delete=models.CASCADE, related_name="cases")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    on = models.DateField()
    # The first day of the month, or of the quarter in a report of a year.
    part = models.DateField()
    stage = models.CharField(max_length=120, blank=True)
    timing = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    # Of an answer: how many points it found how, and what it said of being late (HH-29); nothing
    # in a report that was made before this was counted. The reason stands beside the entry.
    points_upheld = models.PositiveSmallIntegerField(null=True, blank=True)
    points_partly_upheld = models.PositiveSmallIntegerField(null=True, blank=True)
    points_not_upheld = models.PositiveSmallIntegerField(null=True, blank=True)
    # Nothing also in a report that was made before points could be found not ours.
    points_not_ours = models.PositiveSmallIntegerField(null=True, blank=True)
    points_unfound = models.PositiveSmallIntegerField(null=True, blank=True)
    avoidable = models.CharField(max_length=3, blank=True)
    entry = models.PositiveIntegerField(null=True, blank=True)
    days = models.IntegerField(null=True, blank=True, help_text="Working days it took.")
    category = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=120, blank=True)
    area = models.CharField(max_length=120, blank=True)
    officer = models.CharField(max_length=120, blank=True)

    # Why it was late, for the readers of the complaint alone: filled in where it is listed.
    because: str = ""

    objects = KeptCaseQuerySet.as_manager()

    class Meta:
        constraints = [one_of("what", What)]
        indexes = [models.Index(fields=["report", "what", "on"], name="reporting_case_by_what")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.what} on {self.on:%-d %B %Y}"

    @property
    def happened(self) -> str:
        """Return what happened for people, before its day: what is open was received on it."""
        return What(self.what).words if self.what != What.OPEN else "Open, received"

    @property
    def timing_words(self) -> str:
        """Return whether it was in time, for people."""
        return TIMINGS.get(self.timing, "")

    @property
    def outcome_words(self) -> str:
        """Return what was found, for people."""
        return OUTCOMES[self.outcome] if self.outcome else ""

    @property
    def points_words(self) -> str:
        """Return how many points were found how, for people: "2 upheld, 1 not upheld"."""
        numbers = ((words, getattr(self, points_column(each))) for each, words in FINDINGS.items())
        return ", ".join(f"{number} {words.lower()}" for words, number in numbers if number)

    @property
    def avoidable_words(self) -> str:
        """Return whether it could have been avoided, for people; nothing of what was in time."""
        return AVOIDABLE[self.avoidable] if self.timing == Happening.LATE else ""


class KeptCopy(models.Model):
    """To whom a report went: the message that took it out last, and how often it was sent."""

    report = models.ForeignKey(KeptReport, on_delete=models.CASCADE, related_name="copies")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="kept_reports"
    )
    role = models.CharField(max_length=40)
    message = models.OneToOneField(
        OutboundMessage, on_delete=models.PROTECT, null=True, related_name="kept_report"
    )
    times_sent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            one_of("role", Role),
            models.UniqueConstraint(fields=["report", "recipient"], name="reporting_keptcopy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report} for {self.recipient}"


class LessonsReturnQuerySet(models.QuerySet["LessonsReturn"]):
    """What services learnt, or owe."""

    def owed(self) -> Self:
        """Keep what was not given back and is owed still."""
        return self.filter(returned_at__isnull=True, waived_at__isnull=True)

    def told_by(self, time: Time) -> Self:
        """Keep what a report of a time tells once it is given back.

        Of the months of that time all, and of earlier ones what no report has told yet.
        """
        own = Q(report__first_day__gte=time.first, report__last_day__lte=time.last)
        return self.filter(own | Q(told_in__isnull=True, report__last_day__lt=time.first))

    def in_order(self) -> Self:
        """Order by month and service, with what a page tells of each."""
        rows = self.select_related("report", "report__area", "returned_by", "waived_by")
        return rows.order_by("report__first_day", "report__area_name", "pk")


class LessonsReturn(models.Model):
    """What a service learnt from a month and what it changes: due by a day, then given (HH-31).

    `told_in` is the first report of a quarter or a year that told it: from then on it stays as it
    is. What is owed by nobody any more is waived, with a reason.
    """

    report = models.OneToOneField(KeptReport, on_delete=models.CASCADE, related_name="lessons")
    due_on = models.DateField()
    learnt = models.TextField(blank=True)
    made = models.TextField(blank=True)
    planned = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_in = models.ForeignKey(
        KeptReport, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons_told"
    )
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    waived_because = models.TextField(blank=True)

    objects = LessonsReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("returned_at", "returned_by"),
            both_or_neither("waived_at", "waived_by"),
            models.CheckConstraint(
                name="reporting_lessonsreturn_waived_with_a_reason",
                condition=Q(waived_at__isnull=True) | ~Q(waived_because=""),
            ),
            models.CheckConstraint(
                name="reporting_lessonsreturn_given_or_waived",
                condition=Q(returned_at__isnull=True) | Q(waived_at__isnull=True),
            ),
            models.CheckConstraint(
                name="reporting_lessonsreturn_given_before_told",
                condition=Q(told_in__isnull=True) | Q(returned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reporting_lessonsreturn_says_something",
                condition=Q(returned_at__isnull=True) | ~Q(learnt=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="reporting_lessons_owed",
                condition=Q(returned_at__isnull=True, waived_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"Lessons of {self.report}"

    @property
    def is_owed(self) -> bool:
        """Say whether it is to be given back still."""
        return self.returned_at is None and self.waived_at is None

    @property
    def is_told(self) -> bool:
        """Say whether a report has gone out with what was given back."""
        return self.told_in_id is not None
