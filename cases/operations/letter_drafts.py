"""Keeping what somebody types into the form of an act, until it is sent or discarded."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cases.errors import DraftChanged
from cases.models import Complaint, LetterDraft, LetterProposal, ProposalState, User
from cases.operations.record import lock_complaint
from cases.rules.acts import Act
from cases.rules.periods import london_day

# Sent with every form, and no part of what was typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "seen", "draft", "draft_seen", "preview", "approver"})
# How long after a complaint was closed its drafts are kept.
FORGOTTEN = timedelta(weeks=4)
_SAVED_ELSEWHERE = (
    "You saved this draft in another window. What you have typed here is not saved yet: "
    "compare the two below, then save it again to keep this one."
)
_GONE = (
    "This draft was sent or discarded in another window, or the complaint has moved on since. What "
    "you have typed here is not saved yet: save it again to keep it."
)


@transaction.atomic
def save_draft(
    *,
    complaint_id: int,
    act: Act,
    by: User,
    now: datetime,
    typed: Mapping[str, list[str]],
    seen: int,
) -> LetterDraft:
    """Keep what was typed, for the stay there is, in place of what this person had kept for it.

    `seen` is the key of the draft that the form was drawn from, 0 for none.

    :raises NotEntitled: if the complaint is not open to them.
    :raises DraftChanged: if they saved, sent or discarded it in another window since, or the
        complaint has moved on.
    """
    complaint = lock_complaint(complaint_id, by)
    there = LetterDraft.objects.filter(
        complaint=complaint, act=act.value, by=by, **_stay(complaint)
    )
    if seen not in (keys := list(there.values_list("pk", flat=True)) or [0]):
        raise DraftChanged(_SAVED_ELSEWHERE if any(keys) else _GONE)
    return keep_draft(complaint, act=act, by=by, now=now, typed=typed)


def keep_draft(
    complaint: Complaint, *, act: Act, by: User, now: datetime, typed: Mapping[str, list[str]]
) -> LetterDraft:
    """Keep what was typed in place of what this person had kept, of a complaint that is locked."""
    kept = {name: list(values) for name, values in typed.items() if name not in NOT_TYPED}
    own = {"complaint": complaint, "act": act.value, "by": by, **_stay(complaint)}
    LetterDraft.objects.filter(**own).delete()
    return LetterDraft.objects.create(**own, typed=kept, saved_at=now)


def _stay(complaint: Complaint) -> dict[str, Any]:
    return {"stage": complaint.stage, "visit": complaint.visit}


def forget_draft(*, complaint_id: int, act: Act, by: User) -> None:
    """Discard all that this person had kept of the act. Nobody else's draft goes with it.

    What was sent back to them for it waits for them no more.
    """
    LetterDraft.objects.filter(complaint=complaint_id, act=act.value, by=by).delete()
    returned = LetterProposal.objects.filter(
        complaint=complaint_id, act=act.value, asked_by=by, state=ProposalState.SENT_BACK.value
    )
    returned.update(state=ProposalState.TAKEN_UP.value)


def forget_old_drafts(*, now: datetime) -> int:
    """Discard what nobody finished of complaints closed long ago; return how many that was."""
    over = now - FORGOTTEN
    old = LetterDraft.objects.filter(complaint__closed_on__lt=london_day(over), saved_at__lt=over)
    return old.delete()[0]
