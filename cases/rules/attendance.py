"""Who took part in a hearing, and how."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.rules.events import Event, EventKind
from cases.rules.terms import Panel

# Who takes part and is no colleague; colleagues are named by their keys.
CUSTOMER, COMPANION = "customer", "companion"


class Attended(StrEnum):
    """How somebody took part in a hearing."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    IN_WRITING = "in_writing"
    ABSENT = "absent"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "in_person": "In person",
            "telephone": "By telephone",
            "video": "By video",
            "in_writing": "In writing",
            "absent": "Did not take part",
        }[self.value]


# Heard and seen, or heard: not merely read.
SPEAKING = frozenset({Attended.IN_PERSON, Attended.TELEPHONE, Attended.VIDEO})


def attendance_refusal(
    panel: Panel, mode: str, attended: Mapping[str, Attended], seated: Sequence[int]
) -> str:
    """Return why a hearing cannot have been held so, or nothing.

    `seated` are the keys of the members for whom it was arranged. Fewer of them than the smallest
    panel decide nothing (K3-15, KF-17, HH-21); without the customer it is held where the
    procedure says so (KF-18, HH-21).
    """
    if CUSTOMER not in attended:
        return "Say how the customer took part."
    if any(str(key) not in attended for key in seated):
        return "Say of each member of the panel how they took part."
    came = sum(attended[str(key)] is not Attended.ABSENT for key in seated)
    if came < panel.smallest:
        return (
            f"The panel needs at least {panel.smallest} of its members: {came} took part. Arrange "
            "the hearing again."
        )
    return _mode_refusal(panel, mode, attended)


def _mode_refusal(panel: Panel, mode: str, attended: Mapping[str, Attended]) -> str:
    customer = attended[CUSTOMER]
    companion = attended.get(COMPANION, Attended.ABSENT)
    if mode == "in_absence":
        is_there = customer is not Attended.ABSENT or companion is not Attended.ABSENT
        return (
            "The customer’s side took part: it was not heard in their absence." if is_there else ""
        )
    if mode == "in_writing":
        is_there = customer in SPEAKING
        return "The customer took part: it was not heard on the papers alone." if is_there else ""
    if customer in SPEAKING or companion in SPEAKING:
        return ""
    if "in_absence" in panel.modes:
        return "Nobody spoke for the customer: record it as heard in their absence."
    return (
        "Nobody spoke for the customer, and the procedure hears no complaint in their absence. "
        "Arrange another day."
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """A hearing as its record tells it.

    `customer` is nothing where nobody recorded how they took part; `members` are the keys of those
    who sat, `arranged_as` the entry that named them and `held_as` the one that tells of it.
    """

    on: date
    mode: str
    held_as: int
    arranged_as: int
    customer: Attended | None
    has_companion: bool
    members: tuple[int, ...]


def decided_by_too_few(panel: Panel, heard: Heard) -> str:
    """Return why a hearing that is recorded decides nothing, or nothing.

    Recorded with nobody on the panel, and arranged only afterwards, it says of too few that they
    took part. Of older records that say of nobody how they took part nothing is known.
    """
    if heard.customer is None or len(heard.members) >= panel.smallest:
        return ""
    return (
        f"The panel needs at least {panel.smallest} of its members, and the record of the hearing "
        f"says of {len(heard.members)} that they took part. Strike that entry out of the record, "
        "and record the hearing again with who took part."
    )


def heard_last(events: Sequence[Event], held_as: int) -> Heard | None:
    """Return the hearing of which an entry tells, nothing where there is no such entry.

    Who sat are those named when it was arranged, as far as they took part.
    """
    held = next((each for each in events if each.number == held_as), None)
    if held is None:
        return None
    told = [each for each in events if each.kind is EventKind.HEARING_ARRANGED]
    before = [each for each in told if each.number < held.number] or told
    seated = before[-1].facts.get("members", ()) if before else ()
    attended = {who: Attended(how) for who, how in held.facts.get("attendance", ())}
    return Heard(
        held.on,
        held.facts.get("mode", ""),
        held.number,
        before[-1].number if before else 0,
        attended.get(CUSTOMER),
        attended.get(COMPANION, Attended.ABSENT) is not Attended.ABSENT,
        tuple(
            key for key in seated if attended.get(str(key), Attended.ABSENT) is not Attended.ABSENT
        ),
    )


def minutes_in(events: Iterable[Event]) -> dict[int, tuple[int, date]]:
    """Return the files that are minutes, by their keys: of which hearing, and when that was."""
    heard: dict[int, date] = {}
    found: dict[int, tuple[int, date]] = {}
    for event in sorted(events, key=lambda each: each.number):
        if event.kind is EventKind.HEARING_HELD:
            heard[event.number] = event.on
        elif event.kind is EventKind.FILE_ADDED and event.facts.get("target") in heard:
            number = int(event.facts["target"])
            found[int(event.facts["file"])] = (number, heard[number])
    return found
