"""What services learnt from a month: given back by a day, and asked for until it is (HH-31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import OutboundMessage, Thing, User
from cases.operations.alerts import address_of
from cases.operations.settings_changes import Line, check_seen, moved, note_change
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.reminders import colleagues, may_alert
from cases.selectors.running import current_edition
from feedback.rules.lessons import names_a_contact
from reporting.models import KeptReport, LessonsReturn
from reporting.models.kept import COLLATING, HEADING
from reporting.rules.kept import Kind, chased_on
from reporting.selectors.addressees import answering_for

# Nobody is reminded so long before lessons are due.
FIRST_LOOK = timedelta(days=30)


@transaction.atomic
def return_lessons(
    *, report_id: int, learnt: str, made: str, planned: str, by: User, now: datetime, seen: int
) -> LessonsReturn:
    """Give back what was learnt from a month and what changes, or change it until it is told on.

    Who changed what is kept. What is owed still, or was waived, may come after the report of the
    quarter: the next report tells it.

    :raises NotEntitled: if the report is not open to `by`, or they do not answer for its service.
    :raises ReasonMissing: if nothing is said.
    :raises ActionNotAllowed: if a person can be recognised, or it was told in a report.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    lessons = _locked(report_id, by)
    report = lessons.report
    if not may_return(report, by):
        raise NotEntitled("The head of the service says what was learnt.")
    if not learnt.strip():
        raise ReasonMissing("Say what was learnt, or that there was nothing to learn and why.")
    if names_a_contact(f"{learnt}\n{made}\n{planned}"):
        raise ActionNotAllowed("Leave out e-mail addresses and telephone numbers of people.")
    if lessons.is_told:
        raise ActionNotAllowed("What was said has gone out in a report, and stays as it was.")
    check_seen(thing=Thing.LANDLORD, key=lessons_key(report), seen=seen)
    given = Given(learnt.strip(), made.strip(), planned.strip())
    changes = given.beside(lessons)
    if not changes and lessons.returned_at is not None and lessons.waived_at is None:
        # The same words given back again are still those of whoever gave them back.
        return lessons
    lessons.learnt, lessons.made, lessons.planned = given.learnt, given.made, given.planned
    lessons.returned_at, lessons.returned_by = now, by
    lessons.waived_at, lessons.waived_by, lessons.waived_because = None, None, ""
    lessons.save(
        update_fields=[
            *("learnt", "made", "planned", "returned_at", "returned_by"),
            *("waived_at", "waived_by", "waived_because"),
        ]
    )
    if changes:
        _note(report, "Lessons given back", changes, by=by, now=now)
    return lessons


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says was learnt, what has changed, and what will."""

    learnt: str
    made: str
    planned: str

    def beside(self, lessons: LessonsReturn) -> list[Line]:
        """Return what is otherwise than it was said before."""
        return [
            *moved("What was learnt", lessons.learnt, self.learnt),
            *moved("What has changed", lessons.made, self.made),
            *moved("What will change", lessons.planned, self.planned),
        ]


def lessons_key(report: KeptReport) -> str:
    """Return by which key what was learnt from a month is found among the landlord's changes."""
    return f"lessons-{report.pk}"


def _note(
    report: KeptReport, act: str, changes: Sequence[Line], *, by: User, now: datetime
) -> None:
    note_change(
        thing=Thing.LANDLORD,
        act=act,
        by=by,
        now=now,
        key=lessons_key(report),
        name=f"Lessons of {report.area_name}, {report.time.words}",
        changes=changes,
    )


def _locked(report_id: int, by: User) -> LessonsReturn:
    open_to = KeptReport.objects.open_to(by).filter(pk=report_id, kind=Kind.MONTHLY.value)
    lessons = (
        LessonsReturn.objects.select_for_update(of=("self",))
        .select_related("report", "report__area")
        .filter(report__in=list(open_to.values_list("pk", flat=True)))
        .first()
    )
    if lessons is None:
        raise NotEntitled("There is no such report, or it is not open to you.")
    return lessons


@transaction.atomic
def waive_lessons(*, report_id: int, because: str, by: User, now: datetime) -> LessonsReturn:
    """Ask nobody any more for what a service owes of a month, and keep why.

    :raises NotEntitled: if this is not one of those who put reports together.
    :raises ReasonMissing: if no reason is given.
    :raises ActionNotAllowed: if nothing is owed, or a person can be recognised.
    """
    lessons = _locked(report_id, by)
    if not by.has_role(*COLLATING):
        raise NotEntitled("Those who put the reports together say what is no longer owed.")
    reason = because.strip()
    if not reason:
        raise ReasonMissing("Say why it is no longer owed.")
    if names_a_contact(reason):
        raise ActionNotAllowed("Leave out e-mail addresses and telephone numbers of people.")
    if not lessons.is_owed:
        raise ActionNotAllowed("Nothing is owed: it was given back, or somebody said so already.")
    lessons.waived_at, lessons.waived_by, lessons.waived_because = now, by, reason
    lessons.save(update_fields=["waived_at", "waived_by", "waived_because"])
    line = ("Why", "", reason)
    _note(lessons.report, "Lessons are no longer owed", [line], by=by, now=now)
    return lessons


def may_return(report: KeptReport, user: User) -> bool:
    """Say whether somebody answers for what a service learnt: today, whoever got the report."""
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        return True
    return any(user.scope.covers(role, report.area_id) for role in HEADING)


def chase_lessons(*, now: datetime) -> int:
    """Remind those who owe lessons, and return how many messages that took.

    That is whoever answers for the service today, not who did when its report was made.

    Five working days before they are due, on the day, and every five working days after it until
    they are there; in the hours in which the landlord reminds. Each reminder is a message with a
    key of its own, so that two runs at once send it once.
    """
    today = london_day(now)
    owed = LessonsReturn.objects.owed().filter(due_on__lte=today + FIRST_LOOK)
    if not owed.exists() or not may_alert(now):
        return 0
    people = colleagues(today=today)
    calendar = current_edition().calendar
    asked_for = answering_for(people)
    sent = 0
    for lessons in owed.select_related("report", "report__area").order_by("due_on", "pk"):
        day = chased_on(lessons.due_on, today, calendar)
        if day is None:
            continue
        reached = asked_for(lessons.report.area_id)
        for person in sorted(each for each in reached if each in people.addresses):
            key = f"lessons:{lessons.pk}:{day.isoformat()}:{person}"
            sent += _remind(key, lessons, person, people.addresses[person], now)
    return sent


def _remind(key: str, lessons: LessonsReturn, person: int, address: str, now: datetime) -> bool:
    if OutboundMessage.objects.filter(key=key).exists():
        return False
    report = lessons.report
    is_late = lessons.due_on < london_day(now)
    state = "were due on" if is_late else "are due by"
    subject = f"{report.area_name}: lessons of {report.time.words} {state} {lessons.due_on:%-d %B}"
    body = (
        f"What was learnt from the complaints of {report.time.words}, and what changes: "
        f"{'this was due on' if is_late else 'please tell it by'} {lessons.due_on:%-d %B %Y}.\n\n"
        f"{address_of(report.address('lessons'))}\n"
    )
    try:
        with transaction.atomic():
            OutboundMessage.objects.create(
                key=key,
                kind="lessons_due",
                to_user_id=person,
                to_address=address,
                subject=subject[:200],
                body=body,
                created_at=now,
                next_try_at=now,
            )
    except IntegrityError:
        return False
    return True
