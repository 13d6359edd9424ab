"""The points of a complaint as they stand: a projection of its events, for counting fast."""

from django.db import models
from django.db.models import Q

from cases.models.complaints import Complaint
from cases.models.constraints import one_of
from cases.rules.events import Outcome


class PointOfComplaint(models.Model):
    """One point of a complaint, and what was found about it last.

    Its words are beside the events: those of `defined_by` and `found_by`.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    defined_by = models.PositiveIntegerField()
    finding = models.CharField(max_length=20, blank=True)
    found_by = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "points of complaint"
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "number"], name="cases_pointofcomplaint_number_once"
            ),
            one_of("finding", Outcome, blank=True),
            models.CheckConstraint(
                name="cases_pointofcomplaint_found_by_an_answer",
                condition=Q(finding="", found_by__isnull=True)
                | ~Q(finding="") & Q(found_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Point {self.place} of {self.complaint_id}"
