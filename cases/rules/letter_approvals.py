"""Letters that wait for a second person: which can, who that person is, and when it is urgent."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from cases.rules.acts import DECIDING, GRANTS, KINDS, TURNING_AWAY, Act
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.letter_facts import FOR_THE_CUSTOMER_ALONE, LetterKind
from cases.rules.letter_templates import LETTERS_BESIDE, letter_words
from cases.rules.requests import refusal_is_approved
from cases.rules.roles import Role
from cases.rules.state import CaseState
from cases.rules.terms import ProcedureTerms

# The letters that a landlord may have approved. A question whether somebody may speak for the
# customer is no decision, and has its own page.
APPROVABLE = tuple(kind for kind in LetterKind if kind not in FOR_THE_CUSTOMER_ALONE)
# The same with the letters about compliments and suggestions, by their codes, in words.
APPROVABLE_LETTERS: Mapping[str, str] = {
    **{kind.value: kind.words for kind in APPROVABLE},
    **{letter: letter_words(letter) for letter in LETTERS_BESIDE},
}


class Decision(StrEnum):
    """What became of a letter that waited for a second person."""

    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "approved": "Letter approved",
            "sent_back": "Letter sent back to its author",
            "withdrawn": "Letter taken back by its author",
            "lapsed": "Letter waits for approval no more, as the complaint moved on",
        }[self.value]


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that waits: the event that asked, what it does, who wrote it, and for whom.

    `stay` is the stage and the visit for which it was written: it cannot go in another.
    """

    number: int
    act: Act
    kind: LetterKind
    asked_by: int
    asked_on: date
    approver: int | None
    stay: tuple[str, int]


def letters_waiting(events: Iterable[Event], state: CaseState) -> list[WaitingLetter]:
    """Return the letters of the present stay that wait for a second person, in the order asked."""
    return [each for each in _undecided(events) if each.stay == (state.stage, state.visit)]


def letters_left_behind(
    events: Sequence[Event], added: Collection[Event], before: CaseState, after: CaseState
) -> list[WaitingLetter]:
    """Return the letters that need not wait any more because of the events added.

    The author did the act in another way, the stay for which it was written is over, or the
    complaint was closed.
    """
    done = {(event.kind, event.actor) for event in added}
    is_closed = before.is_open and not after.is_open
    return [
        each
        for each in _undecided(events)
        if is_closed
        or each.stay != (after.stage, after.visit)
        or (KINDS.get(each.act), each.asked_by) in done
    ]


def _undecided(events: Iterable[Event]) -> list[WaitingLetter]:
    found: dict[int, WaitingLetter] = {}
    for event in events:
        facts = event.facts
        if event.kind is EventKind.LETTER_PROPOSED and event.actor is not None:
            found.pop(facts.get("replaces", 0), None)
            found[event.number] = WaitingLetter(
                event.number,
                Act(facts["act"]),
                LetterKind(facts["letter_kind"]),
                event.actor,
                event.on,
                facts.get("approver"),
                (event.stage, event.visit),
            )
        elif event.kind is EventKind.LETTER_DECIDED:
            found.pop(facts.get("proposal", 0), None)
    return list(found.values())


def roles_approving(act: Act) -> frozenset[Role]:
    """Return the roles whose people may be the second person for the letter of an act.

    The complaints coordinator for all but what decides a stage, which is for those who answer for
    others (roles: rows 18 and 22). A refusal to let a customer go further is for those who may
    refuse it, and for the coordinator (KF-14).
    """
    roles = GRANTS[Act.APPROVE_LETTER]
    if act in TURNING_AWAY:
        return GRANTS[act] | {Role.COMPLAINTS_COORDINATOR}
    return roles - {Role.COMPLAINTS_COORDINATOR} if act in DECIDING else roles


def is_demanded(kind: str, state: CaseState, terms: ProcedureTerms) -> bool:
    """Say whether the procedure itself wants a letter of a kind approved, whatever was chosen."""
    return kind == LetterKind.ESCALATION_REFUSED and refusal_is_approved(state, terms)


def is_urgent(
    asked_on: date, due_on: date | None, *, today: date, calendar: WorkingCalendar
) -> bool:
    """Say whether it waits longer than a working day, or a promise is due today or overdue."""
    is_late = calendar.add_working_days(asked_on, 1) < today
    return is_late or (due_on is not None and due_on <= today)


@dataclass(frozen=True, slots=True)
class Changed:
    """A paragraph that is new, or is gone, since the letter was sent back."""

    is_new: bool
    text: str


def changes_between(before: str, after: str) -> Sequence[Changed]:
    """Return what was changed between two texts, paragraph by paragraph, in their order."""
    old, new = before.split("\n\n"), after.split("\n\n")
    found: list[Changed] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found += [Changed(False, text) for text in old[a:b]]
            found += [Changed(True, text) for text in new[c:d]]
    return found
