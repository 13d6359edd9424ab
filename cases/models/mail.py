"""E-mails that came in: each kept once, with what became of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.complaints import Complaint
from cases.models.constraints import both_or_neither, one_of
from cases.models.files import StoredFile
from cases.models.people import User
from cases.models.service_requests import ServiceRequest
from cases.rules.customers import new_customer_code
from cases.rules.mail import MailKind


class MailState(models.TextChoices):
    """What became of an e-mail."""

    WAITING = "waiting", "Waiting"
    JOINED = "joined", "Joined a complaint"
    COMPLAINT = "complaint", "Became a complaint"
    REQUEST = "request", "Became a request"
    NOT_OURS = "not_ours", "Not ours"
    AUTOMATIC = "automatic", "Automatic"


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    """E-mails that came in."""

    def visible_to(self, user: User) -> Self:
        """Leave out what joined a complaint that `user` may not read."""
        readable = Complaint.objects.readable_by(user)
        return self.filter(Q(complaint__isnull=True) | Q(complaint__in=readable))

    def to_decide(self) -> Self:
        """Keep what waits for somebody to say what it is."""
        return self.filter(state=MailState.WAITING.value)

    def to_confirm(self) -> Self:
        """Keep what joined a complaint from an address that nobody knows there."""
        return self.filter(state=MailState.JOINED.value, is_known=False, decided_at__isnull=True)


class InboundMail(models.Model):
    """An e-mail as it came. `key` makes it exist once, however often the mailbox is read.

    `is_known`: its address is that of somebody whose complaint it joined; that proves nothing.
    """

    key = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=16, unique=True, default=new_customer_code, editable=False)
    message_id = models.CharField(max_length=250, blank=True, db_index=True)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=MailState.choices)
    received_at = models.DateTimeField()
    sender_name = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=998, blank=True)
    text = models.TextField(blank=True)
    refused = models.JSONField(default=list)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="mails"
    )
    request = models.ForeignKey(
        ServiceRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="mails"
    )
    is_known = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", MailState),
            one_of("kind", MailKind),
            both_or_neither("decided_at", "decided_by"),
            models.CheckConstraint(
                name="cases_inboundmail_became_something",
                condition=Q(state__in=["joined", "complaint"], complaint__isnull=False)
                | Q(state="request", request__isnull=False, complaint__isnull=True)
                | Q(
                    state__in=["waiting", "not_ours", "automatic"],
                    complaint__isnull=True,
                    request__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-received_at"], name="cases_mail_by_state"),
        ]

    def __str__(self) -> str:
        return self.subject or "E-mail without a subject"

    @property
    def sender_words(self) -> str:
        """Return who says they sent it."""
        if self.sender_name and self.sender:
            return f"{self.sender_name} <{self.sender}>"
        return self.sender or self.sender_name or "Nobody named"


class MailFile(models.Model):
    """A file of an e-mail: its original as it came, or one that came with it."""

    mail = models.ForeignKey(InboundMail, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="mail_file")
    is_original = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mail"], condition=Q(is_original=True), name="cases_mailfile_one_original"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file}"
