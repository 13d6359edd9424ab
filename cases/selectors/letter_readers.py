"""Who besides the customer gets each letter, and of which earlier complaint all of them know."""

from datetime import date

from cases.models import Complaint, JointComplainant, Level, Representative
from cases.rules.authority import Authority, Deed, deeds

_FROM_THE_OPENEST = (Level.NORMAL, Level.SENSITIVE, Level.RESTRICTED)


def speakers_with_letters(complaint: Complaint, *, today: date) -> list[Representative]:
    """Return those who speak for the customer and get a copy of each letter. One query."""
    rows = Representative.objects.filter(
        complaint=complaint, gets_letters=True, authority=Authority.CONFIRMED.value
    )
    return [
        each
        for each in rows.order_by("pk")
        if Deed.LETTERS in deeds(each.standing_on(today)) and (each.email or each.address)
    ]


def complaining_too(complaint: Complaint) -> list[JointComplainant]:
    """Return those who complain together with the customer. One query."""
    joint = JointComplainant.objects.filter(complaint=complaint).select_related("customer")
    return list(joint.order_by("pk"))


def complained_in(complaint: Complaint) -> set[int]:
    """Return the keys of the customers who complain in it, alone or together. One query."""
    joint = JointComplainant.objects.filter(complaint=complaint)
    return {complaint.customer_id, *joint.values_list("customer_id", flat=True)}


def may_be_named(earlier: Complaint, complaint: Complaint, *, today: date) -> bool:
    """Say whether a letter about a complaint may tell its readers of an earlier one.

    It may where everybody who gets the letter complained in the earlier one too, and the earlier
    is no more closed to colleagues, who read the letter. Somebody who speaks for the customer was
    let into this complaint alone. Three queries at most.
    """
    rank = _FROM_THE_OPENEST.index
    if rank(Level(earlier.level)) > rank(Level(complaint.level)):
        return False
    copied = JointComplainant.objects.filter(complaint=complaint, gets_letters=True)
    readers = {complaint.customer_id, *copied.values_list("customer_id", flat=True)}
    if not readers <= complained_in(earlier):
        return False
    return not speakers_with_letters(complaint, today=today)
