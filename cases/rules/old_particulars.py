"""Who an old case is about, as the columns of a file tell it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.errors import ComplaintError, RowUnreadable
from cases.rules.customers import CustomerCategory
from cases.rules.old_rows import plain_code, tidy

PARTICULARS = (
    "customer_name",
    "customer_category",
    "address",
    "email",
    "phone",
    "service_area",
    "category",
    "summary",
    "desired_outcome",
)
# What stands for a customer whose name the old system did not keep.
UNNAMED = "Name not recorded"
_LENGTHS = {"customer_name": 200, "phone": 40, "email": 254, "service_area": 120, "category": 120}
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")
_CATEGORY_WORDS = {
    "former": CustomerCategory.FORMER_CUSTOMER,
    "former_tenant": CustomerCategory.FORMER_CUSTOMER,
    "public": CustomerCategory.MEMBER_OF_THE_PUBLIC,
    "councillor": CustomerCategory.ELECTED_REPRESENTATIVE,
    "mp": CustomerCategory.ELECTED_REPRESENTATIVE,
    "applicant_for_housing": CustomerCategory.APPLICANT,
    "housing_applicant": CustomerCategory.APPLICANT,
    "residents’_group": CustomerCategory.RESIDENTS_GROUP,
    "residents'_group": CustomerCategory.RESIDENTS_GROUP,
}


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the rows of a case tell about the customer and the matter."""

    name: str
    category: CustomerCategory | None
    address: str
    postcode: str
    email: str
    phone: str
    service_area: str
    matter: str
    summary: str
    desired_outcome: str


def read_particulars(cells: Mapping[str, str]) -> Particulars:
    """Return what the cells of a case tell, each tidied.

    :raises RowUnreadable: with everything in them that cannot be kept.
    """
    told = {name: tidy(text) for name, text in cells.items()}
    problems = [
        f"{name} is longer than {longest} characters."
        for name, longest in _LENGTHS.items()
        if len(told.get(name, "")) > longest
    ]
    try:
        category = read_category(told.get("customer_category", ""))
    except ComplaintError as error:
        category = None
        problems.append(str(error))
    if problems:
        raise RowUnreadable(problems)
    address, postcode = split_address(told.get("address", ""))
    return Particulars(
        name=" ".join(told.get("customer_name", "").split()) or UNNAMED,
        category=category,
        address=address,
        postcode=postcode,
        email=told.get("email", ""),
        phone=told.get("phone", ""),
        service_area=told.get("service_area", ""),
        matter=told.get("category", ""),
        summary=told.get("summary", ""),
        desired_outcome=told.get("desired_outcome", ""),
    )


def read_category(text: str) -> CustomerCategory | None:
    """Return the category of customers, told by its code or by a usual word for it.

    :raises ComplaintError: if it is not one.
    """
    code = plain_code(text)
    if not code:
        return None
    if code in _CATEGORY_WORDS:
        return _CATEGORY_WORDS[code]
    by_words = {plain_code(each.words): each for each in CustomerCategory}
    if code in by_words:
        return by_words[code]
    if code not in set(CustomerCategory):
        known = ", ".join(CustomerCategory)
        raise ComplaintError(f"“{text}” is not a category of customers. Use one of {known}.")
    return CustomerCategory(code)


def split_address(text: str) -> tuple[str, str]:
    """Return an address and its postcode, if joining them gives the same text again."""
    for separator in ("\n", ", "):
        address, _, postcode = text.rpartition(separator)
        if _POSTCODE.fullmatch(postcode) and joined_address(address, postcode) == text:
            return address, postcode
    return ("", text) if _POSTCODE.fullmatch(text) else (text, "")


def joined_address(address: str, postcode: str) -> str:
    """Return an address with its postcode, on a line of its own if there are lines."""
    if not address or not postcode:
        return address or postcode
    return f"{address}\n{postcode}" if "\n" in address else f"{address}, {postcode}"


def first_told(rows: Sequence[Mapping[str, str]], names: Iterable[str]) -> dict[str, str]:
    """Return for each column the first row's cell that says something."""
    return {
        name: next((row[name] for row in rows if row.get(name, "").strip()), "") for name in names
    }
