"""How to reach those outside the landlord to whom a customer may go, as it was on each day."""

from datetime import date
from typing import Self

from django.db import models


class OutsideBodyDetailsQuerySet(models.QuerySet["OutsideBodyDetails"]):
    """Details of outside bodies."""

    def on(self, code: str, day: date) -> "OutsideBodyDetails | None":
        """Return the details of a body that are right on that day, or nothing."""
        return self.filter(code=code, from_on__lte=day).order_by("-from_on").first()

    def all_on(self, day: date) -> "dict[str, OutsideBodyDetails]":
        """Return the details of every body that are right on that day, by its code. One query."""
        return {row.code: row for row in self.filter(from_on__lte=day).order_by("from_on")}

    def newest_first(self) -> Self:
        """Order by body, the newest details first."""
        return self.order_by("code", "-from_on")


class OutsideBodyDetails(models.Model):
    """Name, telephone and address of an outside body, right from a day on."""

    code = models.SlugField(max_length=40, help_text="As in the procedures: ombudsman.")
    from_on = models.DateField()
    name = models.CharField(max_length=120)
    telephone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)
    address = models.TextField(blank=True)
    words = models.TextField(blank=True, help_text="Anything else a customer needs to know.")

    objects = OutsideBodyDetailsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "outside body details"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "from_on"], name="cases_outsidebodydetails_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.from_on:%-d %B %Y}"

    @property
    def lines(self) -> list[str]:
        """Return the details for a letter, a line each."""
        lines = (self.name, self.telephone, self.website, self.address_line, self.words)
        return [line for line in lines if line]

    @property
    def address_line(self) -> str:
        """Return the address on one line."""
        return ", ".join(line.strip() for line in self.address.splitlines() if line.strip())
