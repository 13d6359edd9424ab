"""Letters that wait for a second person, with what was typed of the act that sends them."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.complaints import Complaint
from cases.models.constraints import both_or_neither, one_of
from cases.models.messages import Letter


class ProposalState(StrEnum):
    """Where a letter for approval stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    # Sent back once, and asked for anew, discarded or done in another way since.
    TAKEN_UP = "taken_up"
    WITHDRAWN = "withdrawn"


class LetterProposal(models.Model):
    """A letter that waits for a second person, or waited.

    `number` is the event that asked. `typed` has the answers in the form of the act, from which it
    is done when somebody approves, and `body` the letter as it was when it was asked. `words_hash`
    is what of it was approved: the salted hash of every word, and `letter` the letter that went.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    visit = models.PositiveSmallIntegerField()
    typed = models.JSONField()
    body = models.TextField(blank=True)
    salt = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Whom it was put to; nobody, where whoever may approve is asked.
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=20, default=ProposalState.WAITING.value)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words_hash = models.CharField(max_length=64, blank=True)
    letter = models.OneToOneField(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at", "id"],
                name="cases_letters_for_approval",
                condition=Q(state__in=["waiting", "sent_back"]),
            )
        ]
        constraints = [
            one_of("state", ProposalState),
            both_or_neither("decided_at", "decided_by"),
            models.UniqueConstraint(
                fields=["complaint", "number"], name="cases_letterproposal_of_one_event"
            ),
            models.UniqueConstraint(
                fields=["complaint", "act", "asked_by"],
                name="cases_letterproposal_waits_once",
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="cases_letterproposal_decided",
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
            ),
            # Nobody approves their own letter, and only what was approved has words that were.
            models.CheckConstraint(
                name="cases_letterproposal_by_a_second_person",
                condition=~Q(state__in=["approved", "sent_back"]) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="cases_letterproposal_approved_words",
                condition=Q(state="approved") & ~Q(words_hash="")
                | ~Q(state="approved") & Q(words_hash="", letter__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.complaint_id}: {self.state}"
