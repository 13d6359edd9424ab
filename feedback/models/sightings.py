"""What somebody says that they saw, where it is not theirs and belongs to no complaint."""

from django.db import models
from django.db.models import Q

from feedback.models.remarks import Remark
from feedback.models.submissions import Submission


class Sighting(models.Model):
    """Somebody else’s information was seen: with what became of a form, or with the form.

    `words` are empty of somebody who did not say what they saw.
    """

    remark = models.ForeignKey(
        Remark, on_delete=models.PROTECT, null=True, blank=True, related_name="sightings"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="sightings"
    )
    place = models.CharField(max_length=100)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_sighting_with_one_thing",
                condition=Q(remark__isnull=True, submission__isnull=False)
                | Q(remark__isnull=False, submission__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"Seen on {self.place}"
