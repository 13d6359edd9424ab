"""Compliments and suggestions: thanked for, passed on, and decided about."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from cases.models import (
    Complaint,
    Customer,
    LetterTemplate,
    OutboundMessage,
    ProposalState,
    ServiceArea,
    User,
)
from cases.models.constraints import both_or_neither, one_of
from feedback.rules.kinds import REMARKS, Decision, Way

TWO_WEEKS = timedelta(weeks=2)
LONGEST_LYING = timedelta(weeks=13)


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Compliments and suggestions."""

    def visible_to(self, user: User) -> Self:
        """Leave out what became a complaint that `user` may not read."""
        readable = Complaint.objects.readable_by(user)
        return self.filter(Q(complaint__isnull=True) | Q(complaint__in=readable))

    def counted(self) -> Self:
        """Leave out what turned out to be a complaint, which is counted as one."""
        return self.filter(complaint__isnull=True)

    def to_acknowledge(self) -> Self:
        """Keep those whose sender waits to be thanked."""
        return self.counted().filter(acknowledged_on__isnull=True, acknowledge_by__isnull=False)

    def overdue(self, *, today: date) -> Self:
        """Keep those whose sender should have been thanked before today."""
        return self.to_acknowledge().filter(acknowledge_by__lt=today)

    def to_decide(self) -> Self:
        """Keep the suggestions about which nothing is decided yet."""
        return self.counted().filter(kind="suggestion", decided_on__isnull=True)

    def to_pass_on(self) -> Self:
        """Keep the compliments that nobody has been told of yet."""
        return self.counted().filter(kind="compliment", passed_on__isnull=True)

    def to_approve(self) -> Self:
        """Keep those of which a letter waits for a second person."""
        return self.counted().filter(proposals__state=ProposalState.WAITING.value).distinct()

    def lying(self, *, today: date) -> Self:
        """Keep compliments not passed on and suggestions not decided two weeks after they came.

        What has lain for more than a quarter of a year is left in peace: to look through all that
        ever came would take longer each year.
        """
        came = (today - LONGEST_LYING, today - TWO_WEEKS)
        told = PassedOn.objects.filter(remark=OuterRef("pk"))
        undone = (Q(kind="compliment") & ~Exists(told)) | Q(
            kind="suggestion", decided_on__isnull=True
        )
        return self.counted().filter(undone, received_on__range=came)


class Remark(models.Model):
    """A compliment or a suggestion. Never mixed with complaints in counts.

    `acknowledge_by` is empty for somebody who left no way to be thanked. `complaint` is the
    one it turned out to be.
    """

    reference = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="remarks"
    )
    channel = models.CharField(max_length=40)
    received_on = models.DateField()
    words = models.TextField()
    regarding = models.TextField(blank=True)
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, blank=True)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    logged_at = models.DateTimeField()
    acknowledge_by = models.DateField(null=True, blank=True)
    acknowledged_on = models.DateField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_how = models.CharField(max_length=20, blank=True)
    alerted_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_how = models.CharField(max_length=20, blank=True)
    complaint = models.OneToOneField(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="was_remark"
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", REMARKS),
            one_of("acknowledged_how", Way, blank=True),
            one_of("answered_how", Way, blank=True),
            one_of("decision", Decision, blank=True),
            both_or_neither("acknowledged_on", "acknowledged_by"),
            both_or_neither("decided_on", "decided_by"),
            models.CheckConstraint(
                name="feedback_remark_acknowledged_somehow",
                condition=Q(acknowledged_on__isnull=True, acknowledged_how="")
                | Q(acknowledged_on__isnull=False) & ~Q(acknowledged_how=""),
            ),
            models.CheckConstraint(
                name="feedback_remark_decided_with_an_answer",
                condition=Q(decided_on__isnull=True, decision="", answer="", answered_how="")
                | Q(decided_on__isnull=False) & ~Q(decision="") & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="feedback_remark_only_suggestions_are_decided",
                condition=Q(kind="suggestion") | Q(decided_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="feedback_remark_by_receipt"),
            models.Index(
                fields=["acknowledge_by"],
                name="feedback_remark_to_thank",
                condition=Q(acknowledged_on__isnull=True, complaint__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("feedback:remark", args=[self.reference])


class PassedOn(models.Model):
    """A colleague who was told of a compliment or a suggestion."""

    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="passed_on")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="remarks_received"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "passed on"
        constraints = [
            models.UniqueConstraint(fields=["remark", "to"], name="feedback_passedon_once")
        ]

    def __str__(self) -> str:
        return f"{self.remark} to {self.to}"


class RemarkLetter(models.Model):
    """A letter of thanks or an answer as it was issued: to be posted, or sent as an e-mail."""

    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="letters")
    purpose = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    to_name = models.CharField(max_length=200)
    to_address = models.TextField(blank=True)
    letter_format = models.CharField(max_length=20)
    # The landlord's own words that it was made with; nothing where they were the shipped ones.
    template = models.ForeignKey(
        LetterTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.TextField()
    # The same in another language, and the words it was made with if it was.
    other_language = models.CharField(max_length=8, blank=True)
    other_text = models.TextField(blank=True)
    other_template = models.ForeignKey(
        LetterTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Why it is in English alone, where its reader needs another language.
    language_because = models.CharField(max_length=500, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    message = models.OneToOneField(
        OutboundMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Its e-mail says only that there is a letter, which is read by a link until then (decision 62).
    is_notice = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, blank=True)
    opens_until = models.DateTimeField(null=True, blank=True)
    posted_on = models.DateField(null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["remark", "purpose"], name="feedback_remarkletter_once"
            ),
            both_or_neither("posted_on", "posted_by"),
            models.UniqueConstraint(
                fields=["token_hash"],
                condition=~Q(token_hash=""),
                name="feedback_remarkletter_one_link",
            ),
            models.CheckConstraint(
                name="feedback_remarkletter_link_until_a_day",
                condition=Q(token_hash="", opens_until__isnull=True)
                | Q(is_notice=True, opens_until__isnull=False) & ~Q(token_hash=""),
            ),
            models.CheckConstraint(
                name="feedback_letter_text_with_its_language",
                condition=Q(other_language="", other_text="")
                | ~Q(other_language="") & ~Q(other_text=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["issued_at"],
                name="feedback_letter_to_post",
                condition=Q(channel="post", posted_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.remark}"
