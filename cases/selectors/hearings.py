"""The hearing of a complaint: who is expected at it, and where it is for those who attend."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from cases.models import User
from cases.rules.attendance import COMPANION, CUSTOMER
from cases.rules.panels import MODES
from cases.rules.roles import Role
from cases.selectors.case_history import CaseHistory
from cases.selectors.case_page import CasePage


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Somebody of whom it is asked how they took part: the key, and what they are called."""

    key: str
    words: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class ArrangedHearing:
    """A hearing that is to come, as the page of its complaint shows it to one reader."""

    on: date
    place: str
    mode: str
    panel: str
    link: str

    @property
    def is_address(self) -> bool:
        """Say whether the link leads to a page that a browser may open."""
        return urlsplit(self.link).scheme == "https"


def expected_at(history: CaseHistory, coordinator: User) -> list[TakingPart]:
    """Return of whom it is asked how they took part in the hearing. One query.

    The customer, whoever comes with them, the panel, the responsible officer, the coordinator.
    """
    hearing, complaint = history.state.hearing, history.complaint
    members = list(hearing.members) if hearing else []
    officers = [complaint.responsible_officer_id, coordinator.pk]
    others = [key for key in dict.fromkeys(officers) if key and key not in members]
    names = dict(User.objects.filter(pk__in=[*members, *others]).values_list("pk", "name"))
    companion = [TakingPart(COMPANION, "the customer’s companion", is_required=False)]
    return [
        TakingPart(CUSTOMER, "the customer", is_required=True),
        *(companion if history.stage.companion else []),
        *(TakingPart(str(key), names[key], is_required=True) for key in members),
        *(TakingPart(str(key), names[key], is_required=False) for key in others),
    ]


def hearing_to_come(page: CasePage) -> ArrangedHearing | None:
    """Return the hearing that is arranged and not held yet, if there is one.

    How to join it from elsewhere is shown to those who attend.
    """
    state, complaint = page.history.state, page.complaint
    hearing = state.hearing
    if hearing is None or hearing.to_come_on is None or not complaint.is_open:
        return None
    parts = page.history.words[hearing.arranged_as].parts
    attends = (
        page.user.pk in hearing.members
        or complaint.responsible_officer_id in page.user.own_keys
        or complaint.pk in page.user.covers
        or Role.COMPLAINTS_COORDINATOR in page.roles
    )
    arranged = page.history.events[hearing.arranged_as - 1]
    return ArrangedHearing(
        on=hearing.to_come_on,
        place=parts.get("place", ""),
        mode=MODES.get(str(arranged.facts.get("mode", "")), ""),
        panel=page.lookup.all_people(list(hearing.members)),
        link=parts.get("link", "") if attends else "",
    )
