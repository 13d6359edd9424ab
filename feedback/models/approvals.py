"""Letters about compliments and suggestions that wait for a second person, or waited."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models import ProposalState
from cases.models.constraints import both_or_neither, one_of
from feedback.models.remarks import Remark, RemarkLetter


class RemarkProposal(models.Model):
    """A letter about a remark that a second person approves before it goes.

    `typed` has the answers in the form, from which the letter is written when somebody approves.
    `words_hash` is what was approved: the salted hash of every word; `letter` the one that went.
    """

    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="proposals")
    purpose = models.CharField(max_length=20)
    typed = models.JSONField()
    salt = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=20, default=ProposalState.WAITING.value)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What is to be changed, where it was sent back.
    reason = models.TextField(blank=True)
    words_hash = models.CharField(max_length=64, blank=True)
    letter = models.OneToOneField(
        RemarkLetter, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        constraints = [
            one_of("state", ProposalState),
            both_or_neither("decided_at", "decided_by"),
            models.UniqueConstraint(
                fields=["remark", "purpose"],
                name="feedback_remarkproposal_waits_once",
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="feedback_remarkproposal_decided",
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
            ),
            # Nobody approves their own letter, and only what was approved has words that were.
            models.CheckConstraint(
                name="feedback_remarkproposal_by_a_second_person",
                condition=~Q(state__in=["approved", "sent_back"]) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="feedback_remarkproposal_approved_words",
                condition=Q(state="approved") & ~Q(words_hash="")
                | ~Q(state="approved") & Q(words_hash="", letter__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.remark_id}: {self.state}"
