"""Writing to the customer between the letters of the procedure."""

from collections.abc import Sequence
from datetime import datetime

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, User
from cases.operations.letters import issue_letter
from cases.operations.promising import Promised, add_promises
from cases.operations.record import recording
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.letters import LetterKind


def write_to_customer(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    telling: Telling,
    promises: Sequence[Promised] = (),
) -> Complaint:
    """Send the customer a message, by e-mail or on paper: it decides nothing and keeps no promise.

    What it promises is a commitment like what an answer promises.

    :raises ReasonMissing: if nothing is written.
    :raises ActionNotAllowed: if it is not to be sent from here, or that way is not safe for them.
    """
    if not telling.words.strip():
        raise ReasonMissing("Write the message first.")
    if not telling.makes_letter:
        raise ActionNotAllowed(
            "A message goes by e-mail or by post. Record anything else as a contact."
        )
    with recording(complaint_id=complaint_id, act=Act.UPDATE, by=by, now=now, seen=seen) as case:
        number = case.add(
            EventKind.UPDATED,
            facts={"channel": telling.channel},
            words={"letter": telling.words},
        )
        add_promises(case, promises)
        said = [each.sentence for each in promises]
        issue_letter(case, LetterKind.UPDATE, telling, event_number=number, promises=said)
    return case.complaint
