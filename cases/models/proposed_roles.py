"""Weighty roles that wait for a second person's approval."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.constraints import both_or_neither, one_of
from cases.models.people import ServiceArea
from cases.rules.roles import Role


def new_proposal_code() -> str:
    """Return a random code that names a proposal in forms."""
    return secrets.token_hex(6)


class ProposedRole(models.Model):
    """A role that somebody is to have once a second person agrees."""

    code = models.CharField(max_length=16, unique=True, default=new_proposal_code)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="proposed_roles"
    )
    role = models.CharField(max_length=40)
    area = models.ForeignKey(
        ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            one_of("role", Role),
            both_or_neither("decided_at", "decided_by"),
            models.CheckConstraint(
                name="cases_proposedrole_not_by_themselves", condition=~Q(user=F("proposed_by"))
            ),
            models.UniqueConstraint(
                name="cases_proposedrole_waits_once",
                fields=["user", "role", "area"],
                condition=Q(decided_at__isnull=True),
            ),
            # SQLite takes two empty areas for different ones.
            models.UniqueConstraint(
                name="cases_proposedrole_waits_once_everywhere",
                fields=["user", "role"],
                condition=Q(decided_at__isnull=True, area__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        words = Role(self.role).words
        return f"{words}, {self.area}" if self.area else words
