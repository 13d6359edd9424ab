"""What the landlord wants to reach."""

from django.db import models
from django.db.models import Q

from reporting.rules.targets import Aim, Wanted


class Targets(models.Model):
    """The landlord's targets, one row of them. Who changed which stands among the changes.

    Shares are of a hundred, times in working days; what is empty has no target.
    """

    in_time = models.PositiveSmallIntegerField(null=True, blank=True)
    stage_1_days = models.PositiveSmallIntegerField(null=True, blank=True)
    stage_2_days = models.PositiveSmallIntegerField(null=True, blank=True)
    more_time = models.PositiveSmallIntegerField(null=True, blank=True)
    promises_kept = models.PositiveSmallIntegerField(null=True, blank=True)
    satisfied = models.PositiveSmallIntegerField(null=True, blank=True)
    # How many promises an officer usually keeps on a working day.
    promises_a_day = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="reporting_targets_only_one", condition=Q(id=1)),
            models.CheckConstraint(
                name="reporting_targets_of_a_hundred",
                condition=Q(
                    *(
                        Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": 100})
                        for name in ("in_time", "more_time", "promises_kept", "satisfied")
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return "Targets"

    @property
    def wanted(self) -> Wanted:
        """Return them as the rules read them."""
        return Wanted(**{aim.value: getattr(self, aim.value) for aim in Aim})
