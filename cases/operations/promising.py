"""What is promised, by when and by whom, added to the record of an open complaint file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Complaint, ServiceArea, User
from cases.operations.alerts import tell_of_promise
from cases.operations.record import CaseFile
from cases.rules.events import EventKind
from cases.rules.promises import PromiseKind

# Nothing is promised further ahead than this.
FURTHEST = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised, by when, and who keeps it: a colleague, a team, or whoever is responsible.

    `keeper` and `team` are keys; without either it is the responsible officer's.
    """

    words: str
    due_on: date
    keeper: int | None = None
    team: int | None = None

    @property
    def sentence(self) -> str:
        """Return what a letter says of it."""
        return f"{with_day(self.words, self.due_on)}."


def with_day(words: str, day: date | None) -> str:
    """Return what is promised with its day, as a letter says it."""
    return words.rstrip(" .") + (f", by {day:%A %-d %B %Y}" if day else "")


def add_promise(
    case: CaseFile,
    promised: Promised,
    *,
    kind: PromiseKind = PromiseKind.PROMISE,
    on: date | None = None,
    amount: str = "",
    outside: str = "",
    besides: Mapping[str, str] | None = None,
) -> int:
    """Add a promise to the record of an open complaint file, and return its event.

    `amount` is what the Ombudsman orders to be paid, in pounds; `outside` is who does an action
    that a colleague only sees to; `besides` are further words, kept with it.

    :raises ReasonMissing: if it is not said what is promised.
    :raises WrongDate: if its day has passed or is years ahead.
    :raises ActionNotAllowed: if whoever is to keep it may not see the complaint.
    """
    number = _add(case, promised, kind=kind, on=on, amount=amount, outside=outside, besides=besides)
    # Whoever is asked to do something among colleagues is told of it as such.
    if kind is not PromiseKind.ACTION:
        tell_keepers(case, promised.keeper)
    return number


def _add(
    case: CaseFile,
    promised: Promised,
    *,
    kind: PromiseKind = PromiseKind.PROMISE,
    on: date | None = None,
    amount: str = "",
    outside: str = "",
    besides: Mapping[str, str] | None = None,
) -> int:
    if not promised.words.strip():
        raise ReasonMissing("Say what is promised.")
    made = on or case.today
    check_due(promised.due_on, made)
    return case.add(
        EventKind.PROMISED,
        on=made,
        facts={
            "kind": kind.value,
            "due_on": promised.due_on.isoformat(),
            **({"amount": amount} if amount else {}),
            **given_to(case, promised.keeper, promised.team),
        },
        words={
            "promise": promised.words.strip(),
            "outside": outside.strip(),
            **(besides or {}),
        },
    )


def tell_keepers(case: CaseFile, *keepers: int | None) -> None:
    """Tell colleagues that promises are theirs to keep, each once, but whoever took them."""
    themselves = case.by.pk if case.by else None
    others = {key for key in keepers if key is not None and key != themselves}
    if others:
        for keeper in User.objects.filter(pk__in=others).order_by("pk"):
            tell_of_promise(case, keeper)


def add_promises(case: CaseFile, promises: Iterable[Promised], *, on: date | None = None) -> None:
    """Add to the record what a letter promises, each as a commitment (Code 7.3)."""
    made = list(promises)
    for promised in made:
        _add(case, promised, on=on)
    tell_keepers(case, *(promised.keeper for promised in made))


def check_due(due_on: date, made: date) -> None:
    """Refuse a day that has passed, or is years ahead.

    :raises WrongDate: if it is.
    """
    if due_on < made:
        raise WrongDate(f"{due_on:%-d %B %Y} is before the day on which it was promised.")
    if due_on > made + FURTHEST:
        raise WrongDate("A promise is for a day within five years.")


def given_to(case: CaseFile, keeper: int | None, team: int | None) -> dict[str, int]:
    """Return as facts who keeps a promise.

    :raises ActionNotAllowed: if they may not see the complaint.
    """
    if keeper is not None:
        person = User.objects.filter(pk=keeper, is_active=True).first()
        readable = Complaint.objects.readable_by(person) if person else Complaint.objects.none()
        if person is None or not readable.filter(pk=case.complaint.pk).exists():
            raise ActionNotAllowed("Whoever keeps a promise must be able to see the complaint.")
        return {"officer": keeper}
    if team is not None:
        area = case.complaint.service_area
        found = ServiceArea.objects.filter(pk=team).first()
        if found is None or area is None or not area.path.startswith(found.path):
            raise ActionNotAllowed("Only a team that answers for the complaint can keep it.")
        return {"area": team}
    return {}
