"""The weekly reports to line managers: who gets one, of what, once, and what is kept."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    Absence,
    AccessEntry,
    CalendarEdition,
    Complaint,
    Exclusion,
    JobSlot,
    Landlord,
    Level,
    OutboundMessage,
    RoleGrant,
)
from cases.models.procedures import edition
from cases.operations.correct import annul, retract
from cases.rules.roles import Role
from cases.selectors.rows import listed
from cases.tests.factories import CustomerFactory, ServiceAreaFactory, UserFactory
from cases.tests.fixtures import at
from reporting.models import ReportLine, WeeklyReport
from reporting.operations.weekly import make_weekly_reports, resend_report
from reporting.selectors.weekly import JOB

# Monday 15 June 2026, 07:00 in London, and the week before it.
MONDAY_SEVEN = datetime(2026, 6, 15, 6, tzinfo=UTC)
WEEK = date(2026, 6, 8)
IN_THE_WEEK = date(2026, 6, 10)
BEFORE = date(2026, 5, 20)

pytestmark = pytest.mark.django_db


def report_to(person, area=None) -> WeeklyReport:
    reports = WeeklyReport.objects.filter(recipient=person)
    return reports.get(area=area) if area else reports.get()


def references(report: WeeklyReport) -> set[str]:
    return set(report.lines.values_list("reference", flat=True))


@pytest.mark.rule("HH-28")
def test_each_line_manager_is_told_of_new_unresolved_and_late_complaints(house):
    new = house.lodge(on=IN_THE_WEEK)
    late = house.lodge(on=BEFORE)

    made = make_weekly_reports(now=MONDAY_SEVEN)

    report = report_to(house[Role.LINE_MANAGER])
    assert made == 1
    assert (report.area, report.week, report.last_day) == (house.team, WEEK, date(2026, 6, 14))
    assert (report.new, report.unresolved, report.ongoing, report.beyond_target) == (1, 2, 0, 1)
    lines = report.lines.order_by("position")
    assert list(lines.values_list("reference", "days", "is_new")) == [
        (late.reference, 17, False),
        (new.reference, 3, True),
    ]
    assert report.message.to_user == house[Role.LINE_MANAGER]
    assert report.message.body == report.body
    assert f"/complaints/{late.reference}/" in report.body
    assert report.get_absolute_url() in report.body


def test_an_open_complaint_of_another_area_is_not_told(house):
    elsewhere = house.lodge(area_id=house.other_team.pk)

    make_weekly_reports(now=MONDAY_SEVEN)

    assert elsewhere.reference not in references(report_to(house[Role.LINE_MANAGER]))


def test_the_message_holds_nothing_about_the_customer_or_their_words(house):
    customer = CustomerFactory(name="Zebedee Quill", address="77 Canary Row")
    house.lodge(on=IN_THE_WEEK, customer=customer, summary="The canary is unwell.")

    make_weekly_reports(now=MONDAY_SEVEN)

    for message in OutboundMessage.objects.all():
        told = f"{message.subject} {message.body}".lower()
        assert "quill" not in told
        assert "canary" not in told


def test_nothing_is_made_before_monday_seven(house):
    house.lodge(on=IN_THE_WEEK)
    make_weekly_reports(now=datetime(2026, 6, 8, 6, tzinfo=UTC))
    WeeklyReport.objects.all().delete()

    made = make_weekly_reports(now=datetime(2026, 6, 15, 5, 59, tzinfo=UTC))

    assert made == 0


def test_nothing_is_made_twice(house):
    house.lodge(on=IN_THE_WEEK)

    made = [make_weekly_reports(now=MONDAY_SEVEN) for _ in range(2)]

    assert made == [1, 0]
    assert OutboundMessage.objects.filter(kind="weekly_report").count() == 1


def test_a_run_that_was_cut_short_is_finished_by_the_next(house):
    manager = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])
    make_weekly_reports(now=MONDAY_SEVEN)
    JobSlot.objects.all().delete()
    report_to(manager).delete()

    made = make_weekly_reports(now=MONDAY_SEVEN)

    assert made == 1
    assert WeeklyReport.objects.count() == 2


@contextmanager
def failing(area, error):
    """Let the reports of an area fail to be written."""

    def fail(instance, **_):
        if instance.area_id == area.pk:
            raise error

    pre_save.connect(fail, sender=WeeklyReport)
    try:
        yield
    finally:
        pre_save.disconnect(fail, sender=WeeklyReport)


@pytest.mark.parametrize("failed", ["team", "other_team"])
def test_a_report_that_fails_stops_no_other_and_is_made_by_the_next_run(house, failed):
    UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])
    with failing(getattr(house, failed), RuntimeError), pytest.raises(RuntimeError):
        make_weekly_reports(now=MONDAY_SEVEN)
    made = WeeklyReport.objects.count()

    later = [make_weekly_reports(now=MONDAY_SEVEN) for _ in range(2)]

    assert (made, later) == (1, [1, 0])


def test_whoever_got_a_report_is_not_told_of_its_days_again_as_another_failed(house):
    other = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])
    for day in (1, 8):
        now = datetime(2026, 6, day, 6, tzinfo=UTC)
        with failing(house.other_team, RuntimeError), pytest.raises(RuntimeError):
            make_weekly_reports(now=now)
    JobSlot.objects.create(job=JOB, slot="2026-05-18", done_at=now)

    make_weekly_reports(now=MONDAY_SEVEN)

    mine = WeeklyReport.objects.filter(recipient=house[Role.LINE_MANAGER]).order_by("week")
    assert [each.first_day for each in mine] == [date(2026, 5, 25), date(2026, 6, 1), WEEK]
    assert report_to(other).first_day == date(2026, 5, 25)


def test_what_cannot_be_written_is_not_taken_for_a_report_that_is_made(house):
    with failing(house.team, IntegrityError("Out of range.")), pytest.raises(IntegrityError):
        make_weekly_reports(now=MONDAY_SEVEN)

    assert not JobSlot.objects.exists()
    assert make_weekly_reports(now=MONDAY_SEVEN) == 1


def test_nothing_is_made_before_the_landlord_is_set_up(house):
    Landlord.objects.all().delete()

    assert make_weekly_reports(now=MONDAY_SEVEN) == 0
    assert not JobSlot.objects.exists()


def test_after_an_outage_one_report_tells_of_all_that_came_in(house):
    make_weekly_reports(now=datetime(2026, 6, 1, 6, tzinfo=UTC))
    missed = house.lodge(on=date(2026, 6, 3))
    thursday = datetime(2026, 6, 18, 13, tzinfo=UTC)

    made = make_weekly_reports(now=thursday)

    report = report_to_week(house, WEEK)
    assert made == 1
    assert (report.first_day, report.last_day) == (date(2026, 6, 1), date(2026, 6, 14))
    assert list(report.lines.values_list("reference", "is_new")) == [(missed.reference, True)]


def report_to_week(house, week: date) -> WeeklyReport:
    return WeeklyReport.objects.get(recipient=house[Role.LINE_MANAGER], week=week)


def test_a_complaint_that_came_in_and_was_closed_in_the_week_is_told_as_new(house):
    closed = house.lodge(on=IN_THE_WEEK)
    Complaint.objects.filter(pk=closed.pk).update(
        is_open=False, status="closed", closed_on=IN_THE_WEEK, closed_as="withdrawn"
    )

    make_weekly_reports(now=MONDAY_SEVEN)

    report = report_to(house[Role.LINE_MANAGER])
    assert (report.new, report.unresolved, report.ongoing) == (1, 0, 0)


WEEKLY = {
    "figures": lambda report: report.new,
    "lines": lambda report: report.lines.count(),
    "message": lambda report: report.message.body.count("/complaints/"),
}


@pytest.mark.parametrize("end", ["annulled", "merged"])
@pytest.mark.parametrize("part", list(WEEKLY))
def test_what_was_none_of_its_own_is_in_no_part_of_a_report(house, part, end):
    twin, counts = house.lodge(on=IN_THE_WEEK), house.lodge(on=IN_THE_WEEK)
    Complaint.objects.filter(pk__in=[twin.pk, counts.pk]).update(
        is_open=False, status="closed", closed_on=IN_THE_WEEK, closed_as="withdrawn"
    )
    Complaint.objects.filter(pk=twin.pk).update(closed_as=end)

    make_weekly_reports(now=MONDAY_SEVEN)

    assert WEEKLY[part](report_to(house[Role.LINE_MANAGER])) == 1


def test_what_was_annulled_is_told_again_once_that_is_struck_out(house):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    complaint = house.lodge(on=IN_THE_WEEK)
    whose = {"complaint_id": complaint.pk, "by": coordinator, "now": at(IN_THE_WEEK, 11)}
    ended = annul(**whose, seen=complaint.version, reason="A test.")
    number = ended.events.get(kind="annulled").number
    retract(**whose, seen=ended.version, number=number, reason="It was none.")

    make_weekly_reports(now=MONDAY_SEVEN)

    report = report_to(house[Role.LINE_MANAGER])
    assert (report.new, report.unresolved) == (1, 1)
    assert references(report) == {complaint.reference}


def test_a_manager_of_two_areas_gets_a_report_of_each(house):
    manager = house[Role.LINE_MANAGER]
    RoleGrant.objects.create(user=manager, role=Role.LINE_MANAGER.value, area=house.other_team)
    here, there = house.lodge(), house.lodge(area_id=house.other_team.pk)

    make_weekly_reports(now=MONDAY_SEVEN)

    assert references(report_to(manager, house.team)) == {here.reference}
    assert references(report_to(manager, house.other_team)) == {there.reference}


def test_a_manager_of_an_area_and_of_one_inside_it_is_told_once(house):
    manager = house[Role.LINE_MANAGER]
    RoleGrant.objects.create(user=manager, role=Role.LINE_MANAGER.value, area=house.service)
    complaint = house.lodge()

    make_weekly_reports(now=MONDAY_SEVEN)

    report = report_to(manager)
    assert report.area == house.service
    assert references(report) == {complaint.reference}


def test_two_managers_of_one_area_are_both_told(house):
    second = UserFactory(roles=[(Role.LINE_MANAGER, house.team)])
    complaint = house.lodge()

    make_weekly_reports(now=MONDAY_SEVEN)

    assert references(report_to(second)) == {complaint.reference}
    assert references(report_to(house[Role.LINE_MANAGER])) == {complaint.reference}


def away(person, deputy) -> None:
    Absence.objects.create(
        user=person, deputy=deputy, first_day=date(2026, 6, 12), last_day=date(2026, 6, 19)
    )


def test_a_deputy_is_told_while_the_manager_is_away(house):
    deputy = UserFactory(roles=[(Role.LINE_MANAGER, house.service)])
    RoleGrant.objects.filter(user=deputy).update(role=Role.HEAD_OF_SERVICE.value)
    away(house[Role.LINE_MANAGER], deputy)
    complaint = house.lodge()

    make_weekly_reports(now=MONDAY_SEVEN)

    report = report_to(deputy)
    assert report.instead_of == house[Role.LINE_MANAGER]
    assert references(report) == {complaint.reference}
    assert "stand in for line manager" in report.body
    assert not WeeklyReport.objects.filter(recipient=house[Role.LINE_MANAGER]).exists()


def test_a_deputy_needs_no_role_of_their_own_to_be_told(house):
    deputy = UserFactory()
    away(house[Role.LINE_MANAGER], deputy)
    complaint = house.lodge()

    make_weekly_reports(now=MONDAY_SEVEN)

    assert references(report_to(deputy)) == {complaint.reference}
    assert report_to(deputy).instead_of == house[Role.LINE_MANAGER]


def test_a_deputy_who_has_left_is_passed_over_for_the_head_of_service(house):
    away(house[Role.LINE_MANAGER], UserFactory(is_active=False))
    complaint = house.lodge()

    make_weekly_reports(now=MONDAY_SEVEN)

    report = WeeklyReport.objects.get()
    assert report.recipient == house[Role.HEAD_OF_SERVICE]
    assert report.is_unmanaged
    assert references(report) == {complaint.reference}


def test_an_area_without_manager_goes_to_the_head_of_service(house):
    RoleGrant.objects.filter(role=Role.LINE_MANAGER.value).delete()
    complaint = house.lodge()

    make_weekly_reports(now=MONDAY_SEVEN)

    report = WeeklyReport.objects.get()
    assert (report.recipient, report.area) == (house[Role.HEAD_OF_SERVICE], house.service)
    assert references(report) == {complaint.reference}
    assert "no line manager of the area can be reached" in report.body


def test_what_has_no_service_area_yet_goes_to_the_coordinators(house):
    complaint = house.lodge(area_id=None)

    make_weekly_reports(now=MONDAY_SEVEN)

    report = report_to(house[Role.COMPLAINTS_COORDINATOR])
    assert (report.area, report.area_name) == (None, "No service area yet")
    assert references(report) == {complaint.reference}
    assert "Complaints without a service area, " in report.body
    assert not ReportLine.objects.exclude(report=report).exists()


def test_without_such_complaints_the_coordinators_are_told_nothing(house):
    house.lodge()

    make_weekly_reports(now=MONDAY_SEVEN)

    assert not WeeklyReport.objects.filter(area=None).exists()


def test_the_report_of_no_area_is_made_once(house):
    house.lodge(area_id=None)
    make_weekly_reports(now=MONDAY_SEVEN)
    report = WeeklyReport.objects.get(area=None)
    JobSlot.objects.all().delete()

    assert make_weekly_reports(now=MONDAY_SEVEN) == 0
    report.pk = report.message = None
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save(force_insert=True)


def test_an_area_without_manager_and_head_of_service_goes_to_the_coordinators(house):
    complaint = house.lodge(area_id=house.other_team.pk)

    make_weekly_reports(now=MONDAY_SEVEN)

    report = report_to(house[Role.COMPLAINTS_COORDINATOR])
    assert report.area == house.other_team
    assert references(report) == {complaint.reference}


def test_a_manager_who_has_left_is_not_written_to(house):
    manager = house[Role.LINE_MANAGER]
    manager.is_active = False
    manager.save(update_fields=["is_active"])
    house.lodge()

    make_weekly_reports(now=MONDAY_SEVEN)

    assert not WeeklyReport.objects.filter(recipient=manager).exists()


def test_an_area_without_people_and_without_complaints_is_nothing_to_write_about(house):
    ServiceAreaFactory()

    make_weekly_reports(now=MONDAY_SEVEN)

    assert set(WeeklyReport.objects.values_list("recipient", flat=True)) == {
        house[Role.LINE_MANAGER].pk
    }


@pytest.mark.promise("P4")
def test_a_restricted_complaint_is_told_only_to_those_on_its_list(house):
    second = UserFactory(roles=[(Role.LINE_MANAGER, house.team)])
    hidden = house.lodge(level=Level.RESTRICTED)
    AccessEntry.objects.create(complaint=hidden, user=second)

    make_weekly_reports(now=MONDAY_SEVEN)

    assert references(report_to(second)) == {hidden.reference}
    ours = report_to(house[Role.LINE_MANAGER])
    assert references(ours) == set()
    assert ours.unresolved == 0
    assert hidden.reference not in ours.body


@pytest.mark.promise("P4")
def test_a_complaint_about_the_manager_is_not_told_to_them(house):
    about_them = house.lodge()
    Exclusion.objects.create(complaint=about_them, user=house[Role.LINE_MANAGER], reason="subject")

    make_weekly_reports(now=MONDAY_SEVEN)

    assert references(report_to(house[Role.LINE_MANAGER])) == set()


def test_an_untriaged_complaint_is_for_coordinators_alone(house):
    house.lodge(triaged=False)

    make_weekly_reports(now=MONDAY_SEVEN)

    assert references(report_to(house[Role.LINE_MANAGER])) == set()


def test_a_report_says_what_comes_next_and_how_it_stands_as_the_list_says_it(house):
    house.lodge(on=BEFORE)
    house.lodge(on=BEFORE, officer_id=None)
    make_weekly_reports(now=MONDAY_SEVEN)
    visible = Complaint.objects.visible_to(house[Role.LINE_MANAGER])
    rows = listed(
        visible.with_readable(house[Role.LINE_MANAGER]),
        today=MONDAY_SEVEN.date(),
        calendar=edition(CalendarEdition.objects.latest("pk").pk),
    )

    told = {
        line.reference: (line.stage, line.status, line.next_due, f"Overdue by {line.late}")
        for line in ReportLine.objects.all()
    }
    assert told == {
        row.reference: (row.stage, row.status, row.next_step, row.due.words.split(" working")[0])
        for row in rows
    }


def test_a_report_stays_as_it_was_sent(house):
    complaint = house.lodge(on=BEFORE)
    make_weekly_reports(now=MONDAY_SEVEN)
    Complaint.objects.filter(pk=complaint.pk).update(
        responsible_officer=None, next_due_on=date(2027, 1, 4)
    )

    line = ReportLine.objects.get()
    assert line.officer == Role.RESPONSIBLE_OFFICER.words
    assert line.late > 0


def test_a_report_for_the_same_week_person_and_area_is_refused_by_the_database(house):
    make_weekly_reports(now=MONDAY_SEVEN)
    report = WeeklyReport.objects.get()
    report.pk = None
    report.message = None

    with pytest.raises(IntegrityError), transaction.atomic():
        report.save(force_insert=True)


def test_the_queries_for_the_reports_do_not_grow_with_the_complaints(house):
    house.lodge()
    with CaptureQueriesContext(connection) as few:
        make_weekly_reports(now=MONDAY_SEVEN)
    for _ in range(30):
        house.lodge()

    with CaptureQueriesContext(connection) as many:
        make_weekly_reports(now=datetime(2026, 6, 22, 6, tzinfo=UTC))

    assert len(many) <= len(few)


def test_a_report_is_sent_again(house):
    house.lodge()
    make_weekly_reports(now=MONDAY_SEVEN)
    report = WeeklyReport.objects.get()
    OutboundMessage.objects.update(state="sent", sent_at=MONDAY_SEVEN)

    again = resend_report(
        report_id=report.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=at(date(2026, 6, 16))
    )

    assert again.times_sent == 2
    assert again.message.body == report.body
    assert again.message.to_user == house[Role.LINE_MANAGER]
    assert OutboundMessage.objects.filter(kind="weekly_report").count() == 2


def test_a_report_that_waits_to_be_sent_is_not_sent_again(house):
    make_weekly_reports(now=MONDAY_SEVEN)
    report = WeeklyReport.objects.get()

    with pytest.raises(ActionNotAllowed, match="waiting to be sent"):
        resend_report(report_id=report.pk, by=report.recipient, now=MONDAY_SEVEN)


def test_a_report_is_not_sent_again_to_somebody_who_has_left(house):
    make_weekly_reports(now=MONDAY_SEVEN)
    OutboundMessage.objects.update(state="sent", sent_at=MONDAY_SEVEN)
    report = WeeklyReport.objects.get()
    report.recipient.is_active = False
    report.recipient.save(update_fields=["is_active"])

    with pytest.raises(ActionNotAllowed, match="can no longer sign in"):
        resend_report(report_id=report.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=MONDAY_SEVEN)


def test_somebody_elses_report_is_not_theirs_to_send_again(house):
    make_weekly_reports(now=MONDAY_SEVEN)
    report = WeeklyReport.objects.get()

    with pytest.raises(NotEntitled):
        resend_report(report_id=report.pk, by=house[Role.DIRECTOR], now=MONDAY_SEVEN)


def test_a_report_sent_again_leaves_out_what_is_closed_to_its_reader_by_now(house):
    shut, kept = house.lodge(), house.lodge()
    make_weekly_reports(now=MONDAY_SEVEN)
    OutboundMessage.objects.update(state="sent", sent_at=MONDAY_SEVEN)
    report = WeeklyReport.objects.get()
    Exclusion.objects.create(complaint=shut, user=report.recipient, reason="conflict")

    again = resend_report(report_id=report.pk, by=report.recipient, now=MONDAY_SEVEN)

    assert shut.reference not in again.message.body
    assert kept.reference in again.message.body
    assert "Unresolved: 1" in again.message.body
    assert shut.reference in again.body


@pytest.mark.servers
def test_two_runs_at_once_make_each_report_once(install):
    here = install()
    here.hand().call("reporting.tests.inside:hire_managers", count=20)
    hands = [here.hand() for _ in range(2)]

    for hand in hands:
        hand.begin("reporting.tests.inside:make_reports", now=MONDAY_SEVEN.isoformat())
    made = [hand.answer() for hand in hands]

    assert sum(made) == 20
    assert here.rows("SELECT count(*) FROM reporting_weeklyreport") == [(20,)]
    assert here.rows("SELECT count(*) FROM cases_outboundmessage") == [(20,)]
