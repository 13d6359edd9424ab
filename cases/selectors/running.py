"""What the landlord runs: its procedure on a day, its calendar, itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, Subquery

from cases.errors import ActionNotAllowed
from cases.models import Adoption, CalendarEdition, Landlord, Procedure, ProcedureVersion
from cases.rules.events import Outcome
from cases.rules.plain_language import JARGON, Days, Found, advice, read_jargon
from cases.selectors.prepared import Prepared, PreparedModels


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


def advised(
    text: str,
    outcome: Outcome | None,
    points: Sequence[Found] = (),
    days: Days | None = None,
) -> list[str]:
    """Return advice about what is written to a customer, with the landlord’s own words to avoid."""
    ours = landlord()
    return advice(text, read_jargon(ours.jargon if ours else JARGON), outcome, points, days)


@dataclass(frozen=True, slots=True)
class InForce:
    """What counts for complaints received on a day: the version, and the calendar of today.

    The version is without the words of its terms, which it reads when somebody asks.
    """

    version: ProcedureVersion
    edition: int


def in_force_on(day: date) -> InForce:
    """Return what counts for complaints received on that day, in one query.

    It is what `procedure_on`, `version_in_force` and `current_edition` say.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    rows = [Row(*row) for row in _adopted().rows()]
    begun = [row for row in rows if row.adopted_on <= day]
    if not rows:
        raise ActionNotAllowed("The landlord is not set up yet: it runs no procedure.")
    adopted_on = max(r.adopted_on for r in begun) if begun else min(r.adopted_on for r in rows)
    versions = [row for row in rows if row.adopted_on == adopted_on]
    published = [row for row in versions if row.published_at is not None]
    in_force = [row for row in published if row.effective_on <= day]
    if not published:
        raise ActionNotAllowed(f"No version of “{versions[0].name}” is published.")
    row = max(in_force, key=_age) if in_force else min(published, key=_age)
    if row.edition is None:
        raise ActionNotAllowed("The landlord is not set up yet: there is no calendar.")
    return InForce(row.as_version(), row.edition)


def _age(row: "Row") -> tuple[date, int]:
    return row.effective_on, row.number


@dataclass(frozen=True, slots=True)
class Row:
    """One version of one procedure that was adopted, and the newest edition of the calendar."""

    adopted_on: date
    procedure: int
    code: str
    name: str
    key: int
    number: int
    effective_on: date
    published_at: datetime | None
    edition: int | None

    def as_version(self) -> ProcedureVersion:
        """Return the version, without the words of its terms."""
        alias = connection.alias
        version = ProcedureVersion.from_db(
            alias,
            ["id", "procedure_id", "number", "effective_on", "published_at"],
            [self.key, self.procedure, self.number, self.effective_on, self.published_at],
        )
        names = ["id", "code", "name"]
        version.procedure = Procedure.from_db(alias, names, [self.procedure, self.code, self.name])
        return version


@lru_cache(maxsize=1)
def _adopted() -> Prepared:
    """Return the query of what was ever adopted: a few rows, whatever else there is."""
    newest = CalendarEdition.objects.order_by("-pk").values("pk")[:1]
    return Prepared(
        Adoption.objects.values_list(
            "from_on",
            "procedure_id",
            "procedure__code",
            "procedure__name",
            "procedure__versions__pk",
            "procedure__versions__number",
            "procedure__versions__effective_on",
            "procedure__versions__published_at",
            Subquery(newest),
        )
    )
