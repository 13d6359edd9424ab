"""Weekly reports as they were sent: their figures, their lines, their words."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Complaint, OutboundMessage, ServiceArea, User
from cases.rules.roles import Role
from reporting.rules.weekly import NO_AREA, Heading, Line


class WeeklyReportQuerySet(models.QuerySet["WeeklyReport"]):
    """Weekly reports."""

    def open_to(self, user: User) -> Self:
        """Keep the reports somebody may open: those made for them; for coordinators all."""
        if user.has_role(Role.COMPLAINTS_COORDINATOR):
            return self
        return self.filter(recipient=user)

    def newest_first(self) -> Self:
        """Order by week, the latest first, then by area and recipient."""
        return self.order_by("-week", "area_name", "recipient__name", "pk")


class WeeklyReport(models.Model):
    """What one person was told about the complaints of one area, or of none, for one week.

    Made once: a second for the same week, person and area is refused. `week` is its Monday; after
    an outage `first_day` lies before it. Figures, lines and words are those of `made_at`.
    """

    week = models.DateField()
    first_day = models.DateField()
    last_day = models.DateField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="weekly_reports"
    )
    area = models.ForeignKey(
        ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="weekly_reports"
    )
    area_name = models.CharField(max_length=120)
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_unmanaged = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    new = models.PositiveIntegerField(default=0)
    unresolved = models.PositiveIntegerField(default=0)
    ongoing = models.PositiveIntegerField(default=0)
    beyond_target = models.PositiveIntegerField(default=0)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # The message that took it out last, and how often it was sent.
    message = models.OneToOneField(
        OutboundMessage, on_delete=models.PROTECT, null=True, related_name="weekly_report"
    )
    times_sent = models.PositiveSmallIntegerField(default=0)

    objects = WeeklyReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["week", "recipient", "area"], name="reporting_weeklyreport_once"
            ),
            models.UniqueConstraint(
                fields=["week", "recipient"],
                condition=Q(area__isnull=True),
                name="reporting_weeklyreport_without_area_once",
            ),
            models.CheckConstraint(
                name="reporting_weeklyreport_days_of_its_week",
                condition=Q(first_day__lte=F("week"), last_day__gte=F("week")),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-week"], name="reporting_weekly_own"),
        ]

    def __str__(self) -> str:
        return f"{self.area_name}, week of {self.week:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("reporting:report", args=self.keys)

    @property
    def keys(self) -> list[str | date]:
        """Return what names it in an address: week, area, recipient."""
        return [self.week, self.area.code if self.area else NO_AREA, self.recipient.code]

    @property
    def heading(self) -> Heading:
        """Return whose complaints it tells of, of which days, and why it came to its reader."""
        return Heading(
            area=self.area_name if self.area_id else "",
            first_day=self.first_day,
            last_day=self.last_day,
            as_at=self.made_at,
            instead_of=self.instead_of.name if self.instead_of else "",
            is_unmanaged=self.is_unmanaged,
        )


class ReportLineQuerySet(models.QuerySet["ReportLine"]):
    """Lines of weekly reports."""

    def readable_by(self, user: User) -> Self:
        """Keep the lines of complaints that are not closed to this person by now.

        A report stays as it was sent, but exclusion and restriction beat it.
        """
        return self.filter(complaint__in=Complaint.objects.not_closed_to(user))


class ReportLine(models.Model):
    """One complaint as a weekly report told of it."""

    report = models.ForeignKey(WeeklyReport, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    about = models.CharField(max_length=120, blank=True, help_text="Its category.")
    stage = models.CharField(max_length=120)
    status = models.CharField(max_length=60)
    days = models.IntegerField(help_text="Working days since it was received.")
    officer = models.CharField(max_length=120, blank=True)
    next_due = models.CharField(max_length=120, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    late = models.PositiveIntegerField(default=0, help_text="Working days beyond the next day.")
    is_new = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    is_answered = models.BooleanField(default=False)

    objects = ReportLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "position"], name="reporting_reportline_position_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def line(self) -> Line:
        """Return what it tells, as the rules read it."""
        return Line(
            reference=self.reference,
            about=self.about,
            stage=self.stage,
            status=self.status,
            days=self.days,
            officer=self.officer,
            next_due=self.next_due,
            next_due_on=self.next_due_on,
            late=self.late,
            is_new=self.is_new,
            is_open=self.is_open,
            is_answered=self.is_answered,
        )
