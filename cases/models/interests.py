"""What colleagues declared about their own lives, so that no complaint of it comes to them."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.rules.interests import Known


def new_interest_code() -> str:
    """Return a random code that names a declaration in forms."""
    return secrets.token_hex(6)


class DeclaredInterestQuerySet(models.QuerySet["DeclaredInterest"]):
    """Declared interests."""

    def standing(self) -> Self:
        """Keep those that still count."""
        return self.filter(ended_at__isnull=True, user__is_active=True)


class DeclaredInterest(models.Model):
    """Somebody whom a colleague knows, or where they live: "my brother, of 4 Mill Lane"."""

    code = models.CharField(max_length=16, unique=True, default=new_interest_code)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interests"
    )
    relation = models.CharField(max_length=120)
    name = models.CharField(max_length=200, blank=True)
    # The name as names are compared.
    name_key = models.CharField(max_length=200, blank=True, db_index=True)
    postcode = models.CharField(max_length=12, blank=True, db_index=True)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # The complaints closed because of it, once each: whoever opens one to them again has decided.
    closed = models.ManyToManyField("cases.Complaint", related_name="+")

    objects = DeclaredInterestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_declaredinterest_about_somebody",
                condition=~Q(name="") | ~Q(postcode=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.relation} of {self.user}"

    @property
    def known(self) -> Known:
        """Return who it is about."""
        return Known(self.name, self.postcode)
