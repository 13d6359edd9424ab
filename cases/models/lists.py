"""What the staff's lists and forms leave behind: what was logged once, what was taken away."""

from django.conf import settings
from django.db import models

from cases.models.complaints import Complaint
from cases.models.service_requests import ServiceRequest


class LoggedForm(models.Model):
    """A form that was sent: its key makes what it logged exist once, however often it arrives."""

    key = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    request = models.ForeignKey(
        ServiceRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"Form of {self.at:%-d %B %Y}"


class ListExport(models.Model):
    """A list with personal data that somebody took out of the system, and why."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    filters = models.TextField(blank=True, help_text="As in the address of the list.")
    rows = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="cases_listexport_by_time")]

    def __str__(self) -> str:
        return f"{self.rows} rows on {self.at:%-d %B %Y}"
