"""What the landlord wants to reach, and whether it did. Nothing set means nothing is compared."""

from dataclasses import dataclass
from enum import StrEnum


class Aim(StrEnum):
    """What a target can be set for."""

    IN_TIME = "in_time"
    STAGE_1_DAYS = "stage_1_days"
    STAGE_2_DAYS = "stage_2_days"
    MORE_TIME = "more_time"
    PROMISES_KEPT = "promises_kept"
    SATISFIED = "satisfied"

    @property
    def words(self) -> str:
        """Return it for people, as its box is labelled."""
        return {
            "in_time": "Answers in time or within an extension",
            "stage_1_days": "Nine of ten answers at stage 1 within",
            "stage_2_days": "Nine of ten answers at stage 2 within",
            "more_time": "Answers that had more time",
            "promises_kept": "Promises kept in time",
            "satisfied": "Customers who are satisfied with how we dealt with it",
        }[self.value]

    @property
    def unit(self) -> str:
        """Return what it is counted in."""
        return "working days" if self in _DAYS else "%"

    @property
    def is_a_most(self) -> bool:
        """Say whether it is reached by staying at or below it."""
        return self in _DAYS or self is Aim.MORE_TIME


_DAYS = (Aim.STAGE_1_DAYS, Aim.STAGE_2_DAYS)
# By the stage of an answer, as deadlines name it.
OF_STAGE = {"stage-1": Aim.STAGE_1_DAYS, "stage-2": Aim.STAGE_2_DAYS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The landlord's targets; None for what it set none for."""

    in_time: int | None = None
    stage_1_days: int | None = None
    stage_2_days: int | None = None
    more_time: int | None = None
    promises_kept: int | None = None
    satisfied: int | None = None

    def of(self, aim: Aim) -> int | None:
        """Return the target set for something."""
        target: int | None = getattr(self, aim.value)
        return target

    def judged(self, aim: Aim, value: int | None) -> str:
        """Say what the target is and whether `value` reaches it; nothing without either."""
        target = self.of(aim)
        if target is None or value is None:
            return ""
        is_reached = value <= target if aim.is_a_most else value >= target
        unit = "%" if aim.unit == "%" else f" working day{'' if target == 1 else 's'}"
        least = "at most" if aim.is_a_most else "at least"
        return (
            f"The target is {least} {target}{unit}: {'reached' if is_reached else 'not reached'}."
        )
