"""Who covers one complaint while its responsible officer is away."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F

from cases.models.complaints import Complaint
from cases.models.people import Absence


class CoverQuerySet(models.QuerySet["Cover"]):
    """Covers."""

    def in_force(self, day: date) -> Self:
        """Keep the covers that hold on that day: the officer is away, and it is still theirs."""
        return self.filter(
            absence__first_day__lte=day,
            absence__last_day__gte=day,
            absence__user=F("complaint__responsible_officer"),
        )


class Cover(models.Model):
    """Somebody has one complaint of a colleague in hand while that colleague is away."""

    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="covers")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="covers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covering"
    )

    objects = CoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["absence", "complaint"], name="cases_cover_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} covers {self.complaint} for {self.absence}"
