"""The secret addresses at which calendars of other programs read somebody's deadlines."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "cases.calendar_feed"


def new_name() -> str:
    """Return a random name for an address."""
    return secrets.token_hex(16)


class CalendarFeed(models.Model):
    """An address that is open to whoever knows it, until it is switched off or replaced.

    What is kept here opens nothing: the address carries a mark besides, which is made with the
    secret key.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    name = models.CharField(max_length=32, unique=True, default=new_name)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user}"

    @property
    def token(self) -> str:
        """Return what stands in the address."""
        return f"{self.name}-{_mark(self.name)}"

    @staticmethod
    def name_in(token: str) -> str:
        """Return the name in the address of a calendar, or nothing if the mark is not ours."""
        name, _, mark = token.partition("-")
        return name if constant_time_compare(mark, _mark(name)) else ""


def _mark(name: str) -> str:
    return salted_hmac(_SALT, name, algorithm="sha256").hexdigest()[:32]
