"""Surveys of how complaints were dealt with: who is asked, what was answered, kept apart."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Complaint, OutboundMessage, User
from cases.models.constraints import both_or_neither, one_of
from cases.rules.references import new_reference
from feedback.rules.surveys import ASKED_BY, OPEN_FOR, SCORES, Way


class SurveyRound(models.Model):
    """A survey of all complaints recorded between two days (HH-34)."""

    first_day = models.DateField()
    last_day = models.DateField()
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first_day", "last_day"], name="feedback_surveyround_once"
            ),
            models.CheckConstraint(
                name="feedback_surveyround_days_in_order",
                condition=Q(last_day__gte=models.F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%-d %B %Y} to {self.last_day:%-d %B %Y}"


class SurveyRequestQuerySet(models.QuerySet["SurveyRequest"]):
    """Requests to answer a survey."""

    def open(self, *, now: datetime) -> Self:
        """Keep those that can still be answered."""
        return self.filter(is_answered=False, asked_at__gt=now - OPEN_FOR)

    def open_to(self, user: User) -> Self:
        """Keep those about complaints that `user` may read."""
        return self.filter(complaint__in=Complaint.objects.readable_by(user))

    def to_post(self) -> Self:
        """Keep those whose letter waits to be printed and posted, the oldest first."""
        waiting = self.filter(way=Way.POST.value, posted_on__isnull=True, is_answered=False)
        return waiting.order_by("pk")

    def to_ring(self, *, now: datetime) -> Self:
        """Keep those who can only be rung, the oldest first."""
        return self.open(now=now).filter(way=Way.PHONE.value).order_by("pk")


class SurveyRequest(models.Model):
    """One customer who is asked about one complaint, by a code.

    That it was answered is known, so that nobody is asked twice; when, and what, is not.
    """

    code = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="surveys")
    round = models.ForeignKey(
        SurveyRound, on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    way = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    message = models.OneToOneField(
        OutboundMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    posted_on = models.DateField(null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_answered = models.BooleanField(default=False)

    objects = SurveyRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("way", ASKED_BY),
            both_or_neither("posted_on", "posted_by"),
            models.UniqueConstraint(
                fields=["complaint", "round"],
                name="feedback_surveyrequest_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                name="feedback_surveyrequest_once_closed",
                condition=Q(round__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="feedback_survey_to_post",
                condition=Q(way="post", posted_on__isnull=True, is_answered=False),
            )
        ]

    def __str__(self) -> str:
        return self.code


class SurveyAnswer(models.Model):
    """What somebody answered. It leads to nobody, unless they said that it may (`complaint`)."""

    month = models.DateField()
    round = models.ForeignKey(
        SurveyRound, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    way = models.CharField(max_length=20)
    overall = models.PositiveSmallIntegerField()
    easy = models.PositiveSmallIntegerField(null=True, blank=True)
    informed = models.PositiveSmallIntegerField(null=True, blank=True)
    listened = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="survey_answers"
    )

    class Meta:
        constraints = [
            one_of("way", Way),
            models.CheckConstraint(
                name="feedback_surveyanswer_scores",
                condition=Q(overall__in=SCORES)
                & (Q(easy__isnull=True) | Q(easy__in=SCORES))
                & (Q(informed__isnull=True) | Q(informed__in=SCORES))
                & (Q(listened__isnull=True) | Q(listened__in=SCORES))
                & (Q(outcome__isnull=True) | Q(outcome__in=SCORES)),
            ),
            models.CheckConstraint(
                name="feedback_surveyanswer_of_a_month", condition=Q(month__day=1)
            ),
        ]
        indexes = [models.Index(fields=["month"], name="feedback_answer_by_month")]

    def __str__(self) -> str:
        return f"{self.overall} in {self.month:%B %Y}"


class EqualityCount(models.Model):
    """How many gave one answer about one characteristic in a half-year: numbers, no people."""

    half_year = models.DateField()
    characteristic = models.CharField(max_length=40)
    answer = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["half_year", "characteristic", "answer"],
                name="feedback_equalitycount_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.characteristic}: {self.answer}"
