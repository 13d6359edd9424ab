"""Forms that were sent: each once, kept as it was, and what became of it."""

from datetime import date
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Complaint, Customer, User
from cases.models.constraints import both_or_neither, one_of
from feedback.models.remarks import Remark
from feedback.rules.kinds import Kind


class State(StrEnum):
    """What became of a form."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    ABUSE = "abuse"

    @property
    def words(self) -> str:
        """Return the state for people."""
        return {
            "accepted": "Taken in",
            "quarantined": "In quarantine",
            "released": "Released",
            "abuse": "Marked as abuse",
        }[self.value]


class Matching(StrEnum):
    """Whether the customer of a complaint was compared with those known before."""

    NOT_NEEDED = "not_needed"
    WAITING = "waiting"
    SAME = "same"
    NEW = "new"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Forms that were sent."""

    def in_quarantine(self) -> Self:
        """Keep what waits for somebody to look at it."""
        return self.filter(state=State.QUARANTINED.value)

    def open_to(self, user: User) -> Self:
        """Leave out what may be about this person, and what became a complaint closed to them."""
        known = Complaint.objects.not_closed_to(user)
        became_closed = Q(complaint__isnull=False) & ~Q(complaint__in=known)
        return self.exclude(about=user).exclude(became_closed)

    def review_overdue(self, *, today: date) -> Self:
        """Keep what should have been looked at before today."""
        return self.in_quarantine().filter(review_by__lt=today)

    def to_match(self) -> Self:
        """Keep those whose customer looks like one known before."""
        return self.filter(matching=Matching.WAITING.value)


class Submission(models.Model):
    """A form as it was sent.

    `key` makes it exist once, however often it is sent. `as_sent` has the questions and answers as
    the sender saw them; `told` the same as they were read, until a complaint or a remark is
    made of them. `about` are the staff whom a form in quarantine may be about.
    """

    key = models.CharField(max_length=32, unique=True)
    token_hash = models.CharField(max_length=64, db_index=True)
    reference = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    as_sent = models.JSONField()
    told = models.JSONField(default=dict)
    state = models.CharField(max_length=20)
    signs = models.JSONField(default=list)
    text_hash = models.CharField(max_length=64)
    source = models.CharField(max_length=64, blank=True)
    email_hash = models.CharField(max_length=64, blank=True)
    receipt_queued = models.BooleanField(default=False)
    expects_answer = models.BooleanField(help_text="They left a way to reach them.")
    complaint = models.OneToOneField(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="submission"
    )
    remark = models.OneToOneField(
        Remark, on_delete=models.PROTECT, null=True, blank=True, related_name="submission"
    )
    about = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    review_by = models.DateField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True)
    matching = models.CharField(max_length=20, default=Matching.NOT_NEEDED.value)
    # The customer as the form gave them, once the complaint was given to one known before.
    replaced_customer = models.OneToOneField(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_in"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", Kind),
            one_of("state", State),
            one_of("matching", Matching),
            both_or_neither("reviewed_at", "reviewed_by"),
            models.CheckConstraint(
                name="feedback_submission_became_something",
                condition=Q(
                    state__in=["accepted", "released"],
                    complaint__isnull=False,
                    remark__isnull=True,
                )
                | Q(
                    state__in=["accepted", "released"],
                    complaint__isnull=True,
                    remark__isnull=False,
                )
                | Q(
                    state__in=["quarantined", "abuse"],
                    complaint__isnull=True,
                    remark__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="feedback_submission_reviewed_by_somebody",
                condition=Q(state="quarantined", reviewed_at__isnull=True, review_by__isnull=False)
                | Q(state="accepted", reviewed_at__isnull=True, review_by__isnull=True)
                | Q(
                    state__in=["released", "abuse"],
                    reviewed_at__isnull=False,
                    review_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="feedback_submission_same_as_somebody",
                condition=Q(matching="same", replaced_customer__isnull=False)
                | ~Q(matching="same") & Q(replaced_customer__isnull=True),
            ),
            models.CheckConstraint(
                name="feedback_submission_abuse_has_a_reason",
                condition=~Q(state="abuse") | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="feedback_submission_received"),
            models.Index(fields=["source", "received_at"], name="feedback_submission_source"),
            models.Index(fields=["email_hash", "received_at"], name="feedback_submission_email"),
            models.Index(fields=["text_hash", "received_at"], name="feedback_submission_words"),
            models.Index(
                fields=["review_by", "id"],
                name="feedback_submission_to_review",
                condition=Q(state="quarantined"),
            ),
            models.Index(
                fields=["id"],
                name="feedback_submission_to_match",
                condition=Q(matching="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
