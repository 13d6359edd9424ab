"""The letters of surveys, to be printed in one go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _

from cases.errors import NotMade
from cases.models import Customer, Landlord
from cases.operations.alerts import address_of
from cases.operations.documents import make_letter, told_left_out
from cases.operations.formats import why_not_made
from cases.operations.letterheads import in_english_alone, sender_lines
from cases.operations.pdfs import joined
from cases.operations.typesetting import set_paper
from cases.rules.blocks import Block, Paragraph
from cases.rules.customers import LetterFormat
from cases.rules.languages import language_needed
from cases.rules.papers import PRINTED, letter_paper
from cases.rules.periods import london_day
from cases.selectors.running import logo
from cases.selectors.speaking import (
    language_of,
    language_unmet,
    machine_note,
    public_path,
    speaking_to,
)
from feedback.models import SurveyRequest
from feedback.operations.surveys import LINK
from feedback.rules.survey_letters import easy_blocks, heard_blocks, paper_blocks
from feedback.selectors.surveys import sheet_of


def survey_letters_pdf(requests: Sequence[SurveyRequest], *, now: datetime) -> bytes:
    """Return the letters as one PDF, each on a sheet of its own, in print as large as is needed.

    Those in Braille or to be heard are files of their own; where this machine makes none, they are
    in giant print, for somebody to read out. One that cannot be made is left out: the first sheet
    says which.

    :raises NotMade: if none can be made.
    """
    landlord = Landlord.objects.defer("logo").first()
    shown = logo()
    made: list[BytesIO] = []
    left_out = []
    for asked in requests:
        customer = asked.complaint.customer
        if is_apart(asked):
            continue
        with speaking_to(customer):
            blocks = paper_blocks(
                code=asked.code,
                address=address_of(public_path(LINK.format(code=asked.code))),
                telephone=landlord.telephone if landlord else "",
                say=_,
            )
            unmet = _unmet(customer, landlord)
            blocks[:0] = unmet
            if note := machine_note():
                blocks.append(Paragraph(tuple(note.strip("-\n ").splitlines())))
            sheet = sheet_of(asked, blocks, sender=sender_lines(landlord), day=london_day(now))
            telephone = landlord.telephone if landlord else ""
            easy = easy_blocks(code=asked.code, telephone=telephone, say=_)
            sheet = replace(sheet, easy=[*easy, *unmet])
        needed = LetterFormat(customer.letter_format)
        size = needed if needed in PRINTED else LetterFormat.GIANT_PRINT
        paper = letter_paper(sheet, size) | {"lang": language_of(customer).split("-")[0]}
        try:
            made.append(BytesIO(set_paper(paper, at=now, logo=shown.content if shown else b"")))
        except NotMade as reason:
            left_out.append((f"{customer.name}, {asked.code}", str(reason)))
    if not made:
        raise NotMade(left_out[0][1] if left_out else "Each is a file of its own.")
    return joined([*told_left_out(left_out, at=now), *made], title="Surveys to print")


def _unmet(customer: Customer, landlord: Landlord | None) -> list[Block]:
    """Return what a letter on paper says of the language or the format that it is not in.

    In English: it is for whoever helps its reader.
    """
    needed = LetterFormat(customer.letter_format)
    told = in_english_alone(language_unmet(customer), landlord)
    if needed not in PRINTED:
        told += in_giant_print(needed, landlord)
    return _told(told)


def _told(words: str) -> list[Block]:
    return [Paragraph((each,)) for each in words.split("\n\n") if each]


def in_giant_print(needed: LetterFormat, landlord: Landlord | None) -> str:
    """Return what a letter says that is in giant print though its reader needs another format."""
    ways = [landlord.telephone, landlord.email] if landlord else []
    reach = " or ".join(each for each in ways if each)
    asked = f" Please ask us to read it to you: {reach}." if reach else ""
    return (
        f"\n\nYou need letters in this format: {needed.words.lower()}. We are sorry: this one is "
        f"in giant print.{asked}"
    )


def is_apart(asked: SurveyRequest) -> bool:
    """Say whether a letter is a file of its own: in Braille or to be heard, if made here."""
    needed = LetterFormat(asked.complaint.customer.letter_format)
    return needed not in PRINTED and not why_not_made(needed)


def survey_letter_apart(asked: SurveyRequest, *, now: datetime) -> tuple[bytes, str, str]:
    """Return a letter in Braille or to be heard, what kind of file it is, and its name.

    :raises NotMade: if this machine cannot make it.
    """
    landlord = Landlord.objects.defer("logo").first()
    blocks = heard_blocks(
        code=asked.code,
        address=address_of(LINK.format(code=asked.code)),
        telephone=landlord.telephone if landlord else "",
    )
    # In these formats there is English alone.
    language = language_needed(asked.complaint.customer.language)
    blocks[:0] = _told(in_english_alone(language, landlord))
    sheet = sheet_of(asked, blocks, sender=sender_lines(landlord), day=london_day(now))
    needed = LetterFormat(asked.complaint.customer.letter_format)
    content, media_type, ending = make_letter(sheet, needed, at=now)
    return content, media_type, f"survey {asked.code}.{ending}"
