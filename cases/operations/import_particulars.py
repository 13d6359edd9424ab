"""Who an old case is about and where it belongs: customers, service areas and categories."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils.text import slugify

from cases.errors import ComplaintError, RowUnreadable
from cases.models import Category, Customer, ServiceArea
from cases.rules.customers import CustomerCategory
from cases.rules.old_rows import plain_code, tidy

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
    if email := told.get("email", ""):
        try:
            validate_email(email)
        except ValidationError:
            problems.append(f"“{email}” is not an e-mail address.")
    if problems:
        raise RowUnreadable(problems)
    address, postcode = split_address(told.get("address", ""))
    return Particulars(
        name=" ".join(told.get("customer_name", "").split()) or UNNAMED,
        category=category,
        address=address,
        postcode=postcode,
        email=email,
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


# Customers ----------------------------------------------------------------------------------


class KnownCustomers:
    """The customers who may be meant by a batch of cases, read in one query."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_name: dict[str, list[Customer]] = defaultdict(list)
        self._new: list[Customer] = []
        self._changed: dict[int, Customer] = {}
        # SQLite puts only the letters of English into lower case.
        wanted = {each for name in names for each in (name.lower(), _ascii_lower(name))}
        found = Customer.objects.annotate(lower_name=Lower("name")).filter(lower_name__in=wanted)
        for customer in found.order_by("pk"):
            self._by_name[customer.name.lower()].append(customer)

    def find_or_add(self, told: Particulars, *, now: datetime) -> Customer:
        """Return the customer with that name and address, postcode or e-mail, else a new one.

        Somebody of whom the file tells something else than what is known is somebody else. What
        is not known of somebody is filled in. Nothing is written before `save`.
        """
        for customer in self._by_name[told.name.lower()]:
            if _is_same(customer, told):
                self._fill_in(customer, told)
                return customer
        customer = Customer(
            name=told.name,
            category=(told.category or CustomerCategory.TENANT).value,
            address=told.address,
            postcode=told.postcode,
            email=told.email,
            phone=told.phone,
            created_at=now,
        )
        self._by_name[told.name.lower()].append(customer)
        self._new.append(customer)
        return customer

    def save(self) -> None:
        """Write the new customers, and what was filled in, in two statements."""
        if self._new:
            Customer.objects.bulk_create(self._new)
        if self._changed:
            Customer.objects.bulk_update(
                self._changed.values(), ["address", "postcode", "email", "phone"]
            )

    def _fill_in(self, customer: Customer, told: Particulars) -> None:
        for name in ("address", "postcode", "email", "phone"):
            if not getattr(customer, name) and getattr(told, name):
                setattr(customer, name, getattr(told, name))
                if customer.pk is not None:
                    self._changed[customer.pk] = customer


def _ascii_lower(text: str) -> str:
    return "".join(each.lower() if each.isascii() else each for each in text)


def _is_same(customer: Customer, told: Particulars) -> bool:
    if told.name == UNNAMED:
        return False
    pairs = [
        (_plain(getattr(customer, name)), _plain(getattr(told, name)))
        for name in ("address", "postcode", "email")
    ]
    agrees = any(known and known == given for known, given in pairs)
    pairs.append((customer.phone, told.phone))
    if told.category is not None:
        pairs.append((customer.category, told.category.value))
    return agrees and all(known == given for known, given in pairs if known and given)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace(",", " ").split())


# Service areas and categories ---------------------------------------------------------------


class KnownPlaces:
    """The service areas and categories, by code and by name; those missing are created."""

    def __init__(self) -> None:
        self._areas = _by_code_and_name(ServiceArea.objects.order_by("is_retired", "pk"))
        self._categories = _by_code_and_name(Category.objects.order_by("is_retired", "pk"))

    def area(self, told: str) -> int | None:
        """Return the key of the service area with that code or name, created if need be."""
        if not told:
            return None
        if told.lower() not in self._areas:
            area = ServiceArea.objects.create(code=_free_code(told, self._areas), name=told)
            area.path = f"/{area.pk}/"
            area.save(update_fields=["path"])
            self._areas |= {area.code: area.pk, told.lower(): area.pk}
        return self._areas[told.lower()]

    def category(self, told: str) -> int | None:
        """Return the key of the category with that code or name, created if need be."""
        if not told:
            return None
        if told.lower() not in self._categories:
            last = Category.objects.aggregate(last=Max("position"))["last"] or 0
            category = Category.objects.create(
                code=_free_code(told, self._categories), name=told, position=last + 1
            )
            self._categories |= {category.code: category.pk, told.lower(): category.pk}
        return self._categories[told.lower()]


def _by_code_and_name(rows: Iterable[ServiceArea | Category]) -> dict[str, int]:
    """Return the keys by code and by name; a code beats a name, what is in use what is retired."""
    found = list(rows)
    by_name = {row.name.lower(): row.pk for row in reversed(found)}
    return by_name | {row.code.lower(): row.pk for row in reversed(found)}


def _free_code(name: str, known: Mapping[str, int]) -> str:
    code = slugify(name)[:50] or "imported"
    number = 2
    free = code
    while free in known:
        free = f"{code}-{number}"
        number += 1
    return free


def first_told(rows: Sequence[Mapping[str, str]], names: Iterable[str]) -> dict[str, str]:
    """Return for each column the first row's cell that says something."""
    return {
        name: next((row[name] for row in rows if row.get(name, "").strip()), "") for name in names
    }
