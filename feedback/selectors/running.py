"""What the public pages tell of the landlord and its running procedure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from cases.models import Category, Editions, OutsideBodyDetails
from cases.rules.not_complaints import NotComplaint, not_complaints
from cases.rules.terms import ProcedureTerms
from cases.selectors.prepared import Prepared
from cases.selectors.running import in_force_on
from cases.selectors.speaking import ours
from feedback.rules.kinds import Kind
from feedback.rules.promises import NextStep, complaint_steps, further_stages, remark_step


@dataclass(frozen=True, slots=True)
class Running:
    """The procedure that runs for what is received on a day, and what it says to customers."""

    terms: ProcedureTerms
    received_on: date
    ombudsman: tuple[str, ...]
    # The details of every outside body on that day, by its code.
    bodies: Mapping[str, Sequence[str]]
    _edition: int

    def steps(self, kind: Kind, *, with_call: bool = False) -> list[NextStep]:
        """Return what is promised for something received on that day, the soonest first.

        `with_call`: whoever complains asked to be rung.
        """
        return _steps(kind, self.terms, self.received_on, self._edition, with_call=with_call)

    @property
    def further_stages(self) -> list[str]:
        """Return the names of the stages that follow the first."""
        return further_stages(self.terms)

    @property
    def further_words(self) -> str:
        """Return what can be asked for after the first answer, in a sentence."""
        stages = _(", and then for ").join(ours(each) for each in self.further_stages)
        told = _("If you are not happy with our answer, you can ask for %(stages)s.")
        return told % {"stages": stages}

    @property
    def not_complaints(self) -> list[NotComplaint]:
        """Return what is dealt with in another way."""
        return not_complaints(self.terms)


def running_on(day: date) -> Running:
    """Return the procedure that runs for what is received on that day. Two queries.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    found = in_force_on(day)
    bodies = {code: row.lines for code, row in OutsideBodyDetails.objects.all_on(day).items()}
    return Running(
        terms=found.version.terms,
        received_on=day,
        ombudsman=tuple(bodies.get("ombudsman", ())),
        bodies=bodies,
        _edition=found.edition,
    )


def steps_on(day: date, kind: Kind) -> list[NextStep]:
    """Return what is promised for something received on that day, the soonest first. One query.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    found = in_force_on(day)
    return _steps(kind, found.version.terms, day, found.edition)


def _steps(
    kind: Kind, terms: ProcedureTerms, day: date, edition: int, *, with_call: bool = False
) -> list[NextStep]:
    calendars = Editions()
    if kind is Kind.COMPLAINT:
        return complaint_steps(
            terms, received_on=day, edition=edition, calendars=calendars, with_call=with_call
        )
    return [remark_step(kind, terms, received_on=day, calendar=calendars[edition])]


def topics() -> list[tuple[str, str]]:
    """Return what complaints can be about: code and name, in the landlord's order. One query."""
    return [(code, ours(name)) for code, name in _topics().rows()]


@lru_cache(maxsize=1)
def _topics() -> Prepared:
    found = Category.objects.filter(is_retired=False).order_by("position", "name")
    return Prepared(found.values_list("code", "name"))
