"""Scheduled work: what ran last, and what was done once and for all."""

from django.db import models


class Job(models.Model):
    """One scheduled job and how its last run went."""

    name = models.CharField(max_length=60, unique=True)
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_ended_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_result = models.CharField(max_length=200, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    failures_in_a_row = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class JobSlot(models.Model):
    """Something done once for a day or a week, whoever ran it: the constraint makes it once."""

    job = models.CharField(max_length=60)
    slot = models.CharField(max_length=40)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="cases_jobslot_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"
