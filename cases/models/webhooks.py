"""Addresses outside at which other programs are told of what happened, and what they were told."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.api_keys import ApiKey
from cases.models.constraints import both_or_neither
from cases.models.events import RecordedEvent
from cases.models.messages import Delivery


def new_webhook_code() -> str:
    """Return a random name for an address of ours."""
    return secrets.token_hex(6)


class Webhook(models.Model):
    """An address outside that is told of what happens to complaints that its key reaches.

    The secret with which messages are signed is kept locked. `after` is the event up to which
    everything is in its deliveries.
    """

    code = models.CharField(max_length=12, unique=True, default=new_webhook_code, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=300)
    kinds = models.JSONField(default=list)
    locked_secret = models.CharField(max_length=300)
    after = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [both_or_neither("ended_at", "ended_by")]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """Something that one address is to be told, once: the constraint is what makes it once."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(RecordedEvent, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=Delivery.choices, default=Delivery.QUEUED.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="cases_webhookdelivery_once")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="cases_webhook_to_send",
                condition=Q(state__in=["queued", "sending"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.webhook} {self.state}"
