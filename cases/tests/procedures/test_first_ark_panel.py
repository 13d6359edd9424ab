"""Knowsley Housing Trust's panel procedure of First Ark, rule by rule."""

import pytest
from django.db import IntegrityError, transaction

from cases.errors import ActionNotAllowed, NotEntitled, NotIndependent, ReasonMissing
from cases.models import OutsideBodyDetails, RecordedEvent
from cases.operations.close import ELSEWHERE, refer_elsewhere
from cases.operations.customers import Speaker, save_representative
from cases.operations.extend import extend
from cases.operations.stage_acts import contact, resolve
from cases.operations.telling import Telling
from cases.rules.customers import Channel, CustomerCategory
from cases.rules.gaps import gaps_of
from cases.rules.periods import Period, Unit
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.selectors.panels import panel_candidates
from cases.tests.factories import CustomerFactory, ServiceAreaFactory, UserFactory
from cases.tests.fixtures import at
from cases.tests.hearings import seated
from cases.tests.procedures.acts import Acting
from cases.tests.procedures.screens import log_page, logged_on_the_page, procedure_page
from cases.tests.rules.stories import became, day, due, happened, promise
from cases.tests.rules.strategies import TERMS
from cases.views.complaint import customer_rows

KF = TERMS["first-ark-panel"]
REASONS = "The report was not read."
AT_PANEL = (
    ("received", "1 Jun"),
    ("contacted", "1 Jun"),
    ("responded", "5 Jun"),
    ("escalation_requested", "15 Jun"),
)


@pytest.fixture
def acting(house) -> Acting:
    house.run("first-ark-panel")
    return Acting(house, house.lodge())


@pytest.mark.rule("KF-1")
def test_tenants_leaseholders_applicants_the_public_and_those_who_speak_for_them_may_complain(
    acting, house
):
    licensee = CustomerFactory(category=CustomerCategory.LICENSEE.value)

    assert (
        "Who may complain Tenant Leaseholder Applicant for housing Member of the public "
        "Councillor, MP or other elected representative Advocacy agency Board member"
    ) in procedure_page(house, "first-ark-panel")
    assert "does not name them" in log_page(house, licensee)


@pytest.mark.rule("KF-1")
def test_a_representative_speaks_with_the_tenants_permission_once_it_is_seen(acting):
    details = {"complaint_id": acting.key, "now": at(day("9 Jun"))}
    details["by"] = acting.house[Role.COMPLAINTS_COORDINATOR]

    claimed = save_representative(Speaker("Bob", relationship="Friend"), **details)
    with pytest.raises(ActionNotAllowed, match="when the customer confirmed it"):
        save_representative(Speaker("Bob", authority="confirmed"), **details)
    confirmed = save_representative(
        Speaker("Bob", authority="confirmed", authority_on=day("9 Jun"), authority_seen="A letter"),
        representative_id=claimed.pk,
        **details,
    )

    assert (claimed.authority, confirmed.authority) == ("claimed", "confirmed")


@pytest.mark.rule("KF-2")
def test_a_solicitor_speaks_as_an_advocate_and_is_marked_so(acting, client):
    speaker = save_representative(
        Speaker("Law & Co", kind="solicitor"),
        complaint_id=acting.key,
        by=acting.house[Role.COMPLAINTS_COORDINATOR],
        now=at(day("9 Jun")),
    )

    assert speaker.is_solicitor
    client.force_login(acting.house[Role.COMPLAINTS_COORDINATOR])
    address = acting.complaint.get_absolute_url()
    assert "speaks as an advocate only" in client.get(address).content.decode()


@pytest.mark.rule("KF-2")
def test_nobody_but_a_solicitor_is_marked_so(acting, client):
    friend = save_representative(
        Speaker("Bob", relationship="Friend"),
        complaint_id=acting.key,
        by=acting.house[Role.COMPLAINTS_COORDINATOR],
        now=at(day("9 Jun")),
    )

    client.force_login(acting.house[Role.COMPLAINTS_COORDINATOR])
    page = client.get(acting.complaint.get_absolute_url()).content.decode()
    assert "Bob" in page
    assert "advocate only" not in page
    assert not friend.is_solicitor


@pytest.mark.rule("KF-3")
def test_what_was_recorded_of_a_complaint_is_never_removed(acting):
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordedEvent.objects.filter(complaint=acting.key).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordedEvent.objects.filter(complaint=acting.key).update(kind="noted")

    assert acting.complaint.events.count() == 2


@pytest.mark.rule("KF-3")
def test_whoever_checks_a_complaint_is_told_what_its_record_lacks(acting):
    history = history_of(acting.complaint)

    found = gaps_of(history.state, history.terms, today=day("12 Jun"), documented=())

    assert any("was due on 9 June 2026 and is not done yet." in each for each in found)


@pytest.mark.rule("KF-4")
@pytest.mark.parametrize(
    "channel", ["form", "phone", "email", "live_chat", "in_person", "post", "online"]
)
def test_a_complaint_is_taken_by_every_way_the_leaflet_names(house, channel):
    house.run("first-ark-panel")

    assert logged_on_the_page(house, channel=Channel(channel).value).channel == channel


@pytest.mark.rule("KF-5")
def test_what_the_leaflets_form_asks_for_is_kept(acting, house):
    told = {"name": "Gareth Evans", "address": "14 Dock Road", "phone": "0151 1", "email": "g@e.uk"}
    customer = CustomerFactory(**told)
    complaint = house.lodge(
        customer=customer, summary="The lift", desired_outcome="A new lift", channel="form"
    )

    page = case_page(complaint, user=house[Role.COMPLAINTS_COORDINATOR], today=day("9 Jun"))
    lines = [line.text for entry in page.entries for line in entry.lines]
    assert {"The lift", "A new lift"} <= set(lines)
    reached = " ".join(row.value for row in customer_rows(page.complaint.customer))
    for answer in told.values():
        assert answer in reached


@pytest.mark.rule("KF-6")
def test_a_complaint_is_dissatisfaction_where_an_answer_is_required(acting, house):
    guidance = log_page(house).partition("What counts as a complaint")[2]

    for words in ("standard of service", "lack of action", "response is required"):
        assert words in guidance


@pytest.mark.rule("KF-7")
@pytest.mark.parametrize("other", ["service_request", "policy_information", "appeal"])
def test_a_first_request_a_question_and_an_appeal_are_not_formal_complaints(acting, other):
    assert other in KF.not_complaints

    acting.do(
        refer_elsewhere, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, to=other,
        words="The repairs team rings you.", telling=Telling("email"),
    )  # fmt: skip

    assert (acting.complaint.is_open, acting.complaint.closed_as) == (False, "referred_elsewhere")
    assert ELSEWHERE[other].told in acting.letter("referred")
    assert not acting.complaint.deadlines.filter(state="open").exists()


@pytest.mark.rule("KF-8")
def test_what_is_logged_goes_through_two_stages_and_no_further(house, panel):
    house.run("first-ark-panel")
    acting = Acting(house, logged_on_the_page(house))
    assert acting.complaint.stage == "stage-1"

    acting.acknowledge("8 Jun")
    acting.respond("9 Jun")
    acting.ask("10 Jun", reasons=REASONS)
    acting.accept("11 Jun")
    assert acting.complaint.stage == "stage-2"
    acting.arrange("11 Jun", "25 Jun", panel)
    acting.invite("11 Jun")
    acting.hear("25 Jun")
    acting.decide("26 Jun")

    with pytest.raises(ActionNotAllowed):
        acting.ask("29 Jun", reasons=REASONS)
    assert acting.complaint.stage == "stage-2"


@pytest.mark.rule("KF-9")
@pytest.mark.parametrize("how", ["contacted", "acknowledged"])
def test_the_feedback_team_contacts_within_one_working_day(how):
    # A26: the contact is the acknowledgement; a letter counts if contact fails.
    state = happened(KF.code, ("received", "12 Jun"), (how, "15 Jun"))

    assert (due(state, "first-contact"), became(state, "first-contact")) == ("15 Jun", "met")


@pytest.mark.rule("KF-9")
def test_an_attempt_that_reached_nobody_is_kept_and_meets_nothing(acting):
    acting.do(
        contact, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, on=day("9 Jun"), channel="phone",
        reached=False, words="No answer",
    )  # fmt: skip

    assert acting.complaint.deadlines.get(code="first-contact").state == "open"
    assert acting.complaint.events.last().kind == "noted"


@pytest.mark.rule("KF-10")
def test_the_manager_of_the_team_discusses_it_within_five_working_days_of_receipt():
    # A3: beside the first contact, not after it.
    state = happened(
        KF.code, ("received", "8 Jun"), ("contacted", "9 Jun"), ("manager_contacted", "15 Jun")
    )

    assert (due(state, "manager-contact"), became(state, "manager-contact")) == ("15 Jun", "met")
    assert KF.stage("stage-1").timescale("manager-contact").binds is Role.LINE_MANAGER


@pytest.mark.rule("KF-11")
def test_the_written_response_counts_fifteen_working_days_from_the_acknowledgement():
    acknowledged = happened(KF.code, ("received", "8 Jun"), ("acknowledged", "8 Jun"))
    late = happened(KF.code, ("received", "8 Jun"), ("acknowledged", "15 Jun"))

    assert due(acknowledged, "respond") == "29 Jun"
    # A late acknowledgement gives no more time: it counts from the day contact was due.
    assert due(late, "respond") == "30 Jun"
    assert promise(late, "respond").anchor.label == "due:first-contact"


@pytest.mark.rule("KF-11")
def test_no_written_response_is_due_when_the_discussion_resolved_it(acting):
    # A23: a confirmation is offered all the same.
    acting.do(
        resolve, "11 Jun", by=Role.LINE_MANAGER, on=day("11 Jun"), words="The tap was mended.",
        apologised=True, close=False, telling=Telling("email", "We are glad."),
    )  # fmt: skip

    assert acting.complaint.deadlines.get(code="respond").state == "lifted"
    assert "put right" in acting.letter("resolution")


@pytest.mark.rule("KF-12")
def test_the_customer_is_told_of_a_delay_with_the_reason(acting):
    acting.acknowledge("9 Jun")

    with pytest.raises(ReasonMissing):
        acting.do(
            extend, "20 Jun", by=Role.HEAD_OF_SERVICE, new_due_on=day("10 Jul"), reason=" ",
            exceptional=False, telling=Telling("email"),
        )  # fmt: skip
    acting.do(
        extend, "20 Jun", by=Role.HEAD_OF_SERVICE, new_due_on=day("10 Jul"),
        reason="A part is awaited.", exceptional=False, telling=Telling("email"),
    )  # fmt: skip

    assert "A part is awaited." in acting.letter("extension")
    assert acting.due("respond") == day("10 Jul")


@pytest.mark.rule("KF-12")
def test_an_answer_that_is_late_all_the_same_says_why(acting):
    acting.acknowledge("9 Jun")

    with pytest.raises(ReasonMissing, match="late"):
        acting.respond("13 Jul")

    acting.respond("13 Jul", why="A part was awaited.")
    assert "A part was awaited." in acting.letter("response")


@pytest.fixture
def answered(acting) -> Acting:
    acting.acknowledge("8 Jun")
    acting.respond("12 Jun", by=Role.LINE_MANAGER)
    return acting


@pytest.mark.rule("KF-13")
def test_the_customer_gives_reasons_or_what_was_not_considered(answered):
    with pytest.raises(ReasonMissing, match="reasons"):
        answered.ask("15 Jun")

    answered.ask("15 Jun", reasons=REASONS)
    assert answered.complaint.events.last().words.parts == {"reasons": REASONS}


@pytest.mark.rule("KF-14")
def test_a_request_is_refused_only_on_a_listed_ground_with_evidence_and_by_a_director(answered):
    answered.ask("15 Jun", reasons=REASONS)

    with pytest.raises(ActionNotAllowed, match="ground"):
        answered.refuse("16 Jun", ground="over_12_months")
    with pytest.raises(ReasonMissing, match="evidenced"):
        answered.refuse("16 Jun", ground="followed_policy", evidence="")
    with pytest.raises(NotEntitled):
        answered.refuse("16 Jun", ground="followed_policy", by=Role.COMPLAINTS_COORDINATOR)

    answered.refuse("16 Jun", ground="legal_requirement")
    assert (answered.complaint.stage, answered.complaint.status) == ("stage-1", "answered")
    assert "take it to" in answered.letter("escalation_refused")


@pytest.mark.rule("KF-15")
def test_stage_2_may_be_asked_for_within_fourteen_calendar_days():
    assert KF.stage("stage-1").customer_route.window == Period(14, Unit.CALENDAR_DAYS, rolls=True)
    assert due(happened(KF.code, *AT_PANEL[:3]), "escalate-by") == "19 Jun"


@pytest.mark.rule("KF-15")
def test_the_time_may_be_extended_for_a_reason_such_as_hospital(answered):
    with pytest.raises(ReasonMissing):
        answered.more_time("20 Jun", "31 Jul", reason="")

    answered.more_time("20 Jun", "31 Jul", reason="In hospital until mid July.")
    answered.ask("20 Jul", reasons=REASONS)

    assert answered.complaint.events.last().facts["in_time"] is True


@pytest.mark.rule("KF-16")
def test_within_three_working_days_the_customer_hears_whether_it_is_accepted(answered):
    state = happened(KF.code, *AT_PANEL)
    assert due(state, "decide-escalation") == "18 Jun"
    assert promise(state, "decide-escalation").anchor.label == "escalation_requested"

    answered.ask("15 Jun", reasons=REASONS)
    assert answered.complaint.status == "awaiting_decision"
    answered.accept("18 Jun")

    assert answered.complaint.deadlines.get(code="decide-escalation").state == "met"
    assert "accepted your request" in answered.letter("escalation_accepted")


@pytest.fixture
def panel(house):
    return [
        UserFactory(roles=[(Role.HEAD_OF_SERVICE, house.service)]),
        UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)]),
        UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)]),
    ]


@pytest.fixture
def accepted(answered) -> Acting:
    answered.ask("15 Jun", reasons=REASONS)
    answered.accept("16 Jun")
    return answered


@pytest.mark.rule("KF-17")
def test_the_panel_is_the_director_or_head_of_the_service_and_two_managers(accepted, panel, house):
    seats = KF.stage("stage-2").panel
    # A8: the procedure wants somebody of the service; the Code would not.
    assert (seats.size, seats.smallest, seats.includes_service_complained_about) == (3, 3, True)

    with pytest.raises(ActionNotAllowed, match="at least 3 people"):
        accepted.arrange("17 Jun", "1 Jul", panel[:2])
    with pytest.raises(ActionNotAllowed, match="The panel needs"):
        accepted.arrange("17 Jun", "1 Jul", [UserFactory(), *panel[1:]])

    accepted.arrange("17 Jun", "1 Jul", panel)
    assert accepted.complaint.access_list.filter(as_panel_member=True).count() == 3


@pytest.mark.rule("KF-17")
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.HEAD_OF_SERVICE])
def test_the_director_or_head_is_of_the_service_complained_about(accepted, panel, house, role):
    legal = ServiceAreaFactory(name="Legal")
    strangers = [UserFactory(roles=[(role, legal)]), *panel[1:]]

    with pytest.raises(ActionNotAllowed, match="Missing: the director or head of service of the"):
        accepted.arrange("17 Jun", "1 Jul", strangers)
    # Below the service counts no more than beside it.
    below = UserFactory(roles=[(role, ServiceAreaFactory(name="Lifts", parent=house.team))])
    with pytest.raises(ActionNotAllowed, match="Missing"):
        accepted.arrange("17 Jun", "1 Jul", [below, *panel[1:]])
    assert not accepted.complaint.access_list.exists()

    above = UserFactory(roles=[(role, house.directorate)])
    accepted.arrange("17 Jun", "1 Jul", [*panel[1:], above])
    assert above.pk in seated(accepted.complaint)


@pytest.mark.rule("KF-17")
def test_who_is_offered_for_the_panel_is_told_why_they_cannot_sit(accepted, panel, house):
    stranger = UserFactory(roles=[(Role.DIRECTOR, ServiceAreaFactory(name="Legal"))])
    history = history_of(accepted.complaint)

    offered = {
        each.key: each
        for each in panel_candidates(
            history, user=house[Role.COMPLAINTS_COORDINATOR], today=day("17 Jun")
        )
    }

    assert "not the director or head of service of the service" in offered[stranger.pk].refusal
    assert [offered[each.pk].refusal for each in panel] == ["", "", ""]
    assert offered[panel[0].pk].job_title.endswith("of the service complained about")


@pytest.mark.rule("KF-17")
def test_nobody_who_dealt_with_stage_1_sits_on_the_panel(accepted, panel, house):
    with pytest.raises(NotIndependent, match="may not sit on this panel"):
        accepted.arrange("17 Jun", "1 Jul", [*panel[:2], house[Role.LINE_MANAGER]])


@pytest.mark.rule("KF-17")
def test_the_panel_is_held_within_twenty_working_days_which_is_our_own_figure():
    # A25: the procedure gives none.
    state = happened(KF.code, *AT_PANEL)

    assert due(state, "hold-hearing") == "13 Jul"
    assert KF.stage("stage-2").timescale("hold-hearing").is_gap


@pytest.mark.rule("KF-18")
def test_the_customer_may_come_with_somebody_or_be_heard_in_absence(accepted, panel):
    stage = KF.stage("stage-2")
    assert stage.companion
    assert stage.panel.modes == ("in_person", "in_absence")

    accepted.arrange("17 Jun", "1 Jul", panel, mode="in_absence")
    accepted.invite("18 Jun")
    accepted.hear("1 Jul", mode="in_absence")

    assert accepted.complaint.deadlines.get(code="hold-hearing").state == "met"


@pytest.mark.rule("KF-18")
def test_notice_of_the_panel_is_given_five_working_days_before_it():
    state = happened(KF.code, *AT_PANEL, ("hearing_arranged", "17 Jun", {"hearing_on": "8 Jul"}))

    assert due(state, "give-notice") == "1 Jul"


@pytest.mark.rule("KF-19")
def test_the_outcome_is_told_within_ten_working_days_of_the_meeting():
    assert (
        due(happened(KF.code, *AT_PANEL, ("hearing_held", "1 Jul")), "inform-outcome") == "15 Jul"
    )
    # Without a meeting it counts from the last day for it, so that nothing waits for ever.
    assert due(happened(KF.code, *AT_PANEL), "inform-outcome") == "27 Jul"


@pytest.mark.rule("KF-20")
def test_an_mp_or_a_councillor_may_be_asked_after_the_panel():
    person = next(body for body in KF.outside_bodies if body.code == "designated_person")

    assert person.after == "stage-2"
    assert "MP" in person.name
    assert "councillor" in person.name


@pytest.mark.rule("KF-21")
def test_the_ombudsman_may_be_asked_directly_eight_weeks_after_the_final_response():
    state = happened(
        KF.code,
        ("received", "2 Mar"),
        ("responded", "5 Mar"),
        ("escalation_requested", "10 Mar"),
        ("hearing_held", "1 Apr"),
        ("outcome_sent", "8 May"),
    )

    # Friday 3 July: an earliest day, never moved, and binding nobody.
    assert due(state, "ombudsman-from") == "3 Jul"
    assert not promise(state, "ombudsman-from").is_live


@pytest.mark.rule("KF-22")
def test_letters_give_the_ombudsmans_details_as_they_are_on_the_day(accepted, panel):
    OutsideBodyDetails.objects.create(
        code="ombudsman",
        name="Housing Ombudsman Service",
        from_on=day("1 Jul"),
        telephone="0300 222 2222",
    )
    assert "0300 111 3000" in accepted.letter("escalation_accepted")
    accepted.arrange("17 Jun", "1 Jul", panel)
    accepted.hear("1 Jul")

    accepted.decide("2 Jul")

    assert "0300 222 2222" in accepted.letter("outcome")
