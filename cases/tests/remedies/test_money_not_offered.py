"""Compensation that was proposed or approved, and of which the customer was never told."""

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import Complaint, EventWords, OutboundMessage, User
from cases.operations import awards
from cases.operations.close import close, refer_elsewhere, refuse, refuse_unreasonable, withdraw
from cases.operations.correct import annul
from cases.operations.rebuild import rebuild_projections
from cases.operations.stage_acts import resolve
from cases.operations.telling import Telling
from cases.rules.act_words import LABELS, next_act
from cases.rules.acts import Act
from cases.rules.awards import Head
from cases.rules.roles import Role
from cases.selectors.awards_waiting import awards_to_approve, awards_to_offer
from cases.selectors.case_history import history_of
from cases.selectors.reach import take_up
from cases.tests.case_page.situations import TODAY, Story
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at

OFFICER, MANAGER, HEAD = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE
COORDINATOR, DIRECTOR = Role.COMPLAINTS_COORDINATOR, Role.DIRECTOR
SENT = Telling("email", "We looked into it.")
WHY = "The insurer has paid it."
NOT_OFFERED, NOT_DECIDED = r"£100\.50 was approved and not offered", r"£100\.50 waits for approval"
# Code 7.3.


@pytest.fixture
def story(house):
    """Return a complaint just received under the Code."""
    return Story(house, "code-2024")


def award(story):
    """Return the compensation as it stands."""
    [found] = history_of(story.complaint).state.awards
    return found


def give_up(story, by=OFFICER, reason=WHY):
    return story.act(awards.give_up_compensation, by, TODAY, award=story.award, reason=reason)


def closes(story):
    return story.act(close, COORDINATOR, TODAY, on=TODAY, words="")


def mine(person):
    """Return what stands on somebody's My work to be offered: amount, and who proposed it."""
    again = User.objects.get(pk=person.pk)
    take_up(again, TODAY)
    return [(str(each.amount), each.name) for each in awards_to_offer(again).lines]


def shown(client, person, path):
    client.force_login(person)
    with time_machine.travel(at(TODAY), tick=False):
        return client.get(path).content.decode()


# Ends ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lead", "why"), [("approved", NOT_OFFERED), ("proposed", NOT_DECIDED)])
def test_a_complaint_is_not_closed_over_money_that_the_customer_was_never_told_of(story, lead, why):
    getattr(story.answered(), lead)()

    with pytest.raises(ActionNotAllowed, match=f"{why}.*give it up with a reason"):
        closes(story)

    assert story.complaint.is_open


@pytest.mark.parametrize("lead", ["approved", "proposed"])
def test_after_it_was_given_up_the_complaint_is_closed(story, lead):
    getattr(story.answered(), lead)()
    give_up(story)

    closes(story)

    assert not story.complaint.is_open


def test_after_it_was_not_approved_the_complaint_is_closed(story):
    story.answered().proposed()
    given = {"award": story.award, "approved": False, "reason": "Paid before."}
    story.act(awards.decide_compensation, MANAGER, TODAY, **given)

    closes(story)

    assert not story.complaint.is_open


def test_a_resolution_that_closes_at_once_leaves_it_open_over_such_money(house):
    story = Story(house, "herefordshire").approved()
    story.act(
        resolve, OFFICER, TODAY, on=TODAY, words="The lift was mended.", apologised=True,
        close=True, telling=SENT,
    )  # fmt: skip

    assert story.complaint.answered_on == TODAY
    assert story.complaint.is_open


ENDS = {
    "referred": (refer_elsewhere, COORDINATOR, {"to": "service_request", "words": "A repair."}),
    "refused": (
        refuse,
        COORDINATOR,
        {"ground": "over_12_months", "evidence": "It was in 2024."},
    ),
    "unreasonable": (refuse_unreasonable, DIRECTOR, {"evidence": "Forty letters a week."}),
}


@pytest.mark.parametrize("name", list(ENDS))
def test_nobody_is_turned_away_over_money_that_was_approved_for_them(story, name):
    story.approved()
    operation, by, given = ENDS[name]

    with pytest.raises(ActionNotAllowed, match=NOT_OFFERED):
        story.act(operation, by, TODAY, telling=SENT, **given)

    give_up(story)
    story.act(operation, by, TODAY, telling=SENT, **given)
    assert not story.complaint.is_open


def test_the_customer_may_withdraw_and_the_money_stays_on_my_work(story):
    story.approved().act(withdraw, OFFICER, TODAY, on=TODAY, words="They moved away.")

    assert not story.complaint.is_open
    assert mine(story.house[OFFICER]) == [("100.50", story.house[OFFICER].name)]


def test_of_a_complaint_annulled_by_mistake_the_money_is_still_decided_on(story):
    story.proposed().act(annul, COORDINATOR, TODAY, reason="Logged twice.")
    manager = User.objects.get(pk=story.house[MANAGER].pk)
    take_up(manager, TODAY)

    assert [str(each.amount) for each in awards_to_approve(manager).lines] == ["100.50"]


# Judged on the whole ---------------------------------------------------------------------------


def money_shown(story, client):
    path = reverse("cases:decide-compensation", args=[story.complaint.reference])
    return shown(client, story.house[HEAD], path)


def test_who_approves_sees_what_was_offered_approved_and_paid_before(story, client):
    story.accepted()
    given = {"award": story.award, "on": TODAY, "proof": "BACS 4711"}
    story.act(awards.record_payment, MANAGER, TODAY, **given)
    for amount, approved in ((40, True), (7, False), (60, None)):
        heads = [(Head.DELAY, Decimal(amount))]
        story.act(awards.propose_compensation, OFFICER, TODAY, heads=heads, basis="A week.")
        number = story.complaint.events.latest("number").number
        if approved is not None:
            given = {"award": number, "approved": approved, "reason": "" if approved else "No."}
            story.act(awards.decide_compensation, MANAGER, TODAY, **given)

    page = money_shown(story, client)

    assert "In this complaint already:" in page
    heads = "distress and inconvenience £80.00, delay £20.50"
    assert f"£100.50: {heads}. Paid on 22 June 2026." in page
    assert "£40.00: delay £40.00. Approved, to be offered (22 June 2026)." in page
    assert "£7.00: delay £7.00. Not approved (22 June 2026)." in page
    assert "Together £140.50 of it stands; with what waits for approval it is £200.50." in page


def test_where_nothing_was_decided_before_nothing_is_said_of_it(story, client):
    story.proposed()

    assert "In this complaint already:" not in money_shown(story, client)


# Giving it up ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lead", ["approved", "proposed"])
def test_what_is_given_up_says_why_and_goes_no_further(story, lead):
    getattr(story, lead)()
    give_up(story)

    assert award(story).standing == "Given up, not offered"
    assert award(story).waits_for is None
    event = story.complaint.events.latest("number")
    assert event.facts == {"award": story.award, "approved": False, "given_up": True}
    assert EventWords.objects.get(event=event).parts["reason"] == WHY
    assert not story.complaint.letters.exists()
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


def test_it_is_not_given_up_without_a_reason(story):
    story.approved()

    with pytest.raises(ReasonMissing, match="why it is given up"):
        give_up(story, reason=" ")

    assert award(story).approved is True


def test_what_was_offered_is_not_given_up_but_withdrawn(story):
    story.offered()

    with pytest.raises(ActionNotAllowed, match="No compensation is proposed or approved"):
        give_up(story)

    assert not award(story).is_given_up


@pytest.mark.parametrize("by", [Role.FRONT_LINE, Role.PANEL_MEMBER])
def test_who_may_not_propose_money_gives_none_up(story, by):
    story.approved()

    with pytest.raises(NotEntitled):
        give_up(story, by=by)

    assert award(story).approved is True


def test_who_proposed_and_who_approved_it_are_told_and_whoever_gives_it_up_is_not(story):
    story.approved()

    give_up(story, by=MANAGER)

    told = OutboundMessage.objects.filter(subject__contains="is given up")
    assert [each.to_user for each in told] == [story.house[OFFICER]]
    assert "£" not in told[0].subject + told[0].body.partition("Sign in")[0]


def test_the_record_tells_that_it_was_given_up_and_why(story, client):
    story.approved()
    give_up(story)

    page = shown(client, story.house[COORDINATOR], story.complaint.get_absolute_url())

    assert "Compensation given up before it was offered" in page
    assert WHY in page
    assert "Given up, not offered" in page


# Where it is seen ------------------------------------------------------------------------------


def test_what_was_approved_stands_on_the_work_of_the_officer_until_it_is_offered(story):
    story.proposed()
    assert mine(story.house[OFFICER]) == []
    given = {"award": story.award, "approved": True}
    story.act(awards.decide_compensation, MANAGER, TODAY, **given)

    assert mine(story.house[OFFICER]) == [("100.50", story.house[OFFICER].name)]
    assert mine(story.house[MANAGER]) == mine(story.house[COORDINATOR]) == []

    offer = {"award": story.award, "on": TODAY, "telling": Telling("phone")}
    story.act(awards.offer_compensation, OFFICER, TODAY, **offer)
    assert mine(story.house[OFFICER]) == []
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


def test_it_stands_on_the_work_of_whoever_proposed_it_too(story):
    heads = [(Head.DELAY, Decimal(40))]
    story.act(awards.propose_compensation, MANAGER, TODAY, heads=heads, basis="Three weeks.")
    given = {"award": story.award, "approved": True}
    story.act(awards.decide_compensation, HEAD, TODAY, **given)

    manager = story.house[MANAGER]
    assert mine(manager) == mine(story.house[OFFICER]) == [("40.00", manager.name)]
    assert mine(story.house[HEAD]) == []


def test_as_long_as_nobody_holds_the_complaint_managers_and_coordinators_have_it(story):
    story.approved()
    Complaint.objects.update(responsible_officer=None, offer_by=UserFactory())

    assert len(mine(story.house[MANAGER])) == len(mine(story.house[COORDINATOR])) == 1
    assert mine(story.house[OFFICER]) == mine(story.house[Role.FRONT_LINE]) == []


def test_to_whom_the_complaint_is_shut_nothing_of_its_money_is_shown(story):
    story.approved()
    story.complaint.exclusions.create(user=story.house[OFFICER], reason="conflict")

    assert mine(story.house[OFFICER]) == []


def test_my_work_shows_it_and_leads_to_where_it_is_offered(story, client):
    story.approved()

    page = shown(client, story.house[OFFICER], "/my-work/")

    assert "Approved, not offered yet" in page
    at_offer = reverse("cases:offer-compensation", args=[story.complaint.reference])
    assert f'href="{at_offer}"' in page


def test_what_waits_is_found_by_one_query_and_by_none_for_whoever_offers_nothing(
    story, django_assert_num_queries
):
    story.approved()
    officer, front_line = story.house[OFFICER], story.house[Role.FRONT_LINE]
    for each in (officer, front_line):
        take_up(each, TODAY)

    with django_assert_num_queries(1):
        assert awards_to_offer(officer)
    with django_assert_num_queries(0):
        assert not awards_to_offer(front_line)


@pytest.mark.parametrize(
    ("lead", "warned"),
    [
        ("approved", "£100.50 in compensation was approved on Mon 22 Jun 2026 and is not offered"),
        ("proposed", "£100.50 in compensation waits for approval since Fri 12 Jun 2026."),
        ("offered", ""),
    ],
)
def test_the_page_warns_of_money_that_the_customer_was_not_told_of(story, client, lead, warned):
    getattr(story.answered(), lead)()

    page = shown(client, story.house[OFFICER], story.complaint.get_absolute_url())

    assert warned in page
    given_up = reverse("cases:give-up-compensation", args=[story.complaint.reference])
    assert (f'href="{given_up}"' in page) == bool(warned)
    assert ("waits for approval since" in page) == (lead == "proposed")
    assert ("and is not offered yet." in page) == (lead == "approved")


@pytest.mark.parametrize(
    ("lead", "act"),
    [("approved", Act.OFFER_COMPENSATION), ("proposed", Act.DECIDE_COMPENSATION)],
)
def test_after_the_answer_such_money_is_what_comes_next(story, lead, act):
    offered = set(LABELS) - {Act.APPROVE_LETTER, Act.DETERMINE}
    assert next_act(history_of(story.answered().complaint).state, offered) is Act.CLOSE

    getattr(story, lead)()

    assert next_act(history_of(story.complaint).state, offered) is act
