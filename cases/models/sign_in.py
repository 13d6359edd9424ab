"""What signing in leaves: open sessions, second factors and the codes for a lost telephone."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class BrowserSession(AbstractBaseSession):
    """What a browser is remembered by. Of somebody who is signed in it says who, and since when.

    No backup holds them: whoever was signed in signs in again.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="browser_sessions",
    )
    began_at = models.DateTimeField(null=True, blank=True)
    browser = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.browser or "A browser"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Return what reads and writes these rows."""
        return import_module(settings.SESSION_ENGINE).SessionStore


class SecondFactor(models.Model):
    """The secret that somebody's authenticator app shares with us, sealed.

    `last_step` is the half minute of the last code that was taken: neither it nor one before it is
    taken again. Wrong codes are counted since the last right one, and on one day.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor"
    )
    sealed = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    last_step = models.BigIntegerField(default=0)
    wrong_in_a_row = models.PositiveIntegerField(default=0)
    wrong_on = models.DateField(null=True, blank=True)
    wrong_that_day = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Second factor of {self.user}"


class RecoveryCode(models.Model):
    """A code that takes the place of the app once. Only its digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="cases_recoverycode_once")
        ]

    def __str__(self) -> str:
        return f"Recovery code of {self.user}"
