"""What a landlord enters for the measures of a year: its homes, and how it counts."""

from django.db import models
from django.db.models import Q

from reporting.rules.measure_definitions import Tenure
from reporting.rules.measures import Counting
from reporting.rules.reporting_years import ReportingYear


class MeasuredYear(models.Model):
    """A reporting year by the year in which it begins; homes are those owned on its last day.

    Who changed it, and what it was, stands among the changes of settings.
    """

    begins = models.PositiveSmallIntegerField(unique=True)
    rented_homes = models.PositiveIntegerField(null=True, blank=True)
    shared_homes = models.PositiveIntegerField(null=True, blank=True)
    with_extensions = models.BooleanField(default=True)
    counts_crossing = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reporting_measuredyear_in_this_age",
                condition=Q(begins__gte=2020, begins__lt=2200),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def year(self) -> ReportingYear:
        """Return the year."""
        return ReportingYear(self.begins)

    @property
    def counting(self) -> Counting:
        """Return what was entered as the rules read it."""
        return Counting(
            homes={Tenure.RENTED: self.rented_homes, Tenure.SHARED: self.shared_homes},
            with_extensions=self.with_extensions,
            counts_crossing=self.counts_crossing,
        )
