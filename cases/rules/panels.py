"""Whether the people chosen can make up the panel that the procedure demands."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from cases.rules.roles import Role
from cases.rules.terms import Panel, Stage


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody chosen for a panel, told by their roles.

    `of_service` are those they have for the service area of the complaint or one above it;
    `committees` are those they chair or vice-chair and which answer for that area.
    """

    roles: frozenset[Role]
    of_service: frozenset[Role] = frozenset()
    committees: tuple[str, ...] = ()


NOT_OF_SERVICE = "the {roles} of the service complained about"
NOT_OF_COMMITTEE = "the Chair or Vice Chair of a committee that answers for the service"


def panel_refusal(panel: Panel, members: Sequence[Sitter], *, has_reason: bool) -> str:
    """Return why these people cannot sit as the panel, or nothing.

    Fewer than the full number needs a reason, and fewer than the smallest number is refused
    (K3-15, KF-17, HH-21 read as A9 says).
    """
    if len(members) < panel.smallest:
        return f"The panel needs {panel.make_up}: at least {panel.smallest} people."
    if len(members) > panel.size:
        return f"The panel has {panel.size} seats."
    if len(members) < panel.size and not has_reason:
        return f"The panel has {panel.size} seats. Say why it sits with {len(members)}."
    for seats in permutations(range(panel.size), len(members)):
        if panel.includes_service_complained_about and 0 not in seats:
            continue
        if all(_fits(panel, seat, who) for who, seat in zip(members, seats, strict=True)):
            return ""
    missing = _missing(panel, members)
    return f"The panel needs {panel.make_up}.{f' Missing: {missing}.' if missing else ''}"


def _fits(panel: Panel, seat: int, sitter: Sitter) -> bool:
    """Say whether somebody can take a seat."""
    of_service = panel.includes_service_complained_about and seat == 0
    roles = sitter.of_service if of_service else sitter.roles
    if panel.led_by_committee and not sitter.committees:
        roles -= {Role.PANEL_MEMBER}
    return bool(roles & set(panel.composition[seat]))


def _missing(panel: Panel, members: Sequence[Sitter]) -> str:
    """Return whom the panel lacks though there are enough people, where that can be told."""
    if panel.includes_service_complained_about and not any(
        _fits(panel, 0, each) for each in members
    ):
        return _of_service(panel)
    if panel.led_by_committee and not any(
        Role.PANEL_MEMBER in each.roles and each.committees for each in members
    ):
        return NOT_OF_COMMITTEE
    return ""


def _of_service(panel: Panel) -> str:
    return NOT_OF_SERVICE.format(roles=" or ".join(role.words for role in panel.composition[0]))


def seat_refusal(panel: Panel, sitter: Sitter) -> str:
    """Return why somebody can take no seat of the panel, or nothing."""
    if any(_fits(panel, seat, sitter) for seat in range(panel.size)):
        return ""
    if panel.led_by_committee and Role.PANEL_MEMBER in sitter.roles:
        return f"They are not {NOT_OF_COMMITTEE}."
    if panel.includes_service_complained_about and sitter.roles & set(panel.composition[0]):
        return f"They are not {_of_service(panel)}."
    return f"The panel needs {panel.make_up}."


def seat_words(panel: Panel, sitter: Sitter) -> str:
    """Return in which part somebody can sit, where the procedure demands more than a role."""
    if panel.includes_service_complained_about and _fits(panel, 0, sitter):
        return "of the service complained about"
    if panel.led_by_committee and Role.PANEL_MEMBER in sitter.roles:
        return ", ".join(sitter.committees)
    return ""


def hearing_offers(stage: Stage) -> str:
    """Return how the customer may take part in a hearing of this stage (K3-17, KF-18)."""
    return " ".join(offers_of(stage))


def offers_of(stage: Stage) -> list[str]:
    """Return how the customer may take part in a hearing of this stage, a sentence each."""
    modes = (*(stage.panel.modes if stage.panel else ()), *(["companion"] * stage.companion))
    return [words for mode, words in OFFERS if mode in modes]


# How a hearing may be held, for staff.
MODES = {
    "in_person": "In person",
    "in_writing": "In writing, on the papers",
    "in_absence": "In the customer’s absence",
}
OFFERS = (
    ("in_writing", "You may put your case in writing instead of coming."),
    ("in_absence", "You need not come: it can be heard without you."),
    ("companion", "A friend, a relative or an advocate may come with you and speak for you."),
)
