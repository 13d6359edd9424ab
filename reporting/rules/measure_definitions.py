"""How CH01 and CH02 are defined: editions, as a file says them, each with its source."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from reporting.rules.reporting_years import ReportingYear

FILE = Path(__file__).parent.parent / "definitions" / "tenant-satisfaction-measures.toml"


class Tenure(StrEnum):
    """What kind of home the customer has, as the measures tell homes apart."""

    RENTED = "rented"
    SHARED = "shared"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {"rented": "Rented homes", "shared": "Shared ownership"}[self.value]

    @property
    def official(self) -> str:
        """Return it as the regulator calls it."""
        return {
            "rented": "low-cost rental accommodation (LCRA)",
            "shared": "low-cost home ownership (LCHO)",
        }[self.value]


@dataclass(frozen=True, slots=True)
class StageTimes:
    """How long a stage of the Code may take, in working days."""

    number: int
    respond_within: int
    longest_extension: int
    rules: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return the times for people."""
        return (
            f"{self.respond_within} working days from the acknowledgement, and with a valid "
            f"extension up to {self.longest_extension} more"
        )


@dataclass(frozen=True, slots=True)
class Definition:
    """An edition of how the measures are worked out."""

    code: str
    from_year: int
    name: str
    source: str
    homes: int
    acknowledge_within: int
    withdrawn_in_ch02: bool
    stages: tuple[StageTimes, ...]
    tenures: Mapping[str, Tenure]

    def stage(self, number: int) -> StageTimes:
        """Return the times of a stage of the Code."""
        return next(each for each in self.stages if each.number == number)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the stages that are measured."""
        return tuple(each.number for each in self.stages)


def definition_from(words: Mapping[str, Any]) -> Definition:
    """Return an edition as a file says it."""
    return Definition(
        code=words["code"],
        from_year=words["from_year"],
        name=words["name"],
        source=words["source"],
        homes=words["homes"],
        acknowledge_within=words["acknowledge_within"],
        withdrawn_in_ch02=words["withdrawn_in_ch02"],
        stages=tuple(
            StageTimes(**{**each, "rules": tuple(each["rules"])}) for each in words["stage"]
        ),
        tenures={
            category: Tenure(tenure)
            for tenure, categories in words["tenures"].items()
            for category in categories
        },
    )


@cache
def editions() -> tuple[Definition, ...]:
    """Return every edition that ships, the oldest first."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))["edition"]
    return tuple(sorted(map(definition_from, found), key=lambda each: each.from_year))


def definition_for(year: ReportingYear, known: Sequence[Definition]) -> Definition | None:
    """Return the edition by which a year is measured; nothing before the first."""
    return next((each for each in reversed(known) if each.from_year <= year.begins), None)
