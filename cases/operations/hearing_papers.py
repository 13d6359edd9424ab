"""The papers of a hearing: the correspondence as one numbered PDF, and what is withheld and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cases.models import Complaint, Document, DocumentKind, Letter, User
from cases.operations.bundles import Bound, Part, bind
from cases.operations.evidence import Keeping, author
from cases.operations.evidence_papers import (
    file_parts,
    letter_parts,
    mail_parts,
    message_parts,
    note_parts,
)
from cases.rules.blocks import Block, Heading, Paragraph, Table, blocks_of
from cases.rules.letters import STOPPED
from cases.rules.periods import london_day
from cases.selectors.case_page import CasePage, case_page

NOTE_WITHHELD = "A note between colleagues."


@dataclass(frozen=True, slots=True)
class Choice:
    """A paper that may go into the pack: its name in the form, its title, and whether it is due."""

    name: str
    title: str
    part: Part
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """What the coordinator chose, by its names in the form, and why the rest is withheld."""

    chosen: Collection[str]
    withheld_because: str = ""


def choices_of(page: CasePage) -> list[Choice]:
    """Return what could go into the pack: letters, e-mails and files, then notes of colleagues."""
    letters = Letter.objects.filter(complaint=page.complaint).exclude(channel=STOPPED)
    events = letters.order_by("pk").values_list("event_number", flat=True)
    named = [
        *((f"letter:{event}", part) for event, part in zip(events, _letters(page), strict=True)),
        *((f"message:{key}", part) for key, part in message_parts(page.complaint).items()),
        *((f"mail:{key}", part) for key, part in mail_parts(page.complaint).items()),
        *((f"file:{key}", part) for key, part in file_parts(page).items()),
    ]
    found = [Choice(name, _title(part), part) for name, part in named]
    return found + [
        Choice(f"note:{number}", _title(part), part, is_note=True)
        for number, part in note_parts(page).items()
    ]


def _letters(page: CasePage) -> list[Part]:
    return letter_parts(page.complaint)


def _title(part: Part) -> str:
    return f"{part.title}, {part.on}" if part.on else part.title


def withheld_from(choices: Collection[Choice], pack: Pack) -> list[tuple[str, str]]:
    """Return what is not in the pack, each with its reason."""
    return [
        (each.title, NOTE_WITHHELD if each.is_note else pack.withheld_because)
        for each in choices
        if each.name not in pack.chosen
    ]


def bind_papers(complaint: Complaint, pack: Pack, *, by: User, now: datetime) -> Bound:
    """Return the papers that were chosen as one PDF, with a list of what is withheld."""
    page = case_page(complaint, user=by, today=london_day(now), is_kept=True)
    choices = choices_of(page)
    withheld = withheld_from(choices, pack)
    told = [
        Paragraph((f"Received on {complaint.received_on:%-d %B %Y}.",)),
        *blocks_of(complaint.summary),
        *_under("What would put it right", complaint.desired_outcome),
        *_under(f"Why they asked for {page.history.stage.name}", page.history.asked_because),
    ]
    parts = [
        Part("What the customer told us", f"{complaint.received_on:%-d %B %Y}", told),
        *(each.part for each in choices if each.name in pack.chosen),
    ]
    if withheld:
        table = Table(("Not included", "Why"), tuple(withheld), (3, 2))
        parts.append(Part("What is not in these papers", "", [table]))
    return bind(
        f"Papers for the hearing of complaint {complaint.reference}",
        parts,
        author=author(),
        reference=complaint.reference,
        at=now,
        change=str,
    )


def _under(heading: str, words: str) -> list[Block]:
    return [Heading(heading), *blocks_of(words)] if words.strip() else []


def keep_papers(complaint: Complaint, bound: Bound, *, by: User, now: datetime) -> Document:
    """Keep the papers as they were sent."""
    name = f"{complaint.reference} papers for the hearing.pdf"
    return Keeping(complaint, by, now).document(
        DocumentKind.PAPERS, name, [bound.content], pages=bound.pages
    )
