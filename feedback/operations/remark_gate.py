"""No letter about a remark goes without a second person's approval where its kind needs it."""

from cases.errors import ApprovalNeeded
from cases.models import Landlord, ProposalState
from cases.operations.approval_gate import is_taken_back, needs_approval
from cases.rules.sealing import words_hash
from feedback.models import RemarkLetter, RemarkProposal
from feedback.rules.kinds import Kind
from feedback.rules.remark_letters import Purpose, letter_code

FOR_ITS_AUTHOR = (
    "A letter or an e-mail of this kind goes once a second person has approved it: exactly these "
    "words."
)


def is_approved_first(purpose: Purpose, kind: Kind, landlord: Landlord | None) -> bool:
    """Say whether the landlord has letters for a purpose approved."""
    return needs_approval(letter_code(purpose, kind), landlord)


def check_remark_approved(letter: RemarkLetter, landlord: Landlord | None) -> RemarkProposal | None:
    """Return the approval under which a letter goes; nothing where its kind needs none.

    One query, where the kind needs an approval.

    :raises ApprovalNeeded: if no second person has approved exactly these words of this author.
    """
    purpose, kind = Purpose(letter.purpose), Kind(letter.remark.kind)
    if is_taken_back() or not is_approved_first(purpose, kind, landlord):
        return None
    approved = RemarkProposal.objects.filter(
        remark=letter.remark,
        purpose=letter.purpose,
        asked_by=letter.issued_by,
        state=ProposalState.APPROVED.value,
        letter__isnull=True,
    )
    for proposal in approved:
        if proposal.words_hash == hash_of_remark_letter(letter, proposal.salt):
            return proposal
    raise ApprovalNeeded(FOR_ITS_AUTHOR, letter)


def hash_of_remark_letter(letter: RemarkLetter, salt: str) -> str:
    """Return the salted hash of every word of a letter, and of whom and how it reaches."""
    customer = letter.remark.customer
    by_email = letter.channel == "email" and customer is not None
    return words_hash(
        {
            "purpose": letter.purpose,
            "channel": letter.channel,
            "letter_format": letter.letter_format,
            "to": f"{letter.to_name}\n{letter.to_address}",
            "email": customer.email if by_email and customer else "",
            "body": letter.body,
            "other_language": letter.other_language,
            "other_text": letter.other_text,
        },
        salt,
    )
