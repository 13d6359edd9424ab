"""Letters and e-mails that were written elsewhere: kept with a copy, and no less complete."""

from cases.errors import ActionNotAllowed, LetterIncomplete
from cases.models import Landlord, Letter, StoredFile
from cases.operations.approval_gate import check_approved, note_that_it_went
from cases.operations.record import CaseFile
from cases.rules.events import EventKind
from cases.rules.letter_approvals import is_demanded
from cases.rules.letter_facts import STOPPED, LetterFacts
from cases.rules.letter_parts import parts_to_vouch_for, words_to_vouch_for
from cases.rules.procedure_words import in_a_row
from cases.selectors.messages import LETTER_OF

NO_COPY = "Choose the copy of what was sent, or add it."


def keep_letter_elsewhere(
    case: CaseFile,
    letter: Letter,
    facts: LetterFacts,
    *,
    copy: int | None,
    contains: tuple[str, ...],
    landlord: Landlord | None,
) -> Letter:
    """Keep a letter that was written elsewhere, with its copy and what its writer vouches for.

    `letter` is it, not stored; `copy` the key of a file of the complaint; `contains` names each
    compulsory part that the writer found in it.

    :raises ActionNotAllowed: if there is no copy of it, or the copy is that of another letter.
    :raises LetterIncomplete: if nobody vouches for a part that it must have.
    :raises ApprovalNeeded: if letters of its kind need a second person, who has not approved it.
    """
    file = _copy(case, copy)
    wanted = parts_to_vouch_for(facts)
    letter.original = file
    letter.body = "\n\n".join(
        [
            f"This was written elsewhere. Its copy is the file “{file.name}” (SHA-256 "
            f"{file.sha256[:16]}).",
            f"{case.by.name if case.by else 'Its writer'} says that it contains: "
            f"{in_a_row([words_to_vouch_for(each) for each in wanted if each in contains])}.",
            *([facts.words.strip()] if facts.words.strip() else []),
        ]
    )
    lacking = [words_to_vouch_for(each) for each in wanted if each not in contains]
    if lacking:
        raise LetterIncomplete(
            f"It cannot be recorded like this. Say that it contains: {in_a_row(lacking)}.",
            letter,
            lacking,
        )
    demanded = is_demanded(letter.kind, case.state, case.terms)
    approval = check_approved(letter, landlord, is_demanded=demanded)
    case.add(
        EventKind.NOTED,
        facts={LETTER_OF: letter.event_number, "file": file.pk, "sha256": file.sha256},
        words={"note": letter.body},
    )
    letter.save(force_insert=True)
    note_that_it_went(letter, approval)
    return letter


def _copy(case: CaseFile, key: int | None) -> StoredFile:
    """Return the copy of a letter.

    :raises ActionNotAllowed: if there is none, nobody may open it, or it is another letter's.
    """
    file = StoredFile.objects.filter(pk=key, complaint=case.complaint).first() if key else None
    if file is None:
        raise ActionNotAllowed(NO_COPY)
    if not file.may_be_opened:
        raise ActionNotAllowed(
            f"“{file.name}” cannot be opened, so nobody can look at the letter: {file.held_words}."
        )
    others = Letter.objects.filter(original=file).exclude(channel=STOPPED)
    if others.exists():
        raise ActionNotAllowed(f"“{file.name}” is the copy of another letter already.")
    return file
