"""Livv's two stages after an attempt there and then, rule by rule."""

import pytest

from cases.errors import ActionNotAllowed, NotIndependent, ReasonMissing
from cases.operations.close import ELSEWHERE, refer_elsewhere
from cases.operations.customers import Speaker, save_representative
from cases.operations.escalate import pass_on
from cases.operations.ombudsman import refer_to_ombudsman
from cases.operations.telling import Telling
from cases.rules.customers import CustomerCategory
from cases.rules.parts import Part
from cases.rules.periods import Period, Unit
from cases.rules.roles import Role
from cases.rules.terms import StageKind
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.fixtures import at
from cases.tests.procedures.acts import Acting
from cases.tests.procedures.screens import log_page, logged_on_the_page, procedure_page
from cases.tests.rules.stories import became, day, due, happened, promise
from cases.tests.rules.strategies import TERMS

LV = TERMS["livv-two-stage"]
REASONS = "The damp is back."


@pytest.fixture
def acting(house) -> Acting:
    house.run("livv-two-stage")
    return Acting(house, house.lodge())


@pytest.fixture
def answered(acting) -> Acting:
    acting.pass_on("9 Jun")
    acting.respond("12 Jun", by=Role.LINE_MANAGER)
    return acting


@pytest.mark.rule("LV-1")
def test_customers_of_every_kind_former_ones_and_residents_groups_may_complain(acting, house):
    former = CustomerFactory(category=CustomerCategory.FORMER_CUSTOMER.value)

    assert (
        "Who may complain Tenant Leaseholder Shared owner Former customer Applicant for housing "
        "Councillor, MP or other elected representative Residents’ group"
    ) in procedure_page(house, "livv-two-stage")
    assert "does not name them" not in log_page(house, former)


@pytest.mark.rule("LV-1")
def test_a_representative_needs_the_customers_permission(acting):
    with pytest.raises(ActionNotAllowed, match="when the customer confirmed it"):
        save_representative(
            Speaker("Bob", authority="confirmed"),
            complaint_id=acting.key,
            by=acting.house[Role.COMPLAINTS_COORDINATOR],
            now=at(day("9 Jun")),
        )


@pytest.mark.rule("LV-2")
def test_banding_on_the_housing_register_is_sent_to_the_local_authority(acting):
    assert "housing_register_banding" in LV.not_complaints
    assert "housing_register_banding" in ELSEWHERE

    acting.do(
        refer_elsewhere, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, to="housing_register_banding",
        words="Banding is decided by the council.", telling=Telling("email"),
    )  # fmt: skip

    assert acting.complaint.events.last().facts["to"] == "housing_register_banding"
    assert "decided by the council" in acting.letter("referred")


@pytest.mark.rule("LV-3")
def test_whoever_logs_one_reads_what_the_ombudsman_calls_a_complaint(acting, house):
    guidance = log_page(house).partition("What counts as a complaint")[2]
    shown = procedure_page(house, "livv-two-stage").partition("What counts as a complaint")[2]

    for words in ("however made", "acting on its behalf", "group of customers"):
        assert words in guidance
        assert words in shown
    # Nobody has to use the word: what is logged without it is one.
    assert logged_on_the_page(house, words="Nobody mended the lift.").stage == "initial"


@pytest.mark.rule("LV-4")
def test_the_kinds_of_complaint_it_lists_guide_whoever_logs_one(acting, house):
    guidance = log_page(house).partition("What counts as a complaint")[2]
    listed = procedure_page(house, "livv-two-stage").partition("Kinds of complaint")[2]

    for words in ("failed to provide", "poor standard", "mistake", "service standards"):
        assert words in guidance
        assert words in listed


@pytest.mark.rule("LV-5")
def test_it_is_first_put_right_there_and_then(acting):
    stage = LV.stage("initial")
    assert stage.kind is StageKind.INITIAL_CONTACT
    assert not stage.answer_in_writing

    acting.resolve("9 Jun", "The tap was mended and we said sorry.")

    assert acting.complaint.closed_as == "resolved"
    assert acting.complaint.deadlines.get(code="first-contact").state == "met"


@pytest.mark.rule("LV-5")
def test_the_customer_may_at_any_time_want_it_handled_as_a_complaint(acting):
    route = LV.stage("initial").customer_route
    assert (route.to, route.window, route.reasons_required) == ("stage-1", None, False)
    acting.resolve("9 Jun", "The tap was mended.")

    acting.ask("20 Jul")

    assert (acting.complaint.stage, acting.complaint.is_open) == ("stage-1", True)


@pytest.mark.rule("LV-6")
@pytest.mark.parametrize("how", ["contacted", "resolved"])
def test_the_customer_is_contacted_within_five_working_days_of_raising_it(how):
    state = happened(LV.code, ("received", "8 Jun"), (how, "15 Jun"))

    assert (due(state, "first-contact"), became(state, "first-contact")) == ("15 Jun", "met")


@pytest.mark.rule("LV-7")
def test_the_manager_contacts_within_five_working_days_of_raising_it():
    # A3: counted from raising, so that the ten days of the letter can be kept.
    state = happened(LV.code, ("received", "8 Jun"), ("passed_on", "10 Jun"))

    assert due(state, "manager-contact") == "15 Jun"
    assert promise(state, "manager-contact").anchor.label == "received"


@pytest.mark.rule("LV-8")
def test_the_letter_goes_within_ten_working_days_of_raising_it():
    # A6: stricter than the Code, which counts from the acknowledgement.
    state = happened(LV.code, ("received", "8 Jun"), ("passed_on", "10 Jun"))

    assert due(state, "respond") == "22 Jun"


@pytest.mark.rule("LV-8")
def test_its_letter_gives_findings_actions_and_learnings():
    letters = LV.stage("stage-1").letters
    assert {Part.DECISION, Part.REMEDY} <= set(letters.answer_parts)
    assert letters.answer_says == ("learnings",)


@pytest.mark.rule("LV-8")
def test_a_stage_that_begins_anew_counts_from_its_beginning():
    state = happened(
        LV.code,
        ("received", "8 Jun"),
        ("passed_on", "9 Jun"),
        ("responded", "12 Jun"),
        ("closed", "12 Jun"),
        ("reopened", "29 Jun"),
    )

    assert (state.stage, state.visit, due(state, "respond")) == ("stage-1", 2, "13 Jul")


@pytest.mark.rule("LV-9")
def test_a_request_needs_reasons_and_may_be_refused_where_policy_was_followed(answered):
    with pytest.raises(ReasonMissing, match="reasons"):
        answered.ask("15 Jun")
    answered.ask("15 Jun", reasons=REASONS)
    with pytest.raises(ActionNotAllowed, match="ground"):
        answered.refuse("16 Jun", ground="already_considered")

    answered.refuse("16 Jun", ground="followed_policy")

    assert (answered.complaint.stage, answered.complaint.status) == ("stage-1", "answered")


@pytest.mark.rule("LV-9")
def test_whether_it_is_accepted_is_said_within_five_working_days_which_is_our_own_figure():
    state = happened(
        LV.code,
        ("received", "8 Jun"),
        ("passed_on", "9 Jun"),
        ("responded", "12 Jun"),
        ("escalation_requested", "15 Jun"),
    )

    assert due(state, "decide-escalation") == "22 Jun"
    assert LV.stage("stage-2").timescale("decide-escalation").is_gap


@pytest.mark.rule("LV-10")
def test_stage_2_may_be_asked_for_within_twenty_eight_days_of_having_the_letter(answered):
    window = LV.stage("stage-1").customer_route.window
    by_post = happened(
        LV.code,
        ("received", "8 Jun"),
        ("passed_on", "9 Jun"),
        ("responded", "12 Jun", {"channel": "post"}),
    )

    assert window == Period(28, Unit.CALENDAR_DAYS, rolls=True)
    # Deemed received on Tuesday 16 June (A21); by e-mail the same day.
    assert due(by_post, "escalate-by") == "14 Jul"
    assert answered.complaint.window_until == day("10 Jul")

    answered.more_time("1 Jul", "31 Jul", reason="She is abroad.")
    assert answered.complaint.window_until == day("31 Jul")


@pytest.mark.rule("LV-11")
def test_stage_2_is_for_a_senior_colleague_who_was_not_involved(answered, house):
    answered.ask("15 Jun", reasons=REASONS)
    answered.accept("16 Jun")

    with pytest.raises(NotIndependent, match="somebody new"):
        answered.respond("17 Jun", by=Role.LINE_MANAGER)

    someone = UserFactory(roles=[(Role.HEAD_OF_SERVICE, house.service)])
    answered.respond("17 Jun", by=someone)
    assert answered.complaint.answered_on == day("17 Jun")


def test_nobody_is_given_a_complaint_that_has_no_service_area(house):
    house.run("livv-two-stage")
    acting = Acting(house, house.lodge(area_id=None, officer_id=None))

    with pytest.raises(ActionNotAllowed, match="no service area yet"):
        acting.do(
            pass_on,
            "9 Jun",
            by=Role.COMPLAINTS_COORDINATOR,
            on=day("9 Jun"),
            words="It needs an investigation.",
            officer_id=house[Role.LINE_MANAGER].pk,
        )


@pytest.mark.rule("LV-12")
def test_the_final_letter_goes_within_twenty_working_days_of_the_request():
    # A5
    state = happened(
        LV.code,
        ("received", "8 Jun"),
        ("passed_on", "9 Jun"),
        ("responded", "12 Jun"),
        ("escalation_requested", "15 Jun"),
        ("escalation_accepted", "18 Jun"),
    )

    assert due(state, "respond") == "13 Jul"
    assert {Part.DECISION, Part.ACTIONS} <= set(LV.stage("stage-2").letters.answer_parts)


@pytest.mark.rule("LV-13")
def test_the_ombudsman_may_be_asked_at_any_time(acting):
    body = next(body for body in LV.outside_bodies if body.code == "ombudsman")
    assert (body.after, body.only_after, body.wait) == ("", False, None)

    acting.do(
        refer_to_ombudsman, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, on=day("9 Jun"), words=""
    )

    assert acting.complaint.ombudsman_on == day("9 Jun")
    assert acting.complaint.is_open


@pytest.mark.rule("LV-14")
def test_compliments_and_suggestions_are_acknowledged_too():
    # The procedure gives no figure; it is the same three working days as elsewhere.
    assert LV.feedback_acknowledgement == Period(3, Unit.WORKING_DAYS)


def test_a_member_of_the_public_is_logged_like_anybody(house):
    house.run("livv-two-stage")

    logged = house.lodge(customer=CustomerFactory(category="member_of_the_public"))

    assert (logged.register, logged.stage) == ("main", "initial")
