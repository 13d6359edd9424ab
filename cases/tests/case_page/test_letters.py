"""Every kind of letter of every procedure, read as the customer reads it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cases.models import (
    Customer,
    EventWords,
    Landlord,
    Letter,
    OutboundMessage,
    OutsideBodyDetails,
    User,
)
from cases.operations import awards, close, customers, escalate, extend, hearing, stage_acts
from cases.operations.awards import Offer
from cases.operations.hearing import Arrangement, Held
from cases.operations.lateness import saying_why
from cases.operations.rehearse import draft_of
from cases.operations.stage_acts import Answer, Deed
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.attendance import CUSTOMER, Attended, heard_last
from cases.rules.awards import Head
from cases.rules.events import EventKind, Outcome, PanelDecision
from cases.rules.lateness import Lateness
from cases.rules.letter_templates import fields_in
from cases.rules.letters import LetterFacts, LetterKind, letter_paragraphs, subject_of
from cases.rules.remedies import Remedy
from cases.rules.roles import Role
from cases.tests import answering
from cases.tests.approving import approved
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.fixtures import at
from cases.tests.hearings import held_with
from cases.tests.rules.stories import events, happened
from cases.tests.rules.strategies import TERMS

BY_POST = Telling(
    "post",
    "The lift was mended on Friday.\n\nWe should have told you sooner.",
    says=("learnings",),
)
PARTLY = Answer(
    Outcome.PARTLY_UPHELD,
    remedies=["apology"],
    remedy_words=["We apologise to you."],
    deeds=[Deed(Remedy.CHANGE, date(2026, 6, 8), "We check the lift every week.")],
)
OFFERING = replace(PARTLY, offer=Offer(heads=[(Head.DELAY, Decimal(75))], basis="Three weeks."))
RECEIVED = date(2026, 6, 8)
# The designated person of the days on which these letters are written.
JOAN = "Cllr Joan Pike, 0151 496 0000"
OMBUDSMAN = ("Housing Ombudsman Service", "0300 111 3000")


@pytest.fixture
def _ombudsman(db):
    OutsideBodyDetails.objects.create(
        code="ombudsman", from_on=date(2000, 1, 1), name=OMBUDSMAN[0], telephone=OMBUDSMAN[1]
    )
    for from_on, name in ((date(2020, 1, 1), JOAN), (date(2100, 1, 1), "Rt Hon A. Lee")):
        OutsideBodyDetails.objects.create(code="designated_person", from_on=from_on, name=name)


pytestmark = pytest.mark.usefixtures("_ombudsman")


class Correspondence:
    """A complaint under a procedure, and the letters it leads to."""

    def __init__(self, house, code: str) -> None:
        house.run(code)
        self.house = house
        self.complaint = house.lodge(on=RECEIVED)
        self.terms = self.complaint.procedure_version.terms

    def act(self, operation, by: Role, day: date, **details):
        """Do one act on a day, late as it may be."""
        self.complaint.refresh_from_db()
        with saying_why(Lateness("The post was slow.", avoidable=True, done_by=day)):
            operation(
                complaint_id=self.complaint.pk,
                by=self.house[by],
                now=at(day),
                seen=self.complaint.version,
                **details,
            )
        self.complaint.refresh_from_db()
        return self

    def pass_on(self, day: date):
        """Bring it to its first formal stage."""
        if self.complaint.stage == "initial":
            self.act(
                escalate.pass_on, Role.COMPLAINTS_COORDINATOR, day, on=day, words="Unresolved."
            )
        return self

    def letter(self, kind: LetterKind) -> str:
        """Return the newest letter of that kind."""
        return Letter.objects.filter(complaint=self.complaint, kind=kind.value).latest("pk").body

    def acknowledge(self, day: date):
        """Acknowledge by post."""
        return self.act(
            answering.acknowledge, Role.COMPLAINTS_COORDINATOR, day, on=day, telling=BY_POST
        )

    def answer(self, day: date, by: Role = Role.HEAD_OF_SERVICE):
        """Answer the stage by post."""
        return self.act(answering.respond, by, day, on=day, answer=OFFERING, telling=BY_POST)

    def ask(self, day: date, reasons: str = "Nobody came."):
        """Ask for the next stage."""
        return self.act(
            escalate.request_escalation,
            Role.COMPLAINTS_COORDINATOR,
            day,
            on=day,
            channel="phone",
            reasons=reasons,
        )


PROCEDURES = ["kht-three-stage", "first-ark-panel", "livv-two-stage", "herefordshire", "code-2024"]
WITH_A_WINDOW = {
    "kht-three-stage": "Stage 2. Please tell us by Tuesday 30 June 2026",
    "first-ark-panel": "Stage 2, panel review. Please tell us by Tuesday 30 June 2026",
    "livv-two-stage": "Stage two. Please tell us by Tuesday 14 July 2026",
    "herefordshire": "Stage 2, review by a Director. Please tell us by Tuesday 7 July 2026",
    "code-2024": "Stage 2. Please tell us at any time",
}


def check_reads_well(body: str) -> None:
    """Assert what is true of every letter."""
    paragraphs = body.split("\n\n")
    assert all(paragraph.strip() for paragraph in paragraphs)
    assert "None" not in body
    assert "  " not in body
    assert all(line in body for line in OMBUDSMAN)
    # An acknowledgement tells after it how the complaint is followed on the web.
    last = [each for each in paragraphs if not each.startswith("You can see on the web")][-1]
    assert last.endswith("please telephone 0800 000 0000.")


@pytest.mark.parametrize("code", PROCEDURES)
def test_an_acknowledgement_thanks_and_says_by_when_the_answer_comes(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).acknowledge(date(2026, 6, 9))

    body = post.letter(LetterKind.ACKNOWLEDGEMENT)

    check_reads_well(body)
    assert "which reached us on 8 June 2026" in body
    assert post.complaint.reference in body
    assert "You will have our answer by" in body


@pytest.mark.rule("HH-14")
def test_the_policy_is_enclosed_where_the_procedure_says_so(house):
    post = Correspondence(house, "herefordshire").pass_on(date(2026, 6, 9))

    post.acknowledge(date(2026, 6, 9))

    enclosed = "Enclosed: our complaints policy and procedure."
    assert enclosed in post.letter(LetterKind.ACKNOWLEDGEMENT)


@pytest.mark.rule("K3-12", "KF-15", "LV-10", "HH-16")
@pytest.mark.parametrize("code", PROCEDURES)
def test_a_response_gives_the_finding_the_remedies_and_the_way_further(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).answer(date(2026, 6, 12))

    body = post.letter(LetterKind.RESPONSE)

    check_reads_well(body)
    assert "Our finding: your complaint is partly upheld." in body
    assert "- We check the lift every week, on Monday 8 June 2026." in body
    assert "£75.00" in body
    assert WITH_A_WINDOW[code] in body


@pytest.mark.parametrize("code", ["first-ark-panel", "livv-two-stage"])
def test_where_reasons_are_demanded_the_letter_asks_for_them(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).answer(date(2026, 6, 12))

    assert "Please tell us why" in post.letter(LetterKind.RESPONSE)


@pytest.mark.rule("HH-20")
def test_the_answer_before_an_appeal_says_how_appeals_work(house):
    post = Correspondence(house, "herefordshire").pass_on(date(2026, 6, 9))
    post.answer(date(2026, 6, 12)).ask(date(2026, 6, 15))

    post.answer(date(2026, 6, 22), by=Role.DIRECTOR)

    body = post.letter(LetterKind.RESPONSE)
    assert "heard by three members of the Board of Management" in body
    assert "A friend, a relative or an advocate may come with you" in body


def test_the_acknowledgement_of_a_further_stage_thanks_for_the_request(house):
    post = Correspondence(house, "herefordshire").pass_on(date(2026, 6, 9))
    post.answer(date(2026, 6, 12)).ask(date(2026, 6, 15)).acknowledge(date(2026, 6, 16))

    body = post.letter(LetterKind.ACKNOWLEDGEMENT)

    check_reads_well(body)
    assert "Your request reached us on 15 June 2026." in body
    assert "is now at Stage 2, review by a Director." in body


def test_why_the_customer_asked_is_said_back_to_them_in_their_words(house):
    post = Correspondence(house, "code-2024").acknowledge(date(2026, 6, 9))
    post.answer(date(2026, 6, 12)).ask(date(2026, 6, 15)).acknowledge(date(2026, 6, 16))
    post.answer(date(2026, 6, 22), by=Role.DIRECTOR)

    acknowledged = post.letter(LetterKind.ACKNOWLEDGEMENT)
    answered = post.letter(LetterKind.RESPONSE)

    check_reads_well(acknowledged)
    assert "You told us why you asked for Stage 2: Nobody came." in acknowledged
    assert "You told us why you asked for Stage 2: Nobody came." in answered


def test_whoever_gave_no_reasons_is_told_of_none(house):
    post = Correspondence(house, "code-2024").acknowledge(date(2026, 6, 9))
    post.answer(date(2026, 6, 12)).ask(date(2026, 6, 15), reasons="")
    post.acknowledge(date(2026, 6, 16))

    assert "You told us why" not in post.letter(LetterKind.ACKNOWLEDGEMENT)


@pytest.mark.parametrize("code", ["code-2024", "herefordshire", "kht-three-stage"])
def test_the_last_answer_alone_says_that_it_is_final(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).acknowledge(date(2026, 6, 9))
    first = post.answer(date(2026, 6, 12)).letter(LetterKind.RESPONSE)
    second = post.ask(date(2026, 6, 15)).answer(date(2026, 6, 22), by=Role.DIRECTOR)
    second = second.letter(LetterKind.RESPONSE)

    assert "final answer" not in first
    assert ("This is our final answer to your complaint." in second) is (code == "code-2024")


@pytest.mark.parametrize(
    ("whole", "subject"),
    [(True, "Letter from Elm Homes: {reference}"), (False, "About your enquiry {reference}")],
    ids=["the whole letter", "that there is one"],
)
def test_an_e_mail_says_nothing_of_a_complaint_above_it_and_a_letter_does(house, whole, subject):
    Landlord.objects.update(name="Elm Homes")
    post = Correspondence(house, "code-2024").acknowledge(date(2026, 6, 9))
    customer = post.complaint.customer
    customer.email = "agnes@example.com"
    customer.letters_by_email = whole
    customer.save(update_fields=["email", "letters_by_email"])
    by_mail = Telling("email", "The lift was mended on Friday.")
    post.act(
        answering.respond,
        Role.HEAD_OF_SERVICE,
        date(2026, 6, 12),
        on=date(2026, 6, 12),
        answer=PARTLY,
        telling=by_mail,
    )

    letters = Letter.objects.filter(complaint=post.complaint).order_by("pk")
    reference = post.complaint.reference
    assert {each.subject for each in letters} == {f"Your complaint {reference}"}
    message = OutboundMessage.objects.get(to_address="agnes@example.com")
    assert message.subject == subject.format(reference=reference)
    # A notice has a subject of its own, and the letter that it tells of keeps its heading.
    shown = message.subject if whole else letters[1].subject
    assert draft_of(letters[1], None).subject == shown


def test_without_a_name_of_the_landlord_the_subject_of_a_whole_letter_names_nobody():
    assert subject_of("C-1", sender="", is_notice=False) == "About your enquiry C-1"


@pytest.mark.parametrize("code", PROCEDURES)
def test_an_extension_gives_the_new_day_the_reason_and_where_to_disagree(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9))
    post.act(
        extend.extend,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 11),
        new_due_on=date(2026, 7, 10),
        reason="The surveyor is ill.",
        exceptional=True,
        telling=Telling("post"),
    )

    body = post.letter(LetterKind.EXTENSION)

    check_reads_well(body)
    assert "by Friday 10 July 2026. The reason is this:\n\nThe surveyor is ill." in body
    assert "If you disagree with the new date you can contact:" in body


@pytest.mark.rule("KF-16", "LV-9")
@pytest.mark.parametrize("code", ["first-ark-panel", "livv-two-stage"])
def test_an_accepted_request_says_what_comes_next(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).answer(date(2026, 6, 12))
    post.ask(date(2026, 6, 16))

    post.act(
        escalate.accept_escalation,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 17),
        on=date(2026, 6, 17),
        reason="",
        telling=Telling("post"),
    )

    body = post.letter(LetterKind.ESCALATION_ACCEPTED)
    check_reads_well(body)
    assert "We have accepted your request" in body
    assert "You will have our answer by" in body
    assert ("will be heard by" in body) == (code == "first-ark-panel")


@pytest.mark.rule("KF-14", "LV-9")
@pytest.mark.parametrize("code", ["first-ark-panel", "livv-two-stage"])
def test_a_refused_request_names_the_ground_and_the_ombudsman(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).answer(date(2026, 6, 12))
    post.ask(date(2026, 6, 16))

    post.act(
        approved(Act.REFUSE_ESCALATION, escalate.refuse_escalation),
        Role.DIRECTOR,
        date(2026, 6, 17),
        on=date(2026, 6, 17),
        ground="followed_policy",
        evidence="Policy 4.2, inspection sheets.",
        telling=BY_POST,
    )

    body = post.letter(LetterKind.ESCALATION_REFUSED)
    check_reads_well(body)
    asked = post.terms.stage("stage-2").name
    assert f"You asked for {asked} of our complaints procedure." in body
    assert "cannot accept it.\n\nWe followed our policy." in body
    assert "Policy 4.2" not in body


@pytest.mark.parametrize("code", ["kht-three-stage", "first-ark-panel", "herefordshire"])
def test_an_invitation_names_the_day_and_the_place_and_an_outcome_the_way_outside(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).answer(date(2026, 6, 12))
    post.ask(date(2026, 6, 15))
    panel = _to_the_panel(post, code)
    post.act(
        hearing.arrange_hearing,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 24),
        arrangement=Arrangement(date(2026, 7, 8), "Town Hall, 2pm", "in_person", panel),
    )
    post.act(
        hearing.send_invitation,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 25),
        on=date(2026, 6, 25),
        telling=Telling("post"),
    )

    invitation = post.letter(LetterKind.INVITATION)
    check_reads_well(invitation)
    assert "on Wednesday 8 July 2026.\n\nIt is held at this place: Town Hall, 2pm." in invitation
    assert "You are welcome to take part." in invitation
    assert "A friend, a relative or an advocate may come" in invitation

    outcome = _heard(post, code, panel)
    check_reads_well(outcome)
    assert "This is our final answer to your complaint." in outcome
    assert "You told us why you asked for" in outcome
    assert "If you are still unhappy you can take your complaint to:" in outcome
    assert ("The panel agreed with the earlier decision." in outcome) == (code == "herefordshire")
    assert ("MP or a councillor" in outcome) == (code == "first-ark-panel")
    assert (JOAN in outcome) == (code == "first-ark-panel")
    assert "Rt Hon A. Lee" not in outcome


def _to_the_panel(post, code: str) -> list[int]:
    people = post.house.people
    if code == "first-ark-panel":
        post.act(
            escalate.accept_escalation,
            Role.COMPLAINTS_COORDINATOR,
            date(2026, 6, 17),
            on=date(2026, 6, 17),
            reason="",
            telling=Telling("phone"),
        )
        managers = [UserFactory(roles=[(Role.LINE_MANAGER, post.house.other_team)]).pk]
        managers.append(people[Role.LINE_MANAGER].pk)
        return [people[Role.DIRECTOR].pk, *managers]
    post.answer(date(2026, 6, 18), by=Role.DIRECTOR).ask(date(2026, 6, 22))
    if code == "kht-three-stage":
        return [people[Role.ASSISTANT_DIRECTOR].pk, people[Role.PANEL_MEMBER].pk]
    others = [UserFactory(roles=[Role.PANEL_MEMBER]).pk for _ in range(2)]
    return [people[Role.PANEL_MEMBER].pk, *others]


def _heard(post, code: str, panel: list[int]) -> str:
    post.act(
        hearing.hold_hearing,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 7, 8),
        on=date(2026, 7, 8),
        held=held_with(panel),
    )
    post.act(
        hearing.send_outcome,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 7, 9),
        on=date(2026, 7, 9),
        answer=PARTLY,
        decision=PanelDecision.UPHELD if code == "herefordshire" else None,
        telling=BY_POST,
    )
    return post.letter(LetterKind.OUTCOME)


# The outcome tells how it was heard ---------------------------------------------------------------


def _outcome_after(post, panel: list[int], held: Held) -> str:
    """Return the letter with the outcome of a hearing that was held so."""
    by, day = Role.COMPLAINTS_COORDINATOR, date(2026, 6, 24)
    arrangement = Arrangement(
        date(2026, 7, 8), "Town Hall", "in_person", panel, reason_for_fewer="One is ill."
    )
    post.act(hearing.arrange_hearing, by, day, arrangement=arrangement)
    post.act(hearing.send_invitation, by, day, on=day, telling=Telling("post"))
    post.act(hearing.hold_hearing, by, date(2026, 7, 8), on=date(2026, 7, 8), held=held)
    decides = any(each.panel and each.panel.decisions for each in post.terms.stages)
    post.act(
        hearing.send_outcome,
        by,
        date(2026, 7, 9),
        on=date(2026, 7, 9),
        answer=PARTLY,
        decision=PanelDecision.UPHELD if decides else None,
        telling=BY_POST,
    )
    return post.letter(LetterKind.OUTCOME)


def _before_a_panel(house, code: str) -> tuple[Correspondence, list[int], list[str]]:
    """Return a complaint that awaits a panel, who may sit, and their names."""
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).answer(date(2026, 6, 12))
    post.ask(date(2026, 6, 15))
    panel = _to_the_panel(post, code)
    people = User.objects.in_bulk(panel)
    return post, panel, [people[key].name for key in panel]


@pytest.mark.rule("KF-17", "KF-18")
def test_the_outcome_of_a_panel_in_absence_says_so_and_who_sat(house):
    post, panel, names = _before_a_panel(house, "first-ark-panel")
    User.objects.filter(pk=panel[0]).update(job_title="Director of Homes")

    body = _outcome_after(post, panel, held_with(panel, mode="in_absence"))

    check_reads_well(body)
    assert (
        "Your complaint was heard on Wednesday 8 July 2026, in your absence. The panel was made up "
        f"of {names[0]}, Director of Homes; {names[1]}; {names[2]}."
    ) in body
    assert "You did not take part" not in body


@pytest.mark.rule("K3-15")
def test_the_outcome_names_the_committee_as_it_was_recorded(house):
    post, panel, names = _before_a_panel(house, "kht-three-stage")
    User.objects.filter(pk=panel[0]).update(job_title="Assistant Director, Homes")

    body = _outcome_after(post, panel, held_with(panel, companion="Her sister"))

    recorded = EventWords.objects.get(
        event__complaint=post.complaint, event__kind=EventKind.HEARING_ARRANGED
    ).parts["committee"]
    assert recorded.startswith(f"{names[1]}, Chair of ")
    assert (
        "Your complaint was heard at a meeting on Wednesday 8 July 2026. You were there in person. "
        "Somebody took part with you or for you. The panel was made up of "
        f"{names[0]}, Assistant Director, Homes; {recorded}."
    ) in body
    assert "Her sister" not in body


@pytest.mark.rule("HH-21")
def test_who_was_named_for_the_panel_and_did_not_come_did_not_sit(house):
    post, panel, names = _before_a_panel(house, "herefordshire")
    held = held_with(panel, mode="in_writing")
    attended = {**held.attended, str(panel[2]): Attended.ABSENT}

    body = _outcome_after(post, panel, replace(held, attended=attended))

    assert (
        "Your complaint was considered on Wednesday 8 July 2026, in writing, on the papers. "
        f"You put your case in writing. The panel was made up of {names[0]}; {names[1]}."
    ) in body
    assert names[2] not in body


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (Attended.TELEPHONE, "You took part by telephone."),
        (Attended.VIDEO, "You took part by video."),
    ],
)
def test_the_outcome_tells_how_the_customer_took_part(house, how, told):
    post, panel, _ = _before_a_panel(house, "herefordshire")
    held = held_with(panel)

    body = _outcome_after(post, panel, replace(held, attended={**held.attended, CUSTOMER: how}))

    assert f"8 July 2026. {told} The panel" in body


@pytest.mark.rule("K3-4")
@pytest.mark.parametrize("gets_letters", [True, False])
def test_those_who_complain_too_do_not_read_how_the_customer_took_part(house, gets_letters):
    post, panel, names = _before_a_panel(house, "herefordshire")
    customers.add_joint_complainant(
        complaint_id=post.complaint.pk,
        customer_id=CustomerFactory(name="Ada Nkemelu", address="2 Dock Road").pk,
        capacity="Joint tenant",
        gets_letters=gets_letters,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2026, 6, 23)),
    )
    held = held_with(panel, companion="Her sister")

    _outcome_after(post, panel, replace(held, attended={**held.attended, CUSTOMER: Attended.VIDEO}))

    letters = post.complaint.letters.filter(kind=LetterKind.OUTCOME)
    assert letters.count() == 1 + gets_letters
    for letter in letters:
        check_reads_well(letter.body)
        assert ("You took part by video." in letter.body) == (not gets_letters)
        assert ("Somebody took part with you" in letter.body) == (not gets_letters)
        assert f"The panel was made up of {names[0]}" in letter.body


def test_nothing_is_told_of_a_hearing_that_there_was_not(house):
    post = Correspondence(house, "herefordshire").pass_on(date(2026, 6, 9))
    post.answer(date(2026, 6, 12))

    body = post.letter(LetterKind.RESPONSE)
    assert "was heard" not in body
    assert "The panel was made up" not in body


def test_an_old_entry_of_a_hearing_tells_what_it_has_and_no_more():
    told = events(
        ("hearing_arranged", "24 Jun", {"members": [4, 5]}),
        ("hearing_held", "8 Jul", {"mode": "in_person"}),
    )

    heard = heard_last(told, 2)

    assert heard is not None
    assert (heard.on, heard.customer, heard.members) == (date(2026, 7, 8), None, ())
    assert heard_last(told, 9) is None


def test_a_panel_named_anew_after_the_hearing_is_not_the_one_that_sat():
    attendance = [["customer", "absent"], ["4", "in_person"]]
    told = events(
        ("hearing_arranged", "24 Jun", {"members": [4, 5]}),
        ("hearing_held", "8 Jul", {"mode": "in_absence", "attendance": attendance}),
        ("hearing_arranged", "9 Jul", {"members": [4, 6]}),
    )

    heard = heard_last(told, 2)

    assert heard is not None
    assert (heard.members, heard.arranged_as) == ((4,), 1)


def test_a_landlords_own_words_can_name_the_day_of_the_hearing_and_the_panel():
    assert {"day of the hearing", "the panel"} <= set(fields_in(LetterKind.OUTCOME.value))
    assert "the panel" not in fields_in(LetterKind.RESPONSE.value)


def test_a_case_sent_back_is_promised_a_new_answer_instead_of_the_way_outside(house):
    post = (
        Correspondence(house, "herefordshire").pass_on(date(2026, 6, 9)).answer(date(2026, 6, 12))
    )
    post.ask(date(2026, 6, 15))
    panel = _to_the_panel(post, "herefordshire")
    post.act(
        hearing.arrange_hearing,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 24),
        arrangement=Arrangement(date(2026, 7, 8), "Town Hall", "in_person", panel),
    )
    post.act(
        hearing.hold_hearing,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 7, 8),
        on=date(2026, 7, 8),
        held=held_with(panel),
    )

    post.act(
        hearing.send_outcome,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 7, 9),
        on=date(2026, 7, 9),
        answer=None,
        decision=PanelDecision.RE_INVESTIGATE,
        telling=BY_POST,
    )

    body = post.letter(LetterKind.OUTCOME)
    check_reads_well(body)
    assert "considered at Stage 3, appeal" in body
    assert "is to be looked at again" in body
    assert "You will have our answer by Thursday 30 July 2026." in body


@pytest.mark.parametrize(
    ("code", "further"),
    [
        ("herefordshire", "Your complaint then goes to Stage 1."),
        ("livv-two-stage", "you can ask for Stage one. Please tell us at any time"),
        ("first-ark-panel", "you can ask for Stage 2, panel review. Please tell us by"),
    ],
)
def test_a_resolution_says_what_to_do_if_it_is_not_put_right(house, code, further):
    post = Correspondence(house, code)

    post.act(
        stage_acts.resolve,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 10),
        on=date(2026, 6, 10),
        words="Mended.",
        apologised=True,
        close=True,
        telling=BY_POST,
    )

    body = post.letter(LetterKind.RESOLUTION)
    check_reads_well(body)
    assert further in body


@pytest.mark.parametrize("code", PROCEDURES)
def test_refusals_and_references_elsewhere_say_why_and_where_to_disagree(house, code):
    refused, elsewhere = Correspondence(house, code), Correspondence(house, code)

    refused.act(
        close.refuse,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 10),
        ground="over_12_months",
        evidence="The tenancy file.",
        telling=BY_POST,
    )
    elsewhere.act(
        close.refer_elsewhere,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 10),
        to="asb",
        words="The neighbourhood team will ring you.",
        telling=Telling("post"),
    )

    not_accepted = refused.letter(LetterKind.NOT_ACCEPTED)
    check_reads_well(not_accepted)
    assert "happened more than 12 months ago" in not_accepted
    referred = elsewhere.letter(LetterKind.REFERRED)
    check_reads_well(referred)
    assert "our policy on nuisance and anti-social behaviour" in referred
    assert "you can complain to us" in referred


@pytest.mark.rule("KF-15", "LV-10")
@pytest.mark.parametrize("code", ["kht-three-stage", "first-ark-panel", "livv-two-stage"])
def test_more_time_to_go_further_is_told_with_its_last_day(house, code):
    post = Correspondence(house, code).pass_on(date(2026, 6, 9)).answer(date(2026, 6, 12))

    post.act(
        escalate.extend_window,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 16),
        new_due_on=date(2026, 8, 3),
        reason="In hospital.",
        telling=Telling("post"),
    )

    body = post.letter(LetterKind.WINDOW_EXTENDED)
    check_reads_well(body)
    assert "Please tell us by Monday 3 August 2026." in body
    assert "In hospital" not in body


@pytest.mark.parametrize("code", PROCEDURES)
def test_a_withdrawal_is_confirmed_and_can_be_taken_back(house, code):
    post = Correspondence(house, code)

    post.act(
        close.withdraw,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 10),
        on=date(2026, 6, 10),
        words="Rang.",
        telling=BY_POST,
    )

    body = post.letter(LetterKind.CLOSING)
    check_reads_well(body)
    assert "If this is not right, or you change your mind, please tell us." in body
    assert "Rang." not in body


def test_an_answered_complaint_is_closed_with_the_way_further(house):
    post = Correspondence(house, "kht-three-stage").answer(date(2026, 6, 12))
    offer = post.complaint.events.get(kind="compensation_proposed").number
    said = {"award": offer, "on": date(2026, 6, 15), "accepted": False}
    post.act(awards.record_answer, Role.RESPONSIBLE_OFFICER, date(2026, 6, 15), **said)

    post.act(
        close.close,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 16),
        on=date(2026, 6, 16),
        words="",
        telling=Telling("post"),
    )

    body = post.letter(LetterKind.CLOSING)
    check_reads_well(body)
    assert WITH_A_WINDOW["kht-three-stage"] in body


@pytest.mark.rule("KF-20", "KF-21")
@pytest.mark.parametrize(
    ("year", "told_to_wait"), [("2022", True), ("2023", False)], ids=["before", "after"]
)
def test_only_answers_before_the_wait_was_abolished_tell_of_it(year, told_to_wait):
    state = happened(
        "first-ark-panel",
        ("received", f"4 Apr {year}"),
        ("responded", f"11 Apr {year}"),
        ("escalation_requested", f"13 Apr {year}", {"stage": "stage-2", "in_time": True}),
        ("hearing_held", f"9 May {year}"),
        ("outcome_sent", f"16 May {year}"),
    )

    paragraphs = letter_paragraphs(
        LetterFacts(
            kind=LetterKind.OUTCOME,
            stage="stage-2",
            visit=1,
            reference="KX7M-2QPD-6",
            terms=TERMS["first-ark-panel"],
            state=state,
            outside=OMBUDSMAN,
            words="",
        )
    )

    waits = "You can go to the Ombudsman yourself from Monday 11 July 2022."
    assert (waits in paragraphs) == told_to_wait
    assert any("an MP or a councillor" in each for each in paragraphs)


def test_an_e_mail_is_signed_by_the_officer_for_the_landlord(house):
    post = Correspondence(house, "code-2024")
    Customer.objects.update(name="Gareth Evans")

    post.act(
        answering.acknowledge,
        Role.COMPLAINTS_COORDINATOR,
        date(2026, 6, 9),
        on=date(2026, 6, 9),
        telling=Telling("email"),
    )

    body = OutboundMessage.objects.get(kind="letter_acknowledgement").body
    assert body.startswith("Dear Gareth Evans,\n\n")
    signed = "\n\nYours sincerely\n\ncomplaints coordinator\nHarbourside Homes\n0800 000 0000\n"
    assert signed in body
