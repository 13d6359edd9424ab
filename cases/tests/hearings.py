"""Hearings as they were held, for tests."""

from collections.abc import Iterable

from cases.models import Complaint
from cases.operations.hearing import Held
from cases.rules.attendance import COMPANION, CUSTOMER, Attended

# How the customer takes part in a hearing of each kind.
TAKES_PART = {
    "in_person": Attended.IN_PERSON,
    "in_writing": Attended.IN_WRITING,
    "in_absence": Attended.ABSENT,
}


def seated(complaint: Complaint) -> list[int]:
    """Return who sits on the panel."""
    seats = complaint.access_list.filter(as_panel_member=True)
    return list(seats.order_by("pk").values_list("user", flat=True))


def held_with(members: Iterable[int], *, mode: str = "in_person", companion: str = "") -> Held:
    """Return a hearing to which everybody came who sits on the panel."""
    attended = {CUSTOMER: TAKES_PART[mode], **{str(key): Attended.IN_PERSON for key in members}}
    if companion:
        attended[COMPANION] = Attended.IN_PERSON
    return Held(
        mode,
        attended,
        companion=companion,
        minutes="All were heard.",
        other_day_because="The customer asked for that day.",
    )
