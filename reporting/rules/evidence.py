"""What the record shows of each provision of the Code, in sentences."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from feedback.rules.surveys import shown_counts
from reporting.rules.code_provisions import Code, Provision
from reporting.rules.measures import Line, Result, rounded

# Everybody reads the evidence once it is published: fewer than so many might tell of somebody.
FEW = 5
_OF_PEOPLE = frozenset(
    {
        *("adjustments", "formats", "representatives", "restrictions", "restrictions_due"),
        "findings",
    }
)
# What is published beside the measures counts nothing that is closed to any of those who read it.
WITHOUT = "without complaints that are closed to some of our staff"
NO_FIGURE = "No figure of the record shows this: the comment says what does."


class Facts(Protocol):
    """What is known of a year, as it is on a day. Counts are of the whole landlord."""

    @property
    def today(self) -> date:
        """Return the day."""

    @property
    def procedure(self) -> str:
        """Return what the procedure that runs is called."""

    @property
    def definition(self) -> str:
        """Return what that procedure calls a complaint; nothing if it does not say."""

    @property
    def departures(self) -> Mapping[str, Sequence[str]]:
        """Return in words where that procedure departs from which provision."""

    @property
    def lines(self) -> Sequence[Line]:
        """Return the complaints as the measures take them."""

    @property
    def channels(self) -> Mapping[str, int]:
        """Return how complaints came in."""

    @property
    def grounds(self) -> Mapping[str, int]:
        """Return on which grounds complaints were refused."""

    @property
    def request_grounds(self) -> Mapping[str, int]:
        """Return on which grounds requests for the next stage were refused."""

    @property
    def members(self) -> Sequence[str]:
        """Return who is Member Responsible for Complaints."""

    @property
    def languages(self) -> Sequence[str]:
        """Return the languages of the public pages, English first."""

    def count(self, name: str) -> int:
        """Return one of the other numbers."""


def evidence_for(code: Code, facts: Facts) -> dict[str, list[str]]:
    """Return what the record shows of each provision, by its number."""
    return {number: evidence_of(each, facts) for number, each in code.provisions.items()}


def evidence_of(provision: Provision, facts: Facts) -> list[str]:
    """Return what the record shows of one provision, and ask the facts for nothing else.

    Where the procedure departs from it, the checker's words come first.
    """
    departures = facts.departures.get(provision.number, ())
    shown = _SHOWN[provision.evidence](facts) if provision.evidence else [NO_FIGURE]
    return [*(f"The procedure departs here: {words}" for words in departures), *shown]


def _of(part: int, whole: int) -> str:
    if not whole:
        return "none"
    if whole < FEW:
        return f"of fewer than {FEW} no share is told"
    return f"{part:,} of {whole:,} ({rounded(Decimal(part * 100) / whole)}%)"


def _at(facts: Facts, stage: int) -> list[Line]:
    return [each for each in facts.lines if each.stage == stage and not each.left_out]


def _acknowledged(stage: int) -> Callable[[Facts], list[str]]:
    def shown(facts: Facts) -> list[str]:
        found = [_is_acknowledged(each, today=facts.today) for each in _at(facts, stage)]
        due = [each for each in found if each is not None]
        return [
            "Acknowledged, or answered at once, within 5 working days at stage "
            f"{stage}: {_of(sum(due), len(due))}."
        ]

    return shown


def _is_acknowledged(line: Line, *, today: date) -> bool | None:
    """Say whether the customer heard in time; None where that was not owed, or is not owed yet."""
    by = line.acknowledge_by
    if by is None:
        return None
    told = min((each for each in (line.acknowledged_on, line.answered_on) if each), default=None)
    if told is not None:
        return told <= by
    has_ended = line.ended_on is not None and line.ended_on <= by
    return None if has_ended or by >= today else False


def _answered(stage: int) -> Callable[[Facts], list[str]]:
    def shown(facts: Facts) -> list[str]:
        left = {Result.PENDING, Result.WITHDRAWN}
        judged = [each for each in _at(facts, stage) if each.result not in left]
        in_time = sum(each.result is Result.IN_TIME for each in judged)
        extended = sum(each.result is Result.EXTENDED for each in judged)
        return [
            f"Answered within the Code’s time at stage {stage}: {_of(in_time, len(judged))}.",
            f"Answered within a valid extension besides: {_few(extended)}.",
        ]

    return shown


def _extended(stages: Sequence[int]) -> Callable[[Facts], list[str]]:
    def shown(facts: Facts) -> list[str]:
        lines = [each for stage in stages for each in _at(facts, stage)]
        valid = sum(each.extended_to is not None for each in lines)
        faults = sum(bool(each.invalid) for each in lines)
        where = f" at stage {stages[0]}" if len(stages) == 1 else ""
        return [
            f"Validly extended{where}: {_few(valid)}. The customer was told by the day then due, "
            "with a reason, a new day and the Ombudsman’s details, within what the Code allows.",
            f"With an extension that was not valid{where}: {_few(faults)}.",
        ]

    return shown


def _stage_2(facts: Facts) -> list[str]:
    return [f"Complaints that came to stage 2: {_few(len(_at(facts, 2)))}."]


def _counted(*told: tuple[str, str]) -> Callable[[Facts], list[str]]:
    def shown(facts: Facts) -> list[str]:
        counts = {key: facts.count(key) for key, _ in told}
        return [
            f"{words}: {_few(counts[key]) if key in _OF_PEOPLE else f'{counts[key]:,}'}."
            for key, words in told
        ]

    return shown


def _listed(counts: Mapping[str, int]) -> str:
    """Return numbers whose sum is known, without those that are small or give a small one away."""
    return ", ".join(
        f"{words.lower()} {'not shown' if count is None else f'{count:,}'}"
        for words, count in shown_counts(counts).items()
    )


def _few(count: int) -> str:
    return f"fewer than {FEW}" if 0 < count < FEW else f"{count:,}"


def _channels(facts: Facts) -> list[str]:
    if not facts.channels:
        return ["No complaint came in yet."]
    return [f"How complaints came in, {WITHOUT}: {_listed(facts.channels)}."]


def _refused(facts: Facts) -> list[str]:
    number = sum(facts.grounds.values())
    told = f", on these grounds: {_listed(facts.grounds)}" if number else ""
    return [
        f"Not accepted, {WITHOUT}: {_few(number)}{told}.",
        "A refusal is recorded only with its ground and evidence, and its letter names the "
        "Ombudsman.",
    ]


def _refused_requests(facts: Facts) -> list[str]:
    number = sum(facts.request_grounds.values())
    told = f", on these grounds: {_listed(facts.request_grounds)}" if number else ""
    return [f"Requests for the next stage that were refused, {WITHOUT}: {_few(number)}{told}."]


def _procedure(facts: Facts) -> list[str]:
    return [f"The procedure that runs: {facts.procedure}."]


def _definition(facts: Facts) -> list[str]:
    if not facts.definition:
        return ["The procedure that runs has no definition of a complaint."]
    return [f"The procedure that runs says: “{facts.definition}”"]


def _public(facts: Facts) -> list[str]:
    *others, last = facts.languages
    languages = f"{', '.join(others)} and {last}" if others else last
    return [
        "The public page “How we deal with complaints” is made from the procedure that runs, with "
        f"every stage, its times and the Ombudsman, in {languages}, and as a leaflet.",
    ]


def _letters(facts: Facts) -> list[str]:
    return [
        "A letter that lacks a part which the procedure demands does not go.",
        *_counted(("letters", "Letters made in the year"))(facts),
    ]


def _record(facts: Facts) -> list[str]:
    return [
        "Everything that happens to a complaint is kept in a record that nobody can change "
        "unnoticed.",
        *_counted(("events", "Entries of the year"))(facts),
    ]


def _member(facts: Facts) -> list[str]:
    if not facts.members:
        return ["Nobody has the role of Member Responsible for Complaints."]
    return [
        f"Member Responsible for Complaints: {', '.join(facts.members)}.",
        "“The year in complaints” shows them figures, themes, findings and what changed, at any "
        "time.",
    ]


_PROMISES = _counted(
    ("promises", f"Promises made to customers with their day, {WITHOUT}"),
    ("promises_kept", "Kept"),
    ("promises_overdue", "Overdue"),
)
_SHOWN: Mapping[str, Callable[[Facts], list[str]]] = {
    "acknowledged": lambda facts: [*_acknowledged(1)(facts), *_acknowledged(2)(facts)],
    "acknowledged_1": _acknowledged(1),
    "acknowledged_2": _acknowledged(2),
    "adjustments": _counted(
        ("adjustments", "Customers with adjustments recorded"),
        ("formats", "Customers who need letters in another format"),
    ),
    "answered_1": _answered(1),
    "answered_2": _answered(2),
    "channels": _channels,
    "definition": _definition,
    "extensions": _extended((1, 2)),
    "extensions_1": _extended((1,)),
    "extensions_2": _extended((2,)),
    "lessons": _counted(("lessons", "Published under “You said, we did” in the year")),
    "letters": _letters,
    "member": _member,
    "people": _counted(
        ("coordinators", "Complaints coordinators"),
        ("directors", "Directors and assistant directors"),
    ),
    "procedure": _procedure,
    "promises": _PROMISES,
    "public": _public,
    "record": _record,
    "refused": _refused,
    "refused_requests": _refused_requests,
    "representatives": _counted(("representatives", f"People who speak for a customer, {WITHOUT}")),
    "requests": _counted(("requests", "Requests recorded in the year that are no complaints")),
    "restrictions": _counted(
        ("restrictions", "Limits on contact in force"),
        ("restrictions_due", "Of these, to be looked at again and overdue"),
    ),
    "stage_2": _stage_2,
    "surveys": _counted(("surveys", "Asked in a survey in the year, and told how to complain")),
    "themes": _counted(("themes", f"Categories in which complaints came in, {WITHOUT}")),
    "volume": _counted(("received", "Received"), ("before", "Received the year before")),
    "year": _counted(
        ("received", "Received"), ("findings", f"Decisions of the Ombudsman, {WITHOUT}")
    ),
}
