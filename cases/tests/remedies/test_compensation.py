"""Compensation: for what, how much, who may approve it, and what became of it."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import Landlord
from cases.operations import awards
from cases.operations.landlord import change_awards
from cases.operations.letters import Telling
from cases.operations.rebuild import rebuild_projections
from cases.operations.stage_acts import Answer, respond
from cases.rules.awards import USUAL_LIMITS, Head, limit_of
from cases.rules.events import Outcome
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.tests.case_page.situations import WRITTEN, Story
from cases.tests.fixtures import at

OFFICER, MANAGER, HEAD = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE
COORDINATOR = Role.COMPLAINTS_COORDINATOR
DAY = date(2026, 6, 12)
# Code 7.1 and 7.2.


@pytest.fixture
def story(house):
    """Return a complaint just received under the Code."""
    return Story(house, "code-2024")


def award(story):
    """Return the compensation as it stands."""
    [found] = history_of(story.complaint).state.awards
    return found


def propose(story, amount, by=OFFICER, **details):
    """Propose an amount for distress."""
    given = {"heads": [(Head.DISTRESS, Decimal(amount))], "basis": "Three weeks.", **details}
    return story.act(awards.propose_compensation, by, DAY, **given)


def decide(story, by, **details):
    """Approve it."""
    given = {"award": story.award, "approved": True, **details}
    return story.act(awards.decide_compensation, by, DAY, **given)


def test_heads_add_up_in_pounds_and_pence(story):
    story.proposed()

    assert award(story).amount == Decimal("100.50")
    assert award(story).heads_words == "distress and inconvenience £80.00, delay £20.50"
    facts = story.complaint.events.get(kind="compensation_proposed").facts
    assert facts["heads"] == [["distress", "80.00"], ["delay", "20.50"]]
    assert facts["amount"] == "100.50"


def test_it_goes_from_proposal_to_payment_and_each_step_has_its_day(story):
    story.accepted()
    assert award(story).standing == "Accepted, to be paid"

    with pytest.raises(ReasonMissing):
        story.act(awards.record_payment, MANAGER, DAY, award=story.award, on=DAY, proof=" ")
    later = date(2026, 6, 23)
    story.act(awards.record_payment, MANAGER, later, award=story.award, on=later, proof="BACS 4711")

    assert award(story).standing == "Paid on 23 June 2026"
    assert award(story).waits_for is None
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({"heads": []}, "at least one head"),
        ({"basis": " "}, "how the amount was worked out"),
        ({"set_off": True}, "why it is set off"),
    ],
)
def test_a_proposal_says_how_much_and_why(story, details, why):
    with pytest.raises(ReasonMissing, match=why):
        propose(story, 50, **details)


def test_it_is_paid_and_not_set_off_unless_somebody_says_why(story):
    propose(story, 50, set_off=True, set_off_because="The customer asked for it.")

    assert award(story).is_set_off
    words = story.complaint.events.get(kind="compensation_proposed").words.parts
    assert words["set_off_because"] == "The customer asked for it."


def test_nobody_approves_what_they_proposed(story):
    propose(story, 50, by=MANAGER)

    with pytest.raises(NotEntitled, match="Somebody else approves"):
        decide(story, MANAGER)


def test_nobody_approves_more_than_their_limit(story):
    propose(story, 251)

    with pytest.raises(NotEntitled, match=r"beyond what you may approve, £250\.00"):
        decide(story, MANAGER)
    decide(story, HEAD)

    assert award(story).approved is True


def test_what_is_not_approved_says_why_and_goes_no_further(story):
    propose(story, 50)
    with pytest.raises(ReasonMissing, match="not approved"):
        decide(story, MANAGER, approved=False)

    decide(story, MANAGER, approved=False, reason="Paid before.")

    assert award(story).standing == "Not approved"
    with pytest.raises(ActionNotAllowed, match="No compensation is approved"):
        story.act(
            awards.offer_compensation, MANAGER, DAY, award=story.award, on=DAY, telling=WRITTEN
        )


def test_nothing_is_offered_before_it_is_approved(story):
    propose(story, 50)

    with pytest.raises(ActionNotAllowed):
        story.act(
            awards.offer_compensation, OFFICER, DAY, award=story.award, on=DAY, telling=WRITTEN
        )


def test_the_letter_names_the_amount(story):
    propose(story, 50)
    decide(story, MANAGER)
    story.act(
        awards.offer_compensation, OFFICER, DAY, award=story.award, on=DAY,
        telling=Telling("email", ""),
    )  # fmt: skip

    assert "We offer you £50.00 in compensation." in story.complaint.letters.get().body


def answer(story, amount, by=OFFICER):
    """Answer the stage with an offer."""
    return story.act(
        respond, by, DAY, on=DAY, answer=Answer(Outcome.UPHELD, amount=amount), telling=WRITTEN
    )


def test_an_answer_offers_at_once_what_its_author_may_approve(story):
    answer(story, "100.00")

    assert story.complaint.status == "answered"


def test_an_answer_offers_no_more_than_that_without_approval(story):
    with pytest.raises(ActionNotAllowed, match=r"up to £100\.00 on your own"):
        answer(story, "100.01")


def test_an_answer_offers_what_was_approved_and_that_is_the_offer(story):
    propose(story, 400)
    decide(story, HEAD)

    answer(story, "400.00")

    assert award(story).standing == "Offered on 12 June 2026"


# Settings -------------------------------------------------------------------------------------


def test_the_landlord_says_how_much_each_role_may_approve(story, house):
    limits = {role: Decimal(10) for role in USUAL_LIMITS}
    change_awards(limits, "Missed appointment: £20", by=house[COORDINATOR], now=at(DAY), seen=None)
    propose(story, 11)

    with pytest.raises(NotEntitled, match=r"£10\.00"):
        decide(story, MANAGER)


def test_without_a_word_of_the_landlord_the_usual_limits_hold():
    assert limit_of([MANAGER, HEAD], {}) == USUAL_LIMITS[HEAD]
    assert limit_of([Role.AUDITOR], {}) == 0


def test_the_settings_page_changes_limits_and_guidance_and_the_form_shows_them(
    story, house, client
):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    url = reverse("cases:landlord-awards")
    page = client.get(url)
    sent = {role.value: "£20" for role in USUAL_LIMITS}
    seen = page.context["form"]["seen"].value() or ""
    assert client.post(url, {**sent, "guidance": "A day: £9", "seen": seen}).status_code == 302
    row = Landlord.objects.get()
    assert row.award_limits["director"] == "20.00"
    assert b"A day: \xc2\xa39" in client.get(reverse("cases:landlord")).content

    client.force_login(house[OFFICER])
    with time_machine.travel(at(DAY), tick=False):
        page = client.get(reverse("cases:propose-compensation", args=[story.complaint.reference]))
    assert "A day: £9" in page.content.decode()
