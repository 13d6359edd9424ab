"""Who works for the invented landlord, and who lives in its homes."""

from typing import NamedTuple

from cases.rules.customers import CustomerCategory, LetterFormat
from cases.rules.roles import Role

LANDLORD = "Harbourside Homes"
TELEPHONE = "0800 555 0100"
EMAIL = "hello@harbourside.example"
PASSWORD = "harbourside-demo"  # noqa: S105  printed by the command, for invented people only


class Area(NamedTuple):
    """A service area and the one it is part of."""

    code: str
    name: str
    parent: str


AREAS = (
    Area("homes", "Homes directorate", ""),
    Area("repairs", "Repairs service", "homes"),
    Area("repairs-north", "Repairs team north", "repairs"),
    Area("repairs-south", "Repairs team south", "repairs"),
    Area("housing", "Housing service", "homes"),
    Area("tenancies", "Tenancies team", "housing"),
    Area("lettings", "Lettings team", "housing"),
    Area("resources", "Resources directorate", ""),
    Area("charges", "Rents and charges team", "resources"),
)


class Colleague(NamedTuple):
    """Somebody on the staff, with the roles they hold and where."""

    name: str
    job_title: str
    roles: tuple[tuple[Role, str], ...]
    leads: str = ""

    @property
    def email(self) -> str:
        """Return the address made from the name."""
        return f"{self.name.lower().replace(' ', '.').replace('’', '')}@harbourside.example"


COLLEAGUES = (
    Colleague("Priya Shah", "Complaints Coordinator", ((Role.COMPLAINTS_COORDINATOR, ""),)),
    Colleague("Tom Baker", "Deputy Complaints Coordinator", ((Role.COMPLAINTS_COORDINATOR, ""),)),
    Colleague("Kelly Owen", "Customer Adviser", ((Role.FRONT_LINE, "housing"),)),
    Colleague(
        "Dan Morris",
        "Repairs Surveyor",
        ((Role.RESPONSIBLE_OFFICER, ""), (Role.FRONT_LINE, "repairs-north")),
    ),
    Colleague(
        "Amina Yusuf",
        "Housing Officer",
        ((Role.RESPONSIBLE_OFFICER, ""), (Role.FRONT_LINE, "tenancies")),
    ),
    Colleague("Grace Lin", "Repairs Manager", ((Role.LINE_MANAGER, "repairs"),)),
    Colleague("Owen Hughes", "Housing Manager", ((Role.LINE_MANAGER, "housing"),)),
    Colleague("Ruth Adeyemi", "Head of Repairs", ((Role.HEAD_OF_SERVICE, "repairs"),)),
    Colleague("Peter Wood", "Head of Housing", ((Role.HEAD_OF_SERVICE, "housing"),)),
    Colleague("Sam Patel", "Head of Finance", ((Role.HEAD_OF_SERVICE, "resources"),)),
    Colleague("Nia Roberts", "Assistant Director", ((Role.ASSISTANT_DIRECTOR, "homes"),)),
    Colleague("Helen Marsh", "Director of Homes", ((Role.DIRECTOR, "homes"),)),
    Colleague("James Okafor", "Director of Resources", ((Role.DIRECTOR, "resources"),)),
    Colleague("Mary Doyle", "Board member", ((Role.PANEL_MEMBER, ""),), leads="Homes Committee"),
    Colleague("Ken Ito", "Board member", ((Role.PANEL_MEMBER, ""),)),
    Colleague("Asha Bell", "Board member", ((Role.PANEL_MEMBER, ""),)),
    Colleague("Lucy Grant", "Executive Support Manager", ((Role.EXECUTIVE_SUPPORT_MANAGER, ""),)),
    Colleague("David Cole", "Member Responsible for Complaints", ((Role.MEMBER_RESPONSIBLE, ""),)),
    Colleague("Ines Costa", "Systems Administrator", ((Role.SYSTEM_ADMINISTRATOR, ""),)),
    Colleague("Frank Hill", "Internal Auditor", ((Role.AUDITOR, ""),)),
)


class Resident(NamedTuple):
    """A customer."""

    name: str
    category: CustomerCategory
    address: str
    postcode: str
    letter_format: LetterFormat = LetterFormat.STANDARD
    needs: str = ""
    language: str = ""
    has_email: bool = True
    phone_unsafe: bool = False


RESIDENTS = (
    Resident("Gareth Evans", CustomerCategory.TENANT, "14 Dock Road", "HB1 4AA"),
    Resident(
        "Margaret Shaw",
        CustomerCategory.TENANT,
        "Flat 3, Quay House",
        "HB1 2QH",
        LetterFormat.LARGE_PRINT,
        "Ring after 4pm; slow to reach the telephone",
        has_email=False,
    ),
    Resident("Olu Adeyemi", CustomerCategory.LEASEHOLDER, "Flat 12, Quay House", "HB1 2QH"),
    Resident("Precious Moyo", CustomerCategory.TENANT, "7 Chandlers Row", "HB2 7CR"),
    Resident("Wei Chen", CustomerCategory.SHARED_OWNER, "22 Sail Street", "HB3 1SS"),
    Resident(
        "Ivan Petrov", CustomerCategory.TENANT, "9 Anchor Close", "HB2 9AC", language="Bulgarian"
    ),
    Resident("Siân Lloyd", CustomerCategory.TENANT, "31 Mast Way", "HB4 3MW", language="Welsh"),
    Resident("Farah Khan", CustomerCategory.APPLICANT, "5 Hill View", "HB6 5HV"),
    Resident(
        "Doris Bright",
        CustomerCategory.TENANT,
        "2 Lantern Court",
        "HB1 2LC",
        LetterFormat.BRAILLE,
        "Blind; braille letters, or ring first",
        has_email=False,
    ),
    Resident("Marcus Green", CustomerCategory.TENANT, "18 Dock Road", "HB1 4AA"),
    Resident("Agnes Kowalczyk", CustomerCategory.TENANT, "40 Mast Way", "HB4 3MW"),
    Resident("Cllr Joan Pratt", CustomerCategory.ELECTED_REPRESENTATIVE, "Town Hall", "HB1 1TH"),
    Resident("Leila Haddad", CustomerCategory.TENANT, "11 Rope Walk", "HB2 1RW", phone_unsafe=True),
    Resident("Barry Stone", CustomerCategory.FORMER_CUSTOMER, "66 Station Road", "HB7 6SR"),
    Resident("Ebony Clarke", CustomerCategory.TENANT, "Flat 8, Quay House", "HB1 2QH"),
    Resident("Quay House Residents", CustomerCategory.RESIDENTS_GROUP, "Quay House", "HB1 2QH"),
)
