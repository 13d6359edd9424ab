"""Complaints chosen together to be given to somebody else, and who may take them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.models import AccessEntry, Complaint, Exclusion, Level, RecordedEvent, User
from cases.rules.act_words import not_yours
from cases.rules.acts import Act
from cases.rules.independence import not_independent_because
from cases.rules.interests import Concern
from cases.rules.permissions import permission
from cases.rules.roles import Role, seniority
from cases.selectors.candidates import (
    DEALING,
    LISTED,
    Candidate,
    Held,
    away_on,
    holders,
    is_near_to,
    loads_of,
    roles_in,
)
from cases.selectors.case_history import CaseHistory
from cases.selectors.independence import responders_before
from cases.selectors.interests import interests_among
from cases.selectors.standing import roles_for

INTEREST = ". Something they declared may concern one of these customers: ask them first"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A complaint among those chosen: the version seen, and why it must stay, if so."""

    history: CaseHistory
    seen: int
    refusal: str

    @property
    def complaint(self) -> Complaint:
        """Return the complaint."""
        return self.history.complaint


def chosen_complaints(
    user: User, seen: Mapping[str, int], *, today: date, act: Act = Act.ASSIGN
) -> list[Chosen]:
    """Return the complaints with these references, in this order, of those `user` may read.

    `seen` gives the version that the page showed of each, `act` what is to be done.
    Three queries, however many they are.
    """
    complaints = Complaint.objects.readable_by(user).filter(reference__in=list(seen))
    found = {
        each.reference: each
        for each in complaints.select_related(
            "procedure_version__procedure", "service_area", "responsible_officer", "customer"
        )
    }
    histories = histories_of(found.values())
    listed = set(
        AccessEntry.objects.filter(
            user=user, as_panel_member=False, complaint__in=list(found.values())
        ).values_list("complaint_id", flat=True)
    )
    return [
        Chosen(
            history, seen[reference], _stays_because(history, user, listed, act=act, today=today)
        )
        for reference in seen
        if reference in found
        for history in [histories[found[reference].pk]]
    ]


def histories_of(complaints: Collection[Complaint]) -> dict[int, CaseHistory]:
    """Return the histories of complaints by their keys. One query."""
    rows: dict[int, list[RecordedEvent]] = {each.pk: [] for each in complaints}
    events = RecordedEvent.objects.filter(complaint__in=list(rows)).order_by("complaint", "number")
    for event in events:
        rows[event.complaint_id].append(event)
    return {each.pk: CaseHistory(each, tuple(rows[each.pk])) for each in complaints}


def _stays_because(
    history: CaseHistory, user: User, listed: Collection[int], *, act: Act, today: date
) -> str:
    """Return why this person cannot do it with the complaint now, or nothing."""
    complaint = history.complaint
    allowed = permission(act, history.state, history.terms, today)
    if allowed.why_not:
        return allowed.why_not
    if act is Act.ASSIGN and history.state.needs_triage:
        return "It has not been accepted yet: accept it on its own page."
    is_on_list = complaint.level == Level.RESTRICTED and complaint.pk in listed
    by_list = user.scope.own - {Role.PANEL_MEMBER} if is_on_list else frozenset()
    if not roles_for(user, complaint, listed=by_list) & allowed.roles:
        return not_yours(allowed)
    return ""


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody to whom the complaints may be given, and why not some of them, by complaint."""

    candidate: Candidate
    refusals: Mapping[int, str]


def takers(
    chosen: Sequence[Chosen], *, user: User, today: date, most: int | None = LISTED
) -> list[Taker]:
    """Return who may be given the complaints that need not stay: first who may take the most.

    Then those who work in their service areas, the least busy first; last those who may take
    none, each with the reason. At most `most`, in seven queries.
    """
    histories = [each.history for each in chosen if not each.refusal]
    grants = holders(DEALING)
    loads = loads_of(user, today)
    away = away_on(today, grants)
    shut_out: dict[int, set[int]] = {each.complaint.pk: set() for each in histories}
    for key, barred in Exclusion.objects.filter(complaint__in=list(shut_out)).values_list(
        "complaint_id", "user_id"
    ):
        shut_out[key].add(barred)
    ask_first: set[int] = set()
    among = interests_among([each.complaint for each in histories], grants)
    for key, interests in among.items():
        for person_key, concern in interests.items():
            (shut_out[key] if concern is Concern.SURE else ask_first).add(person_key)
    judges = [_Judge(each, grants, shut_out[each.complaint.pk]) for each in histories]
    found = []
    for person in User.objects.filter(pk__in=grants, is_active=True):
        held = grants[person.pk]
        refusals = {
            judge.complaint: reason for judge in judges if (reason := judge.refusal(person.pk))
        }
        reasons = list(refusals.values())
        count, overdue = loads.get(person.pk, (0, 0))
        candidate = Candidate(
            person.pk,
            person.name,
            person.job_title,
            count,
            overdue,
            reasons[0] if judges and len(reasons) == len(judges) else "",
            is_near=any(judge.is_near(held) for judge in judges),
            away=away.get(person.pk, ""),
            interest=INTEREST if person.pk in ask_first else "",
        )
        found.append(Taker(candidate, refusals))
    return sorted(found, key=_order)[:most]


class _Judge:
    """Says of one complaint who may not take it, and who is near."""

    def __init__(
        self, history: CaseHistory, grants: Mapping[int, Held], shut_out: Collection[int]
    ) -> None:
        self.complaint = history.complaint.pk
        self._history = history
        self._grants = grants
        self._shut_out = shut_out
        self._officer = history.complaint.responsible_officer_id
        area = history.complaint.service_area
        self._path = area.path if area else ""
        self._decides = frozenset(history.stage.decided_by)
        before = responders_before(history.state, history.terms, stage=history.state.stage)
        self._earlier = seniority(
            frozenset(role for key in before for role in roles_in(grants.get(key, ())))
        )

    def refusal(self, person: int) -> str:
        if person in self._shut_out:
            return "The complaint is closed to them."
        if person == self._officer:
            return "It is theirs already."
        return not_independent_because(
            self._history.state,
            self._history.terms,
            stage=self._history.state.stage,
            person=person,
            person_seniority=seniority(roles_in(self._grants[person])),
            earlier_seniority=self._earlier,
        )

    def is_near(self, held: Held) -> bool:
        return is_near_to(held, self._path, self._decides)


def _order(taker: Taker) -> tuple[bool, int, bool, int, int, str]:
    who = taker.candidate
    return (
        bool(who.refusal),
        len(taker.refusals),
        not who.is_near,
        who.overdue,
        who.open,
        who.name,
    )
