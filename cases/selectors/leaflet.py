"""The leaflet about complaints: a procedure and the landlord's own lines as a paper."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Landlord
from cases.rules.blocks import Block, Paragraph
from cases.rules.not_complaints import not_complaints
from cases.rules.papers import plain_paper
from cases.rules.terms import ProcedureTerms
from cases.rules.wording import unmarked
from cases.selectors.procedure_told import LeafletFacts, leaflet
from cases.selectors.speaking import machine_note, ours, spoken


@dataclass(frozen=True, slots=True)
class LeafletWords:
    """What the leaflet says in the language that was spoken when it was put together."""

    title: str
    author: str
    language: str
    blocks: Sequence[Block]

    def paper(self, *, size: int) -> tuple[dict[str, Any], str]:
        """Return it as a paper to be set, and a mark that changes with anything in it.

        `size` is that of its type in points.
        """
        paper = _plain(plain_paper(self.title, self.blocks, author=self.author, footer=self.author))
        paper |= {"size": size, "lang": self.language.split("-")[0]}
        paper |= {"page_word": _("Page"), "of_word": _("of")}
        everything = [get_language(), size, self.author, paper["blocks"]]
        return paper, sha256(json.dumps(everything).encode()).hexdigest()


def leaflet_words(
    terms: ProcedureTerms, landlord: Landlord, bodies: Mapping[str, Sequence[str]]
) -> LeafletWords:
    """Return what the leaflet says of a procedure; `bodies` are those outside, by their codes."""
    facts = LeafletFacts(
        ways=tuple(_ways(landlord)),
        ombudsman=tuple(bodies.get("ombudsman", ())),
        bodies=bodies,
        not_complaints=tuple((each.what, each.instead) for each in not_complaints(terms)),
        standards=(*standards_of(landlord, terms), *targets_of(landlord, terms)),
    )
    blocks = leaflet(terms, facts)
    if note := machine_note():
        blocks.append(Paragraph(tuple(note.strip("-\n ").splitlines())))
    return LeafletWords(_("How we deal with complaints"), landlord.name, spoken().tag, blocks)


def standards_of(landlord: Landlord, terms: ProcedureTerms) -> list[str]:
    """Return what customers can expect: the landlord's own lines, or the procedure's (K3-2)."""
    return _lines(landlord.care_standards) or list(terms.care_standards)


def targets_of(landlord: Landlord, terms: ProcedureTerms) -> list[str]:
    """Return what can be measured of it, likewise (K3-3)."""
    return _lines(landlord.care_targets) or list(terms.care_targets)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _ways(row: Landlord) -> list[str]:
    hours = f" ({ours(row.opening_hours)})" if row.opening_hours else ""
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
