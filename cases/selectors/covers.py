"""Complaints that fall due while their officer is away, and who covers or may cover each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Value
from django.db.models.fields import CharField

from cases.models import Absence, AccessEntry, Complaint, Cover, Deadline, Level, User
from cases.models.complaints import ComplaintQuerySet
from cases.rules.acts import GRANTS, Act
from cases.selectors.case_history import CaseHistory
from cases.selectors.my_work import acted_on_by
from cases.selectors.reassigning import Chosen, Taker, histories_of, takers

# Complaints of one absence that are shown and named at once.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ToCover:
    """A complaint with something due in an absence: what, and who covers it, if anybody does."""

    complaint: Complaint
    due: list[tuple[date, str]]
    cover: User | None
    choices: list[tuple[int, str]]
    deputy_refusal: str


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence, and what falls due in it."""

    absence: Absence
    complaints: list[ToCover]

    @property
    def uncovered(self) -> list[ToCover]:
        """Return those that nobody was named for."""
        return [each for each in self.complaints if each.cover is None]


def away_meanwhile(absence: Absence) -> set[int]:
    """Return who is away on any day of an absence. One query."""
    others = Absence.objects.filter(
        first_day__lte=absence.last_day, last_day__gte=absence.first_day
    )
    return set(others.values_list("user_id", flat=True))


def leaves(user: User, *, today: date) -> list[Leave]:
    """Return the absences, now or to come, in which something falls due that `user` may see to.

    Their own absences, and those of officers whose complaints they give to others. Two queries,
    and sixteen more for each absence in which something falls due.
    """
    open_to = _theirs_to_name(user)
    absences = (
        Absence.objects.filter(last_day__gte=today, user__is_active=True)
        .filter(user__in=open_to.values("responsible_officer"))
        .select_related("user", "deputy")
        .order_by("first_day", "pk")
    )
    found = (_leave(each, open_to, user, today=today) for each in absences)
    return [each for each in found if each.complaints or each.absence.user_id == user.pk]


def leave(absence_id: int, user: User, *, today: date) -> Leave | None:
    """Return one such absence, or nothing if it is none of theirs."""
    mine = (each for each in leaves(user, today=today) if each.absence.pk == absence_id)
    return next(mine, None)


def _theirs_to_name(user: User) -> ComplaintQuerySet:
    own = Q(responsible_officer=user)
    if user.has_role(*GRANTS[Act.ASSIGN]):
        own |= acted_on_by(user)
    return Complaint.objects.readable_by(user).open().filter(own)


def _leave(absence: Absence, open_to: ComplaintQuerySet, user: User, *, today: date) -> Leave:
    due = _due(absence, open_to, today=today)
    if not due:
        return Leave(absence, [])
    complaints = list(
        Complaint.objects.filter(pk__in=due)
        .select_related("procedure_version__procedure", "service_area", "customer")
        .order_by("pk")[:MOST_SHOWN]
    )
    histories = histories_of(complaints)
    chosen = [Chosen(histories[each.pk], each.version, "") for each in complaints]
    people = takers(chosen, user=user, today=today)
    covers = {
        each.complaint_id: each.user
        for each in Cover.objects.filter(absence=absence).select_related("user")
    }
    able = _Able(absence, chosen, people)
    found = [
        ToCover(
            history.complaint,
            sorted(due[history.complaint.pk]),
            covers.get(history.complaint.pk),
            able.choices(history),
            able.refusal(history, absence.deputy_id),
        )
        for history in (each.history for each in chosen)
    ]
    return Leave(absence, sorted(found, key=lambda each: (each.due[0], each.complaint.pk)))


def _due(
    absence: Absence, open_to: ComplaintQuerySet, *, today: date
) -> dict[int, list[tuple[date, str]]]:
    """Return by complaint what is due from today on in the absence. One query."""
    first, last = max(absence.first_day, today), absence.last_day
    theirs = open_to.filter(responsible_officer=absence.user_id)
    deadlines = (
        Deadline.objects.live()
        .filter(complaint__in=theirs, due_on__range=(first, last))
        .order_by()
        .values_list("complaint_id", "due_on", "words")
    )
    hearings = (
        theirs.filter(hearing_on__range=(first, last))
        .order_by()
        .values_list("pk", F("hearing_on"), Value("Hearing", CharField()))
    )
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for key, on, words in deadlines.union(hearings, all=True):
        if on is not None:
            found[key].append((on, words))
    return found


class _Able:
    """Says who may cover which of the complaints of an absence."""

    def __init__(self, absence: Absence, chosen: Sequence[Chosen], people: Sequence[Taker]) -> None:
        self._people = {each.candidate.key: each for each in people}
        self._away = away_meanwhile(absence)
        restricted = [
            each.complaint.pk for each in chosen if each.complaint.level == Level.RESTRICTED
        ]
        self._listed: dict[int, set[int]] = {key: set() for key in restricted}
        rows = AccessEntry.objects.filter(complaint__in=restricted, as_panel_member=False)
        for key, person in rows.values_list("complaint_id", "user_id"):
            self._listed[key].add(person)

    def refusal(self, history: CaseHistory, person: int) -> str:
        """Return why somebody may not cover a complaint, or nothing."""
        key = history.complaint.pk
        if person not in self._people:
            return "They do not deal with complaints."
        if reason := self._people[person].refusals.get(key, ""):
            return reason
        if person in self._away:
            return "They are away in those days too."
        if person not in self._listed.get(key, {person}):
            return "It is restricted, and they are not on its list."
        return ""

    def choices(self, history: CaseHistory) -> list[tuple[int, str]]:
        """Return who may cover a complaint: key and words."""
        return [
            (key, each.candidate.words)
            for key, each in self._people.items()
            if not self.refusal(history, key)
        ]
