"""The earlier complaint in which a matter that is refused now was considered before (Code 2.2)."""

from dataclasses import dataclass

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, User
from cases.operations.links import add_link, are_linked
from cases.operations.record import CaseFile
from cases.rules.events import ANSWERS, EventKind
from cases.rules.grounds import ALREADY_CONSIDERED
from cases.rules.letter_facts import EarlierComplaint
from cases.rules.links import LinkKind
from cases.selectors.case_history import history_of
from cases.selectors.case_links import closed_further
from cases.selectors.letter_readers import complained_in, may_be_named

WITH_TERMS = ("procedure_version__procedure",)
# What was put right at once was not looked into under the procedure.
CONSIDERING = ANSWERS - {EventKind.RESOLVED}
NOT_FOUND = "Give the reference of the earlier complaint: another one, which is open to you."
NOT_CONSIDERED = "{reference} has no answer that stands, so the matter was not considered in it."
CLOSED_TO_SOME = (
    "{reference} is closed to people who may open this complaint, so it cannot be named with the "
    "refusal. Leave the reference empty, and link the two from its own page."
)
WHOSE = "{reference} is another customer’s complaint. Say why it counts for this one."


@dataclass(frozen=True, slots=True)
class Earlier:
    """The reference of the earlier complaint, and why that of another customer counts."""

    reference: str
    because: str = ""


def link_earlier(
    case: CaseFile, earlier: Earlier | None, *, ground: str, by: User
) -> EarlierComplaint | None:
    """Link the complaint in which the matter was considered; return it as a letter may tell of it.

    Both pages show the link. The letter tells nothing of it unless all who get the letter
    complained in it too (decision 79). Nine queries at most, if one is named.

    :raises ActionNotAllowed: if the ground is another, or the complaint is this one, is not open
        to this person, came after this one, has no answer that stands, or is closed to people who
        may open this one.
    :raises ReasonMissing: if it is another customer's and nobody says why it counts.
    """
    if earlier is None:
        return None
    if ground != ALREADY_CONSIDERED:
        raise ActionNotAllowed("An earlier complaint is named only where it was considered before.")
    complaint = case.complaint
    other = _found(case, earlier.reference, by)
    if closed_further(complaint, [other.pk]):
        raise ActionNotAllowed(CLOSED_TO_SOME.format(reference=other.reference))
    is_theirs = complaint.customer_id in complained_in(other)
    if not is_theirs and not earlier.because.strip():
        raise ReasonMissing(WHOSE.format(reference=other.reference))
    if not are_linked(complaint, other):
        add_link(case, other, LinkKind.SAME_MATTER, "")
    case.add(
        EventKind.DETAILS_CHANGED,
        facts={"considered_in": other.pk},
        words={"reason": earlier.because.strip()},
    )
    if not may_be_named(other, complaint, today=case.today):
        return None
    return EarlierComplaint(other.reference, other.received_on)


def _found(case: CaseFile, reference: str, by: User) -> Complaint:
    before = Complaint.objects.readable_by(by).filter(
        reference=reference, received_on__lte=case.complaint.received_on
    )
    other = before.exclude(pk=case.complaint.pk).select_related(*WITH_TERMS).first()
    if other is None:
        raise ActionNotAllowed(NOT_FOUND)
    if not any(event.kind in CONSIDERING for event in history_of(other).state.events):
        raise ActionNotAllowed(NOT_CONSIDERED.format(reference=reference))
    return other
