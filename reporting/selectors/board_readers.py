"""Whose complaints a board counts: one's own, those one may read, or all for whom figures are."""

from dataclasses import dataclass
from enum import StrEnum

from cases.models import Complaint, User
from cases.models.complaints import ComplaintQuerySet, held_by
from cases.rules.pages import READERS, Page
from cases.rules.roles import MANAGING_ROLES, Role


class Reach(StrEnum):
    """How far the figures of a reader go."""

    OWN = "own"
    SEEN = "seen"
    LANDLORD = "landlord"


def reach_of(user: User) -> Reach:
    """Return how far the figures of somebody go.

    Whoever manages or coordinates sees those of what they may read, an officer their own. Whoever
    may open no complaint sees those of the landlord, without small numbers (decision 76).
    """
    if user.has_role(*MANAGING_ROLES, Role.COMPLAINTS_COORDINATOR):
        return Reach.SEEN
    return Reach.OWN if user.has_role(Role.RESPONSIBLE_OFFICER) else Reach.LANDLORD


# The roles that open no complaint behind a figure.
FIGURES_ALONE = READERS[Page.FIGURES] - READERS[Page.BEHIND_FIGURES]


def may_choose_landlord(user: User) -> bool:
    """Say whether somebody has, beside their own figures, those of the landlord to choose."""
    return reach_of(user) is Reach.OWN and user.has_role(*FIGURES_ALONE)


@dataclass(frozen=True, slots=True)
class Whose:
    """Of whom and of what the figures are: who reads them, how far they go, the areas chosen."""

    user: User
    reach: Reach
    areas: frozenset[int] | None = None

    @property
    def hides_small(self) -> bool:
        """Say whether small numbers are hidden and no figure opens anything."""
        return self.reach is Reach.LANDLORD

    @property
    def complaints(self) -> ComplaintQuerySet:
        """Return the complaints that are counted, of any time.

        What a figure counts its reader may open, unless they have figures alone: those count what
        is not closed to them (decision 78).
        """
        if self.reach is Reach.LANDLORD:
            return Complaint.objects.not_closed_to(self.user).counted()
        readable = Complaint.objects.readable_by(self.user).counted()
        if self.reach is Reach.OWN:
            return readable.filter(held_by(self.user))
        if self.areas is None:
            return readable
        return readable.filter(service_area__in=sorted(self.areas))
