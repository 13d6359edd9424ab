"""The page of the Member Responsible for Complaints: a year by hand, and who reads what."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Exclusion, RecordedEvent
from cases.operations.correct import correct_date, retract
from cases.operations.ombudsman import determine
from cases.operations.promises import Promised
from cases.rules.events import EventKind, Finding, Outcome
from cases.rules.promises import PromiseKind
from cases.rules.roles import Role
from cases.tests.factories import CategoryFactory
from cases.tests.fixtures import at
from feedback.operations.lessons import publish_lesson, write_lesson
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.year_of_complaints import year_of_complaints
from reporting.tests.measured_year import acknowledged, answered, happened, lodged

TODAY = date(2026, 6, 17)
YEAR = ReportingYear(2025)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(TODAY), tick=False):
        yield


def show(person, year: ReportingYear = YEAR):
    client = Client()
    client.force_login(person)
    return client.get(reverse("reporting:year", args=[year]))


def decided_by_ombudsman(house, finding: Finding):
    """Return a complaint on which the Ombudsman decided in May 2025, with an order for June."""
    complaint = answered(
        acknowledged(house, on=date(2025, 4, 1), told=date(2025, 4, 2)), date(2025, 4, 9)
    )
    happened(complaint, EventKind.REFERRED_TO_OMBUDSMAN, date(2025, 4, 10))
    determine(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2025, 5, 12)),
        seen=complaint.version,
        on=date(2025, 5, 12),
        finding=finding.value,
        amount="",
        words="",
        orders=[Promised("Apologise in writing", date(2025, 6, 9))],
    )
    return complaint


def put_right(house, complaint, kind: EventKind, on: date | None = None) -> None:
    """Correct the day of the entry of a kind, or strike the entry out."""
    complaint.refresh_from_db()
    given = {
        "complaint_id": complaint.pk,
        "by": house[Role.COMPLAINTS_COORDINATOR],
        "now": at(TODAY),
        "seen": complaint.version,
        "number": RecordedEvent.objects.get(complaint=complaint, kind=kind.value).number,
        "reason": "It was written down wrongly.",
    }
    if on:
        correct_date(**given, on=on)
    else:
        retract(**given)
    complaint.refresh_from_db()


def test_a_year_is_counted_against_the_year_before_and_without_what_does_not_count(house):
    damp = CategoryFactory(name="Damp")
    answered(acknowledged(house), date(2025, 6, 12))
    lodged(house, category_id=damp.pk)
    lodged(house, date(2025, 3, 31), category_id=damp.pk)
    happened(lodged(house), EventKind.ANNULLED, date(2025, 6, 4))
    happened(lodged(house), EventKind.REFUSED, date(2025, 6, 4), ground="over_12_months")

    found = year_of_complaints(YEAR, today=TODAY, reader=None)

    assert (found.received, found.received_before) == (3, 1)
    assert found.outcomes[Outcome.UPHELD] == 1
    assert [(each.name, each.received, each.before) for each in found.themes] == [
        ("No category", 2, 0),
        ("Damp", 1, 1),
    ]
    assert found.refused == {"It happened more than 12 months ago": 1}


def test_the_ombudsmans_findings_and_what_became_of_severe_ones_are_told(house):
    decided_by_ombudsman(house, Finding.SEVERE_MALADMINISTRATION)

    found = year_of_complaints(YEAR, today=TODAY, reader=None)

    assert (found.to_ombudsman, found.findings) == (1, {Finding.SEVERE_MALADMINISTRATION: 1})
    [asked] = found.asked
    assert (asked.kind, asked.made, asked.done, asked.overdue, asked.severe) == (
        PromiseKind.ORDER,
        1,
        0,
        1,
        1,
    )


def test_decisions_and_orders_count_in_the_year_of_their_corrected_day(house):
    complaint = decided_by_ombudsman(house, Finding.MALADMINISTRATION)
    put_right(house, complaint, EventKind.DETERMINED, on=date(2025, 5, 10))
    put_right(house, complaint, EventKind.PROMISED, on=date(2026, 4, 7))

    this, after = (
        year_of_complaints(each, today=TODAY, reader=None) for each in (YEAR, ReportingYear(2026))
    )

    assert (this.findings, this.asked) == ({Finding.MALADMINISTRATION: 1}, [])
    assert after.findings == {}
    assert [each.made for each in after.asked] == [1]


def test_a_decision_that_was_struck_out_counts_no_more_and_its_orders_are_not_severe(house):
    complaint = decided_by_ombudsman(house, Finding.SEVERE_MALADMINISTRATION)
    put_right(house, complaint, EventKind.DETERMINED)
    happened(
        complaint,
        EventKind.DETERMINED,
        date(2025, 5, 12),
        finding=Finding.NO_MALADMINISTRATION.value,
        amount="",
    )

    found = year_of_complaints(YEAR, today=TODAY, reader=None)

    assert found.findings == {Finding.NO_MALADMINISTRATION: 1}
    assert [(each.made, each.severe) for each in found.asked] == [(1, 0)]


# Code 5.6
def test_points_are_counted_beside_the_complaints_answered_in_a_year(house):
    whole = answered(acknowledged(house), date(2025, 6, 12))
    in_points = answered(acknowledged(house), date(2025, 6, 12))
    before = answered(acknowledged(house, on=date(2025, 3, 3), told=date(2025, 3, 4)),
        date(2025, 3, 14),
    )  # fmt: skip
    for complaint in (in_points, before):
        for number, finding in enumerate(("upheld", "not_upheld", ""), start=1):
            complaint.points.create(
                number=number, place=number, defined_by=1, finding=finding,
                found_by=3 if finding else None,
            )  # fmt: skip

    found = year_of_complaints(YEAR, today=TODAY, reader=None)

    assert whole.points.count() == 0
    assert found.outcomes[Outcome.UPHELD] == 2
    assert found.points == {
        Outcome.UPHELD: 2, Outcome.PARTLY_UPHELD: 0, Outcome.NOT_UPHELD: 1, Outcome.NOT_OURS: 0,
    }  # fmt: skip


def test_a_few_complaints_are_not_given_away_by_their_points(house):
    for _ in range(3):
        answered(acknowledged(house), date(2025, 6, 12))
    in_points = answered(acknowledged(house), date(2025, 6, 12))
    for number in range(1, 9):
        in_points.points.create(
            number=number, place=number, defined_by=1, finding="upheld", found_by=3
        )

    told = show(house[Role.DIRECTOR]).context

    assert told["found"].points[Outcome.UPHELD] == 11
    assert told["outcomes"][0] == ["Upheld", "Not shown", "Not shown"]


def test_a_refused_request_for_stage_2_is_told_with_its_ground(house):
    complaint = answered(acknowledged(house), date(2025, 6, 12))
    happened(
        complaint, EventKind.ESCALATION_REQUESTED, date(2025, 6, 20), stage="stage-2", in_time=False
    )
    happened(complaint, EventKind.ESCALATION_REFUSED, date(2025, 6, 23), ground="legal_proceedings")

    found = year_of_complaints(YEAR, today=TODAY, reader=None)

    assert list(found.refused_requests.values()) == [1]
    assert "Legal proceedings" in next(iter(found.refused_requests))


def test_the_member_responsible_reads_the_year_and_what_changed_and_few_only_as_few(house):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    for _ in range(4):
        lodged(house)
    lesson = write_lesson(
        you_said="The lift is always broken.",
        we_did="We changed the contractor.",
        by=coordinator,
        now=at(date(2025, 9, 1)),
    )
    publish_lesson(lesson_id=lesson.pk, by=coordinator, now=at(date(2025, 9, 2)))

    page = show(house[Role.MEMBER_RESPONSIBLE]).content.decode()

    assert "We changed the contractor." in page
    assert "Not shown" in page


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.MEMBER_RESPONSIBLE])
def test_nobody_reads_that_a_category_has_the_one_complaint_that_is_closed_to_them(house, role):
    conduct, damp = CategoryFactory(name="Conduct of staff"), CategoryFactory(name="Damp")
    about_them = lodged(house, category_id=conduct.pk)
    Exclusion.objects.create(complaint=about_them, user=house[role], reason="conflict")
    for _ in range(6):
        lodged(house, category_id=damp.pk)

    theirs, other = show(house[role]), show(house[Role.COMPLAINTS_COORDINATOR])

    # As it is where there is none, which is what all of their pages tell.
    assert [(row[0].text, row[1]) for row in theirs.context["themes"]] == [("Damp", "6")]
    assert theirs.context["found"].received == 6
    # Whoever knows of all seven is not shown the six, which would give the one away.
    assert [row[1] for row in other.context["themes"]] == ["Not shown", "Not shown"]


def test_small_numbers_of_the_ombudsman_are_not_shown_nor_what_gives_them_away(house):
    decided_by_ombudsman(house, Finding.SEVERE_MALADMINISTRATION)

    told = show(house[Role.DIRECTOR]).context

    assert told["to_ombudsman"] == "Fewer than 5"
    assert [row[1:] for row in told["findings"]] == [["Not shown"]]
    assert [row[1:] for row in told["asked"]] == [["Not shown", "0", "Not shown", "Not shown"]]


def test_a_year_that_is_not_measured_has_no_page(house):
    assert show(house[Role.DIRECTOR], ReportingYear(2023)).status_code == 404
    assert show(house[Role.DIRECTOR], ReportingYear(2027)).status_code == 404


def test_the_queries_of_a_year_do_not_grow_with_its_complaints(house):
    decided_by_ombudsman(house, Finding.MALADMINISTRATION)
    with CaptureQueriesContext(connection) as for_one:
        year_of_complaints(YEAR, today=TODAY, reader=None)
    decided_by_ombudsman(house, Finding.SERVICE_FAILURE)
    lodged(house)
    with CaptureQueriesContext(connection) as for_many:
        year_of_complaints(YEAR, today=TODAY, reader=None)

    assert len(for_many) == len(for_one) == 9
