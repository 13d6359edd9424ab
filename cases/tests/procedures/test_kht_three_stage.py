"""Knowsley Housing Trust's three stages, rule by rule."""

import pytest

from cases.errors import ActionNotAllowed, NotIndependent
from cases.models import Contractor, Post
from cases.operations.close import ELSEWHERE, refer_elsewhere
from cases.operations.committees import Leading, give_post
from cases.operations.telling import Telling
from cases.rules.customers import Channel, CustomerCategory
from cases.rules.periods import Period, Unit
from cases.rules.roles import Role
from cases.rules.terms import NewMatters
from cases.selectors.case_history import history_of
from cases.selectors.panels import panel_candidates
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.fixtures import at
from cases.tests.procedures.acts import Acting
from cases.tests.procedures.screens import log_page, logged_on_the_page, procedure_page
from cases.tests.rules.stories import became, day, due, happened, promise
from cases.tests.rules.strategies import TERMS

KHT = TERMS["kht-three-stage"]
ANSWERED = (("received", "1 Jun"), ("responded", "5 Jun"))
AT_STAGE_3 = (
    ("received", "1 Jun"),
    ("responded", "2 Jun"),
    ("escalation_requested", "3 Jun"),
    ("responded", "4 Jun"),
    ("escalation_requested", "5 Jun"),
)


@pytest.fixture
def acting(house) -> Acting:
    house.run("kht-three-stage")
    return Acting(house, house.lodge())


@pytest.mark.rule("K3-1")
def test_its_customers_are_tenants_leaseholders_licensees_and_applicants(acting, house):
    shown = procedure_page(house, "kht-three-stage")
    stranger = CustomerFactory(category=CustomerCategory.MEMBER_OF_THE_PUBLIC.value)

    who = "Who may complain Tenant Leaseholder Licensee Applicant for housing"
    assert who in shown
    assert "does not name them among those who may complain" in log_page(house, stranger)
    assert "does not name them" not in log_page(house, acting.complaint.customer)
    # A hint, never a refusal.
    assert house.lodge(customer=stranger).is_open


@pytest.mark.rule("K3-2")
def test_its_standards_of_customer_care_are_told_on_its_page(acting, house):
    standards = procedure_page(house, "kht-three-stage").partition("Standards of customer care")[2]

    for words in ("badge", "name", "listen", "empathy", "waiting"):
        assert words in standards


@pytest.mark.rule("K3-4")
def test_a_complaint_is_dissatisfaction_with_service_staff_contractors_or_an_answer_not_given(
    acting, house
):
    shown = log_page(house).partition("What counts as a complaint")[2]
    for words in ("group of customers", "quality", "contractors", "earlier complaint"):
        assert words in shown

    # Each of them can be logged: about a contractor, by a group, about an answer not given.
    lifts = Contractor.objects.create(code="lifts", name="Lifts Ltd")
    group = CustomerFactory(category=CustomerCategory.RESIDENTS_GROUP.value)
    earlier = house.lodge(customer=group)
    complaint = house.lodge(customer=group, contractor_id=lifts.pk, linked_to_id=earlier.pk)

    assert (complaint.contractor, complaint.linked_to) == (lifts, earlier)


@pytest.mark.rule("K3-4")
def test_a_complaint_about_an_earlier_one_is_linked_to_it(house):
    house.run("kht-three-stage")
    earlier = house.lodge()

    assert house.lodge(linked_to_id=earlier.pk).linked_to == earlier


@pytest.mark.rule("K3-5", "K3-6", "K3-7")
@pytest.mark.parametrize(
    "other", ["service_request", "policy_information", "appeal", "asb", "other_landlord_or_council"]
)
def test_what_belongs_elsewhere_is_referred_there_and_the_customer_told(acting, other):
    assert other in KHT.not_complaints
    assert other in ELSEWHERE

    acting.do(
        refer_elsewhere, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, to=other,
        words="This is for somebody else.", telling=Telling("email"),
    )  # fmt: skip

    assert acting.complaint.closed_as == "referred_elsewhere"
    assert "This is for somebody else." in acting.letter("referred")


@pytest.mark.rule("K3-8")
def test_the_informal_attempt_is_no_stage_and_what_is_logged_begins_at_stage_1(acting, house):
    # A20
    assert logged_on_the_page(house).stage == acting.complaint.stage == "stage-1"
    assert (acting.due("acknowledge"), acting.due("respond")) == (day("11 Jun"), day("15 Jun"))
    with pytest.raises(ActionNotAllowed):
        acting.resolve("8 Jun", "It was mended at once.", by=Role.RESPONSIBLE_OFFICER)
    with pytest.raises(ActionNotAllowed):
        acting.pass_on("8 Jun")


@pytest.mark.rule("K3-9")
@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.FORM, Channel.ONLINE])
def test_front_line_staff_record_a_complaint_for_the_customer_however_it_comes(house, channel):
    house.run("kht-three-stage")

    logged = logged_on_the_page(house, channel=channel.value)

    assert (logged.channel, logged.logged_by) == (channel.value, house.people[Role.FRONT_LINE])


@pytest.mark.rule("K3-10")
def test_it_is_acknowledged_within_three_working_days_of_reaching_the_team():
    # A7: without the team's day the landlord's serves.
    received = ("received", "8 Jun")

    assert due(happened(KHT.code, received), "acknowledge") == "11 Jun"
    reached = happened(KHT.code, received, ("received_by_team", "10 Jun"))
    assert due(reached, "acknowledge") == "15 Jun"


@pytest.mark.rule("K3-10")
def test_it_is_acknowledged_in_writing(acting):
    with pytest.raises(ActionNotAllowed, match="in writing"):
        acting.acknowledge("9 Jun", telling=Telling("phone"))

    acting.acknowledge("9 Jun", telling=Telling("post"))
    assert acting.complaint.acknowledged_on == day("9 Jun")


@pytest.mark.rule("K3-11")
def test_the_team_says_within_five_working_days_how_it_will_be_resolved():
    state = happened(KHT.code, ("received", "8 Jun"), ("received_by_team", "10 Jun"))

    assert due(state, "respond") == "17 Jun"
    assert promise(state, "respond").anchor.label == "received_by_team"


@pytest.mark.rule("K3-12")
def test_stage_2_may_be_asked_for_within_fourteen_calendar_days_of_having_the_reply():
    # A2: literally days, moved on when they end on none; A27: from having the letter.
    state = happened(KHT.code, *ANSWERED)
    rolled = happened(KHT.code, ("received", "4 May"), ("responded", "9 May"))
    by_post = happened(KHT.code, ("received", "1 Jun"), ("responded", "5 Jun", {"channel": "post"}))

    assert KHT.stage("stage-1").customer_route.window == Period(14, Unit.CALENDAR_DAYS, rolls=True)
    assert due(state, "escalate-by") == "19 Jun"
    # Saturday 23 May moves over the bank holiday to Tuesday.
    assert due(rolled, "escalate-by") == "26 May"
    assert due(by_post, "escalate-by") == "23 Jun"


@pytest.mark.rule("K3-12")
def test_a_request_within_the_window_is_taken_up_at_once_and_without_reasons(acting):
    acting.respond("12 Jun", by=Role.RESPONSIBLE_OFFICER)

    acting.ask("26 Jun")

    assert (acting.complaint.stage, acting.complaint.status) == ("stage-2", "investigating")


@pytest.mark.rule("K3-12")
def test_a_late_request_is_a_decision_with_a_reason(acting):
    # A25
    acting.respond("12 Jun", by=Role.RESPONSIBLE_OFFICER)

    acting.ask("29 Jun")
    assert acting.complaint.status == "awaiting_decision"

    acting.accept("30 Jun", reason="She was in hospital.")
    assert acting.complaint.status == "investigating"


@pytest.mark.rule("K3-13")
def test_stage_2_is_answered_within_five_working_days_of_the_request():
    state = happened(KHT.code, *ANSWERED, ("escalation_requested", "15 Jun"))

    assert due(state, "respond") == "22 Jun"


@pytest.mark.rule("K3-13")
def test_stage_2_is_for_somebody_more_senior_than_who_answered_before(acting):
    acting.respond("12 Jun", by=Role.LINE_MANAGER)
    acting.ask("15 Jun")
    equal = UserFactory(roles=[(Role.LINE_MANAGER, acting.house.team)])

    for nobody in (Role.LINE_MANAGER, equal):
        with pytest.raises(NotIndependent, match="more senior"):
            acting.respond("16 Jun", by=nobody)

    acting.respond("16 Jun", by=Role.HEAD_OF_SERVICE)
    assert acting.complaint.answered_on == day("16 Jun")


@pytest.mark.rule("K3-14")
def test_stage_3_may_be_asked_for_within_fourteen_working_days():
    state = happened(
        KHT.code, *ANSWERED, ("escalation_requested", "15 Jun"), ("responded", "22 Jun")
    )

    assert KHT.stage("stage-2").customer_route.window == Period(14, Unit.WORKING_DAYS)
    assert due(state, "escalate-by") == "10 Jul"


@pytest.fixture
def at_stage_3(acting) -> Acting:
    acting.respond("9 Jun", by=Role.RESPONSIBLE_OFFICER)
    acting.ask("10 Jun")
    acting.respond("11 Jun", by=Role.LINE_MANAGER)
    acting.ask("12 Jun")
    return acting


@pytest.fixture
def panel(house):
    return [house[Role.ASSISTANT_DIRECTOR], house[Role.PANEL_MEMBER]]


@pytest.mark.rule("K3-15")
def test_an_assistant_director_sits_with_the_chair_or_vice_chair_of_the_committee(
    at_stage_3, panel, house
):
    seats = KHT.stage("stage-3").panel
    assert (seats.size, seats.smallest) == (2, 2)
    assert "Chair or Vice Chair of the committee" in seats.make_up

    with pytest.raises(ActionNotAllowed, match="at least 2 people"):
        at_stage_3.arrange("15 Jun", "22 Jun", panel[:1])
    with pytest.raises(ActionNotAllowed, match="The panel needs"):
        at_stage_3.arrange("15 Jun", "22 Jun", [house[Role.DIRECTOR], panel[1]])

    at_stage_3.arrange("15 Jun", "22 Jun", panel)
    assert at_stage_3.complaint.access_list.filter(as_panel_member=True).count() == 2


@pytest.mark.rule("K3-15")
def test_a_member_sits_as_the_chair_or_vice_chair_of_the_committee_concerned(
    at_stage_3, panel, house
):
    member = UserFactory(roles=[Role.PANEL_MEMBER])
    elsewhere = Leading("Lettings Committee", Post.CHAIR, house.other_team.pk)

    def arrange():
        return at_stage_3.arrange("15 Jun", "22 Jun", [panel[0], member])

    with pytest.raises(ActionNotAllowed, match="Missing: the Chair or Vice Chair of a committee"):
        arrange()
    give_post(user_id=member.pk, leading=elsewhere, by=None, now=at(day("15 Jun")))
    with pytest.raises(ActionNotAllowed, match="Missing: the Chair or Vice Chair of a committee"):
        arrange()
    give_post(
        user_id=member.pk,
        leading=Leading("Repairs Committee", Post.VICE_CHAIR, house.service.pk),
        by=None,
        now=at(day("15 Jun")),
    )

    arrange()
    told = at_stage_3.complaint.events.last().words.parts["committee"]
    assert told == f"{member.name}, Vice Chair of the Repairs Committee"


@pytest.mark.rule("K3-15")
def test_whoever_leads_no_committee_is_not_offered_for_the_panel(at_stage_3, panel, house):
    other = UserFactory(roles=[Role.PANEL_MEMBER])
    offered = panel_candidates(
        history_of(at_stage_3.complaint),
        user=house[Role.COMPLAINTS_COORDINATOR],
        today=day("15 Jun"),
    )

    refusals = {each.key: each.refusal for each in offered}
    assert "Chair or Vice Chair of a committee" in refusals[other.pk]
    assert refusals[panel[1].pk] == ""
    assert offered[-1].key == other.pk


@pytest.mark.rule("K3-16")
def test_it_is_considered_within_ten_working_days_of_the_request():
    assert due(happened(KHT.code, *AT_STAGE_3), "hold-hearing") == "19 Jun"


@pytest.mark.rule("K3-17")
def test_the_customer_comes_with_a_companion_or_puts_the_case_in_writing(at_stage_3, panel):
    stage = KHT.stage("stage-3")
    assert stage.companion
    assert stage.panel.modes == ("in_person", "in_writing")

    with pytest.raises(ActionNotAllowed, match="does not offer"):
        at_stage_3.arrange("15 Jun", "22 Jun", panel, mode="in_absence")

    at_stage_3.arrange("15 Jun", "22 Jun", panel)
    at_stage_3.hear("22 Jun", companion="Her sister")
    assert at_stage_3.complaint.events.last().facts["companion"]


@pytest.mark.rule("K3-18")
def test_the_outcome_is_told_within_five_working_days_of_the_meeting():
    held = happened(KHT.code, *AT_STAGE_3, ("hearing_held", "17 Jun"))
    told = happened(KHT.code, *AT_STAGE_3, ("hearing_held", "17 Jun"), ("outcome_sent", "25 Jun"))

    assert due(held, "inform-outcome") == "24 Jun"
    assert became(told, "inform-outcome") == "met_late"


@pytest.mark.rule("K3-18")
def test_considered_on_papers_the_day_of_considering_counts():
    # A24
    state = happened(KHT.code, *AT_STAGE_3, ("hearing_held", "16 Jun", {"mode": "in_writing"}))

    assert due(state, "inform-outcome") == "23 Jun"


@pytest.mark.rule("K3-19")
def test_after_stage_3_only_the_ombudsman_is_left_and_the_letter_says_how(at_stage_3, panel):
    from_body = next(body for body in KHT.outside_bodies if body.code == "ombudsman")
    assert from_body.after == "stage-3"
    at_stage_3.arrange("15 Jun", "16 Jun", panel)
    at_stage_3.hear("16 Jun")

    at_stage_3.decide("18 Jun")

    assert "Housing Ombudsman" in at_stage_3.letter("outcome")
    with pytest.raises(ActionNotAllowed, match="last stage"):
        at_stage_3.ask("19 Jun")


@pytest.mark.rule("K3-20")
def test_a_compliment_or_a_suggestion_is_acknowledged_within_three_working_days():
    assert KHT.feedback_acknowledgement == Period(3, Unit.WORKING_DAYS)


def test_a_new_matter_joins_stage_1_and_is_linked_later():
    # A13
    assert [stage.new_matters for stage in KHT.stages] == [
        NewMatters.JOIN,
        NewMatters.LINKED,
        NewMatters.LINKED,
    ]


def test_a_customer_of_any_category_has_the_same_promises(house):
    house.run("kht-three-stage")

    days = {
        tuple(
            house.lodge(customer=CustomerFactory(category=category))
            .deadlines.order_by("code")
            .values_list("code", "due_on")
        )
        for category in KHT.customer_categories
    }

    assert len(days) == 1
