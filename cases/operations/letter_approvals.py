"""A letter put to a second person: asked for, approved and sent, sent back, or taken back."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import Complaint, Letter, LetterProposal, OutboundMessage, ProposalState, User
from cases.operations.alerts import address_of
from cases.operations.approval_gate import needs_approval
from cases.operations.inserting import insert_unless_taken
from cases.operations.letter_drafts import FORGOTTEN, NOT_TYPED, keep_draft
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.letter_approvals import Decision, roles_approving
from cases.rules.periods import london_day
from cases.selectors.approvers import approvers_of, is_still_open_to
from cases.selectors.case_history import history_of
from cases.selectors.independence import judging_refusal
from cases.selectors.interests import check_no_interest
from cases.selectors.reminders import may_alert
from cases.selectors.running import current_edition, landlord
from cases.selectors.standing import roles_for

KIND = "letter_approval"
# The boxes of the day: a letter goes on the day on which it is approved, whenever it was written.
DAY = frozenset({"on_day", "on_month", "on_year"})
NOBODY = (
    "Nobody else may approve this letter: there is no other {roles} to whom the complaint is open. "
    "Ask the complaints coordinator or an administrator."
)
NOT_NEEDED = (
    "Letters of this kind need no approval any more. Its author can send it without, from the page "
    "of the act."
)
MOVED_ON = (
    "The complaint has moved on since approval of this letter was asked for: it was written for "
    "an earlier stage and cannot go any more."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter to be approved: what was typed of its act, and the letter that this makes."""

    typed: Mapping[str, list[str]]
    letter: Letter


@transaction.atomic
def propose_letter(
    *,
    complaint_id: int,
    act: Act,
    by: User,
    now: datetime,
    seen: int | None,
    wording: Wording,
    approver_id: int | None = None,
) -> LetterProposal:
    """Ask a second person to approve a letter; no deadline moves, and what was typed is kept.

    What this person had asked before for the same act is replaced; just the same again changes
    nothing. `approver_id` is whom it is put to; None asks whoever may.

    :raises ActionNotAllowed: if nobody may approve it, or not the one who was chosen.
    """
    with recording(complaint_id=complaint_id, act=act, by=by, now=now, seen=seen) as case:
        complaint = case.complaint
        people = approvers_of(complaint, act, state=case.state, terms=case.terms, but=by, now=now)
        if not people:
            roles = " or ".join(sorted(role.words for role in roles_approving(act)))
            raise ActionNotAllowed(NOBODY.format(roles=roles))
        chosen = [each for each in people if each.pk == approver_id]
        if approver_id is not None and not chosen:
            raise ActionNotAllowed("That person may not approve this letter. Choose somebody else.")
        older = LetterProposal.objects.filter(complaint=complaint, act=act.value, asked_by=by)
        replaced = older.filter(state=ProposalState.WAITING.value).first()
        if replaced is not None and _is_the_same(replaced, wording, approver_id):
            return replaced
        facts: dict[str, object] = {"act": act.value, "letter_kind": wording.letter.kind}
        facts |= {"approver": approver_id} if approver_id else {}
        facts |= {"replaces": replaced.number} if replaced else {}
        number = case.add(EventKind.LETTER_PROPOSED, facts=facts)
        if replaced is not None:
            _settle(replaced, ProposalState.WITHDRAWN, by=by, now=now)
        older.filter(state=ProposalState.SENT_BACK.value).update(state=ProposalState.TAKEN_UP.value)
        draft = keep_draft(complaint, act=act, by=by, now=now, typed=_kept(wording.typed))
        proposal = LetterProposal.objects.create(
            complaint=complaint,
            number=number,
            act=act.value,
            kind=wording.letter.kind,
            stage=draft.stage,
            visit=draft.visit,
            typed=draft.typed,
            body=wording.letter.body,
            salt=secrets.token_hex(16),
            asked_at=now,
            asked_by=by,
            approver_id=approver_id,
        )
    _tell(proposal, chosen or people, what="asked", words=_ASKED, now=now)
    return proposal


def waits_already(
    complaint: Complaint, *, act: Act, by: User, typed: Mapping[str, list[str]]
) -> bool:
    """Say whether just what was typed of an act waits for approval already. One query."""
    waiting = LetterProposal.objects.filter(
        complaint=complaint, act=act.value, asked_by=by, state=ProposalState.WAITING.value
    )
    return _kept(typed) in waiting.values_list("typed", flat=True)


def _kept(typed: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return what is kept of the typed form: all but the day, on which it goes."""
    return {name: list(values) for name, values in typed.items() if name not in DAY | NOT_TYPED}


def _is_the_same(waiting: LetterProposal, wording: Wording, approver_id: int | None) -> bool:
    """Say whether a letter that waits is put to the same person in the same words."""
    asked = (waiting.typed, waiting.body, waiting.approver_id)
    return asked == (_kept(wording.typed), wording.letter.body, approver_id)


def approve_letter(
    *,
    complaint_id: int,
    number: int,
    by: User,
    now: datetime,
    seen: int,
    words_hash: str,
    perform: Callable[[int], Complaint],
) -> Complaint:
    """Approve a letter, and let its act be done by its author, exactly as it was read.

    `words_hash` is of the words that were read, `perform` does the act on the version it is given.
    Nothing stays if the act is not possible any more or would send other words.

    :raises NotEntitled: to its author, and to whoever may not approve it.
    :raises ActionNotAllowed: if it does not wait any more, was written for an earlier stay, needs
        no approval any more, or would send no letter.
    :raises ApprovalNeeded: if the words have changed since they were read.
    :raises ComplaintError: whatever the act itself refuses.
    """
    if not words_hash:
        raise ActionNotAllowed("It cannot go as it is: there is no letter that was read.")
    with transaction.atomic():
        with recording(
            complaint_id=complaint_id, act=Act.APPROVE_LETTER, by=by, now=now, seen=seen
        ) as case:
            proposal = _to_decide(case, number, by)
            if (proposal.stage, proposal.visit) != (case.state.stage, case.state.visit):
                raise ActionNotAllowed(MOVED_ON)
            _add_decision(case, proposal, Decision.APPROVED, words_hash=words_hash)
            proposal.words_hash = words_hash
            _settle(proposal, ProposalState.APPROVED, by=by, now=now)
        complaint = perform(seen + 1)
        proposal.refresh_from_db(fields=["letter"])
        if proposal.letter is None and not needs_approval(proposal.kind, landlord()):
            raise ActionNotAllowed(NOT_NEEDED)
        if proposal.letter is None:
            raise ActionNotAllowed("No letter of this kind would go. Send it back to its author.")
    _tell(proposal, [proposal.asked_by], what="approved", words=_WENT, now=now)
    return complaint


def send_letter_back(
    *, complaint_id: int, number: int, by: User, now: datetime, seen: int, reason: str
) -> Complaint:
    """Send a letter back to its author, who finds all that was typed again.

    :raises NotEntitled: to its author, and to whoever may not approve it.
    :raises ReasonMissing: if it is not said what is to be changed.
    :raises ActionNotAllowed: if it does not wait any more.
    """
    if not reason.strip():
        raise ReasonMissing("Say what is to be changed.")
    with recording(
        complaint_id=complaint_id, act=Act.APPROVE_LETTER, by=by, now=now, seen=seen
    ) as case:
        proposal = _to_decide(case, number, by)
        _add_decision(case, proposal, Decision.SENT_BACK, reason=reason)
        _settle(proposal, ProposalState.SENT_BACK, by=by, now=now)
    _tell(proposal, [proposal.asked_by], what="sent-back", words=_RETURNED, now=now)
    return case.complaint


def take_letter_back(*, complaint_id: int, number: int, by: User, now: datetime) -> Complaint:
    """Let its author take a letter back. What was typed stays as their draft.

    :raises NotEntitled: to anybody else.
    :raises ActionNotAllowed: if it does not wait any more.
    """
    # Whoever works on the complaint may: the act itself may not be possible any more.
    with recording(complaint_id=complaint_id, act=Act.NOTE, by=by, now=now, seen=None) as case:
        proposal = _waiting(case, number)
        if proposal.asked_by_id != by.pk:
            raise NotEntitled("Only its author takes a letter back.")
        _add_decision(case, proposal, Decision.WITHDRAWN)
        _settle(proposal, ProposalState.WITHDRAWN, by=by, now=now)
    return case.complaint


def _waiting(case: CaseFile, number: int) -> LetterProposal:
    waiting = LetterProposal.objects.filter(
        complaint=case.complaint, number=number, state=ProposalState.WAITING.value
    )
    found = waiting.select_related("asked_by").first()
    if found is None:
        raise ActionNotAllowed("This letter does not wait for approval any more.")
    return found


def _to_decide(case: CaseFile, number: int, by: User) -> LetterProposal:
    proposal = _waiting(case, number)
    act = Act(proposal.act)
    if proposal.asked_by_id == by.pk:
        raise NotEntitled("Nobody approves their own letter. Somebody else does.")
    if not roles_for(by, case.complaint, is_second=True) & roles_approving(act):
        roles = " or ".join(sorted(role.words for role in roles_approving(act)))
        raise NotEntitled(f"This letter is for a {roles} to approve.")
    check_no_interest(case.complaint, by)
    if refusal := judging_refusal(act, case.state, case.terms, by):
        raise NotEntitled(f"You may not approve what decides this stage. {refusal}")
    return proposal


def _add_decision(
    case: CaseFile,
    proposal: LetterProposal,
    decision: Decision,
    *,
    words_hash: str = "",
    reason: str = "",
) -> None:
    facts = {
        "proposal": proposal.number,
        "act": proposal.act,
        "letter_kind": proposal.kind,
        "decision": decision.value,
        **({"words_hash": words_hash} if words_hash else {}),
    }
    case.add(EventKind.LETTER_DECIDED, facts=facts, words={"reason": reason.strip()})


def _settle(proposal: LetterProposal, state: ProposalState, *, by: User, now: datetime) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state.value, now, by
    proposal.save(update_fields=["state", "decided_at", "decided_by", "words_hash"])


# Forgetting and chasing ----------------------------------------------------------------------

# Of the stay in which the complaint is now.
_HERE = Q(stage=F("complaint__stage"), visit=F("complaint__visit"))


def forget_old_wordings(*, now: datetime) -> int:
    """Empty what was typed of letters for approval in complaints closed long ago."""
    over = now - FORGOTTEN
    old = LetterProposal.objects.filter(
        complaint__closed_on__lt=london_day(over), asked_at__lt=over
    ).exclude(_HERE, state=ProposalState.WAITING.value)
    return old.exclude(typed={}, body="").update(typed={}, body="")


def chase_letters(*, now: datetime) -> int:
    """Tell again who may approve a letter that waits longer than a working day, once each.

    May run at any time, twice. Return how many messages were queued.
    """
    if not may_alert(now):
        return 0
    calendar = current_edition().calendar
    today, told = london_day(now), 0
    waiting = LetterProposal.objects.filter(
        _HERE, state=ProposalState.WAITING.value, asked_at__lt=now - timedelta(days=1)
    )
    related = waiting.select_related("complaint__procedure_version__procedure", "asked_by")
    late = [
        each
        for each in related.defer("typed", "body").order_by("pk")
        if calendar.add_working_days(london_day(each.asked_at), 1) < today
    ]
    chased = _told_of(late, what="late")
    for proposal in late:
        if _begins(proposal, what="late") in chased:
            continue
        history = history_of(proposal.complaint)
        people = approvers_of(
            proposal.complaint,
            Act(proposal.act),
            but=proposal.asked_by,
            now=now,
            state=history.state,
            terms=history.terms,
        )
        told += _tell(proposal, people, what="late", words=_LATE, now=now)
    return told


def _told_of(proposals: Sequence[LetterProposal], *, what: str) -> set[str]:
    """Return how the messages begin that were queued for letters already. One query, if any."""
    if not proposals:
        return set()
    of_them = OutboundMessage.objects.filter(
        kind=KIND,
        complaint__in={each.complaint_id for each in proposals},
        key__contains=f":{what}:",
    )
    return {key.rpartition(":")[0] for key in of_them.values_list("key", flat=True)}


def _begins(proposal: LetterProposal, *, what: str) -> str:
    return f"{KIND}:{proposal.complaint.reference}:{proposal.number}:{what}"


_ASKED = ("a letter waits for approval", "A letter in complaint {} waits for your approval.")
_LATE = (
    "a letter waits for approval since more than a day",
    "A letter in complaint {} has waited for approval for more than a working day.",
)
_WENT = ("a letter was approved", "Your letter in complaint {} was approved and goes now.")
_RETURNED = ("a letter was sent back", "Your letter in complaint {} was sent back to you.")


def _tell(
    proposal: LetterProposal,
    people: Iterable[User],
    *,
    what: str,
    words: tuple[str, str],
    now: datetime,
) -> int:
    """Tell each once, and nobody to whom the complaint is closed; return how many were told."""
    complaint = proposal.complaint
    subject, body = words
    path = complaint.get_absolute_url()
    if what in ("asked", "late"):
        page = reverse("cases:approve-letter", args=[complaint.reference])
        path = f"{page}?letter={proposal.number}"
    told = 0
    for person in people:
        if not is_still_open_to(person, complaint, now=now):
            continue
        told += insert_unless_taken(
            OutboundMessage(
                key=f"{_begins(proposal, what=what)}:{person.pk}",
                kind=KIND,
                complaint=complaint,
                to_user=person,
                to_address=person.email,
                subject=f"Complaint {complaint.reference}: {subject}",
                body=f"{body.format(complaint.reference)} Sign in to see it:\n\n"
                f"{address_of(path)}\n",
                created_at=now,
                next_try_at=now,
            )
        )
    return told
