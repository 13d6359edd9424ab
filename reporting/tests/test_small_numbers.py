"""Small numbers are in no table of a report, and no sum of what is shown gives one away (P24)."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from random import Random

import pypdf
import pytest

from cases.rules.roles import Role
from cases.tests.fixtures import House
from reporting.models import KeptCase, KeptReport
from reporting.operations.kept import make_kept_reports
from reporting.rules.kept import (
    SHEETS,
    TIMINGS,
    Figures,
    Kind,
    Taken,
    figures_of,
    message_of,
    time_of,
)
from reporting.rules.small_numbers import HIDDEN, taken_without_small, without_small
from reporting.selectors.kept import counted_for, shown_to
from reporting.tests.lessons import FIRST_OF_JULY, browse, send

pytestmark = pytest.mark.promise("P24")
SHEET = {each.code: each for each in SHEETS}
COORDINATOR, HEAD = Role.COMPLAINTS_COORDINATOR, Role.HEAD_OF_SERVICE
COLLATOR, MEMBER = Role.EXECUTIVE_SUPPORT_MANAGER, Role.MEMBER_RESPONSIBLE
Counts = Mapping[tuple[str, str], int]


def table(code: str, counts: Counts) -> Figures:
    return figures_of(SHEET[code], counts, part=3)


def told(figures: Figures) -> dict[str, list[int | None]]:
    return {row.label: [each.count for each in row.figures] for row in figures.rows}


def types(**counts: int) -> Figures:
    return table("types", {(name, ""): number for name, number in counts.items()})


def answered(*stages: tuple[int, int, int]) -> Figures:
    """Return the table of answers: of each stage how many on time, extended and late."""
    return table(
        "answered",
        {
            (f"Stage {number}", timing): count
            for number, counts in enumerate(stages, start=1)
            for timing, count in zip(TIMINGS, counts, strict=True)
            if count
        },
    )


@pytest.mark.one_database
def test_a_small_line_is_hidden_with_the_next_smallest_that_would_give_it_away():
    [shown] = without_small([types(damp=30, lifts=9, staff=1)], [])

    assert told(shown) == {"damp": [30], "lifts": [None], "staff": [None], "All": [40]}
    assert shown.finding == ""


@pytest.mark.one_database
def test_where_every_line_is_hidden_there_is_none_for_its_name_would_tell():
    [shown] = without_small([types(staff=3)], [])

    assert (shown.rows, shown.finding) == ((), HIDDEN)


@pytest.mark.one_database
def test_a_table_without_small_numbers_stays_as_it_is():
    tables = [types(damp=30, lifts=5), answered((20, 5, 9), (6, 0, 5))]

    assert without_small(tables, []) == tuple(tables)


@pytest.mark.one_database
def test_a_table_by_two_things_with_a_small_number_is_told_as_what_all_of_it_is():
    [shown] = without_small([answered((20, 6, 9), (6, 0, 2))], [])

    assert told(shown) == {"All": [26, 6, 11, 43]}
    assert shown.rows[0].share == 74


@pytest.mark.one_database
def test_with_a_number_the_share_and_the_sentence_go_that_would_tell_it():
    [shown] = without_small([answered((20, 6, 2))], [])

    assert told(shown) == {"Stage 1": [20, None, None, 28]}
    assert (shown.rows[0].share, shown.finding) == (None, "")


@pytest.mark.one_database
def test_what_late_answers_said_is_hidden_where_it_is_hidden_how_many_they_were():
    late = table("late", {("Stage 1", "yes"): 6})

    # Six are late, and hidden beside the two that were extended.
    shown = without_small([answered((20, 2, 6)), late], [])

    assert told(shown[0]) == {"Stage 1": [20, None, None, 28]}
    assert (shown[1].rows, shown[1].finding) == ((), HIDDEN)


@pytest.mark.one_database
def test_points_are_not_told_where_the_outcomes_of_complaints_are_not():
    outcomes = table("outcomes", {("1", "upheld"): 3, ("1", "not_upheld"): 5, ("1", ""): 20})
    points = table("points", {("1", "upheld"): 9, ("1", "not_upheld"): 5, ("1", ""): 20})

    shown = without_small([outcomes, points], [])

    assert told(shown[0])["1"] == [None, 0, None, 0, 20, 28]
    assert told(shown[1])["1"] == [None, 0, None, 0, 20, 34]


@pytest.mark.one_database
def test_a_year_hides_what_one_of_its_quarters_hides():
    quarters = [types(damp=30, staff=2, lifts=8), types(damp=20, staff=9, lifts=7)]
    year = types(damp=50, staff=11, lifts=15)

    [shown] = without_small([year], [{"types": each} for each in quarters])

    assert told(shown) == {"damp": [50], "lifts": [None], "staff": [None], "All": [76]}


@pytest.mark.one_database
def test_how_long_answers_took_is_not_told_of_few_nor_how_many_the_rest_were():
    many, few = Taken("Stage 1", 20, "9.0", 9, 12), Taken("Stage 2", 2, "15.0", 15, 19)

    assert taken_without_small([many], []) == [many]
    [shown] = taken_without_small([many, few], [])
    assert (shown.stage, shown.answers) == ("Stage 1", None)
    assert taken_without_small([many], [[Taken("Stage 1", 3, "9.0", 9, 9)]]) == []


@pytest.mark.one_database
def test_the_message_tells_of_few_who_went_to_the_ombudsman_only_as_few():
    month = time_of(3, date(2026, 5, 1))
    for number, words in ((3, "Fewer than 5"), (0, "0"), (5, "5")):
        body = message_of(Kind.QUARTERLY, month, "", {"received": 3, "ombudsman": number}, "")
        assert f"Taken to the Housing Ombudsman: {words}\n" in body
        assert "Received: 3\n" in body


# Subtracting -------------------------------------------------------------------------------------

Cell = tuple[int, str, str]
Equation = tuple[frozenset[Cell], int]


def solved(equations: list[Equation]) -> set[Cell]:
    """Return the cells that follow from sums of cells, whichever is taken from which."""
    cells = sorted({cell for some, _ in equations for cell in some})
    rows = [[Fraction(cell in some) for cell in cells] for some, _ in equations]
    done = 0
    for place in range(len(cells)):
        found = next((n for n in range(done, len(rows)) if rows[n][place]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        rows[done] = [each / rows[done][place] for each in rows[done]]
        for n, row in enumerate(rows):
            if n != done and row[place]:
                rows[n] = [a - row[place] * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    alone = (row for row in rows if sum(map(bool, row)) == 1)
    return {cells[next(n for n, each in enumerate(row) if each)] for row in alone}


def sums(shown: Figures, quarters: set[int], cells: Mapping[Cell, int]) -> Iterator[Equation]:
    """Yield what the numbers of a table say of the cells of these quarters."""
    for row, place in product(shown.rows, range(len(shown.columns))):
        column, number = shown.columns[place], row.figures[place].count
        if number is not None:
            among = frozenset(
                cell
                for cell in cells
                if cell[0] in quarters
                and (row.label == "All" or len(shown.rows) == 1 or cell[1] == row.label)
                and (column in ("All", "Complaints") or cell[2] == column)
            )
            assert sum(cells[cell] for cell in among) == number
            yield among, number


def hunted(code: str, rows: list[str], columns: dict[str, str], drawn: Random) -> set[Cell]:
    """Return small numbers that the reports of four quarters and their year give away."""
    cells = {
        (quarter, row, words): drawn.choice([0, 1, 2, 4, 5, 6, 9, 14, 30])
        for quarter, row, words in product(range(4), rows, columns.values())
    }

    def counted(quarters: set[int]) -> Figures:
        counts: dict[tuple[str, str], int] = {}
        for (quarter, row, words), number in cells.items():
            key = next(each for each, said in columns.items() if said == words)
            if quarter in quarters and number:
                counts[row, key] = counts.get((row, key), 0) + number
        return table(code, counts)

    parts = [{code: counted({quarter})} for quarter in range(4)]
    equations = []
    for quarter in range(4):
        [shown] = without_small([parts[quarter][code]], [])
        equations += sums(shown, {quarter}, cells)
        # How many there were is told above the tables.
        every = frozenset(each for each in cells if each[0] == quarter)
        equations.append((every, sum(cells[each] for each in every)))
    [year] = without_small([counted({0, 1, 2, 3})], parts)
    equations += sums(year, {0, 1, 2, 3}, cells)
    return {each for each in solved(equations) if 0 < cells[each] < 5}


@pytest.mark.one_database
@pytest.mark.parametrize("seed", range(40))
def test_no_number_less_others_of_a_year_and_its_quarters_is_a_small_one(seed):
    drawn = Random(seed)  # noqa: S311 - numbers to be looked at, and the same ones every time

    assert hunted("types", ["damp", "lifts", "noise", "staff"], {"": "Complaints"}, drawn) == set()
    assert hunted("answered", ["Stage 1", "Stage 2"], TIMINGS, drawn) == set()


@pytest.mark.one_database
def test_a_year_that_minded_only_its_own_numbers_would_give_some_away(monkeypatch):
    """The negative control of the hunt."""
    alone = without_small
    monkeypatch.setattr(f"{__name__}.without_small", lambda sheets, parts: alone(sheets, []))
    names = ["damp", "lifts", "noise", "staff"]

    found = [hunted("types", names, {"": "Complaints"}, Random(seed)) for seed in range(40)]  # noqa: S311

    assert sum(map(bool, found)) > 5


@pytest.mark.one_database
def test_the_hunt_finds_what_one_hidden_number_leaves_open():
    """The negative control: a line that is hidden alone follows from the others."""
    damp, lifts = (0, "damp", ""), (0, "lifts", "")

    assert solved([(frozenset({damp, lifts}), 12), (frozenset({damp}), 9)]) == {damp, lifts}
    assert solved([(frozenset({damp, lifts}), 12)]) == set()


# The pages ---------------------------------------------------------------------------------------


def repeated(report: KeptReport, times: int) -> None:
    """Let everything in a report have happened so many times more."""
    for case in list(report.cases.all()):
        KeptCase.objects.bulk_create(copy_of(case) for _ in range(times))


def copy_of(case: KeptCase) -> KeptCase:
    told = {each.attname: getattr(case, each.attname) for each in KeptCase._meta.concrete_fields}
    return KeptCase(**{**told, "id": None})


@pytest.fixture
def sent(house: House) -> KeptReport:
    """A quarter with seven complaints of one team and two of another, sent."""
    for _ in range(7):
        house.lodge(on=date(2026, 6, 11))
    for _ in range(2):
        house.lodge(on=date(2026, 6, 11), area_id=house.other_team.pk, channel="email")
    make_kept_reports(now=FIRST_OF_JULY)
    report = KeptReport.objects.get(kind="quarterly")
    send(report, house[COLLATOR], FIRST_OF_JULY)
    return report


def by_service(counted) -> dict[str, list[int | None]]:
    [found] = [each for each in counted.sheets if each.sheet.code == "areas"]
    return told(found)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [COLLATOR, MEMBER, Role.AUDITOR, HEAD])
def test_whoever_does_not_see_all_complaints_is_shown_no_small_number_of_them(house, sent, role):
    assert by_service(counted_for(house[role], sent)) == {
        "Repairs north": [7], house.other_team.name: [2], "All": [9],
    }  # fmt: skip

    page = browse(house[role]).get(sent.get_absolute_url())

    [areas] = [each for each in page.context["sheets"] if each["figures"].sheet.code == "areas"]
    assert areas["figures"].finding == HIDDEN
    assert areas["rows"] == []
    assert "you do not see all of the complaints behind them" in page.content.decode()


@pytest.mark.django_db
def test_whoever_sees_all_complaints_is_shown_all_numbers_and_no_paper_has_them(house, sent):
    client = browse(house[COORDINATOR])

    page = client.get(sent.get_absolute_url())
    sheet = client.get(sent.address("csv")).content.decode("utf-8-sig")

    assert by_service(shown_to(house[COORDINATOR], sent))[house.other_team.name] == [2]
    assert house.other_team.name in page.content.decode()
    assert "you do not see all of the complaints behind them" not in page.content.decode()
    assert house.other_team.name not in sheet
    assert ["Overview", "Received", "Complaints", "9"] in list(csv.reader(io.StringIO(sheet)))
    repeated(sent, 4)
    sheet = client.get(sent.address("csv")).content.decode("utf-8-sig")
    assert f"{house.other_team.name},Complaints,10" in sheet


@pytest.mark.django_db
def test_a_month_tells_figures_only_to_whoever_may_open_its_complaints(house, sent):
    month = KeptReport.objects.get(kind="monthly", area=house.service)
    words = "The figures of a month are for those who may open its complaints."

    theirs, other = (browse(house[each]).get(month.get_absolute_url()) for each in (HEAD, COLLATOR))
    listed = browse(house[COLLATOR]).get("/reports/performance/").context["rows"]
    sheet = browse(house[COLLATOR]).get(month.address("csv")).content.decode("utf-8-sig")

    assert ("Received", 7, "?what=received#cases") in theirs.context["tiles"]
    assert words not in theirs.content.decode()
    assert (other.context["tiles"], other.context["sheets"]) == ([], [])
    assert words in other.content.decode()
    assert words in sheet
    again = [browse(house[each]).get(month.address("again")) for each in (COORDINATOR, COLLATOR)]
    assert [each.status_code for each in again] == [200, 403]
    assert "worked out again" not in other.content.decode()
    numbers = {report.kind: shown for report, shown, _ in listed}
    assert numbers == {"monthly": ["Not shown"] * 4, "quarterly": [9, 0, 0, 9]}


@pytest.mark.django_db
def test_few_who_went_to_the_ombudsman_are_few_wherever_a_report_tells_of_them(house, sent):
    for case in list(sent.cases.filter(what="received")[:2]):
        taken = copy_of(case)
        taken.what = "ombudsman"
        taken.save()
    words = "Taken to the Housing Ombudsman"

    theirs, other = (
        browse(house[each]).get(sent.get_absolute_url()).context["tiles"]
        for each in (COORDINATOR, COLLATOR)
    )
    again = browse(house[COLLATOR]).get(sent.address("again")).context["rows"]

    assert (words, 2, "?what=ombudsman#cases") in theirs
    assert (words, "Fewer than 5", "") in other
    assert [words, "Fewer than 5", "0"] in again


@pytest.mark.django_db
def test_the_paper_of_a_report_hides_what_its_file_hides(house, sent):
    paper = browse(house[COORDINATOR]).get(sent.address("pdf"))

    assert paper.status_code == 200
    read = pypdf.PdfReader(io.BytesIO(paper.content))
    words = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    assert "Received 9" in words
    assert "Complaints received by service Not told: too few complaints." in words
    assert house.other_team.name not in words
