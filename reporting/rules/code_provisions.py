"""The provisions of the Complaint Handling Code in our own words, as a file says them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "definitions" / "complaint-handling-code-2024.toml"


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision. `evidence` names what the record can show of it; nothing where it cannot."""

    number: str
    words: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the Code."""

    number: int
    name: str
    provisions: tuple[Provision, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """An edition of the Code."""

    code: str
    name: str
    source: str
    sections: tuple[Section, ...]

    @property
    def provisions(self) -> Mapping[str, Provision]:
        """Return every provision by its number."""
        return {each.number: each for section in self.sections for each in section.provisions}


@cache
def the_code() -> Code:
    """Return the Code that applies."""
    words = tomllib.loads(FILE.read_text(encoding="utf-8"))
    sections = tuple(
        Section(
            each["number"],
            each["name"],
            tuple(Provision(**provision) for provision in each["provision"]),
        )
        for each in words["section"]
    )
    return Code(words["code"], words["name"], words["source"], sections)


class Complies(StrEnum):
    """Whether the landlord keeps to a provision."""

    YES = "yes"
    NO = "no"

    @property
    def words(self) -> str:
        """Return it for people."""
        return self.value.capitalize()
