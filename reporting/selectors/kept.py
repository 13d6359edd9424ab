"""What reports of a month, a quarter and a year count: from the record and from their cases."""

from collections import Counter
from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from cases.models import Complaint, Deadline, EventWords, JobSlot, RecordedEvent, User
from cases.models.procedures import edition, published_terms
from cases.rules.customers import Channel
from cases.rules.events import EventKind
from cases.rules.next_steps import stage_name
from cases.rules.points import points_found
from cases.rules.roles import MANAGING_ROLES, Role
from cases.selectors.days import TIMINGS, acknowledgements, answers, within
from feedback.models import SurveyRound
from feedback.rules.surveys import ended_half_years
from feedback.selectors.surveys import (
    Found,
    equality_found,
    found_after_closures,
    rounds_found,
)
from reporting.models import KeptCase, KeptCopy, KeptReport
from reporting.rules.kept import (
    ANY,
    DAY,
    FINDINGS,
    MOVES,
    SHEETS,
    Figures,
    Kind,
    Sheet,
    Taken,
    Time,
    What,
    days_taken,
    figures_of,
    points_column,
    time_of,
)
from reporting.rules.small_numbers import taken_without_small, without_small

CHUNK = 1_000
JOB = "performance reports"
# By what the cases of a report may be narrowed in its address.
NARROWED = (
    *("what", "part", "stage", "timing", "outcome", "finding", "avoidable"),
    *("category", "channel", "area"),
)
_ANSWERING = (
    EventKind.RESPONDED.value,
    EventKind.RESOLVED.value,
    EventKind.OUTCOME_SENT.value,
)
_CHANNELS = {each.value: each.words for each in Channel}


def last_reported(kind: Kind) -> date | None:
    """Return the first day of the last time of which all reports of a kind are made."""
    slots = JobSlot.objects.filter(job=JOB, slot__startswith=kind.value).order_by("-slot")
    slot = slots.values_list("slot", flat=True).first()
    return date.fromisoformat(slot.removeprefix(f"{kind.value} ")) if slot else None


def made_reports(kind: Kind, first_day: date) -> set[int | None]:
    """Return the areas of which a report of that time is made."""
    made = KeptReport.objects.filter(kind=kind.value, first_day=first_day)
    return set(made.values_list("area", flat=True))


def has_complaints(until: date) -> bool:
    """Say whether anything came in until a day: before that there is nothing to report."""
    return Complaint.objects.filter(received_on__lte=until).exists()


# From the record ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Happened:
    """One thing that happened to one complaint, as a report keeps it.

    `visit` is the stay in a stage that was answered.
    """

    complaint_id: int
    what: str
    on: date
    part: date
    category: str
    channel: str
    area: str
    officer: str
    stage: str = ""
    timing: str = ""
    outcome: str = ""
    points_upheld: int | None = None
    points_partly_upheld: int | None = None
    points_not_upheld: int | None = None
    points_not_ours: int | None = None
    points_unfound: int | None = None
    avoidable: str = ""
    entry: int | None = None
    days: int | None = None
    visit: tuple[str, int] = ("", 0)

    @property
    def kept(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return {field.name: getattr(self, field.name) for field in fields(self)[:-1]}


def happened_in(
    kind: Kind, time: Time, areas: Collection[int] | None, *, user: User | None = None
) -> Generator[Happened, None, None]:
    """Yield what happened to complaints in a time, as the record tells it now.

    Of some areas and of what is accepted, or of the whole landlord; with a `user` without what is
    closed to them. What was none of its own is not told. Seven queries and one for each CHUNK
    of answers, read in chunks.
    """
    told = Complaint.objects.counted()
    if user is not None:
        told = told.not_closed_to(user)
    if areas is not None:
        told = told.filter(service_area__in=sorted(areas), needs_triage=False)
    days = (time.first, time.last)
    at_the_end = Q(is_open=True) | Q(closed_on__gt=time.last)
    for what, column, these in (
        (What.RECEIVED, "received_on", within("received_on", *days)),
        (What.CLOSED, "closed_on", within("closed_on", *days)),
        (What.OPEN, "received_on", Q(received_on__lte=time.last) & at_the_end),
        (What.OMBUDSMAN, "ombudsman_on", within("ombudsman_on", *days)),
    ):
        yield from _moved(kind, time, told.filter(these), what, column)
    acknowledged = acknowledgements(*days).filter(complaint__in=told)
    yield from _kept_promises(kind, acknowledged, What.ACKNOWLEDGED)
    answered = answers(*days).filter(complaint__in=told)
    yield from _with_outcomes(_kept_promises(kind, answered, What.ANSWERED))


_FIELDS = ("category__name", "channel", "service_area__name", "responsible_officer__name")


def _moved(
    kind: Kind, time: Time, told: QuerySet[Complaint], what: What, column: str
) -> Iterator[Happened]:
    rows = told.order_by(column, "pk").values_list(
        "pk", column, "procedure_version_id", "stage", *_FIELDS
    )
    for key, on, version, stage, *rest in rows.iterator(CHUNK):
        # What is open at the end came in at any time before.
        part = time_of(kind.part, max(on, time.first)).first
        happened = Happened(key, what.value, on, part, *_in_words(*rest))
        if what is What.OPEN:
            # Of the others the stage where they are by now is not the point.
            happened.stage = stage_name(published_terms(version), stage)
        yield happened


def _in_words(
    category: str | None, channel: str, area: str | None, officer: str | None
) -> tuple[str, str, str, str]:
    way = _CHANNELS.get(channel, channel.replace("_", " ").capitalize())
    return category or "", way, area or "", officer or ""


def _kept_promises(kind: Kind, promises: QuerySet[Deadline, Any], what: What) -> Iterator[Happened]:
    timing = Case(
        *(When(condition, then=Value(each.value)) for each, condition in TIMINGS.items()),
        output_field=CharField(),
    )
    rows = (
        promises.annotate(timing=timing)
        .order_by("met_on", "pk")
        .values_list(
            *("complaint_id", "met_on", "timing", "avoidable", "stage", "visit", "anchor_on"),
            "calendar",
            "complaint__procedure_version_id",
            *(f"complaint__{field}" for field in _FIELDS),
        )
    )
    for row in rows.iterator(CHUNK):
        key, on, in_time, avoidable, stage, visit, anchor, calendar, version, *rest = row
        happened = Happened(key, what.value, on, time_of(kind.part, on).first, *_in_words(*rest))
        happened.stage = stage_name(published_terms(version), stage)
        happened.timing = in_time
        happened.avoidable = avoidable if what is What.ANSWERED else ""
        happened.visit = (stage, visit)
        if anchor:
            happened.days = max(0, edition(calendar).working_days_between(anchor, on))
        yield happened


def _with_outcomes(answered: Iterator[Happened]) -> Iterator[Happened]:
    """Add what each answer found, as it said itself: a later stage may find something else."""
    while chunk := list(islice(answered, CHUNK)):
        keys = {each.complaint_id for each in chunk}
        said = RecordedEvent.objects.filter(
            complaint__in=keys, kind__in=(*_ANSWERING, EventKind.POINTS_DEFINED.value)
        )
        rows = said.order_by("complaint", "number").values_list(
            "complaint_id", "number", "kind", "stage", "visit", "facts"
        )
        found: dict[tuple[int, str, int], tuple[int, dict[str, Any], int]] = {}
        points: dict[int, int] = {}
        for key, number, kind, stage, visit, facts in rows:
            if kind == EventKind.POINTS_DEFINED:
                points[key] = len(facts.get("points", []))
            else:
                found[key, stage, visit] = (number, facts, points.get(key, 0))
        for each in chunk:
            number, facts, defined = found.get((each.complaint_id, *each.visit), (0, {}, 0))
            each.outcome = facts.get("outcome") or ""
            each.entry = number or None
            # What keeps the day of an answer without being one, as passing it on, finds nothing.
            judged = points_found(facts, defined=defined) if number else {}
            for finding in FINDINGS:
                setattr(each, points_column(finding), judged.get(finding, 0))
            yield each


def found_in(kind: Kind, time: Time) -> dict[str, Any]:
    """Return what a report tells that is counted from no case: surveys, and who answered them.

    In the report of a quarter stand the surveys of some months that were begun in it or answered
    in it, and in that of a year those of its quarters (HH-34, HH-35).
    """
    if kind is Kind.MONTHLY:
        return {}
    surveys = [("After closing", found_after_closures(time.first, time.last))]
    surveys += [(_title(each, found), found) for each, found in rounds_found(time.first, time.last)]
    told: dict[str, Any] = {"surveys": [_survey(title, each) for title, each in surveys]}
    if kind is Kind.YEARLY:
        # Of a report that is made late too: they are those of its year.
        ended = time.last + DAY
        halves = ended_half_years(ended)
        told["diversity"] = [
            {"question": each.question, "answers": [list(answer) for answer in each.answers]}
            for each in equality_found(today=ended)
        ]
        told["diversity_since"] = [half.isoformat() for half in halves]
    return told


def _title(round_: SurveyRound, found: Found) -> str:
    """Return what the answers to a round are called: which complaints, and answered when."""
    if not (found.first and found.last):
        return f"Complaints of {round_}"
    return f"Complaints of {round_}, answers of {Time(found.first, found.last).words}"


def _survey(title: str, found: Found) -> dict[str, Any]:
    return {
        "title": title,
        "asked": found.asked,
        "answered": found.answered,
        "questions": [
            {"question": each.question, "counts": list(each.counts), "satisfied": each.satisfied}
            for each in found.questions
        ],
    }


# From the cases of a report ----------------------------------------------------------------------


def reports_of(user: User, *, kind: str = "") -> QuerySet[KeptReport]:
    """Return the reports somebody may open, the latest first; of one kind if it is named."""
    reports = KeptReport.objects.open_to(user)
    if kind:
        reports = reports.filter(kind=kind)
    return reports.newest_first().select_related("area", "lessons", "sent_by")


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a report as far as one reader may know of its cases.

    `parts` are the tables of its quarters, where other reports tell these by themselves. It `hides`
    small numbers from whoever may not open each of the cases, and on every paper. Where it
    `is_untold` the figures are withheld, which is not the same as that there was nothing.
    """

    numbers: dict[str, int]
    sheets: tuple[Figures, ...]
    taken: list[Taken]
    parts: tuple["Counted", ...] = ()
    hides: bool = False
    is_untold: bool = False

    @property
    def without_small(self) -> "Counted":
        """Return the figures without small numbers, nor those that would give them away."""
        tables = [{each.sheet.code: each for each in part.sheets} for part in self.parts]
        return replace(
            self,
            sheets=without_small(self.sheets, tables),
            taken=taken_without_small(self.taken, [each.taken for each in self.parts]),
            hides=True,
        )


def counted_for(user: User, report: KeptReport) -> Counted:
    """Return the figures of a report, counted from its cases. Five queries.

    They are those that were sent unless a complaint is closed to the reader.
    """
    kind = Kind(report.kind)
    mine = KeptCase.objects.filter(report=report).countable_by(user).order_by()
    sums = [Sum(points_column(each)) for each in FINDINGS]
    received = mine.filter(what=What.RECEIVED.value)
    rows = _Rows(
        told=list(mine.values_list(*_KEYS).annotate(Count("pk"), *sums)),
        received={
            field: list(received.values_list("part", field).annotate(Count("pk")))
            for field in ("category", "channel", "area")
        },
        days=list(
            mine.filter(what=What.ANSWERED.value, days__isnull=False)
            .values_list("part", "stage", "days")
            .annotate(Count("pk"))
        ),
    )
    counted = _counted(kind, rows)
    if kind is not Kind.YEARLY:
        return counted
    quarters = sorted({row[1] for row in rows.told})
    return replace(counted, parts=tuple(_counted(kind, rows.of(each)) for each in quarters))


_KEYS = ("what", "part", "stage", "timing", "outcome", "avoidable")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Sums of the cases of a report: by what is told of them, and of what came and was answered."""

    told: list[tuple[Any, ...]]
    received: dict[str, list[tuple[date, str, int]]]
    days: list[tuple[date, str, int, int]]

    def of(self, part: date) -> "_Rows":
        """Return those of one quarter alone."""
        return _Rows(
            told=[row for row in self.told if row[1] == part],
            received={
                field: [row for row in rows if row[0] == part]
                for field, rows in self.received.items()
            },
            days=[row for row in self.days if row[0] == part],
        )

    @property
    def numbers(self) -> Counter[str]:
        """Return how much of what there was."""
        found: Counter[str] = Counter()
        for row in self.told:
            found[row[0]] += row[len(_KEYS)]
        return found

    def received_by(self, field: str) -> Counter[tuple[str, str]]:
        """Return how many came in, by a field."""
        found: Counter[tuple[str, str]] = Counter()
        for _, value, number in self.received[field]:
            found[value, ""] += number
        return found

    @property
    def taken(self) -> Counter[tuple[str, int]]:
        """Return how many answers at a stage took so many working days."""
        found: Counter[tuple[str, int]] = Counter()
        for _, stage, days, number in self.days:
            found[stage, days] += number
        return found


def _counted(kind: Kind, found_rows: _Rows) -> Counted:
    keys, rows = _KEYS, found_rows.told
    has_points = any(row[len(keys) + 1] is not None for row in rows)
    numbers = found_rows.numbers

    def counts(sheet: Sheet) -> dict[tuple[str, str], int]:
        if sheet.rows in found_rows.received:
            return found_rows.received_by(sheet.rows)
        found: Counter[tuple[str, str]] = Counter()
        for values in rows:
            told = dict(zip(keys, values, strict=False))
            is_among = told["what"] == sheet.what or (sheet.what is None and told["what"] in MOVES)
            if not is_among or (sheet.timing and told["timing"] != sheet.timing):
                continue
            row = told[sheet.rows]
            value = row.isoformat() if isinstance(row, date) else row
            number, *points = values[len(keys) :]
            if sheet.columns == "finding":
                for finding, judged in zip(FINDINGS, points, strict=True):
                    found[value, finding] += judged or 0
            else:
                found[value, told[sheet.columns]] += number
        return +found

    is_answered = bool(numbers[What.ANSWERED.value])
    sheets = [
        each
        for each in SHEETS
        if (kind is not Kind.MONTHLY or each.rows != "part")
        # Before points were counted, nothing was kept of them, nor of what late answers said.
        and (has_points or not is_answered or each.columns not in ("finding", "avoidable"))
    ]
    return Counted(
        dict(numbers),
        tuple(figures_of(each, counts(each), part=kind.part) for each in sheets),
        days_taken(found_rows.taken),
    )


def opens_whole(user: User, report: KeptReport) -> bool:
    """Say whether somebody may list each of the cases that their figures count. Two queries.

    Whoever may is shown small numbers as they are: they can count them.
    """
    return report.pk in opened_whole(user, [report])


def opened_whole(user: User, reports: Collection[KeptReport]) -> set[int]:
    """Return the keys of the reports of which `opens_whole` is so. Two queries."""
    if not user.has_role(*MANAGING_ROLES, Role.COMPLAINTS_COORDINATOR):
        return set()
    months = [each.pk for each in reports if each.kind == Kind.MONTHLY]
    copies = KeptCopy.objects.filter(report__in=months, recipient=user)
    theirs = set(copies.values_list("report", flat=True))
    others = {each.pk for each in reports} - theirs
    seen = Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint"))
    unseen = KeptCase.objects.filter(report__in=others).countable_by(user).filter(~Exists(seen))
    return theirs | others - set(unseen.order_by().values_list("report", flat=True).distinct())


def shown_to(user: User, report: KeptReport, *, on_paper: bool = False) -> Counted:
    """Return the figures of a report as somebody is shown them, or has them on paper.

    Of a month, which tells of one service, whoever may not open its complaints has no figures: the
    quarters tell those of the whole landlord, and one less the other would be what is hidden.
    """
    opens = opens_whole(user, report)
    if report.kind == Kind.MONTHLY and not opens:
        return Counted({}, (), [], hides=True, is_untold=True)
    counted = counted_for(user, report)
    return counted if opens and not on_paper else counted.without_small


def numbers_for(user: User, reports: Collection[KeptReport]) -> dict[int, dict[str, int]]:
    """Return the first figures of reports by key, as far as this reader may know. One query."""
    cases = KeptCase.objects.filter(report__in=[each.pk for each in reports]).countable_by(user)
    found: dict[int, dict[str, int]] = {each.pk: {} for each in reports}
    rows = cases.order_by().values_list("report", "what").annotate(Count("pk"))
    for key, what, number in rows:
        found[key][what] = number
    return found


def cases_shown(report: KeptReport, user: User, asked: Mapping[str, str]) -> QuerySet[KeptCase]:
    """Return the cases that a figure counts and that this reader may have listed, in their order.

    `asked` narrows them by fields in NARROWED.

    :raises ValueError: if it names a finding that there is not.
    """
    fields = {name: value for name, value in asked.items() if name != "finding"}
    cases = KeptCase.objects.filter(report=report, **fields).readable_by(user, report)
    if "finding" in asked:
        if asked["finding"] not in (ANY, *FINDINGS):
            raise ValueError(asked["finding"])
        findings = FINDINGS if asked["finding"] == ANY else (asked["finding"],)
        some = ((f"{points_column(each)}__gt", 0) for each in findings)
        cases = cases.filter(Q(*some, _connector="OR"))
    return cases.select_related("complaint").order_by("what", "on", "complaint__reference", "pk")


def late_because(cases: Collection[KeptCase], user: User) -> dict[int, str]:
    """Return why answers came late, by the case of the report, as far as `user` may read it.

    One query. It is read where it was written: a report has no words of a complaint.
    """
    late = {(each.complaint_id, each.entry): each.pk for each in cases if each.avoidable_words}
    if not late:
        return {}
    beside = EventWords.objects.filter(
        event__complaint__in=Complaint.objects.readable_by(user).filter(
            pk__in={complaint for complaint, _ in late}
        ),
        event__number__in={entry for _, entry in late if entry},
    )
    rows = beside.values_list("event__complaint", "event__number", "parts")
    return {
        late[complaint, number]: parts.get("late_because", "")
        for complaint, number, parts in rows
        if (complaint, number) in late
    }


@dataclass(frozen=True, slots=True)
class Change:
    """What a report has otherwise than the record has by now: of which complaint, and which way."""

    reference: str
    what: str
    was: bool


@dataclass(frozen=True, slots=True)
class Again:
    """The figures of a report beside the same worked out now, and where they differ."""

    kept: dict[str, int]
    now: dict[str, int]
    changes: list[Change]


def worked_out_again(report: KeptReport, user: User) -> Again:
    """Return whether the figures come out of the record as they did; of what is open to `user`.

    Where somebody is by now, and whose it is, is left out of what is compared.
    """
    time, areas = report.time, report.areas if report.kind == Kind.MONTHLY else None
    kept = Counter(
        _compared(each.complaint_id, each)
        for each in KeptCase.objects.filter(report=report).countable_by(user).iterator(CHUNK)
    )
    # What a report that was made before points were counted has not, is not compared.
    has_points = not kept or any(each.points_upheld >= 0 for each in kept)
    now = Counter(
        _compared(each.complaint_id, each, has_points=has_points)
        for each in happened_in(Kind(report.kind), time, areas, user=user)
    )
    gone, come = kept - now, now - kept
    names = dict(
        Complaint.objects.visible_to(user)
        .filter(pk__in={each.complaint for each in (*gone, *come)})
        .values_list("pk", "reference")
    )
    changes = [
        Change(names.get(each.complaint, ""), each.what, was)
        for was, found in ((True, gone), (False, come))
        for each in sorted(found)
    ]
    return Again(_by_what(kept), _by_what(now), changes)


class _Compared(NamedTuple):
    """What of one thing that happened is compared, in an order in which it can be sorted."""

    complaint: int
    what: str
    on: str
    stage: str
    timing: str
    outcome: str
    days: int
    points_upheld: int
    points_partly_upheld: int
    points_not_upheld: int
    points_not_ours: int
    points_unfound: int
    avoidable: str


def _compared(key: int, each: KeptCase | Happened, *, has_points: bool = True) -> _Compared:
    return _Compared(
        key,
        each.what,
        each.on.isoformat(),
        "" if each.what == What.OPEN else each.stage,
        each.timing,
        each.outcome,
        _or_none(each.days),
        _or_none(each.points_upheld if has_points else None),
        _or_none(each.points_partly_upheld if has_points else None),
        _or_none(each.points_not_upheld if has_points else None),
        # A report made before points could be found so has none of them, and no number.
        (each.points_not_ours or 0) if has_points else 0,
        _or_none(each.points_unfound if has_points else None),
        each.avoidable if has_points else "",
    )


def _or_none(number: int | None) -> int:
    return -1 if number is None else number


def _by_what(found: Counter[_Compared]) -> dict[str, int]:
    numbers: Counter[str] = Counter()
    for each, number in found.items():
        numbers[each.what] += number
    return dict(numbers)
