"""What the page on which something is logged offers, foretells and warns of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast

from cases.models import (
    Category,
    Complaint,
    Contractor,
    Customer,
    ProcedureVersion,
    RecordedEvent,
    RoleGrant,
    ServiceArea,
    ServiceRequest,
    User,
)
from cases.rules.events import EventKind
from cases.rules.foresight import in_full
from cases.rules.names import staff_meant
from cases.rules.periods import london_day
from cases.rules.references import may_be_reference, spellings
from cases.rules.roles import Role
from cases.selectors.case_deadlines import DeadlineLine, deadline_lines
from cases.selectors.case_history import CaseHistory
from cases.selectors.customer_search import matching_customers
from cases.selectors.known_customers import customers_known_to
from cases.selectors.prepared import Prepared
from cases.selectors.running import in_force_on

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LogChoices:
    """What can be chosen: keys and words of areas, categories and officers."""

    areas: Sequence[Choice]
    categories: Sequence[Choice]
    contractors: Sequence[Choice]
    officers: Sequence[Choice]


def log_choices(*, dealing: frozenset[Role] = frozenset()) -> LogChoices:
    """Return the areas, categories, contractors and people in use, in one query.

    The people are those with one of the roles that deal with a new complaint; none without roles.
    """
    found: dict[str, list[tuple[str, str, str]]] = {"area": [], "category": []}
    found |= {"contractor": [], "officer": []}
    for kind, key, name, place in _offered(dealing).rows():
        found[kind].append((key, name, place))
    return LogChoices(
        areas=_below_each_other(found["area"]),
        categories=[(k, n) for k, n, _ in sorted(found["category"], key=_by_position)],
        contractors=[
            (k, n) for k, n, _ in sorted(found["contractor"], key=lambda e: e[1].casefold())
        ],
        officers=[(k, n) for k, n, _ in sorted(found["officer"], key=lambda e: e[1].casefold())],
    )


@lru_cache(maxsize=4)
def _offered(dealing: frozenset[Role]) -> Prepared:
    text = CharField()
    nothing = Value("", text)
    rows = ServiceArea.objects.filter(is_retired=False).values_list(
        Value("area", text), Cast("pk", text), "name", "path"
    )
    categories = Category.objects.filter(is_retired=False).values_list(
        Value("category", text), Cast("pk", text), "name", Cast("position", text)
    )
    contractors = Contractor.objects.filter(is_retired=False).values_list(
        Value("contractor", text), Cast("pk", text), "name", nothing
    )
    others: list[Any] = [categories, contractors]
    if dealing:
        deals = RoleGrant.objects.filter(
            user=OuterRef("pk"), role__in=sorted(role.value for role in dealing)
        )
        people = User.objects.filter(Exists(deals), is_active=True)
        others.append(people.values_list(Value("officer", text), Cast("pk", text), "name", nothing))
    return Prepared(rows.union(*others, all=True))


def _by_position(row: tuple[str, str, str]) -> tuple[int, str]:
    return int(row[2]), row[1]


def _below_each_other(areas: list[tuple[str, str, str]]) -> list[Choice]:
    """Return the areas in the order of their tree, each with those above it before its name."""
    names = {key: name for key, name, _ in areas}
    placed = [
        (key, [names[each] for each in path.strip("/").split("/") if each in names])
        for key, _, path in areas
    ]
    ordered = sorted(placed, key=lambda each: [name.casefold() for name in each[1]])
    return [(key, " / ".join(names)) for key, names in ordered]


# What will follow -----------------------------------------------------------------------------


def foreseen(
    received_on: date, *, now: datetime, received_by_team_on: date | None = None
) -> CaseHistory:
    """Return the history of a complaint as it would begin if it were logged now. One query.

    :raises ActionNotAllowed: if the landlord is not set up.
    """
    found = in_force_on(received_on)
    return begun(found.version, found.edition, received_on, now, received_by_team_on)


def begun(
    version: ProcedureVersion,
    calendar: int,
    received_on: date,
    logged_at: datetime,
    received_by_team_on: date | None = None,
) -> CaseHistory:
    """Return the history of a complaint that was received and logged, and no more."""
    first = version.terms.first_stage
    rows = [
        RecordedEvent(
            number=1,
            kind=EventKind.RECEIVED.value,
            on=received_on,
            recorded_at=logged_at,
            facts={"calendar": calendar, "version": version.pk},
        ),
        RecordedEvent(
            number=2,
            kind=EventKind.LOGGED.value,
            on=london_day(logged_at),
            recorded_at=logged_at,
            stage=first,
            visit=1,
        ),
    ]
    if received_by_team_on is not None:
        rows.append(
            RecordedEvent(
                number=3,
                kind=EventKind.RECEIVED_BY_TEAM.value,
                on=received_by_team_on,
                recorded_at=logged_at,
                stage=first,
                visit=1,
            )
        )
    return CaseHistory(Complaint(procedure_version=version), tuple(rows))


def promises(history: CaseHistory, *, today: date) -> list[DeadlineLine]:
    """Return the promises that a new complaint begins with, each with its counting. No query."""
    lines = deadline_lines(history, today=today, explained=True)
    return [line for line in lines if not line.deadline.is_window and line.due_on is not None]


def dated(history: CaseHistory) -> list[str]:
    """Return the promises that are still to be kept, each with its day."""
    return [
        f"{each.words}, by {in_full(each.due_on)}"
        for each in history.state.live_deadlines
        if each.due_on
    ]


def counts_from_the_team(version: ProcedureVersion) -> bool:
    """Say whether the first stage counts from the day the team got it (K3-10)."""
    terms = version.terms
    anchors = (
        anchor.code for each in terms.stage(terms.first_stage).timescales for anchor in each.anchors
    )
    return EventKind.RECEIVED_BY_TEAM.value in anchors


# Who it is ------------------------------------------------------------------------------------


def found_customers(words: str, user: User) -> list[Customer]:
    """Return the customers whom the words may mean: by a reference, else by what is known of them.

    A reference finds the customer of what the person may read, and nobody else. Two queries at
    most, few customers.
    """
    by_reference = _by_reference(words, user)
    return [by_reference] if by_reference else matching_customers(words, user)


def _by_reference(words: str, user: User) -> Customer | None:
    if not may_be_reference(words) or len(words.split()) > 3:
        return None
    references = spellings(words)
    complaints = Complaint.objects.readable_by(user).filter(reference__in=references)
    requests = ServiceRequest.objects.visible_to(user).filter(reference__in=references)
    of_either = Q(pk__in=complaints.values("customer")) | Q(pk__in=requests.values("customer"))
    return Customer.objects.filter(of_either).first()


def customer_named(code: str, user: User) -> Customer | None:
    """Return the customer with this code, or nobody of whom `user` may know."""
    return customers_known_to(user).filter(code=code).first() if code else None


def staff_named(text: str) -> dict[int, str]:
    """Return the active staff whom an answer may mean, with their names, by name. One query.

    Any part of a name is enough, or the e-mail address. None for no text.
    """
    wanted = text.casefold()
    if not wanted.strip():
        return {}
    people = User.objects.filter(is_active=True).order_by("name", "pk")
    known = {key: (name, email) for key, name, email in people.values_list("pk", "name", "email")}
    names = {key: name for key, (name, _) in known.items()}
    meant = staff_meant(text, "", is_about_staff=False, staff=names)
    return {k: name for k, (name, email) in known.items() if k in meant or email in wanted}
