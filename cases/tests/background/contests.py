"""Many at once on the same complaint: what a test has done inside an installation."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from cases.models import (
    Alert,
    Complaint,
    Deadline,
    Editions,
    Letter,
    LetterProposal,
    OutboundMessage,
    RecordedEvent,
    User,
)
from cases.operations.extend import extend
from cases.operations.letter_approvals import Wording, propose_letter
from cases.operations.note import change_details
from cases.operations.projection import first_reminder_on
from cases.operations.reminders import sweep_deadlines
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.periods import london_day
from cases.rules.replay import replay
from cases.rules.roles import Role
from cases.selectors.history import events_of
from cases.tests.background.inside import standing_house
from cases.tests.factories import UserFactory
from cases.tests.fixtures import build_house

TUESDAY = datetime(2026, 6, 9, 10, tzinfo=UTC)
DUE_SOON = datetime(2026, 6, 11, 10, tzinfo=UTC)


def begin(*, contenders: int, complaints: int) -> list[int]:
    """Set a landlord up with many coordinators; return the keys of its complaints."""
    house = build_house()
    for number in range(contenders):
        UserFactory(name=f"Contender {number}", roles=[Role.COMPLAINTS_COORDINATOR])
    return [house.lodge().pk for _ in range(complaints)]


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Make the calls in as many threads at the same moment; return what each gave or raised."""
    answers: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(place: int) -> None:
        try:
            # Connected before the start, so that they meet in the database and not before it.
            connection.ensure_connection()
            start.wait()
            answers[place] = calls[place]()
        except Exception as error:  # whatever it is, the test is told
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def seat(*, contenders: int, pairs: list[list[str]]) -> dict[str, Any]:
    """Let many coordinators sign in, and for each pair of acts have a complaint of yesterday.

    Return the cookies of their browsers, and of each complaint its key, reference and version, and
    how many letters and messages there are.
    """
    house = build_house()
    yesterday = london_day(timezone.now()) - timedelta(days=1)
    cookies = []
    for number in range(contenders):
        client = Client()
        client.force_login(
            UserFactory(name=f"Contender {number}", roles=[Role.COMPLAINTS_COORDINATOR])
        )
        cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    complaints = [house.lodge(on=yesterday, officer_id=None) for _ in pairs]
    return {
        "cookies": cookies,
        "today": str(yesterday + timedelta(days=1)),
        "complaints": [
            {"key": each.pk, "reference": each.reference, "version": each.version}
            for each in complaints
        ],
        "area": house.team.code,
        "officer": house.people[Role.RESPONSIBLE_OFFICER].pk,
    }


def became_of(*, complaint: int, version: int) -> dict[str, Any]:
    """Return what was recorded since a version, by whom, and what went to the customer."""
    events = RecordedEvent.objects.filter(complaint=complaint, number__gt=version)
    letters = Letter.objects.filter(complaint=complaint, event_number__gt=version)
    messages = OutboundMessage.objects.filter(complaint=complaint, to_user__isnull=True)
    return {
        "actors": [event.actor.name for event in events if event.actor],
        "events": [event.kind for event in events],
        "letters": letters.count(),
        "messages": messages.count(),
    }


def contend_without_looking(*, complaint: int, contenders: int) -> list[str]:
    """Let many coordinators change one complaint at once without a look at its version.

    Return who of them was told that it was done.
    """
    people = [User.objects.get(name=f"Contender {number}") for number in range(contenders)]
    answers = at_once([_change(by, complaint) for by in people])
    return [
        by.name for by, answer in zip(people, answers, strict=True) if isinstance(answer, Complaint)
    ]


def _change(by: User, complaint: int) -> Callable[[], Any]:
    return lambda: change_details(
        complaint_id=complaint,
        by=by,
        now=timezone.now(),
        seen=None,
        category_id=None,
        summary=f"The lift, said {by.name}.",
        desired_outcome="",
        reason="It was misheard.",
    )


def race_proposals(*, complaint: int) -> dict[str, Any]:
    """Ask twice at once for approval of the same letter, without a look at the version."""
    row = Complaint.objects.get(pk=complaint)
    officer = standing_house().people[Role.RESPONSIBLE_OFFICER]
    letter = Letter(kind="response", complaint=row, body="The lift was mended.")

    def click() -> LetterProposal:
        return propose_letter(
            complaint_id=complaint,
            act=Act.RESPOND,
            by=officer,
            now=TUESDAY,
            seen=None,
            wording=Wording({"letter": ["The lift was mended."]}, letter),
        )

    answers = at_once([click, click])
    told = OutboundMessage.objects.filter(kind="letter_approval")
    return {
        "errors": [repr(answer) for answer in answers if isinstance(answer, Exception)],
        "waiting": LetterProposal.objects.filter(state="waiting").count(),
        "asked": RecordedEvent.objects.filter(kind="letter_proposed").count(),
        "told_twice": told.count() - told.values("to_user").distinct().count(),
    }


def race_sweeps(*, sweeps: int) -> dict[str, Any]:
    """Sweep many times at once."""
    answers = at_once([lambda: sweep_deadlines(now=DUE_SOON) for _ in range(sweeps)])
    alerts = list(Alert.objects.values_list("complaint_id", "code", "reminder", "recipient_id"))
    return {
        "errors": [repr(answer) for answer in answers if isinstance(answer, Exception)],
        "alerts": len(alerts),
        "different": len(set(alerts)),
        "told": Alert.objects.filter(message__isnull=False).count(),
        "waiting": Deadline.objects.reminder_due(today=DUE_SOON.date()).count(),
    }


def race_sweep_with_officer(*, complaint: int, ahead: float) -> dict[str, Any]:
    """Extend a deadline at the moment when its reminder is swept; return what stands then."""
    coordinator = User.objects.get(name=Role.COMPLAINTS_COORDINATOR.words)
    row = Complaint.objects.get(pk=complaint)
    new_due_on = date(2026, 7, 6)
    now = DUE_SOON + timedelta(days=14)

    def officer() -> Complaint:
        threading.Event().wait(max(0.0, ahead))
        return extend(
            complaint_id=complaint,
            by=coordinator,
            now=now,
            seen=row.version,
            new_due_on=new_due_on,
            reason="The surveyor comes on Monday.",
            exceptional=True,
            telling=Telling("post"),
        )

    def sweep() -> Any:
        threading.Event().wait(max(0.0, -ahead))
        return sweep_deadlines(now=now)

    answers = at_once([officer, sweep])
    deadline = Deadline.objects.get(complaint=complaint, code="respond")
    state = replay(
        row.procedure_version.terms,
        [event.as_event() for event in events_of(Complaint.objects.get(pk=complaint))],
        Editions(),
    )
    promised = state.deadline("stage-1", "respond")
    assert promised is not None
    return {
        "errors": [repr(answer) for answer in answers if isinstance(answer, Exception)],
        "due_on": str(deadline.due_on),
        "next_reminder_on": str(deadline.next_reminder_on),
        "should_be": str(first_reminder_on(promised, Editions()[promised.calendar])),
        "told_old_day": Alert.objects.filter(complaint=complaint, code="respond").count(),
    }
