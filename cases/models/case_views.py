"""Who of those who only look on opened which complaint, and when."""

from django.conf import settings
from django.db import models

from cases.models.complaints import Complaint


class CaseView(models.Model):
    """An auditor opened a page of a complaint. Never changed or removed: triggers refuse it."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    # Which page of it, by the name of its address.
    page = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.user} opened {self.page}"
