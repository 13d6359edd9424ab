"""What the pages of information and the leaflet show of the landlord and its procedure."""

from dataclasses import dataclass
from datetime import date

from cases.models import Landlord
from cases.rules.terms import ProcedureTerms
from cases.selectors.leaflet import LeafletWords, leaflet_words, standards_of, targets_of
from cases.selectors.procedure_told import (
    PublicStage,
    outside_words,
    public_stages,
    thanks_words,
    who_can_complain,
)
from cases.selectors.running import landlord
from feedback.selectors.running import Running, running_on


@dataclass(frozen=True, slots=True)
class Information:
    """What is told of the procedure that runs on a day."""

    running: Running
    landlord: Landlord

    @property
    def terms(self) -> ProcedureTerms:
        """Return the terms that run."""
        return self.running.terms

    @property
    def stages(self) -> list[PublicStage]:
        """Return every stage in words for customers."""
        return public_stages(self.terms)

    @property
    def who_can_complain(self) -> list[str]:
        """Return who may complain."""
        return who_can_complain(self.terms)

    @property
    def outside(self) -> list[str]:
        """Return when the customer may go to somebody outside."""
        details = self.running.bodies
        return [outside_words(each, self.terms, details) for each in self.terms.outside_bodies]

    @property
    def thanks(self) -> str:
        """Return when the sender of a compliment or a suggestion is thanked."""
        return thanks_words(self.terms)

    @property
    def standards(self) -> list[str]:
        """Return what customers can expect: the landlord's own lines, or the procedure's."""
        return standards_of(self.landlord, self.terms)

    @property
    def targets(self) -> list[str]:
        """Return what can be measured of it, likewise."""
        return targets_of(self.landlord, self.terms)

    @property
    def leaflet(self) -> LeafletWords:
        """Return what the leaflet says."""
        return leaflet_words(self.terms, self.landlord, self.running.bodies)


def information_on(day: date) -> Information:
    """Return what is told of the procedure that runs on a day. Three queries.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    running = running_on(day)
    return Information(running, landlord() or Landlord())
