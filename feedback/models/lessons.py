"""What somebody said and what the landlord did about it, told to everybody."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.constraints import both_or_neither
from feedback.models.remarks import Remark


class LessonQuerySet(models.QuerySet["Lesson"]):
    """Lessons."""

    def published(self) -> Self:
        """Keep what everybody can read, the latest first."""
        shown = self.filter(published_on__isnull=False, withdrawn_on__isnull=True)
        return shown.order_by("-published_on", "-pk")


class Lesson(models.Model):
    """“You said, we did”. It names nobody; `remark` is the suggestion it came from, if it did."""

    you_said = models.CharField(max_length=300)
    we_did = models.TextField(max_length=800)
    remark = models.ForeignKey(
        Remark, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    published_on = models.DateField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LessonQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("published_on", "published_by"),
            both_or_neither("withdrawn_on", "withdrawn_by"),
            models.CheckConstraint(
                name="feedback_lesson_withdrawn_once_published",
                condition=Q(withdrawn_on__isnull=True) | Q(published_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_on", "-id"],
                name="feedback_lesson_shown",
                condition=Q(published_on__isnull=False, withdrawn_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.you_said

    def get_absolute_url(self) -> str:
        """Return the address of the page on which it is changed."""
        return reverse("feedback:lesson", args=[self.pk])

    @property
    def is_published(self) -> bool:
        """Say whether everybody can read it."""
        return self.published_on is not None and self.withdrawn_on is None
