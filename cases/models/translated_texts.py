"""What the landlord's own words for customers are in another language."""

from typing import Self

from django.conf import settings
from django.db import models


class TranslatedTextQuerySet(models.QuerySet["TranslatedText"]):
    """Texts in other languages."""

    def in_language(self, tag: str) -> Self:
        """Keep those in one language, the latest changed last."""
        return self.filter(language=tag).order_by("changed_at", "pk")


class TranslatedText(models.Model):
    """One text of the landlord's in one language.

    `key` is the place of the text: landlord-opening_hours, category-repairs. `english` is what it
    said when it was translated: once the landlord says something else there, these words are not
    shown for it and wait to be looked at again.
    """

    key = models.CharField(max_length=100)
    language = models.CharField(max_length=16)
    english = models.TextField()
    words = models.TextField()
    # Nobody who speaks the language has read it before this is so.
    is_proof_read = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = TranslatedTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "key"], name="cases_translatedtext_once"),
            models.CheckConstraint(
                name="cases_translatedtext_says_something",
                condition=~models.Q(words="") & ~models.Q(english=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} in {self.language}"
