"""How the background work goes: for the operators' page and the health pages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.conf import settings
from django.db.models import Count, Min, Q, Subquery

from cases.models import (
    Anchor,
    CalendarEdition,
    Deadline,
    Delivery,
    Dispatch,
    InboundMail,
    Job,
    Letter,
    OutboundMessage,
    Scan,
    StoredFile,
)
from cases.models.complaints import COUNT_LIMIT
from cases.rules.dispatches import DispatchKind, DispatchState
from cases.rules.periods import london_day

HEARTBEAT = "heartbeat"
# The heart beats every 30 seconds: after so long without, the background work stands still.
SILENCE = timedelta(seconds=120)
# A job that has not succeeded for so many of its intervals is late.
INTERVALS = 3
LENIENCY = timedelta(minutes=2)
HORIZON_WARNING = timedelta(days=180)
LISTED = 50
LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class JobLine:
    """One scheduled job and how its last run went."""

    name: str
    every: timedelta | None
    started_at: datetime | None
    ended_at: datetime | None
    success_at: datetime | None
    result: str
    error: str
    failures: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A message that could not be delivered, without saying to whom or about what."""

    key: int
    kind: str
    queued_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class FileChecks:
    """How the virus scanner gets on: counted up to COUNT_LIMIT, without a name of any file."""

    held: int
    oldest_held_at: datetime | None
    could_not_look: int
    sealed: int


@dataclass(frozen=True, slots=True)
class OperationsOverview:
    """Everything operators need to see at a glance.

    What could not be delivered and the reminders that wait are counted up to COUNT_LIMIT.
    """

    jobs: list[JobLine]
    beat_age: timedelta | None
    is_beat_late: bool
    messages_waiting: int
    messages_sending: int
    oldest_waiting_at: datetime | None
    last_message_error: str
    messages_undeliverable: int
    undeliverable: list[FailedMessage]
    reminders_waiting: int
    files: "FileChecks"
    letters_given_up: int
    codes_failed: int
    mail_waiting: int
    last_sealed_on: date | None
    horizon: date | None
    is_horizon_near: bool

    @property
    def failing(self) -> list[JobLine]:
        """Return the jobs whose last run failed or that are late."""
        return [job for job in self.jobs if job.failures or job.is_late]


def operations_overview(*, now: datetime) -> OperationsOverview:
    """Return how the background work goes, in twelve queries however much there is.

    Says nothing about any complaint or customer: operators see none.
    """
    stored = {job.name: job for job in Job.objects.all()}
    beat = stored.get(HEARTBEAT)
    beat_age = now - beat.last_success_at if beat and beat.last_success_at else None
    on_their_way = OutboundMessage.objects.filter(state__in=[Delivery.QUEUED, Delivery.SENDING])
    queue = on_their_way.aggregate(
        waiting=Count("pk", filter=Q(state=Delivery.QUEUED)),
        sending=Count("pk", filter=Q(state=Delivery.SENDING)),
        oldest=Min("created_at", filter=Q(state=Delivery.QUEUED)),
    )
    failed = OutboundMessage.objects.filter(state=Delivery.UNDELIVERABLE).order_by("created_at")
    listed = [
        FailedMessage(*row)
        for row in failed.values_list("pk", "kind", "created_at", "last_error")[:COUNT_LIMIT]
    ]
    today = london_day(now)
    due = Deadline.objects.reminder_due(today=today).values("pk")[:COUNT_LIMIT]
    horizon, began_at = _calendar()
    return OperationsOverview(
        jobs=_jobs(stored, began_at=began_at, now=now),
        beat_age=beat_age,
        is_beat_late=beat_age is None or beat_age > SILENCE,
        messages_waiting=queue["waiting"],
        messages_sending=queue["sending"],
        oldest_waiting_at=queue["oldest"],
        last_message_error=_last_error(),
        messages_undeliverable=len(listed),
        undeliverable=listed[:LISTED],
        reminders_waiting=due.count(),
        files=file_checks(),
        codes_failed=_codes_failed(now),
        letters_given_up=Letter.objects.given_up().values("pk")[:COUNT_LIMIT].count(),
        mail_waiting=InboundMail.objects.to_decide().values("pk")[:COUNT_LIMIT].count(),
        last_sealed_on=Anchor.objects.order_by("-day").values_list("day", flat=True).first(),
        horizon=horizon,
        is_horizon_near=horizon is not None and horizon - today <= HORIZON_WARNING,
    )


def _codes_failed(now: datetime) -> int:
    """Count the codes by text that did not go within a day. Customers rang, or gave up."""
    failed = Dispatch.objects.filter(
        kind=DispatchKind.CODE.value,
        state=DispatchState.FAILED.value,
        settled_at__gt=now - LATELY,
    )
    return failed.values("pk")[:COUNT_LIMIT].count()


def file_checks() -> FileChecks:
    """Return how the virus scanner gets on, in two queries."""
    held = StoredFile.objects.held().aggregate(
        count=Count("pk"), oldest=Min("stored_at"), troubled=Count("pk", filter=~Q(scan_words=""))
    )
    sealed = StoredFile.objects.filter(scan=Scan.INFECTED.value).values("pk")[:COUNT_LIMIT]
    return FileChecks(held["count"], held["oldest"], held["troubled"], sealed.count())


def _calendar() -> tuple[date | None, datetime | None]:
    """Return until when bank holidays are known, and when the landlord was set up."""
    editions = CalendarEdition.objects
    first = Subquery(editions.order_by("pk").values("published_at")[:1])
    newest = editions.order_by("-pk").values_list("horizon", first).first()
    return newest or (None, None)


def _jobs(stored: dict[str, Job], *, began_at: datetime | None, now: datetime) -> list[JobLine]:
    """Return a line for every job of the schedule, and for any other that ever ran.

    A job that has not run yet is not late until its time has come since the landlord was set up.
    """
    schedule = {
        name: cast(timedelta, entry["schedule"])
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    }
    lines = []
    for name in [*schedule, *sorted(stored.keys() - schedule.keys())]:
        job, every = stored.get(name, Job(name=name)), schedule.get(name)
        since = job.last_success_at or began_at
        is_late = every is not None and (
            since is None or now - since > every * INTERVALS + LENIENCY
        )
        lines.append(
            JobLine(
                name=name,
                every=every,
                started_at=job.last_started_at,
                ended_at=job.last_ended_at,
                success_at=job.last_success_at,
                result=job.last_result,
                error=job.last_error,
                failures=job.failures_in_a_row,
                is_late=is_late,
            )
        )
    return lines


def _last_error() -> str:
    """Return why a message that waits was last not taken, or nothing."""
    waiting = OutboundMessage.objects.filter(state=Delivery.QUEUED).exclude(last_error="")
    errors = waiting.order_by("next_try_at", "pk").values_list("last_error", flat=True)
    return errors.first() or ""


def heard_from_beat(*, now: datetime) -> timedelta | None:
    """Return how long ago the background work last showed that it lives, None for never."""
    last = Job.objects.filter(name=HEARTBEAT).values_list("last_success_at", flat=True).first()
    return now - last if last else None
