"""What the public pages tell of the landlord and its running procedure."""

from dataclasses import dataclass
from datetime import date

from cases.models import Category, Editions, OutsideBodyDetails
from cases.rules.terms import ProcedureTerms
from cases.selectors.running import current_edition, procedure_on, version_in_force
from feedback.rules.kinds import Kind
from feedback.rules.not_complaints import NotComplaint, not_complaints
from feedback.rules.promises import NextStep, complaint_steps, further_stages, remark_step


@dataclass(frozen=True, slots=True)
class Running:
    """The procedure that runs for what is received on a day, and what it says to customers."""

    terms: ProcedureTerms
    received_on: date
    ombudsman: tuple[str, ...]
    _edition: int

    def steps(self, kind: Kind) -> list[NextStep]:
        """Return what is promised for something received on that day, the soonest first."""
        calendars = Editions()
        if kind is Kind.COMPLAINT:
            return complaint_steps(
                self.terms,
                received_on=self.received_on,
                edition=self._edition,
                calendars=calendars,
            )
        return [
            remark_step(
                kind,
                self.terms,
                received_on=self.received_on,
                calendar=calendars[self._edition],
            )
        ]

    @property
    def further_stages(self) -> list[str]:
        """Return the names of the stages that follow the first."""
        return further_stages(self.terms)

    @property
    def not_complaints(self) -> list[NotComplaint]:
        """Return what is dealt with in another way."""
        return not_complaints(self.terms)


def running_on(day: date) -> Running:
    """Return the procedure that runs for what is received on that day. Three or four queries.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    version = version_in_force(procedure_on(day), day)
    ombudsman = OutsideBodyDetails.objects.on("ombudsman", day)
    return Running(
        terms=version.terms,
        received_on=day,
        ombudsman=tuple(ombudsman.lines) if ombudsman else (),
        _edition=current_edition().pk,
    )


def topics() -> list[tuple[str, str]]:
    """Return what complaints can be about: code and name, in the landlord's order. One query."""
    found = Category.objects.filter(is_retired=False).order_by("position", "name")
    return list(found.values_list("code", "name"))
