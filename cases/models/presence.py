"""Who has a complaint open."""

from django.conf import settings
from django.db import models

from cases.models.complaints import Complaint


class Presence(models.Model):
    """When somebody had a complaint open last, and which act they were writing. Soon forgotten."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "presence"
        constraints = [
            models.UniqueConstraint(fields=["complaint", "user"], name="cases_presence_once")
        ]
        indexes = [models.Index(fields=["seen_at"], name="cases_presence_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.complaint_id}"
