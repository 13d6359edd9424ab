"""The roles of the procedures, and how senior each is."""

from enum import StrEnum


class Role(StrEnum):
    """Who somebody is at work. One person may have several, each for a part of the landlord."""

    FRONT_LINE = "front_line"
    RESPONSIBLE_OFFICER = "responsible_officer"
    LINE_MANAGER = "line_manager"
    HEAD_OF_SERVICE = "head_of_service"
    ASSISTANT_DIRECTOR = "assistant_director"
    DIRECTOR = "director"
    PANEL_MEMBER = "panel_member"
    COMPLAINTS_COORDINATOR = "complaints_coordinator"
    EXECUTIVE_SUPPORT_MANAGER = "executive_support_manager"
    MEMBER_RESPONSIBLE = "member_responsible"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    AUDITOR = "auditor"

    @property
    def words(self) -> str:
        """Return the role's name for people, in lower case."""
        return _WORDS.get(self, self.value.replace("_", " "))


_WORDS = {
    Role.FRONT_LINE: "front-line colleague",
    Role.MEMBER_RESPONSIBLE: "Member Responsible for Complaints",
    Role.AUDITOR: "auditor",
}

# Higher is more senior. Roles outside the line of management have no seniority.
SENIORITY = {
    Role.FRONT_LINE: 1,
    Role.RESPONSIBLE_OFFICER: 1,
    Role.COMPLAINTS_COORDINATOR: 2,
    Role.LINE_MANAGER: 2,
    Role.HEAD_OF_SERVICE: 3,
    Role.ASSISTANT_DIRECTOR: 4,
    Role.DIRECTOR: 5,
    Role.PANEL_MEMBER: 6,
}

# Roles that cover a service area and everything below it.
AREA_ROLES = frozenset(
    {
        Role.FRONT_LINE,
        Role.LINE_MANAGER,
        Role.HEAD_OF_SERVICE,
        Role.ASSISTANT_DIRECTOR,
        Role.DIRECTOR,
    }
)
# Roles whose people answer for the work of others in their area.
MANAGING_ROLES = AREA_ROLES - {Role.FRONT_LINE}

# Roles that nobody gives alone: a second person approves each (roles: row 41).
WEIGHTY_ROLES = frozenset({Role.COMPLAINTS_COORDINATOR, Role.DIRECTOR, Role.SYSTEM_ADMINISTRATOR})
# Who may be that second person.
APPROVING_ROLES = frozenset({Role.COMPLAINTS_COORDINATOR, Role.SYSTEM_ADMINISTRATOR})


def seniority(roles: frozenset[Role]) -> int:
    """Return how senior the most senior of these roles is; 0 for none."""
    return max((SENIORITY.get(role, 0) for role in roles), default=0)
