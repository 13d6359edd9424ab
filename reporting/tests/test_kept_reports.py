"""Reports of months, quarters and years, against a year so small that it was counted by hand."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdf
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    Absence,
    AccessEntry,
    Category,
    Complaint,
    Exclusion,
    JobSlot,
    Level,
    OutboundMessage,
    RoleGrant,
)
from cases.operations.correct import annul
from cases.operations.escalate import pass_on
from cases.operations.lateness import saying_why
from cases.operations.points import Definition, Judgement, PointFinding
from cases.operations.stage_acts import Answer, contact, resolve
from cases.operations.telling import Telling
from cases.rules.events import Outcome
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.tests.answering import acknowledge, respond
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at, written_elsewhere
from feedback.models import EqualityCount, Lesson, SurveyAnswer, SurveyRound
from feedback.selectors.surveys import found_since
from reporting.models import KeptCase, KeptReport
from reporting.operations.kept import make_kept_reports
from reporting.operations.kept_sending import resend_kept_report
from reporting.selectors.kept import counted_for, worked_out_again
from reporting.tasks import performance_reports
from reporting.tests.lessons import (
    FIRST_OF_JULY,
    FIRST_OF_JUNE,
    browse,
    give_back,
    month_of,
    send,
    the,
)
from reporting.tests.test_small_numbers import repeated
from reporting.views.kept_files import report_paper

pytestmark = pytest.mark.django_db
COORDINATOR, HEAD = Role.COMPLAINTS_COORDINATOR, Role.HEAD_OF_SERVICE
COLLATOR = Role.EXECUTIVE_SUPPORT_MANAGER


def acknowledged(house, complaint, on, **more):
    whose = {"complaint_id": complaint.pk, "by": house[COORDINATOR], "now": at(on)}
    return acknowledge(**whose, seen=complaint.version, on=on, telling=Telling("post"), **more)


def answered(house, complaint, on, outcome):
    return respond(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=at(on),
        seen=complaint.version,
        on=on,
        answer=outcome if isinstance(outcome, Answer) else Answer(outcome),
        telling=written_elsewhere(complaint),
    )


SLOW = Lateness("The surveyor was away.", avoidable=True)


@pytest.fixture
def quarter(house):
    """Five complaints received in April to June 2026, and two that are not counted there.

    A: 7 April, acknowledged on the 8th, answered on the 15th (5 working days), closed on 1 June.
    B: 20 April, acknowledged on the 21st, answered on 12 May: 14 working days, due after 10.
    C: 1 May, acknowledged on the 5th, answered on the 18th (9 working days).
    D: 11 May, open and unacknowledged. E: 29 June, acknowledged on the 30th.
    """
    damp = Category.objects.create(code="damp", name="Damp")
    lifts = Category.objects.create(code="lifts", name="Lifts")

    def lodged(month, day, category, **more):
        return house.lodge(on=date(2026, month, day), category_id=category.pk, **more)

    a, b = lodged(4, 7, damp), lodged(4, 20, damp)
    c, d, e = lodged(5, 1, lifts), lodged(5, 11, damp, channel="email"), lodged(6, 29, lifts)
    a = acknowledged(house, a, date(2026, 4, 8))
    answered(house, a, date(2026, 4, 15), Outcome.UPHELD)
    b = acknowledged(house, b, date(2026, 4, 21))
    with saying_why(SLOW):
        answered(house, b, date(2026, 5, 12), Outcome.PARTLY_UPHELD)
    c = acknowledged(house, c, date(2026, 5, 5))
    answered(house, c, date(2026, 5, 18), Outcome.NOT_UPHELD)
    acknowledged(house, e, date(2026, 6, 30))
    Complaint.objects.filter(pk=a.pk).update(
        is_open=False, status="closed", closed_on=date(2026, 6, 1), closed_as="closed",
        next_due="", next_due_on=None,
    )  # fmt: skip
    mistake = lodged(5, 20, lifts)
    whose = {"complaint_id": mistake.pk, "by": house[COORDINATOR], "now": at(date(2026, 5, 21))}
    annul(**whose, seen=mistake.version, reason="A test.")
    lodged(7, 1, lifts)
    return {"A": a, "B": b, "C": c, "D": d, "E": e}


def table(counted, code: str) -> list[tuple[str, list[int], int | None]]:
    [found] = [each for each in counted.sheets if each.sheet.code == code]
    return [(row.label, [each.count for each in row.figures], row.share) for row in found.rows]


@pytest.mark.rule("HH-32")
def test_the_quarters_figures_are_those_counted_by_hand(house, quarter):
    make_kept_reports(now=FIRST_OF_JULY)

    found = counted_for(house[COLLATOR], the("quarterly"))

    assert found.numbers == {
        "received": 5, "acknowledged": 4, "answered": 3, "closed": 1, "open": 4,
    }  # fmt: skip
    assert table(found, "types") == [("Damp", [3], None), ("Lifts", [2], None), ("All", [5], None)]
    assert table(found, "channels") == [
        ("Telephone", [4], None), ("E-mail", [1], None), ("All", [5], None),
    ]  # fmt: skip
    assert table(found, "months") == [
        ("April 2026", [2, 1, 0], None),
        ("May 2026", [2, 2, 0], None),
        ("June 2026", [1, 0, 1], None),
        ("All", [5, 3, 1], None),
    ]
    assert table(found, "answered") == [("Stage 1", [2, 0, 1, 3], 67)]
    assert table(found, "acknowledged") == [("Stage 1", [4, 0, 0, 4], 100)]
    assert table(found, "outcomes") == [("Stage 1", [1, 1, 1, 0, 0, 3], None)]
    assert table(found, "points") == [("Stage 1", [1, 1, 1, 0, 0, 3], None)]
    assert table(found, "late") == [("Stage 1", [1, 0, 0, 1], None)]
    [taken] = found.taken
    assert (taken.average, taken.half_within, taken.longest) == ("9.3", 9, 14)


@pytest.mark.rule("KF-9")
def test_where_the_first_contact_is_the_acknowledgement_it_is_counted_as_one(house):
    house.run("first-ark-panel")
    one, other = (house.lodge(on=date(2026, 5, 11)) for _ in range(2))
    house.run("code-2024")
    acknowledged(house, house.lodge(on=date(2026, 5, 11)), date(2026, 5, 12))
    for complaint, on in ((one, date(2026, 5, 12)), (other, date(2026, 5, 15))):
        with saying_why(SLOW):
            contact(
                complaint_id=complaint.pk, by=house[COORDINATOR], now=at(on),
                seen=complaint.version, on=on, channel="phone", reached=True, words="Rang them.",
            )  # fmt: skip

    make_kept_reports(now=FIRST_OF_JUNE)

    found = counted_for(house[HEAD], the("monthly"))
    assert found.numbers["acknowledged"] == 3
    assert sum(row[1][0] for row in table(found, "acknowledged") if row[0] != "All") == 2
    assert sum(row[1][2] for row in table(found, "acknowledged") if row[0] != "All") == 1


@pytest.mark.rule("HH-30")
def test_each_head_of_service_is_told_of_all_complaints_in_their_section(house, quarter):
    assert make_kept_reports(now=FIRST_OF_JUNE) == 1

    report = the("monthly")
    [copy] = report.copies.all()
    assert (report.area, copy.recipient) == (house.service, house[HEAD])
    assert counted_for(house[HEAD], report).numbers == {
        "received": 2, "acknowledged": 1, "answered": 2, "open": 4,
    }  # fmt: skip
    assert "Received: 2" in copy.message.body
    assert "By 30 June 2026" in copy.message.body
    assert quarter["D"].reference not in copy.message.body


def test_a_second_run_and_one_after_a_crash_make_nothing_twice(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    made = KeptReport.objects.count(), OutboundMessage.objects.filter(kind="report").count()

    assert make_kept_reports(now=FIRST_OF_JULY) == 0
    JobSlot.objects.all().delete()
    assert make_kept_reports(now=FIRST_OF_JULY) == 0

    now = KeptReport.objects.count(), OutboundMessage.objects.filter(kind="report").count()
    assert now == made
    report = the("quarterly")
    report.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save(force_insert=True)


def test_after_an_outage_the_months_that_were_missed_are_made_up_for(house, lodged):
    make_kept_reports(now=datetime(2026, 5, 1, 6, tzinfo=UTC))

    make_kept_reports(now=datetime(2026, 8, 3, 9, tzinfo=UTC))

    months = KeptReport.objects.filter(kind="monthly").order_by("first_day")
    assert [each.time.words for each in months] == [
        "April 2026",
        "May 2026",
        "June 2026",
        "July 2026",
    ]
    assert months[1].cases.filter(what="received").count() == 1


def test_a_report_that_fails_stops_no_other_and_no_reminder_and_is_made_later(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    house.lodge(on=date(2026, 6, 11), area_id=house.other_team.pk)
    first, second = sorted([house.service.pk, house.other_team.pk])

    def fail(instance, **_):
        if instance.area_id == first:
            raise RuntimeError

    pre_save.connect(fail, sender=KeptReport)
    try:
        morning = time_machine.travel(datetime(2026, 7, 1, 9, tzinfo=UTC), tick=False)
        with morning, pytest.raises(RuntimeError):
            performance_reports()
    finally:
        pre_save.disconnect(fail, sender=KeptReport)

    june = KeptReport.objects.filter(last_day=date(2026, 6, 30))
    assert set(june.values_list("kind", "area")) == {("monthly", second), ("quarterly", None)}
    assert OutboundMessage.objects.filter(kind="lessons_due").count() == 1
    assert make_kept_reports(now=datetime(2026, 8, 1, 6, tzinfo=UTC)) == 3
    assert june.filter(area=first).exists()


def test_what_cannot_be_written_is_not_taken_for_a_report_that_is_made(house, lodged):
    def fail(**_):
        raise IntegrityError

    pre_save.connect(fail, sender=KeptReport)
    try:
        with pytest.raises(IntegrityError):
            make_kept_reports(now=FIRST_OF_JUNE)
    finally:
        pre_save.disconnect(fail, sender=KeptReport)

    slots = set(JobSlot.objects.values_list("slot", flat=True))
    assert not any(slot.startswith("monthly") for slot in slots)
    assert make_kept_reports(now=FIRST_OF_JUNE) > 0


@pytest.mark.one_database
def test_before_the_first_complaint_there_is_nothing_to_report(house):
    assert make_kept_reports(now=FIRST_OF_JUNE) == 0
    assert not OutboundMessage.objects.exists()


@pytest.mark.one_database
def test_a_service_without_a_head_is_told_to_the_coordinators_if_there_is_anything(house):
    house.lodge(on=date(2026, 5, 11), area_id=house.other_team.pk)

    make_kept_reports(now=FIRST_OF_JUNE)

    report = KeptReport.objects.get(area=house.other_team)
    assert [each.recipient for each in report.copies.all()] == [house[COORDINATOR]]
    RoleGrant.objects.filter(role=HEAD.value).delete()
    make_kept_reports(now=FIRST_OF_JULY)
    june = KeptReport.objects.filter(kind="monthly", first_day=date(2026, 6, 1))
    assert {each.area for each in june} == {house.other_team}


def test_the_figures_come_out_of_the_record_as_they_did(house, quarter):
    make_kept_reports(now=FIRST_OF_JULY)

    for report in KeptReport.objects.all():
        again = worked_out_again(report, house[COORDINATOR])
        assert (again.changes, again.kept) == ([], again.now)
        assert again.kept


def test_what_was_recorded_later_is_told_and_the_report_stays_as_it_was(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    late = house.lodge(on=date(2026, 6, 30))
    report = the("quarterly")

    page = browse(house[COORDINATOR]).get(report.address("again"))

    assert page.context["again"].now["received"] == 3
    assert (late.reference, "Received", False) in page.context["changes"]
    assert counted_for(house[COORDINATOR], report).numbers["received"] == 2


def test_every_figure_opens_the_complaints_that_it_counts(house, quarter):
    make_kept_reports(now=FIRST_OF_JULY)
    for report in KeptReport.objects.all():
        client = browse(house[COORDINATOR])
        found = counted_for(house[COORDINATOR], report)
        figures = [
            each
            for sheet in found.sheets
            for row in sheet.rows
            for each in row.figures
            if each.asked and each.count
        ]
        assert len(figures) > 4
        for figure in figures:
            page = client.get(report.get_absolute_url(), dict(figure.asked))
            assert page.context["page"].paginator.count == figure.count, figure


THREE = Definition(
    [(None, "The lift."), (None, "The calls."), (None, "The stairs.")],
    is_sought_unsaid=True,
    is_all_ours=True,
)
TWO_OF_THREE = Judgement(
    [
        PointFinding(1, Outcome.UPHELD, "The log shows it."),
        PointFinding(2, Outcome.UPHELD, "Nobody rang."),
        PointFinding(3, Outcome.NOT_UPHELD, "They were swept."),
    ]
)


@pytest.fixture
def three_points(house):
    """A complaint of three points, two of them upheld, and one that was answered whole."""
    complaint = house.lodge(on=date(2026, 5, 4))
    complaint = acknowledged(house, complaint, date(2026, 5, 5), definition=THREE)
    found = Answer(None, judgement=TWO_OF_THREE)
    complaint = answered(house, complaint, date(2026, 5, 12), found)
    whole = acknowledged(house, house.lodge(on=date(2026, 5, 6)), date(2026, 5, 7))
    answered(house, whole, date(2026, 5, 13), Outcome.UPHELD)
    return complaint


# Code 5.6
def test_points_are_counted_beside_complaints_and_each_number_opens_its_complaints(
    house, three_points
):
    make_kept_reports(now=FIRST_OF_JULY)
    report, client = the("quarterly"), browse(house[COORDINATOR])

    found = counted_for(house[COORDINATOR], report)
    [points] = [each for each in found.sheets if each.sheet.code == "points"]

    assert table(found, "outcomes") == [("Stage 1", [1, 1, 0, 0, 0, 2], None)]
    assert table(found, "points") == [("Stage 1", [3, 0, 1, 0, 0, 4], None)]
    assert points.finding == "75% of 4 points were upheld, wholly or in part."
    [row] = points.rows
    upheld, _, not_upheld, *_, together = row.figures
    opened = [
        client.get(report.get_absolute_url(), dict(each.asked)).context["cases"]
        for each in (upheld, not_upheld, together)
    ]
    assert [len(cases) for cases in opened] == [2, 1, 2]
    assert opened[1][0].complaint == three_points
    page = client.get(report.get_absolute_url(), dict(not_upheld.asked)).content.decode()
    assert "Points: 2 upheld, 1 not upheld" in page
    assert "with a point: not upheld" in page


# Code 5.7
def test_points_that_are_not_ours_are_counted_apart_and_stand_in_no_share(house):
    complaint = house.lodge(on=date(2026, 5, 4))
    partly = replace(THREE, is_all_ours=False, not_responsible="The stairs.")
    complaint = acknowledged(house, complaint, date(2026, 5, 5), definition=partly)
    theirs = PointFinding(3, Outcome.NOT_OURS, "They are the council’s.", turn_to="The council.")
    judged = replace(TWO_OF_THREE, findings=[*TWO_OF_THREE.findings[:2], theirs])
    answered(house, complaint, date(2026, 5, 12), Answer(None, judgement=judged))
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")

    found = counted_for(house[COORDINATOR], report)

    [points] = [each for each in found.sheets if each.sheet.code == "points"]
    assert table(found, "points") == [("Stage 1", [2, 0, 0, 1, 0, 3], None)]
    assert table(found, "outcomes") == [("Stage 1", [1, 0, 0, 0, 0, 1], None)]
    assert points.finding == (
        "100% of 2 points that are our responsibility were upheld, wholly or in part."
    )
    asked = dict(points.rows[0].figures[3].asked)
    page = browse(house[COORDINATOR]).get(report.get_absolute_url(), asked)
    assert [each.complaint for each in page.context["cases"]] == [complaint]
    assert "Points: 2 upheld, 1 not our responsibility" in page.content.decode()
    assert worked_out_again(report, house[COORDINATOR]).changes == []


def test_a_report_from_before_points_could_be_not_ours_comes_out_the_same(house, three_points):
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")
    report.cases.update(points_not_ours=None)

    found = counted_for(house[COORDINATOR], report)

    assert table(found, "points") == [("Stage 1", [3, 0, 1, 0, 0, 4], None)]
    assert worked_out_again(report, house[COORDINATOR]).changes == []


@pytest.mark.rule("HH-11")
def test_points_put_right_at_first_contact_count_as_put_right_and_what_was_passed_on_as_none(house):
    house.run("herefordshire")
    two = Definition(
        [(None, "The lift."), (None, "The calls.")], is_sought_unsaid=True, is_all_ours=True
    )
    cured, passed = (house.lodge(on=date(2026, 5, 11), definition=two) for _ in range(2))
    on = date(2026, 5, 12)
    whose = {"by": house[COORDINATOR], "now": at(on), "on": on}
    resolve(
        complaint_id=cured.pk, seen=cured.version, words="It was mended.", apologised=True,
        close=False, telling=Telling("phone"), **whose,
    )  # fmt: skip
    pass_on(complaint_id=passed.pk, seen=passed.version, words="It is not settled.", **whose)
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")

    found = counted_for(house[COORDINATOR], report)

    [(_, numbers, _)] = table(found, "points")
    assert numbers == [0, 0, 0, 0, 2, 2]
    [points] = [each for each in found.sheets if each.sheet.code == "points"]
    assert points.finding == "None of the points has a finding."
    asked = dict(points.rows[0].figures[4].asked)
    listed = browse(house[COORDINATOR]).get(report.get_absolute_url(), asked).context["cases"]
    assert [each.complaint for each in listed] == [cured]


@pytest.mark.one_database
def test_the_paper_and_the_file_for_a_spreadsheet_tell_points_and_late_answers(house, quarter):
    make_kept_reports(now=FIRST_OF_JULY)
    report, client = the("quarterly"), browse(house[COORDINATOR])
    repeated(report, 4)

    sheet = client.get(report.address("csv")).content.decode("utf-8-sig")
    paper = repr(report_paper(report, counted_for(house[COORDINATOR], report), ""))

    rows = list(csv.reader(io.StringIO(sheet)))
    assert ["Points by finding", "Stage 1", "Partly upheld", "5"] in rows
    assert ["Points by finding", "Stage 1", "All", "15"] in rows
    late = "Late answers: could it have been avoided?"
    assert [late, "Stage 1", "Avoidable", "5"] in rows
    assert [late, "Stage 1", "Not said", "0"] in rows
    assert "67% of 15 points were upheld" in paper
    assert "100% of late answers could have been in time." in paper


def test_a_point_found_otherwise_since_is_seen_when_the_report_is_worked_out_again(
    house, three_points
):
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")
    assert worked_out_again(report, house[COORDINATOR]).changes == []

    report.cases.filter(points_not_upheld=1).update(points_not_upheld=0)

    changes = worked_out_again(report, house[COORDINATOR]).changes
    assert [each.reference for each in changes] == [three_points.reference] * 2


def test_a_report_from_before_points_were_counted_tells_and_compares_none(house, three_points):
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")
    report.cases.update(
        points_upheld=None,
        points_partly_upheld=None,
        points_not_upheld=None,
        points_unfound=None,
        entry=None,
    )

    found = counted_for(house[COORDINATOR], report)

    assert not {"points", "late"} & {each.sheet.code for each in found.sheets}
    assert worked_out_again(report, house[COORDINATOR]).changes == []


@pytest.mark.rule("HH-29")
def test_why_an_answer_was_late_is_read_by_the_readers_of_the_complaint_alone(house, quarter):
    late = quarter["B"]
    make_kept_reports(now=FIRST_OF_JUNE)
    month, asked = the("monthly"), {"what": "answered", "avoidable": "yes"}
    page = browse(house[HEAD]).get(month.get_absolute_url(), asked)

    assert [each.complaint for each in page.context["cases"]] == [late]
    assert "Late. Avoidable: <span" in page.content.decode()
    assert "The surveyor was away." in page.content.decode()
    # It lies elsewhere by now: the report it was counted in still lists it.
    Complaint.objects.filter(pk=late.pk).update(service_area=house.other_team)

    moved = browse(house[HEAD]).get(month.get_absolute_url(), asked)

    assert [each.complaint for each in moved.context["cases"]] == [late]
    assert "The surveyor was away." not in moved.content.decode()


def test_an_answer_that_came_late_without_a_word_is_counted_as_such(house, quarter):
    quarter["B"].deadlines.filter(state="met_late").update(avoidable="")
    make_kept_reports(now=FIRST_OF_JULY)

    found = counted_for(house[COORDINATOR], the("quarterly"))

    [late] = [each for each in found.sheets if each.sheet.code == "late"]
    assert table(found, "late") == [("Stage 1", [0, 0, 1, 1], None)]
    assert late.finding == "None of the late answers says whether it could have been avoided."


@pytest.mark.one_database
def test_what_no_figure_counts_is_no_page_that_fails(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    client = browse(house[COORDINATOR])
    address = the("quarterly").get_absolute_url()

    assert client.get(address, {"part": "soon"}).status_code == 404
    assert client.get(address, {"finding": "magic"}).status_code == 404
    assert client.get(address, {"what": "magic"}).context["page"].paginator.count == 0


@pytest.mark.promise("P4")
def test_what_is_closed_to_a_reader_is_in_none_of_their_figures(house, quarter):
    Complaint.objects.filter(pk=quarter["B"].pk).update(level=Level.RESTRICTED.value)
    AccessEntry.objects.create(complaint=quarter["B"], user=house[HEAD])
    Exclusion.objects.create(complaint=quarter["C"], user=house[HEAD], reason="subject")
    make_kept_reports(now=FIRST_OF_JUNE)
    month = the("monthly")

    head, collator = (counted_for(house[role], month) for role in (HEAD, COLLATOR))

    assert table(head, "answered") == [("Stage 1", [0, 0, 1, 1], 0)]
    assert table(collator, "answered") == [("Stage 1", [1, 0, 0, 1], 100)]
    listed = browse(house[HEAD]).get(month.get_absolute_url(), {"what": "answered"})
    assert [each.complaint for each in listed.context["cases"]] == [quarter["B"]]
    again = worked_out_again(month, house[COORDINATOR])
    assert again.now["answered"] == 1
    assert "Answered: 1" in month.copies.get().message.body


@pytest.mark.one_database
def test_those_who_see_figures_see_no_complaint(house, quarter):
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")
    send(report, house[COLLATOR], FIRST_OF_JULY)

    for role in (COLLATOR, Role.MEMBER_RESPONSIBLE, Role.AUDITOR):
        page = browse(house[role]).get(report.get_absolute_url(), {"what": "received"})
        words = page.content.decode()
        assert page.status_code == 200
        assert [each.reference for each in quarter.values() if each.reference in words] == []
        assert "?what=" not in words


def test_whoever_manages_a_part_opens_the_cases_of_that_part(house, lodged):
    elsewhere = house.lodge(on=date(2026, 6, 1), area_id=house.other_team.pk)
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")
    send(report, house[COLLATOR], FIRST_OF_JULY)

    page = browse(house[HEAD]).get(report.get_absolute_url(), {"what": "received"})

    assert counted_for(house[HEAD], report).numbers["received"] == 3
    assert page.context["page"].paginator.count == 2
    assert elsewhere.reference not in page.content.decode()


@pytest.mark.one_database
@pytest.mark.rule("HH-33")
def test_articles_are_drafted_from_the_lessons_that_change_something(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    months = list(KeptReport.objects.filter(kind="monthly"))
    give_back(months[0], house[HEAD], FIRST_OF_JUNE)
    make_kept_reports(now=FIRST_OF_JULY)
    june = KeptReport.objects.get(kind="monthly", first_day=date(2026, 6, 1))
    only_learnt = {"learnt": "Winter is cold.", "made": "", "planned": ""}
    give_back(june, house[HEAD], FIRST_OF_JULY, **only_learnt)
    report, client = the("quarterly"), browse(house[COLLATOR])

    before = client.get(report.address("articles"))
    send(report, house[COLLATOR], FIRST_OF_JULY)
    page = client.get(report.address("articles"))
    text = client.get(f"{report.address('articles')}newsletter.txt").content.decode()

    assert before.context["articles"] == []
    drafted = {each.place.value: each.text for each, _ in page.context["articles"]}
    assert set(drafted) == {"newsletter", "intranet", "website"}
    assert text == drafted["newsletter"]
    assert "you told us of 2 complaints" in text
    assert "What has changed: Calls are listed." in text
    assert "You said\nNobody rang back.\n\nWe did\nCalls are listed." in drafted["website"]
    assert report.get_absolute_url() in drafted["intranet"]
    assert "Winter" not in "".join(drafted.values())
    assert [each["learnt"] for each in page.context["left_out"]] == ["Winter is cold."]
    assert client.get(f"{report.address('articles')}television.txt").status_code == 404
    assert browse(house[HEAD]).get(report.address("articles")).status_code == 403


@pytest.mark.one_database
@pytest.mark.rule("HH-33")
def test_a_coordinator_begins_what_everybody_reads_with_what_was_learnt(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    give_back(KeptReport.objects.filter(kind="monthly")[0], house[HEAD], FIRST_OF_JUNE)
    make_kept_reports(now=FIRST_OF_JULY)
    report, coordinator = the("quarterly"), browse(house[Role.COMPLAINTS_COORDINATOR])
    send(report, house[COLLATOR], FIRST_OF_JULY)

    [pair] = coordinator.get(report.address("articles")).context["pairs"]
    words = {"you_said": pair.you_said, "we_did": pair.we_did}
    begun = coordinator.post("/feedback/you-said/add/", {**words, "do": "begin"})

    assert (pair.you_said, pair.we_did) == ("Nobody rang back.", "Calls are listed.")
    assert begun.status_code == 200
    assert begun.context["form"].initial == words
    assert not begun.context["form"].is_bound
    assert not Lesson.objects.exists()
    coordinator.post("/feedback/you-said/add/", words)
    assert Lesson.objects.values("you_said", "we_did", "published_on").get() == {
        **words,
        "published_on": None,
    }
    # Whoever puts reports together and does not publish is shown the drafts, and no button.
    assert browse(house[COLLATOR]).get(report.address("articles")).context["pairs"] == []


@pytest.mark.one_database
def test_a_report_is_sent_again_on_demand(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")
    with pytest.raises(ActionNotAllowed, match="not sent yet"):
        resend_kept_report(report_id=report.pk, by=house[COORDINATOR], now=FIRST_OF_JULY)
    send(report, house[COLLATOR], FIRST_OF_JULY)
    again = {"report_id": report.pk, "now": FIRST_OF_JULY}
    with pytest.raises(ActionNotAllowed, match="waiting"):
        resend_kept_report(**again, by=house[COLLATOR])
    OutboundMessage.objects.update(state="sent", sent_at=FIRST_OF_JULY)

    assert resend_kept_report(**again, by=house[HEAD]) == 1
    assert resend_kept_report(**again, by=house[COLLATOR]) == 5
    with pytest.raises(NotEntitled):
        resend_kept_report(**again, by=house[Role.AUDITOR])
    assert report.copies.get(recipient=house[HEAD]).times_sent == 2


def survey_answers(month: date, scores: list[int], **more) -> None:
    for score in scores:
        SurveyAnswer.objects.create(month=month, way="email", overall=score, **more)


@pytest.mark.rule("HH-34")
@pytest.mark.rule("HH-35")
@pytest.mark.promise("P24")
def test_no_number_of_few_people_is_in_a_report_nor_the_year_less_its_quarters(house):
    house.lodge(on=date(2025, 4, 7))
    # 9 satisfied and 2 not, whom the total would give away; then 6 and 6.
    survey_answers(date(2025, 5, 1), [5] * 9 + [1] * 2)
    survey_answers(date(2025, 8, 1), [4] * 6 + [2] * 6)
    for answer, number in {"yes": 3, "no": 20, "prefer_not": 7}.items():
        EqualityCount.objects.create(
            half_year=date(2025, 7, 1), characteristic="disability", answer=answer, number=number
        )
    for day in (date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1)):
        make_kept_reports(now=datetime(day.year, day.month, day.day, 7, tzinfo=UTC))

    first, second = KeptReport.objects.filter(kind="quarterly").order_by("first_day")[:2]
    year = KeptReport.objects.filter(kind="yearly").latest("first_day")

    def overall(report):
        [survey] = report.found["surveys"]
        return survey["answered"], survey["questions"][0]["counts"]

    assert overall(first) == (11, [None, 0, 0, 0, None])
    assert overall(second) == (12, [0, 6, 0, 6, 0])
    # What is hidden in a quarter is hidden in the year, for the rest is told by the others.
    assert overall(year) == (23, [None, 6, 0, 6, None])
    [asked] = [each for each in year.found["diversity"] if "disability" in each["question"]]
    assert dict(asked["answers"]) == {"Yes": None, "No": 20, "Prefer not to say": None}


@pytest.mark.one_database
@pytest.mark.rule("HH-35")
def test_the_year_names_the_half_years_in_which_people_told_of_themselves(house):
    house.lodge(on=date(2025, 4, 7))
    for half, number in ((date(2025, 7, 1), 20), (date(2026, 1, 1), 30)):
        EqualityCount.objects.create(
            half_year=half, characteristic="disability", answer="no", number=number
        )
    # A day late, when another half-year has ended.
    make_kept_reports(now=datetime(2026, 7, 2, 9, tzinfo=UTC))
    year, client = the("yearly"), browse(house[COORDINATOR])
    halves = "January to June 2025 and July to December 2025"

    page = client.get(year.get_absolute_url()).content.decode()
    sheet = client.get(year.address("csv")).content.decode("utf-8-sig")
    paper = report_paper(year, counted_for(house[COORDINATOR], year), "")

    assert f"Given freely, {halves}, each question counted apart." in page
    [question] = year.found["diversity"]
    rows = list(csv.reader(io.StringIO(sheet)))
    assert [f"Who answered, {halves}", question["question"], "No", "20"] in rows
    assert f"Given freely, {halves}, each question counted apart." in repr(paper)


@pytest.mark.rule("HH-34")
def test_the_survey_of_six_months_stands_in_the_report_of_the_following_quarter(house, lodged):
    round_ = SurveyRound.objects.create(
        first_day=date(2025, 10, 1),
        last_day=date(2026, 3, 31),
        begun_at=datetime(2026, 4, 2, 9, tzinfo=UTC),
        begun_by=house[COORDINATOR],
    )
    for score in [5] * 8 + [2] * 6:
        SurveyAnswer.objects.create(month=date(2026, 5, 1), way="post", overall=score, round=round_)
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")

    after_closing, of_six_months = report.found["surveys"]
    rows = csv.reader(
        io.StringIO(
            browse(house[COORDINATOR]).get(report.address("csv")).content.decode("utf-8-sig")
        )
    )
    told = {tuple(row[1:3]): row[3] for row in rows if row[0].startswith("Survey: Complaints of")}

    assert after_closing["answered"] == 0
    complaints = "Complaints of 1 October 2025 to 31 March 2026"
    assert of_six_months["title"] == f"{complaints}, answers of May 2026"
    assert of_six_months["questions"][0]["counts"] == [8, 0, 0, 6, 0]
    assert of_six_months["questions"][0]["satisfied"] == 57
    question = of_six_months["questions"][0]["question"]
    assert told[question, "Very satisfied"] == "8"
    assert told["Answered", "People"] == "14"
    easy = of_six_months["questions"][1]["question"]
    assert told[easy, "Very satisfied"] == "not shown"


def round_begun(house, on: datetime) -> SurveyRound:
    return SurveyRound.objects.create(
        first_day=date(2025, 12, 1), last_day=date(2026, 5, 31), begun_at=on,
        begun_by=house[COORDINATOR],
    )  # fmt: skip


def of_round(report) -> tuple[str, int, list[int | None]]:
    """Return what a report tells of its one survey of some months."""
    _, *told = report.found["surveys"]
    [survey] = told
    _, _, months = survey["title"].partition(", answers of ")
    return months, survey["answered"], survey["questions"][0]["counts"]


@pytest.mark.rule("HH-34")
@pytest.mark.rule("HH-35")
@pytest.mark.promise("P24")
def test_what_is_answered_after_the_quarter_is_told_in_the_next_and_all_of_it_in_the_year(
    house, lodged
):
    round_ = round_begun(house, datetime(2026, 6, 20, 9, tzinfo=UTC))
    survey_answers(date(2026, 6, 1), [5] * 9 + [1] * 2, round=round_)
    survey_answers(date(2026, 8, 1), [5] * 6 + [1] * 6, round=round_)
    # Too few to be told by themselves: with those of October they are enough.
    survey_answers(date(2026, 9, 1), [5] * 3, round=round_)
    survey_answers(date(2026, 10, 1), [5] * 4, round=round_)
    for year, month in ((2026, 7), (2026, 10), (2027, 1), (2027, 4)):
        make_kept_reports(now=datetime(year, month, 1, 7, tzinfo=UTC))

    *answered, last = KeptReport.objects.filter(kind="quarterly").order_by("first_day")
    year = KeptReport.objects.filter(kind="yearly").latest("first_day")

    assert [of_round(each) for each in answered] == [
        ("June 2026", 11, [None, 0, 0, 0, None]),
        ("August 2026", 12, [6, 0, 0, 0, 6]),
        ("September to October 2026", 7, [7, 0, 0, 0, 0]),
    ]
    assert [each["title"] for each in last.found["surveys"]] == ["After closing"]
    # What is hidden in a quarter is hidden in the year, and on the page of the survey.
    hidden = [None, 0, 0, 0, None]
    assert of_round(year) == ("June to October 2026", 30, hidden)
    page = found_since(date(2026, 1, 1), today=date(2027, 4, 1), round_=round_)
    assert (page.answered, list(page.questions[0].counts)) == (30, hidden)


@pytest.mark.rule("HH-35")
def test_a_survey_begun_in_one_year_and_answered_in_the_next_is_in_the_reports_of_both(
    house, lodged
):
    round_ = round_begun(house, datetime(2027, 3, 20, 9, tzinfo=UTC))
    survey_answers(date(2027, 3, 1), [5] * 6, round=round_)
    survey_answers(date(2027, 4, 1), [4] * 7, round=round_)
    for year in (2027, 2028):
        make_kept_reports(now=datetime(year, 4, 1, 7, tzinfo=UTC))

    years = KeptReport.objects.filter(kind="yearly").order_by("first_day")

    assert [of_round(each)[:2] for each in years] == [("March 2027", 6), ("April 2027", 7)]


@pytest.mark.one_database
def test_a_survey_that_nobody_answered_yet_is_told_in_the_quarter_in_which_it_began(house, lodged):
    round_begun(house, datetime(2026, 6, 20, 9, tzinfo=UTC))

    make_kept_reports(now=FIRST_OF_JULY)

    assert of_round(the("quarterly")) == ("", 0, [None] * 5)


@pytest.mark.one_database
def test_a_report_is_a_tagged_pdf_with_its_charts_and_a_file_for_a_spreadsheet(house, quarter):
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")
    # So often that no number is too small to be told.
    repeated(report, 4)
    client = browse(house[COORDINATOR])

    paper = client.get(report.address("pdf"))
    sheet = client.get(report.address("csv"))

    read = pypdf.PdfReader(io.BytesIO(paper.content))
    words = " ".join(page.extract_text() for page in read.pages)
    assert paper["Content-Type"] == "application/pdf"
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Response times achieved" in words
    assert "67% of answers were in time" in words
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert ["Response times achieved", "Stage 1", "Late", "5"] in rows
    assert ["Types of complaints received", "Damp", "Complaints", "15"] in rows


WITHHELD = "The figures of a month are for those who may open its complaints."


def shown_and_on_paper(house, role, report) -> tuple[str, str, str]:
    """Return what somebody reads of a report: its page, its paper and its file, in a line each."""
    client = browse(house[role])
    page = client.get(report.get_absolute_url()).content.decode()
    paper = pypdf.PdfReader(io.BytesIO(client.get(report.address("pdf")).content))
    sheet = client.get(report.address("csv")).content.decode("utf-8-sig")
    return page, " ".join(" ".join(each.extract_text() for each in paper.pages).split()), sheet


@pytest.mark.one_database
def test_the_papers_of_a_quiet_month_say_to_its_own_head_that_there_was_nothing(house):
    closed_before(house, date(2026, 6, 1))
    make_kept_reports(now=FIRST_OF_JULY)
    page, paper, sheet = shown_and_on_paper(house, HEAD, month_of(date(2026, 6, 1)))

    for read in (page, paper, sheet):
        assert WITHHELD not in read
    assert "Overview What Complaints Received 0" in paper
    assert "Overview,Received,Complaints,0" in sheet


@pytest.mark.one_database
@pytest.mark.parametrize("role", [COLLATOR, Role.MEMBER_RESPONSIBLE, Role.AUDITOR, COORDINATOR])
def test_an_empty_quarter_withholds_nothing_and_keeps_its_surveys_and_lessons(house, role):
    closed_before(house, date(2026, 4, 1))
    survey_answers(date(2026, 5, 1), [5] * 6)
    make_kept_reports(now=FIRST_OF_JULY)
    month = KeptReport.objects.filter(kind="monthly").latest("first_day")
    give_back(month, house[HEAD], FIRST_OF_JULY)
    send(the("quarterly"), house[COLLATOR], FIRST_OF_JULY)
    assert not the("quarterly").cases.exists()

    page, paper, sheet = shown_and_on_paper(house, role, the("quarterly"))

    for read in (page, paper, sheet):
        assert WITHHELD not in read
    assert "Overview,Received,Complaints,0" in sheet
    assert "Survey: After closing,Answered,People,6" in sheet
    for words in ("What customers said in surveys", "What was learnt", "Nobody rang back."):
        assert words in page
        assert words in paper


@pytest.mark.one_database
def test_the_papers_of_an_empty_month_withhold_from_whoever_may_open_no_complaint(house):
    closed_before(house, date(2026, 6, 1))
    make_kept_reports(now=FIRST_OF_JULY)

    for read in shown_and_on_paper(house, COLLATOR, month_of(date(2026, 6, 1))):
        assert WITHHELD in read


def closed_before(house, day: date) -> None:
    """Lodge a complaint in March 2026 that is closed, so that nothing is left of it by a day."""
    complaint = house.lodge(on=date(2026, 3, 20))
    Complaint.objects.filter(pk=complaint.pk).update(
        is_open=False, status="closed", closed_on=date(2026, 3, 27), closed_as="closed",
        next_due="", next_due_on=None,
    )  # fmt: skip
    assert complaint.received_on < day


@pytest.mark.one_database
def test_the_list_tells_no_number_of_a_month_that_its_own_page_withholds(house):
    moved, _ = house.lodge(on=date(2026, 6, 3)), house.lodge(on=date(2026, 6, 4))
    make_kept_reports(now=FIRST_OF_JULY)
    month = month_of(date(2026, 6, 1))
    # Head of service since, so that the month was not sent to them.
    new = UserFactory(roles=[(HEAD, house.service)])

    def told() -> tuple[bool, list[int | str]]:
        page = browse(new).get(month.get_absolute_url())
        [(_, numbers, _)] = browse(new).get("/reports/performance/").context["rows"]
        return bool(page.context["tiles"]), numbers

    assert told() == (True, [2, 0, 0, 2])
    Complaint.objects.filter(pk=moved.pk).update(service_area=house.other_team)
    assert told() == (False, ["Not shown"] * 4)


@pytest.mark.one_database
def test_the_archive_lists_what_each_may_open(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)

    def listed(role):
        page = browse(house[role]).get("/reports/performance/")
        return [each.kind for each, *_ in page.context["rows"]]

    assert sorted(listed(COORDINATOR)) == ["monthly", "quarterly"]
    assert listed(HEAD) == ["monthly"]
    assert listed(Role.DIRECTOR) == ["monthly"]
    assert listed(Role.MEMBER_RESPONSIBLE) == []
    assert browse(house[Role.AUDITOR]).get("/reports/").url == "/reports/performance/"


def test_the_queries_do_not_grow_with_the_complaints(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    client = browse(house[HEAD])
    counts = []
    for month in (6, 7):
        report = KeptReport.objects.filter(kind="monthly").latest("first_day")
        with CaptureQueriesContext(connection) as queries:
            client.get(report.get_absolute_url())
            client.get("/reports/performance/")
        counts.append(len(queries))
        for _ in range(10):
            house.lodge(on=date(2026, month, 3))
        make_kept_reports(now=datetime(2026, month + 1, 1, 6, tzinfo=UTC))

    assert counts[0] == counts[1]
    assert counts[0] <= 2 * 14


@pytest.mark.one_database
def test_a_deputy_is_told_of_the_month_and_another_person_with_the_role_too(house, lodged):
    second, deputy = UserFactory(roles=[(HEAD, house.service)]), UserFactory()
    Absence.objects.create(
        user=house[HEAD], deputy=deputy, first_day=date(2026, 5, 28), last_day=date(2026, 6, 12)
    )

    make_kept_reports(now=FIRST_OF_JUNE)

    report = the("monthly")
    address = report.get_absolute_url()
    with time_machine.travel(FIRST_OF_JUNE, tick=False):
        assert browse(deputy).get(address).status_code == 200
        assert browse(deputy).get(report.address("lessons")).status_code == 200
    assert browse(UserFactory()).get(address).status_code == 403
    assert set(report.copies.values_list("recipient", flat=True)) == {deputy.pk, second.pk}
    assert KeptCase.objects.filter(report=report, what="received").count() == 1
