"""Reports of a month, a quarter and a year: when each is due, what it counts (HH-30 to 35)."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cases.rules.calendars import WorkingCalendar
from cases.rules.day_spans import Happening
from cases.rules.events import Outcome
from cases.rules.periods import LONDON, due_on, parse_period
from feedback.rules.surveys import FEWEST

DAY = timedelta(days=1)
# London time, on the first day after the period.
REPORT_HOUR = 7
# After an outage so many reports of one kind are made up for, the latest.
MOST_MISSED = 12
# The landlord's year begins in April.
FIRST_MONTH = 4
# When heads of service have to tell what was learnt (HH-31), and how often they are reminded.
LESSONS_PERIOD = "day 30 of the following month"
CHASED_EVERY = 5
# What stands in an address for the whole landlord; no area has such a code.
WHOLE_LANDLORD = "_"


class Kind(StrEnum):
    """The kinds of reports, by how long a time each tells of."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def words(self) -> str:
        """Return what such a report is called."""
        return {
            "monthly": "Monthly report",
            "quarterly": "Complaints Performance Report",
            "yearly": "Annual complaints report",
        }[self.value]

    @property
    def months(self) -> int:
        """Return how many months it tells of."""
        return {"monthly": 1, "quarterly": 3, "yearly": 12}[self.value]

    @property
    def part(self) -> int:
        """Return how many months it tells of together: a quarter of a year, else each month."""
        return 3 if self is Kind.YEARLY else 1


@dataclass(frozen=True, slots=True)
class Time:
    """The days from the first to the last that a report tells of."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """Return the time in words: "May 2026", "April to June 2026"."""
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.first:%B %Y}"
        year = "" if self.first.year == self.last.year else f" {self.first:%Y}"
        return f"{self.first:%B}{year} to {self.last:%B %Y}"


def time_of(months: int, day: date) -> Time:
    """Return the month, quarter or year, by how many months it has, in which a day lies."""
    count = (day.year * 12 + day.month - FIRST_MONTH) // months * months + FIRST_MONTH - 1
    end = count + months - 1
    last = monthrange(end // 12, end % 12 + 1)[1]
    return Time(date(count // 12, count % 12 + 1, 1), date(end // 12, end % 12 + 1, last))


def half_years(firsts: Iterable[str]) -> str:
    """Return in words the halves of calendar years that begin on these days, as a report has them.

    What people told of themselves is kept by these, whenever the landlord's year begins.
    """
    halves = []
    for first in map(date.fromisoformat, firsts):
        last = date(first.year, 6, 30) if first.month == 1 else date(first.year, 12, 31)
        halves.append(Time(first, last).words)
    return " and ".join(halves)


def times_due(kind: Kind, now: datetime, *, reported: date | None) -> list[Time]:
    """Return the times of which a report is due at this instant, the earliest first.

    A time is reported from 07:00 in London on the day after it. `reported` is the first day of
    the last one reported; those missed since are made up for, for what happened on which day is in
    the record. Before the first report ever there is nothing to make up for.
    """
    local = now.astimezone(LONDON)
    day = local.date()
    if day == time_of(kind.months, day).first and local.hour < REPORT_HOUR:
        day -= DAY
    due: list[Time] = []
    each = time_of(kind.months, time_of(kind.months, day).first - DAY)
    while len(due) < MOST_MISSED and (reported is None or each.first > reported):
        due.insert(0, each)
        if reported is None:
            break
        each = time_of(kind.months, each.first - DAY)
    return due


def lessons_due_on(month: Time, calendar: WorkingCalendar) -> date:
    """Return the day by which a head of service has told what was learnt from a month (A12)."""
    return due_on(parse_period(LESSONS_PERIOD), month.last, calendar)


def chased_on(due: date, today: date, calendar: WorkingCalendar) -> date | None:
    """Return the latest day, today or before, on which whoever owes lessons is reminded.

    First five working days before they are due, then on the day, then every five working days.
    Of days that were missed only the latest counts: nobody is reminded twice of one thing.
    """
    before = calendar.add_working_days(due, -CHASED_EVERY)
    if today < before:
        return None
    if today < due:
        return before
    late = calendar.working_days_between(due, today)
    rounds = late // CHASED_EVERY
    return calendar.add_working_days(due, rounds * CHASED_EVERY) if rounds else due


class What(StrEnum):
    """What happened to a complaint in the time of a report, as far as it is counted."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"
    OPEN = "open"
    OMBUDSMAN = "ombudsman"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "open": "Open at the end",
            "ombudsman": "Taken to the Housing Ombudsman",
        }.get(self.value, self.value.capitalize())


TIMINGS = {
    Happening.ON_TIME.value: "On time",
    Happening.EXTENDED.value: "Within an extension",
    Happening.LATE.value: "Late",
}
IN_TIME = (Happening.ON_TIME.value, Happening.EXTENDED.value)
OUTCOMES = {**{each.value: each.words for each in Outcome}, "": "Not said"}
# What was found about points; of those put right without a formal answer nothing is (HH-11).
FINDINGS = {**{each.value: each.words for each in Outcome}, "": "Put right, or not said"}
# What a late answer said of whether that could have been avoided (HH-29).
AVOIDABLE = {"yes": "Avoidable", "no": "Not avoidable", "": "Not said"}
# What an address asks for that has any point at all.
ANY = "any"
UPHELD = (Outcome.UPHELD.value, Outcome.PARTLY_UPHELD.value)
# Of what is not ours nothing is upheld, and nothing is not: shares are of the rest (Code 5.7).
ON_OURS = (*UPHELD, Outcome.NOT_UPHELD.value)
MOVES = {each.value: each.words for each in (What.RECEIVED, What.ANSWERED, What.CLOSED)}
NOTHING = {
    "category": "No type yet",
    "area": "No service area yet",
    "stage": "No stage",
    "channel": "Not said",
}
Asked = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a report: what it counts, by what its rows are, and by what its columns.

    `timing` narrows it to the answers that came so.
    """

    code: str
    title: str
    head: str
    what: What | None
    rows: str
    columns: str = ""
    is_drawn: bool = False
    timing: str = ""


SHEETS = (
    Sheet("months", "Month by month", "Month", None, "part", "what"),
    Sheet("types", "Types of complaints received", "Type", What.RECEIVED, "category", "", True),
    Sheet("channels", "How complaints were received", "Way", What.RECEIVED, "channel"),
    Sheet("areas", "Complaints received by service", "Service", What.RECEIVED, "area"),
    Sheet("acknowledged", "Acknowledgements", "Stage", What.ACKNOWLEDGED, "stage", "timing"),
    Sheet("answered", "Response times achieved", "Stage", What.ANSWERED, "stage", "timing", True),
    Sheet(
        "late",
        "Late answers: could it have been avoided?",
        "Stage",
        What.ANSWERED,
        "stage",
        "avoidable",
        timing=Happening.LATE.value,
    ),
    Sheet("outcomes", "Outcomes", "Stage", What.ANSWERED, "stage", "outcome"),
    Sheet("points", "Points by finding", "Stage", What.ANSWERED, "stage", "finding"),
)
_COLUMNS: dict[str, Mapping[str, str]] = {
    "timing": TIMINGS,
    "outcome": OUTCOMES,
    "finding": FINDINGS,
    "avoidable": AVOIDABLE,
    "what": MOVES,
    "": {},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a report, and what is asked of its cases to find those that it counts.

    There is none where it is so small that it is not told.
    """

    count: int | None
    asked: Asked


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; `share` is how many of a hundred were in time, where that is told."""

    label: str
    figures: tuple[Figure, ...]
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """A table with its numbers, its totals at the end, and the sentence that says what it shows."""

    sheet: Sheet
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    finding: str

    @property
    def title(self) -> str:
        """Return what it is called."""
        return self.sheet.title

    @property
    def has_share(self) -> bool:
        """Say whether it tells how many of a hundred were in time."""
        return self.sheet.columns == "timing"


def points_column(finding: str) -> str:
    """Return the name under which is kept how many points of an answer were found so."""
    return f"points_{finding or 'unfound'}"


def figures_of(sheet: Sheet, counts: Mapping[tuple[str, str], int], *, part: int) -> Figures:
    """Return the table of numbers counted by row and column, the largest rows first.

    What has stages or days in its rows keeps their order.
    """
    columns = _COLUMNS[sheet.columns]
    values = list({row for row, _ in counts})
    if sheet.rows in ("part", "stage"):
        values.sort()
    else:
        values.sort(key=lambda row: (-counts[row, ""], row))
    rows = [_row(sheet, value, counts, columns, part) for value in values]
    if len(rows) > 1:
        rows.append(_all(sheet, counts, columns))
    has_all = sheet.columns in ("timing", "outcome", "finding", "avoidable")
    names = (*columns.values(), "All") if has_all else ()
    heads = names or tuple(columns.values()) or ("Complaints",)
    return Figures(sheet, heads, tuple(rows), _finding(sheet, counts))


def _row(
    sheet: Sheet,
    value: str,
    counts: Mapping[tuple[str, str], int],
    columns: Mapping[str, str],
    part: int,
) -> Row:
    mine = {column: number for (row, column), number in counts.items() if row == value}
    return _line(sheet, _label(sheet.rows, value, part), mine, columns, ((sheet.rows, value),))


def _all(sheet: Sheet, counts: Mapping[tuple[str, str], int], columns: Mapping[str, str]) -> Row:
    together: dict[str, int] = {}
    for (_, column), number in counts.items():
        together[column] = together.get(column, 0) + number
    return _line(sheet, "All", together, columns, ())


def _line(
    sheet: Sheet,
    label: str,
    numbers: Mapping[str, int],
    columns: Mapping[str, str],
    row_asked: Asked,
) -> Row:
    asked = ((("what", sheet.what.value),) if sheet.what else ()) + row_asked
    if sheet.timing:
        asked = (*asked, ("timing", sheet.timing))
    figures = [
        Figure(numbers.get(column, 0), (*asked, (sheet.columns, column))) for column in columns
    ]
    total = sum(numbers.values())
    if sheet.columns == "finding":
        # Points are counted, of which an answer may have none.
        figures.append(Figure(total, (*asked, (sheet.columns, ANY))))
    elif sheet.columns != "what":
        figures.append(Figure(total, asked))
    in_time = sum(numbers.get(each, 0) for each in IN_TIME)
    share = share_of(in_time, total) if sheet.columns == "timing" else None
    return Row(label, tuple(figures), share)


def _label(field: str, value: str, part: int) -> str:
    if field == "part":
        return time_of(part, date.fromisoformat(value)).words
    return value or NOTHING[field]


def share_of(part: int, whole: int) -> int | None:
    """Return how many of a hundred, a half up; None of nothing. 99.9 is not all of them."""
    if not whole:
        return None
    share = (200 * part + whole) // (2 * whole)
    return 99 if share == 100 and part < whole else 1 if share == 0 and part else share


def _finding(sheet: Sheet, counts: Mapping[tuple[str, str], int]) -> str:
    total = sum(counts.values())
    if not total:
        return "There were none."
    if sheet.columns == "timing":
        in_time = sum(number for (_, column), number in counts.items() if column in IN_TIME)
        what = "answers" if sheet.what is What.ANSWERED else "acknowledgements"
        return f"{share_of(in_time, total)}% of {what} were in time or within an extension."
    if sheet.columns == "finding":
        return _points(counts)
    if sheet.columns == "avoidable":
        return _avoidable(counts)
    if sheet.columns == "outcome":
        return _outcomes(counts)
    if sheet.columns == "what":
        return "What came in, what was answered and what was closed."
    (most, _), number = min(counts.items(), key=lambda each: (-each[1], each[0]))
    return f"The largest part: {most or NOTHING[sheet.rows]}, {number:,} of {total:,}."


def _outcomes(counts: Mapping[tuple[str, str], int]) -> str:
    said = sum(number for (_, column), number in counts.items() if column)
    if not said:
        return "None of the answers says an outcome."
    on_ours = sum(number for (_, column), number in counts.items() if column in ON_OURS)
    if not on_ours:
        return "No answer was about what is our responsibility."
    found = sum(number for (_, column), number in counts.items() if column in UPHELD)
    of = "answers" if said == sum(counts.values()) else "answers that say an outcome"
    about = "" if on_ours == said else " about what is our responsibility"
    return f"{share_of(found, on_ours)}% of {of}{about} upheld the complaint, wholly or in part."


def _points(counts: Mapping[tuple[str, str], int]) -> str:
    said = sum(number for (_, column), number in counts.items() if column)
    if not said:
        return "None of the points has a finding."
    on_ours = sum(number for (_, column), number in counts.items() if column in ON_OURS)
    if not on_ours:
        return "None of the points was our responsibility."
    found = sum(number for (_, column), number in counts.items() if column in UPHELD)
    of = "points" if said == sum(counts.values()) else "points with a finding"
    about = "" if on_ours == said else " that are our responsibility"
    share = share_of(found, on_ours)
    return f"{share}% of {on_ours:,} {of}{about} were upheld, wholly or in part."


def _avoidable(counts: Mapping[tuple[str, str], int]) -> str:
    said = sum(number for (_, column), number in counts.items() if column)
    if not said:
        return "None of the late answers says whether it could have been avoided."
    total = sum(counts.values())
    could = sum(number for (_, column), number in counts.items() if column == "yes")
    of = "late answers" if said == total else "late answers that say so"
    return f"{share_of(could, said)}% of {of} could have been in time."


@dataclass(frozen=True, slots=True)
class Taken:
    """How many working days the answers at a stage took; how many they were, where that is told."""

    stage: str
    answers: int | None
    average: str
    half_within: int
    longest: int


def days_taken(counts: Mapping[tuple[str, int], int]) -> list[Taken]:
    """Return how long answers took, from how many took so many working days at each stage."""
    found = []
    for stage in sorted({stage for stage, _ in counts}):
        mine = sorted((days, n) for (each, days), n in counts.items() if each == stage)
        answers = sum(n for _, n in mine)
        tenths = (20 * sum(days * n for days, n in mine) + answers) // (2 * answers)
        reached, half = 0, 0
        for days, number in mine:
            reached += number
            if 2 * reached >= answers:
                half = days
                break
        average = f"{tenths // 10}.{tenths % 10}"
        found.append(Taken(stage or NOTHING["stage"], answers, average, half, mine[-1][0]))
    return found


def headline(numbers: Mapping[str, int], *, hides: bool) -> list[tuple[str, Figure]]:
    """Return the first numbers of a report: how much of what there was.

    Where it `hides` small numbers, that is the one of those few who went to the Ombudsman; how many
    complaints came and went tells of nobody.
    """
    found = []
    for each in What:
        number = numbers.get(each.value, 0)
        is_few = hides and each is What.OMBUDSMAN and 0 < number < FEWEST
        found.append((each.words, Figure(None if is_few else number, (("what", each.value),))))
    return found


FEW = f"Fewer than {FEWEST}"


def told_share(share: int | None) -> str:
    """Return how many of a hundred, for people, or that it is not told."""
    return "Not shown" if share is None else f"{share}%"


def told_count(number: int | None, instead: str = "Not shown") -> str:
    """Return a number for people, or what is said where it is too small to be told."""
    return instead if number is None else f"{number:,}"


def message_of(kind: Kind, time: Time, name: str, numbers: Mapping[str, int], page: str) -> str:
    """Return the words of the message with a report: its first numbers and where it lies.

    Nothing in it tells of a single complaint.
    """
    whose = f"complaints in {name}" if name else "all complaints"
    told = "\n".join(
        f"{words}: {told_count(figure.count, FEW)}"
        for words, figure in headline(numbers, hides=kind is not Kind.MONTHLY)
    )
    return f"{kind.words} on {whose}, {time.words}.\n\n{told}\n\n{page}\n"
