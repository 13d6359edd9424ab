"""Who an old case is about and where it belongs: customers, service areas and categories."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.text import slugify

from cases.errors import ComplaintError
from cases.models import Category, Complaint, Customer, ServiceArea
from cases.operations.categories import last_place
from cases.operations.search_index import index_names
from cases.rules.customers import CustomerCategory
from cases.rules.old_particulars import UNNAMED, Particulars


def check_email(address: str) -> None:
    """Refuse what is given as an e-mail address and is none.

    :raises ComplaintError: if nothing could be sent there.
    """
    try:
        if address:
            validate_email(address)
    except ValidationError:
        raise ComplaintError(f"“{address}” is not an e-mail address.") from None


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
        """Write the new customers, and what was filled in, by which they are found from now on."""
        if self._new:
            Customer.objects.bulk_create(self._new)
        if self._changed:
            Customer.objects.bulk_update(
                self._changed.values(), ["address", "postcode", "email", "phone"]
            )
            found = Complaint.objects.filter(customer__in=self._changed)
            index_names(found.values_list("pk", flat=True))

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
            category = Category.objects.create(
                code=_free_code(told, self._categories), name=told, position=last_place()
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
