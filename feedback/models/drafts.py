"""Forms that somebody has begun and not sent yet."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts."""

    def untouched_since(self, instant: datetime) -> Self:
        """Keep the drafts in which nothing was typed since."""
        return self.filter(changed_at__lt=instant)


def new_key() -> str:
    """Return a key under which a form can be sent once."""
    return uuid.uuid4().hex


class Draft(models.Model):
    """What somebody has typed so far. Only the browser that holds the token finds it again.

    One that was put away is found by its code, and by no browser until then.

    `answers` has what was typed, right or wrong, by step and field. `key` is the key under which
    the answers as they now stand can be sent once: it changes with every answer.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    # Of the code by which whoever put it away finds it again, in any browser; else empty.
    code_hash = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=32, unique=True, default=new_key)
    # The tag of the language in which it was put away, and goes on when it is brought back.
    language = models.CharField(max_length=20, blank=True)
    answers = models.JSONField(default=dict)
    source = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["changed_at"], name="feedback_draft_by_change"),
            models.Index(
                fields=["code_hash"], name="feedback_draft_put_away", condition=~Q(code_hash="")
            ),
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"
