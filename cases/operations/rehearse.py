"""An act done to the end and taken back, to show what it would lead to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from cases.errors import LetterIncomplete
from cases.models import Complaint, Landlord, Letter
from cases.operations.approval_gate import nothing_stays
from cases.operations.letter_emails import end_of_email, notice_of
from cases.operations.letterheads import signature
from cases.rules.customers import LetterFormat
from cases.rules.foresight import days_off, what_follows
from cases.rules.languages import LANGUAGES, Language
from cases.rules.letters import paragraphs_of, subject_of
from cases.selectors.case_history import CaseHistory, history_of


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as the customer would get it."""

    channel: str
    to_name: str
    to_lines: tuple[str, ...]
    letter_format: str
    subject: str
    paragraphs: tuple[str, ...]
    signed: tuple[str, ...]
    language: Language | None = None
    other: tuple[str, ...] = ()
    # What an e-mail ends with besides, such as the link by which the customer follows it.
    under: tuple[str, ...] = ()
    # Whether its e-mail says only that there is a letter, and in which words.
    is_notice: bool = False
    notice: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        """Say whether it is made and kept, as nobody can write to the customer."""
        return self.channel not in ("email", "post", "letter_elsewhere")

    @property
    def letter_format_words(self) -> str:
        """Return the format in which the customer reads it."""
        return LetterFormat(self.letter_format).words


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What an act would lead to: in sentences, and the letter that it would send.

    `made` is that letter as it would be stored, and is not; `lacking` names what it must say and
    does not.
    """

    follows: list[str]
    letter: Draft | None
    missing: str = ""
    advice: Sequence[str] = ()
    made: Letter | None = None
    lacking: Sequence[str] = ()


def rehearse(act: Callable[[], Complaint], *, before: CaseHistory) -> Rehearsal:
    """Do an act by its own operation, look at what it led to, and take all of it back.

    Nothing stays: no event, no letter, no message. What the operation refuses is refused here.

    A letter that lacks a part is shown as far as it goes, with what is missing.

    :raises ComplaintError: whatever else the act itself would refuse.
    """
    try:
        return _rehearsed(act, before=before)
    except LetterIncomplete as refusal:
        letter: Any = refusal.letter
        draft = draft_of(letter, Landlord.objects.first())
        return Rehearsal([], draft, str(refusal), lacking=refusal.lacking)


def _rehearsed(act: Callable[[], Complaint], *, before: CaseHistory) -> Rehearsal:
    with transaction.atomic(), nothing_stays():
        complaint = act()
        after = history_of(complaint)
        follows = [
            *what_follows(before.state, after.state, after.terms),
            *days_off(before.state, after.state, after.editions),
        ]
        letter = _letter(complaint, since=len(before.rows))
        draft = draft_of(letter, Landlord.objects.first()) if letter else None
        if draft and letter:
            draft = replace(draft, under=end_of_email(letter), notice=notice_of(letter))
        transaction.set_rollback(True)
    return Rehearsal(follows, draft, made=letter)


def _letter(complaint: Complaint, *, since: int) -> Letter | None:
    letters = Letter.objects.filter(
        complaint=complaint, event_number__gt=since, copy_of__isnull=True
    )
    return letters.select_related("issued_by", "complaint", "message").order_by("-pk").first()


def draft_of(letter: Letter, landlord: Landlord | None) -> Draft:
    """Return a letter with what stands above and below its words."""
    return Draft(
        channel=letter.channel,
        to_name=letter.to_name,
        to_lines=tuple(letter.to_address.splitlines()),
        letter_format=letter.letter_format,
        subject=subject_of(letter.complaint.reference, sender=letter.sender, is_notice=False)
        if letter.channel == "email" and not letter.is_notice
        else letter.subject,
        paragraphs=tuple(letter.body.split("\n\n")),
        signed=tuple(letter.signed.splitlines() or signature(letter.issued_by, landlord)),
        language=LANGUAGES.get(letter.other_language),
        other=tuple(paragraphs_of(letter.other_text)),
        is_notice=letter.is_notice,
    )
