"""One complaint's way through whichever procedure it runs under, by the operations staff use."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from cases.errors import ComplaintError
from cases.models import (
    Category,
    Complaint,
    Customer,
    Deadline,
    Editions,
    Letter,
    Level,
    RoleGrant,
    ServiceArea,
    User,
)
from cases.operations import awards, escalate, extend, hearing, note, ombudsman, stage_acts
from cases.operations import close as ending
from cases.operations.assign import assign, triage
from cases.operations.awards import NO_OFFER, Offer
from cases.operations.hearing import Arrangement, Held
from cases.operations.lateness import saying_why
from cases.operations.letters_posted import mark_posted
from cases.operations.lodge import Lodging, lodge_complaint
from cases.operations.points import Definition, Judgement, PointFinding
from cases.operations.stage_acts import Answer, Deed
from cases.operations.telling import Telling
from cases.rules.attendance import CUSTOMER, Attended
from cases.rules.awards import Head, waiting
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import EventKind, Outcome
from cases.rules.lateness import Lateness
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import to_vouch_for
from cases.rules.periods import LONDON
from cases.rules.points import outcome_of
from cases.rules.remedies import Remedy
from cases.rules.state import Status
from cases.rules.terms import Stage, StageKind
from cases.selectors.case_history import history_of
from cases.selectors.running import current_edition
from complaints_site.demonstration.stories import NOTES, REASONS, Story

CHANNELS = ("phone", "online", "email", "post", "in_person")
OUTCOMES = (Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.NOT_UPHELD)
# Who answers, the least senior first: whoever the procedure allows does it.
REPAIRS = ("Dan Morris", "Grace Lin", "Ruth Adeyemi", "Nia Roberts", "Helen Marsh")
HOUSING = ("Amina Yusuf", "Owen Hughes", "Peter Wood", "Nia Roberts", "Helen Marsh")
RESOURCES = ("Amina Yusuf", "Sam Patel", "James Okafor")
COORDINATOR = "Priya Shah"
LATE = "The surveyor’s report came a week later than promised."
LATER = ("stage-2", "stage-3")
AFRESH = "Somebody who had no part in it before has looked at all of it afresh. "
# On these working days the last letters are still waiting for the post.
NOT_POSTED_YET = 3
GOODWILL = Offer(
    heads=[(Head.DISTRESS, Decimal(50)), (Head.HANDLING, Decimal(25))],
    basis="Three weeks of waiting, and two calls that nobody returned.",
)


class NotYet(Exception):
    """The story has come to the present day."""


@dataclass(frozen=True)
class Staff:
    """Everybody who takes part, by name, and the days on which they work."""

    people: dict[str, User]
    areas: dict[str, int]
    categories: dict[str, int]
    calendar: WorkingCalendar
    present: datetime

    @classmethod
    def now(cls, present: datetime) -> "Staff":
        """Return everybody as they are stored."""
        return cls(
            people={user.name: user for user in User.objects.all()},
            areas=dict(ServiceArea.objects.values_list("code", "pk")),
            categories=dict(Category.objects.values_list("code", "pk")),
            calendar=Editions()[current_edition().pk],
            present=present,
        )

    @property
    def today(self) -> date:
        """Return the day in London."""
        return self.present.astimezone(LONDON).date()

    def working_days_ago(self, count: int) -> date:
        """Return the working day that was so many working days ago."""
        today = self.today
        if not self.calendar.is_working_day(today):
            today = self.calendar.add_working_days(today, -1)
        return self.calendar.add_working_days(today, -count) if count else today


def explained(step: Callable[["Play"], "Play"]) -> Callable[["Play"], "Play"]:
    """Say why what is done in a step is late, should it be, and when the rest will be done."""

    @functools.wraps(step)
    def with_the_reason(play: "Play") -> "Play":
        done_by = play.staff.calendar.add_working_days(play.day, 10)
        with saying_why(Lateness(LATE, avoidable=True, done_by=done_by)):
            return step(play)

    return with_the_reason


class Play:
    """One complaint from its first word on, on working days of the past."""

    def __init__(
        self,
        number: int,
        customer: Customer,
        story: Story,
        staff: Staff,
        *,
        ago: int,
        logged_by: str = "",
        about: tuple[str, ...] = (),
    ) -> None:
        self.number = number
        self.story = story
        self.staff = staff
        self.day = staff.working_days_ago(ago)
        self.line = _line_of(story)
        self.coordinator = COORDINATOR
        self.telling = Telling(
            "email" if customer.email else "post",
            language_because="The translator was away; they were rung with an interpreter.",
        )
        self.complaint = lodge_complaint(
            Lodging(
                customer_id=customer.pk,
                channel="phone" if logged_by else CHANNELS[number % len(CHANNELS)],
                received_on=self.day,
                received_at=self._now(9),
                summary=story.summary,
                desired_outcome=story.wanted,
                category_id=staff.categories[story.category],
                area_id=staff.areas[story.area],
                officer_id=staff.people[logged_by].pk if logged_by else None,
                about_staff=[staff.people[name].pk for name in about],
            ),
            by=staff.people[logged_by] if logged_by else None,
            now=self._now(9),
            needs_triage=not logged_by,
        )

    def wait(self, days: int) -> "Play":
        """Let working days go by.

        :raises NotYet: if that is in the future.
        """
        self.day = self.staff.calendar.add_working_days(self.day, days)
        if self.day > self.staff.today:
            raise NotYet
        return self

    def accept(self, *, by: str = COORDINATOR, officer: str | None = "") -> "Play":
        """Let a coordinator accept it and give it to an officer, or to nobody with None."""
        self.coordinator = by
        chosen = self.line[0] if officer == "" else officer
        triage(
            complaint_id=self.complaint.pk,
            by=self.staff.people[by],
            now=self._now(10),
            seen=self._seen(),
            area_id=self.staff.areas[self.story.area],
            officer_id=self.staff.people[chosen].pk if chosen else None,
            category_id=self.staff.categories[self.story.category],
            level=self._level(),
        )
        return self

    def leave_first_contact(self) -> "Play":
        """Pass it on where the procedure begins with a first contact that did not resolve it."""
        if self._stage().kind is StageKind.INITIAL_CONTACT:
            stage_acts.contact(
                **self._act(10),
                on=self.day,
                channel="phone",
                reached=True,
                words="Rang. The customer wants a full answer in writing.",
            )
            escalate.pass_on(
                **self._act(11), on=self.day, words="It cannot be put right on the telephone."
            )
        return self

    @explained
    def acknowledge(self) -> "Play":
        """Acknowledge the stage it is in."""
        self.leave_first_contact()
        stage_acts.acknowledge(
            **self._act(11),
            on=self.day,
            telling=self.telling,
            definition=self._definition(),
        )
        return self._post()

    @explained
    def resolve(self) -> "Play":
        """Put it right at the first contact, or answer it where there is none."""
        if self._stage().kind is not StageKind.INITIAL_CONTACT:
            return self.answer()
        stage_acts.resolve(
            **self._act(15),
            on=self.day,
            words=self.story.answer,
            apologised=True,
            close=True,
            telling=Telling("phone"),
        )
        return self

    def write_note(self) -> "Play":
        """Add a note for colleagues."""
        act = self._act(14)
        del act["seen"]
        note.add_note(**act, words=NOTES[self.number % len(NOTES)])
        return self

    def extend(self, days: int) -> "Play":
        """Extend the answer of the stage by working days."""
        due = self._due("respond") or self.day
        extend.extend(
            **self._act(15),
            new_due_on=self.staff.calendar.add_working_days(max(due, self.day), days),
            reason="We are waiting for the surveyor’s report on the roof.",
            exceptional=False,
            telling=self.telling,
        )
        return self._post()

    @explained
    def answer(self) -> "Play":
        """Answer the stage it is in, by whoever in the line may."""
        self.leave_first_contact()
        if self._stage().panel is not None:
            return self.hear()
        judgement = self._judgement()
        found = outcome_of([each.finding for each in judgement.findings])
        outcome = found or OUTCOMES[self.number % len(OUTCOMES)]
        upheld = outcome is not Outcome.NOT_UPHELD
        answer = Answer(
            outcome=outcome,
            judgement=judgement,
            remedies=["apology"] if upheld else ["explanation"],
            remedy_words=["We apologise to you."] if upheld else (),
            deeds=[Deed(Remedy.ACTION, self.day, "We did the work described above")]
            if upheld
            else (),
            offer=GOODWILL if outcome is Outcome.UPHELD else NO_OFFER,
        )
        refusal: ComplaintError | None = None
        for name in self.line:
            try:
                stage_acts.respond(
                    **(self._act(16) | {"by": self.staff.people[name]}),
                    on=self.day,
                    answer=answer,
                    telling=self._answer_telling(LetterKind.RESPONSE),
                )
            except ComplaintError as refused:
                refusal = refused
            else:
                return self._post()
        raise refusal or ValueError("Nobody answers.")

    def ask_further(self) -> "Play":
        """Let the customer ask for the next stage, accept it where that is asked, and assign it."""
        act = self._act(12) | {"by": None, "seen": None}
        escalate.request_escalation(
            **act,
            on=self.day,
            channel="phone",
            reasons=REASONS[self.number % len(REASONS)],
        )
        return self

    @explained
    def decide_and_assign(self) -> "Play":
        """Accept the request where somebody decides about it, and give the complaint on."""
        if self._complaint().status == Status.AWAITING_DECISION:
            escalate.accept_escalation(
                **self._act(12),
                on=self.day,
                reason="The reasons are new.",
                telling=self.telling,
            )
        for name in self.line[1:]:
            try:
                assign(
                    **(self._act(13) | {"seen": None}),
                    officer_id=self.staff.people[name].pk,
                    area_id=self.staff.areas[self.story.area],
                )
            except ComplaintError:
                continue
            break
        return self

    def go_on(self) -> "Play":
        """Ask for the next stage and have it accepted."""
        return self.ask_further().decide_and_assign()

    def arrange_hearing(self, days: int) -> "Play":
        """Arrange a hearing so many working days ahead."""
        panel = self._stage().panel
        if panel is None:
            return self
        hearing.arrange_hearing(
            **self._act(10),
            arrangement=Arrangement(
                hearing_on=self.staff.calendar.add_working_days(self.day, days),
                place="Committee Room, Harbour House, 1 Dock Road",
                mode=panel.modes[0],
                members=self._panel(),
            ),
            on=self.day,
        )
        return self

    @explained
    def invite(self) -> "Play":
        """Invite the customer to the hearing."""
        if self._stage().panel is not None:
            hearing.send_invitation(**self._act(14), on=self.day, telling=self.telling)
            self._post()
        return self

    @explained
    def hear(self) -> "Play":
        """Hold the hearing on the day and send its outcome."""
        panel = self._stage().panel
        if panel is None:
            return self.answer()
        self.arrange_hearing(0)
        hearing.hold_hearing(
            **self._act(14),
            on=self.day,
            held=Held(
                mode=panel.modes[0],
                attended={
                    CUSTOMER: Attended.IN_PERSON,
                    **{str(key): Attended.IN_PERSON for key in self._panel()},
                },
                minutes="The panel heard the customer and the head of the service.",
            ),
        )
        hearing.send_outcome(
            **self._act(16),
            on=self.day,
            answer=Answer(
                outcome=None if self._points() else Outcome.UPHELD,
                remedies=["apology"],
                remedy_words=["We apologise to you."],
                judgement=self._judgement(),
            )
            if not panel.decisions
            else None,
            decision=panel.decisions[0] if panel.decisions else None,
            telling=self._answer_telling(LetterKind.OUTCOME),
        )
        return self._post()

    def close(self) -> "Play":
        """Close the answered complaint, once what was offered is accepted and paid."""
        self._pay_what_was_offered()
        ending.close(**self._act(17), on=self.day, words="")
        return self

    def _pay_what_was_offered(self) -> None:
        offered = waiting(
            history_of(self._complaint()).state.awards, EventKind.COMPENSATION_ANSWERED
        )
        for each in offered:
            said: dict[str, Any] = {"award": each.number, "on": self.day}
            awards.record_answer(**self._act(16), **said, accepted=True)
            awards.record_payment(**self._act(16), **said, proof="Bank transfer, batch 4711")

    def withdraw(self) -> "Play":
        """Let the customer withdraw it."""
        ending.withdraw(
            **self._act(17),
            on=self.day,
            words="Rang to say that the repair was done and nothing more is wanted.",
        )
        return self

    def go_to_ombudsman(self) -> "Play":
        """Record that the customer went to the Ombudsman."""
        ombudsman.refer_to_ombudsman(
            **self._act(17),
            on=self.day,
            words="Letter from the Ombudsman’s office received.",
            their_reference=f"2026{self.complaint.pk:05d}",
        )
        return self

    def determine(self) -> "Play":
        """Record what the Ombudsman decided."""
        ombudsman.determine(
            **self._act(17),
            on=self.day,
            finding="service_failure",
            amount="150.00",
            words="Service failure in how long the repair took. We paid within the month.",
        )
        return self

    def _answer_telling(self, kind: LetterKind) -> Telling:
        """Return the words of an answer, with what the procedure wants said vouched for."""
        says = to_vouch_for(kind, self._stage())
        return replace(self.telling, words=self._answer_words(), says=says)

    def _definition(self) -> Definition | None:
        """Return the points at the first acknowledgement: two of every other complaint."""
        if self._points():
            return None
        first, _, rest = self.story.summary.partition(". ")
        divided = [f"{first}.", rest] if rest and self.number % 2 == 0 else [self.story.summary]
        points = [(None, text) for text in divided]
        return Definition(
            points,
            sought=self.story.wanted,
            is_all_ours=True,
            is_sought_unsaid=not self.story.wanted.strip(),
        )

    def _points(self) -> list[int]:
        return list(self.complaint.points.values_list("number", flat=True))

    def _judgement(self) -> Judgement:
        """Return a finding about each point."""
        remedies = {Outcome.NOT_UPHELD: ["explanation"]}
        findings = [OUTCOMES[(self.number + point) % len(OUTCOMES)] for point in self._points()]
        return Judgement(
            [
                PointFinding(point, finding, self.story.answer, remedies.get(finding, ["apology"]))
                for point, finding in zip(self._points(), findings, strict=True)
            ]
        )

    def _act(self, hour: int) -> dict[str, Any]:
        """Return what every act is told: which complaint, by whom, when, from what version."""
        return {
            "complaint_id": self.complaint.pk,
            "by": self.staff.people[self.coordinator],
            "now": self._now(hour),
            "seen": self._seen(),
        }

    def _post(self) -> "Play":
        """Post the letters on paper, but for those of the last days."""
        if self.day < self.staff.working_days_ago(NOT_POSTED_YET):
            waiting = Letter.objects.filter(channel="post", posted_on__isnull=True)
            for letter in waiting.filter(complaint=self.complaint):
                mark_posted(
                    letter_id=letter.pk,
                    by=self.staff.people[self.coordinator],
                    now=self._now(17),
                    on=self.day,
                )
        return self

    def _panel(self) -> list[int]:
        """Return people for the seats the procedure asks for, each in one seat."""
        panel = self._stage().panel
        if panel is None:
            return []
        taken: list[int] = []
        earlier = {self.staff.people[name].pk for name in self.line[:3]}
        area = self._complaint().service_area
        above = area.ancestors if area else []
        for place, roles in enumerate(panel.composition):
            grants = RoleGrant.objects.filter(role__in={role.value for role in roles})
            if place == 0 and panel.includes_service_complained_about:
                grants = grants.filter(area__in=above)
            fitting = User.objects.filter(grants__in=grants).order_by("pk").distinct()
            taken.append(fitting.exclude(pk__in={*taken, *earlier}).values_list("pk", flat=True)[0])
        return taken

    def _answer_words(self) -> str:
        return (
            f"{AFRESH}{self.story.answer}"
            if self._complaint().stage in LATER
            else self.story.answer
        )

    def _due(self, code: str) -> date | None:
        """Return the day of the newest promise with this code, if it has one."""
        promises = Deadline.objects.filter(complaint=self.complaint, code=code)
        newest = promises.exclude(due_on=None).order_by("-visit", "-due_on").first()
        return newest.due_on if newest else None

    def _now(self, hour: int) -> datetime:
        wanted = datetime.combine(self.day, time(hour, self.number % 50), LONDON)
        return min(wanted, self.staff.present)

    def _seen(self) -> int:
        return Complaint.objects.values_list("version", flat=True).get(pk=self.complaint.pk)

    def _complaint(self) -> Complaint:
        found = Complaint.objects.select_related("procedure_version")
        return found.get(pk=self.complaint.pk)

    def _stage(self) -> Stage:
        complaint = self._complaint()
        return complaint.procedure_version.terms.stage(complaint.stage)

    def _level(self) -> Level:
        if self.complaint.level == Level.RESTRICTED:
            return Level.RESTRICTED
        return Level.SENSITIVE if self.story.is_sensitive else Level.NORMAL


def _line_of(story: Story) -> tuple[str, ...]:
    if "repairs" in story.area:
        return REPAIRS
    return RESOURCES if story.area == "charges" else HOUSING
