"""Promises with a day, compensation, what happens outside, and questions to others."""

import re

import pytest
from playwright.sync_api import Locator, expect

from cases.rules.acts import Act
from cases.tests.factories import MONDAY
from complaints_site.tests.journeys.desk import Desk
from complaints_site.tests.journeys.steps import (
    COORDINATOR,
    DEFINED,
    EMAIL,
    MANAGER,
    MARGARET,
    OFFICER,
    begin,
    june,
    performs,
    story,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]

CONTRACTOR = "office@lifts.example"


def part(desk: Desk, name: str) -> Locator:
    """Return a part of the complaint's page by its heading."""
    return desk.open_case().page.get_by_role("region", name=name, exact=True)


@performs(Act.PROMISE, Act.GIVE_PROMISE, Act.MOVE_PROMISE, Act.KEEP_PROMISE, Act.WITHDRAW_PROMISE)
def test_a_promise_is_given_to_another_moved_and_kept_and_one_is_withdrawn(desk: Desk):
    begin(desk)
    desk.on(june(9), OFFICER)
    desk.act(Act.PROMISE, {"What was promised": "A surveyor comes.", "By when": june(12)})
    desk.is_turned_away(Act.WITHDRAW_PROMISE)
    desk.act(Act.GIVE_PROMISE, {"Who keeps it from now on": "Grace Lin"})
    expect(part(desk, "Promises")).to_contain_text("Grace Lin")
    desk.act(
        Act.MOVE_PROMISE,
        {
            "The new day": june(16),
            "How the customer is told": EMAIL,
            "Why it moves": "The surveyor is ill until Monday.",
        },
    )
    expect(part(desk, "Promises")).to_contain_text("Tue 16 Jun 2026")
    assert "The surveyor is ill until Monday." in desk.mail_to(MARGARET)

    desk.on(june(16), MANAGER)
    desk.act(Act.KEEP_PROMISE, {"What shows that it was done": "His report of this morning."})
    expect(part(desk, "Promises")).to_contain_text("His report of this morning.")
    desk.act(Act.PROMISE, {"What was promised": "A new lift.", "By when": june(30)})
    desk.act(
        Act.WITHDRAW_PROMISE,
        {
            "How the customer is told": EMAIL,
            "Why it will not be kept": "The old one can be mended after all.",
        },
    )
    assert "The old one can be mended after all." in desk.mail_to(MARGARET)


@performs(Act.ADD_ACTION, Act.CHANGE_ACTION, Act.FINISH_ACTION, Act.DROP_ACTION)
def test_an_action_is_given_to_somebody_else_and_done_and_another_is_dropped(desk: Desk):
    begin(desk)
    desk.on(june(9), OFFICER)
    desk.act(
        Act.ADD_ACTION,
        {
            "What is to be done": "Photograph the lift.",
            "By when": june(12),
            "Who does it, if somebody outside": "Harbour Lifts",
        },
    )
    desk.act(
        Act.CHANGE_ACTION,
        {
            "By when": june(15),
            "Who does it, or sees to it": "Grace Lin",
            "Why it moves": "The shaft is locked until Monday.",
        },
    )
    expect(part(desk, "Actions")).to_contain_text("Harbour Lifts. Grace Lin sees to it")
    desk.on(june(15), MANAGER)
    desk.act(Act.FINISH_ACTION, {"What shows that it was done": "Four photographs in the file."})
    expect(part(desk, "Actions")).to_contain_text("Four photographs in the file.")
    desk.act(Act.ADD_ACTION, {"What is to be done": "Measure the shaft.", "By when": june(30)})
    desk.act(Act.DROP_ACTION, {"Why it need not be done": "The plans give its size."})
    expect(story(desk)).to_contain_text("Action dropped")


@performs(
    Act.PROPOSE_COMPENSATION,
    Act.DECIDE_COMPENSATION,
    Act.OFFER_COMPENSATION,
    Act.ANSWER_COMPENSATION,
    Act.PAY_COMPENSATION,
)
def test_compensation_is_proposed_by_one_approved_by_another_offered_and_paid(desk: Desk):
    begin(desk)
    desk.on(june(9), OFFICER)
    desk.act(
        Act.PROPOSE_COMPENSATION,
        {
            "Delay": "120",
            "How it was worked out": "Twelve days without a lift at £10 a day.",
        },
    )
    expect(part(desk, "Compensation")).to_contain_text("Waits for approval")
    desk.is_turned_away(Act.DECIDE_COMPENSATION)

    desk.on(june(10), MANAGER)
    desk.act(Act.DECIDE_COMPENSATION, {"Decision": "Approved"})
    desk.on(june(11), OFFICER)
    desk.act(Act.OFFER_COMPENSATION, {"How the customer is told": EMAIL})
    assert "£120" in desk.mail_to(MARGARET)
    desk.on(june(15), OFFICER)
    desk.act(Act.ANSWER_COMPENSATION, {"The customer": "accepts it"})
    expect(part(desk, "Compensation")).to_contain_text("Accepted, to be paid")
    desk.act(Act.PAY_COMPENSATION, {"What shows it": "Bank transfer 4711"})
    expect(part(desk, "Compensation")).to_contain_text("Paid on 15 June 2026")


@performs(Act.PROPOSE_COMPENSATION, Act.DECIDE_COMPENSATION, Act.GIVE_UP_COMPENSATION)
def test_money_that_was_approved_waits_on_my_work_until_it_is_offered_or_given_up(desk: Desk):
    begin(desk)
    desk.on(june(9), OFFICER)
    basis = {"Delay": "120", "How it was worked out": "Twelve days without a lift."}
    desk.act(Act.PROPOSE_COMPENSATION, basis)
    desk.on(june(10), MANAGER)
    desk.act(Act.DECIDE_COMPENSATION, {"Decision": "Approved"})
    desk.on(june(11), OFFICER)
    desk.open_case()
    expect(desk.page.get_by_label("Warnings")).to_contain_text("£120.00 in compensation was")
    desk.go("/my-work/")
    waits = desk.page.get_by_role("region", name="Approved, not offered yet")
    expect(waits).to_contain_text("£120.00")
    desk.act(Act.GIVE_UP_COMPENSATION, {"Why it is given up": "The insurer paid it."})
    expect(part(desk, "Compensation")).to_contain_text("Given up, not offered")
    expect(desk.page.get_by_label("Warnings")).to_have_count(0)


@performs(
    Act.PROPOSE_COMPENSATION,
    Act.DECIDE_COMPENSATION,
    Act.OFFER_COMPENSATION,
    Act.KEEP_OFFER_OPEN,
    Act.WITHDRAW_OFFER,
)
def test_an_offer_that_nobody_answers_stays_open_and_is_withdrawn_after_its_day(desk: Desk):
    begin(desk)
    desk.on(june(9), OFFICER)
    basis = {
        "Delay": "120",
        "How it was worked out": "Twelve days without a lift.",
    }
    desk.act(Act.PROPOSE_COMPENSATION, basis)
    desk.on(june(10), MANAGER)
    desk.act(Act.DECIDE_COMPENSATION, {"Decision": "Approved"})
    desk.on(june(11), OFFICER)
    desk.act(Act.OFFER_COMPENSATION, {"How the customer is told": EMAIL})
    desk.act(Act.KEEP_OFFER_OPEN, {"Open until": june(15), "How the customer is told": EMAIL})
    assert "stays open to you until Monday 15 June 2026" in desk.mail_to(MARGARET)
    expect(part(desk, "Promises")).to_contain_text("Open until Mon 15 Jun 2026")
    desk.is_turned_away(Act.WITHDRAW_OFFER)

    desk.on(june(16), MANAGER)
    expect(part(desk, "Promises")).not_to_contain_text("Overdue")
    desk.act(
        Act.WITHDRAW_OFFER,
        {"Why it is withdrawn": "We asked three times.", "How the customer is told": EMAIL},
    )
    assert "We asked three times." in desk.mail_to(MARGARET)
    expect(part(desk, "Compensation")).to_contain_text("The offer was withdrawn")


@pytest.mark.rule("KF-20")
@performs(Act.DESIGNATED_PERSON, Act.OMBUDSMAN_DEMAND, Act.KEEP_PROMISE)
def test_what_an_mp_did_and_what_the_ombudsman_asks_for_are_recorded(desk: Desk):
    begin(desk, "first-ark-panel")
    desk.on(june(9), COORDINATOR)
    desk.act(
        Act.DESIGNATED_PERSON,
        {"What happened": "The customer asked them to help", "Who it is": "The MP for Knowsley"},
    )
    expect(story(desk)).to_contain_text("The MP for Knowsley")
    desk.act(
        Act.OMBUDSMAN_DEMAND,
        {
            "What it is": "Information for the Ombudsman",
            "What exactly, as their letter says it": "The whole file",
            "By when, as their letter says": june(26),
        },
    )
    owed = part(desk, "Promises")
    for words in ("The whole file", "Fri 26 Jun 2026", "The complaints coordinator"):
        expect(owed).to_contain_text(words)
    desk.on(june(22), COORDINATOR)
    desk.act(Act.KEEP_PROMISE, {"What shows that it was done": "Sent by their portal."})
    expect(owed).to_contain_text("Sent by their portal.")


@performs(Act.ASK_INFORMATION)
def test_a_contractor_is_asked_and_the_answer_stands_in_the_record(desk: Desk):
    begin(desk)
    desk.on(june(9), OFFICER)
    desk.open_act(Act.ASK_INFORMATION)
    desk.fill_in(
        {
            "Contractor or colleague": "Lifts and Sons",
            "Their e-mail address": CONTRACTOR,
            "What do you ask?": "When did you order the part?",
        }
    )
    desk.page.get_by_role("button", name="See what they get").click()
    shown = desk.page.get_by_role("status").filter(has_text="Nothing is sent yet")
    expect(shown).to_contain_text("When did you order the part?")
    desk.send(Act.ASK_INFORMATION)
    desk.is_done(Act.ASK_INFORMATION)
    expect(story(desk)).to_contain_text("Lifts and Sons is asked:")
    link = re.search(r"/asked/\S+/", desk.mail_to(CONTRACTOR))
    assert link is not None

    desk.page.context.clear_cookies()
    desk.go(link[0])
    expect(desk.page.get_by_role("main")).to_contain_text("When did you order the part?")
    expect(desk.page.get_by_role("main")).not_to_contain_text("Shaw")
    desk.fill_in({"Your answer": "On Monday; it comes on Thursday."})
    desk.page.get_by_role("button", name="Send the answer").click()
    desk.page.wait_for_url("**/thanks/")
    gone = desk.page.goto(f"{desk.url}{link[0]}")
    assert gone is not None
    assert gone.status == 404

    desk.sign_in(OFFICER)
    expect(story(desk)).to_contain_text("On Monday; it comes on Thursday.")


@performs(Act.LINK, Act.UNLINK, Act.DEFINE_POINTS, Act.DIVIDE)
def test_two_complaints_are_linked_and_parted_and_one_is_divided(desk: Desk):
    begin(desk)
    other = desk.house.lodge(on=MONDAY).reference
    desk.on(june(9), COORDINATOR)
    facts = "About this complaint"
    desk.act(
        Act.LINK,
        {"This complaint is": "Caused by", "Reference of the other complaint": other},
    )
    expect(part(desk, facts)).to_contain_text(f"Caused by {other}")
    desk.act(Act.UNLINK, {"Why they do not belong together": "It was another lift."})
    expect(part(desk, facts)).not_to_contain_text("Caused by")
    desk.act(
        Act.DEFINE_POINTS,
        {"Point 1": "The lift is out of order.", "Point 2": "Nobody rang back.", **DEFINED},
    )
    desk.act(
        Act.DIVIDE,
        {
            "What becomes a complaint of its own": ["Nobody rang back."],
            "Why it is divided": "Another service answers for it.",
        },
        says="The new one is",
    )
    expect(part(desk, facts)).to_contain_text("Part of it became")
    expect(part(desk, "Points of the complaint")).not_to_contain_text("Nobody rang back.")
