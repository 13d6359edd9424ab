"""Who complains, how they are reached, and in which register their complaint is kept."""

import secrets
from collections.abc import Collection
from enum import StrEnum

from cases.rules.terms import ProcedureTerms


class CustomerCategory(StrEnum):
    """What somebody is to the landlord."""

    TENANT = "tenant"
    LEASEHOLDER = "leaseholder"
    SHARED_OWNER = "shared_owner"
    LICENSEE = "licensee"
    APPLICANT = "applicant"
    FORMER_CUSTOMER = "former_customer"
    MEMBER_OF_THE_PUBLIC = "member_of_the_public"
    ELECTED_REPRESENTATIVE = "elected_representative"
    ADVOCACY_AGENCY = "advocacy_agency"
    RESIDENTS_GROUP = "residents_group"
    BOARD_MEMBER = "board_member"

    @property
    def words(self) -> str:
        """Return the category for people."""
        return {
            "applicant": "Applicant for housing",
            "elected_representative": "Councillor, MP or other elected representative",
            "residents_group": "Residents’ group",
        }.get(self.value, self.value.replace("_", " ").capitalize())


def category_words(code: str) -> str:
    """Return a category in words; one that only an imported file knows as it is."""
    known = {category.value: category.words for category in CustomerCategory}
    return known.get(code, code.replace("_", " ").capitalize())


class Channel(StrEnum):
    """How something reached the landlord, or the customer."""

    PHONE = "phone"
    EMAIL = "email"
    POST = "post"
    ONLINE = "online"
    FORM = "form"
    IN_PERSON = "in_person"
    VISIT = "visit"
    LIVE_CHAT = "live_chat"
    SOCIAL_MEDIA = "social_media"
    ELECTED_REPRESENTATIVE = "elected_representative"
    BY_HAND = "by_hand"

    @property
    def words(self) -> str:
        """Return the channel for people."""
        return {
            "phone": "Telephone",
            "email": "E-mail",
            "post": "Letter by post",
            "online": "Online form",
            "form": "“Let Us Know” paper form",
            "elected_representative": "Through a councillor or MP",
        }.get(self.value, self.value.replace("_", " ").capitalize())


class LetterFormat(StrEnum):
    """The format in which a customer can read a letter."""

    STANDARD = "standard"
    LARGE_PRINT = "large_print"
    GIANT_PRINT = "giant_print"
    EASY_READ = "easy_read"
    BRAILLE = "braille"
    AUDIO = "audio"

    @property
    def words(self) -> str:
        """Return the format for people."""
        return self.value.replace("_", " ").capitalize()


def format_badges(letter_format: str) -> list[str]:
    """Return the format in which somebody has letters for a badge: none for the ordinary one."""
    wanted = LetterFormat(letter_format)
    return [] if wanted is LetterFormat.STANDARD else [wanted.words]


class Register(StrEnum):
    """The register a complaint is kept in."""

    MAIN = "main"
    NON_TENANT = "non_tenant"

    @property
    def words(self) -> str:
        """Return the register for people."""
        return {"main": "Main register", "non_tenant": "Register of non-tenants"}[self.value]


# Those whose complaints are never on the separate register (HH-13). A shared owner holds a
# lease; a licensee has neither a tenancy nor a lease.
TENANTS_AND_LEASEHOLDERS = frozenset(
    {
        CustomerCategory.TENANT,
        CustomerCategory.LEASEHOLDER,
        CustomerCategory.SHARED_OWNER,
    }
)


def register_of(category: CustomerCategory, terms: ProcedureTerms) -> Register:
    """Return the register for a complaint by such a customer under these terms (HH-13)."""
    if terms.separate_register and category not in TENANTS_AND_LEASEHOLDERS:
        return Register.NON_TENANT
    return Register.MAIN


def new_customer_code() -> str:
    """Return a random code that names a customer in the address of a page."""
    return secrets.token_hex(6)


def register_for(category: str, terms: ProcedureTerms) -> Register:
    """Return the register for a category as stored; one nobody knows counts as the public."""
    known = {each.value for each in CustomerCategory}
    known_category = CustomerCategory(category) if category in known else None
    return register_of(known_category or CustomerCategory.MEMBER_OF_THE_PUBLIC, terms)


def preferred_of(*, email: str, phone: str, address: str, unsafe: Collection[str]) -> str:
    """Return how somebody is reached who did not say: in writing where that is possible.

    Never in a way that is unsafe ("email", "phone", "post") while another is known.
    """
    if email and "email" not in unsafe:
        return Channel.EMAIL.value
    can_ring = bool(phone) and "phone" not in unsafe
    if not can_ring or (address and "post" not in unsafe):
        return Channel.POST.value
    return Channel.PHONE.value
