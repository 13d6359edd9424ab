"""No letter of a kind that needs it goes without a second person's approval of its very words."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cases.errors import ApprovalNeeded
from cases.models import Landlord, Letter, LetterProposal, ProposalState
from cases.rules.sealing import words_hash

_taking_back: ContextVar[bool] = ContextVar("taking_back", default=False)


@contextmanager
def nothing_stays() -> Iterator[None]:
    """Let letters be made that nobody approved, where all of it is taken back at the end."""
    before = _taking_back.set(True)
    try:
        yield
    finally:
        _taking_back.reset(before)


def is_taken_back() -> bool:
    """Say whether all that is done now is taken back at the end."""
    return _taking_back.get()


def needs_approval(kind: str, landlord: Landlord | None) -> bool:
    """Say whether the landlord has letters of a kind approved."""
    return landlord is not None and kind in landlord.approved_letters


def check_approved(
    letter: Letter, landlord: Landlord | None, *, is_demanded: bool
) -> LetterProposal | None:
    """Return the approval under which a letter goes; nothing where its kind needs none.

    `is_demanded`: the procedure wants it approved, whatever the landlord chose. One query, where
    it needs an approval.

    :raises ApprovalNeeded: if no second person has approved exactly these words of this author.
    """
    if is_taken_back() or not (is_demanded or needs_approval(letter.kind, landlord)):
        return None
    approved = LetterProposal.objects.filter(
        complaint=letter.complaint,
        kind=letter.kind,
        asked_by=letter.issued_by,
        state=ProposalState.APPROVED.value,
        letter__isnull=True,
    )
    for proposal in approved:
        if proposal.words_hash == hash_of(letter, proposal.salt):
            return proposal
    raise ApprovalNeeded(
        "A letter of this kind goes once a second person has approved it: exactly these words. "
        "Ask for approval on the page of the act.",
        letter,
    )


def note_that_it_went(letter: Letter, approval: LetterProposal | None) -> None:
    """Keep with an approval which letter went under it, so that no other goes under it too."""
    if approval is not None:
        approval.letter = letter
        approval.save(update_fields=["letter"])


def hash_of(letter: Letter, salt: str) -> str:
    """Return the salted hash of every word of a letter, and of whom and how it reaches.

    One query, where it goes by e-mail and the customer is not read yet.
    """
    by_email = letter.channel == "email"
    return words_hash(
        {
            "kind": letter.kind,
            "channel": letter.channel,
            "letter_format": letter.letter_format,
            "sender": letter.sender,
            "to": f"{letter.to_name}\n{letter.to_address}",
            "email": letter.complaint.customer.email if by_email else "",
            "subject": letter.subject,
            "body": letter.body,
            "signed": letter.signed,
            "easy_read": letter.easy_read,
            "other_language": letter.other_language,
            "other_text": letter.other_text,
            **({"copy": letter.original.sha256} if letter.original else {}),
        },
        salt,
    )
