"""The record: events that are only ever added, chained by hashes, with their words beside them."""

from django.conf import settings
from django.db import models

from cases.models.complaints import Complaint
from cases.models.constraints import one_of
from cases.rules.events import Event, EventKind


class RecordedEvent(models.Model):
    """One dated fact of a complaint, as written. Never changed or removed: triggers refuse it.

    `number` is its place in the complaint's chain. `hash` covers everything here and the hash
    before it. Personal words are not here but in `EventWords`, whose salted hash is `words_hash`.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(
        max_length=40,
    )
    on = models.DateField(help_text="The day it happened, in London.")
    at = models.DateTimeField(null=True, blank=True, help_text="The instant, where known.")
    recorded_at = models.DateTimeField()
    # Its index is the one below, which also tells what somebody did last.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    stage = models.CharField(max_length=40, blank=True)
    visit = models.PositiveSmallIntegerField(default=0)
    facts = models.JSONField(default=dict)
    words_hash = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "number"], name="cases_recordedevent_number_once"
            ),
            one_of("kind", EventKind),
        ]
        indexes = [
            models.Index(fields=["recorded_at", "id"], name="cases_event_by_recording"),
            models.Index(fields=["actor", "id"], name="cases_event_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.number} {self.kind}"

    def as_event(self) -> Event:
        """Return the event as the rules read it."""
        return Event(
            number=self.number,
            kind=EventKind(self.kind),
            on=self.on,
            at=self.at,
            stage=self.stage,
            visit=self.visit,
            actor=self.actor_id,
            facts=self.facts,
        )


class EventWords(models.Model):
    """What was written or said with an event. May be erased without breaking the chain."""

    event = models.OneToOneField(
        RecordedEvent, on_delete=models.PROTECT, related_name="words", primary_key=True
    )
    parts = models.JSONField(help_text="The words by what they are: letter, reason, note …")
    salt = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "event words"

    def __str__(self) -> str:
        return f"Words of {self.event_id}"


class Anchor(models.Model):
    """The seal on a day's events: a hash over them and over the seal of the day before."""

    day = models.DateField(unique=True)
    events = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.hash}"
