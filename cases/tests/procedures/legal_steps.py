"""Everybody tries everything with a complaint, and a small model says what should come of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cases.errors import ComplaintError
from cases.models import CommitteePost, Complaint, Editions, Level, Post, User
from cases.operations import (
    assign,
    close,
    correct,
    escalate,
    extend,
    hearing,
    note,
    ombudsman,
    stage_acts,
)
from cases.operations.lateness import saying_why
from cases.operations.projection import differences
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import Outcome, PanelDecision
from cases.rules.lateness import Lateness
from cases.rules.replay import replay
from cases.rules.roles import Role
from cases.rules.state import DeadlineState
from cases.selectors.case_history import history_of
from cases.selectors.history import events_of
from cases.tests import answering
from cases.tests.approving import approved
from cases.tests.factories import UserFactory
from cases.tests.fixtures import House, at
from cases.tests.hearings import held_with, seated
from cases.tests.procedures.reference_model import MAPS, MAY, Model, Stay

START = date(2026, 6, 8)
BY_EMAIL = Telling("email", "Dear customer", says=("learnings",))
SORRY = ("We apologise to you.",)
ACTS = sorted({*MAY, "respond"})
# What takes somebody whom the procedure does not shut out.
JUDGED = ("respond", "accept", "refuse_request")
# What moves a complaint on, or decides about it.
GOING_ON = (
    "triage",
    "assign",
    "acknowledge",
    "resolve",
    "pass_on",
    "respond",
    "deliver",
    "escalate",
    "accept",
    "refuse_request",
    "more_time",
    "extend",
    "arrange",
    "hold",
    "outcome",
    "close",
    "reopen",
)
PANELS = {
    "kht-three-stage": (Role.ASSISTANT_DIRECTOR, Role.PANEL_MEMBER),
    "first-ark-panel": (Role.DIRECTOR, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE),
    "herefordshire": (Role.PANEL_MEMBER, Role.PANEL_MEMBER, Role.PANEL_MEMBER),
}
WRITTEN = """
    SELECT version,
        (SELECT COUNT(*) FROM cases_recordedevent WHERE complaint_id = c.id),
        (SELECT COUNT(*) FROM cases_letter WHERE complaint_id = c.id),
        (SELECT COUNT(*) FROM cases_outboundmessage WHERE complaint_id = c.id),
        (SELECT COUNT(*) FROM cases_accessentry WHERE complaint_id = c.id),
        (SELECT COUNT(*) FROM cases_stagetransition WHERE complaint_id = c.id)
    FROM cases_complaint c WHERE id = %(complaint)s
"""
# Places in a hearing that somebody who dealt with the complaint could have the role for.
TAINTED = {
    "kht-three-stage": (0, Role.ASSISTANT_DIRECTOR),
    "first-ark-panel": (1, Role.LINE_MANAGER),
}


class Staff:
    """The people of a landlord, with one role each, and a second of some."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.role = {user.pk: role for role, user in house.people.items()}
        seconds = {
            Role.RESPONSIBLE_OFFICER: None,
            Role.LINE_MANAGER: house.team,
            Role.HEAD_OF_SERVICE: house.service,
            Role.DIRECTOR: house.directorate,
        }
        for role, area in seconds.items():
            self._add(role, area)
        self.actors = sorted(self.role)
        self.panels = {
            code: [self._add(role, self._area(role, code)) for role in roles]
            for code, roles in PANELS.items()
        }
        CommitteePost.objects.create(
            user_id=self.panels["kht-three-stage"][1],
            committee="Repairs Committee",
            post=Post.VICE_CHAIR.value,
            area=house.service,
        )
        self.actors += self.panels["herefordshire"][:1] + self.panels["kht-three-stage"][1:]

    def _area(self, role: Role, code: str) -> Any:
        # Panel members work elsewhere, so that the complaint is open to them only where they sit;
        # but for the one whose service is complained about.
        if code == "first-ark-panel" and role is Role.DIRECTOR:
            return self.house.directorate
        return None if role is Role.PANEL_MEMBER else self.house.other_team

    def _add(self, role: Role, area: Any) -> int:
        user = UserFactory(name=f"{role.words} too", roles=[(role, area)])
        self.role[user.pk] = role
        return user.pk


class LegalSteps(RuleBasedStateMachine):
    """One complaint under one procedure, from its receipt on.

    `acts` are those that anybody tries at any time. `tally` counts complaints by procedure, and
    steps by what came of them.
    """

    staff: Staff
    tally: Counter[str]
    acts: Sequence[str] = ACTS

    def __init__(self) -> None:
        super().__init__()
        self.model: Model | None = None
        self.today = START
        # Whether anything was written since the invariants were looked at.
        self.is_new = True
        self._row: Complaint | None = None

    @initialize(code=st.sampled_from(sorted(MAPS)), untriaged=st.booleans())
    def receive(self, code: str, untriaged: bool) -> None:
        house = self.staff.house
        house.run(code)
        self.tally[code] += 1
        # What comes by the public form has no officer yet.
        details = {"officer_id": None} if untriaged else {}
        complaint = house.lodge(on=START, triaged=not untriaged, **details)
        self.key = complaint.pk
        officer = complaint.responsible_officer_id
        self.model = Model(
            code, Stay(MAPS[code].first), untriaged, officer, logger=complaint.logged_by_id
        )
        if officer:
            self.model.handle(officer)

    @property
    def complaint(self) -> Complaint:
        """Return the complaint as it was stored by the last step."""
        if self._row is None:
            self._row = Complaint.objects.get(pk=self.key)
        return self._row

    # What people do ---------------------------------------------------------------------------

    @rule(data=st.data(), days=st.integers(0, 9))
    def somebody_goes_on(self, data: st.DataObject, days: int) -> None:
        """Somebody does something that the procedure has in store."""
        self.today += timedelta(days=days)
        overdue = self._is_overdue()
        who: dict[str, list[int]] = {}
        for act in GOING_ON:
            if self.model.legal(act, overdue=overdue):
                who[act] = [p for p in self.staff.actors if self._may(act, p)]
        act = data.draw(st.sampled_from([act for act, people in who.items() if people] or ["note"]))
        self._try(act, data.draw(st.sampled_from(who.get(act) or self.staff.actors)), data)

    def _may(self, act: str, person: int) -> bool:
        """Say whether the act is this person's, and they may decide the stage if it decides it."""
        model = self.model
        return model.may(act, person, self.staff.role[person]) and model.unprejudiced(
            act, person, self.staff.role
        )

    @rule(data=st.data(), days=st.integers(0, 3))
    def anybody_tries_anything(self, data: st.DataObject, days: int) -> None:
        """Anybody tries anything."""
        self.today += timedelta(days=days)
        act = data.draw(st.sampled_from(self.acts))
        self._try(act, data.draw(st.sampled_from(self.staff.actors)), data)

    def _try(self, act: str, person: int, data: st.DataObject) -> None:
        model, role = self.model, self.staff.role[person]
        expected = model.legal(act, overdue=self._is_overdue()) and model.may(act, person, role)
        before = self._written()
        step = getattr(self, f"_{act}")
        allowed, happened = step(person, data)
        if act in JUDGED and expected:
            allowed = model.unprejudiced(act, person, self.staff.role)
        expected = expected and allowed
        refusal = ""
        try:
            self._operation(person)
        except ComplaintError as error:
            refusal = str(error)
        self._row = None
        self.is_new = not refusal
        self.tally["refused" if refusal else "done"] += 1
        assert bool(refusal) != expected, (
            f"{role.words} tried to {act} in {model.stay}: "
            f"{refusal or 'it was done'}, expected {'yes' if expected else 'no'}"
        )
        if refusal:
            assert self._written() == before, "A refusal wrote something."
        else:
            happened()

    def _written(self) -> tuple[int, ...]:
        """Return how much is stored of the complaint. One query, past the system."""
        with connection.cursor() as cursor:
            cursor.execute(WRITTEN, {"complaint": self.key})
            return cursor.fetchone()

    def _is_overdue(self) -> bool:
        if self.model.code != "code-2024":
            # Elsewhere nothing hangs on it.
            return False
        answers = self.complaint.deadlines.filter(
            stage=self.model.stay.stage, code="respond"
        ).order_by("visit")
        due = answers.last()
        return due is not None and due.due_on is not None and due.due_on < self.today

    def _do(self, act: Callable[..., Any], **details: Any) -> None:
        """Say what the step that is being tried is to call."""
        common = {"complaint_id": self.key, "now": at(self.today)}
        if act is not note.add_note:
            common["seen"] = None
        late = Lateness("The file was lost.", avoidable=False, done_by=self.today)

        def call(by: User) -> None:
            with saying_why(late):
                act(**common, **details, by=by)

        self._call = call

    def _operation(self, person: int) -> None:
        self._call(User.objects.get(pk=person))

    # The steps: what is called, whether what was given is in order, and what comes of it ----------

    def _triage(self, person, data):
        area = self.staff.house.team.pk
        self._do(assign.triage, area_id=area, officer_id=None, category_id=None, level=Level.NORMAL)

        def happened():
            self.model.untriaged = False
            self.model.officer = None

        return True, happened

    def _assign(self, person, data):
        officer = data.draw(st.sampled_from(self.staff.actors))
        self._do(assign.assign, officer_id=officer, area_id=self.staff.house.team.pk)

        def happened():
            self.model.officer = officer
            self.model.handle(officer)

        return self.model.independent(officer, self.staff.role), happened

    def _receive_by_team(self, person, data):
        self._do(stage_acts.receive_by_team, on=self.today)
        return True, lambda: setattr(self.model, "reached_team", True)

    def _acknowledge(self, person, data):
        self._do(
            answering.acknowledge,
            on=self.today,
            telling=BY_EMAIL,
        )
        return True, lambda: setattr(self.model.stay, "acknowledged", True)

    def _contact(self, person, data):
        self._do(
            stage_acts.contact, on=self.today, channel="phone", reached=True, words="We spoke.",
        )  # fmt: skip
        return True, lambda: self.model.handle(person)

    def _manager_contact(self, person, data):
        self._do(
            stage_acts.contact_as_manager, on=self.today, channel="phone", words="We spoke.",
        )  # fmt: skip
        return True, lambda: self.model.handle(person)

    def _resolve(self, person, data):
        closes = data.draw(st.booleans())
        self._do(
            stage_acts.resolve, on=self.today, words="Mended.", apologised=True, close=closes,
            telling=BY_EMAIL,
        )  # fmt: skip

        def happened():
            self.model.answer(person)
            self.model.ended = "resolved" if closes else ""

        return True, happened

    def _pass_on(self, person, data):
        self._do(escalate.pass_on, on=self.today, words="It needs a decision.")
        return True, lambda: self.model.begin(self.model.map.then["initial"])

    def _respond(self, person, data):
        answer = Answer(Outcome.UPHELD, remedy_words=SORRY)
        self._do(answering.respond, on=self.today, answer=answer, telling=BY_EMAIL)
        return True, lambda: self.model.answer(person)

    def _deliver(self, person, data):
        self._do(stage_acts.record_delivery, on=self.today)
        return True, lambda: None

    def _escalate(self, person, data):
        until = self.complaint.window_until
        late = until is not None and self.today > until
        self._do(escalate.request_escalation, on=self.today, channel="phone", reasons="Still cold.")
        return True, lambda: self.model.ask(late=late)

    def _accept(self, person, data):
        self._do(escalate.accept_escalation, on=self.today, reason="Fair.", telling=BY_EMAIL)
        return True, lambda: setattr(self.model, "pending", False)

    def _refuse_request(self, person, data):
        ground = "followed_policy" if self.model.map.decides_requests else "late"
        refuse = approved(Act.REFUSE_ESCALATION, escalate.refuse_escalation)
        self._do(
            refuse, on=self.today, ground=ground, evidence="See the log.",
            telling=BY_EMAIL,
        )  # fmt: skip
        return True, self.model.turn_away

    def _more_time(self, person, data):
        until = max(self.complaint.window_until or self.today, self.today)
        self._do(escalate.extend_window, new_due_on=until + timedelta(days=7), reason="Hospital.")
        return True, lambda: None

    def _agree_date(self, person, data):
        self._do(
            extend.agree_date, on=self.today, new_due_on=self.today + timedelta(days=30),
            words="Agreed.",
        )  # fmt: skip
        return True, lambda: None

    def _extend(self, person, data):
        longest = max(
            (d.due_on for d in self.complaint.deadlines.exclude(due_on=None)), default=self.today
        )
        self._do(
            extend.extend, new_due_on=max(longest, self.today) + timedelta(days=1), reason="Ill.",
            exceptional=True, telling=BY_EMAIL,
        )  # fmt: skip
        return True, lambda: None

    def _arrange(self, person, data):
        members = list(self.staff.panels.get(self.model.code, []))
        clean = True
        if self.model.code in TAINTED and data.draw(st.booleans()):
            place, role = TAINTED[self.model.code]
            members[place] = self.staff.house.people[role].pk
            clean = self.model.independent(members[place], self.staff.role)
        ahead = self.today + timedelta(days=data.draw(st.integers(0, 9)))
        on = history_of(self.complaint).calendar.roll_forward(ahead)
        arrangement = hearing.Arrangement(on, "Lakeview", "in_person", members)
        self._do(hearing.arrange_hearing, arrangement=arrangement)

        def happened():
            self.model.stay.arranged_for = on
            self.model.stay.arranged_anew = self.model.stay.held_on is not None
            self.model.seated = set(members)

        return clean, happened

    def _invite(self, person, data):
        self._do(hearing.send_invitation, on=self.today, telling=BY_EMAIL)
        return True, lambda: None

    def _send_papers(self, person, data):
        self._do(
            hearing.send_papers,
            on=self.today,
            papers=hearing.Papers(words="All letters."),
            telling=Telling("letter_elsewhere"),
        )
        return True, lambda: None

    def _hold(self, person, data):
        held = held_with(seated(self.complaint))
        self._do(hearing.hold_hearing, on=self.today, held=held)

        def happened():
            self.model.stay.held_on = self.today
            self.model.stay.arranged_anew = False
            self.model.handle(person)

        return True, happened

    def _outcome(self, person, data):
        decision = None
        if self.model.code == "herefordshire":
            decision = data.draw(st.sampled_from(sorted(PanelDecision)))
        again = decision is PanelDecision.RE_INVESTIGATE
        self._do(
            hearing.send_outcome, on=self.today, answer=Answer(Outcome.UPHELD, remedy_words=SORRY),
            decision=decision,
            telling=BY_EMAIL,
        )  # fmt: skip

        def happened():
            self.model.answer(person)
            if again:
                self.model.sent_back = True
                self.model.begin("stage-2")

        return not (again and self.model.sent_back), happened

    def _end(self, act, as_what, **details):
        self._do(act, **details)
        return True, lambda: setattr(self.model, "ended", as_what)

    def _withdraw(self, person, data):
        return self._end(close.withdraw, "withdrawn", on=self.today, words="She moved.")

    def _refer_elsewhere(self, person, data):
        return self._end(
            close.refer_elsewhere, "referred_elsewhere", to="asb", words="For others.",
            telling=BY_EMAIL,
        )  # fmt: skip

    def _refuse(self, person, data):
        return self._end(
            close.refuse, "refused", ground="over_12_months", evidence="Of 2019.", telling=BY_EMAIL
        )

    def _refuse_unreasonable(self, person, data):
        return self._end(
            close.refuse_unreasonable, "refused", evidence="Forty calls.", telling=BY_EMAIL
        )

    def _annul(self, person, data):
        return self._end(correct.annul, "annulled", reason="A test.")

    def _close(self, person, data):
        kinds = {True: "resolved", False: "answered"}
        last = self.complaint.events.filter(kind__in=["resolved", "responded", "outcome_sent"])
        resolved = last.exists() and last.order_by("number").last().kind == "resolved"
        return self._end(close.close, kinds[resolved], on=self.today, words="")

    def _reopen(self, person, data):
        self._do(close.reopen, on=self.today, words="It came back.")
        return True, lambda: self.model.begin(self.model.stay.stage)

    def _ombudsman(self, person, data):
        self._do(ombudsman.refer_to_ombudsman, on=self.today, words="")
        return True, lambda: setattr(self.model, "referred", True)

    def _determine(self, person, data):
        self._do(
            ombudsman.determine, on=self.today, finding="service_failure", amount="", words="",
            changed_because="New evidence.",
        )  # fmt: skip
        return True, lambda: None

    def _note(self, person, data):
        self._do(note.add_note, words="A note.")
        return True, lambda: None

    # What is always so ------------------------------------------------------------------------

    @invariant()
    def it_stands_where_the_model_says(self) -> None:
        if self.model is None or not self.is_new:
            return
        complaint, model = self.complaint, self.model
        assert complaint.stage == model.stay.stage
        assert complaint.is_open == (not model.ended)
        assert complaint.closed_as == model.ended
        assert (complaint.status == "awaiting_decision") == (model.pending and not model.ended)
        assert complaint.responsible_officer_id == model.officer
        assert complaint.needs_triage == (model.untriaged and not model.ended)
        assert (complaint.answered_on is not None) == model.stay.answered

    @invariant()
    def no_stage_is_skipped(self) -> None:
        if self.model is None or not self.is_new:
            return
        stages = self.model.map
        forward = set(stages.then.items())
        for move in self.complaint.transitions.all():
            step = (move.from_stage, move.to_stage)
            legal = {
                "received": {("", stages.first)},
                "passed_on": forward,
                "escalation_requested": forward,
                "escalation_refused": {(to, start) for start, to in forward},
                "reopened": {(stage, stage) for stage in stages.order},
                "sent_back": {("stage-3", "stage-2")},
            }[move.why]
            assert step in legal, f"{step} by {move.why}"

    @invariant()
    def what_is_stored_is_what_the_events_amount_to(self) -> None:
        if self.model is None or not self.is_new:
            return
        complaint = self.complaint
        terms = complaint.procedure_version.terms
        state = replay(terms, [row.as_event() for row in events_of(complaint)], Editions())
        assert differences(complaint, state, terms) == []
        assert state.irregular == ()
        self._check_independence(state)

    def _check_independence(self, state) -> None:
        stages = self.model.map
        for stage in stages.somebody_new | stages.more_senior:
            earlier = stages.order[: stages.order.index(stage)]
            handled = set().union(*(state.handlers.get(each, frozenset()) for each in earlier))
            if stage in stages.panels:
                sat = {
                    member
                    for event in state.events
                    if event.kind == "hearing_arranged" and event.stage == stage
                    for member in event.facts["members"]
                }
                # They sat when they were independent; what they do later is another thing.
                deciders = sat - set(self.staff.actors)
            else:
                deciders = state.responders.get(stage, frozenset())
            assert not deciders & handled, f"{stage} was decided by who dealt with it before"

    @invariant()
    def nobody_loses_sight_of_an_open_complaint(self) -> None:
        if self.model is None or not self.is_new or self.model.ended:
            return
        complaint = self.complaint
        windows = complaint.deadlines.filter(is_window=True, state=DeadlineState.OPEN.value)
        may_ask_any_time = self.model.code == "livv-two-stage" and complaint.stage == "initial"
        assert complaint.is_open
        assert (
            complaint.next_due_on is not None
            or complaint.answered_on is not None
            or windows.exists()
            or may_ask_any_time
        ), "An open complaint has nothing that anybody waits for."
        # Without an officer it is found among the untriaged or the unassigned.
        unassigned = Complaint.objects.open().filter(responsible_officer=None)
        assert complaint.responsible_officer_id or unassigned.filter(pk=complaint.pk).exists()

    @invariant()
    def a_closed_complaint_says_how_it_ended(self) -> None:
        if self.model is None or not self.is_new or not self.model.ended:
            return
        complaint = self.complaint
        assert complaint.closed_on is not None
        assert complaint.closed_as
        assert complaint.outcome or complaint.closed_as != "answered"
        assert complaint.next_due_on is None
        assert not complaint.deadlines.live().exists()

    def teardown(self) -> None:
        """Forget what this run called."""
        with suppress(AttributeError):
            del self._call
