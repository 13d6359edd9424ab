"""Keeping what somebody types into the form of an act, until it is sent or discarded."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cases.errors import DraftChanged
from cases.models import LetterDraft, User
from cases.operations.record import lock_complaint
from cases.rules.acts import Act

# Sent with every form, and no part of what was typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "seen", "draft", "draft_seen", "preview"})


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
    """Keep what was typed in place of what this person had kept of the act before.

    `seen` is the version of the draft that the form was drawn from, 0 for none.

    :raises NotEntitled: if the complaint is not open to them.
    :raises DraftChanged: if they saved it in another window since.
    """
    complaint = lock_complaint(complaint_id, by)
    kept = {name: list(values) for name, values in typed.items() if name not in NOT_TYPED}
    draft = LetterDraft.objects.filter(complaint=complaint, act=act.value, by=by).first()
    if draft is None:
        return LetterDraft.objects.create(
            complaint=complaint, act=act.value, by=by, typed=kept, saved_at=now
        )
    if draft.version != seen:
        raise DraftChanged(
            "You saved this draft in another window. What you have typed here is not saved yet: "
            "compare the two below, then save it again to keep this one."
        )
    draft.typed, draft.version, draft.saved_at = kept, draft.version + 1, now
    draft.save(update_fields=["typed", "version", "saved_at"])
    return draft


def forget_draft(*, complaint_id: int, act: Act, by: User) -> None:
    """Discard what this person had kept of the act. Nobody else's draft goes with it."""
    LetterDraft.objects.filter(complaint=complaint_id, act=act.value, by=by).delete()
