"""One complaint's events with their words, and where they leave it."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from cases.models import Complaint, Editions, RecordedEvent
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event
from cases.rules.periods import london_day
from cases.rules.replay import replay
from cases.rules.state import CaseState
from cases.rules.terms import ProcedureTerms, Stage
from cases.rules.timeline import RecordedWords
from cases.selectors.prepared import BLANK, PreparedModels


@dataclass(frozen=True)
class CaseHistory:
    """What was recorded of a complaint, and what it amounts to."""

    complaint: Complaint
    rows: tuple[RecordedEvent, ...]

    @cached_property
    def events(self) -> list[Event]:
        """Return the events in the order recorded."""
        return [row.as_event() for row in self.rows]

    @cached_property
    def terms(self) -> ProcedureTerms:
        """Return the terms of the procedure it runs under."""
        return self.complaint.procedure_version.terms

    @cached_property
    def editions(self) -> Editions:
        """Return the calendar editions, each read once for each process."""
        return Editions()

    @cached_property
    def state(self) -> CaseState:
        """Return where the complaint stands."""
        return replay(self.terms, self.events, self.editions)

    @property
    def stage(self) -> Stage:
        """Return the stage it is in."""
        return self.terms.stage(self.state.stage)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Return the calendar that counts for new promises."""
        return self.editions[max(each.calendar for each in self.state.deadlines)]

    @cached_property
    def words(self) -> dict[int, RecordedWords]:
        """Return by event number what is kept beside each event."""
        return {row.number: _kept(row) for row in self.rows}

    def parts(self, number: int) -> dict[str, str]:
        """Return the words beside one event."""
        return dict(self.words[number].parts)

    @property
    def asked_because(self) -> str:
        """Return why the customer asked for the stage it is in, in their words, if they said."""
        stay = self.state.current
        return self.parts(stay.began_by).get("reasons", "") if stay.asked_on else ""


def _kept(row: RecordedEvent) -> RecordedWords:
    beside = getattr(row, "words", None)
    return RecordedWords(
        recorded_at=row.recorded_at,
        recorded_on=london_day(row.recorded_at),
        parts=dict(beside.parts) if beside else {},
        had_words=bool(row.words_hash),
    )


def history_of(complaint: Complaint) -> CaseHistory:
    """Return everything recorded of a complaint, in one query."""
    return CaseHistory(complaint, tuple(_recorded().all(blank=complaint.pk)))


@lru_cache(maxsize=1)
def _recorded() -> PreparedModels[RecordedEvent]:
    rows = RecordedEvent.objects.filter(complaint=BLANK).select_related("words")
    return PreparedModels(rows.order_by("number"))
