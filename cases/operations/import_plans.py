"""What is new of old cases, and whether it can be imported: reading only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.errors import ComplaintError, OutsideCalendar, RowUnreadable
from cases.models import Complaint, Editions, ProcedureVersion, RecordedEvent
from cases.operations.import_particulars import check_email
from cases.operations.projection import reminder_days
from cases.rules.events import Event, EventKind
from cases.rules.old_particulars import (
    PARTICULARS,
    Particulars,
    first_told,
    read_particulars,
)
from cases.rules.old_rows import OldRow, read_row
from cases.rules.old_story import (
    NOTHING,
    Problem,
    Recorded,
    new_rows,
    place_rows,
    receipt_problems,
)
from cases.rules.periods import london_day
from cases.rules.replay import replay
from cases.rules.state import CaseState
from cases.rules.terms import ProcedureTerms
from cases.selectors.running import current_edition

LONGEST_REFERENCE = 40
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OldCase:
    """The rows of one case: the place of each in the file, the heading being row 1, and cells.

    `problems` are those found in reading the file.
    """

    reference: str
    rows: Sequence[tuple[int, Cells]]
    problems: Sequence[Problem] = ()


@dataclass(slots=True)
class Plan:
    """A case of which something is new, and can be imported."""

    reference: str
    version: ProcedureVersion
    told: Particulars
    placed: list[tuple[OldRow, Event]]
    state: CaseState
    # A complaint that is recorded already, or the new one once it is added.
    complaint: Complaint | None
    is_new: bool


class CaseRefused(Exception):
    """A case cannot be imported; `problems` says which rows and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


def reference_problem(reference: str) -> str:
    """Return why a reference cannot be kept as it is, or nothing."""
    if len(reference) > LONGEST_REFERENCE:
        return f"The reference is longer than {LONGEST_REFERENCE} characters."
    if not reference.isprintable():
        return "The reference has characters that cannot be printed."
    if not any(character.isalnum() for character in reference):
        return "A reference needs a letter or a figure."
    if any(part in ("", ".", "..") for part in reference.split("/")):
        return "A reference cannot begin or end with “/”, or have nothing between two of them."
    return ""


class Planning:
    """What is known beforehand of the cases of a batch, and what is new of each."""

    def __init__(
        self, cases: Sequence[OldCase], *, procedure: str, now: datetime, lock: bool
    ) -> None:
        self.procedure = procedure
        self.today = london_day(now)
        self.edition = current_edition().pk
        self.calendars = Editions()
        self.versions = _versions()
        references = [case.reference for case in cases]
        self.complaints = _complaints(references, lock=lock)
        self.recorded, self.heads = _recorded(self.complaints.values())

    def plan(self, case: OldCase) -> Plan | None:
        """Return what is new of a case, or nothing if it is all there.

        :raises CaseRefused: with every row that makes no sense.
        """
        place = case.rows[0][0]
        if case.problems:
            raise CaseRefused(case.problems)
        if problem := reference_problem(case.reference):
            raise CaseRefused([Problem(place, problem)])
        complaint = self.complaints.get(case.reference)
        version = complaint.procedure_version if complaint else None
        code = self._code(case, version)
        known = self.recorded.get(case.reference, NOTHING)
        rows = self._rows(case, (version or self.versions[code][0]).terms, known)
        if version is None:
            version = _in_force(self.versions[code], rows)
        told = _particulars(case, rows)
        fresh = new_rows(rows, known, version.terms)
        if not fresh:
            return None
        placed, problems = place_rows(
            fresh, known, version.terms, self.calendars, edition=self.edition
        )
        if problems:
            raise CaseRefused(problems)
        placed = [(row, self._as_received(event, version)) for row, event in placed]
        state = self._replay([*known.events, *(event for _, event in placed)], version, place)
        return Plan(case.reference, version, told, placed, state, complaint, complaint is None)

    def _code(self, case: OldCase, version: ProcedureVersion | None) -> str:
        """Return the procedure of the case: its own column beats the option."""
        named = {cells.get("procedure", "").strip(): place for place, cells in reversed(case.rows)}
        named.pop("", None)
        place = min(named.values(), default=case.rows[0][0])
        if len(named) > 1:
            told = " and ".join(sorted(named))
            raise CaseRefused([Problem(place, f"One case cannot run under {told}.")])
        code = next(iter(named), "")
        if version is not None:
            runs = version.procedure.code
            if code not in ("", runs):
                raise CaseRefused(
                    [Problem(place, f"It is recorded already, and runs under {runs}.")]
                )
            return runs
        code = code or self.procedure
        if not code:
            raise CaseRefused(
                [Problem(place, "No procedure is named, in the row or as an option.")]
            )
        if code not in self.versions:
            known = ", ".join(sorted(self.versions))
            raise CaseRefused([Problem(place, f"“{code}” is not a procedure. Use one of {known}.")])
        return code

    def _rows(self, case: OldCase, terms: ProcedureTerms, known: Recorded) -> list[OldRow]:
        rows: list[OldRow] = []
        problems: list[Problem] = []
        for place, cells in case.rows:
            try:
                rows.append(read_row(place, cells, terms, today=self.today))
            except RowUnreadable as error:
                problems += [Problem(place, message) for message in error.problems]
        if problems:
            if known is NOTHING:
                problems += receipt_problems(rows, known, is_whole=False)
            raise CaseRefused(sorted(problems, key=lambda problem: problem.place))
        return rows

    def _as_received(self, event: Event, version: ProcedureVersion) -> Event:
        """Return the event with what a receipt carries, if it is one."""
        if event.kind is not EventKind.RECEIVED:
            return event
        facts = {"calendar": self.edition, "version": version.pk, "needs_triage": False}
        return replace(event, facts={**event.facts, **facts, "officer": None})

    def _replay(self, events: Sequence[Event], version: ProcedureVersion, place: int) -> CaseState:
        try:
            state = replay(version.terms, events, self.calendars)
            for deadline in state.live_deadlines:
                # Reminders that cannot be counted are found now and not while writing.
                reminder_days(deadline, self.calendars[deadline.calendar])
        except OutsideCalendar as error:
            raise CaseRefused([Problem(place, str(error))]) from error
        return state


def _versions() -> dict[str, list[ProcedureVersion]]:
    """Return the published versions of every procedure, the first first."""
    found: dict[str, list[ProcedureVersion]] = defaultdict(list)
    published = ProcedureVersion.objects.published().select_related("procedure")
    for version in published.order_by("effective_on", "number"):
        found[version.procedure.code].append(version)
    return dict(found)


def _in_force(versions: Sequence[ProcedureVersion], rows: Sequence[OldRow]) -> ProcedureVersion:
    """Return the version for a complaint received when the rows say; before the first, that."""
    received = [row.on for row in rows if row.kind is EventKind.RECEIVED]
    in_force = [each for each in versions if received and each.effective_on <= received[0]]
    return (in_force or versions[:1])[-1]


def _particulars(case: OldCase, rows: Sequence[OldRow]) -> Particulars:
    """Return what the rows tell of the complaint, the receipt before the others.

    :raises CaseRefused: if it cannot be kept.
    """
    pairs = list(zip(rows, (cells for _, cells in case.rows), strict=True))
    pairs.sort(key=lambda pair: pair[0].kind is not EventKind.RECEIVED)
    place = pairs[0][0].place
    try:
        told = read_particulars(first_told([cells for _, cells in pairs], PARTICULARS))
        check_email(told.email)
    except RowUnreadable as error:
        raise CaseRefused([Problem(place, message) for message in error.problems]) from error
    except ComplaintError as error:
        raise CaseRefused([Problem(place, str(error))]) from error
    return told


def _complaints(references: Sequence[str], *, lock: bool) -> dict[str, Complaint]:
    """Return the complaints that are recorded already, locked unless nothing will be written."""
    found = Complaint.objects.filter(reference__in=references).select_related(
        "procedure_version__procedure"
    )
    if lock:
        found = found.select_for_update(no_key=True, of=("self",))
    # One order for everybody who takes several locks, so that none waits for another in a ring.
    return {complaint.reference: complaint for complaint in found.order_by("pk")}


def _recorded(complaints: Iterable[Complaint]) -> tuple[dict[str, Recorded], dict[str, str]]:
    """Return by reference what is recorded of these complaints, and where each chain ends."""
    by_key = {complaint.pk: complaint.reference for complaint in complaints}
    if not by_key:
        return {}, {}
    events: dict[str, list[Event]] = defaultdict(list)
    words: dict[str, dict[int, Mapping[str, str]]] = defaultdict(dict)
    heads: dict[str, str] = {}
    rows = RecordedEvent.objects.filter(complaint__in=by_key).select_related("words")
    for row in rows.order_by("complaint_id", "number"):
        reference = by_key[row.complaint_id]
        events[reference].append(row.as_event())
        heads[reference] = row.hash
        if row.words_hash and hasattr(row, "words"):
            words[reference][row.number] = row.words.parts
    return {key: Recorded(found, words[key]) for key, found in events.items()}, heads
