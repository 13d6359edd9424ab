"""Saying that the customer of a new complaint is one known before, or is not."""

from datetime import datetime

from cases.errors import ActionNotAllowed
from cases.models import Complaint, Customer, User
from cases.operations.record import CaseFile, recording
from cases.operations.search_index import index_names
from cases.rules.acts import Act
from cases.rules.customers import CustomerCategory, register_of
from cases.rules.events import EventKind
from feedback.models import Matching, Submission
from feedback.selectors.matching import is_look_alike


def same_customer(
    *, complaint_id: int, customer_id: int, by: User, now: datetime, seen: int
) -> Complaint:
    """Give a complaint to the customer known before; the event names both rows and no more.

    What the form gave stays as it was sent, and can be restored.

    :raises ActionNotAllowed: if the two do not look alike, or were compared already.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=seen
    ) as case:
        submission = _of(case, Matching.WAITING)
        given = case.complaint.customer
        known = Customer.objects.get(pk=customer_id)
        if not is_look_alike(given, known, by):
            raise ActionNotAllowed("These two do not look like the same person.")
        _give_to(case, known, was=given)
        _mark(given, is_double=True)
        submission.matching = Matching.SAME.value
        submission.replaced_customer = given
        submission.save(update_fields=["matching", "replaced_customer"])
    return case.complaint


def another_customer(*, complaint_id: int, by: User, now: datetime, seen: int) -> Complaint:
    """Keep the customer of a complaint apart from those who look alike, or part them again.

    :raises ActionNotAllowed: if there is nothing to decide.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=seen
    ) as case:
        submission = _of(case, Matching.WAITING, Matching.SAME)
        given = submission.replaced_customer
        if given is not None:
            _give_to(case, given, was=case.complaint.customer)
            _mark(given, is_double=False)
        else:
            case.add(EventKind.DETAILS_CHANGED, facts={"compared": case.complaint.customer_id})
        submission.matching = Matching.NEW.value
        submission.replaced_customer = None
        submission.save(update_fields=["matching", "replaced_customer"])
    return case.complaint


def _of(case: CaseFile, *states: Matching) -> Submission:
    submission = Submission.objects.filter(complaint=case.complaint).first()
    if submission is None or submission.matching not in states:
        raise ActionNotAllowed("This customer was compared already.")
    return submission


def _mark(customer: Customer, *, is_double: bool) -> None:
    customer.is_double = is_double
    customer.save(update_fields=["is_double"])


def _give_to(case: CaseFile, customer: Customer, *, was: Customer) -> None:
    complaint = case.complaint
    complaint.customer = customer
    category = CustomerCategory(customer.category)
    complaint.register = register_of(category, case.terms).value
    complaint.save(update_fields=["customer", "register"])
    index_names([complaint.pk])
    case.add(EventKind.DETAILS_CHANGED, facts={"customer": customer.pk, "was": was.pk})
