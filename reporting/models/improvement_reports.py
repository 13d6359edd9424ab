"""The annual complaints performance and service improvement report (Code 8.1, 8.2)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.constraints import both_or_neither
from reporting.rules.reporting_years import ReportingYear


class ImprovementReportQuerySet(models.QuerySet["ImprovementReport"]):
    """Reports."""

    def published(self) -> Self:
        """Keep what everybody can read, the latest first."""
        return self.filter(published_on__isnull=False).order_by("-begins")


class ImprovementReport(models.Model):
    """The report of a year: words, figures kept when it is frozen, the governing body's response.

    It is published with the response alone (Code 8.2). `kept` are its tables as they were then.
    """

    begins = models.PositiveSmallIntegerField(unique=True)
    started_on = models.DateField()
    performance = models.TextField(blank=True)
    improvements = models.TextField(blank=True)
    # What the Ombudsman reported about the landlord, or otherwise, that bears on it.
    ombudsman = models.TextField(blank=True)
    kept = models.JSONField(default=dict, blank=True)
    frozen_on = models.DateField(null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    response = models.TextField(blank=True)
    response_of = models.CharField(max_length=120, blank=True)
    responded_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ImprovementReportQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("frozen_on", "frozen_by"),
            both_or_neither("published_on", "published_by"),
            models.CheckConstraint(
                name="reporting_improvementreport_published_with_its_response",
                condition=Q(published_on__isnull=True)
                | Q(frozen_on__isnull=False, responded_on__isnull=False) & ~Q(response=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        """Return the address of the page on which it is written."""
        return reverse("reporting:improvement-report", args=[self.year])

    @property
    def year(self) -> ReportingYear:
        """Return the year that it is about."""
        return ReportingYear(self.begins)

    @property
    def standing(self) -> tuple[str, date]:
        """Return where it stands and since when."""
        if self.published_on:
            return "Published", self.published_on
        if self.responded_on:
            return "Answered by the governing body", self.responded_on
        if self.frozen_on:
            return "Frozen, for the governing body", self.frozen_on
        return "Being written", self.started_on
