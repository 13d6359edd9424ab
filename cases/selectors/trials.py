"""Complaints of the past tried under a version of a procedure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cases.models import Complaint, Editions, ProcedureVersion, RecordedEvent, ServiceArea, User
from cases.rules.events import Event, EventKind
from cases.rules.replay import replay
from cases.rules.terms import ProcedureTerms
from cases.rules.trials import Change, Compared, Trial

# So many complaints are tried, the newest; each takes about a millisecond.
MOST = 10_000
BATCH = 1_000
# So many of the promises that change are listed, of complaints that may be opened.
SHOWN = 50
LOOKED_THROUGH = 500
# What neither begins, moves nor keeps a promise, unless a procedure says that it does.
_BESIDE = frozenset(
    {
        *(EventKind.NOTED, EventKind.FILE_ADDED, EventKind.DETAILS_CHANGED),
        *(EventKind.ACCESS_CHANGED, EventKind.MAIL_RECEIVED, EventKind.UPDATED),
        *(EventKind.POINTS_DEFINED, EventKind.LETTER_PROPOSED, EventKind.LETTER_DECIDED),
    }
)

Row = tuple[int, int | None, int]


@dataclass(frozen=True, slots=True)
class Turned:
    """A promise that the terms turn, of a complaint that may be opened."""

    reference: str
    url: str
    change: Change


@dataclass(frozen=True, slots=True)
class Tried:
    """What complaints come to under a version: figures, teams, and those that change."""

    first: date
    last: date
    trial: Trial
    # The names of the stages, as the version that is tried has them.
    stages: dict[str, str]
    areas: list[tuple[str, Compared]]
    turned: list[Turned]
    is_cut: bool


def try_version(
    version: ProcedureVersion, viewer: User, *, first: date, last: date, today: date
) -> Tried:
    """Return what the complaints received in these days come to under a version of a procedure.

    Each is compared with itself under the version by which it ran. What is closed to whoever
    looks is not counted: a number would betray it. Of those that change only what they may open is
    named. At most `MOST` complaints, the newest; two queries, and one for each thousand.
    """
    told = Complaint.objects.not_closed_to(viewer).counted()
    told = told.filter(received_on__gte=first, received_on__lte=last)
    rows: list[Row] = list(
        told.order_by("-received_on", "-pk").values_list(
            "pk", "service_area_id", "procedure_version_id"
        )[: MOST + 1]
    )
    trial = Trial(today)
    terms = version.terms
    others = ProcedureVersion.objects.defer("terms_words").in_bulk({key for *_, key in rows})
    editions = Editions()
    kinds = _kinds([terms, *(each.terms for each in others.values())])
    for batch in _batches(rows[:MOST]):
        recorded = _recorded([key for key, *_ in batch], kinds)
        for key, area, ran_under in batch:
            events = recorded[key]
            trial.take(
                key,
                area,
                replay(others[ran_under].terms, events, editions),
                replay(terms, events, editions),
            )
    return Tried(
        first=first,
        last=last,
        trial=trial,
        stages={each.code: each.name for each in terms.stages},
        areas=_by_area(trial),
        turned=_turned(trial, viewer),
        is_cut=len(rows) > MOST,
    )


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _kinds(every: Sequence[ProcedureTerms]) -> list[str]:
    """Return the kinds of events that bear on a promise under any of the terms."""
    named = {kind for terms in every for kind in _named_in(terms)}
    return sorted(kind.value for kind in EventKind if kind not in _BESIDE or kind.value in named)


def _named_in(terms: ProcedureTerms) -> Iterator[str]:
    for stage in terms.stages:
        for each in stage.timescales:
            yield from (kind.value for kind in each.met_by)
            yield from (kind.value for kind in (each.lifted_by, each.renewed_by) if kind)
            yield from (str(anchor) for anchor in each.anchors)


def _recorded(keys: Sequence[int], kinds: Sequence[str]) -> dict[int, list[Event]]:
    """Return the events of complaints of these kinds, in the order recorded."""
    found: dict[int, list[Event]] = defaultdict(list)
    rows = RecordedEvent.objects.filter(complaint__in=keys, kind__in=kinds)
    for complaint, number, kind, on, at, stage, visit, actor, facts in rows.order_by(
        "complaint_id", "number"
    ).values_list(
        *("complaint_id", "number", "kind", "on", "at"), *("stage", "visit", "actor_id", "facts")
    ):
        found[complaint].append(Event(number, EventKind(kind), on, at, stage, visit, actor, facts))
    return found


def _by_area(trial: Trial) -> list[tuple[str, Compared]]:
    """Return the figures of each service area by its name, the complaints of none last."""
    names = dict(ServiceArea.objects.values_list("pk", "name"))
    found = [(names[key], compared) for key, compared in trial.areas.items() if key in names]
    nowhere = [("No service area", each) for key, each in trial.areas.items() if key not in names]
    return [*sorted(found, key=lambda each: each[0]), *nowhere]


def _turned(trial: Trial, viewer: User) -> list[Turned]:
    """Return what changes, what becomes late first, as far as whoever looks may open it."""
    changes = sorted(trial.changes, key=lambda each: not each.is_worse)[:LOOKED_THROUGH]
    open_to_them = (
        Complaint.objects.visible_to(viewer)
        .only("reference")
        .in_bulk({each.complaint for each in changes})
    )
    found = [
        Turned(complaint.reference, complaint.get_absolute_url(), change)
        for change in changes
        if (complaint := open_to_them.get(change.complaint))
    ]
    return found[:SHOWN]
