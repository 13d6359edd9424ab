"""CH01 and CH02: a year worked out by hand, each rule of counting, and who reads what."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Exclusion, SettingsChange
from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.tests.fixtures import at
from reporting.models import MeasuredYear
from reporting.rules.measure_definitions import Tenure, definition_for, editions
from reporting.rules.measures import Result, code_stages, rounded
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.measures import Measured, measured
from reporting.tests.measured_year import acknowledged, answered, happened, lodged, the_year

TODAY = date(2026, 6, 17)
YEAR = ReportingYear(2025)
STEERING = Role.EXECUTIVE_SUPPORT_MANAGER
COORDINATOR = Role.COMPLAINTS_COORDINATOR


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(TODAY), tick=False):
        yield


def browse(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def found(today: date = TODAY, year: ReportingYear = YEAR) -> Measured:
    measures = measured(year, today=today)
    assert measures is not None
    return measures


def enter(**more) -> MeasuredYear:
    given = {"rented_homes": 1_234, "shared_homes": 80, **more}
    return MeasuredYear.objects.create(begins=2025, **given)


def by_key(measures: Measured, stage: int, tenure: Tenure):
    return next(e for e in measures.figures if e.stage == stage and e.tenure is tenure)


# The year by hand -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_figures_of_a_year_are_those_worked_out_by_hand(house):
    the_year(house)
    enter()

    told = {
        (e.stage, e.tenure.value): (
            e.received,
            e.ch01,
            e.ch02(with_extensions=False),
            e.ch02(with_extensions=True),
            [e.count(result) for result in Result],
            e.crossing,
        )
        for e in found().figures
    }

    # In time, within an extension, late, not answered, withdrawn, not due yet.
    assert told == {
        (1, "rented"): (14, d("11.3"), d("36.4"), d("45.5"), [4, 1, 4, 2, 3, 0], 2),
        (1, "shared"): (3, d("37.5"), d("66.7"), d("66.7"), [2, 0, 1, 0, 0, 0], 0),
        (2, "rented"): (2, d("1.6"), d("100.0"), d("100.0"), [2, 0, 0, 0, 0, 0], 0),
        (2, "shared"): (1, d("12.5"), d("0.0"), d("0.0"), [0, 0, 0, 1, 0, 0], 0),
    }


def d(words: str) -> Decimal:
    return Decimal(words)


@pytest.mark.django_db
def test_everything_that_is_left_out_of_the_year_says_why(house):
    the_year(house)

    assert found().left_out == {
        "applicant": {1: 2, 2: 0},
        "leaseholder": {1: 1, 2: 0},
        "logged-by-mistake": {1: 1, 2: 0},
        "merged": {1: 1, 2: 0},
        "not-a-complaint": {1: 1, 2: 0},
        "refused": {1: 1, 2: 0},
        "not-yet-accepted": {1: 1, 2: 0},
    }


@pytest.mark.django_db
def test_what_was_not_due_at_the_end_of_the_year_may_be_left_out_of_ch02(house):
    the_year(house)
    enter(counts_crossing=False, with_extensions=False)

    rented = by_key(found(), 1, Tenure.RENTED)

    assert (rented.received, len(rented.judged)) == (14, 9)
    assert (rented.headline, rented.ch02(with_extensions=True)) == (d("33.3"), d("44.4"))


@pytest.mark.django_db
def test_what_is_not_due_yet_is_received_and_not_judged(house):
    complaint = acknowledged(house, on=date(2026, 3, 20), told=date(2026, 3, 24))

    on_its_day, after_it = found(date(2026, 4, 9)), found(date(2026, 4, 10))

    [line], [later] = on_its_day.lines, after_it.lines
    assert (line.complaint, line.due_on, line.result) == (
        complaint.pk,
        date(2026, 4, 9),
        Result.PENDING,
    )
    assert later.result is Result.UNANSWERED
    assert by_key(on_its_day, 1, Tenure.RENTED).ch02(with_extensions=True) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "new", "because"),
    [
        (date(2025, 6, 18), "2025-07-02", "no reason was given, the Ombudsman’s details"),
        (date(2025, 6, 19), "2025-06-25", "told after the day then due"),
        (date(2025, 6, 18), "2025-07-03", "longer than 10 working days"),
    ],
)
def test_an_extension_that_is_not_valid_says_why_and_does_not_count(house, told, new, because):
    complaint = acknowledged(house)
    happened(complaint, EventKind.EXTENDED, told, new_due_on=new)
    answered(complaint, date(2025, 6, 24))

    [line] = found().lines

    assert (line.result, line.extended_to) == (Result.LATE, None)
    assert because in line.invalid[0]


@pytest.mark.django_db
def test_one_complaint_counts_once_at_a_stage_though_it_is_opened_again(house):
    complaint = answered(acknowledged(house), date(2025, 6, 12))
    happened(complaint, EventKind.CLOSED, date(2025, 6, 13))
    happened(complaint, EventKind.REOPENED, date(2025, 7, 1))

    assert [(line.stage, line.result) for line in found().lines] == [(1, Result.IN_TIME)]


@pytest.mark.django_db
@pytest.mark.parametrize("ending", [EventKind.WITHDRAWN, EventKind.CLOSED])
@pytest.mark.parametrize(
    ("on", "result"), [(date(2025, 6, 18), Result.IN_TIME), (date(2025, 6, 19), Result.LATE)]
)
def test_what_ended_unanswered_and_was_opened_again_is_still_due_on_its_day(
    house, ending, on, result
):
    complaint = acknowledged(house)
    happened(complaint, ending, date(2025, 6, 5))
    happened(complaint, EventKind.REOPENED, date(2025, 6, 16))
    answered(complaint, on)

    [line] = found().lines

    assert (line.received_on, line.due_on) == (date(2025, 6, 2), date(2025, 6, 18))
    assert (line.answered_on, line.ended_on, line.result) == (on, None, result)


@pytest.mark.django_db
def test_what_had_ended_before_the_year_did_does_not_cross_its_end(house):
    complaints = the_year(house)

    crossing = {line.complaint for line in found().lines if line.is_crossing}

    assert crossing == {complaints[each].pk for each in ("over the end", "late over the end")}


@pytest.mark.django_db
def test_an_answer_that_was_due_later_as_it_was_acknowledged_late_is_counted_beside(house):
    complaints = the_year(house)

    late = [line for line in found().lines if line.is_acknowledged_late]

    assert [(e.complaint, e.result) for e in late] == [
        (complaints["acknowledged late"].pk, Result.IN_TIME)
    ]


@pytest.mark.django_db
def test_a_stage_ended_by_anybody_but_the_customer_was_not_answered(house):
    complaint = acknowledged(house)
    happened(complaint, EventKind.CLOSED, date(2025, 6, 10))

    assert [line.result for line in found().lines] == [Result.UNANSWERED]


@pytest.mark.django_db
def test_what_was_settled_at_first_contact_is_left_out_and_a_panel_is_no_stage_of_the_code(house):
    house.run("herefordshire")
    complaint = lodged(house)

    [line] = found().lines

    assert (line.stage, line.left_out) == (1, "first-contact")
    terms = complaint.procedure_version.terms
    assert list(code_stages(terms).values()) == [0, 1, 2, 3]


@pytest.mark.django_db
def test_the_queries_are_as_many_for_twenty_complaints_as_for_one(house):
    lodged(house)
    found()
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        found()
    the_year(house)
    with CaptureQueriesContext(connection) as for_many:
        found()

    assert len(for_many) == len(for_one) == 5


# Years, editions and sums -----------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), "2025-26"), (date(2026, 4, 1), "2026-27")]
)
def test_a_reporting_year_begins_on_the_first_of_april(day, year):
    assert str(ReportingYear.of(day)) == year
    assert day in ReportingYear.parse(year)


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["2025-27", "2025", "0000-01", "2025-2026"])
def test_no_other_writing_is_a_reporting_year(text):
    with pytest.raises(ValueError, match="no reporting year"):
        ReportingYear.parse(text)


@pytest.mark.one_database
def test_a_year_is_measured_by_the_edition_that_counts_in_it_and_each_names_its_source():
    known = editions()

    assert definition_for(ReportingYear(2023), known) is None
    assert definition_for(YEAR, known) is known[0]
    assert all(each.source and each.stages for each in known)


@pytest.mark.one_database
@pytest.mark.parametrize(("exact", "told"), [("6.25", "6.3"), ("6.24", "6.2"), ("100", "100.0")])
def test_a_half_is_rounded_up(exact, told):
    assert rounded(Decimal(exact)) == Decimal(told)


# The pages --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_number_opens_as_many_complaints_as_it_says(house):
    the_year(house)
    client = browse(house[COORDINATOR])
    page = client.get(reverse("reporting:measures", args=[YEAR])).content.decode()

    links = re.findall(r'href="(/measures/2025-26/stage-[^"]+)">(\d+)<', page)

    assert len(links) == 22
    assert [
        url for url, number in links if len(client.get(url).context["rows"]) != int(number)
    ] == []


@pytest.mark.django_db
def test_what_is_closed_to_somebody_is_counted_and_not_listed(house):
    complaints = the_year(house)
    coordinator = house[COORDINATOR]
    Exclusion.objects.create(
        complaint=complaints["on its day"], user=coordinator, reason="conflict"
    )

    page = browse(coordinator).get(
        reverse("reporting:measured-complaints", args=[YEAR, 1, "rented", "received"])
    )

    assert page.context["count"] == 14
    assert complaints["on its day"].reference not in page.content.decode()
    assert "counted, and not listed" in page.content.decode()


@pytest.mark.django_db
def test_few_left_out_are_told_only_as_few_to_whom_one_of_them_is_closed(house):
    complaints = the_year(house)
    coordinator = house[COORDINATOR]
    client = browse(coordinator)
    page = reverse("reporting:measures", args=[YEAR])
    file = reverse("reporting:measures-file", args=[YEAR])
    refused = reverse("reporting:measured-complaints", args=[YEAR, 1, "left-out", "refused"])
    assert "Fewer than 5" not in client.get(page).content.decode()
    Exclusion.objects.create(complaint=complaints["refused"], user=coordinator, reason="conflict")

    assert f'href="{refused}">Fewer than 5<' in client.get(page).content.decode()
    assert "Refused: not accepted as a complaint,Fewer than 5,0" in (
        client.get(file).content.decode()
    )
    assert "Fewer than 5 complaints left out" in client.get(refused).content.decode()
    assert client.get(page).content.decode().count("Fewer than 5") == 1


@pytest.mark.django_db
def test_whoever_opens_no_complaint_reads_figures_and_small_numbers_only_as_few(house):
    the_year(house)
    enter()
    client = browse(house[STEERING])

    page = client.get(reverse("reporting:measures", args=[YEAR])).content.decode()
    file = client.get(reverse("reporting:measures-file", args=[YEAR])).content.decode()

    assert "11.3" in page
    assert "/stage-1/" not in page
    assert "Fewer than 5" in page
    assert "Fewer than 5" in file


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    "args",
    [
        [YEAR, 3, "rented", "received"],
        [YEAR, 1, "owned", "received"],
        [YEAR, 1, "rented", "lost"],
        [YEAR, 1, "left-out", "lost"],
        [ReportingYear(2023), 1, "rented", "received"],
        [ReportingYear(2027), 1, "rented", "received"],
    ],
)
def test_a_figure_that_there_is_not_is_no_page(house, args):
    address = reverse("reporting:measured-complaints", args=args)

    assert browse(house[COORDINATOR]).get(address).status_code == 404


@pytest.mark.one_database
@pytest.mark.django_db
def test_the_file_has_the_figures_of_the_page_and_their_source(house):
    the_year(house)
    enter()

    answer = browse(house[COORDINATOR]).get(reverse("reporting:measures-file", args=[YEAR]))

    lines = answer.content.decode().splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="measures-2025-26.csv"'
    assert "Technical Requirements" in answer.content.decode()
    assert '1,"CH01: complaints received for each 1,000 homes",11.3,37.5' in lines
    assert '1,"Answered in time, with valid extensions",45.5% (5 of 11),66.7% (2 of 3)' in lines
    assert "1,Complaints received,14,3" in lines
    assert "Applicant for housing: neither a tenant nor a shared owner,2,0" in lines


FORM = {
    "rented_homes": "1234",
    "shared_homes": "80",
    "with_extensions": "no",
    "counts_crossing": "yes",
}


@pytest.mark.django_db
def test_an_administrator_enters_the_homes_of_a_year_and_it_is_kept_who_did(house):
    client = browse(house[Role.SYSTEM_ADMINISTRATOR])
    address = reverse("reporting:homes-of-year", args=[YEAR])

    answer = client.post(address, {**FORM, "seen": "0"})

    assert answer["Location"] == reverse("reporting:homes")
    kept = MeasuredYear.objects.get(begins=2025)
    assert (kept.rented_homes, kept.shared_homes, kept.with_extensions) == (1_234, 80, False)
    change = SettingsChange.objects.get(key="measures-2025-26")
    assert change.by == house[Role.SYSTEM_ADMINISTRATOR]
    assert ["Rented homes", "", "1234"] in change.changes


@pytest.mark.django_db
def test_the_homes_of_all_years_are_one_question(house):
    enter()

    with CaptureQueriesContext(connection) as queries:
        page = browse(house[COORDINATOR]).get(reverse("reporting:homes"))

    assert "1,234" in page.content.decode()
    assert sum("reporting_measuredyear" in each["sql"] for each in queries) == 1


@pytest.mark.django_db
def test_nobody_overwrites_homes_that_they_have_not_seen(house):
    client = browse(house[COORDINATOR])
    address = reverse("reporting:homes-of-year", args=[YEAR])
    client.post(address, {**FORM, "seen": "0"})

    answer = client.post(address, {**FORM, "rented_homes": "99", "seen": "0"})

    assert answer.status_code == 422
    assert MeasuredYear.objects.get(begins=2025).rented_homes == 1_234
    assert 'value="99"' in answer.content.decode()


@pytest.mark.one_database
@pytest.mark.django_db
def test_homes_that_are_no_number_are_refused_with_what_was_typed(house):
    client = browse(house[COORDINATOR])
    address = reverse("reporting:homes-of-year", args=[YEAR])

    answer = client.post(address, {**FORM, "rented_homes": "-5", "seen": "0"})

    assert answer.status_code == 422
    assert 'value="-5"' in answer.content.decode()
    assert not MeasuredYear.objects.exists()
