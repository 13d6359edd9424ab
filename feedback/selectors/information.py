"""What the pages of information and the leaflet show of the landlord and its procedure."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Landlord
from cases.rules.blocks import Paragraph
from cases.rules.papers import plain_paper
from cases.rules.terms import ProcedureTerms
from cases.rules.wording import unmarked
from cases.selectors.running import landlord
from cases.selectors.speaking import machine_note, spoken
from feedback.selectors.procedure_told import (
    LeafletFacts,
    PublicStage,
    leaflet,
    outside_words,
    public_stages,
    thanks_words,
    who_can_complain,
)
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
        return _lines(self.landlord.care_standards) or list(self.terms.care_standards)

    @property
    def targets(self) -> list[str]:
        """Return what can be measured of it, likewise."""
        return _lines(self.landlord.care_targets) or list(self.terms.care_targets)


def information_on(day: date) -> Information:
    """Return what is told of the procedure that runs on a day. Three queries.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    running = running_on(day)
    return Information(running, landlord() or Landlord())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def leaflet_paper(told: Information, *, size: int) -> tuple[dict[str, object], str]:
    """Return the leaflet as a paper to be set, and a mark that changes with anything in it."""
    facts = LeafletFacts(
        ways=tuple(_ways(told.landlord)),
        ombudsman=told.running.ombudsman,
        bodies=told.running.bodies,
        not_complaints=tuple((each.what, each.instead) for each in told.running.not_complaints),
        standards=(*told.standards, *told.targets),
    )
    blocks = leaflet(told.terms, facts)
    if note := machine_note():
        blocks.append(Paragraph(tuple(note.strip("-\n ").splitlines())))
    paper = plain_paper(
        _("How we deal with complaints"),
        blocks,
        author=told.landlord.name,
        footer=told.landlord.name,
    )
    paper = _plain(paper) | {"size": size, "lang": spoken().tag.split("-")[0]}
    paper |= {"page_word": _("Page"), "of_word": _("of")}
    everything = [get_language(), size, told.landlord.name, paper["blocks"]]
    return paper, sha256(json.dumps(everything).encode()).hexdigest()


def _ways(row: Landlord) -> list[str]:
    hours = f" ({row.opening_hours})" if row.opening_hours else ""
    given = (
        (row.telephone, _("Ring %(telephone)s%(hours)s")),
        (row.email, _("Write to %(email)s")),
        (row.website, _("Visit %(website)s")),
    )
    known = {
        "telephone": row.telephone,
        "hours": hours,
        "email": row.email,
        "website": row.website,
    }
    return [
        *(words % known for value, words in given if value),
        _("Write a letter, or come to any of our offices"),
        _("Tell anybody who works for us"),
        _("Let somebody you trust do it for you"),
    ]


def _plain(value: Any) -> Any:
    """Return what a paper is made of without the marks of words that stay in English."""
    if isinstance(value, str):
        return unmarked(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value
