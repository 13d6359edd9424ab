"""Links between complaints."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from cases.models.complaints import Complaint
from cases.models.constraints import one_of
from cases.rules.links import LinkKind


class ComplaintLink(models.Model):
    """That one complaint belongs to another, and how, as an event of the first one says."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="links_to")
    other = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="links_from")
    kind = models.CharField(max_length=20)
    event_number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            # Whichever of the two it was made from.
            models.UniqueConstraint(
                Least("complaint", "other"),
                Greatest("complaint", "other"),
                name="cases_complaintlink_once_for_two",
            ),
            models.CheckConstraint(
                name="cases_complaintlink_of_two", condition=~Q(complaint=F("other"))
            ),
            one_of("kind", LinkKind),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind} {self.other_id}"
