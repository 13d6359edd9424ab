"""Constraints that several tables share."""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import CheckConstraint, Q


def one_of(field: str, enum: Iterable[StrEnum], *, blank: bool = False) -> CheckConstraint:
    """Return a constraint that a field holds a member of the enumeration."""
    values = [member.value for member in enum] + ([""] if blank else [])
    return CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_known", condition=Q(**{f"{field}__in": values})
    )


def both_or_neither(first: str, second: str) -> CheckConstraint:
    """Return a constraint that two nullable fields are filled together or not at all."""
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    return CheckConstraint(
        name=f"%(app_label)s_%(class)s_{first}_with_{second}", condition=neither | both
    )
