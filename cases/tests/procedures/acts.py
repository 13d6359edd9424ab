"""Short ways to act on a complaint in a test, each by somebody who may."""

from datetime import date
from typing import Any

from cases.models import Complaint, User
from cases.operations import close, escalate, hearing, stage_acts
from cases.operations.lateness import saying_why
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import Outcome, PanelDecision
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.tests import answering
from cases.tests.approving import approved
from cases.tests.fixtures import House, at
from cases.tests.hearings import held_with, seated
from cases.tests.rules.stories import day

BY_EMAIL = Telling("email", "Dear customer", says=("learnings",))
SORRY = ("We apologise to you.",)


# Why whatever is late in these tests is late, unless a test says otherwise.
WHY = "The post was slow."


class Acting:
    """A complaint of a landlord, on which people act on days told as "9 Jun"."""

    def __init__(self, house: House, complaint: Complaint) -> None:
        self.house = house
        self.key = complaint.pk

    @property
    def complaint(self) -> Complaint:
        """Return the complaint as it is now."""
        return Complaint.objects.get(pk=self.key)

    def _do(self, act: Any, today: str, by: Role | User, /, **details: Any) -> Complaint:
        who = self.house[by] if isinstance(by, Role) else by
        late = Lateness(details.pop("why", WHY), avoidable=True, done_by=day("31 Dec"))
        with saying_why(late):
            return act(complaint_id=self.key, by=who, now=at(day(today)), seen=None, **details)

    def acknowledge(
        self, on: str, *, by: Role = Role.COMPLAINTS_COORDINATOR, telling: Telling = BY_EMAIL
    ) -> Complaint:
        """Acknowledge the stage."""
        return self._do(answering.acknowledge, on, by, on=day(on), telling=telling)

    def respond(
        self,
        on: str,
        *,
        by: Role | User = Role.HEAD_OF_SERVICE,
        telling: Telling = BY_EMAIL,
        why: str = "",
        outcome: Outcome = Outcome.UPHELD,
    ) -> Complaint:
        """Answer the stage."""
        answer = Answer(outcome, remedy_words=SORRY)
        return self._do(
            answering.respond, on, by, on=day(on), answer=answer, telling=telling, why=why
        )

    def resolve(
        self, on: str, words: str, *, by: Role = Role.FRONT_LINE, telling: Telling = BY_EMAIL
    ) -> Complaint:
        """Put it right without a formal answer, and close it."""
        return self._do(
            stage_acts.resolve, on, by, on=day(on), words=words, apologised=True, close=True,
            telling=telling,
        )  # fmt: skip

    def pass_on(self, on: str, *, by: Role = Role.RESPONSIBLE_OFFICER) -> Complaint:
        """Pass it on to the next stage."""
        return self._do(escalate.pass_on, on, by, on=day(on), words="It needs a decision.")

    def ask(
        self, on: str, *, reasons: str = "", by: Role = Role.COMPLAINTS_COORDINATOR
    ) -> Complaint:
        """Record that the customer asks for the next stage."""
        return self._do(
            escalate.request_escalation, on, by, on=day(on), channel="phone", reasons=reasons
        )

    def accept(self, on: str, *, reason: str = "") -> Complaint:
        """Accept the request."""
        return self._do(
            escalate.accept_escalation, on, Role.COMPLAINTS_COORDINATOR, on=day(on),
            reason=reason, telling=BY_EMAIL,
        )  # fmt: skip

    def refuse(
        self,
        on: str,
        *,
        ground: str,
        evidence: str = "The policy was followed: see the log.",
        by: Role = Role.DIRECTOR,
    ) -> Complaint:
        """Refuse the request, as a second person approved it."""
        refuse = approved(Act.REFUSE_ESCALATION, escalate.refuse_escalation)
        return self._do(
            refuse, on, by, on=day(on), ground=ground, evidence=evidence,
            telling=BY_EMAIL,
        )  # fmt: skip

    def more_time(self, on: str, until: str, *, reason: str) -> Complaint:
        """Give the customer more time to ask for the next stage."""
        return self._do(
            escalate.extend_window, on, Role.COMPLAINTS_COORDINATOR, new_due_on=day(until),
            reason=reason,
        )  # fmt: skip

    def arrange(
        self, on: str, hearing_on: str, members: list[User], *, mode: str = "in_person",
        reason: str = "",
    ) -> Complaint:  # fmt: skip
        """Arrange the hearing."""
        arrangement = hearing.Arrangement(
            hearing_on=day(hearing_on),
            place="Lakeview",
            mode=mode,
            members=[member.pk for member in members],
            reason_for_fewer=reason,
        )
        return self._do(
            hearing.arrange_hearing, on, Role.COMPLAINTS_COORDINATOR, arrangement=arrangement
        )

    def invite(self, on: str) -> Complaint:
        """Invite the customer to the hearing."""
        return self._do(
            hearing.send_invitation, on, Role.COMPLAINTS_COORDINATOR, on=day(on), telling=BY_EMAIL
        )

    def hear(self, on: str, *, mode: str = "in_person", companion: str = "") -> Complaint:
        """Hold the hearing; the whole panel comes."""
        held = held_with(seated(self.complaint), mode=mode, companion=companion)
        return self._do(
            hearing.hold_hearing, on, Role.COMPLAINTS_COORDINATOR, on=day(on), held=held
        )

    def decide(
        self,
        on: str,
        *,
        decision: PanelDecision | None = None,
        outcome: Outcome | None = Outcome.UPHELD,
    ) -> Complaint:
        """Send the outcome of the hearing."""
        return self._do(
            hearing.send_outcome, on, Role.COMPLAINTS_COORDINATOR, on=day(on),
            answer=Answer(outcome, remedy_words=SORRY) if outcome else None, decision=decision,
                telling=BY_EMAIL,
        )  # fmt: skip

    def do(self, act: Any, today: str, /, *, by: Role, **details: Any) -> Complaint:
        """Do anything else."""
        return self._do(act, today, by, **details)

    def close(self, on: str) -> Complaint:
        """Close it."""
        return self._do(close.close, on, Role.COMPLAINTS_COORDINATOR, on=day(on), words="")

    def due(self, code: str, *, stage: str = "") -> date | None:
        """Return the day a promise of the latest visit is due."""
        found = self.complaint.deadlines.filter(code=code, stage=stage or self.complaint.stage)
        return found.order_by("visit").last().due_on

    def letter(self, kind: str) -> str:
        """Return the body of the latest letter of a kind."""
        return self.complaint.letters.filter(kind=kind).order_by("pk").last().body
