"""Scheduled work: how it is recorded, what it does, and what operators see of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases import tasks
from cases.models import (
    AccessEntry,
    CalendarEdition,
    Complaint,
    Delivery,
    Job,
    JobSlot,
    OutboundMessage,
    RecordedEvent,
    User,
)
from cases.operations.absences import end_access, release_leavers_complaints
from cases.operations.jobs import once, run_job
from cases.rules.roles import Role
from cases.selectors.operations_page import heard_from_beat, operations_overview
from cases.tests.factories import MONDAY, MONDAY_MORNING, UserFactory
from cases.tests.fixtures import at


def test_a_job_that_succeeds_leaves_when_and_what(db):
    run_job("a job", MONDAY_MORNING, lambda: "3 things")

    job = Job.objects.get(name="a job")
    assert job.last_started_at == MONDAY_MORNING
    assert job.last_success_at == job.last_ended_at >= MONDAY_MORNING
    assert (job.last_result, job.last_error, job.failures_in_a_row) == ("3 things", "", 0)


def test_a_job_that_fails_is_recorded_without_its_words_and_fails_on(db):
    def fail():
        raise KeyError("kim@example.org")

    for _ in range(2):
        with pytest.raises(KeyError):
            run_job("a job", MONDAY_MORNING, fail)

    job = Job.objects.get(name="a job")
    assert job.last_success_at is None
    assert job.last_error.startswith("KeyError in test_jobs.py, line ")
    assert job.failures_in_a_row == 2


def test_after_a_success_the_failures_are_forgotten(db):
    Job.objects.create(name="a job", failures_in_a_row=4, last_error="KeyError")

    run_job("a job", MONDAY_MORNING, lambda: None)

    job = Job.objects.get(name="a job")
    assert (job.last_error, job.failures_in_a_row, job.last_result) == ("", 0, "")


def test_a_slot_is_given_once(db):
    assert once("report", "2026-W24", MONDAY_MORNING)
    assert not once("report", "2026-W24", MONDAY_MORNING)
    assert once("report", "2026-W25", MONDAY_MORNING)
    assert once("other", "2026-W24", MONDAY_MORNING)


def test_a_slot_is_free_again_when_its_work_fails(db):
    @transaction.atomic
    def report():
        once("report", "2026-W24", MONDAY_MORNING)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        report()

    assert not JobSlot.objects.exists()


def test_panel_members_lose_access_after_their_last_day(house):
    complaint = house.lodge()
    for person, ends_on in (
        (house[Role.PANEL_MEMBER], MONDAY),
        (house[Role.AUDITOR], date(2026, 6, 9)),
        (house[Role.DIRECTOR], None),
    ):
        AccessEntry.objects.create(complaint=complaint, user=person, ends_on=ends_on)

    assert end_access(today=date(2026, 6, 9)) == 1

    left = set(AccessEntry.objects.values_list("user", flat=True))
    assert left == {house[Role.AUDITOR].pk, house[Role.DIRECTOR].pk}


def test_a_leavers_open_complaints_go_back_and_the_line_manager_is_told_once(house):
    complaints = [house.lodge() for _ in range(3)]
    User.objects.filter(pk=house[Role.RESPONSIBLE_OFFICER].pk).update(is_active=False)

    assert release_leavers_complaints(now=at(MONDAY, 12)) == 3
    assert release_leavers_complaints(now=at(MONDAY, 13)) == 0

    assert not Complaint.objects.filter(responsible_officer__isnull=False).exists()
    last = RecordedEvent.objects.filter(complaint=complaints[0]).last()
    assert (last.kind, last.facts["officer"], last.actor) == ("assigned", None, None)
    [message] = OutboundMessage.objects.filter(kind="leaver")
    assert message.to_user == house[Role.LINE_MANAGER]
    assert not any(each.reference in message.body for each in complaints)


def test_every_job_of_the_schedule_has_its_task_and_runs_twice(house):
    schedule = settings.CELERY_BEAT_SCHEDULE
    ours = {name: e["task"] for name, e in schedule.items() if e["task"].startswith("cases.")}
    by_name = {task.name: task for task in vars(tasks).values() if hasattr(task, "apply_async")}
    assert set(ours.values()) == by_name.keys()

    for name in ours.values():
        by_name[name]()
        by_name[name]()

    ran = Job.objects.filter(last_success_at__isnull=False).values_list("name", flat=True)
    assert set(ran) == ours.keys()


def test_every_interval_is_one_that_no_clock_change_can_move():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert isinstance(entry["schedule"], timedelta)
    assert settings.CELERY_TIMEZONE == "UTC"


def test_the_delivery_task_sends_everything_that_waits(house, mailoutbox):
    for number in range(3):
        OutboundMessage.objects.create(
            key=str(number),
            kind="test",
            to_address="kim@example.org",
            subject="s",
            body="b",
            created_at=MONDAY_MORNING,
            next_try_at=MONDAY_MORNING,
        )

    tasks.deliver_messages()

    assert len(mailoutbox) == 3
    assert Job.objects.get(name="deliver messages").last_result == "3 sent"


def test_operators_see_jobs_queues_failures_and_what_nobody_got(house):
    complaint = house.lodge()
    run_job("heartbeat", MONDAY_MORNING, lambda: None)
    Job.objects.create(name="sweep deadlines", failures_in_a_row=2, last_error="KeyError")
    states = [(Delivery.QUEUED, 2), (Delivery.SENDING, 1), (Delivery.UNDELIVERABLE, 3)]
    for state, count in states:
        for number in range(count):
            OutboundMessage.objects.create(
                key=f"{state}{number}",
                kind="letter_response",
                complaint=complaint,
                to_address="kim@example.org",
                subject=complaint.reference,
                body="b",
                state=state,
                created_at=MONDAY_MORNING,
                next_try_at=MONDAY_MORNING,
                last_error="550 5.1.1" if state == Delivery.UNDELIVERABLE else "",
            )

    overview = operations_overview(now=MONDAY_MORNING + timedelta(seconds=100))

    assert not overview.is_beat_late
    assert overview.beat_age < timedelta(seconds=101)
    assert (overview.messages_waiting, overview.messages_sending) == (2, 1)
    assert overview.oldest_waiting_at == MONDAY_MORNING
    assert overview.messages_undeliverable == len(overview.undeliverable) == 3
    assert overview.undeliverable[0].error == "550 5.1.1"
    assert "kim" not in repr(overview)
    assert complaint.reference not in repr(overview)
    failing = {job.name for job in overview.failing}
    assert {"sweep deadlines", "deliver messages", "daily anchor"} <= failing
    assert "heartbeat" not in failing
    assert [job.name for job in overview.jobs] == list(settings.CELERY_BEAT_SCHEDULE)


def test_what_operators_see_costs_twelve_queries(house):
    with CaptureQueriesContext(connection) as queries:
        operations_overview(now=MONDAY_MORNING)

    assert len(queries) == 12


def test_reminders_that_were_not_sent_yet_are_counted(house):
    house.lodge()

    assert operations_overview(now=at(date(2026, 6, 10))).reminders_waiting == 0
    assert operations_overview(now=at(date(2026, 6, 11))).reminders_waiting == 1


@pytest.mark.parametrize(
    ("age", "is_late"),
    [(timedelta(seconds=119), False), (timedelta(seconds=122), True)],
    ids=["heard of", "silent"],
)
def test_a_beat_not_heard_of_for_two_minutes_is_late(db, age, is_late):
    assert operations_overview(now=MONDAY_MORNING).is_beat_late
    run_job("heartbeat", MONDAY_MORNING, lambda: None)

    assert operations_overview(now=MONDAY_MORNING + age).is_beat_late is is_late
    assert heard_from_beat(now=MONDAY_MORNING + age) > timedelta(seconds=118)


@pytest.mark.parametrize(
    ("today", "is_near"),
    [(date(2028, 7, 3), False), (date(2028, 7, 4), True)],
    ids=["181 days before", "180 days before"],
)
def test_administrators_are_warned_180_days_before_the_calendar_ends(house, today, is_near):
    overview = operations_overview(now=datetime(*today.timetuple()[:3], 12, tzinfo=UTC))

    assert overview.horizon is not None
    assert overview.is_horizon_near is is_near


def test_a_job_is_late_after_three_of_its_intervals(db):
    run_job("sweep deadlines", MONDAY_MORNING, lambda: None)

    def is_late(after):
        jobs = operations_overview(now=MONDAY_MORNING + after).jobs
        return next(job.is_late for job in jobs if job.name == "sweep deadlines")

    assert not is_late(timedelta(minutes=5))
    assert is_late(timedelta(minutes=6))


@pytest.mark.parametrize(
    ("after", "is_late"),
    [(timedelta(minutes=17), False), (timedelta(minutes=18), True)],
    ids=["soon after", "long after"],
)
def test_a_job_that_has_never_run_is_late_only_when_the_landlord_was_set_up_a_while_ago(
    house, after, is_late
):
    set_up_at = CalendarEdition.objects.earliest("pk").published_at

    jobs = operations_overview(now=set_up_at + after).jobs

    assert next(job.is_late for job in jobs if job.name == "weekly reports") is is_late


def test_somebody_new_is_not_taken_for_a_leaver(house):
    house.lodge(officer_id=UserFactory(roles=[Role.RESPONSIBLE_OFFICER]).pk)

    assert release_leavers_complaints(now=at(MONDAY, 12)) == 0
