"""What the dashboard's charts show, in a sentence each. Many complaints are no fault (Code 3.3)."""

from collections.abc import Mapping, Sequence
from datetime import date

HEAVY = "Heavy"
BUSY = "Busy"
# Fewer than this in a week is never called busy or heavy.
FEWEST_BUSY = 4


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: "1 complaint", "1,250 complaints"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def stages_finding(stages: Mapping[str, int]) -> str:
    """Say how many complaints are open and at which stage most of them are."""
    total = sum(stages.values())
    if not total:
        return "No complaint is open."
    name, most = max(stages.items(), key=lambda each: each[1])
    if most == total:
        return f"{counted(total, 'complaint')} {_is(total)} open, all at {name}."
    return f"{counted(total, 'complaint')} {_is(total)} open, most at {name} ({most:,})."


def overdue_finding(bands: Sequence[int], total: int) -> str:
    """Say how many of the open complaints are overdue, and how many of them by far."""
    overdue = sum(bands)
    if not overdue:
        return "No open complaint is overdue."
    words = f"{overdue:,} of {counted(total, 'open complaint')} {_is(overdue)} overdue"
    by_far = sum(bands[2:])
    return f"{words}, {by_far:,} by more than ten working days." if by_far else f"{words}."


def coming_finding(days: Sequence[tuple[str, int]]) -> str:
    """Say how much falls due in the days ahead, and when most."""
    total = sum(count for _, count in days)
    if not total:
        return "Nothing falls due in the next 20 working days."
    day, most = max(days, key=lambda each: each[1])
    verb = "falls" if total == 1 else "fall"
    words = f"{counted(total, 'complaint')} {verb} due in the next 20 working days"
    return f"{words}, most on {day} ({most:,})." if most < total else f"{words}, on {day}."


def weeks_finding(counts: Sequence[int], what: str) -> str:
    """Say how many were received or closed, against as many weeks before, which come first."""
    half = len(counts) // 2
    before, now = sum(counts[:half]), sum(counts[half:])
    return (
        f"{counted(now, 'complaint')} {what} in {half} weeks: {_compared(now, before)} the "
        f"{half} weeks before."
    )


def _compared(now: int, before: int) -> str:
    if now == before:
        return "as many as in"
    return f"{abs(now - before):,} {'more' if now > before else 'fewer'} than in"


def answers_finding(on_time: int, extended: int, late: int) -> str:
    """Say how many answers of a period were in time."""
    total = on_time + extended + late
    if not total:
        return "No complaint was answered."
    in_time = round(100 * (on_time + extended) / total)
    return f"{in_time}% of answers were in time or within an extension."


def unassigned_finding(total: int, oldest: date | None) -> str:
    """Say how many complaints have nobody responsible, and since when the oldest waits."""
    if not total or oldest is None:
        return "Every open complaint has a responsible officer."
    has = "has" if total == 1 else "have"
    return (
        f"{counted(total, 'open complaint')} {has} no responsible officer, the oldest received "
        f"on {oldest:%a %-d %b %Y}."
    )


def load_words(count: int, typical: float) -> str:
    """Return whether so many in a week are busy or heavy, beside what colleagues have."""
    if count < FEWEST_BUSY:
        return ""
    if count >= 2 * typical:
        return HEAVY
    return BUSY if count >= 1.5 * typical else ""


def typical_load(counts: Sequence[int]) -> float:
    """Return what colleagues who have something have in a week, on average."""
    some = [count for count in counts if count]
    return sum(some) / len(some) if some else 0.0
