"""Herefordshire Housing's procedure, rule by rule."""

from datetime import date

import pytest
from django.urls import reverse

from cases.errors import (
    ActionNotAllowed,
    NotEntitled,
    NotIndependent,
    ReasonMissing,
    WrongDate,
)
from cases.models import OutboundMessage
from cases.operations.assign import assign
from cases.operations.close import ELSEWHERE, close, refer_elsewhere, refuse_unreasonable
from cases.operations.correct import correct_date
from cases.operations.customers import Speaker, save_representative
from cases.operations.extend import agree_date
from cases.operations.hearing import Papers, send_papers
from cases.operations.note import add_note
from cases.operations.ombudsman import refer_to_ombudsman
from cases.operations.set_up import CATEGORIES
from cases.operations.telling import Telling
from cases.rules.customers import Channel, CustomerCategory, LetterFormat, Register, register_of
from cases.rules.events import Outcome, PanelDecision
from cases.rules.parts import Part
from cases.rules.roles import Role
from cases.rules.terms import NewMatters
from cases.selectors.case_page import case_page
from cases.selectors.promises import promises_owed
from cases.tests.factories import CategoryFactory, CustomerFactory, UserFactory
from cases.tests.fixtures import at, written_elsewhere
from cases.tests.procedures.acts import Acting
from cases.tests.procedures.screens import log_page, logged_on_the_page
from cases.tests.rules.stories import ENGLAND, became, day, due, happened, promise
from cases.tests.rules.strategies import TERMS

HH = TERMS["herefordshire"]
SAID_AT_FIRST = "A fitter was there on Saturday and had no part."
NOT_TENANTS = sorted(
    set(CustomerCategory)
    - {CustomerCategory.TENANT, CustomerCategory.LEASEHOLDER, CustomerCategory.SHARED_OWNER}
)
AT_STAGE_2 = (
    ("received", "1 Jun"),
    ("passed_on", "2 Jun"),
    ("responded", "10 Jun"),
    ("escalation_requested", "15 Jun"),
)
AT_APPEAL = (*AT_STAGE_2, ("responded", "30 Jun"), ("escalation_requested", "10 Jul"))


@pytest.fixture
def acting(house) -> Acting:
    house.run("herefordshire")
    return Acting(house, house.lodge())


@pytest.fixture
def at_stage_2(acting) -> Acting:
    acting.pass_on("9 Jun")
    acting.respond("10 Jun", by=Role.HEAD_OF_SERVICE)
    acting.ask("11 Jun")
    return acting


@pytest.fixture
def at_appeal(at_stage_2) -> Acting:
    at_stage_2.respond("12 Jun", by=Role.DIRECTOR)
    at_stage_2.ask("15 Jun")
    return at_stage_2


@pytest.fixture
def board():
    return [UserFactory(roles=[Role.PANEL_MEMBER]) for _ in range(3)]


@pytest.mark.rule("HH-1")
def test_everybody_is_dealt_with_alike_whoever_they_are(house):
    house.run("herefordshire")

    promises = {
        tuple(
            house.lodge(customer=CustomerFactory(category=category, is_vulnerable=vulnerable))
            .deadlines.order_by("code")
            .values_list("code", "due_on", "state")
        )
        for category in HH.customer_categories
        for vulnerable in (False, True)
    }

    assert len(promises) == 1


@pytest.mark.rule("HH-1")
def test_whoever_complained_before_has_the_same_promises_again(house):
    house.run("herefordshire")
    customer = CustomerFactory()
    first, second = house.lodge(customer=customer), house.lodge(customer=customer)

    dues = [list(each.deadlines.order_by("code").values_list("due_on")) for each in (first, second)]

    assert dues[0] == dues[1]


@pytest.mark.rule("HH-2")
def test_mere_feedback_about_something_not_put_right_is_a_complaint(house):
    house.run("herefordshire")

    guidance = log_page(house).partition("What counts as a complaint")[2]

    for words in ("action or lack of action", "standard of a service", "not put right"):
        assert words in guidance


@pytest.mark.rule("HH-3")
@pytest.mark.parametrize("channel", ["in_person", "phone", "email", "online", "post", "form"])
def test_it_may_be_made_in_every_way(house, channel):
    house.run("herefordshire")

    assert logged_on_the_page(house, channel=Channel(channel).value).channel == channel


@pytest.mark.rule("HH-4")
def test_the_complainant_is_asked_to_confirm_somebody_elses_complaint(acting):
    details = {"complaint_id": acting.key, "now": at(day("9 Jun"))}
    details["by"] = acting.house[Role.COMPLAINTS_COORDINATOR]

    assert save_representative(Speaker("Bob"), **details).authority == "claimed"
    with pytest.raises(ActionNotAllowed, match="when the customer confirmed it"):
        save_representative(Speaker("Bob", authority="confirmed"), **details)


@pytest.mark.rule("HH-5")
def test_reports_of_asb_go_elsewhere_but_how_they_were_dealt_with_is_a_complaint(acting, house):
    dealt_with = CategoryFactory(name="How we dealt with anti-social behaviour")
    assert dealt_with.name in dict(CATEGORIES).values()

    acting.do(
        refer_elsewhere, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, to="asb",
        words="The neighbourhood team rings you.", telling=Telling("email"),
    )  # fmt: skip
    complaint = logged_on_the_page(house, about=str(dealt_with.pk))

    assert HH.not_complaints == ("asb",)
    assert acting.complaint.closed_as == "referred_elsewhere"
    assert ELSEWHERE["asb"].told in acting.letter("referred")
    assert (complaint.category, complaint.stage, complaint.is_open) == (dealt_with, "initial", True)


@pytest.mark.rule("HH-6")
@pytest.mark.parametrize(
    "nobody",
    [Role.COMPLAINTS_COORDINATOR, Role.HEAD_OF_SERVICE, Role.LINE_MANAGER, Role.ASSISTANT_DIRECTOR],
)
def test_only_a_director_refuses_what_is_pursued_unreasonably(acting, nobody):
    refusal = {"evidence": "Forty calls a day.", "telling": Telling("email")}

    with pytest.raises(NotEntitled):
        acting.do(refuse_unreasonable, "9 Jun", by=nobody, **refusal)
    with pytest.raises(ReasonMissing):
        acting.do(refuse_unreasonable, "9 Jun", by=Role.DIRECTOR, **{**refusal, "evidence": ""})

    acting.do(refuse_unreasonable, "9 Jun", by=Role.DIRECTOR, **refusal)
    assert acting.complaint.closed_as == "refused"


@pytest.mark.rule("HH-6")
@pytest.mark.parametrize(
    ("given", "told"),
    [(None, "Tuesday 8 December 2026"), (date(2026, 9, 1), "Tuesday 1 September 2026")],
)
def test_whoever_is_refused_as_unreasonable_is_told_when_it_is_looked_at_again(acting, given, told):
    refusal = {"evidence": "Forty calls.", "telling": Telling("email"), "review_on": given}

    acting.do(refuse_unreasonable, "9 Jun", by=Role.DIRECTOR, **refusal)

    letter = acting.letter("not_accepted")
    assert f"We will look at this decision again by {told}." in letter
    assert "You can still complain to us about anything else, at any time" in letter
    # It is an action of whoever decided, and chased like any.
    [owed] = promises_owed(acting.house[Role.DIRECTOR], today=date(2026, 6, 9))
    assert owed.is_action
    assert owed.due_on == (given or date(2026, 12, 8))


@pytest.mark.rule("HH-6")
@pytest.mark.parametrize("decided", ["8 Jun", "9 Jun"])
def test_a_day_that_has_passed_is_no_day_to_look_at_it_again(acting, decided):
    refusal = {"evidence": "Forty calls.", "telling": Telling("email"), "on": day(decided)}

    with pytest.raises(WrongDate, match="8 June 2026 has passed"):
        acting.do(
            refuse_unreasonable, "9 Jun", by=Role.DIRECTOR, review_on=date(2026, 6, 8), **refusal
        )

    assert acting.complaint.is_open


@pytest.mark.rule("HH-6")
def test_a_decision_entered_late_is_looked_at_again_half_a_year_after_that(acting):
    telling = written_elsewhere(acting.complaint)
    refusal = {"evidence": "Forty calls.", "telling": telling, "on": day("8 Jun")}

    acting.do(refuse_unreasonable, "31 Dec", by=Role.DIRECTOR, **refusal)

    [owed] = promises_owed(acting.house[Role.DIRECTOR], today=date(2026, 12, 31))
    assert owed.due_on == date(2027, 7, 1)


@pytest.mark.rule("HH-7")
@pytest.mark.parametrize("role", [Role.FRONT_LINE, Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER])
def test_everybody_at_the_front_line_resolves_complaints_with_an_apology(acting, role):
    acting.resolve("8 Jun", "We explained and put it right.", by=role)

    resolved = acting.complaint.events.get(kind="resolved")
    assert resolved.facts["apologised"] is True


@pytest.mark.rule("HH-8")
def test_it_is_resolved_within_fifteen_working_days_or_by_the_day_agreed(acting):
    state = happened(HH.code, ("received", "8 Jun"))
    assert due(state, "resolve") == "29 Jun"

    acting.do(
        agree_date, "10 Jun", by=Role.RESPONSIBLE_OFFICER, on=day("10 Jun"),
        new_due_on=day("31 Jul"), words="She is away until then.",
    )  # fmt: skip

    assert acting.due("resolve") == day("31 Jul")


@pytest.mark.rule("HH-8")
def test_at_first_contact_an_answer_is_in_writing_only_if_asked_for(acting):
    assert not HH.stage("initial").answer_in_writing

    acting.resolve("8 Jun", "Put right on the spot.", telling=Telling("in_person"))

    assert not acting.complaint.letters.exists()


@pytest.mark.rule("HH-9")
def test_it_is_logged_within_one_working_day_by_the_first_point_of_contact():
    # A11: what comes on Friday evening is logged by Monday; the day of logging counts.
    friday = happened(HH.code, ("received", "12 Jun"), ("logged", "15 Jun"))
    late = happened(HH.code, ("received", "12 Jun"), ("logged", "16 Jun"))

    assert (due(friday, "log"), became(friday, "log")) == ("15 Jun", "met")
    assert became(late, "log") == "met_late"
    assert HH.stage("initial").timescale("log").binds is Role.FRONT_LINE


@pytest.mark.rule("HH-9")
def test_logging_late_what_came_earlier_shows(house):
    house.run("herefordshire")
    logged = house.lodge(on=day("8 Jun"))
    early = Acting(house, logged)
    early.do(
        correct_date, "12 Jun", by=Role.COMPLAINTS_COORDINATOR, number=1, on=day("3 Jun"),
        reason="The note at the counter is dated 3 June.",
    )  # fmt: skip

    assert early.complaint.deadlines.get(code="log").state == "met_late"


@pytest.mark.rule("HH-10")
def test_each_complaint_has_a_responsible_officer_and_may_be_given_to_another(acting, house):
    assert acting.complaint.responsible_officer == house.people[Role.RESPONSIBLE_OFFICER]
    other = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])

    acting.do(assign, "9 Jun", by=Role.LINE_MANAGER, officer_id=other.pk, area_id=house.team.pk)

    assert acting.complaint.responsible_officer == other


@pytest.mark.rule("HH-11")
def test_it_is_closed_at_first_contact_only_with_a_resolution(acting):
    with pytest.raises(ActionNotAllowed, match="A resolution must be recorded"):
        acting.do(close, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, on=day("9 Jun"), words="")
    with pytest.raises(ReasonMissing, match="how the complaint was resolved"):
        acting.resolve("9 Jun", " ")

    acting.resolve("9 Jun", "The gate was mended.")
    assert acting.complaint.closed_as == "resolved"


@pytest.mark.rule("HH-12")
def test_what_first_contact_cannot_resolve_is_passed_on_as_a_formal_complaint(acting):
    acting.pass_on("10 Jun")

    assert acting.complaint.stage == "stage-1"
    # Passing on keeps the promise of the first fifteen days.
    assert acting.complaint.deadlines.get(code="resolve").state == "met"


@pytest.mark.rule("HH-13")
@pytest.mark.parametrize("category", NOT_TENANTS)
def test_a_complainant_who_is_neither_tenant_nor_leaseholder_is_on_the_separate_register(category):
    # A18
    assert register_of(category, HH) is Register.NON_TENANT
    assert register_of(category, TERMS["code-2024"]) is Register.MAIN


@pytest.mark.rule("HH-13")
@pytest.mark.parametrize("category", ["tenant", "leaseholder", "shared_owner"])
def test_tenants_and_leaseholders_are_on_the_main_register(house, category):
    house.run("herefordshire")

    assert house.lodge(customer=CustomerFactory(category=category)).register == "main"


@pytest.mark.rule("HH-13")
def test_their_complaint_is_dealt_with_and_its_outcome_recorded_like_any_other(house):
    house.run("herefordshire")
    acting = Acting(house, house.lodge(customer=CustomerFactory(category="member_of_the_public")))
    acting.pass_on("9 Jun")

    acting.respond("12 Jun", by=Role.HEAD_OF_SERVICE)

    assert (acting.complaint.register, acting.complaint.outcome) == ("non_tenant", "upheld")


@pytest.mark.rule("HH-14")
def test_stage_1_is_acknowledged_in_writing_in_three_working_days_with_the_policy(acting):
    acting.pass_on("9 Jun")
    assert acting.due("acknowledge") == day("12 Jun")

    with pytest.raises(ActionNotAllowed, match="in writing"):
        acting.acknowledge("10 Jun", telling=Telling("phone"))
    acting.acknowledge("10 Jun")

    assert "complaints policy and procedure" in acting.letter("acknowledgement")
    assert HH.stage("stage-1").timescale("acknowledge").binds is Role.COMPLAINTS_COORDINATOR


@pytest.mark.rule("HH-15")
def test_the_head_of_service_investigates_with_what_first_contact_wrote_down(acting, house):
    by = house[Role.FRONT_LINE]
    add_note(complaint_id=acting.key, by=by, now=at(day("8 Jun")), words=SAID_AT_FIRST)
    acting.pass_on("9 Jun")

    assert HH.stage("stage-1").decided_by == (Role.HEAD_OF_SERVICE,)
    # What first contact wrote down stands before whoever investigates.
    page = case_page(acting.complaint, user=house[Role.HEAD_OF_SERVICE], today=day("10 Jun"))
    told = {line.text for entry in page.entries for line in entry.lines}
    assert acting.complaint.summary in told
    assert SAID_AT_FIRST in told
    for nobody in (Role.LINE_MANAGER, Role.RESPONSIBLE_OFFICER, Role.COMPLAINTS_COORDINATOR):
        with pytest.raises(NotEntitled):
            acting.respond("10 Jun", by=nobody)


@pytest.mark.rule("HH-16")
def test_the_letter_goes_within_fifteen_working_days_and_gives_fifteen_to_ask_for_review(acting):
    # A4: counted from the formal stage, not from first contact.
    told = (("received", "1 Jun"), ("passed_on", "8 Jul"), ("responded", "29 Jul"))
    state = happened(HH.code, *told)
    assert (due(state, "respond"), became(state, "respond")) == ("29 Jul", "met")
    assert due(state, "escalate-by") == "19 Aug"
    acting.pass_on("9 Jun")

    acting.respond("12 Jun", by=Role.HEAD_OF_SERVICE)

    assert acting.complaint.window_until == day("3 Jul")
    assert "3 July 2026" in acting.letter("response")


def copies_of(acting) -> list[OutboundMessage]:
    return list(OutboundMessage.objects.filter(complaint=acting.key, kind="copy"))


@pytest.mark.rule("HH-16")
def test_the_coordinator_gets_a_copy_of_the_head_of_services_letter(acting, house):
    acting.pass_on("9 Jun")
    elsewhere = written_elsewhere(acting.complaint, "No.")
    acting.respond("12 Jun", by=Role.HEAD_OF_SERVICE, telling=elsewhere)
    assert len(copies_of(acting)) == 1

    acting = Acting(house, house.lodge())
    acting.pass_on("9 Jun")
    acting.respond("12 Jun", by=Role.HEAD_OF_SERVICE)

    copy = copies_of(acting)[0]
    letter = acting.complaint.letters.get(kind="response")
    assert copy.to_user == house[Role.COMPLAINTS_COORDINATOR]
    address = reverse("cases:letter", args=[acting.complaint.reference, letter.event_number])
    assert address in copy.body
    assert len(copies_of(acting)) == 1


def test_no_copy_goes_where_the_procedure_names_none(house):
    house.run("code-2024")
    acting = Acting(house, house.lodge())

    acting.respond("12 Jun", by=Role.RESPONSIBLE_OFFICER)

    assert copies_of(acting) == []


@pytest.mark.rule("HH-17")
def test_no_new_complaint_joins_a_review():
    # A13: a new matter becomes a complaint of its own, linked.
    assert [HH.stage(code).new_matters for code in ("stage-1", "stage-2", "stage-3")] == [
        NewMatters.JOIN,
        NewMatters.LINKED,
        NewMatters.LINKED,
    ]


@pytest.mark.rule("HH-17")
def test_a_new_matter_is_a_linked_complaint_of_its_own(at_stage_2, house):
    another = house.lodge(linked_to_id=at_stage_2.key)

    assert (another.linked_to, another.stage) == (at_stage_2.complaint, "initial")


@pytest.mark.rule("HH-18")
def test_stage_2_is_acknowledged_in_writing_within_three_working_days(at_stage_2):
    assert due(happened(HH.code, *AT_STAGE_2), "acknowledge") == "18 Jun"

    with pytest.raises(ActionNotAllowed, match="in writing"):
        at_stage_2.acknowledge("12 Jun", telling=Telling("phone"))
    at_stage_2.acknowledge("12 Jun")

    assert "Stage 2" in at_stage_2.letter("acknowledgement")


@pytest.mark.rule("HH-19")
def test_a_director_reviews_it_and_sees_everything_written_before(at_stage_2, house):
    assert HH.stage("stage-2").decided_by == (Role.DIRECTOR,)
    with pytest.raises(NotEntitled):
        at_stage_2.respond("12 Jun", by=Role.HEAD_OF_SERVICE)

    at_stage_2.respond("12 Jun", by=Role.DIRECTOR)

    assert at_stage_2.complaint.events.filter(stage__in=["initial", "stage-1"]).count() >= 2
    assert at_stage_2.complaint.answered_on == day("12 Jun")


@pytest.mark.rule("HH-19")
def test_a_director_who_dealt_with_it_before_does_not_review_it(house):
    house.run("herefordshire")
    both = UserFactory(
        roles=[(Role.HEAD_OF_SERVICE, house.directorate), (Role.DIRECTOR, house.directorate)]
    )
    acting = Acting(house, house.lodge())
    acting.pass_on("9 Jun")
    acting.respond("10 Jun", by=both)
    acting.ask("11 Jun")

    with pytest.raises(NotIndependent):
        acting.respond("12 Jun", by=both)


@pytest.mark.rule("HH-20")
def test_the_directors_letter_goes_within_fifteen_working_days_of_the_request(at_stage_2):
    state = happened(HH.code, *AT_STAGE_2, ("responded", "6 Jul"))
    assert (due(state, "respond"), became(state, "respond")) == ("6 Jul", "met")
    assert due(state, "escalate-by") == "27 Jul"
    assert Part.APPEAL in HH.stage("stage-2").letters.answer_parts

    OutboundMessage.objects.filter(kind="copy").delete()
    at_stage_2.respond("12 Jun", by=Role.DIRECTOR)

    assert "Stage 3, appeal" in at_stage_2.letter("response")
    assert len(copies_of(at_stage_2)) == 1


@pytest.mark.rule("HH-21")
def test_three_members_of_the_board_sit_or_two_with_a_reason_and_never_one(at_appeal, board):
    # A9
    with pytest.raises(ActionNotAllowed, match="at least 2"):
        at_appeal.arrange("16 Jun", "29 Jun", board[:1], reason="Two are ill.")
    with pytest.raises(ActionNotAllowed, match="Say why"):
        at_appeal.arrange("16 Jun", "29 Jun", board[:2])
    with pytest.raises(ActionNotAllowed, match="3 seats"):
        at_appeal.arrange("16 Jun", "29 Jun", [*board, UserFactory(roles=[Role.PANEL_MEMBER])])
    with pytest.raises(ActionNotAllowed, match="The panel needs"):
        at_appeal.arrange("16 Jun", "29 Jun", [*board[:2], UserFactory()])

    at_appeal.arrange("16 Jun", "29 Jun", board[:2], reason="One is ill.")
    at_appeal.arrange("17 Jun", "29 Jun", board)
    assert at_appeal.complaint.access_list.filter(as_panel_member=True).count() == 3


@pytest.mark.rule("HH-22")
def test_the_panel_meets_within_twenty_working_days_of_the_request():
    state = happened(HH.code, *AT_APPEAL)

    assert due(state, "hold-hearing") == "7 Aug"
    assert promise(state, "hold-hearing").anchor.label == "escalation_requested"


ALL_OF_IT = {"papers": Papers(words="All letters."), "telling": Telling("letter_elsewhere")}


@pytest.mark.rule("HH-23")
def test_papers_go_to_panel_and_complainant_five_working_days_before(at_appeal, board):
    # The procedure says “in advance”; five working days are our own figure.
    state = happened(HH.code, *AT_APPEAL, ("hearing_arranged", "13 Jul", {"hearing_on": "3 Aug"}))
    assert due(state, "send-papers") == "27 Jul"
    with pytest.raises(ActionNotAllowed, match="No day is set"):
        at_appeal.do(
            send_papers, "16 Jun", by=Role.COMPLAINTS_COORDINATOR, on=day("16 Jun"), **ALL_OF_IT
        )
    at_appeal.arrange("16 Jun", "29 Jun", board)

    at_appeal.do(
        send_papers, "17 Jun", by=Role.COMPLAINTS_COORDINATOR, on=day("17 Jun"), **ALL_OF_IT
    )

    assert at_appeal.complaint.deadlines.get(code="send-papers").state == "met"


@pytest.fixture
def heard(at_appeal, board) -> Acting:
    at_appeal.arrange("16 Jun", "22 Jun", board)
    at_appeal.hear("22 Jun")
    return at_appeal


@pytest.mark.rule("HH-24")
def test_the_panel_changes_the_decision_upholds_it_or_sends_it_back(heard):
    assert set(HH.stage("stage-3").panel.decisions) == set(PanelDecision)
    with pytest.raises(ActionNotAllowed, match="agrees with the earlier decision, changes it"):
        heard.decide("23 Jun")

    heard.decide("23 Jun", decision=PanelDecision.UPHELD, outcome=Outcome.NOT_UPHELD)

    # A14: the decision upheld is the complaint not upheld.
    assert heard.complaint.panel_decision == "upheld"
    assert heard.complaint.outcome == "not_upheld"


@pytest.mark.rule("HH-24")
def test_sent_back_it_is_a_new_visit_to_stage_2_and_is_sent_back_once_at_most(heard, board):
    heard.decide("23 Jun", decision=PanelDecision.RE_INVESTIGATE, outcome=None)
    assert (heard.complaint.stage, heard.complaint.visit) == ("stage-2", 2)
    assert heard.due("respond") == day("14 Jul")

    heard.respond("24 Jun", by=Role.DIRECTOR)
    heard.ask("25 Jun")
    heard.arrange("26 Jun", "29 Jun", board)
    heard.hear("29 Jun")
    with pytest.raises(ActionNotAllowed, match="once at most"):
        heard.decide("30 Jun", decision=PanelDecision.RE_INVESTIGATE, outcome=None)

    heard.decide("30 Jun", decision=PanelDecision.CHANGED)
    assert heard.complaint.panel_decision == "changed"


@pytest.mark.rule("HH-25")
def test_the_letter_goes_within_ten_working_days_with_decision_reasons_and_ombudsman(heard):
    state = happened(HH.code, *AT_APPEAL, ("hearing_held", "3 Aug"))
    assert due(state, "inform-outcome") == "17 Aug"
    assert HH.stage("stage-3").letters.answer_parts == (
        Part.DECISION,
        Part.REASONS,
        Part.OMBUDSMAN,
    )

    heard.decide("23 Jun", decision=PanelDecision.CHANGED)

    letter = heard.letter("outcome")
    assert "The panel changed" in letter
    assert "Housing Ombudsman" in letter


@pytest.mark.rule("HH-26")
def test_the_ombudsman_comes_after_the_appeal_and_is_told_of_whenever_it_happens(acting):
    # A10 reads “stages 1 and 3” as 1 to 3. That it came earlier is recorded all the same.
    body = next(body for body in HH.outside_bodies if body.code == "ombudsman")
    assert (body.after, body.only_after) == ("stage-3", True)

    acting.do(
        refer_to_ombudsman, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, on=day("9 Jun"), words=""
    )

    assert acting.complaint.ombudsman_on == day("9 Jun")


@pytest.mark.rule("HH-27")
@pytest.mark.parametrize(
    "wanted", [LetterFormat.BRAILLE, LetterFormat.LARGE_PRINT, LetterFormat.AUDIO]
)
def test_a_letter_is_made_in_the_format_the_customer_reads(house, wanted):
    house.run("herefordshire")
    acting = Acting(house, house.lodge(customer=CustomerFactory(letter_format=wanted.value)))
    acting.pass_on("9 Jun")

    acting.acknowledge("10 Jun", telling=Telling("post"))

    assert acting.complaint.letters.get().letter_format == wanted.value


@pytest.mark.rule("HH-29")
@pytest.mark.parametrize(
    ("stage", "told", "reminded"),
    [
        ("initial", [("received", "11 May")], "26 May"),
        ("stage-1", [("received", "4 May"), ("passed_on", "11 May")], "26 May"),
        ("stage-2", AT_STAGE_2, "29 Jun"),
    ],
)
def test_the_officer_is_reminded_when_it_is_outstanding_ten_days_with_five_left(
    stage, told, reminded
):
    # A1: working days; case C25 of the worked examples.
    state = happened(HH.code, *told)
    answer = HH.stage(stage).answer
    reminder = next(each for each in answer.reminders if each.code == "before-5")
    due_on = promise(state, answer.code).due_on

    assert Role.RESPONSIBLE_OFFICER in reminder.to
    assert ENGLAND.add_working_days(due_on, reminder.days) == day(reminded)


@pytest.mark.rule("HH-29")
def test_the_reminder_moves_with_the_day_agreed():
    state = happened(
        HH.code, ("received", "8 Jun"), ("agreed_date", "9 Jun", {"new_due_on": "31 Jul"})
    )

    assert ENGLAND.add_working_days(promise(state, "resolve").due_on, -5) == day("24 Jul")
