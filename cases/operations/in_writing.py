"""What turns a customer away is told in writing; where nobody can write to them, it is kept."""

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.operations.notices import can_be_written_to
from cases.operations.record import CaseFile
from cases.rules.events import EventKind
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import IN_WRITING
from cases.rules.timeline_facts import channel_words
from cases.selectors.messages import LETTER_OF

MUST_BE_WRITTEN = (
    "The customer is turned away by this, so they are told in writing why, and how to go to the "
    "Ombudsman."
)
WHY_UNWRITTEN = (
    "There is no safe way to write to this customer. Say why, and what was done to find one: the "
    "letter is made and kept all the same."
)
# The fact of the note why a letter is kept and goes nowhere: how they were told instead.
UNWRITTEN = "unwritten"


def is_kept_alone(
    case: CaseFile, kind: LetterKind, channel: str, *, because: str, event_number: int
) -> bool:
    """Say whether a letter of which the customer is told by word is made all the same, and kept.

    So is what turns away somebody to whom nobody can write; the reason, `because`, is kept too.

    :raises ActionNotAllowed: if it turns them away and they can be written to (Code 2.4, 5.11).
    :raises ReasonMissing: if they cannot, and nobody says why.
    """
    if kind not in IN_WRITING:
        return False
    if can_be_written_to(case.complaint, now=case.now):
        raise ActionNotAllowed(f"{MUST_BE_WRITTEN} Choose a letter or an e-mail.")
    if not because.strip():
        raise ReasonMissing(WHY_UNWRITTEN)
    case.add(
        EventKind.NOTED,
        facts={UNWRITTEN: channel, LETTER_OF: event_number},
        words={
            "note": "There is no safe way to write to the customer, so the letter is kept here. "
            f"How they were told: {channel_words(channel).lower()}. {because.strip()}"
        },
    )
    return True
