"""For every act: a complaint in which it is allowed, who does it, and the answers of its form."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Complaint, Letter
from cases.operations import (
    actions,
    awards,
    close,
    correct,
    escalate,
    hearing,
    links,
    ombudsman,
    points,
)
from cases.operations.hearing import Arrangement
from cases.operations.lateness import saying_why
from cases.operations.letter_approvals import Wording, propose_letter
from cases.operations.points import Definition
from cases.operations.promises import Promised
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.awards import Head
from cases.rules.events import Outcome
from cases.rules.lateness import NOT_ASKED, Lateness
from cases.rules.links import LinkKind
from cases.rules.roles import Role
from cases.tests import answering
from cases.tests.approving import refused_by_one
from cases.tests.factories import MONDAY, UserFactory
from cases.tests.fixtures import House, at, written_elsewhere
from cases.tests.hearings import held_with, seated

TODAY = date(2026, 6, 22)
NOW = at(TODAY)
TYPED_ANSWER = {
    "remedies": ["apology"],
    "said_apology": ["We are sorry."],
    "channel": ["post"],
    "letter": ["The lift was mended on Friday."],
}
BY_PHONE, WRITTEN = Telling("phone"), Telling("letter_elsewhere", "We looked into it.")
UPHELD = Answer(Outcome.UPHELD)
ILL = Lateness("The surveyor was ill.", avoidable=False, done_by=date(2027, 6, 1))


class Story:
    """A complaint received on MONDAY, led on by acts told in other ways than from here."""

    def __init__(self, house: House, code: str, **details: Any) -> None:
        house.run(code)
        self.house = house
        self.complaint = house.lodge(on=MONDAY, **details)

    def act(
        self,
        operation: Callable[..., Complaint],
        by: Role,
        day: date,
        late: Lateness = NOT_ASKED,
        **details: Any,
    ):
        """Do one act on a day, and say why it is late, should it be."""
        self.complaint.refresh_from_db()
        telling = details.get("telling")
        if telling is not None and telling.is_elsewhere and telling.copy is None:
            details["telling"] = written_elsewhere(self.complaint, telling.words)
        with saying_why(late):
            operation(
                complaint_id=self.complaint.pk,
                by=self.house[by],
                now=at(day),
                seen=self.complaint.version,
                **details,
            )
        self.complaint.refresh_from_db()
        return self

    def passed_on(self):
        """Pass it on to Stage 1."""
        day = date(2026, 6, 9)
        return self.act(escalate.pass_on, Role.COMPLAINTS_COORDINATOR, day, on=day, words="Open.")

    def answered(
        self,
        by: Role = Role.HEAD_OF_SERVICE,
        day: date = date(2026, 6, 12),
        late: Lateness = NOT_ASKED,
    ):
        """Answer the stage."""
        given = {"on": day, "answer": UPHELD, "telling": WRITTEN}
        return self.act(answering.respond, by, day, late, **given)

    def asked(self, day: date = date(2026, 6, 15)):
        """Ask for the next stage."""
        return self.act(
            escalate.request_escalation,
            Role.COMPLAINTS_COORDINATOR,
            day,
            on=day,
            channel="phone",
            reasons="Nobody came.",
        )

    def before_the_panel(self):
        """Bring it to the appeal."""
        self.passed_on().answered().asked()
        return self.answered(Role.DIRECTOR, date(2026, 6, 16)).asked(date(2026, 6, 17))

    def arranged(self):
        """Arrange the appeal."""
        others = [UserFactory(roles=[Role.PANEL_MEMBER]).pk for _ in range(2)]
        members = [self.house.people[Role.PANEL_MEMBER].pk, *others]
        return self.before_the_panel().act(
            hearing.arrange_hearing,
            Role.COMPLAINTS_COORDINATOR,
            date(2026, 6, 18),
            arrangement=Arrangement(date(2026, 7, 6), "Town Hall", "in_person", members),
        )

    def heard(self):
        """Hold the appeal, earlier than arranged."""
        day = date(2026, 6, 19)
        self.arranged()
        return self.act(
            hearing.hold_hearing,
            Role.COMPLAINTS_COORDINATOR,
            day,
            on=day,
            held=held_with(seated(self.complaint), mode="in_writing"),
        )

    def promised(self):
        """Answer the stage, and promise a visit."""
        day = date(2026, 6, 12)
        visit = Promised("A surveyor visits you to look at the lift", date(2026, 6, 26))
        answer = replace(UPHELD, promises=[visit])
        officer = Role.RESPONSIBLE_OFFICER
        return self.act(answering.respond, officer, day, on=day, answer=answer, telling=WRITTEN)

    def asked_to_act(self):
        """Add an action for the officer."""
        officer = Role.RESPONSIBLE_OFFICER
        photos = Promised("Photograph the lift", date(2026, 6, 26))
        return self.act(actions.add_action, officer, date(2026, 6, 12), action=photos)

    def with_two_points(self):
        """Set out two points."""
        two = Definition(
            [(None, "The lift is out of order."), (None, "Nobody rang back.")],
            is_sought_unsaid=True,
            is_all_ours=True,
        )
        day, officer = date(2026, 6, 9), Role.RESPONSIBLE_OFFICER
        return self.act(points.define_points, officer, day, on=day, definition=two)

    def linked(self):
        """Link it with another complaint."""
        other = self.house.lodge(on=MONDAY)
        return self.act(
            links.link,
            Role.RESPONSIBLE_OFFICER,
            date(2026, 6, 9),
            kind=LinkKind.FOLLOW_UP,
            other_reference=other.reference,
        )

    def proposed(self):
        """Propose compensation."""
        day = date(2026, 6, 12)
        heads = [(Head.DISTRESS, Decimal(80)), (Head.DELAY, Decimal("20.50"))]
        officer = Role.RESPONSIBLE_OFFICER
        return self.act(
            awards.propose_compensation, officer, day, heads=heads, basis="Three weeks."
        )

    @property
    def award(self) -> int:
        """Return the event that proposed compensation."""
        return self.complaint.events.get(kind="compensation_proposed").number

    def approved(self):
        """Approve the compensation."""
        self.proposed()
        return self.act(
            awards.decide_compensation, Role.LINE_MANAGER, TODAY, award=self.award, approved=True
        )

    def offered(self):
        """Offer the compensation."""
        self.approved()
        return self.act(
            awards.offer_compensation, Role.LINE_MANAGER, TODAY, award=self.award, on=TODAY,
            telling=BY_PHONE,
        )  # fmt: skip

    def accepted(self):
        """Record that the customer accepts it."""
        self.offered()
        return self.act(
            awards.record_answer, Role.LINE_MANAGER, TODAY, award=self.award, on=TODAY,
            accepted=True,
        )  # fmt: skip

    def waiting_for_approval(self):
        """Let the officer put an answer to a second person."""
        officer = self.house[Role.RESPONSIBLE_OFFICER]
        letter = Letter(complaint=self.complaint, kind="response", body="The lift is mended.")
        propose_letter(
            complaint_id=self.complaint.pk,
            act=Act.RESPOND,
            by=officer,
            now=at(date(2026, 6, 19)),
            seen=self.complaint.version,
            wording=Wording({"outcome": ["upheld"], **TYPED_ANSWER}, letter),
        )
        self.complaint.refresh_from_db()
        return self

    def closed(self):
        """Close it after its answer."""
        day = date(2026, 6, 15)
        return self.answered().act(close.close, Role.COMPLAINTS_COORDINATOR, day, on=day, words="")

    def outside(self):
        """Take it to the Ombudsman."""
        day = date(2026, 6, 15)
        return self.answered().act(
            ombudsman.refer_to_ombudsman, Role.COMPLAINTS_COORDINATOR, day, on=day, words=""
        )

    def annulled(self):
        """Annul it."""
        return self.act(
            correct.annul, Role.COMPLAINTS_COORDINATOR, date(2026, 6, 10), reason="A test."
        )

    def with_letter(self):
        """Acknowledge it by a letter that waits to be posted."""
        day = date(2026, 6, 9)
        return self.act(
            answering.acknowledge,
            Role.COMPLAINTS_COORDINATOR,
            day,
            on=day,
            telling=Telling("post", "You told us about the lift."),
        )


Answers = dict[str, Any] | Callable[[Story], dict[str, Any]]


@dataclass(frozen=True)
class Situation:
    """Where an act is allowed: under which procedure, after what, to whom, and with which answers.

    `has_day`: the form asks for the day. `kind` is what is recorded last, of the events that the
    act adds.
    """

    lead: Callable[[House], Story]
    by: Role
    answers: Answers = field(default_factory=dict)
    has_day: bool = True
    has_preview: bool = True
    collides: bool = True

    def data(self, story: Story) -> dict[str, Any]:
        """Return what the filled-in form sends."""
        given = self.answers(story) if callable(self.answers) else dict(self.answers)
        day = {"on_day": "22", "on_month": "6", "on_year": "2026"} if self.has_day else {}
        return {"seen": str(story.complaint.version), **day, **given}


def told(words: str = "We looked into it.", channel: str = "post") -> dict[str, str]:
    """Return how the customer is told."""
    return {"channel": channel, "letter": words}


def day(name: str, text: str) -> dict[str, str]:
    """Return the boxes of a day such as "6 7 2026"."""
    parts = text.split()
    return dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), parts, strict=True))


def under(code: str, **details: Any) -> Callable[[House], Story]:
    """Return how a complaint just received under a procedure comes to be."""
    return lambda house: Story(house, code, **details)


def refusable(house: House) -> Story:
    """Return a complaint under a procedure by which one person refuses requests."""
    refused_by_one("livv-two-stage")
    return Story(house, "livv-two-stage")


def officer_and_area(story: Story) -> dict[str, str]:
    """Return the team's line manager and the team."""
    return {
        "officer": str(story.house.people[Role.LINE_MANAGER].pk),
        "area": story.house.team.code,
    }


def three_members(story: Story) -> dict[str, Any]:
    """Return a hearing with three members of the Board."""
    members = [str(UserFactory(roles=[Role.PANEL_MEMBER]).pk) for _ in range(2)]
    members.append(str(story.house.people[Role.PANEL_MEMBER].pk))
    return {
        **day("hearing_on", "6 7 2026"),
        "place": "Town Hall, 2pm",
        "mode": "in_person",
        "members": members,
        "chair": members[2],
        "reason": "",
    }


def held_on_paper(story: Story) -> dict[str, Any]:
    """Return that the panel met without the customer, who put the case in writing."""
    came = {f"attended-{key}": "in_person" for key in seated(story.complaint)}
    because = {"other_day_because": "Two of the panel go on leave."}
    return {"mode": "in_writing", "attended-customer": "in_writing", **because, **came}


def letter_to_post(story: Story) -> dict[str, str]:
    """Return the letter that waits to be posted."""
    letter = Letter.objects.get(complaint=story.complaint)
    return {"letter": str(letter.event_number), **day("posted_on", "22 6 2026")}


def the_promise(story: Story) -> dict[str, str]:
    """Return the promise that is open."""
    deadline = story.complaint.deadlines.promised().get()
    return {"promise": str(deadline.promise)}


def another_complaint(story: Story) -> dict[str, str]:
    """Return a twin that goes on."""
    reference = story.house.lodge(on=MONDAY).reference
    return {
        "into": reference,
        "compared": reference,
        "is_other_customers": "on",
        "reason": "The same lift.",
    }


LATE = {"late_because": "The post was slow.", "avoidable": "yes"}
COORDINATOR = Role.COMPLAINTS_COORDINATOR
SITUATIONS: dict[Act, Situation] = {
    Act.TRIAGE: Situation(
        under("code-2024", triaged=False, officer_id=None),
        COORDINATOR,
        lambda story: {**officer_and_area(story), "category": "", "level": "normal"},
        has_preview=False,
    ),
    Act.ASSIGN: Situation(under("code-2024"), COORDINATOR, officer_and_area, has_preview=False),
    Act.RECEIVE_BY_TEAM: Situation(under("kht-three-stage"), COORDINATOR),
    Act.ACKNOWLEDGE: Situation(
        under("code-2024"),
        COORDINATOR,
        {
            "new_1": "The lift is out of order.",
            "sought": "A lift that works.",
            "ours": "all",
            **LATE,
            **told(),
        },
    ),
    Act.CONTACT: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        {"channel": "phone", "reached": "yes", "words": "She told me more."},
    ),
    Act.UPDATE: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        told("The surveyor comes on Friday."),
        has_day=False,
    ),
    Act.MANAGER_CONTACT: Situation(
        lambda house: Story(house, "livv-two-stage").passed_on(),
        Role.LINE_MANAGER,
        {
            "channel": "visit",
            "words": "We looked at the lift.",
            "late_because": "She was away.",
            "avoidable": "no",
        },
    ),
    Act.RESOLVE: Situation(
        under("herefordshire"),
        Role.RESPONSIBLE_OFFICER,
        {"resolution": "The lift was mended.", "close": "on", **told("", "phone")},
    ),
    Act.PASS_ON: Situation(
        under("herefordshire"), Role.RESPONSIBLE_OFFICER, {"words": "Not solved.", "officer": ""}
    ),
    Act.RESPOND: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        {"outcome": "upheld", "remedies": ["apology"], **told()},
    ),
    Act.DELIVER: Situation(lambda house: Story(house, "kht-three-stage").answered(), COORDINATOR),
    Act.ESCALATE: Situation(
        lambda house: Story(house, "first-ark-panel").answered(),
        COORDINATOR,
        {"channel": "phone", "reasons": "Nobody came."},
    ),
    Act.ACCEPT_ESCALATION: Situation(
        lambda house: Story(house, "first-ark-panel").answered().asked(),
        COORDINATOR,
        {"officer": "", **LATE, **told("")},
    ),
    Act.REFUSE_ESCALATION: Situation(
        lambda house: refusable(house).passed_on().answered().asked(),
        Role.DIRECTOR,
        {"ground": "followed_policy", "evidence": "Policy 4.2.", **told()},
    ),
    Act.EXTEND_WINDOW: Situation(
        lambda house: Story(house, "kht-three-stage").answered(),
        COORDINATOR,
        {**day("new_due_on", "3 8 2026"), "reason": "In hospital.", **told("")},
    ),
    Act.EXPLAIN_DELAY: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        {**LATE, **day("done_by", "24 6 2026"), **told("")},
    ),
    Act.AGREE_DATE: Situation(
        under("herefordshire"),
        Role.RESPONSIBLE_OFFICER,
        {**day("new_due_on", "6 7 2026"), "channel": "phone", "words": "After the holiday."},
    ),
    Act.EXTEND: Situation(
        under("code-2024"),
        COORDINATOR,
        {"by": "days", "days": "5", "reason": "The part is on order.", "channel": "post"},
    ),
    Act.ARRANGE_HEARING: Situation(
        lambda house: Story(house, "herefordshire").before_the_panel(), COORDINATOR, three_members
    ),
    Act.SEND_INVITATION: Situation(
        lambda house: Story(house, "herefordshire").arranged(), COORDINATOR, told("")
    ),
    Act.SEND_PAPERS: Situation(
        lambda house: Story(house, "herefordshire").arranged(),
        COORDINATOR,
        {"words": "All.", "channel": "letter_elsewhere"},
    ),
    Act.HOLD_HEARING: Situation(
        lambda house: Story(house, "herefordshire").arranged(),
        COORDINATOR,
        held_on_paper,
    ),
    Act.SEND_OUTCOME: Situation(
        lambda house: Story(house, "herefordshire").heard(),
        COORDINATOR,
        {"decision": "upheld", "outcome": "not_upheld", **told()},
    ),
    Act.WITHDRAW: Situation(
        under("code-2024"), COORDINATOR, {"words": "Rang.", **told("", "none")}
    ),
    Act.REFER_ELSEWHERE: Situation(
        under("code-2024"),
        COORDINATOR,
        {"to": "asb", "reason": "The neighbourhood team rings you.", "channel": "post"},
    ),
    Act.REFUSE: Situation(
        under("code-2024"),
        COORDINATOR,
        {"ground": "over_12_months", "evidence": "The tenancy file.", **told()},
    ),
    Act.REFUSE_UNREASONABLE: Situation(
        under("herefordshire"), Role.DIRECTOR, {"evidence": "Forty letters.", **told()}
    ),
    Act.CLOSE: Situation(
        lambda house: Story(house, "code-2024").answered(),
        COORDINATOR,
        {"words": "", **told("", "none")},
    ),
    Act.REOPEN: Situation(
        lambda house: Story(house, "code-2024").closed(), COORDINATOR, {"words": "New facts."}
    ),
    Act.REFER_TO_OMBUDSMAN: Situation(
        lambda house: Story(house, "code-2024").answered(), COORDINATOR, {"words": ""}
    ),
    Act.DETERMINE: Situation(
        lambda house: Story(house, "code-2024").outside(),
        COORDINATOR,
        {
            "finding": "maladministration",
            "amount": "£250",
            **day("pay_by", "1 6 2027"),
            "order_1": "Apologise.",
            **day("order_1_on", "1 6 2027"),
            "words": "",
        },
    ),
    Act.DEFINE_POINTS: Situation(
        under("code-2024"),
        COORDINATOR,
        {
            "new_1": "The lift is out of order.",
            "new_2": "Nobody rang back.",
            "sought": "A lift.",
            "ours": "all",
        },
        has_preview=False,
    ),
    Act.PROPOSE_COMPENSATION: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        {"distress": "£80", "basis": "Three weeks.", "set_off": "no"},
        has_day=False,
    ),
    Act.DECIDE_COMPENSATION: Situation(
        lambda house: Story(house, "code-2024").proposed(),
        Role.LINE_MANAGER,
        lambda story: {"award": str(story.award), "decision": "yes"},
        has_day=False,
    ),
    Act.OFFER_COMPENSATION: Situation(
        lambda house: Story(house, "code-2024").approved(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {"award": str(story.award), **told("")},
    ),
    Act.GIVE_UP_COMPENSATION: Situation(
        lambda house: Story(house, "code-2024").approved(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {"award": str(story.award), "reason": "Paid by the insurer already."},
        has_day=False,
    ),
    Act.ANSWER_COMPENSATION: Situation(
        lambda house: Story(house, "code-2024").offered(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {
            "award": str(story.award),
            "accepted": "yes",
            **day("due_on", "20 7 2026"),
            "keeper": "",
            "words": "",
        },
    ),
    Act.KEEP_OFFER_OPEN: Situation(
        lambda house: Story(house, "code-2024").offered(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {
            "award": str(story.award),
            **day("open_until", "20 7 2026"),
            "words": "They think about it.",
            **told(""),
        },
    ),
    Act.WITHDRAW_OFFER: Situation(
        lambda house: Story(house, "code-2024").offered(),
        COORDINATOR,
        lambda story: {
            "award": str(story.award),
            "words": "They did not ring back.",
            **told("We asked you three times."),
        },
    ),
    Act.PAY_COMPENSATION: Situation(
        lambda house: Story(house, "code-2024").accepted(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {"award": str(story.award), "proof": "BACS 4711"},
    ),
    Act.PROMISE: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        {"words": "We ring you on Friday", **day("due_on", "26 6 2026"), "keeper": ""},
    ),
    Act.KEEP_PROMISE: Situation(
        lambda house: Story(house, "code-2024").promised(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {**the_promise(story), "proof": "The surveyor’s report.", "entry": ""},
    ),
    Act.MOVE_PROMISE: Situation(
        lambda house: Story(house, "code-2024").promised(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {
            **the_promise(story),
            **day("new_due_on", "3 7 2026"),
            **told("The surveyor is ill."),
        },
    ),
    Act.GIVE_PROMISE: Situation(
        lambda house: Story(house, "code-2024").promised(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {
            **the_promise(story),
            "keeper": f"person-{story.house.people[Role.LINE_MANAGER].pk}",
        },
        has_day=False,
    ),
    Act.WITHDRAW_PROMISE: Situation(
        lambda house: Story(house, "code-2024").promised(),
        COORDINATOR,
        lambda story: {**the_promise(story), **told("You moved house.")},
    ),
    Act.ADD_ACTION: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        {
            "words": "Photograph the lift",
            **day("due_on", "26 6 2026"),
            "keeper": "",
            "outside": "Roofs & Co",
        },
        has_day=False,
    ),
    Act.FINISH_ACTION: Situation(
        lambda house: Story(house, "code-2024").asked_to_act(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {**the_promise(story), "proof": "Four photographs.", "entry": ""},
    ),
    Act.CHANGE_ACTION: Situation(
        lambda house: Story(house, "code-2024").asked_to_act(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {
            **the_promise(story),
            **day("due_on", "3 7 2026"),
            "keeper": f"person-{story.house.people[Role.LINE_MANAGER].pk}",
            "reason": "The lift is locked.",
        },
        has_day=False,
    ),
    Act.DROP_ACTION: Situation(
        lambda house: Story(house, "code-2024").asked_to_act(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {**the_promise(story), "reason": "There are photographs."},
        has_day=False,
    ),
    Act.APPROVE_LETTER: Situation(
        lambda house: Story(house, "code-2024").waiting_for_approval(),
        Role.LINE_MANAGER,
        lambda story: {
            "letter": str(story.complaint.proposals.get().number),
            "decision": "send_back",
            "reason": "Say when the lift was mended.",
        },
        has_day=False,
        has_preview=False,
    ),
    Act.DESIGNATED_PERSON: Situation(
        under("first-ark-panel"),
        COORDINATOR,
        {"step": "asked", "name": "The MP", "words": ""},
    ),
    Act.OMBUDSMAN_DEMAND: Situation(
        lambda house: Story(house, "code-2024").outside(),
        COORDINATOR,
        {
            "demand": "order",
            "words": "Apologise in person.",
            **day("due_on", "20 7 2026"),
            "amount": "£150",
            "keeper": "",
        },
    ),
    Act.NOTE: Situation(
        under("code-2024"),
        COORDINATOR,
        {"words": "Ring after 4."},
        has_preview=False,
        collides=False,
    ),
    Act.ASK_INFORMATION: Situation(
        under("code-2024"),
        COORDINATOR,
        {
            "to_name": "Roofs & Co",
            "to_email": "roofs@example.org",
            "question": "When were you there?",
            "looked_at": "yes",
            **day("due_on", "26 6 2026"),
        },
        has_day=False,
        has_preview=False,
        collides=False,
    ),
    Act.ADD_FILE: Situation(
        under("code-2024"),
        COORDINATOR,
        lambda _story: {"uploads": [SimpleUploadedFile("lift.txt", b"Out of order")]},
        has_day=False,
        has_preview=False,
        collides=False,
    ),
    Act.CHANGE_DETAILS: Situation(
        under("code-2024"),
        COORDINATOR,
        {"category": "", "summary": "The lift.", "desired_outcome": "", "reason": "Clearer."},
        has_day=False,
        has_preview=False,
    ),
    Act.LINK: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {
            "how": "caused-by",
            "other": story.house.lodge(on=MONDAY).reference,
            "reason": "",
        },
        has_day=False,
        has_preview=False,
    ),
    Act.UNLINK: Situation(
        lambda house: Story(house, "code-2024").linked(),
        Role.RESPONSIBLE_OFFICER,
        lambda story: {
            "other": str(story.complaint.links_to.get().other_id),
            "reason": "Another lift.",
        },
        has_day=False,
        has_preview=False,
    ),
    Act.DIVIDE: Situation(
        lambda house: Story(house, "code-2024").with_two_points(),
        COORDINATOR,
        {
            "points": ["2"],
            **day("received_on", "8 6 2026"),
            "category": "",
            "reason": "Two matters.",
        },
        has_day=False,
        has_preview=False,
    ),
    Act.CORRECT: Situation(
        lambda house: Story(house, "code-2024").answered(),
        COORDINATOR,
        {"entry": "3", "how": "date", **day("day", "11 6 2026"), "reason": "A slip."},
        has_day=False,
    ),
    Act.ANNUL: Situation(
        under("code-2024"), COORDINATOR, {"reason": "Logged twice."}, has_day=False
    ),
    Act.MERGE: Situation(
        under("code-2024"), COORDINATOR, another_complaint, has_day=False, has_preview=False
    ),
    Act.DECLARE_CONFLICT: Situation(
        under("code-2024"),
        Role.RESPONSIBLE_OFFICER,
        {"reason": "She is my aunt."},
        has_day=False,
        has_preview=False,
        collides=False,
    ),
    Act.CHANGE_ACCESS: Situation(
        under("code-2024"),
        COORDINATOR,
        {"level": "sensitive", "reason": "Health."},
        has_day=False,
        has_preview=False,
    ),
}
