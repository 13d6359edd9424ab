"""What the page of one complaint shows, in seven queries however long its story is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from cases.models import Complaint, User
from cases.models.complaints import ComplaintQuerySet
from cases.rules.act_words import (
    ABOUT_PROMISES,
    LABELS,
    Group,
    concerns,
    group_of,
    next_act,
    not_yours,
)
from cases.rules.acts import JUDGING, Act
from cases.rules.customers import Register
from cases.rules.independence import not_to_accept_because
from cases.rules.letter_approvals import letters_waiting
from cases.rules.links import goes_on_in, other_of, without_the_other
from cases.rules.permissions import permitted
from cases.rules.roles import Role
from cases.rules.timeline import Entry, View, entries_of
from cases.rules.timeline_facts import Lookup, channel_words
from cases.selectors.case_deadlines import DeadlineLine, deadline_lines, next_deadline
from cases.selectors.case_history import CaseHistory, history_of
from cases.selectors.case_links import (
    Linked,
    closed_further,
    linked_complaints,
    linked_with,
)
from cases.selectors.case_papers import CasePapers, papers_of
from cases.selectors.case_people import CasePeople, people_of
from cases.selectors.case_points import CasePoints, EvidenceLine, case_points, evidence_lines
from cases.selectors.case_views import opened_on
from cases.selectors.case_warnings import LetterReader, Warned, warnings_of
from cases.selectors.independence import responders_before, unfit_to_decide
from cases.selectors.named import Named, named
from cases.selectors.prepared import (
    BLANK_DAY,
    BLANK_TEXT,
    KEPT,
    PreparedModels,
    Reader,
    reader_of,
)
from cases.selectors.promises import ActionLine, PromiseLine, action_lines, promise_lines
from cases.selectors.repeats import with_repeats
from cases.selectors.standing import roles_for


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that the reader may do now."""

    act: Act
    label: str
    group: Group
    is_next: bool


@dataclass(frozen=True, slots=True)
class Withheld:
    """An act that the reader may not do now, and why.

    `is_for_others`: somebody else may do it now.
    """

    act: Act
    label: str
    reason: str
    is_for_others: bool = False


@dataclass(frozen=True)
class CasePage:
    """Everything that the page of one complaint shows to one reader on a day.

    `untold` are other complaints of which nothing is said, wherever the record names them.
    """

    history: CaseHistory
    people: CasePeople
    papers: CasePapers
    links: Sequence[Complaint]
    linked: Linked
    untold: frozenset[int]
    names: Named
    user: User
    today: date

    @property
    def complaint(self) -> Complaint:
        """Return the complaint."""
        return self.history.complaint

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Return the reader's roles that count here."""
        return roles_for(self.user, self.complaint, listed=self._listed)

    @property
    def _roles_as_second(self) -> frozenset[Role]:
        """Return those that count for the second person of a letter."""
        return roles_for(self.user, self.complaint, listed=self._listed, is_second=True)

    @property
    def _listed(self) -> frozenset[Role]:
        """Return the roles that count because the access list names the reader."""
        is_restricted = self.complaint.level == "restricted"
        return self.people.roles_of(self.user, is_restricted=is_restricted)

    @cached_property
    def may_open_files(self) -> bool:
        """Say whether the reader may open files: whoever reads only from the front line may not."""
        return may_open_files(self.user, self.roles)

    @cached_property
    def _judged(self) -> tuple[list[Offer], list[Withheld]]:
        state, terms = self.history.state, self.history.terms
        allowed: list[Act] = []
        withheld: list[Withheld] = []
        permissions = permitted(state, terms, self.today)
        without_object = self._without_object
        for act, label in LABELS.items():
            if act in without_object:
                continue
            may = permissions[act]
            reason = may.why_not
            if not reason and not self.roles & may.roles:
                reason = not_yours(may)
            if not reason and act in JUDGING:
                reason = self._unfit_for(act)
            if not reason and (concerns(act, terms) or act is Act.POST_LETTER):
                allowed.append(act)
            elif act in ABOUT_PROMISES and may.why_not:
                continue
            elif reason and concerns(act, terms):
                withheld.append(Withheld(act, label, reason, is_for_others=not may.why_not))
        first = next_act(state, allowed)
        offers = [Offer(act, LABELS[act], group_of(act), act is first) for act in allowed]
        return sorted(offers, key=lambda offer: not offer.is_next), withheld

    @property
    def _without_object(self) -> frozenset[Act]:
        """Return the acts of which nothing is said, as nothing is there that they are about."""
        nothing_to_part = {Act.UNLINK} if not self.linked.to_part else set()
        nothing_to_approve = {Act.APPROVE_LETTER} if not self.may_approve else set()
        return frozenset(nothing_to_part | nothing_to_approve)

    @property
    def may_approve(self) -> bool:
        """Say whether a letter waits that the reader may approve as the second person."""
        waiting = letters_waiting(self.history.events, self.history.state)
        return any(map(self._as_reader.may_approve, waiting))

    @cached_property
    def _as_reader(self) -> LetterReader:
        return LetterReader(self.user, self._roles_as_second)

    def _unfit_for(self, act: Act) -> str:
        """Return why the procedure shuts the reader out from an act that decides, or nothing."""
        state, terms = self.history.state, self.history.terms
        if act is Act.ACCEPT_ESCALATION:
            return not_to_accept_because(state, terms, person=self.user.pk)
        return unfit_to_decide(
            self.history.state,
            self.history.terms,
            self.user,
            stage=self.history.state.stage,
            earlier_roles=frozenset().union(*self.names.roles.values()),
        )

    @property
    def offers(self) -> list[Offer]:
        """Return the acts that the reader may do now, the natural next one first."""
        return self._judged[0]

    @property
    def withheld(self) -> list[Withheld]:
        """Return the acts that the reader may not do now, and why."""
        return self._judged[1]

    @property
    def channel_words(self) -> str:
        """Return how the complaint reached the landlord."""
        return channel_words(self.complaint.channel)

    @property
    def register_words(self) -> str:
        """Return the register it is kept in."""
        return Register(self.complaint.register).words

    @cached_property
    def lookup(self) -> Lookup:
        """Return the names for the story."""
        return Lookup(
            people=self.names.people,
            areas=self.names.areas,
            categories=self.names.categories,
            files={file.id: file.name for file in self.papers.files},
            stages={stage.code: stage.name for stage in self.history.terms.stages},
            speakers={each.key: each.name for each in self.people.speakers},
        )

    @cached_property
    def points(self) -> CasePoints:
        """Return the points of the complaint, with what was found about each."""
        return case_points(self.history, self._files)

    @property
    def _files(self) -> dict[int, tuple[str, str]]:
        return {file.id: (file.key, file.name) for file in self.papers.files}

    @property
    def refusals_rest_on(self) -> dict[int, list[EvidenceLine]]:
        """Return by entry the files and entries by which a refusal is shown to be right."""
        refusals = (each for each in self.history.events if each.facts.get("rests_on"))
        return {
            each.number: evidence_lines(self.history, each.facts["rests_on"], self._files)
            for each in refusals
        }

    @cached_property
    def entries(self) -> list[Entry]:
        """Return the whole story as the reader may know it, the newest happening first."""
        history = self.history
        events = [
            without_the_other(each) if goes_on_in(each.facts) in self.untold else each
            for each in history.events
        ]
        told = entries_of(events, history.words, self.lookup, history.state.irregular)
        hidden = {e.number for e in history.events if other_of(e.facts) in self.untold}
        return [entry for entry in told if entry.number not in hidden]

    def entries_in(self, view: View) -> list[Entry]:
        """Return the story as one view shows it."""
        return [entry for entry in self.entries if entry.is_in(view)]

    @cached_property
    def deadlines(self) -> list[DeadlineLine]:
        """Return the promises and windows, those that bind somebody now first."""
        return deadline_lines(self.history, today=self.today, explained=False)

    @property
    def stays(self) -> list[tuple[str, int]]:
        """Return the stays in stages, in the order in which they began."""
        return [(visit.stage, visit.number) for visit in self.history.state.visits]

    @property
    def deadlines_here(self) -> list[DeadlineLine]:
        """Return the promises and windows of the current stay, and what is open of earlier ones."""
        here = (self.history.state.stage, self.history.state.visit)
        return [
            line
            for line in self.deadlines
            if line.deadline.promise is None
            and ((line.deadline.stage, line.deadline.visit) == here or line.deadline.is_live)
        ]

    @cached_property
    def promises(self) -> list[PromiseLine]:
        """Return the dated promises, those that are still to be kept first."""
        return promise_lines(self.deadlines, self.history, self.names.people, self.names.areas)

    @cached_property
    def actions(self) -> list[ActionLine]:
        """Return what colleagues have to do in it, what is open first."""
        return action_lines(self.deadlines, self.history, self.names.people, self.names.areas)

    @property
    def next(self) -> DeadlineLine | None:
        """Return the promise that is due next."""
        return next_deadline(self.deadlines)

    @property
    def window(self) -> DeadlineLine | None:
        """Return the customer's open time to go further, where nothing else is due."""
        open_here = (
            line
            for line in self.deadlines_here
            if line.deadline.is_window
            and not line.deadline.is_earliest
            and line.tone == "blue"
            and line.deadline.promise is None
        )
        return next(open_here, None)

    @cached_property
    def warnings(self) -> list[Warned]:
        """Return what nobody may overlook."""
        return warnings_of(
            self.history, self.people, self.papers, self.names, self._as_reader, today=self.today
        )


def may_open_files(user: User, roles: frozenset[Role]) -> bool:
    """Say whether somebody who reads a complaint may open its files (roles: row 8)."""
    if roles - {Role.FRONT_LINE}:
        return True
    # Whoever reads by a list and not from the front line, such as an auditor.
    return Role.FRONT_LINE not in user.scope.roles


def readable_complaint(reference: str, user: User, *, today: date) -> Complaint | None:
    """Return the complaint with what its pages name, if `user` may read it. One query.

    It says of itself whether it is noted that they opened it `today`, and so does the next.
    """
    return _readable(reader_of(user)).first(text=reference, day=today)


def complaint_with_repeats(reference: str, user: User, *, today: date) -> Complaint | None:
    """Return the same with how many complaints are like it. One query."""
    return _with_repeats(reader_of(user), today).first(text=reference, day=today)


@lru_cache(maxsize=KEPT)
def _readable(reader: Reader) -> PreparedModels[Complaint]:
    return PreparedModels(_named(reader))


@lru_cache(maxsize=KEPT)
def _with_repeats(reader: Reader, today: date) -> PreparedModels[Complaint]:
    return PreparedModels(with_repeats(_named(reader), user=reader.user, today=today))


def _named(reader: Reader) -> ComplaintQuerySet:
    return (
        Complaint.objects.readable_by(reader.user)
        .filter(reference=BLANK_TEXT)
        .annotate(is_opened_today=opened_on(BLANK_DAY, by=reader.key))
        .select_related(
            "customer",
            "procedure_version__procedure",
            "responsible_officer",
            "service_area",
            "category",
            "contractor",
        )
    )


def case_page(complaint: Complaint, *, user: User, today: date, is_kept: bool = False) -> CasePage:
    """Return what the page of a complaint shows to one reader, in six queries.

    `is_kept`: it goes into papers that everybody who may open the complaint can open later. One
    query more where the record then names other complaints.
    """
    history = history_of(complaint)
    responders = responders_before(history.state, history.terms, stage=history.state.stage)
    linked = linked_with(complaint, user=user)
    others = linked_complaints(complaint, user=user)
    names = named(
        history.events, reader=user, today=today, with_roles=responders, also=_officer(complaint)
    )
    return CasePage(
        history=history,
        people=people_of(complaint),
        papers=papers_of(complaint),
        links=[each for each in others if each.pk not in linked.keys],
        linked=linked,
        untold=_untold(history, names, is_kept=is_kept),
        names=names,
        user=user,
        today=today,
    )


def _untold(history: CaseHistory, names: Named, *, is_kept: bool) -> frozenset[int]:
    if not is_kept:
        return frozenset(names.untold)
    named = ((other_of(event.facts), goes_on_in(event.facts)) for event in history.events)
    others = {key for pair in named for key in pair if key}
    return frozenset(names.untold | closed_further(history.complaint, others))


def _officer(complaint: Complaint) -> list[int]:
    key = complaint.responsible_officer_id
    return [key] if key else []
