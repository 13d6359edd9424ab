"""The staff's pages that belong to no single complaint, and whose they are."""

from enum import StrEnum

from cases.rules.roles import APPROVING_ROLES, Role


class Page(StrEnum):
    """A page or a group of pages with the same readers."""

    MY_WORK = "my-work"
    COVERS = "covers"
    QUEUE = "queue"
    LOG = "log"
    CUSTOMERS = "customers"
    HELD = "held"
    RESTRICTIONS = "contact-restrictions"
    REQUESTS = "requests"
    LETTERS = "letters"
    POST = "post"
    FEEDBACK = "feedback"
    QUARANTINE = "quarantine"
    INTERESTS = "declared-interests"
    CALCULATOR = "calculator"
    SURVEYS = "surveys"
    DASHBOARD = "dashboard"
    FIGURES = "figures"
    BEHIND_FIGURES = "behind-figures"
    AHEAD = "ahead"
    TARGETS = "targets"
    REPORTS = "reports"
    PERFORMANCE = "performance"
    MEASURES = "measures"
    HOMES = "homes"
    ASSESSMENT = "self-assessment"
    SETTINGS = "settings"
    PEOPLE = "people"
    ROLE_APPROVALS = "role-approvals"
    AUDITORS_VIEWS = "auditors-views"
    LOOKS = "looks"
    API_KEYS = "keys"
    OPERATIONS = "operations"


_CASEWORK = frozenset(
    {
        Role.FRONT_LINE,
        Role.RESPONSIBLE_OFFICER,
        Role.LINE_MANAGER,
        Role.HEAD_OF_SERVICE,
        Role.ASSISTANT_DIRECTOR,
        Role.DIRECTOR,
        Role.COMPLAINTS_COORDINATOR,
    }
)
_MANAGING = _CASEWORK - {Role.FRONT_LINE, Role.RESPONSIBLE_OFFICER}
# Who answers for how the landlord deals with complaints as a whole.
_STEERING = frozenset(
    {
        Role.COMPLAINTS_COORDINATOR,
        Role.ASSISTANT_DIRECTOR,
        Role.DIRECTOR,
        Role.EXECUTIVE_SUPPORT_MANAGER,
        Role.MEMBER_RESPONSIBLE,
    }
)
_LOOKING_ON = frozenset({Role.AUDITOR})
# Who sees figures, and no complaint.
_AGGREGATES = frozenset({Role.EXECUTIVE_SUPPORT_MANAGER, Role.MEMBER_RESPONSIBLE})

READERS: dict[Page, frozenset[Role]] = {
    Page.MY_WORK: _CASEWORK | {Role.PANEL_MEMBER},
    Page.COVERS: _CASEWORK - {Role.FRONT_LINE},
    Page.QUEUE: _CASEWORK | {Role.PANEL_MEMBER} | _LOOKING_ON,
    Page.LOG: _CASEWORK,
    Page.CUSTOMERS: _CASEWORK,
    # Copies of everything that is held of somebody.
    Page.HELD: frozenset({Role.COMPLAINTS_COORDINATOR}),
    # The front line sees on the customer’s page what is closed and open, and not why.
    Page.RESTRICTIONS: _CASEWORK - {Role.FRONT_LINE},
    Page.REQUESTS: _CASEWORK,
    Page.LETTERS: _CASEWORK,
    Page.POST: frozenset({Role.COMPLAINTS_COORDINATOR}),
    Page.FEEDBACK: _CASEWORK,
    Page.QUARANTINE: frozenset({Role.COMPLAINTS_COORDINATOR}),
    Page.INTERESTS: frozenset({Role.COMPLAINTS_COORDINATOR}),
    Page.CALCULATOR: frozenset(Role),
    Page.SURVEYS: _STEERING,
    Page.DASHBOARD: _MANAGING,
    # An officer sees their own, and whoever opens no complaint those without small numbers.
    Page.FIGURES: _MANAGING | {Role.RESPONSIBLE_OFFICER} | _AGGREGATES | _LOOKING_ON,
    Page.BEHIND_FIGURES: _MANAGING | {Role.RESPONSIBLE_OFFICER},
    Page.AHEAD: _MANAGING | {Role.RESPONSIBLE_OFFICER},
    Page.TARGETS: frozenset({Role.COMPLAINTS_COORDINATOR, Role.SYSTEM_ADMINISTRATOR}),
    # The weekly reports are for managers; the others are led to what there is for them.
    Page.REPORTS: _MANAGING | _AGGREGATES | _LOOKING_ON,
    Page.PERFORMANCE: _MANAGING - {Role.LINE_MANAGER} | _AGGREGATES | _LOOKING_ON,
    Page.MEASURES: _STEERING | _LOOKING_ON,
    # Written by these, read by whoever reads the measures.
    Page.ASSESSMENT: frozenset({Role.COMPLAINTS_COORDINATOR, Role.EXECUTIVE_SUPPORT_MANAGER}),
    Page.HOMES: frozenset({Role.COMPLAINTS_COORDINATOR, Role.SYSTEM_ADMINISTRATOR}),
    Page.SETTINGS: frozenset({Role.COMPLAINTS_COORDINATOR, Role.SYSTEM_ADMINISTRATOR})
    | _LOOKING_ON,
    Page.PEOPLE: frozenset({Role.SYSTEM_ADMINISTRATOR}) | _LOOKING_ON,
    Page.ROLE_APPROVALS: APPROVING_ROLES,
    Page.AUDITORS_VIEWS: APPROVING_ROLES,
    Page.LOOKS: APPROVING_ROLES,
    # Administrators make keys; a coordinator is the second person, and may end one.
    Page.API_KEYS: APPROVING_ROLES | _LOOKING_ON,
    Page.OPERATIONS: frozenset({Role.SYSTEM_ADMINISTRATOR}) | _LOOKING_ON,
}

# An auditor looks at settings and people and changes nothing.
CHANGERS: dict[Page, frozenset[Role]] = {
    page: roles - _LOOKING_ON for page, roles in READERS.items()
}
