"""How many promises an officer keeps on a working day, where that is not the usual."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Capacity(models.Model):
    """How many promises somebody keeps a day; the usual stands among the targets.

    Who changed it stands among the changes of that person.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="capacity"
    )
    promises_a_day = models.DecimalField(max_digits=4, decimal_places=1)

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.CheckConstraint(
                name="reporting_capacity_not_negative", condition=Q(promises_a_day__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promises_a_day} a day"
