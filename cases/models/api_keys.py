"""Keys with which other programs of the landlord join in, and what they sent with them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.constraints import both_or_neither
from cases.models.people import Scope, ServiceArea, User
from cases.rules.api_keys import READING, ApiScope
from cases.rules.roles import Role


class ApiKey(models.Model):
    """A key, and the account under which its program works. Only a digest of the key is kept.

    Its program sees what a line manager of the key's service areas sees, and no more than its
    scopes name. What reads complaints counts once a second person has approved it.
    """

    program = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_key"
    )
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    ends_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # Empty where there was nobody else to ask, or nothing to approve.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            both_or_neither("revoked_at", "revoked_by"),
            models.CheckConstraint(
                name="cases_apikey_made_by_one_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("made_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"Key of {self.program}"

    @property
    def allowed(self) -> frozenset[ApiScope]:
        """Return what it is for."""
        known = {scope.value: scope for scope in ApiScope}
        return frozenset(known[each] for each in self.scopes if each in known)

    @property
    def reads(self) -> bool:
        """Say whether it opens complaints to whoever holds it."""
        return bool(self.allowed & READING)

    def is_in_use(self, today: date) -> bool:
        """Say whether it opens anything on a day."""
        is_given = self.approved_at is not None and self.revoked_at is None
        return is_given and today <= self.ends_on


class ApiKeyArea(models.Model):
    """A service area, with all below it, that a key reaches."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="areas")
    area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "area"], name="cases_apikeyarea_once")
        ]

    def __str__(self) -> str:
        return str(self.area)


class ApiSubmission(models.Model):
    """What a program sent under a name of its own, so that it is logged once.

    `digest` tells whether the same came again; `reference` is what it was logged as.
    """

    program = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    reference = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "name"], name="cases_apisubmission_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} as {self.reference}"


def scope_of(key: ApiKey) -> Scope:
    """Return what a key reaches: what a line manager of its service areas does. Two queries."""
    below = Q()
    for path in key.areas.values_list("area__path", flat=True):
        below |= Q(path__startswith=path)
    reached: Any = ServiceArea.objects.filter(below).values_list("pk", flat=True) if below else ()
    role = frozenset({Role.LINE_MANAGER})
    return Scope(role, {Role.LINE_MANAGER: frozenset(reached)}, role)


def take_up_scope(key: ApiKey) -> User:
    """Return the account of a key's program, knowing what it reaches."""
    program: User = key.program
    program.know_scope(scope_of(key))
    return program
