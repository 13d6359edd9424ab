"""Who changed which setting, what it was and what it became, when: only ever added to."""

from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models

from cases.models.constraints import one_of


class Thing(StrEnum):
    """What can be set."""

    PERSON = "person"
    AREA = "area"
    CATEGORY = "category"
    CONTRACTOR = "contractor"
    LANDLORD = "landlord"
    CALENDAR = "calendar"
    PROCEDURE = "procedure"
    OUTSIDE_BODY = "outside_body"
    LETTER = "letter"
    MESSAGE = "message"
    API_KEY = "api_key"

    @property
    def words(self) -> str:
        """Return the thing's name for people."""
        return {
            "area": "Service area",
            "outside_body": "Outside body",
            "message": "Undelivered message",
            "api_key": "Key of a program",
        }.get(self.value, self.value.capitalize())


class SettingsChangeQuerySet(models.QuerySet["SettingsChange"]):
    """Changes of settings."""

    def about(self, thing: Thing, key: str) -> Self:
        """Keep the changes of one thing."""
        return self.filter(thing=thing.value, key=key)

    def newest_first(self) -> Self:
        """Order by when they were made, the newest first."""
        return self.order_by("-pk")


class SettingsChange(models.Model):
    """One change of a setting. Never changed or removed: triggers refuse it.

    `key` names the thing among its kind: a code, or for the one landlord nothing. `name` is what
    it was called; of people it is left empty, and nothing of their own particulars is kept
    but that they changed, because this table cannot forget (`person` is who it was).
    `changes` has a list [what, old, new] for each property, in words.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    thing = models.CharField(
        max_length=20,
    )
    key = models.CharField(max_length=100, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="settings_changes",
    )
    name = models.CharField(max_length=160, blank=True)
    act = models.CharField(max_length=80)
    changes = models.JSONField(default=list)

    objects = SettingsChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["thing", "key", "-id"], name="cases_settings_of_thing"),
        ]
        constraints = [one_of("thing", Thing)]

    def __str__(self) -> str:
        return f"{self.thing} {self.key} {self.act}"

    @property
    def title(self) -> str:
        """Return what was changed, by its name."""
        return self.person.name if self.person else self.name

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Return each property with its old and its new value."""
        return [(str(what), str(old), str(new)) for what, old, new in self.changes]
