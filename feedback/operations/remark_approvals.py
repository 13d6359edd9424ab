"""A letter about a remark put to a second person: asked for, approved, sent back, taken back."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, ApprovalNeeded, NotEntitled, ReasonMissing
from cases.models import OutboundMessage, ProposalState, User
from cases.operations.alerts import address_of
from cases.operations.approval_gate import nothing_stays
from cases.operations.inserting import insert_unless_taken
from cases.operations.letter_approvals import KIND, NOT_NEEDED
from cases.rules.periods import london_day
from feedback.models import Remark, RemarkLetter, RemarkProposal
from feedback.operations.remark_gate import hash_of_remark_letter
from feedback.operations.remark_replies import (
    InTheirLanguage,
    acknowledge_remark,
    decide_suggestion,
)
from feedback.operations.remark_rights import lock_remark
from feedback.rules.kinds import Decision, Way
from feedback.rules.remark_letters import Purpose
from feedback.selectors.remark_approvals import approvers_of, may_approve

NOBODY = (
    "Nobody else may approve this letter. Ask an administrator, or tell the sender by telephone."
)
READ_AGAIN = (
    "The letter is not the same any more as the one you read. Nothing is sent. Read it again below."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What was typed of a letter: `words` is the answer where it decides about a suggestion."""

    purpose: Purpose
    way: str
    words: str
    decision: str = ""
    other_text: str = ""
    other_language: str = ""
    language_because: str = ""

    @classmethod
    def read(cls, proposal: RemarkProposal) -> "Wording":
        """Return what was typed of a letter that was put to somebody."""
        return cls(Purpose(proposal.purpose), **proposal.typed)

    @property
    def typed(self) -> dict[str, str]:
        """Return it as it is kept."""
        kept = asdict(self)
        del kept["purpose"]
        return kept

    def send(self, *, remark_id: int, by: User, now: datetime) -> Remark:
        """Write the letter, and do what it tells of."""
        other = InTheirLanguage(self.other_text, self.language_because, self.other_language)
        common: Mapping[str, Any] = {"remark_id": remark_id, "by": by, "now": now, "other": other}
        if self.purpose is Purpose.THANKS:
            day = london_day(now)
            return acknowledge_remark(**common, way=Way(self.way), on=day, words=self.words)
        way = Way(self.way) if self.way else None
        return decide_suggestion(
            **common, way=way, decision=Decision(self.decision), answer=self.words
        )


class _TakenBack(Exception):
    """All that was done is taken back."""


def letter_as_it_would_go(write: Callable[[], Remark], purpose: Purpose) -> RemarkLetter | None:
    """Return the letter that an act would write, which is taken back; nothing where it writes none.

    :raises ComplaintError: whatever the act refuses.
    """
    found: RemarkLetter | None = None
    with suppress(_TakenBack), nothing_stays(), transaction.atomic():
        letters = write().letters.filter(purpose=purpose.value)
        found = letters.select_related("remark__customer", "issued_by", "message").first()
        raise _TakenBack
    return found


@transaction.atomic
def propose_remark_letter(
    *, remark_id: int, by: User, now: datetime, wording: Wording
) -> RemarkProposal:
    """Ask a second person to approve a letter; what its author had asked before is replaced.

    :raises ActionNotAllowed: if somebody else's waits already, or nobody may approve it.
    """
    remark = lock_remark(remark_id, by)
    purpose = wording.purpose.value
    waiting = remark.proposals.filter(purpose=purpose, state=ProposalState.WAITING.value)
    before = waiting.select_related("asked_by").first()
    if before is not None and before.asked_by_id != by.pk:
        raise ActionNotAllowed(
            f"A letter of {before.asked_by.name} waits for approval already. Nothing is sent."
        )
    if before is not None and before.typed == wording.typed:
        return before
    people = approvers_of(remark, but=by)
    if not people:
        raise ActionNotAllowed(NOBODY)
    if before is not None:
        _settle(before, ProposalState.WITHDRAWN, by=by, now=now)
    returned = remark.proposals.filter(
        purpose=purpose, asked_by=by, state=ProposalState.SENT_BACK.value
    )
    returned.update(state=ProposalState.TAKEN_UP.value)
    proposal = RemarkProposal.objects.create(
        remark=remark,
        purpose=purpose,
        typed=wording.typed,
        salt=secrets.token_hex(16),
        asked_at=now,
        asked_by=by,
    )
    _tell(proposal, people, what="asked", words="waits for your approval", now=now)
    return proposal


def as_it_would_go(proposal: RemarkProposal, *, now: datetime) -> tuple[RemarkLetter | None, str]:
    """Return the letter as its author would send it now, and the hash of its words; else neither.

    :raises ComplaintError: if it could not go.
    """
    author = _author(proposal)
    wording = Wording.read(proposal)
    letter = letter_as_it_would_go(
        lambda: wording.send(remark_id=proposal.remark_id, by=author, now=now), wording.purpose
    )
    return letter, hash_of_remark_letter(letter, proposal.salt) if letter else ""


@transaction.atomic
def approve_remark_letter(
    *, remark_id: int, purpose: Purpose, by: User, now: datetime, words_hash: str
) -> Remark:
    """Approve a letter, and let its author send it exactly as it was read. Else nothing stays.

    :raises NotEntitled: to its author, and to whoever may not approve it.
    :raises ActionNotAllowed: if it does not wait any more, its words have changed since they were
        read, or it needs no approval any more.
    :raises ComplaintError: whatever sending it refuses.
    """
    proposal = _to_decide(remark_id, purpose, by)
    if not words_hash:
        raise ActionNotAllowed("It cannot go as it is: there is no letter that was read.")
    proposal.words_hash = words_hash
    _settle(proposal, ProposalState.APPROVED, by=by, now=now)
    try:
        remark = Wording.read(proposal).send(remark_id=remark_id, by=_author(proposal), now=now)
    except ApprovalNeeded:
        raise ActionNotAllowed(READ_AGAIN) from None
    proposal.refresh_from_db(fields=["letter"])
    if proposal.letter is None:
        raise ActionNotAllowed(NOT_NEEDED)
    went = "was approved and goes now"
    _tell(proposal, [proposal.asked_by], what="approved", words=went, now=now)
    return remark


@transaction.atomic
def send_remark_letter_back(
    *, remark_id: int, purpose: Purpose, by: User, now: datetime, reason: str
) -> None:
    """Send a letter back to its author, who finds all that was typed again.

    :raises NotEntitled: to its author, and to whoever may not approve it.
    :raises ReasonMissing: if it is not said what is to be changed.
    """
    if not reason.strip():
        raise ReasonMissing("Say what is to be changed.")
    proposal = _to_decide(remark_id, purpose, by)
    proposal.reason = reason.strip()
    _settle(proposal, ProposalState.SENT_BACK, by=by, now=now)
    _tell(proposal, [proposal.asked_by], what="sent-back", words="was sent back to you", now=now)


@transaction.atomic
def take_remark_letter_back(*, remark_id: int, purpose: Purpose, by: User, now: datetime) -> None:
    """Let its author take a letter back.

    :raises NotEntitled: to anybody else.
    """
    proposal = _waiting(remark_id, purpose, by)
    if proposal.asked_by_id != by.pk:
        raise NotEntitled("Only its author takes a letter back.")
    _settle(proposal, ProposalState.WITHDRAWN, by=by, now=now)


def _waiting(remark_id: int, purpose: Purpose, by: User) -> RemarkProposal:
    remark = lock_remark(remark_id, by)
    waiting = remark.proposals.filter(purpose=purpose.value, state=ProposalState.WAITING.value)
    found = waiting.select_related("asked_by", "remark").first()
    if found is None:
        raise ActionNotAllowed("This letter does not wait for approval any more.")
    return found


def _to_decide(remark_id: int, purpose: Purpose, by: User) -> RemarkProposal:
    proposal = _waiting(remark_id, purpose, by)
    if proposal.asked_by_id == by.pk:
        raise NotEntitled("Nobody approves their own letter. Somebody else does.")
    if not may_approve(by, proposal.remark):
        raise NotEntitled("This letter is for a complaints coordinator or a manager to approve.")
    return proposal


def _author(proposal: RemarkProposal) -> User:
    author = User.objects.get(pk=proposal.asked_by_id)
    if not author.is_active:
        raise NotEntitled(
            f"{author.name}, who wrote it, may not do this any more. Send it back, or let it wait."
        )
    return author


def _settle(proposal: RemarkProposal, state: ProposalState, *, by: User, now: datetime) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state.value, now, by
    proposal.save(update_fields=["state", "decided_at", "decided_by", "words_hash", "reason"])


def _tell(
    proposal: RemarkProposal, people: Iterable[User], *, what: str, words: str, now: datetime
) -> None:
    """Tell each once, and nothing of what was said or written."""
    remark = proposal.remark
    path = reverse("feedback:approve", args=[remark.reference, proposal.purpose])
    page = address_of(path if what == "asked" else remark.get_absolute_url())
    for person in people:
        insert_unless_taken(
            OutboundMessage(
                key=f"{KIND}:{remark.reference}:{proposal.pk}:{what}:{person.pk}",
                kind=KIND,
                to_user=person,
                to_address=person.email,
                subject=f"{remark.reference}: a letter {words}",
                body=f"A letter about the {remark.kind} {remark.reference} {words}. Sign in to see "
                f"it:\n\n{page}\n",
                created_at=now,
                next_try_at=now,
            )
        )
