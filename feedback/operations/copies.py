"""A copy of what somebody sent as a PDF, to keep or print: made when asked for, and not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.operations.alerts import address_of
from cases.operations.typesetting import set_paper
from cases.rules.blocks import Block, Heading, Paragraph, Points
from cases.rules.papers import plain_paper
from cases.rules.periods import LONDON
from cases.rules.wording import unmarked
from cases.selectors.speaking import machine_note, ours, public_path, spoken
from feedback.models import Submission
from feedback.rules.promises import NextStep
from feedback.selectors.speaking import step_sentence

# In points: as it is, and in large print.
SIZES = {"standard": 12, "large": 18}
ENTER = "/track/code/"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: each section with its questions and answers, and what comes next."""

    submission: Submission
    code: str
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    files: Sequence[str]
    steps: Sequence[NextStep]
    # What can be asked for after the first answer, and where help is found outside; of a complaint.
    further: str
    outside: Sequence[str]
    landlord: str
    telephone: str


def copy_pdf(sent: Sent, *, size: str, now: datetime) -> bytes:
    """Return the copy as a tagged PDF, in the language that is spoken.

    :raises NotMade: if it would take more time or memory than a paper may.
    """
    blocks = list(_blocks(sent))
    if note := machine_note():
        blocks.append(Paragraph(tuple(note.strip("-\n ").splitlines())))
    title = _("What you told us")
    reference = sent.submission.reference
    paper = plain_paper(title, blocks, author=sent.landlord, footer=reference)
    paper |= {"size": SIZES[size], "lang": spoken().tag.split("-")[0]}
    paper |= {"page_word": _("Page"), "of_word": _("of")}
    return set_paper(paper, at=now)


def _blocks(sent: Sent) -> list[Block]:
    at = sent.submission.received_at.astimezone(LONDON)
    received = f"{_('received on')} {date_format(at, 'j F Y')}"
    told: list[Block] = [
        Paragraph((f"{_('Reference')}: {sent.submission.reference}, {received}.",), is_strong=True),
        Paragraph((f"{_('Your code')}: {sent.code}",), is_strong=True),
        Paragraph((_how_it_stands(),)),
    ]
    for title, rows in sent.sections:
        answered = [(asked, said) for asked, said in rows if said.strip()]
        told += [Heading(unmarked(title))] if title and answered else []
        for asked, said in answered:
            told.append(Heading(unmarked(asked), 3 if title else 2))
            told.append(Paragraph(tuple(unmarked(said).splitlines())))
    told.append(Heading(_("Photos and documents")))
    told.append(Points(tuple(sent.files)) if sent.files else Paragraph((_("None"),)))
    if sent.steps:
        told.append(Heading(_("What happens next")))
        told.append(Points(tuple(_promise(step) for step in sent.steps)))
    if sent.further:
        told.append(Paragraph((unmarked(sent.further),)))
    if sent.outside:
        advice = _("You can ask the Housing Ombudsman for advice at any time. It is free.")
        told.append(Paragraph((advice, *(unmarked(ours(each)) for each in sent.outside))))
    told.append(Heading(_("If you want to add something")))
    ways = f" {sent.telephone}" if sent.telephone else ""
    told.append(Paragraph((_("Ring us or write, and give your reference.") + ways,)))
    return told


def _how_it_stands() -> str:
    told = _("With both you see how it stands in any browser:")
    return f"{told} {address_of(public_path(ENTER))}"


def _promise(step: NextStep) -> str:
    by = _("By {day}").format(day=date_format(step.by, "l j F Y"))
    words = _("we will %(words)s.") % {"words": unmarked(step_sentence(step))}
    return f"{by}: {words}"
