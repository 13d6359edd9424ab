"""How far the codes on paper got that a provider posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.models import Complaint, Dispatch, TrackingCode
from cases.models.tracking import Proof
from cases.rules.dispatches import DispatchState, letter_words

# The word with which a dispatch names a code.
CODE = "code"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class PostedCode:
    """One code that was handed over: whose, when, how far it got, and why no further.

    `is_wanted`: it could not be posted, and nothing has taken its place.
    """

    name: str
    at: datetime
    words: str
    is_wanted: bool


def posted_codes(complaint: Complaint) -> Sequence[PostedCode]:
    """Return the latest codes of a complaint that a provider posts, the newest first. Two queries.

    Where the last one could not be posted, somebody prints and posts another here.
    """
    codes = TrackingCode.objects.filter(complaint=complaint, proof=Proof.POST.value)
    rows = codes.select_related("complaint__customer", "speaker", "joint__customer")
    known = {f"{CODE}:{row.pk}": row for row in rows.order_by("-pk")[:SHOWN]}
    sent = Dispatch.objects.filter(about__in=list(known)).order_by("-pk")
    return [
        PostedCode(
            known[each.about].follower or complaint.customer.name,
            each.created_at,
            letter_words(each.state) + (f": {each.last_error}" if each.last_error else ""),
            each.state == DispatchState.FAILED and known[each.about].used_at is None,
        )
        for each in sent
    ]
