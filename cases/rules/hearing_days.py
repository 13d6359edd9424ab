"""On which days a hearing can be held, with time for the notice and for the papers."""

from dataclasses import dataclass
from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.foresight import in_full
from cases.rules.state import CaseState
from cases.rules.terms import AnchorKind, Stage


@dataclass(frozen=True, slots=True)
class HearingDays:
    """The first working day that leaves time for everything, and the last that is in time."""

    first: date
    last: date | None

    @property
    def words(self) -> str:
        """Return the days in a sentence."""
        first = f"{self.first:%a %-d %b %Y}"
        if self.last is None:
            return f"A hearing from {first} on leaves time for notice and papers."
        if self.last < self.first:
            return (
                f"No day leaves time for notice and papers and is in time: the first would be "
                f"{first}, and it must be held by {self.last:%a %-d %b %Y}."
            )
        return (
            f"Any working day from {first} to {self.last:%a %-d %b %Y} leaves time for notice and "
            "papers, and is in time."
        )


def hearing_days(
    state: CaseState, stage: Stage, calendar: WorkingCalendar, *, today: date
) -> HearingDays:
    """Return the days between which a hearing can be held, if it is arranged today.

    What is promised before the hearing, such as notice and papers, is counted back from its day
    (K3-17, KF-18, HH-23); it is to be held by the day of its own promise (K3-16, KF-17, HH-22).
    """
    before = [
        -timescale.period.count
        for timescale in stage.timescales
        if timescale.period.count < 0
        and any(anchor.kind is AnchorKind.HEARING_DAY for anchor in timescale.anchors)
    ]
    hold = state.deadline(state.stage, "hold-hearing", state.visit)
    return HearingDays(
        calendar.roll_forward(calendar.add_working_days(today, max(before, default=0))),
        hold.due_on if hold else None,
    )


def asked_of_another_day(arranged_for: date, held_on: date) -> str:
    """Return what is asked where it is said to have been held on another day than arranged."""
    return (
        f"It was arranged for {in_full(arranged_for)}; you say it was held on {in_full(held_on)}. "
        "If that is right, say why it was held on another day."
    )


# So many days are offered to pick from.
OFFERED = 8


def days_to_offer(days: HearingDays, calendar: WorkingCalendar) -> list[date]:
    """Return the working days to pick from: those in time, or the first ones where none is."""
    last = days.last if days.last and days.last >= days.first else None
    found = [days.first]
    while len(found) < OFFERED:
        day = calendar.add_working_days(found[-1], 1)
        if last is not None and day > last:
            break
        found.append(day)
    return found
