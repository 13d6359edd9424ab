"""The pages of the weekly reports: whose they are, what they show, sending one again."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import AccessEntry, Exclusion, Level, OutboundMessage, RoleGrant
from cases.rules.roles import Role
from cases.tests.factories import CategoryFactory, UserFactory
from reporting.models import WeeklyReport
from reporting.operations.weekly import make_weekly_reports
from reporting.selectors.weekly import matters_of

MONDAY_SEVEN = datetime(2026, 6, 15, 6, tzinfo=UTC)
BEFORE = date(2026, 5, 20)

pytestmark = pytest.mark.django_db


def browse(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sent() -> WeeklyReport:
    """Make the reports, as if they had been delivered, and return the line manager's."""
    make_weekly_reports(now=MONDAY_SEVEN)
    OutboundMessage.objects.update(state="sent", sent_at=MONDAY_SEVEN)
    return WeeklyReport.objects.get(is_unmanaged=False)


def again(report: WeeklyReport) -> str:
    return reverse("reporting:resend-report", args=report.keys)


@pytest.mark.rule("HH-28")
def test_the_archive_lists_the_reports_with_their_figures(house):
    house.lodge(on=BEFORE)
    report = sent()

    page = browse(house[Role.LINE_MANAGER]).get(reverse("reporting:reports"))

    assert report.get_absolute_url() in page.content.decode()
    [(listed, figures, words)] = page.context["rows"]
    assert (listed, figures.unresolved, figures.beyond_target, words) == (report, 1, 1, "Sent")


def test_every_number_of_a_report_opens_its_complaints(house):
    late, new = house.lodge(on=BEFORE), house.lodge(on=date(2026, 6, 12))
    report = sent()
    window = browse(house[Role.LINE_MANAGER])
    address = report.get_absolute_url()

    archive = window.get(reverse("reporting:reports")).content.decode()
    listed = {
        figure: [line.reference for line in window.get(f"{address}?shown={figure}").context["page"]]
        for figure in ("new", "unresolved", "ongoing", "beyond_target", "nonsense")
    }
    page = window.get(f"{address}?shown=beyond_target").content.decode()

    assert f'href="{address}?shown=beyond_target">1</a>' in archive
    assert "?shown=ongoing" not in archive + page
    assert listed["new"] == [new.reference]
    assert listed["beyond_target"] == [late.reference]
    assert listed["ongoing"] == []
    assert set(listed["unresolved"]) == set(listed["nonsense"]) == {late.reference, new.reference}
    assert "Only these are shown: <strong>overdue</strong>" in page
    assert f'href="{address}">Show all of the report</a>' in page


def test_an_empty_archive_says_when_the_first_report_comes(house):
    page = browse(house[Role.LINE_MANAGER]).get(reverse("reporting:reports"))

    assert "No weekly reports yet" in page.content.decode()


def test_the_archive_holds_nobody_elses_reports(house):
    sent()

    page = browse(house[Role.DIRECTOR]).get(reverse("reporting:reports"))

    assert page.context["rows"] == []


def test_a_coordinator_finds_all_reports_by_area(house):
    UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])
    make_weekly_reports(now=MONDAY_SEVEN)

    page = browse(house[Role.COMPLAINTS_COORDINATOR]).get(
        reverse("reporting:reports"), {"area": house.other_team.code}
    )

    assert [each.area for each, *_ in page.context["rows"]] == [house.other_team]


@pytest.mark.parametrize("role", [Role.FRONT_LINE, Role.RESPONSIBLE_OFFICER])
def test_the_archive_is_for_managers(house, role):
    page = browse(house[role]).get(reverse("reporting:reports"))

    assert page.status_code == 403


@pytest.mark.rule("HH-28")
def test_each_line_says_what_the_complaint_is_about_and_the_mail_its_category_alone(house):
    lifts = CategoryFactory(name="Lifts")
    house.lodge(on=BEFORE, category_id=lifts.pk, summary="It stands still.\nMrs Quill is stuck.")
    report = sent()

    words = browse(house[Role.LINE_MANAGER]).get(report.get_absolute_url()).content.decode()

    assert "<strong>Lifts</strong><br>It stands still." in words
    assert "Quill" not in words
    assert ": Lifts. Stage 1, received" in report.body
    assert "stands still" not in report.body


def test_of_a_complaint_that_a_reader_may_not_open_nothing_is_said(house):
    lifts = CategoryFactory(name="Lifts")
    complaint = house.lodge(on=BEFORE, category_id=lifts.pk, level=Level.SENSITIVE)
    lines = list(sent().lines.all())

    assert matters_of(house[Role.FRONT_LINE], lines) == {}
    assert matters_of(house[Role.LINE_MANAGER], lines) == {
        complaint.pk: ("Lifts", "The lift has been out of order since Friday.")
    }


@pytest.mark.rule("HH-28")
def test_a_report_is_shown_as_it_was_sent(house):
    complaint = house.lodge(on=BEFORE)
    report = sent()

    page = browse(house[Role.LINE_MANAGER]).get(report.get_absolute_url())

    words = page.content.decode()
    assert complaint.get_absolute_url() in words
    assert "Overdue by" in words
    assert "Mon 8 Jun to Sun 14 Jun 2026" in words


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/reports/weekly/2026-06-01/{area}/{code}/", id="another week"),
        pytest.param("/reports/weekly/2026-13-01/{area}/{code}/", id="no such day"),
        pytest.param("/reports/weekly/2026-06-08/elsewhere/{code}/", id="another area"),
        pytest.param("/reports/weekly/2026-06-08/{area}/0000000000/", id="another person"),
    ],
)
def test_there_is_no_other_report(house, address):
    report = sent()
    path = address.format(area=house.team.code, code=report.recipient.code)

    assert browse(house[Role.LINE_MANAGER]).get(path).status_code == 404


def test_somebody_elses_report_does_not_exist(house):
    report = sent()

    page = browse(house[Role.HEAD_OF_SERVICE]).get(report.get_absolute_url())

    assert page.status_code == 404


@pytest.mark.promise("P4")
def test_a_coordinator_finds_no_trace_of_what_is_restricted(house):
    hidden = house.lodge(level=Level.RESTRICTED)
    AccessEntry.objects.create(complaint=hidden, user=house[Role.LINE_MANAGER])
    report = sent()
    coordinator = browse(house[Role.COMPLAINTS_COORDINATOR])

    listed = coordinator.get(reverse("reporting:reports"))
    opened = coordinator.get(report.get_absolute_url())

    [(_, figures, _)] = listed.context["rows"]
    assert figures.unresolved == 0
    assert opened.context["figures"].unresolved == 0
    assert hidden.reference not in opened.content.decode()


@pytest.mark.promise("P4")
def test_a_report_that_only_a_restricted_complaint_made_necessary_leaves_no_trace(house):
    RoleGrant.objects.filter(role=Role.LINE_MANAGER.value).delete()
    hidden = house.lodge(level=Level.RESTRICTED)
    AccessEntry.objects.create(complaint=hidden, user=house[Role.HEAD_OF_SERVICE])
    make_weekly_reports(now=MONDAY_SEVEN)
    report = WeeklyReport.objects.get()
    coordinator = browse(house[Role.COMPLAINTS_COORDINATOR])

    listed = coordinator.get(reverse("reporting:reports"))

    assert report.recipient == house[Role.HEAD_OF_SERVICE]
    assert listed.context["rows"] == []
    assert coordinator.get(report.get_absolute_url()).status_code == 404


def test_a_complaint_from_which_the_reader_is_shut_out_since_is_left_out(house):
    shut = house.lodge()
    report = sent()
    Exclusion.objects.create(complaint=shut, user=report.recipient, reason="subject")

    page = browse(house[Role.LINE_MANAGER]).get(report.get_absolute_url())

    assert shut.reference not in page.content.decode()
    assert page.context["figures"].unresolved == 0


def test_a_report_is_sent_again_from_its_page(house):
    report = sent()

    page = browse(house[Role.LINE_MANAGER]).post(again(report), follow=True)

    assert page.redirect_chain == [(report.get_absolute_url(), 302)]
    assert "The report is on its way to line manager." in page.content.decode()
    assert OutboundMessage.objects.filter(state="queued").count() == 1


def test_a_report_on_its_way_is_not_sent_twice(house):
    report = sent()
    client = browse(house[Role.LINE_MANAGER])
    client.post(again(report))

    page = client.post(again(report), follow=True)

    assert "The report is waiting to be sent already." in page.content.decode()
    assert OutboundMessage.objects.filter(state="queued").count() == 1


def test_looking_sends_nothing(house):
    report = sent()

    assert browse(house[Role.LINE_MANAGER]).get(again(report)).status_code == 405


def test_the_queries_of_the_pages_do_not_grow(house):
    manager = browse(house[Role.LINE_MANAGER])
    house.lodge()
    report = sent()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            manager.get(reverse("reporting:reports"))
            manager.get(report.get_absolute_url())
        counts.append(len(queries))
        for week in range(3):
            house.lodge()
            make_weekly_reports(now=datetime(2026, 6, 22 + 7 * (week % 2), 6, tzinfo=UTC))
        report = WeeklyReport.objects.filter(is_unmanaged=False).latest("week")

    assert counts[0] == counts[1]
    assert counts[0] <= 2 * 12


def test_a_coordinator_opens_and_sends_again_what_has_no_service_area_yet(house):
    house.lodge(area_id=None, on=BEFORE)
    sent()
    report = WeeklyReport.objects.get(area=None)
    coordinator = browse(house[Role.COMPLAINTS_COORDINATOR])

    listed = coordinator.get(reverse("reporting:reports"), {"area": "_"})
    opened = coordinator.get(report.get_absolute_url())
    answer = coordinator.post(again(report))

    assert [each for each, *_ in listed.context["rows"]] == [report]
    assert "No service area yet" in opened.content.decode()
    assert answer.url == report.get_absolute_url()
    report.refresh_from_db()
    assert report.times_sent == 2
