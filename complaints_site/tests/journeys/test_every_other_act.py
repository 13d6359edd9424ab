"""The acts that not every complaint comes to, each done in the browser; and that none is left."""

import sys
from datetime import date

import pytest
from playwright.sync_api import expect

from cases.rules.acts import Act
from cases.rules.grounds import ELSEWHERE
from cases.rules.roles import Role
from cases.tests.factories import CategoryFactory, CustomerFactory
from complaints_site.tests.journeys import (
    test_five_procedures,
    test_letter_approvals,
    test_promises_and_more,
)
from complaints_site.tests.journeys.desk import Desk
from complaints_site.tests.journeys.steps import (
    COORDINATOR,
    DEFINED,
    EMAIL,
    MANAGER,
    MARGARET,
    OFFICER,
    POST,
    answer,
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


@performs(Act.NOTE, Act.ADD_FILE, Act.CHANGE_DETAILS, Act.CORRECT)
def test_the_record_is_added_to_and_put_right(desk: Desk, tmp_path):
    CategoryFactory(name="Lifts")
    begin(desk)
    photo = tmp_path / "lift.txt"
    photo.write_text("Out of order since Friday.")

    desk.on(june(9), OFFICER)
    desk.act(Act.NOTE, {"Note": "Ring after four in the afternoon."})
    desk.act(Act.ADD_FILE, {"Files": photo})
    expect(desk.page.get_by_role("region", name="Files")).to_contain_text("lift.txt")
    desk.says_why_not(Act.CHANGE_DETAILS, "This is for the complaints coordinator.")

    desk.sign_in(COORDINATOR)
    desk.act(
        Act.CHANGE_DETAILS,
        {
            "Category": "Lifts",
            "The complaint, in the customer’s words": "The lift is out of order again.",
            "Why you change it": "She rang to add that it broke again.",
        },
    )
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Margaret Shaw: Lifts")
    expect(story(desk)).to_contain_text("Ring after four in the afternoon.")
    story(desk).get_by_role("link", name="Correct the entry “Note”").click()
    desk.fill_in({"What is wrong?": "All of it", "Why": "It was about somebody else."})
    desk.send(Act.CORRECT)
    desk.is_done(Act.CORRECT)
    expect(story(desk)).to_contain_text("Struck out by Priya Shah")
    story(desk).get_by_role("link", name="Correct the entry “Complaint received”").click()
    desk.fill_in(
        {"What is wrong?": "The day", "The right day": june(5), "Why": "She rang on Friday."}
    )
    desk.send(Act.CORRECT)
    # From Fri 5: Mon 8 = 1, 9 = 2, 10 = 3, 11 = 4, Fri 12 = 5.
    desk.is_done(Act.CORRECT, "Acknowledge, define and log the complaint: due Fri 12 Jun 2026")


@performs(Act.UPDATE)
def test_a_message_is_looked_at_before_it_goes_and_is_no_note(desk: Desk):
    begin(desk)
    desk.on(june(9), OFFICER).open_act(Act.UPDATE)
    expect(desk.page.get_by_text("This goes to Margaret Shaw.")).to_be_visible()
    desk.fill_in({"How it is sent": EMAIL, "Message": "The surveyor comes on Friday."})

    desk.page.get_by_role("button", name="Review and send to Margaret Shaw").click()
    shown = desk.page.get_by_role("status").filter(has_text="Nothing is recorded yet")
    expect(shown).to_contain_text("The surveyor comes on Friday.")
    desk.page.get_by_role("button", name="Send to Margaret Shaw now").click()

    desk.is_done(Act.UPDATE)
    expect(story(desk)).to_contain_text("Message to the customer")
    assert "The surveyor comes on Friday." in desk.mail_to(MARGARET)


@performs(Act.CHANGE_PEOPLE, Act.CORRECT, Act.CHANGE_ACCESS, Act.DECLARE_CONFLICT)
def test_who_speaks_who_complains_too_and_who_may_see_it(desk: Desk):
    begin(desk)
    CustomerFactory(name="Margaret Shawcross")

    desk.on(june(9), COORDINATOR)
    people = desk.open_case().page.get_by_role("region", name="People")
    people.get_by_role("link", name="Change the people").click()
    desk.page.get_by_role("button", name="Add a representative").click()
    desk.fill_in(
        {
            "Name": "Joan Pratt",
            "Who they are, such as a daughter": "Her daughter",
            "May they speak for the customer?": "Confirmed",
            "How do we know?": "The customer told us",
            "Day it was confirmed": june(9),
            "What you saw or heard": "She told me on the telephone.",
        }
    )
    desk.page.get_by_role("button", name="Save", exact=True).click()
    expect(desk.page.locator("[data-message]")).to_contain_text("Saved.")
    desk.page.get_by_role("button", name="Add somebody who complains too").click()
    desk.fill_in({"Who is it?": "Somebody we do not know yet", "Name": "Arthur Shaw"})
    desk.page.get_by_role("button", name="Add them").click()
    expect(desk.page.locator("[data-message]")).to_contain_text("They are part of the complaint")
    desk.performed.add(Act.CHANGE_PEOPLE)

    desk.page.get_by_role("link", name="It is somebody else’s complaint").click()
    desk.page.get_by_role("searchbox", name="Find them by name").fill("Shawcross")
    desk.page.get_by_role("button", name="Find", exact=True).click()
    desk.fill_in(
        {"Whose complaint is it?": "Margaret Shawcross", "How the mistake happened": "Alike names."}
    )
    desk.page.get_by_role("button", name="Correct the customer").click()
    expect(desk.page.locator("[data-message]")).to_contain_text("The customer is corrected.")
    desk.performed.add(Act.CORRECT)
    expect(people_of(desk)).to_contain_text("Margaret Shawcross")
    for name in ("Joan Pratt", "Arthur Shaw"):
        expect(people_of(desk)).to_contain_text(name)

    desk.act(
        Act.CHANGE_ACCESS,
        {
            "Level": "Sensitive",
            "Add somebody (1)": "Ruth Adeyemi",
            "Their part (1)": "Closed to them: conflict of interest",
            "Why you change it": "She is her neighbour, and it is about health.",
        },
    )
    expect(people_of(desk)).to_contain_text("Ruth Adeyemi conflict of interest")
    desk.sign_in(Role.HEAD_OF_SERVICE)
    missing = desk.page.goto(f"{desk.url}{desk.path}")
    assert missing is not None
    assert missing.status == 404

    desk.sign_in(MANAGER)
    desk.act(Act.DECLARE_CONFLICT, {"What the conflict is": "She is my aunt."})
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("My work")


def people_of(desk: Desk):
    """Return the part of the page that tells who is concerned."""
    return desk.open_case().page.get_by_role("region", name="People")


@performs(Act.MERGE, Act.CORRECT, Act.ANNUL)
def test_twins_are_merged_and_a_mistake_is_annulled_and_both_can_be_undone(desk: Desk):
    begin(desk)
    twin = desk.reference
    begin(desk)

    desk.on(june(9), COORDINATOR)
    for act, answers, badge in (
        (Act.MERGE, {}, "Merged"),
        (Act.ANNUL, {"Why it was logged by mistake": "It was a practice call."}, "Annulled"),
    ):
        if act is Act.MERGE:
            desk.open_act(act)
            desk.fill_in({"Reference of the complaint that goes on": twin})
            desk.fill_in({"Why they are the same": "One lift."})
            desk.page.get_by_role("button", name="Look at it first").click()
            expect(desk.page.get_by_role("heading", name="This one goes on")).to_be_visible()
            answers = {"They are the same complaint, although the customers differ": True}
            desk.fill_in(answers)
            desk.send(act)
            desk.is_done(act)
        else:
            desk.act(act, answers)
        desk.shows("Stage 1", badge)
        story(desk).get_by_role("link", name="Correct").first.click()
        expect(desk.page.get_by_text("Striking this out undoes it")).to_be_visible()
        desk.fill_in({"What is wrong?": "All of it", "Why": "They are two."})
        desk.send(Act.CORRECT)
        desk.is_done(Act.CORRECT)
        desk.shows("Stage 1", "Received")


@pytest.mark.rule("HH-6")
@pytest.mark.rule("HH-8")
@pytest.mark.rule("HH-11")
@performs(Act.AGREE_DATE, Act.RESOLVE, Act.REOPEN, Act.REFUSE_UNREASONABLE)
def test_a_date_agreed_a_cure_at_first_contact_and_what_is_pursued_unreasonably(desk: Desk):
    begin(desk, "herefordshire")

    desk.on(june(9), OFFICER)
    desk.says_why_not(Act.CLOSE, "A resolution must be recorded before it is closed.")
    desk.act(
        Act.AGREE_DATE,
        {
            "The day agreed": date(2026, 7, 6),
            "How it was agreed": "Telephone",
            "What was agreed, and why": "After her holiday.",
        },
    )
    # Mon 29 June would have been the fifteenth working day.
    desk.shows("Initial contact", "Received", due=date(2026, 7, 6))
    desk.deadline("Resolve the complaint", "Mon 29 Jun 2026", "Mon 6 Jul 2026")
    desk.on(june(12), OFFICER)
    desk.act(
        Act.RESOLVE,
        {"How it was put right": "The lift was mended.", "An apology was given": True},
        says="Resolve the complaint: in time, due Mon 6 Jul 2026.",
    )
    desk.shows("Initial contact", "Closed")

    desk.on(june(15), COORDINATOR)
    desk.act(Act.REOPEN, {"Why it is reopened": "It broke again."}, says="is open again")
    desk.shows("Initial contact, second time", "Being investigated")
    desk.says_why_not(Act.REFUSE_UNREASONABLE, "This is for the director.")
    desk.is_turned_away(Act.REFUSE_UNREASONABLE)
    desk.sign_in(Role.DIRECTOR)
    desk.act(
        Act.REFUSE_UNREASONABLE,
        {
            "What shows that it is pursued unreasonably": "Forty letters in a week.",
            "How the customer is told": EMAIL,
            "What you write to explain it": "We have answered this and shall not answer it again.",
        },
    )
    desk.shows("Initial contact", "Closed")
    told = desk.mail_to(MARGARET)
    assert "pursued in an unreasonable way" in told
    assert "Forty letters" not in told


@performs(Act.WITHDRAW, Act.REFUSE)
def test_what_is_withdrawn_and_what_is_not_accepted(desk: Desk):
    begin(desk)
    desk.on(june(9), COORDINATOR)
    desk.act(
        Act.WITHDRAW,
        {
            "What the customer said": "It works again.",
            "How the customer is told": EMAIL,
            "What you write to confirm it": "As you asked, we do nothing more.",
        },
    )
    desk.shows("Stage 1", "Closed")
    assert "We have closed your complaint of 8 June 2026." in desk.mail_to(MARGARET)

    begin(desk)
    desk.act(
        Act.REFUSE,
        {
            "Ground": "It happened more than 12 months ago",
            "What shows that the ground applies": "The tenancy file.",
            "How the customer is told": POST,
            "What you write to explain it": "Please bring it to the Ombudsman if you disagree.",
        },
    )
    desk.shows("Stage 1", "Closed")
    told = desk.letter("Complaint not accepted")
    assert "happened more than 12 months ago" in told
    assert "If you disagree with this decision you can take it to: Housing Ombudsman" in told


@performs(Act.REFER_ELSEWHERE)
def test_each_other_procedure_a_complaint_can_be_referred_to(desk: Desk):
    desk.on(june(9), COORDINATOR)
    for each in ELSEWHERE.values():
        begin(desk)
        desk.act(
            Act.REFER_ELSEWHERE,
            {
                "It is dealt with as": each.words,
                "Why, and who deals with it": "The neighbourhood team rings you.",
                "How the customer is told": EMAIL,
            },
        )
        desk.shows("Stage 1", "Closed")
        assert each.told in desk.mail_to(MARGARET)


@performs(Act.DEFINE_POINTS, Act.EXPLAIN_DELAY, Act.RESPOND)
def test_what_is_late_is_told_honestly_and_answered_point_by_point(desk: Desk):
    begin(desk)
    desk.on(june(10), OFFICER)
    desk.act(Act.DEFINE_POINTS, {"Point 1": "The lift.", "Point 2": "Nobody rang.", **DEFINED})
    desk.on(june(17), OFFICER)
    desk.act(
        Act.EXPLAIN_DELAY,
        {
            "Why it is late": "I was on leave.",
            "Could the delay have been avoided?": "Yes",
            "It will be done by": june(19),
            "How the customer is told": EMAIL,
        },
    )
    assert "It will be done by Friday 19 June 2026." in desk.mail_to(MARGARET)
    # Nobody acknowledged by Mon 15; ten more: 19 = 4, 26 = 9, Mon 29 = 10.
    desk.on(date(2026, 7, 1), OFFICER)
    desk.shows("Stage 1", "Received", due=june(15), words="Overdue by 12 working days")
    late = answer("Partly upheld", "The lift was mended.", has_point=True) | {
        "What we find about point 2": "Not upheld",
        "Why: the reason for the finding about point 2": "We rang twice.",
        "Why the answer is late": "I was ill.",
        "Could the delay have been avoided?": "No",
    }
    desk.act(Act.RESPOND, late, says="Respond in full: late, it was due Mon 29 Jun 2026.")
    assert "We are sorry that this answer is late. The reason is: I was ill." in desk.mail_to(
        MARGARET
    )


def test_every_act_is_done_in_the_browser_by_one_of_the_journeys():
    here = sys.modules[__name__]
    modules = (test_five_procedures, test_letter_approvals, test_promises_and_more, here)
    journeys = [each for module in modules for each in vars(module).values()]

    done = frozenset().union(*(getattr(each, "acts", frozenset()) for each in journeys))

    assert done == set(Act)
