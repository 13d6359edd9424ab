"""Who may act on a compliment or suggestion, and locking it for the act."""

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import User
from cases.rules.pages import CHANGERS, Page
from feedback.models import Remark


def check_role(by: User) -> None:
    """Refuse whoever has no role that works with customers.

    :raises NotEntitled: if they have none.
    """
    if not by.has_role(*CHANGERS[Page.FEEDBACK]):
        raise NotEntitled("Compliments and suggestions are for colleagues who work with customers.")


def lock_remark(remark_id: int, by: User) -> Remark:
    """Return the remark as it is now, locked until the transaction ends.

    :raises NotEntitled: if it is not for their role.
    :raises ActionNotAllowed: if it was made a complaint.
    """
    check_role(by)
    # The customer is read apart: a nullable row cannot be locked along.
    remark = Remark.objects.select_for_update(of=("self",)).get(pk=remark_id)
    if remark.complaint_id is not None:
        raise ActionNotAllowed("This is dealt with as a complaint now.")
    return remark
