"""The Tenant Satisfaction Measures CH01 and CH02, complaint by complaint.

What is counted is judged by the Code's own times, whatever the procedure promises: a response is
due so many working days after the acknowledgement. Every complaint at a stage is one line, also
those that are left out, each with the reason.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from cases.rules.calendars import WorkingCalendar
from cases.rules.customers import CustomerCategory, category_words
from cases.rules.editions import AdoptedEditions
from cases.rules.events import NONE_OF_ITS_OWN, Event, EventKind
from cases.rules.history import calendar_adoptions, effective_events
from cases.rules.story import CLOSING, Stay, Story
from cases.rules.terms import ProcedureTerms, StageKind
from reporting.rules.measure_definitions import Definition, StageTimes, Tenure
from reporting.rules.reporting_years import ReportingYear

TENTH = Decimal("0.1")
# What bears on a measure; a note, a file or a message does not.
BEARING = tuple(
    kind.value
    for kind in EventKind
    if kind
    not in {
        *(EventKind.NOTED, EventKind.FILE_ADDED, EventKind.DETAILS_CHANGED),
        *(EventKind.ACCESS_CHANGED, EventKind.MAIL_RECEIVED, EventKind.UPDATED),
        *(EventKind.POINTS_DEFINED, EventKind.LETTER_PROPOSED, EventKind.LETTER_DECIDED),
        *(EventKind.ASSIGNED, EventKind.DELAY_EXPLAINED),
    }
)


class Result(StrEnum):
    """How a complaint that is counted was answered."""

    IN_TIME = "in-time"
    EXTENDED = "extended"
    LATE = "late"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"
    PENDING = "not-due"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "in-time": "Answered within the Code’s time",
            "extended": "Answered within a valid extension",
            "late": "Answered late",
            "unanswered": "Not answered by its day",
            "withdrawn": "Withdrawn by the customer before an answer was due",
            "not-due": "Not answered, and not due yet",
        }[self.value]


class LeftOut(StrEnum):
    """Why a complaint is not counted, where that is not what its customer is to the landlord."""

    MISTAKE = "logged-by-mistake"
    TWIN = "merged"
    UNACCEPTED = "not-yet-accepted"
    REFUSED = "refused"
    ELSEWHERE = "not-a-complaint"
    FIRST_CONTACT = "first-contact"
    REQUEST_WAITS = "request-waits"
    REQUEST_REFUSED = "request-refused"
    FURTHER_STAGE = "further-stage"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "logged-by-mistake": "Logged by mistake and annulled",
            "merged": "Merged into another complaint, which is counted",
            "not-yet-accepted": "Sent in, and not looked at yet",
            "refused": "Refused: not accepted as a complaint",
            "not-a-complaint": "Not a complaint: referred to another procedure",
            "first-contact": "At first contact only, before stage 1",
            "request-waits": "Stage 2 asked for, and not decided yet",
            "request-refused": "The request for stage 2 was refused",
            "further-stage": "At a further stage, which the Code does not have",
        }[self.value]


OTHER_CATEGORY = "other-customer"


def reason_words(code: str) -> str:
    """Return a reason for which complaints are left out, in words."""
    if code in set(LeftOut):
        return LeftOut(code).words
    if code == OTHER_CATEGORY:
        return "Neither a tenant nor a shared owner"
    return f"{category_words(code.replace('-', '_'))}: neither a tenant nor a shared owner"


def reason_for(category: str) -> str:
    """Return the code of the reason for which such a customer's complaint is left out."""
    is_known = category in set(CustomerCategory)
    return category.replace("_", "-") if is_known else OTHER_CATEGORY


@dataclass(frozen=True, slots=True)
class Line:
    """A complaint at a stage of the Code, as the measures take it.

    `due_on` is the Code's day, and `extended_to` the last day that was validly told instead.
    `invalid` says of each extension that does not count why not. `ended_on` is the day on which
    it ended without an answer. It is `crossing` when at the end of the year it was neither
    answered nor due, and had not ended.
    """

    complaint: int
    stage: int
    received_on: date
    left_out: str = ""
    tenure: Tenure | None = None
    due_on: date | None = None
    extended_to: date | None = None
    answered_on: date | None = None
    acknowledge_by: date | None = None
    acknowledged_on: date | None = None
    ended_on: date | None = None
    result: Result | None = None
    is_crossing: bool = False
    invalid: tuple[str, ...] = ()

    @property
    def settled_on(self) -> date | None:
        """Return the day on which it was answered, or ended without an answer."""
        return self.answered_on or self.ended_on

    @property
    def is_acknowledged_late(self) -> bool:
        """Say whether it was acknowledged, and after the last day for that."""
        told, by = self.acknowledged_on, self.acknowledge_by
        return told is not None and by is not None and told > by


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a complaint: its terms, its events, and who complains.

    `named` are the numbers of the events whose letter named the Ombudsman, and `reasoned` those
    with which a reason was given.
    """

    key: int
    terms: ProcedureTerms
    category: str
    recorded: Sequence[Event]
    named: Collection[int]
    reasoned: Collection[int]


def lines_of(
    known: Known,
    definition: Definition,
    year: ReportingYear,
    calendars: Mapping[int, WorkingCalendar],
    *,
    today: date,
) -> list[Line]:
    """Return the lines of a complaint in a year: one for each stage that it came to in it."""
    judge = _Judge(known, definition, year, calendars, today)
    return [line for line in judge.lines() if line.received_on in year]


class _Judge:
    """Judges one complaint."""

    def __init__(
        self,
        known: Known,
        definition: Definition,
        year: ReportingYear,
        calendars: Mapping[int, WorkingCalendar],
        today: date,
    ) -> None:
        self.known = known
        self.definition = definition
        self.year = year
        self.today = today
        self.editions = AdoptedEditions(calendars, calendar_adoptions(known.recorded))
        history = effective_events(known.recorded)
        receipt = next(each for each in history if each.kind is EventKind.RECEIVED)
        self.story = Story(known.terms, receipt)
        for event in history:
            self.story.take(event)

    def lines(self) -> Iterable[Line]:
        """Yield a line for each stage of the Code, and one for what came to none."""
        numbers = code_stages(self.known.terms)
        stays: dict[int, list[Stay]] = {}
        for stay in self.story.stays:
            stays.setdefault(numbers[stay.facts.stage.code], []).append(stay)
        if 1 not in stays and 0 in stays:
            yield self._left_out(1, stays[0][0], self._reason(stays[0][0], LeftOut.FIRST_CONTACT))
        for number in sorted(stays):
            if number in self.definition.numbers:
                yield self._line(number, stays[number])
            elif number:
                yield self._left_out(
                    max(self.definition.numbers), stays[number][0], LeftOut.FURTHER_STAGE.value
                )

    def _line(self, number: int, stays: Sequence[Stay]) -> Line:
        """Return a stage's line: of the stays in it that count, or of the first of all."""
        counted = [each for each in stays if not self._reason(each)]
        if not counted:
            return self._left_out(number, stays[0], self._reason(stays[0]))
        tenure = self.definition.tenures.get(self.known.category)
        if tenure is None:
            return self._left_out(number, counted[0], reason_for(self.known.category))
        return self._judged(number, _as_one(counted), tenure)

    def _reason(self, stay: Stay, otherwise: LeftOut | None = None) -> str:
        """Return why a stay is left out, whoever complains; nothing if it counts."""
        facts, closing = stay.facts, self.story.closing
        ended = facts.ended.kind if facts.ended and not facts.first_answer else None
        if closing and closing.kind in NONE_OF_ITS_OWN:
            is_twin = closing.kind is EventKind.MERGED
            return (LeftOut.TWIN if is_twin else LeftOut.MISTAKE).value
        found = {
            LeftOut.UNACCEPTED: self.story.needs_triage and closing is None,
            LeftOut.REFUSED: ended is EventKind.REFUSED,
            LeftOut.ELSEWHERE: ended is EventKind.REFERRED_ELSEWHERE,
            LeftOut.REQUEST_REFUSED: facts.is_void,
            LeftOut.REQUEST_WAITS: stay.is_pending,
        }
        reason = next((each for each, is_so in found.items() if is_so), otherwise)
        return reason.value if reason else ""

    def _left_out(self, number: int, stay: Stay, reason: str) -> Line:
        return Line(self.known.key, number, self._received_on(stay), left_out=reason)

    def _received_on(self, stay: Stay) -> date:
        return (stay.facts.asked or stay.facts.began).on

    def _judged(self, number: int, stays: Sequence[Stay], tenure: Tenure) -> Line:
        """Judge a stage: it was received in the first stay, and settled in the last."""
        facts, times = stays[-1].facts, self.definition.stage(number)
        events = [event for each in stays for event in each.facts.events]
        received_on = self._received_on(stays[0])
        answer = facts.first_answer
        settled = answer or facts.work_ended_by
        calendar = self.editions[self.editions.at(settled.number if settled else None)]
        acknowledge_by = calendar.add_working_days(received_on, self.definition.acknowledge_within)
        acknowledged_on = next(
            (each.on for each in events if each.kind is EventKind.ACKNOWLEDGED), None
        )
        due_on = calendar.add_working_days(acknowledged_on or acknowledge_by, times.respond_within)
        extended_to, invalid = self._extended_to(events, due_on, times, calendar)
        last_day = extended_to or due_on
        ending = answer or facts.ended
        return Line(
            complaint=self.known.key,
            stage=number,
            received_on=received_on,
            tenure=tenure,
            due_on=due_on,
            extended_to=extended_to,
            answered_on=answer.on if answer else None,
            acknowledge_by=acknowledge_by,
            acknowledged_on=acknowledged_on,
            ended_on=ending.on if ending and not answer else None,
            result=self._result(stays[-1], due_on, last_day),
            is_crossing=last_day > self.year.last
            and (ending is None or ending.on > self.year.last),
            invalid=invalid,
        )

    def _extended_to(
        self, events: Iterable[Event], due_on: date, times: StageTimes, calendar: WorkingCalendar
    ) -> tuple[date | None, tuple[str, ...]]:
        """Return the last day that was validly told instead, and why other days do not count."""
        longest = calendar.add_working_days(due_on, times.longest_extension)
        extended_to: date | None = None
        invalid = []
        for event in events:
            if event.kind is not EventKind.EXTENDED:
                continue
            fault = self._fault(event, extended_to or due_on, longest, times)
            if fault:
                invalid.append(f"Extended on {event.on:%-d %B %Y}: {fault}")
            else:
                extended_to = max(extended_to or due_on, event.day("new_due_on") or due_on)
        return extended_to, tuple(invalid)

    def _fault(self, event: Event, due_on: date, longest: date, times: StageTimes) -> str:
        new = event.day("new_due_on")
        faults = {
            "no new day was told": new is None,
            "no reason was given": event.number not in self.known.reasoned,
            "the Ombudsman’s details were not given": event.number not in self.known.named,
            "the customer was told after the day then due": event.on > due_on,
            f"it is longer than {times.longest_extension} working days": bool(
                new and new > longest
            ),
        }
        return ", ".join(words for words, is_so in faults.items() if is_so)

    def _result(self, stay: Stay, due_on: date, last_day: date) -> Result:
        answer, ended = stay.facts.first_answer, stay.facts.ended
        if answer is not None:
            if answer.on <= due_on:
                return Result.IN_TIME
            return Result.EXTENDED if answer.on <= last_day else Result.LATE
        if ended is not None:
            # Only the customer’s own step takes a complaint out of the share; nobody else’s does.
            is_withdrawn = ended.kind is EventKind.WITHDRAWN and ended.on <= last_day
            return Result.WITHDRAWN if is_withdrawn else Result.UNANSWERED
        return Result.PENDING if self.today <= last_day else Result.UNANSWERED


def _as_one(stays: Sequence[Stay]) -> Sequence[Stay]:
    """Return the stays that are one piece of work: it goes on where a closed one is opened again.

    Closed, or withdrawn by mistake, it was not answered; so its days count from the first stay.
    """
    for place, stay in enumerate(stays, start=1):
        ended = stay.facts.ended
        if stay.facts.first_answer or ended is None or ended.kind not in CLOSING:
            return stays[:place]
    return stays


def code_stages(terms: ProcedureTerms) -> dict[str, int]:
    """Return which stage of the Code each stage of a procedure is: 0 for first contact."""
    formal = [each for each in terms.stages if each.kind is not StageKind.INITIAL_CONTACT]
    return {each.code: 0 for each in terms.stages} | {
        each.code: place for place, each in enumerate(formal, start=1)
    }


# The figures ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counting:
    """What a landlord decides of a year: its homes, and how CH02 is told.

    `with_extensions`: the headline counts what was answered within a valid extension.
    `counts_crossing`: what was not due yet at the end of the year counts by what became of it.
    """

    homes: Mapping[Tenure, int | None]
    with_extensions: bool = True
    counts_crossing: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """CH01 and CH02 of one stage and tenure."""

    stage: int
    tenure: Tenure
    lines: Sequence[Line]
    homes: int | None
    definition: Definition
    counting: Counting

    def count(self, *results: Result) -> int:
        """Return how many complaints were answered in one of these ways."""
        return sum(line.result in results for line in self.lines)

    @property
    def received(self) -> int:
        """Return how many complaints were received at the stage."""
        return len(self.lines)

    @property
    def crossing(self) -> int:
        """Return how many were neither answered nor due at the end of the year."""
        return sum(line.is_crossing for line in self.lines)

    @property
    def ch01(self) -> Decimal | None:
        """Return how many were received for each thousand homes; nothing without homes."""
        if not self.homes:
            return None
        return rounded(Decimal(self.received * self.definition.homes) / self.homes)

    @property
    def judged(self) -> list[Line]:
        """Return the complaints of which CH02 is a share."""
        return [line for line in self.lines if self._is_judged(line)]

    def _is_judged(self, line: Line) -> bool:
        if line.result is Result.PENDING or (
            line.is_crossing and not self.counting.counts_crossing
        ):
            return False
        return line.result is not Result.WITHDRAWN or self.definition.withdrawn_in_ch02

    def answered(self, *, with_extensions: bool) -> int:
        """Return how many of them were answered within the time."""
        within = {Result.IN_TIME, *([Result.EXTENDED] if with_extensions else [])}
        return sum(line.result in within for line in self.judged)

    def ch02(self, *, with_extensions: bool) -> Decimal | None:
        """Return the percentage answered within the time; nothing where there is none to judge."""
        judged = len(self.judged)
        if not judged:
            return None
        answered = self.answered(with_extensions=with_extensions)
        return rounded(Decimal(answered * 100) / judged)

    @property
    def headline(self) -> Decimal | None:
        """Return CH02 as the landlord chose to tell it."""
        return self.ch02(with_extensions=self.counting.with_extensions)


def rounded(number: Decimal) -> Decimal:
    """Return a figure with one decimal, a half rounded up."""
    return number.quantize(TENTH, ROUND_HALF_UP)


def figures_of(lines: Sequence[Line], definition: Definition, counting: Counting) -> list[Figures]:
    """Return the figures of every stage and tenure."""
    return [
        Figures(
            stage=stage,
            tenure=tenure,
            lines=[each for each in lines if each.stage == stage and each.tenure is tenure],
            homes=counting.homes.get(tenure),
            definition=definition,
            counting=counting,
        )
        for stage in definition.numbers
        for tenure in Tenure
    ]


def left_out(lines: Sequence[Line], stages: Sequence[int]) -> dict[str, dict[int, int]]:
    """Return for each reason how many complaints are left out at each stage."""
    found: dict[str, dict[int, int]] = {}
    for line in lines:
        if line.left_out:
            counts = found.setdefault(line.left_out, dict.fromkeys(stages, 0))
            counts[line.stage] += 1
    return dict(sorted(found.items(), key=lambda each: reason_words(each[0])))


# What a figure opens, by the name that its address gives it.
OPENED: dict[str, tuple[str, Callable[[Line], bool]]] = {
    "received": ("Received", lambda line: True),
    **{
        each.value: (each.words, lambda line, each=each: line.result is each)  # type: ignore[misc]
        for each in Result
    },
    "acknowledged-late": (
        "Acknowledged after its day, so that the answer was due later",
        lambda line: line.is_acknowledged_late,
    ),
    "crossing": ("Neither answered nor due at the end of the year", lambda line: line.is_crossing),
}
