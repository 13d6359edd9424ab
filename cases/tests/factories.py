"""Rows for tests: valid, on fixed days with a name."""

import json
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import factory

from cases.models import (
    CalendarEdition,
    Category,
    Customer,
    Landlord,
    Procedure,
    ProcedureVersion,
    RoleGrant,
    ServiceArea,
    User,
)
from cases.rules.bank_holidays import PUBLISHED_UNTIL, Nation, bank_holidays
from cases.rules.procedure_files import read_shipped
from cases.rules.roles import Role

# Monday 8 June 2026, with no bank holiday in the four weeks after it.
MONDAY = date(2026, 6, 8)
MONDAY_MORNING = datetime(2026, 6, 8, 9, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@cache
def _shipped_words(code: str) -> str:
    return json.dumps(read_shipped(code))


def shipped(code: str) -> dict[str, Any]:
    """Return a shipped procedure, which is read once: nearly every test asks for all of them."""
    return json.loads(_shipped_words(code))


class LandlordFactory(factory.django.DjangoModelFactory):
    """The landlord."""

    class Meta:
        model = Landlord
        django_get_or_create = ("id",)

    id = 1
    name = "Harbourside Homes"
    nation = Nation.ENGLAND_AND_WALES.value
    telephone = "0800 000 0000"


class CalendarEditionFactory(factory.django.DjangoModelFactory):
    """The bank holidays of England and Wales, Monday to Friday."""

    class Meta:
        model = CalendarEdition

    nation = Nation.ENGLAND_AND_WALES.value
    weekdays = factory.LazyFunction(lambda: [0, 1, 2, 3, 4])
    holidays = factory.LazyFunction(
        lambda: {d.isoformat(): n for d, n in bank_holidays(Nation.ENGLAND_AND_WALES).items()}
    )
    closures = factory.LazyFunction(dict)
    horizon = PUBLISHED_UNTIL
    published_at = LONG_AGO


class ProcedureFactory(factory.django.DjangoModelFactory):
    """A procedure that ships."""

    class Meta:
        model = Procedure
        django_get_or_create = ("code",)

    code = "code-2024"
    name = factory.LazyAttribute(lambda row: shipped(row.code)["name"])


class ProcedureVersionFactory(factory.django.DjangoModelFactory):
    """The published first version of a shipped procedure."""

    class Meta:
        model = ProcedureVersion

    procedure = factory.SubFactory(ProcedureFactory)
    number = 1
    effective_on = date(2000, 1, 1)
    terms_words = factory.LazyAttribute(lambda row: shipped(row.procedure.code))
    published_at = LONG_AGO


class ServiceAreaFactory(factory.django.DjangoModelFactory):
    """A team without anything above it."""

    class Meta:
        model = ServiceArea
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"area-{n}")
    name = factory.Sequence(lambda n: f"Area {n}")
    parent = None

    @factory.post_generation
    def place(self, create, extracted, **kwargs):
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.save(update_fields=["path"])


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody on the staff without any role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@landlord.example")
    name = factory.Sequence(lambda n: f"Person {n}")

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        """Grant roles: `roles=[Role.X, (Role.LINE_MANAGER, area)]`."""
        for each in extracted or []:
            role, area = each if isinstance(each, tuple) else (each, None)
            RoleGrant.objects.create(user=self, role=Role(role).value, area=area)


class CategoryFactory(factory.django.DjangoModelFactory):
    """A category of complaints."""

    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"category-{n}")
    name = factory.Sequence(lambda n: f"Category {n}")


class CustomerFactory(factory.django.DjangoModelFactory):
    """A tenant who can be reached by post, e-mail and telephone, and wants whole letters."""

    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Customer {n}")
    category = "tenant"
    address = "14 Dock Road\nHarbourside"
    postcode = "HB1 4AA"
    email = factory.Sequence(lambda n: f"customer{n}@example.org")
    phone = "0151 000 0000"
    letters_by_email = True
    created_at = LONG_AGO
