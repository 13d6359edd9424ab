"""The landlord's assessment of how it keeps to the Complaint Handling Code."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.constraints import both_or_neither, one_of
from reporting.rules.code_provisions import Complies
from reporting.rules.reporting_years import ReportingYear


class SelfAssessmentQuerySet(models.QuerySet["SelfAssessment"]):
    """Assessments."""

    def published(self) -> Self:
        """Keep what everybody can read, the latest first."""
        return self.filter(published_on__isnull=False).order_by("-begins", "-edition")


class SelfAssessment(models.Model):
    """One assessment of a reporting year; a further edition after a great change (Code 8.3).

    No act changes what is frozen: its answers keep the evidence as it was then.
    """

    begins = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(default=1)
    started_on = models.DateField()
    frozen_on = models.DateField(null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_on = models.DateField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["begins", "edition"], name="reporting_selfassessment_edition_once"
            ),
            both_or_neither("frozen_on", "frozen_by"),
            both_or_neither("published_on", "published_by"),
            models.CheckConstraint(
                name="reporting_selfassessment_published_once_frozen",
                condition=Q(published_on__isnull=True) | Q(frozen_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}, edition {self.edition}"

    @property
    def year(self) -> ReportingYear:
        """Return the year of which the figures are."""
        return ReportingYear(self.begins)

    @property
    def standing(self) -> tuple[str, date]:
        """Return where it stands and since when."""
        if self.published_on:
            return "Published", self.published_on
        if self.frozen_on:
            return "Frozen", self.frozen_on
        return "Being written", self.started_on


class ProvisionAnswer(models.Model):
    """What the landlord says of one provision, and once frozen what the record showed of it."""

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.PROTECT, related_name="answers")
    provision = models.CharField(max_length=8)
    complies = models.CharField(max_length=3, blank=True)
    comment = models.TextField(blank=True)
    evidence = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "provision"], name="reporting_provisionanswer_once"
            ),
            one_of("complies", Complies, blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.provision}: {self.complies}"
