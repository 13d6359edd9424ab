"""What is overdue, or falls due while its officer is away, and who covers or may cover each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import F, Q, Value
from django.db.models.fields import CharField

from cases.models import Absence, AccessEntry, Complaint, Cover, Deadline, Level, User
from cases.models.complaints import ComplaintQuerySet
from cases.rules.acts import GRANTS, Act
from cases.selectors.absences import away_in, is_within, meanwhile_of, standing_in
from cases.selectors.candidates import LISTED
from cases.selectors.my_work import acted_on_by
from cases.selectors.promises_away import KEEPER, PromiseAway, kept_elsewhere, promises_away
from cases.selectors.reassigning import Chosen, histories_of, takers
from cases.selectors.role_away import RoleAway, coordinators_absences, roles_away

# Complaints of one absence that are shown and named at once: those due first.
MOST_SHOWN = 100
AWAY_TOO = "They are away in those days too."


@dataclass(frozen=True, slots=True)
class ToCover:
    """A complaint with something overdue, or due in an absence: what, and who covers it, if any."""

    complaint: Complaint
    due: list[tuple[date, str]]
    cover: User | None
    choices: list[tuple[int, str]]
    deputy_refusal: str
    # Who sees to it where nobody is named: whoever stands in, unless they may not.
    stands_in: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence, and what is overdue at its beginning or falls due in it."""

    absence: Absence
    complaints: list[ToCover]
    # What they keep in complaints of others or in closed ones: nobody covers it with a complaint.
    promises: list[PromiseAway]
    # What they do by role or on a panel, which no cover is named for either.
    role: RoleAway | None = None
    # How many more fall due later in it than are shown.
    more: int = 0
    # Who stands in on its next day: the deputy, or the deputy's own while that one is away too.
    stands_in: str = ""

    @property
    def uncovered(self) -> list[ToCover]:
        """Return those that nobody was named for."""
        return [each for each in self.complaints if each.cover is None]

    @property
    def for_deputy(self) -> list[ToCover]:
        """Return those of them that the deputy may cover."""
        return [each for each in self.uncovered if not each.deputy_refusal]


@dataclass(frozen=True, slots=True)
class CoverToCome:
    """A complaint that somebody will cover: which, and from when to when."""

    reference: str
    first_day: date
    last_day: date


def cover_to_come(reference: str, user: User, *, today: date) -> CoverToCome | None:
    """Return when `user` will cover a complaint that is not open to them yet, if they will.

    One query. What has been closed to them since is not told of.
    """
    covers = Cover.objects.filter(
        user=user,
        complaint__reference=reference,
        complaint__in=Complaint.objects.not_closed_to(user).open(),
        absence__first_day__gt=today,
        absence__user=F("complaint__responsible_officer"),
        absence__user__is_active=True,
    )
    days = covers.order_by("absence__first_day", "pk").values_list(
        "absence__first_day", "absence__last_day"
    )
    found = days.first()
    return CoverToCome(reference, *found) if found else None


def leaves(user: User, *, today: date) -> list[Leave]:
    """Return the absences, now or to come, with what is overdue or due, that `user` may see to.

    Their own absences, and those of officers whose complaints they give to others, or of whoever
    keeps a promise in them; to a coordinator those of every coordinator. At most twenty-six
    queries, however many they are.
    """
    return _leaves(user, Q(), today=today)


def leave(absence_id: int, user: User, *, today: date) -> Leave | None:
    """Return one such absence, or nothing if it is none of theirs."""
    return next(iter(_leaves(user, Q(pk=absence_id), today=today)), None)


def _leaves(user: User, wanted: Q, *, today: date) -> list[Leave]:
    open_to = _theirs_to_name(user)
    absences = list(
        Absence.objects.filter(wanted, last_day__gte=today, user__is_active=True)
        .filter(
            Q(user__in=open_to.values("responsible_officer"))
            | Q(user__in=kept_elsewhere(user).values_list(KEEPER))
            | coordinators_absences(user)
        )
        .select_related("user", "deputy")
        .order_by("first_day", "pk")
    )
    if not absences:
        return []
    due = _due(absences, open_to, today=today)
    promises = promises_away(absences, user, today=today)
    roles = roles_away(absences, user, today=today)
    first = {each.pk: _due_first(due[each.pk])[:MOST_SHOWN] for each in absences}
    meanwhile = meanwhile_of(absences)
    away = away_in(absences, meanwhile)
    able = _Able(away, {key for some in first.values() for key in some}, user, today=today)
    deputies = standing_in(absences, meanwhile, today=today)
    covers: dict[int, dict[int, User]] = defaultdict(dict)
    for cover in Cover.objects.filter(absence__in=absences).select_related("user"):
        covers[cover.absence_id][cover.complaint_id] = cover.user
    found = [
        Leave(
            each,
            [
                ToCover(
                    able.histories[key].complaint,
                    sorted(due[each.pk][key]),
                    covers[each.pk].get(key),
                    able.choices(key, each),
                    able.refusal(key, each, each.deputy_id),
                    able.standing_in(key, each, deputies.get(each.pk)),
                )
                for key in first[each.pk]
            ],
            promises[each.pk],
            role=roles.get(each.pk),
            more=len(due[each.pk]) - len(first[each.pk]),
            stands_in=deputies.get(each.pk, (0, ""))[1],
        )
        for each in absences
    ]
    return [
        each
        for each in found
        if each.complaints or each.promises or each.role or each.absence.user_id == user.pk
    ]


def _theirs_to_name(user: User) -> ComplaintQuerySet:
    own = Q(responsible_officer=user)
    if user.has_role(*GRANTS[Act.ASSIGN]):
        own |= acted_on_by(user)
    return Complaint.objects.readable_by(user).open().filter(own)


Due = dict[int, list[tuple[date, str]]]


def _due_first(due: Due) -> list[int]:
    return sorted(due, key=lambda key: (min(due[key])[0], key))


def _due(absences: Sequence[Absence], open_to: ComplaintQuerySet, *, today: date) -> dict[int, Due]:
    """Return by absence and complaint what is due from today on in it. One query.

    Of an absence that has begun or is near also what is overdue by now. What others keep in it,
    or a team, is left out: it is theirs.
    """
    officers = Q(keeper__isnull=True, team__isnull=True)
    officers |= Q(keeper=F("complaint__responsible_officer"))
    last = max(each.last_day for each in absences)
    days = (max(today, min(each.first_day for each in absences)), last)
    theirs = open_to.filter(responsible_officer__in={each.user_id for each in absences})
    deadlines = (
        Deadline.objects.live()
        .filter(Q(due_on__range=days) | Q(due_on__lt=today), complaint__in=theirs)
        .filter(officers)
        .order_by()
        .values_list("complaint_id", "complaint__responsible_officer_id", "due_on", "words")
    )
    hearings = (
        theirs.filter(hearing_on__range=days)
        .order_by()
        .values_list("pk", "responsible_officer_id", F("hearing_on"), Value("Hearing", CharField()))
    )
    found: dict[int, Due] = {each.pk: defaultdict(list) for each in absences}
    for key, officer, on, words in deadlines.union(hearings, all=True):
        if on is None:
            continue
        for each in absences:
            if each.user_id == officer and is_within(on, each, today=today):
                found[each.pk][key].append((on, words))
    return found


class _Able:
    """Says who may cover which complaints in which absence. At most ten queries."""

    def __init__(
        self, away: Mapping[int, set[int]], keys: Collection[int], user: User, *, today: date
    ) -> None:
        complaints = list(
            Complaint.objects.filter(pk__in=keys).select_related(
                "procedure_version__procedure", "service_area", "customer"
            )
        )
        self.histories = histories_of(complaints)
        chosen = [Chosen(self.histories[each.pk], each.version, "") for each in complaints]
        people = takers(chosen, user=user, today=today, most=None) if chosen else []
        self._people = {each.candidate.key: each for each in people}
        self._away = away
        restricted = [each.pk for each in complaints if each.level == Level.RESTRICTED]
        self._listed: dict[int, set[int]] = {key: set() for key in restricted}
        rows = AccessEntry.objects.filter(complaint__in=restricted, as_panel_member=False)
        for key, person in rows.values_list("complaint_id", "user_id"):
            self._listed[key].add(person)

    def refusal(self, key: int, absence: Absence, person: int) -> str:
        """Return why somebody may not cover a complaint, or nothing."""
        if person not in self._people:
            return "They do not deal with complaints."
        if reason := self._people[person].refusals.get(key, ""):
            return reason
        if person in self._away[absence.pk]:
            return AWAY_TOO
        if person not in self._listed.get(key, {person}):
            return "It is restricted, and they are not on its list."
        return ""

    def standing_in(self, key: int, absence: Absence, person: tuple[int, str] | None) -> str:
        """Return the name of whoever stands in, if they may see to the complaint, or nothing.

        Somebody who is away later in those days stands in until then.
        """
        if person is None or self.refusal(key, absence, person[0]) not in ("", AWAY_TOO):
            return ""
        return person[1]

    def choices(self, key: int, absence: Absence) -> list[tuple[int, str]]:
        """Return who may cover a complaint: key and words, at most LISTED."""
        able = (
            (person, each.candidate.words)
            for person, each in self._people.items()
            if not self.refusal(key, absence, person)
        )
        return list(islice(able, LISTED))
