"""Who may know of a complaint: the same rule as `Complaint.objects.visible_to`, for one at a time.

Lists are chosen in SQL. Whoever works out recipients for many complaints at once asks here
instead; a test compares the two answers for every pair.
"""

from dataclasses import dataclass

from cases.rules.roles import MANAGING_ROLES, Role

RESTRICTED = "restricted"
_READING_FROM_A_LIST = frozenset({Role.PANEL_MEMBER, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody on the staff: their roles, and for roles of an area the path of that area."""

    key: int
    roles: frozenset[Role]
    areas: frozenset[tuple[Role, str]] = frozenset()
    stands_in_for: frozenset[int] = frozenset()

    def covers(self, roles: frozenset[Role], path: str) -> bool:
        """Say whether one of the roles reaches the area with this path."""
        return bool(path) and any(
            role in roles and path.startswith(top) for role, top in self.areas
        )


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a complaint decides who may know of it."""

    level: str
    needs_triage: bool
    is_open: bool
    area_path: str
    officer: int | None
    logged_by: int | None
    excluded: frozenset[int] = frozenset()
    listed: frozenset[int] = frozenset()
    covering: frozenset[int] = frozenset()


def may_know_of(viewer: Viewer, sight: Sight) -> bool:
    """Say whether an active colleague may know of the complaint (roles: who may see a case)."""
    if viewer.key in sight.excluded:
        return False
    listed = viewer.key in sight.listed
    coordinates = Role.COMPLAINTS_COORDINATOR in viewer.roles
    if sight.needs_triage and not (coordinates or listed):
        return False
    if sight.level == RESTRICTED:
        return listed
    return coordinates or _in_reach(viewer, sight, listed=listed)


def _in_reach(viewer: Viewer, sight: Sight, *, listed: bool) -> bool:
    """Say whether role and service area reach the complaint."""
    return (
        sight.officer in viewer.stands_in_for | {viewer.key}
        or sight.logged_by == viewer.key
        or viewer.key in sight.covering
        or viewer.covers(MANAGING_ROLES, sight.area_path)
        or (sight.is_open and viewer.covers(frozenset({Role.FRONT_LINE}), sight.area_path))
        or (listed and bool(viewer.roles & _READING_FROM_A_LIST))
    )
