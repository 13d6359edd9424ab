"""Sixty days of a landlord at work, and an oracle of who is to be reminded of what on each.

The oracle shares nothing with the sweep but the events: it replays them, counts days one by one
on its fingers, and asks `visible_to` about every person.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection

from cases.errors import ComplaintError
from cases.models import (
    Absence,
    Alert,
    CalendarEdition,
    Complaint,
    Editions,
    Exclusion,
    OutboundMessage,
    RoleGrant,
    User,
)
from cases.operations.assign import assign
from cases.operations.close import close
from cases.operations.correct import retract
from cases.operations.extend import extend
from cases.operations.lateness import saying_why
from cases.operations.rebuild import rebuild_projections
from cases.operations.reminders import sweep_deadlines
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.events import EventKind, Outcome
from cases.rules.lateness import Lateness
from cases.rules.procedure_files import shipped_codes
from cases.rules.replay import replay
from cases.rules.roles import Role
from cases.rules.state import Deadline
from cases.selectors.history import events_of
from cases.tests.answering import acknowledge, respond
from cases.tests.background.inside import standing_house
from cases.tests.factories import UserFactory
from cases.tests.fixtures import build_house

ACTORS = (
    Role.RESPONSIBLE_OFFICER,
    Role.LINE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.DIRECTOR,
    Role.COMPLAINTS_COORDINATOR,
)


def begin() -> None:
    """Set the landlord up, with two more officers and a second line manager."""
    house = build_house()
    UserFactory(name="Officer B", roles=[Role.RESPONSIBLE_OFFICER])
    UserFactory(name="Officer C", roles=[Role.RESPONSIBLE_OFFICER])
    UserFactory(name="Manager B", roles=[(Role.LINE_MANAGER, house.other_team)])


def work(*, day: str, seed: int, lodged: int) -> None:
    """Let people do what they do on a day, before anybody is reminded."""
    today = date.fromisoformat(day)
    now = datetime.combine(today, time(5), UTC)
    chance = random.Random(f"{seed} {day}")  # noqa: S311  a test, repeatable
    house = standing_house()
    officers = list(User.objects.filter(grants__role=Role.RESPONSIBLE_OFFICER.value))
    for _ in range(lodged):
        house.run(chance.choice(shipped_codes()))
        house.lodge(
            on=today - timedelta(days=chance.choice([0, 0, 0, 1, 9])),
            by=house[Role.COMPLAINTS_COORDINATOR],
            area_id=chance.choice([house.team.pk, house.other_team.pk]),
            officer_id=chance.choice([None, *(officer.pk for officer in officers)]),
        )
    for complaint in Complaint.objects.open().order_by("pk"):
        if chance.random() < 0.12:
            _act(chance, complaint, house.people, officers, now)
    if chance.random() < 0.15:
        away, deputy = chance.sample(officers, 2)
        Absence.objects.create(
            user=away, deputy=deputy, first_day=today, last_day=today + timedelta(days=3)
        )
    if chance.random() < 0.1 and (complaint := Complaint.objects.order_by("?").first()):
        Exclusion.objects.get_or_create(
            complaint=complaint, user=chance.choice(officers), defaults={"reason": "conflict"}
        )


def _act(
    chance: random.Random,
    complaint: Complaint,
    people: dict[Role, User],
    officers: list[User],
    now: datetime,
) -> None:
    """Do something with a complaint, by whoever may."""
    common: dict[str, Any] = {"complaint_id": complaint.pk, "now": now, "seen": complaint.version}
    today = now.date()
    done_by = today + timedelta(days=14)
    late = Lateness("Somebody was ill.", avoidable=False, done_by=done_by)
    acts: list[Callable[[User], object]] = [
        lambda by: acknowledge(**common, by=by, on=today, telling=Telling("post")),
        lambda by: respond(
            **common,
            by=by,
            on=today,
            answer=Answer(Outcome.UPHELD, remedy_words=["We apologise to you."]),
            telling=Telling("post", "We are sorry."),
        ),
        lambda by: extend(
            **common,
            by=by,
            new_due_on=today + timedelta(days=chance.randint(3, 12)),
            reason="The surveyor comes next week.",
            exceptional=True,
            telling=Telling("post"),
        ),
        lambda by: assign(
            **common,
            by=by,
            officer_id=chance.choice(officers).pk,
            area_id=complaint.service_area_id or 0,
        ),
        lambda by: close(**common, by=by, on=today, words=""),
        lambda by: _take_back_an_acknowledgement(complaint, common, by),
    ]
    act = chance.choice(acts)
    for role in ACTORS:
        by = User.objects.get(pk=people[role].pk)
        try:
            with saying_why(late):
                act(by)
        except ComplaintError:
            continue
        return


def _take_back_an_acknowledgement(complaint: Complaint, common: dict[str, Any], by: User) -> None:
    events = [e for e in events_of(complaint) if e.kind == EventKind.ACKNOWLEDGED]
    if events:
        retract(**common, by=by, number=events[-1].number, reason="It was another complaint.")


def sweep(*, now: str) -> dict[str, int]:
    """Sweep, and return what was done."""
    swept = sweep_deadlines(now=datetime.fromisoformat(now))
    return {"alerts": swept.alerts, "messages": swept.messages}


def throw_deadlines_away() -> None:
    """Lose every deadline of every complaint, and work them out anew."""
    for complaint in Complaint.objects.all():
        complaint.deadlines.all().delete()
    rebuild_projections(repair=True, progress=lambda count: None)
    _Oracle.lived.clear()


def drop_the_constraint() -> None:
    """Take away what makes an alert unique."""
    [once] = [each for each in Alert._meta.constraints if each.name == "cases_alert_once"]
    # SQLite builds the table anew from what the model says.
    Alert._meta.constraints = [each for each in Alert._meta.constraints if each is not once]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Alert, once)


class _Oracle:
    """What the oracle remembers from day to day."""

    # The promises that lived when it last looked, with the day up to which reminders were given.
    lived: dict[tuple[Any, ...], date] = {}
    expected: dict[tuple[Any, ...], date] = {}


def expect(*, day: str) -> int:
    """Work out who is to be reminded on a day when the sweep runs; return how many are new."""
    today = date.fromisoformat(day)
    before = len(_Oracle.expected)
    living = {}
    deputies = _deputies(today)
    for complaint, deadline, life in _alive():
        given_until = _Oracle.lived.get(life, date.min)
        living[life] = today
        latest = _latest(complaint, deadline, deputies, after=given_until, today=today)
        for person, code in latest.items():
            _Oracle.expected.setdefault((*life[:5], code, person), today)
    _Oracle.lived = living
    return len(_Oracle.expected) - before


def _latest(
    complaint: Complaint,
    deadline: Deadline,
    deputies: dict[int, int],
    *,
    after: date,
    today: date,
) -> dict[int, str]:
    """Return for each person the latest reminder that has come since a day."""
    latest: dict[int, str] = {}
    reminders = deadline.timescale.reminders if deadline.timescale else ()
    for reminder in sorted(reminders, key=lambda each: each.days):
        if after < _counted(deadline.due_on or today, reminder.days) <= today:
            for role in reminder.to:
                latest |= dict.fromkeys(_told(role, complaint, deputies), reminder.code)
    return latest


def _alive() -> Iterator[tuple[Complaint, Deadline, tuple[Any, ...]]]:
    """Yield every promise that binds somebody now, and what tells this life of it from another."""
    for complaint in Complaint.objects.open().select_related("procedure_version__procedure"):
        events = [event.as_event() for event in events_of(complaint)]
        for found in replay(complaint.procedure_version.terms, events, Editions()).deadlines:
            if found.is_live and not found.code.startswith("new-day-"):
                promise = (found.stage, found.visit, found.code, found.due_on)
                yield complaint, found, (complaint.pk, *promise, found.calendar)


def look_without_sweeping() -> None:
    """Notice on a day without a sweep which promises no longer live as they did."""
    alive = {life for _, _, life in _alive()}
    _Oracle.lived = {life: day for life, day in _Oracle.lived.items() if life in alive}


def _counted(due_on: date, days: int) -> date:
    """Return the day so many working days before or after, counted one by one."""
    day, step = due_on, 1 if days > 0 else -1
    holidays = _holidays()
    while days:
        day += timedelta(days=step)
        if day.weekday() < 5 and day.isoformat() not in holidays:
            days -= step
    return day


def _holidays() -> dict[str, str]:
    if not hasattr(_holidays, "known"):
        _holidays.known = CalendarEdition.objects.get().holidays  # type: ignore[attr-defined]
    return _holidays.known  # type: ignore[attr-defined,no-any-return]


def _deputies(today: date) -> dict[int, int]:
    return dict(Absence.objects.on(today).order_by("pk").values_list("user_id", "deputy_id"))


def _present(person: int, deputies: dict[int, int]) -> int | None:
    """Follow the absences to somebody who is there."""
    met = []
    while person in deputies:
        if person in met:
            return None
        met.append(person)
        person = deputies[person]
    return person


def _told(role: Role, complaint: Complaint, deputies: dict[int, int]) -> set[int]:
    """Return who is told what is meant for a role."""
    coordinators = _granted(Role.COMPLAINTS_COORDINATOR, None)
    if role is Role.RESPONSIBLE_OFFICER:
        found = _may(complaint, {complaint.responsible_officer_id}, deputies)
    elif role is Role.FRONT_LINE:
        found = _may(complaint, {complaint.logged_by_id}, deputies)
    elif role is Role.COMPLAINTS_COORDINATOR:
        found = set()
    else:
        found = set()
        area = complaint.service_area
        while area is not None and not found:
            found = _may(complaint, _granted(role, area.pk), deputies)
            area = area.parent
    return found or _may(complaint, coordinators, deputies)


def _granted(role: Role, area: int | None) -> set[int]:
    return set(RoleGrant.objects.filter(role=role.value, area=area).values_list("user", flat=True))


def _may(complaint: Complaint, people: set[Any], deputies: dict[int, int]) -> set[int]:
    """Return those of the people, or who stands in for them, to whom the complaint is visible."""
    found = set()
    for person in people - {None}:
        present = _present(person, deputies)
        user = User.objects.filter(pk=present, is_active=True).first()
        if user is None:
            continue
        user.stands_in_for = frozenset(
            away for away in deputies if _present(away, deputies) == user.pk
        )
        if Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists():
            found.add(user.pk)
    return found


def verdict() -> dict[str, Any]:
    """Compare what was sent with what the oracle expected.

    The oracle knows what the procedure promises. Reminders of a new day that somebody named for
    what is late are only looked at for doubles and for messages.
    """
    alerts = list(Alert.objects.select_related("message").order_by("pk"))
    sent = {
        (a.complaint_id, a.stage, a.visit, a.code, a.due_on, a.reminder, a.recipient_id): a
        for a in alerts
    }
    foreseen = {key for key in sent if not key[3].startswith("new-day-")}
    late = sum(
        sent[key].created_at.date() != day for key, day in _Oracle.expected.items() if key in sent
    )
    return {
        "alerts": len(alerts),
        "doubled": len(alerts) - len(sent),
        "extra": sorted(map(str, foreseen - _Oracle.expected.keys())),
        "missing": sorted(map(str, _Oracle.expected.keys() - sent.keys())),
        "late": late,
        "untold": sum(a.message is None or a.message.to_user_id != a.recipient_id for a in alerts),
        "messages": OutboundMessage.objects.filter(kind="reminders").count(),
    }
