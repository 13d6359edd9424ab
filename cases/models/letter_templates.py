"""The landlord's own words of letters: versions that are only ever added to."""

from typing import Self

from django.conf import settings
from django.db import models

from cases.models.procedures import Procedure


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    """Versions of templates."""

    def of(self, procedure_id: int | None, letter: str, language: str = "") -> Self:
        """Keep the versions of one letter of a procedure in a language, the newest first.

        No language is English, and no procedure that of compliments and suggestions.
        """
        found = self.filter(procedure=procedure_id, letter=letter, language=language)
        return found.order_by("-number")


class LetterTemplate(models.Model):
    """One version of the words of a letter under a procedure. Never changed: triggers refuse it.

    Letters about compliments and suggestions have no procedure.

    The newest counts. One without text says that the letter is as it was shipped again; in another
    language than English, that there is none in it any more.
    """

    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, null=True, blank=True, related_name="templates"
    )
    letter = models.CharField(max_length=40)
    # A tag of `LANGUAGES`; nothing for English.
    language = models.CharField(max_length=8, blank=True)
    number = models.PositiveIntegerField()
    # A machine translated it, and nobody has proof-read it.
    is_machine_made = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "letter", "language", "number"],
                name="cases_lettertemplate_once",
            ),
            # For a database two rows without a procedure are no doubles.
            models.UniqueConstraint(
                fields=["letter", "language", "number"],
                condition=models.Q(procedure__isnull=True),
                name="cases_lettertemplate_once_beside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.number}"

    @property
    def title(self) -> str:
        """Return which version it is, from when, and whose."""
        return f"Version {self.number}, {self.made_at:%-d %B %Y}, by {self.made_by.name}"
