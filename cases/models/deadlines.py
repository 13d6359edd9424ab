"""Moves between stages and promises with their days: projections of the events."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.complaints import Complaint
from cases.models.constraints import one_of
from cases.models.people import ServiceArea
from cases.rules.state import DeadlineState


class StageTransition(models.Model):
    """A move of a complaint from stage to stage: when, by whom, why."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="transitions")
    event_number = models.PositiveIntegerField()
    from_stage = models.CharField(max_length=40, blank=True)
    to_stage = models.CharField(max_length=40)
    visit = models.PositiveSmallIntegerField()
    on = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "event_number"], name="cases_stagetransition_once"
            )
        ]
        indexes = [models.Index(fields=["to_stage", "on"], name="cases_transition_by_stage")]

    def __str__(self) -> str:
        return f"{self.from_stage or 'start'} to {self.to_stage}"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Deadlines."""

    def live(self) -> Self:
        """Keep the promises that bind somebody now."""
        return self.filter(state=DeadlineState.OPEN.value, is_window=False)

    def promised(self) -> Self:
        """Keep the dated promises, which no timescale of the procedure makes."""
        return self.filter(promise__isnull=False)

    def owed(self) -> Self:
        """Keep the dated promises that are open, and the offers that wait for their answer."""
        return self.promised().filter(state=DeadlineState.OPEN.value)

    def reminder_due(self, *, today: date) -> Self:
        """Keep the promises of which somebody is to be reminded today or was to be before."""
        return self.live().filter(next_reminder_on__lte=today)


class Deadline(models.Model):
    """A promise of the procedure applied to one stay of a complaint in a stage."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="deadlines")
    stage = models.CharField(max_length=40)
    visit = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    words = models.CharField(max_length=120)
    period = models.CharField(max_length=60)
    anchor_event = models.CharField(max_length=60, blank=True)
    anchor_on = models.DateField(null=True, blank=True)
    original_due_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=20,
    )
    binds = models.CharField(max_length=40, blank=True)
    is_window = models.BooleanField(default=False)
    is_provisional = models.BooleanField(default=False)
    calendar = models.PositiveIntegerField()
    # Of what was kept late: "yes" or "no", whether that could have been avoided, as it was said.
    avoidable = models.CharField(max_length=3, blank=True)
    # Of a dated promise: the event that made it, and the colleague or team that keeps it.
    promise = models.PositiveIntegerField(null=True, blank=True)
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    team = models.ForeignKey(
        ServiceArea,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # The next day on which somebody is to be reminded; the sweep moves it on.
    next_reminder_on = models.DateField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "stage", "visit", "code"], name="cases_deadline_once"
            ),
            one_of("state", DeadlineState),
            models.CheckConstraint(
                name="cases_deadline_avoidable_if_late",
                condition=Q(avoidable="")
                | Q(avoidable__in=["yes", "no"], state=DeadlineState.MET_LATE.value),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_reminder_on", "id"],
                name="cases_deadline_to_remind",
                condition=Q(state="open", is_window=False, next_reminder_on__isnull=False),
            ),
            models.Index(
                fields=["due_on", "id"],
                name="cases_promise_live",
                condition=Q(state="open", promise__isnull=False),
            ),
            models.Index(
                fields=["code", "met_on"],
                name="cases_deadline_met",
                condition=Q(state__in=["met", "met_late"], is_window=False),
                include=["state", "original_due_on", "avoidable", "complaint"],
            ),
            models.Index(
                fields=["due_on"],
                name="cases_deadline_live",
                condition=Q(state="open", is_window=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.code}"
