"""What somebody outside the case is asked to tell, by a link that works once."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.complaints import Complaint
from cases.models.constraints import both_or_neither


def new_information_code() -> str:
    """Return a random code that names a request on the staff's pages. It opens no door."""
    return secrets.token_hex(6)


class InformationRequest(models.Model):
    """A question to a contractor or a colleague. Only the hash of its link's token is kept here."""

    code = models.CharField(max_length=16, unique=True, default=new_information_code)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="information_requests"
    )
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField("e-mail address")
    question = models.TextField()
    # What they are shown besides: nothing, unless whoever asks writes it here.
    shown = models.TextField(blank=True)
    due_on = models.DateField()
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            both_or_neither("stopped_at", "stopped_by"),
            models.CheckConstraint(
                name="cases_informationrequest_ends_later",
                condition=Q(expires_at__gt=F("asked_at")),
            ),
            models.CheckConstraint(
                name="cases_informationrequest_one_end",
                condition=Q(answered_at__isnull=True) | Q(stopped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Question to {self.to_name}"
