"""Dated promises: those of one complaint, those somebody has to keep, and who may keep one."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from cases.models import Complaint, Deadline, EventWords, ServiceArea, User
from cases.models.procedures import edition
from cases.rules import state as rules
from cases.rules.acts import Act
from cases.rules.due_words import Standing, offer_standing, standing
from cases.rules.events import Event, EventKind
from cases.rules.promises import (
    CALL,
    PromiseKind,
    is_kept_by_hand,
    is_new_day,
    is_offer,
    is_ordered,
    is_payment,
    is_to_customer,
    is_to_ombudsman,
    kind_of,
)
from cases.rules.roles import Role
from cases.rules.state import DeadlineState
from cases.selectors.candidates import DEALING
from cases.selectors.case_deadlines import DeadlineLine
from cases.selectors.case_history import CaseHistory
from cases.selectors.prepared import KEPT, Prepared, Reader, reader_of
from cases.selectors.reminders import colleagues, sight_of

LISTED = 15
_KEEPING = DEALING | {Role.FRONT_LINE}


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A dated promise as its complaint's page tells it."""

    line: DeadlineLine
    words: str
    keeper: str
    proof: str

    @property
    def number(self) -> int:
        """Return the event that made it."""
        return self.line.deadline.promise or 0

    @property
    def kind(self) -> str:
        """Return to whom it is owed, and what it is."""
        return self.line.deadline.words

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be kept."""
        return self.line.deadline.is_live

    @property
    def is_open_offer(self) -> bool:
        """Say whether it is an offer of compensation of which it is not known what became."""
        deadline = self.line.deadline
        return is_offer(deadline) and deadline.state is DeadlineState.OPEN

    @property
    def is_payment(self) -> bool:
        """Say whether it is compensation to be paid."""
        return is_payment(self.line.deadline)

    @property
    def is_kept_by_hand(self) -> bool:
        """Say whether it is recorded as kept, or withdrawn, by itself."""
        return is_kept_by_hand(self.line.deadline)

    @property
    def is_to_customer(self) -> bool:
        """Say whether it was promised to the customer."""
        return is_to_customer(self.line.deadline)

    @property
    def is_to_ombudsman(self) -> bool:
        """Say whether it is owed to the Ombudsman."""
        return is_to_ombudsman(self.line.deadline)


@dataclass(frozen=True, slots=True)
class ActionLine(PromiseLine):
    """An action as its complaint's page tells it; `outside` does it, where it is nobody of ours."""

    outside: str


def promise_lines(
    lines: Iterable[DeadlineLine],
    history: CaseHistory,
    people: Mapping[int, str],
    areas: Mapping[int, str],
) -> list[PromiseLine]:
    """Return the dated promises among the deadlines of a complaint, in their order."""
    return [
        PromiseLine(
            line,
            promised_words(history, line),
            _keeper(line, history.state.officer, people, areas),
            _proof(line, history),
        )
        for line in lines
        if line.deadline.promise is not None and not line.deadline.is_internal
    ]


def action_lines(
    lines: Iterable[DeadlineLine],
    history: CaseHistory,
    people: Mapping[int, str],
    areas: Mapping[int, str],
) -> list[ActionLine]:
    """Return the actions among the deadlines of a complaint, in their order."""
    return [
        ActionLine(
            line,
            promised_words(history, line),
            _keeper(line, history.state.officer, people, areas),
            _proof(line, history),
            history.parts(line.deadline.promise or 0).get("outside", ""),
        )
        for line in lines
        if line.deadline.is_internal
    ]


def promised_words(history: CaseHistory, line: DeadlineLine) -> str:
    """Return what was promised; its kind where the words are erased."""
    return history.parts(line.deadline.promise or 0).get("promise") or line.deadline.words


def _keeper(
    line: DeadlineLine, officer: int | None, people: Mapping[int, str], areas: Mapping[int, str]
) -> str:
    """Return who keeps it; of what is the responsible officer's, who that is by now."""
    deadline = line.deadline
    if deadline.keeper is not None:
        return people.get(deadline.keeper, "somebody")
    if deadline.team is not None:
        return f"The team {areas.get(deadline.team, '')}".strip()
    if is_to_ombudsman(deadline):
        return "The complaints coordinator"
    if officer is None:
        return "The responsible officer: nobody has the complaint yet"
    return f"The responsible officer, {people.get(officer, 'somebody')}"


def promises_that_go_along(history: CaseHistory) -> list[str]:
    """Return what is open and the responsible officer's, whoever that is: what, and by when."""
    state = history.state
    going = (e for e in [*state.open_promises, *state.open_actions] if e.is_the_officers)
    return [words for _, words in _offered(history, going)]


def promises_of_the_named(history: CaseHistory) -> list[str]:
    """Return what is open and a named colleague's, as long as they see it: what, and by when."""
    state = history.state
    named = (e for e in [*state.open_promises, *state.open_actions] if e.keeper is not None)
    return [words for _, words in _offered(history, named)]


def _proof(line: DeadlineLine, history: CaseHistory) -> str:
    number = line.deadline.met_by
    return history.parts(number).get("proof", "") if number else ""


@dataclass(frozen=True, slots=True)
class ToldPromise:
    """A promise as the customer may see it: what, by when, and whether it was done."""

    words: str
    due_on: date
    done_on: date | None
    is_withdrawn: bool

    @property
    def is_call(self) -> bool:
        """Say whether it is the call that they asked for: our words, and nobody's here."""
        return self.words == CALL


class OfferNow(StrEnum):
    """What became of an offer of compensation."""

    WAITING = "waiting"
    OPEN = "open"
    ENDED = "ended"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ToldOffer:
    """An offer, as the customer may see it.

    `on` is the day until which it is or was open to them, or of what became of it; of one that
    waits for their answer, and was told to stay open until no day, that on which it was made.
    """

    words: str
    now: OfferNow
    on: date


def told_promises(history: CaseHistory) -> list[ToldPromise]:
    """Return what the customer was promised, and what became of it, without who keeps it."""
    return [
        ToldPromise(
            history.parts(each.promise or 0).get("promise", ""),
            each.due_on,
            each.met_on,
            each.state is DeadlineState.LIFTED,
        )
        for each in history.state.deadlines
        if is_to_customer(each) and each.due_on is not None and not _is_superseded(each)
    ]


def told_offers(history: CaseHistory, *, today: date) -> list[ToldOffer]:
    """Return what the customer was offered and what became of it, those kept open to a day last."""
    answers = {
        event.facts.get("award"): event
        for event in history.state.events
        if event.kind is EventKind.COMPENSATION_ANSWERED
    }
    awards = {each.number: each.facts.get("award") for each in history.state.events}
    kept_open = set()
    found = []
    for each in history.state.deadlines:
        if not is_offer(each) or each.due_on is None or each.state is DeadlineState.VOID:
            continue
        award = awards.get(each.promise or 0)
        kept_open.add(award)
        answer = answers.get(award)
        words = history.parts(each.promise or 0).get("promise", "")
        if answer is not None:
            found.append(ToldOffer(words, _became(answer), answer.on))
        else:
            now = OfferNow.ENDED if today > each.due_on else OfferNow.OPEN
            found.append(ToldOffer(words, now, each.due_on))
    return [*_plainly_offered(history.state, answers, but=kept_open), *found]


def _plainly_offered(
    state: rules.CaseState, answers: Mapping[Any, Event], *, but: Collection[Any]
) -> Iterator[ToldOffer]:
    """Yield the offers that no letter told to stay open until a day."""
    for award in state.awards:
        if award.offered_on is None or award.number in but:
            continue
        words, answer = (
            f"We offered you £{award.amount:.2f} in compensation",
            answers.get(award.number),
        )
        if answer is None:
            yield ToldOffer(words, OfferNow.WAITING, award.offered_on)
        else:
            yield ToldOffer(words, _became(answer), answer.on)


def _became(answer: Event) -> OfferNow:
    if answer.facts.get("withdrawn"):
        return OfferNow.WITHDRAWN
    return OfferNow.ACCEPTED if answer.facts.get("accepted") else OfferNow.NOT_ACCEPTED


def _is_superseded(promise: rules.Deadline) -> bool:
    """Say whether a new day for something overdue says nothing more: another one counts."""
    return is_new_day(promise) and promise.state in {DeadlineState.LIFTED, DeadlineState.VOID}


# What somebody has to keep ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwedPromise:
    """An open promise in somebody's work."""

    reference: str
    url: str
    keep_url: str
    customer: str
    words: str
    due_on: date
    due: Standing
    is_own: bool
    is_action: bool = False
    keep_words: str = "Done"


def promises_owed(user: User, *, today: date) -> list[OwedPromise]:
    """Return the open promises and actions that are `user`'s, and those overdue that they chase.

    One query; the soonest first, at most LISTED.
    """
    rows = _owed_to_be_kept(reader_of(user), today=today).rows()
    return [_owed(_Owed._make(row), user, today=today) for row in rows]


@lru_cache(maxsize=KEPT)
def _owed_to_be_kept(reader: Reader, *, today: date) -> Prepared:
    rows = owed_by(reader.user, today=today).annotate(
        parts=Subquery(_words(), output_field=JSONField())
    )
    return Prepared(
        rows.order_by("due_on", "pk").values_list(
            "complaint__reference",
            "complaint__customer__name",
            "complaint__responsible_officer",
            "words",
            "code",
            "promise",
            "due_on",
            "anchor_on",
            "keeper",
            "binds",
            "calendar",
            "parts",
        )[:LISTED],
        is_planned_once=True,
    )


def owed_by(user: User, *, today: date) -> "QuerySet[Deadline]":
    """Return the open promises that `user` keeps, and the overdue ones that they answer for."""
    mine = _kept(user)
    if areas := user.scope.managed_areas:
        mine |= Q(due_on__lt=today, complaint__service_area__in=areas)
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        mine |= Q(due_on__lt=today)
    return _promised(mine, user)


def kept_by(user: User) -> "QuerySet[Deadline]":
    """Return the open promises that `user` keeps, in whosever complaint, open or closed.

    What is the responsible officer's is that of those who give the complaint to somebody, as long
    as nobody has it; what is a team's is that of its managers; what is owed to the Ombudsman is
    the coordinators' too.
    """
    return _promised(_kept(user), user)


def _promised(which: Q, user: User) -> "QuerySet[Deadline]":
    readable = Complaint.objects.readable_by(user)
    return Deadline.objects.owed().filter(which, complaint__in=readable)


def _kept(user: User) -> Q:
    own = user.own_keys
    is_officers = Q(keeper__isnull=True, team__isnull=True)
    mine = Q(keeper__in=own) | Q(complaint__responsible_officer__in=own) & is_officers
    if user.covers:
        named = Q(keeper=F("complaint__responsible_officer"))
        mine |= Q(complaint__in=sorted(user.covers)) & (is_officers | named)
    nobodys = is_officers & Q(complaint__responsible_officer__isnull=True)
    if areas := user.scope.managed_areas:
        mine |= Q(keeper__isnull=True, team__in=areas)
        mine |= nobodys & Q(complaint__service_area__in=areas)
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        mine |= nobodys | Q(binds=Role.COMPLAINTS_COORDINATOR.value)
    return mine


def _words() -> "QuerySet[EventWords, Any]":
    beside = EventWords.objects.filter(
        event__complaint=OuterRef("complaint"), event__number=OuterRef("promise")
    )
    return beside.values("parts")[:1]


class _Owed(NamedTuple):
    """What is read of an open promise, in its order."""

    reference: str
    customer: str
    officer: int | None
    words: str
    code: str
    promise: int
    due_on: date
    made_on: date
    keeper: int | None
    binds: str
    calendar: int
    parts: dict[str, str] | None


# What is recorded of a promise of each kind when it is kept, where that is an act of its own.
_KEPT_BY = {
    PromiseKind.ACTION: Act.FINISH_ACTION,
    PromiseKind.PAYMENT: Act.PAY_COMPENSATION,
    PromiseKind.OFFER: Act.ANSWER_COMPENSATION,
}


def _owed(row: _Owed, user: User, *, today: date) -> OwedPromise:
    address = reverse("cases:complaint", args=[row.reference])
    kind = kind_of(row.code)
    is_action = kind is not None and kind.is_internal
    act = _KEPT_BY.get(kind, Act.KEEP_PROMISE) if kind else Act.KEEP_PROMISE
    keep = reverse(f"cases:{act.value}", args=[row.reference])
    # A new day for something overdue is kept by doing that, whatever it is.
    is_of_its_own = kind is not PromiseKind.NEW_DAY
    calendar = edition(row.calendar)
    if kind is PromiseKind.OFFER:
        due = offer_standing(row.due_on, today=today)
    else:
        due = standing(row.due_on, today=today, calendar=calendar, began_on=row.made_on)
    return OwedPromise(
        reference=row.reference,
        url=f"{address}#{'actions' if is_action else 'promises'}",
        keep_url=f"{keep}?promise={row.promise}" if is_of_its_own else "",
        customer=row.customer,
        words=(row.parts or {}).get("promise") or row.words,
        due_on=row.due_on,
        due=due,
        is_own=row.binds == Role.COMPLAINTS_COORDINATOR
        or row.keeper in user.own_keys
        or (row.keeper is None and row.officer in user.own_keys),
        is_action=is_action,
        keep_words="Record the answer" if kind is PromiseKind.OFFER else "Done",
    )


# Who may keep one -----------------------------------------------------------------------------

PERSON, TEAM = "person-", "team-"


def keeper_choices(complaint: Complaint, *, today: date) -> list[tuple[str, str]]:
    """Return who can keep a promise: colleagues who may know of the complaint, and its teams.

    Seven queries.
    """
    people = colleagues(today=today)
    sight = sight_of(complaint, today=today)
    able = {key for role in _KEEPING for key in people.holders[role] if people.may_know(key, sight)}
    named = User.objects.filter(pk__in=able).order_by("name", "pk")
    found = [
        (f"{PERSON}{key}", f"{name}, {title}" if title else name)
        for key, name, title in named.values_list("pk", "name", "job_title")
    ]
    area = complaint.service_area
    above = [key for key in area.path.strip("/").split("/") if key] if area else []
    teams = ServiceArea.objects.filter(pk__in=above).order_by("-path")
    return [
        *found,
        *((f"{TEAM}{key}", f"The team {name}") for key, name in teams.values_list("pk", "name")),
    ]


def who_extends(complaint: Complaint, *, today: date) -> frozenset[int]:
    """Return who is asked for more time: the head of service, or who stands in for them.

    Of a complaint without one the coordinators. Seven queries.
    """
    sight = sight_of(complaint, today=today)
    return colleagues(today=today).recipients(Role.HEAD_OF_SERVICE, sight)


def chosen_keeper(value: str) -> tuple[int | None, int | None]:
    """Return the colleague and the team that a choice names; neither for the officer's own."""
    if value.startswith(PERSON):
        return int(value.removeprefix(PERSON)), None
    if value.startswith(TEAM):
        return None, int(value.removeprefix(TEAM))
    return None, None


def keeper_choice(deadline: rules.Deadline) -> str:
    """Return the choice that names who keeps a promise now."""
    if deadline.keeper is not None:
        return f"{PERSON}{deadline.keeper}"
    return f"{TEAM}{deadline.team}" if deadline.team is not None else ""


# What a promise is proved by ------------------------------------------------------------------

_PROVING = frozenset(
    {
        EventKind.CONTACTED,
        EventKind.MANAGER_CONTACTED,
        EventKind.RESPONDED,
        EventKind.OUTCOME_SENT,
        EventKind.NOTED,
        EventKind.FILE_ADDED,
        EventKind.DELIVERED,
    }
)


def proving_entries(history: CaseHistory) -> list[tuple[str, str]]:
    """Return the entries of the record that can show that something was done, newest first."""
    return [
        (str(event.number), f"{event.kind.words}, {event.on:%a %-d %b %Y} (entry {event.number})")
        for event in reversed(history.state.events)
        if event.kind in _PROVING
    ]


def open_promises(history: CaseHistory) -> list[tuple[str, str]]:
    """Return the open promises of a complaint as a form offers them, the soonest first."""
    return _offered(history, history.state.open_promises)


def promises_kept_by_hand(history: CaseHistory) -> list[tuple[str, str]]:
    """Return those of them that are recorded as kept, or withdrawn, by themselves."""
    return _offered(history, filter(is_kept_by_hand, history.state.open_promises))


def ordered_and_open(history: CaseHistory) -> list[tuple[str, str]]:
    """Return what the Ombudsman ordered or recommended and is still owed, the soonest first."""
    return _offered(history, filter(is_ordered, history.state.open_promises))


def promised_already(history: CaseHistory) -> list[str]:
    """Return what the customer was promised and is still open, each with its day."""
    to_them = (each for each in history.state.open_promises if is_to_customer(each))
    return [words for _, words in _offered(history, to_them)]


def open_actions(history: CaseHistory) -> list[tuple[str, str]]:
    """Return the open actions in a complaint as a form offers them, the soonest first."""
    return _offered(history, history.state.open_actions)


def _offered(history: CaseHistory, found: Iterable[rules.Deadline]) -> list[tuple[str, str]]:
    return [
        (
            str(each.promise),
            f"{history.parts(each.promise or 0).get('promise') or each.words} "
            f"(by {each.due_on:%a %-d %b %Y})",
        )
        for each in found
    ]
