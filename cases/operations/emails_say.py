"""What e-mails may say to those who get a customer's letters too, as they ask for it themselves.

Whoever speaks for the customer, or complains with them, is told by e-mail that there is a letter,
until they say that they want the whole of it there (decision 62).
"""

from datetime import datetime

from cases.errors import ActionNotAllowed
from cases.models import Customer, CustomerChange, Representative
from cases.operations.customer_changes import TOLD, differences
from cases.operations.customers import facts_of
from cases.operations.from_customer import ON_THE_WEB
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind


def let_emails_say(
    *,
    complaint_id: int,
    is_whole: bool,
    now: datetime,
    speaker_id: int | None = None,
    joint_id: int | None = None,
) -> bool:
    """Keep whether somebody wants whole letters by e-mail; say whether anything changed.

    `speaker_id` is of somebody who speaks for the customer, `joint_id` of somebody who complains
    with them; one of the two is given.

    :raises ActionNotAllowed: if they are no part of the complaint.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=None, now=now, seen=None
    ) as case:
        if speaker_id is not None:
            return _of_speaker(case, speaker_id, is_whole=is_whole)
        return _of_joint(case, joint_id or 0, is_whole=is_whole, now=now)


def _of_speaker(case: CaseFile, key: int, *, is_whole: bool) -> bool:
    rows = Representative.objects.select_for_update(of=("self",))
    speaker = rows.filter(complaint=case.complaint, pk=key).first()
    if speaker is None or not speaker.standing_on(case.today).speaks:
        raise ActionNotAllowed("They do not speak for the customer.")
    if speaker.letters_by_email == is_whole:
        return False
    speaker.letters_by_email = is_whole
    speaker.save(update_fields=["letters_by_email"])
    case.add(EventKind.DETAILS_CHANGED, facts=facts_of(speaker, stays=True))
    return True


def _of_joint(case: CaseFile, key: int, *, is_whole: bool, now: datetime) -> bool:
    joint = case.complaint.joint_complainants.filter(pk=key).first()
    if joint is None:
        raise ActionNotAllowed("They do not complain together with the customer.")
    customer = Customer.objects.select_for_update().get(pk=joint.customer_id)
    old = {name: getattr(customer, name) for name in TOLD}
    customer.letters_by_email = is_whole
    changes = differences(old, customer)
    if not changes:
        return False
    customer.save(update_fields=["letters_by_email"])
    CustomerChange.objects.create(customer=customer, at=now, by=None, changes=changes)
    case.add(
        EventKind.DETAILS_CHANGED,
        facts={"customer_details": customer.pk},
        words={"reason": ON_THE_WEB},
    )
    return True
