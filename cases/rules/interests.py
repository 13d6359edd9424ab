"""Whether what a colleague declared about their own life concerns a customer.

Name and postcode together are taken for the same person, and the complaint is closed to the
colleague. One of them alone may be chance: whoever gives out the complaint is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Concern(IntEnum):
    """How sure it is that a declared interest concerns a complaint."""

    NONE = 0
    PERHAPS = 1
    SURE = 2


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody by name and postcode, either of which may be empty."""

    name: str
    postcode: str


def name_key(name: str) -> str:
    """Return a name as names are compared."""
    return " ".join(name.split()).casefold()


def postcode_key(postcode: str) -> str:
    """Return a postcode as postcodes are compared."""
    return "".join(postcode.split()).upper()


def concern_of(declared: Known, people: Iterable[Known]) -> Concern:
    """Return how surely one of these people is the one who was declared."""
    return max((_concern(declared, each) for each in people), default=Concern.NONE)


def _concern(declared: Known, person: Known) -> Concern:
    name, postcode = name_key(declared.name), postcode_key(declared.postcode)
    same_name = bool(name) and name == name_key(person.name)
    same_place = bool(postcode) and postcode == postcode_key(person.postcode)
    if same_name and same_place:
        return Concern.SURE
    return Concern.PERHAPS if same_name or same_place else Concern.NONE
