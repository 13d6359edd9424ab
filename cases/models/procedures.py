"""Procedures, their dated versions, and the calendars of working days."""

from datetime import date
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.db import models

from cases.models.constraints import one_of
from cases.rules.bank_holidays import Nation
from cases.rules.calendars import WorkingCalendar
from cases.rules.procedure_files import terms_from
from cases.rules.terms import ProcedureTerms

NamedDays = tuple[tuple[date, str], ...]


class Procedure(models.Model):
    """One procedure for complaints, in all its versions."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class ProcedureVersionQuerySet(models.QuerySet["ProcedureVersion"]):
    """Versions of procedures."""

    def published(self) -> Self:
        """Keep the versions that complaints may run under."""
        return self.filter(published_at__isnull=False)


class ProcedureVersion(models.Model):
    """A dated edition of a procedure. Once published it never changes (a trigger sees to it)."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_on = models.DateField(help_text="Complaints received from this day on run under it.")
    terms_words = models.JSONField(help_text="The same mapping as in a procedure file.")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProcedureVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "number"], name="cases_procedureversion_number_once"
            ),
            models.UniqueConstraint(
                fields=["procedure"],
                name="cases_procedureversion_one_draft",
                condition=models.Q(published_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure}, version {self.number}"

    @property
    def is_published(self) -> bool:
        """Say whether complaints may run under it."""
        return self.published_at is not None

    @property
    def terms(self) -> ProcedureTerms:
        """Return the terms; those of published versions are read once for each process."""
        if self.is_published:
            return published_terms(self.pk)
        return terms_from(self.terms_words)


@lru_cache(maxsize=256)
def published_terms(key: int) -> ProcedureTerms:
    """Return the terms of a published version, read once for each process.

    :raises ProcedureVersion.DoesNotExist: if there is no such version.
    """
    return terms_from(ProcedureVersion.objects.values_list("terms_words", flat=True).get(pk=key))


class Adoption(models.Model):
    """From which day the landlord runs a procedure for newly received complaints."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="adoptions")
    from_on = models.DateField(unique=True)

    def __str__(self) -> str:
        return f"{self.procedure} from {self.from_on:%-d %B %Y}"


class Closure(models.Model):
    """A day on which the landlord is closed though it is not a bank holiday."""

    on = models.DateField(unique=True)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.name}, {self.on:%-d %B %Y}"


class BankHoliday(models.Model):
    """A bank holiday of the landlord's nation, as the calendar's next edition will have it."""

    on = models.DateField(unique=True)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.name}, {self.on:%-d %B %Y}"


class CalendarEdition(models.Model):
    """The working days as once published. Never changed: a new edition takes its place."""

    nation = models.CharField(
        max_length=30,
    )
    weekdays = models.JSONField(help_text="Working days of the week, Monday is 0.")
    holidays = models.JSONField(help_text="Bank holidays by day.")
    closures = models.JSONField(help_text="The landlord's own closures by day.")
    horizon = models.DateField(help_text="The last day for which bank holidays are published.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [one_of("nation", Nation)]

    def __str__(self) -> str:
        return f"Calendar {self.pk} of {self.published_at:%-d %B %Y}"

    @property
    def calendar(self) -> WorkingCalendar:
        """Return the calendar to count with; built once for each process."""
        return edition(self.pk)


def _days(mapping: dict[str, Any]) -> NamedDays:
    return tuple((date.fromisoformat(day), str(name)) for day, name in sorted(mapping.items()))


@lru_cache(maxsize=64)
def edition(key: int) -> WorkingCalendar:
    """Return the calendar of an edition, built once for each process.

    :raises CalendarEdition.DoesNotExist: if there is no such edition.
    """
    row = CalendarEdition.objects.get(pk=key)
    return _counting(frozenset(row.weekdays), _days(row.holidays), _days(row.closures), row.horizon)


@lru_cache(maxsize=64)
def _counting(
    weekdays: frozenset[int], holidays: NamedDays, closures: NamedDays, horizon: date
) -> WorkingCalendar:
    return WorkingCalendar(
        weekdays=weekdays, holidays=dict(holidays), closures=dict(closures), horizon=horizon
    )


class Editions(dict[int, WorkingCalendar]):
    """The calendar editions by number, each read when first asked for."""

    def __missing__(self, key: int) -> WorkingCalendar:
        self[key] = edition(key)
        return self[key]
