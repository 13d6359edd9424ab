"""One complaint under each of the five procedures, from the first word to the Ombudsman.

Whoever may do an act signs in and does it on the screen, on days of 2026 that leave time between
the steps; every due day is counted by hand beside it. Each journey also asks somebody who may not.
"""

import re

import pytest
from playwright.sync_api import expect

from cases.rules.acts import Act
from cases.rules.roles import Role
from complaints_site.tests.journeys.desk import Desk
from complaints_site.tests.journeys.steps import (
    CALL,
    COORDINATOR,
    EMAIL,
    GARETH,
    HEAD,
    HEARING,
    MANAGER,
    MARGARET,
    OFFICER,
    POST,
    TO_THE_END,
    answer,
    arrange,
    august,
    colleague,
    complain_online,
    found,
    give_to,
    invite,
    july,
    june,
    log_a_call,
    performs,
    story,
    to_the_ombudsman,
    took_part,
    triage,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The longest journey is made on both databases. What the others add is words and screens: every
# act is recorded on both by the tests of its page, every procedure lived through by the model.
once = pytest.mark.one_database


@once
@performs(
    *TO_THE_END,
    Act.TRIAGE,
    Act.ACKNOWLEDGE,
    Act.CONTACT,
    Act.RESPOND,
    Act.ASSIGN,
    Act.EXTEND,
    Act.ANSWER_COMPENSATION,
)
def test_the_complaint_handling_code(desk: Desk):
    desk.on(june(8))
    reference = complain_online(desk)
    # Tue 9 = 1, Wed 10 = 2, Thu 11 = 3, Fri 12 = 4, Mon 15 = 5; ten more lead to Mon 29.
    promises = desk.page.locator(".house-promises")
    assert "Monday 15 June 2026" in promises.inner_text()
    assert "Monday 29 June 2026" in promises.inner_text()
    receipt = desk.mail_to(GARETH)
    assert reference in receipt
    assert "lift" not in receipt

    desk.on(june(9), COORDINATOR)
    desk.shows("Stage 1", "Not accepted yet", "Acknowledge", june(15), "day 1 of 5")
    desk.offers_first(Act.TRIAGE).says_why_not(Act.RESPOND, "It has not been accepted yet")
    triage(desk)
    desk.says_why_not(Act.RESPOND, "This is for the head of service, line manager or responsible")
    desk.is_turned_away(Act.RESPOND)

    desk.on(june(10), OFFICER).open_my_work()
    desk.offers_first(Act.ACKNOWLEDGE)
    # From Wed 10: 11 = 1, 12 = 2, 15 = 3, ... 19 = 7, 22 = 8, 23 = 9, Wed 24 = 10.
    desk.act(
        Act.ACKNOWLEDGE,
        {
            "What the customer wants": "A lift that works.",
            "Are we responsible for it?": "For all of it",
            "How the customer is told": EMAIL,
        },
        says="Respond in full: due Wed 24 Jun 2026",
    )
    desk.shows("Stage 1", "Being investigated", "Respond in full", june(24), "day 0 of 10")
    told = desk.mail_to(GARETH)
    assert "We understand your complaint like this: 1. The lift has been out of order" in told
    assert "You would like this to happen: A lift that works." in told
    assert "We are responsible for all of this." in told
    assert "You will have our answer by Wednesday 24 June 2026." in told

    desk.on(june(11), OFFICER)
    desk.act(
        Act.CONTACT,
        {"How": "Telephone", "What was said": "He cannot leave the flat; a carer shops for him."},
    )
    desk.shows("Stage 1", "Being investigated", due=june(24), words="day 1 of 10")

    desk.on(june(22), OFFICER).open_case()
    desk.shows("Stage 1", "Being investigated", due=june(24), words="day 8 of 10, 2 working days")
    desk.open_act(Act.RESPOND)
    desk.fill_in(
        {
            **found("Upheld"),
            "Outcome of the complaint": "Upheld",
            "What puts it right": ["Apologise", "Pay compensation"],
            "Distress and inconvenience": "75",
            "How it was worked out": "Five days without the lift, at £15 a day.",
            "How the customer is told": EMAIL,
            "What the letter says": "The lift was mended on Tuesday. We are sorry for the wait.",
        }
    )
    shown = desk.preview(Act.RESPOND)
    expect(shown).to_contain_text("Our finding: your complaint is upheld.")
    expect(shown).to_contain_text("We offer you £75.00 in compensation.")
    desk.send(Act.RESPOND)
    desk.is_done(Act.RESPOND, "Respond in full: in time, due Wed 24 Jun 2026.")
    desk.shows("Stage 1", "Answered", words="Nothing")
    told = desk.mail_to(GARETH)
    assert "We offer you £75.00 in compensation." in told
    assert "you can ask for Stage 2. Please tell us at any time" in told

    review_under_the_code(desk)
    # Money that was offered and not answered would keep it open.
    desk.on(august(3), COORDINATOR)
    desk.act(Act.ANSWER_COMPENSATION, {"The customer": "does not accept it"})
    to_the_ombudsman(desk, august(3), by=Role.DIRECTOR)


def review_under_the_code(desk: Desk) -> None:
    """Ask for stage 2 of the Code, extend it, and answer it."""
    desk.on(june(25), COORDINATOR)
    # Fri 26 = 1, Mon 29 = 2, 30 = 3, Wed 1 July = 4, Thu 2 July = 5.
    desk.act(Act.ESCALATE, {"How they asked": "Telephone"}, says="It goes to Stage 2.")
    desk.shows("Stage 2", "Being investigated", "Acknowledge", july(2), "day 0 of 5")
    desk.open_act(Act.ASSIGN)
    expect(desk.page.get_by_label(re.compile("Dan Morris"))).to_be_disabled()
    expect(desk.page.get_by_text("Stage 2 needs somebody new.").first).to_be_visible()
    desk.fill_in({"Responsible officer": "Ruth Adeyemi"})
    desk.send(Act.ASSIGN)
    desk.is_done(Act.ASSIGN)

    desk.on(june(26), HEAD)
    # From Fri 26: 29 = 1 ... 3 July = 5, 10 = 10, 17 = 15, Fri 24 July = 20.
    desk.act(Act.ACKNOWLEDGE, {"How the customer is told": EMAIL}, says="due Fri 24 Jul 2026")
    desk.shows("Stage 2", "Being investigated", "Give the final response", july(24), "day 0 of 20")
    desk.sign_in(COORDINATOR).says_why_not(Act.RESPOND, "This is for the director, head of")

    desk.on(july(20), Role.DIRECTOR)
    # From Fri 24, the day first due: 27 = 1, 28 = 2, 29 = 3, 30 = 4, Fri 31 = 5.
    desk.act(
        Act.EXTEND,
        {
            "New deadline": "So many working days more",
            "Working days more": "5",
            "Why more time is needed": "The maker’s report comes on Wednesday.",
            "How the customer is told": EMAIL,
        },
        says="due Fri 31 Jul 2026, instead of Fri 24 Jul 2026",
    )
    desk.shows("Stage 2", "Being investigated", due=july(31))
    desk.deadline("Give the final response", "Fri 24 Jul 2026", "Fri 31 Jul 2026")
    assert "You will now hear from us by Friday 31 July 2026." in desk.mail_to(GARETH)

    desk.on(july(30), HEAD)
    desk.act(
        Act.RESPOND,
        {
            **found("Partly upheld"),
            "Outcome of the complaint": "Partly upheld",
            "What puts it right": ["Apologise"],
            "How the customer is told": EMAIL,
            "What the letter says": "The lift works. We should have told you how long it takes.",
        },
        says="Give the final response: in time, due Fri 31 Jul 2026.",
    )
    desk.shows("Stage 2", "Answered")
    assert "take your complaint" in desk.mail_to(GARETH)


@pytest.mark.rule("K3-9")
@pytest.mark.rule("K3-10")
@pytest.mark.rule("K3-11")
@pytest.mark.rule("K3-13")
@pytest.mark.rule("K3-15")
@pytest.mark.rule("K3-18")
@performs(
    *TO_THE_END,
    *HEARING,
    Act.RECEIVE_BY_TEAM,
    Act.ACKNOWLEDGE,
    Act.POST_LETTER,
    Act.RESPOND,
    Act.DELIVER,
    Act.EXTEND_WINDOW,
    Act.ASSIGN,
)
def test_three_stages_with_a_committee_hearing(desk: Desk):
    desk.house.run("kht-three-stage")
    desk.on(june(8), Role.FRONT_LINE)
    log_a_call(desk)
    desk.on(june(9), COORDINATOR)
    give_to(desk, "Dan Morris")
    desk.act(Act.RECEIVE_BY_TEAM)
    # From Tue 9: Wed 10 = 1, Thu 11 = 2, Fri 12 = 3, Mon 15 = 4, Tue 16 = 5.
    desk.shows("Stage 1", "Received", "Acknowledge in writing", june(12), "day 0 of 3")
    desk.deadline("Say how the complaint will be resolved", "Tue 16 Jun 2026")

    desk.on(june(10), OFFICER).open_my_work()
    desk.act(Act.ACKNOWLEDGE, {"How the customer is told": POST})
    assert "You will have our answer by Tuesday 16 June 2026." in desk.letter("Acknowledgement")
    desk.post_letter("Acknowledgement")
    desk.shows("Stage 1", "Being investigated", "Say how", june(16), "day 1 of 5")

    desk.on(june(12), OFFICER)
    desk.act(
        Act.RESPOND,
        answer("Upheld", "A fitter comes on Monday at nine.", told=POST, has_point=True),
    )
    # A letter of Fri 12 is there on the second working day, Tue 16; 14 days on is Tue 30.
    assert "by Tuesday 30 June 2026" in desk.letter("Response")
    desk.post_letter("Response")
    desk.shows("Stage 1", "Answered", "Nothing of ours is due", june(30))
    desk.on(june(16), COORDINATOR)
    # It was there on Mon 15 already; 14 days on is Mon 29.
    desk.act(Act.DELIVER, {"Day the customer received the answer": june(15)})
    desk.shows("Stage 1", "Answered", due=june(29))
    desk.act(
        Act.EXTEND_WINDOW,
        {
            "The customer may ask until": july(10),
            "Why": "She is in hospital.",
            "How the customer is told": POST,
        },
    )
    desk.shows("Stage 1", "Answered", due=july(10))
    assert "Please tell us by Friday 10 July 2026." in desk.letter(
        "More time to ask for the next stage"
    )

    desk.on(july(9), COORDINATOR)
    # Fri 10 = 1, Mon 13 = 2, 14 = 3, 15 = 4, Thu 16 = 5.
    desk.act(Act.ESCALATE, {"How they asked": "Letter by post"}, says="It goes to Stage 2.")
    desk.shows("Stage 2", "Being investigated", "Say how", july(16), "day 0 of 5")
    desk.says_why_not(Act.RESPOND, "This is for the assistant director, director")
    desk.open_act(Act.ASSIGN)
    expect(desk.page.get_by_label(re.compile("Dan Morris"))).to_be_disabled()
    expect(desk.page.get_by_text("somebody more senior").first).to_be_visible()
    desk.fill_in({"Responsible officer": "Grace Lin"})
    desk.send(Act.ASSIGN)
    desk.is_done(Act.ASSIGN)

    desk.on(july(14), MANAGER)
    desk.act(Act.RESPOND, answer("Not upheld", "The fitter came as promised.", has_point=True))
    assert "you can ask for Stage 3" in desk.mail_to(MARGARET)
    # 15 = 1 ... 17 = 3, 24 = 8, 31 = 13, Mon 3 August = 14.
    desk.shows("Stage 2", "Answered", due=august(3))

    hearing_of_the_committee(desk)
    to_the_ombudsman(desk, august(10))


def hearing_of_the_committee(desk: Desk) -> None:
    """Ask for stage 3, hear it, and tell the outcome."""
    desk.on(july(20), COORDINATOR)
    # 21 = 1 ... 24 = 4, 31 = 9, Mon 3 August = 10.
    desk.act(Act.ESCALATE, {"How they asked": "Telephone"}, says="It goes to Stage 3.")
    desk.shows("Stage 3", "Being investigated", "Consider the complaint", august(3), "day 0 of 10")
    desk.act(Act.ASSIGN, {"Responsible officer": "Nia Roberts"})
    desk.offers_first(Act.ARRANGE_HEARING)
    arrange(desk, july(30), ["Nia Roberts", "Mary Doyle"])
    desk.offers_first(Act.SEND_INVITATION)
    invite(desk, "Thursday 30 July 2026")

    desk.on(july(30), COORDINATOR)
    # Fri 31 = 1, Mon 3 = 2, 4 = 3, 5 = 4, Thu 6 = 5.
    desk.act(
        Act.HOLD_HEARING,
        {
            "How it was heard": "In person",
            **took_part(["Nia Roberts", "Mary Doyle"]),
            "How the customer’s companion took part": "By telephone",
            "Who came with the customer": "Her daughter",
        },
        says="Tell the customer the outcome: due Thu 6 Aug 2026",
    )
    desk.shows("Stage 3", "Being investigated", "Tell the customer", august(6), "day 0 of 5")
    desk.on(august(4), Role.ASSISTANT_DIRECTOR)
    desk.act(Act.SEND_OUTCOME, answer("Partly upheld", "The committee heard you.", has_point=True))
    desk.shows("Stage 3", "Answered")
    assert "0300 111 3000" in desk.mail_to(MARGARET)


@once
@pytest.mark.rule("KF-5")
@pytest.mark.rule("KF-9")
@pytest.mark.rule("KF-10")
@pytest.mark.rule("KF-11")
@pytest.mark.rule("KF-16")
@pytest.mark.rule("KF-17")
@pytest.mark.rule("KF-18")
@pytest.mark.rule("KF-19")
@performs(
    *TO_THE_END,
    *HEARING,
    Act.TRIAGE,
    Act.CONTACT,
    Act.MANAGER_CONTACT,
    Act.RESPOND,
    Act.ACCEPT_ESCALATION,
)
def test_two_stages_with_an_employee_panel(desk: Desk):
    desk.house.run("first-ark-panel")
    for name in ("Owen Hughes", "Sam Patel"):
        colleague(name, (MANAGER, desk.house.other_team))
    # A Friday evening is day 0 of its Friday; Mon 15 = 1.
    desk.on(june(12), hour=19)
    complain_online(desk)
    assert "Monday 15 June 2026" in desk.page.locator(".house-promises").inner_text()

    desk.on(june(15), COORDINATOR)
    desk.shows("Stage 1", "Not accepted yet", "Contact the customer", june(15), "Due today")
    triage(desk, officer="Grace Lin")
    desk.offers_first(Act.CONTACT)
    desk.act(Act.CONTACT, CALL)
    # The manager, from Fri 12: 15 = 1 ... Fri 19 = 5. The answer, from Mon 15: 16 = 1 ... 19 = 4,
    # 26 = 9, 3 July = 14, Mon 6 July = 15.
    desk.deadline("Manager to discuss the complaint with the customer", "Fri 19 Jun 2026")
    desk.deadline("Respond in writing", "Mon 6 Jul 2026", "day 0 of 15")
    desk.says_why_not(Act.RESPOND, "This is for the head of service or line manager.")

    desk.on(june(17), MANAGER).open_my_work()
    desk.act(Act.MANAGER_CONTACT, {"How": "Visit", "What was said and agreed": "We looked at it."})
    desk.on(july(1), MANAGER)
    desk.act(Act.RESPOND, answer("Not upheld", "The lift was repaired within its time."))
    # 14 days from Wed 1 lead to Wed 15.
    assert "Please tell us by Wednesday 15 July 2026" in desk.mail_to(GARETH)
    desk.shows("Stage 1", "Answered", due=july(15))

    desk.on(july(10), COORDINATOR)
    # Mon 13 = 1, 14 = 2, Wed 15 = 3; the panel: 17 = 5, 24 = 10, 31 = 15, Fri 7 August = 20.
    desk.act(
        Act.ESCALATE,
        {"How they asked": "Telephone", "Their reasons, in their words": "It broke again."},
    )
    desk.shows("Stage 2", "Next stage asked for", "Acknowledge the request", july(15), "day 0 of 3")
    desk.deadline("Hold the panel", "Fri 7 Aug 2026")
    desk.says_why_not(Act.ARRANGE_HEARING, "The request for this stage has not been decided yet.")
    desk.on(july(13), COORDINATOR)
    desk.act(
        Act.ACCEPT_ESCALATION, {"Responsible officer": "Ruth", "How the customer is told": EMAIL}
    )
    assert "We have accepted your request" in desk.mail_to(GARETH)
    desk.open_act(Act.ARRANGE_HEARING)
    expect(desk.page.get_by_label(re.compile("Grace Lin"))).to_be_disabled()
    desk.open_case()
    arrange(desk, july(27), ["Ruth Adeyemi", "Owen Hughes", "Sam Patel"])
    # Counted back from Mon 27: 24 = 1, 23 = 2, 22 = 3, 21 = 4, Mon 20 = 5.
    desk.deadline("Invite the customer to the panel", "Mon 20 Jul 2026")
    desk.on(july(16), COORDINATOR)
    invite(desk, "Monday 27 July 2026")

    desk.on(july(27), COORDINATOR)
    # 28 = 1 ... 31 = 4, 7 August = 9, Mon 10 August = 10.
    desk.act(
        Act.HOLD_HEARING,
        {
            "How it was heard": "In the customer’s absence",
            **took_part(["Ruth Adeyemi", "Owen Hughes", "Sam Patel"], "Did not take part"),
        },
    )
    expect(story(desk)).to_contain_text("The customer: did not take part")
    desk.shows("Stage 2", "Being investigated", "Tell the customer", august(10), "day 0 of 10")
    desk.on(july(31), HEAD)
    desk.act(Act.SEND_OUTCOME, answer("Upheld", "The panel found that nobody watched the lift."))
    told = desk.mail_to(GARETH)
    assert "designated person: an MP or a councillor" in told
    assert "You can go to the Ombudsman yourself from" not in told

    to_the_ombudsman(desk, august(10))


def approve(desk: Desk, act: Act, *, says: str) -> None:
    """Approve the letter of an act, which does what its author asked for."""
    decision = {"Decision": "Approve it: it goes now, in these words"}
    desk.act(Act.APPROVE_LETTER, decision, says=says)
    desk.performed.add(act)


@once
@pytest.mark.rule("LV-6")
@pytest.mark.rule("LV-7")
@pytest.mark.rule("LV-8")
@pytest.mark.rule("LV-9")
@pytest.mark.rule("LV-10")
@pytest.mark.rule("LV-11")
@pytest.mark.rule("LV-12")
@performs(
    *TO_THE_END,
    Act.ASSIGN,
    Act.CONTACT,
    Act.PASS_ON,
    Act.MANAGER_CONTACT,
    Act.RESPOND,
    Act.REFUSE_ESCALATION,
    Act.APPROVE_LETTER,
    Act.ACCEPT_ESCALATION,
)
def test_there_and_then_and_two_stages(desk: Desk):
    desk.house.run("livv-two-stage")
    desk.on(june(8), Role.FRONT_LINE)
    log_a_call(desk)
    # Tue 9 = 1 ... Fri 12 = 4, Mon 15 = 5.
    desk.on(june(9), COORDINATOR)
    give_to(desk, "Dan Morris")
    desk.shows("There and then", "Received", "Contact the customer", june(15), "day 1 of 5")
    desk.act(Act.CONTACT, CALL)
    desk.on(june(10), OFFICER)
    # Counted from Mon 8, when it was raised: Mon 15 = 5, Fri 19 = 9, Mon 22 = 10.
    desk.act(
        Act.PASS_ON,
        {"Why it could not be resolved": "It broke again.", "Responsible officer": "Grace Lin"},
        says="It goes to Stage one.",
    )
    desk.on(june(12), MANAGER)
    desk.shows("Stage one", "Being investigated", "Manager to discuss", june(15), "day 4 of 5")
    desk.act(Act.MANAGER_CONTACT, {"How": "Telephone", "What was said and agreed": "Wait for it."})
    desk.shows("Stage one", "Being investigated", "Write with findings", june(22), "day 4 of 10")
    desk.on(june(19), MANAGER)
    learnt = {"The letter also says, as the procedure wants": ["Learnings"]}
    desk.act(Act.RESPOND, answer("Not upheld", "We found, did and learnt this.") | learnt)
    # 28 days from Fri 19 June lead to Fri 17 July.
    desk.shows("Stage one", "Answered", due=july(17))

    desk.on(june(29), COORDINATOR)
    # Tue 30 = 1, 1 = 2, 2 = 3, 3 = 4, Mon 6 July = 5.
    asks = {"How they asked": "Telephone", "Their reasons, in their words": "I disagree."}
    desk.act(Act.ESCALATE, asks)
    desk.shows("Stage two", "Next stage asked for", "Say whether", july(6), "day 0 of 5")
    desk.says_why_not(Act.REFUSE_ESCALATION, "This is for the assistant director or director.")
    desk.is_turned_away(Act.REFUSE_ESCALATION)
    # No director refuses alone: another reads the letter, and it goes in those words.
    desk.on(july(1), Role.DIRECTOR)
    desk.open_act(Act.REFUSE_ESCALATION)
    desk.fill_in(
        {
            "Ground": "We followed our policy",
            "What shows that the ground applies": "Policy 4.2 and the job sheet.",
            "How the customer is told": EMAIL,
            "What you write to explain it": "The lift was repaired within the time of our policy.",
        }
    )
    desk.page.get_by_role("button", name="Ask for approval").click()
    desk.shows("Stage two", "Next stage asked for", "Say whether", july(6), "day 2 of 5")
    desk.on(july(1), Role.ASSISTANT_DIRECTOR)
    approve(desk, Act.REFUSE_ESCALATION, says="It is back at Stage one.")
    told = desk.mail_to(MARGARET)
    assert "cannot accept it." in told
    assert "We followed our policy." in told
    assert "job sheet" not in told
    assert "Housing Ombudsman Service" in told

    desk.on(july(7), COORDINATOR)
    # Wed 8 = 1 ... Tue 14 = 5; the letter: 17 = 8, 24 = 13, 31 = 18, Tue 4 August = 20.
    desk.act(Act.ESCALATE, {**asks, "Their reasons, in their words": "The maker says otherwise."})
    desk.shows("Stage two", "Next stage asked for", "Say whether", july(14), "day 0 of 5")
    desk.on(july(9), COORDINATOR)
    desk.act(
        Act.ACCEPT_ESCALATION,
        {"Responsible officer": "Ruth Adeyemi", "How the customer is told": EMAIL},
    )
    desk.shows("Stage two", "Being investigated", "Write with", august(4), "day 2 of 20")
    desk.sign_in(MANAGER).says_why_not(Act.RESPOND, "Stage two needs somebody new.")
    desk.on(august(3), HEAD)
    desk.act(
        Act.RESPOND,
        answer("Upheld", "The maker is right: the part was the wrong one."),
        says="in time, due Tue 4 Aug 2026",
    )
    desk.shows("Stage two", "Answered")
    assert "take your complaint to: Housing Ombudsman Service" in desk.mail_to(MARGARET)

    to_the_ombudsman(desk, august(10))


@once
@pytest.mark.rule("HH-9")
@pytest.mark.rule("HH-12")
@pytest.mark.rule("HH-14")
@pytest.mark.rule("HH-16")
@pytest.mark.rule("HH-18")
@pytest.mark.rule("HH-20")
@pytest.mark.rule("HH-22")
@pytest.mark.rule("HH-23")
@pytest.mark.rule("HH-24")
@pytest.mark.rule("HH-25")
@performs(
    *TO_THE_END, *HEARING, Act.ASSIGN, Act.PASS_ON, Act.ACKNOWLEDGE, Act.POST_LETTER, Act.RESPOND
)
def test_initial_contact_two_stages_and_an_appeal(desk: Desk):
    desk.house.run("herefordshire")
    for name in ("Ken Ito", "Asha Bell"):
        colleague(name, Role.PANEL_MEMBER)
    desk.on(june(8), Role.FRONT_LINE)
    log_a_call(desk)
    desk.on(june(9), COORDINATOR)
    give_to(desk, "Dan Morris")
    # Tue 9 = 1 ... 12 = 4, 19 = 9, 26 = 14, Mon 29 = 15.
    desk.shows("Initial contact", "Received", "Resolve the complaint", june(29), "day 1 of 15")
    desk.deadline("Log the complaint", "Done in time, Mon 8 Jun 2026")
    desk.says_why_not(Act.RESPOND, "Initial contact ends with a resolution")

    desk.on(june(10), OFFICER)
    # Thu 11 = 1, Fri 12 = 2, Mon 15 = 3; the letter: 19 = 7, 26 = 12, Wed 1 July = 15.
    desk.act(
        Act.PASS_ON,
        {"Why it could not be resolved": "No part.", "Responsible officer": "Ruth Adeyemi"},
        says="It goes to Stage 1.",
    )
    desk.on(june(11), COORDINATOR)
    desk.shows("Stage 1", "Being investigated", "Acknowledge in writing", june(15), "day 1 of 3")
    desk.act(Act.ACKNOWLEDGE, {"How the customer is told": POST})
    assert "You will have our answer by Wednesday 1 July 2026." in desk.letter("Acknowledgement")
    desk.post_letter("Acknowledgement")
    desk.on(june(26), HEAD)
    desk.shows("Stage 1", "Being investigated", "Write to the customer", july(1), "day 12 of 15")
    desk.act(Act.RESPOND, answer("Partly upheld", "The part came late.", has_point=True))
    # 29 = 1 ... 3 July = 5, 10 = 10, Fri 17 = 15.
    assert "Please tell us by Friday 17 July 2026" in desk.mail_to(MARGARET)
    desk.shows("Stage 1", "Answered", due=july(17))

    desk.on(june(29), COORDINATOR)
    # 30 = 1, 1 = 2, Thu 2 = 3; the letter: 3 = 4, 10 = 9, 17 = 14, Mon 20 July = 15.
    desk.act(Act.ESCALATE, {"How they asked": "Telephone"}, says="It goes to Stage 2")
    desk.shows("Stage 2", "Being investigated", "Acknowledge in writing", july(2), "day 0 of 3")
    desk.act(Act.ACKNOWLEDGE, {"How the customer is told": EMAIL})
    desk.shows("Stage 2", "Being investigated", "Respond formally", july(20), "day 0 of 15")
    desk.sign_in(HEAD).says_why_not(Act.RESPOND, "This is for the director.")
    desk.on(july(10), Role.DIRECTOR)
    desk.act(
        Act.RESPOND,
        answer("Not upheld", "I read all of it and agree with the first answer.", has_point=True),
    )
    # 13 = 1 ... 17 = 5, 24 = 10, Fri 31 = 15.
    told = desk.mail_to(MARGARET)
    assert "Please tell us by Friday 31 July 2026" in told
    assert "three members of the Board" in told

    desk.on(july(13), COORDINATOR)
    # 14 = 1 ... 17 = 4, 24 = 9, 31 = 14, 7 August = 19, Mon 10 August = 20.
    desk.act(Act.ESCALATE, {"How they asked": "Telephone"}, says="It goes to Stage 3")
    desk.shows(
        "Stage 3, appeal", "Being investigated", "Hold the appeal", august(10), "day 0 of 20"
    )
    desk.act(Act.ASSIGN, {"Responsible officer": "Nia Roberts"})
    arrange(desk, august(3), ["Mary Doyle", "Ken Ito", "Asha Bell"])
    # Counted back from Mon 3 August: 31 = 1, 30 = 2, 29 = 3, 28 = 4, Mon 27 = 5.
    desk.deadline("Send the correspondence to the panel and the customer", "Mon 27 Jul 2026")
    desk.on(july(22), COORDINATOR)
    desk.offers_first(Act.SEND_INVITATION)
    invite(desk, "Monday 3 August 2026")
    desk.on(august(3), COORDINATOR)
    # 4 = 1 ... 7 = 4, 14 = 9, Mon 17 = 10.
    desk.act(
        Act.HOLD_HEARING,
        {"How it was heard": "In person", **took_part(["Mary Doyle", "Ken Ito", "Asha Bell"])},
    )
    desk.shows("Stage 3, appeal", "Being investigated", "Write with", august(17), "day 0 of 10")
    desk.on(august(7), Role.PANEL_MEMBER)
    desk.act(
        Act.SEND_OUTCOME,
        {
            **found("Upheld"),
            "What the panel decides about the earlier decision": "Changes the decision of Stage 2",
            "Outcome of the complaint, unless it is sent back": "Upheld",
            "What puts it right": ["Apologise"],
            "How the customer is told": EMAIL,
            "What the letter says": "Nobody told you what happens next. That was wrong.",
        },
    )
    told = desk.mail_to(MARGARET)
    assert "The panel changed the earlier decision. Our finding: your complaint is upheld." in told
    assert "0300 111 3000" in told

    to_the_ombudsman(desk, august(10))
