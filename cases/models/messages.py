"""Alerts to staff, messages on their way out, and letters."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.complaints import Complaint
from cases.models.constraints import both_or_neither
from cases.models.customers import Customer, Representative
from cases.models.letter_templates import LetterTemplate


class Delivery(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    UNDELIVERABLE = "undeliverable", "Could not be delivered"
    CANCELLED = "cancelled", "Not needed any more"


class OutboundMessage(models.Model):
    """An e-mail, written in the transaction that made it necessary, delivered by a task.

    `key` makes it exist once; `message_id` stays the same however often it is tried.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=120, unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=20, choices=Delivery.choices, default=Delivery.QUEUED.value)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="cases_message_to_send",
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(
                fields=["created_at"],
                name="cases_message_failed",
                condition=Q(state="undeliverable"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="cases_outboundmessage_sent_at_an_instant",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Alert(models.Model):
    """A reminder given to one person, once: the constraint is what makes it once."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="alerts")
    stage = models.CharField(max_length=40)
    visit = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    due_on = models.DateField()
    reminder = models.CharField(max_length=20)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="alerts"
    )
    created_at = models.DateTimeField()
    message = models.ForeignKey(
        OutboundMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "stage", "visit", "code", "due_on", "reminder", "recipient"],
                name="cases_alert_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reminder} {self.code}"


MOST_LOSSES = 8


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters to customers."""

    def to_make(self, *, now: datetime) -> Self:
        """Keep those whose document is to be made now."""
        is_time = Q(make_again_at__isnull=True) | Q(make_again_at__lte=now)
        return self.filter(is_time, is_to_make=True, losses__lt=MOST_LOSSES)

    def given_up(self) -> Self:
        """Keep those over which what sets papers was lost so often that a person sees to it."""
        return self.filter(is_to_make=True, losses__gte=MOST_LOSSES)


class Letter(models.Model):
    """A letter to the customer as it was issued: on paper to be posted, or as an e-mail."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="letters")
    event_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    to_name = models.CharField(max_length=200)
    to_address = models.TextField(blank=True)
    # To whom it goes, where that is not the customer of the complaint.
    to_customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_speaker = models.ForeignKey(
        Representative, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    copy_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )
    # The landlord's own words that it was made with; nothing where they were the shipped ones.
    template = models.ForeignKey(
        LetterTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    letter_format = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    # The copy of a letter that was written elsewhere.
    original = models.ForeignKey(
        "cases.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # The easy read version, written by staff; it stands before the whole letter.
    easy_read = models.TextField(blank=True)
    # The same in another language, written by staff, or made with the landlord's words in it; it
    # stands after the whole letter.
    other_language = models.CharField(max_length=8, blank=True)
    other_text = models.TextField(blank=True)
    other_template = models.ForeignKey(
        LetterTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Its e-mail said only that there is a letter.
    is_notice = models.BooleanField(default=False)
    # The complaints policy and procedure goes with it, as a document of its own (HH-14).
    encloses_policy = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    message = models.OneToOneField(
        OutboundMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="letter"
    )
    # What stands above and below the words, as it was when the letter was issued.
    sender = models.TextField(blank=True)
    signed = models.TextField(blank=True)
    # True until its document in this format is kept, or was found impossible to make.
    is_to_make = models.BooleanField(default=True)
    # How often what sets papers was lost over it, and when it is tried again; after MOST_LOSSES
    # a person sees to it.
    losses = models.PositiveSmallIntegerField(default=0)
    make_again_at = models.DateTimeField(null=True, blank=True)
    posted_on = models.DateField(null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["issued_at"],
                name="cases_letter_to_post",
                condition=Q(channel="post", posted_on__isnull=True),
            ),
            models.Index(fields=["id"], name="cases_letter_to_make", condition=Q(is_to_make=True)),
        ]
        constraints = [
            both_or_neither("posted_on", "posted_by"),
            models.CheckConstraint(
                name="cases_letter_elsewhere_has_its_copy",
                condition=~Q(channel="letter_elsewhere") | Q(original__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_letter_text_with_its_language",
                condition=Q(other_language="", other_text="")
                | ~Q(other_language="") & ~Q(other_text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_name}"

    @property
    def reader(self) -> Customer:
        """Return the customer to whom it goes; with a representative, for whom they speak."""
        return self.to_customer or self.complaint.customer
