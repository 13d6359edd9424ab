"""No figure less another tells a reader of a complaint that is closed to them (P4)."""

from datetime import date

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from cases.models import Complaint, Exclusion, Level
from cases.operations.ombudsman import determine
from cases.operations.promises import Promised
from cases.rules.events import EventKind, Finding
from cases.rules.roles import Role
from cases.tests.factories import CategoryFactory
from cases.tests.fixtures import at
from reporting.models import KeptReport
from reporting.operations.improvement_reports import begin_report
from reporting.operations.kept import make_kept_reports
from reporting.rules.code_provisions import the_code
from reporting.rules.evidence import evidence_for
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.assessments import facts_of
from reporting.tests.measured_year import answered, happened, lodged

TODAY = date(2026, 6, 17)
YEAR = ReportingYear(2025)
YEAR_PAGE, YEARS_REPORT = "/measures/2025-26/complaints/", "/improvement-report/2025-26/"
READERS = [Role.DIRECTOR, Role.EXECUTIVE_SUPPORT_MANAGER, Role.MEMBER_RESPONSIBLE]

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P4")]


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(TODAY), tick=False):
        yield


@pytest.fixture
def categories(house):
    """A year with so many complaints of each kind that every number is shown."""
    found = [CategoryFactory(name="Conduct of staff"), CategoryFactory(name="Damp")]
    for category in found:
        for _ in range(6):
            complaint = lodged(house, category_id=category.pk, channel="email")
            happened(complaint, EventKind.ACKNOWLEDGED, date(2025, 6, 4))
            answered(complaint, date(2025, 6, 20))
            if category is found[1]:
                continue
            asked = date(2025, 6, 24)
            happened(
                complaint, EventKind.ESCALATION_REQUESTED, asked, stage="stage-2", in_time=False
            )
            told = date(2025, 6, 27)
            happened(complaint, EventKind.ESCALATION_REFUSED, told, ground="legal_proceedings")
        for _ in range(6):
            refused = lodged(house, category_id=category.pk)
            happened(refused, EventKind.REFUSED, date(2025, 6, 4), ground="over_12_months")
        for _ in range(6):
            decide(house, lodged(house, category_id=category.pk))
    return found


def decide(house, complaint) -> None:
    """Let the Ombudsman decide on a complaint that was answered, with an order."""
    happened(complaint, EventKind.ACKNOWLEDGED, date(2025, 6, 4))
    answered(complaint, date(2025, 6, 12))
    happened(complaint, EventKind.REFERRED_TO_OMBUDSMAN, date(2025, 6, 16))
    determine(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2025, 7, 7)),
        seen=complaint.version,
        on=date(2025, 7, 7),
        finding=Finding.MALADMINISTRATION.value,
        amount="",
        words="",
        orders=[Promised("Apologise in writing", date(2025, 8, 4))],
    )


def plant(house, category) -> list[Complaint]:
    """Return one more of each kind, all about the conduct of staff."""
    late = lodged(house, category_id=category.pk, channel="email")
    happened(late, EventKind.ACKNOWLEDGED, date(2025, 6, 12))
    answered(late, date(2025, 9, 20))
    happened(
        late, EventKind.ESCALATION_REQUESTED, date(2025, 9, 24), stage="stage-2", in_time=False
    )
    happened(late, EventKind.ESCALATION_REFUSED, date(2025, 9, 29), ground="legal_proceedings")
    refused = lodged(house, category_id=category.pk)
    happened(refused, EventKind.REFUSED, date(2025, 6, 4), ground="over_12_months")
    decided = lodged(house, category_id=category.pk)
    decide(house, decided)
    return [late, refused, decided]


def figures(person) -> dict[tuple[str, str], object]:
    """Return every figure of every page of reports that somebody may open, by where it stands.

    All that was made or begun for it is undone again.
    """
    client = Client()
    client.force_login(person)
    with transaction.atomic():
        make_kept_reports(now=at(TODAY))
        begin_report(year=YEAR, by=person, now=at(TODAY))
        KeptReport.objects.filter(sent_at=None).update(sent_at=at(TODAY))
        found = {**of_the_year(client), **published(client)}
        for each in KeptReport.objects.open_to(person):
            found.update(of_a_report(each, client))
        transaction.set_rollback(True)
    return found


def of_a_report(report, client) -> dict[tuple[str, str], object]:
    """Return the figures of a report that is kept, and its file."""
    page = client.get(report.get_absolute_url()).context
    found: dict[str, object] = {words: number for words, number, _ in page["tiles"]}
    for sheet in page["sheets"]:
        for row in sheet["figures"].rows:
            told = [figure.count for figure in row.figures]
            found[f"{sheet['figures'].title}: {row.label}"] = told, row.share
    for taken in page["taken"]:
        found[f"days: {taken.stage}"] = taken
    found["CSV"] = client.get(report.address("csv")).content
    return {(str(report), words): figure for words, figure in found.items()}


def of_the_year(client) -> dict[tuple[str, str], object]:
    """Return the figures of the year in complaints, as worked out and as shown."""
    page = client.get(YEAR_PAGE).context
    worked_out = ("received", "received_before", "closed", "themes", "points")
    told = ("to_ombudsman", "outcomes", "themes", "refused", "requests", "findings", "asked")
    return {
        **{("year", name): getattr(page["found"], name) for name in worked_out},
        **{("year", f"{name} shown"): str(page[name]) for name in told},
    }


def published(client) -> dict[tuple[str, str], object]:
    """Return the figures of what is published: the report of the year, and the evidence."""
    sheets = client.get(YEARS_REPORT).context["sheets"]
    evidence = evidence_for(the_code(), facts_of(YEAR, today=TODAY))
    return {
        **{
            ("published", f"{sheet['caption']}: {label}"): cells
            for sheet in sheets
            for label, *cells in sheet["rows"]
        },
        **{
            ("evidence", f"{number}: {sentence}"): True
            for number, sentences in evidence.items()
            for sentence in sentences
        },
    }


def differing(before, after) -> set[tuple[str, str]]:
    """Return where a figure differs, or stands in one of the two alone."""
    return {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}


def is_of_every_complaint(where: tuple[str, str]) -> bool:
    """Say whether a figure is one that is published of every complaint: how many, how quickly."""
    page, words = where
    if page == "published":
        return words.startswith(
            ("How many complaints there were: Received", "How quickly complaints were answered")
        )
    quickly = (
        *("Acknowledged, or", "Answered within", "Complaints that came to stage 2", "Received"),
        *("Letters made", "Entries of"),
    )
    return page == "evidence" and words.partition(": ")[2].startswith(quickly)


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("is_restricted", [False, True])
def test_no_page_less_another_tells_of_complaints_that_are_closed(
    house, categories, role, is_restricted
):
    person = house[role]
    before = figures(person)
    for each in plant(house, categories[0]):
        Exclusion.objects.create(complaint=each, user=person, reason="subject")
        if is_restricted:
            Complaint.objects.filter(pk=each.pk).update(level=Level.RESTRICTED.value)

    changed = differing(before, figures(person))

    assert len(before) > 60
    assert {each for each in changed if not is_of_every_complaint(each)} == set()
    # What every landlord has to publish tells that there are some, and not what.
    assert ("published", "How many complaints there were: Received") in changed


def test_they_are_in_every_figure_of_somebody_to_whom_they_are_open(house, categories):
    """The negative control of the test above: each of its pages would show the difference."""
    before = figures(house[Role.DIRECTOR])
    plant(house, categories[0])

    changed = differing(before, figures(house[Role.DIRECTOR]))

    year = "Annual complaints report, April 2025 to March 2026"
    assert changed >= {
        (year, "Received"),
        (year, "Types of complaints received: Conduct of staff"),
        (year, "Response times achieved: Stage 1"),
        (year, "CSV"),
        ("year", "received"),
        ("year", "themes shown"),
        ("year", "refused shown"),
        ("year", "requests shown"),
        ("year", "findings shown"),
        ("year", "asked shown"),
        ("published", "What they were about: Conduct of staff"),
        ("published", "What was found in those answered: Upheld"),
    }


def test_the_year_and_its_report_count_the_same_complaints(house, categories):
    person = house[Role.DIRECTOR]
    for each in plant(house, categories[0]):
        Exclusion.objects.create(complaint=each, user=person, reason="subject")

    found = figures(person)

    report = "Annual complaints report, April 2025 to March 2026"
    assert found["year", "received"] == found[report, "Received"] == 36
    for theme in found["year", "themes"]:
        told = found[report, f"Types of complaints received: {theme.name}"]
        assert told == ([theme.received], None)


def test_what_is_published_leaves_out_what_is_closed_to_anybody(house, categories):
    """Somebody else's figures have it, and so have all that they open themselves."""
    plants = plant(house, categories[0])
    whole = figures(house[Role.DIRECTOR])
    for each in plants:
        Exclusion.objects.create(
            complaint=each, user=house[Role.MEMBER_RESPONSIBLE], reason="conflict"
        )

    found = figures(house[Role.DIRECTOR])

    about = ("published", "What they were about: Conduct of staff")
    assert (whole[about][0], found[about][0]) == ("21", "18")
    received = ("published", "How many complaints there were: Received")
    assert whole[received] == found[received] == ["39"]
    assert found["year", "received"] == 39
