"""Whether the people chosen can make up the panel that the procedure demands."""

from collections.abc import Sequence
from itertools import permutations

from cases.rules.roles import Role
from cases.rules.terms import Panel, Stage


def panel_refusal(panel: Panel, members: Sequence[frozenset[Role]], *, has_reason: bool) -> str:
    """Return why these people, told by their roles, cannot sit as the panel, or nothing.

    Fewer than the full number needs a reason, and fewer than the smallest number is refused
    (K3-15, KF-17, HH-21 read as A9 says).
    """
    if len(members) < panel.smallest:
        return f"The panel needs {panel.make_up}: at least {panel.smallest} people."
    if len(members) > panel.size:
        return f"The panel has {panel.size} seats."
    if len(members) < panel.size and not has_reason:
        return f"The panel has {panel.size} seats. Say why it sits with {len(members)}."
    for seats in permutations(panel.composition, len(members)):
        if all(roles & set(seat) for roles, seat in zip(members, seats, strict=True)):
            return ""
    return f"The panel needs {panel.make_up}."


def hearing_offers(stage: Stage) -> str:
    """Return how the customer may take part in a hearing of this stage (K3-17, KF-18)."""
    modes = stage.panel.modes if stage.panel else ()
    offers = [words for mode, words in _OFFERS if mode in modes]
    if stage.companion:
        offers.append("A friend, a relative or an advocate may come with you and speak for you.")
    return " ".join(offers)


# How a hearing may be held, for staff.
MODES = {
    "in_person": "In person",
    "in_writing": "In writing, on the papers",
    "in_absence": "In the customer’s absence",
}
_OFFERS = (
    ("in_writing", "You may put your case in writing instead of coming."),
    ("in_absence", "You need not come: it can be heard without you."),
)
