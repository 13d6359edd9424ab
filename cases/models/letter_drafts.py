"""What somebody has typed of an act and its letter, kept until it is sent."""

from django.conf import settings
from django.db import models

from cases.models.complaints import Complaint


class LetterDraft(models.Model):
    """The answers typed into the form of an act, one draft for each person, act and stay.

    `stage` and `visit` say for which stay it was written. `typed` has a list of values for each
    box. Each saving is a row of its own, and no key is ever used twice: two windows of one person
    do not overwrite each other unseen.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="drafts")
    act = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=40)
    visit = models.PositiveSmallIntegerField()
    typed = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "act", "by", "stage", "visit"],
                name="cases_letterdraft_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.complaint_id}"
