"""Having the provider post a code by which somebody follows a complaint."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import TrackingCode, User
from cases.models.tracking import Proof
from cases.operations.code_letters import code_of
from cases.operations.dispatches import hand_over_beside
from cases.operations.tracking import hand_out, hash_of_code
from cases.selectors.posted_codes import CODE


@transaction.atomic
def post_code(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    speaker_id: int | None = None,
    joint_id: int | None = None,
) -> TrackingCode:
    """Have the provider post a code to a follower; nobody here sees it.

    Those handed out to the same before end, as with one that is printed here.

    :raises ActionNotAllowed: if no provider is set, what it posts is not what they can read, the
        complaint cannot be followed, post is not safe, or they may not be told where it stands.
    """
    row = hand_out(
        complaint_id=complaint_id,
        by=by,
        now=now,
        proof=Proof.POST,
        speaker_id=speaker_id,
        joint_id=joint_id,
        how="to be posted by the provider",
    )
    row.code_hash = hash_of_code(code_of(row))
    row.save(update_fields=["code_hash"])
    about = f"{CODE}:{row.pk}"
    if refusal := hand_over_beside(about, complaint_id=complaint_id, by=by, now=now):
        raise ActionNotAllowed(refusal)
    return row
