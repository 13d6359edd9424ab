"""The staff, as far as forms are concerned."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from cases.models import RoleGrant, User
from cases.rules.names import staff_meant
from cases.rules.pages import READERS, Page
from cases.rules.roles import Role
from cases.selectors.absences import follow
from cases.selectors.prepared import Prepared
from cases.selectors.reminders import colleagues
from feedback.rules.told import Told


def staff_told_of(told: Told) -> frozenset[int]:
    """Return the keys of the staff whom a complaint may be about; one query. In doubt, more."""
    names: dict[int, str] = dict(_names().rows())
    return staff_meant(
        told.staff_named, told.all_words, is_about_staff=told.about_staff, staff=names
    )


@lru_cache(maxsize=1)
def _names() -> Prepared:
    return Prepared(User.objects.filter(is_active=True).values_list("pk", "name"))


def is_left_somebody(subjects: Collection[int]) -> bool:
    """Say whether a coordinator is left who is none of these people."""
    grants = RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value, user__is_active=True)
    return grants.exclude(user__in=subjects).exists()


def coordinators(*, today: date) -> dict[int, str]:
    """Return the complaints coordinators at work, or who stands in for them, and their addresses.

    Without any, the administrators, who can name one. Two queries.
    """
    people = colleagues(today=today)
    for role in (Role.COMPLAINTS_COORDINATOR, Role.SYSTEM_ADMINISTRATOR):
        present = {follow(people.deputies, key) or key for key in people.holders[role]}
        found = {key: people.addresses[key] for key in present if key in people.addresses}
        if found:
            return found
    return {}


def readers_of_remarks() -> QuerySet[User]:
    """Return the active staff who may open compliments and suggestions, by name."""
    roles = [role.value for role in READERS[Page.FEEDBACK]]
    granted = RoleGrant.objects.filter(role__in=roles).values("user")
    return User.objects.filter(is_active=True, pk__in=granted).order_by("name", "pk")
