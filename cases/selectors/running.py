"""What the landlord runs: its procedure on a day, its calendar, itself."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Exists

from cases.errors import ActionNotAllowed
from cases.models import Adoption, CalendarEdition, Landlord, Procedure, ProcedureVersion
from cases.selectors.prepared import PreparedModels


@dataclass(frozen=True, slots=True)
class Logo:
    """The landlord's logo: its bytes, what kind of picture, and the mark in its address."""

    content: bytes
    media_type: str
    mark: str


def landlord() -> Landlord | None:
    """Return the landlord without the bytes of its logo, or nothing before it is set up."""
    return _landlord().first()


@lru_cache(maxsize=1)
def _landlord() -> PreparedModels[Landlord]:
    return PreparedModels(Landlord.objects.defer("logo"))


def logo() -> Logo | None:
    """Return the landlord's logo, or nothing without one."""
    row = Landlord.objects.exclude(logo_mark="").first()
    return Logo(bytes(row.logo or b""), row.logo_type, row.logo_mark) if row else None


def is_set_up() -> bool:
    """Say whether there is a landlord and a calendar to work with, in one query."""
    return Landlord.objects.filter(Exists(CalendarEdition.objects.all())).exists()


def current_edition() -> CalendarEdition:
    """Return the calendar edition in force.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    newest = CalendarEdition.objects.order_by("-pk").first()
    if newest is None:
        raise ActionNotAllowed("The landlord is not set up yet: there is no calendar.")
    return newest


def procedure_on(day: date) -> Procedure:
    """Return the procedure that the landlord runs for complaints received on that day.

    For days before the first adoption the first procedure counts.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    adoptions = Adoption.objects.select_related("procedure").order_by("-from_on")
    adoption = adoptions.filter(from_on__lte=day).first() or adoptions.last()
    if adoption is None:
        raise ActionNotAllowed("The landlord is not set up yet: it runs no procedure.")
    return adoption.procedure


def version_in_force(procedure: Procedure, day: date) -> ProcedureVersion:
    """Return the version of a procedure for complaints received on that day.

    For days before the first version the first counts.

    :raises ActionNotAllowed: if no version is published.
    """
    versions = ProcedureVersion.objects.published().filter(procedure=procedure)
    ordered = versions.select_related("procedure").order_by("-effective_on", "-number")
    version = ordered.filter(effective_on__lte=day).first() or ordered.last()
    if version is None:
        raise ActionNotAllowed(f"No version of “{procedure}” is published.")
    return version
