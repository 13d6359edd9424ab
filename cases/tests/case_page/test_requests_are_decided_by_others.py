"""Nobody decides whether their own part in a complaint is reviewed, nor approves that decision."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ApprovalNeeded, NotEntitled, NotIndependent
from cases.models import Letter, LetterProposal, RecordedEvent, User
from cases.operations import escalate
from cases.operations.letter_approvals import Wording, approve_letter, propose_letter
from cases.operations.stage_acts import contact
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.procedure_words import route_sentence
from cases.rules.roles import Role
from cases.selectors.approvers import approvers_of
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.tests import answering
from cases.tests.approving import approved, refused_by_one
from cases.tests.case_page.situations import SITUATIONS, UPHELD, Story
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.fixtures import House, at, written_elsewhere
from cases.tests.rules.strategies import TERMS

DAY = date(2026, 6, 16)
NOW = at(DAY)
REVIEWED = ["first-ark-panel", "livv-two-stage"]
REFUSAL = {"on": DAY, "ground": "followed_policy", "evidence": "Policy 4.2."}
REFUSE = approved(Act.REFUSE_ESCALATION, escalate.refuse_escalation)
WORDS = Telling("post", "The policy was followed.")


@pytest.fixture
def both(house) -> User:
    """Return somebody who is head of a service and director."""
    roles = [(Role.HEAD_OF_SERVICE, house.service), (Role.DIRECTOR, house.directorate)]
    return UserFactory(name="Ann Poole", roles=roles)


def asked(house: House, code: str, answered_by: User) -> Story:
    """Return a complaint answered by somebody, in which the next stage is asked for."""
    story = Story(house, code)
    if story.complaint.stage == "initial":
        story.passed_on()
    telling = written_elsewhere(story.complaint, "We looked into it.")
    do(story, answering.respond, answered_by, on=date(2026, 6, 12), answer=UPHELD, telling=telling)
    return story.asked()


def do(story: Story, operation: Any, by: User, **details: Any) -> None:
    """Let somebody do an act."""
    on = details.get("on", DAY)
    operation(complaint_id=story.complaint.pk, by=by, now=at(on), seen=None, **details)
    story.complaint.refresh_from_db()


def again(person: User) -> User:
    """Return somebody as they are, with nothing remembered."""
    return User.objects.get(pk=person.pk)


@pytest.mark.rule("KF-14", "LV-9", "LV-11")
@pytest.mark.parametrize("code", REVIEWED)
def test_whoever_answered_neither_refuses_nor_accepts_that_it_is_reviewed(house, both, code):
    story = asked(house, code, both)

    with pytest.raises(NotIndependent, match="dealt with an earlier stage"):
        do(story, escalate.refuse_escalation, again(both), telling=WORDS, **REFUSAL)
    with pytest.raises(NotIndependent, match="somebody else decides whether that is reviewed"):
        do(story, escalate.accept_escalation, again(both), on=DAY, reason="", telling=WORDS)

    assert story.complaint.status == "awaiting_decision"
    do(story, REFUSE, house[Role.DIRECTOR], telling=WORDS, **REFUSAL)
    assert story.complaint.status == "answered"


@pytest.mark.rule("KF-14", "LV-9")
@pytest.mark.parametrize("code", REVIEWED)
def test_whoever_only_dealt_with_it_accepts_a_request_and_does_not_refuse_it(house, both, code):
    story = Story(house, code)
    spoken = {"on": date(2026, 6, 9), "channel": "phone", "reached": True, "words": "We spoke."}
    if story.complaint.stage == "initial":
        story.passed_on()
    do(story, contact, both, **spoken)
    story.answered().asked()

    with pytest.raises(NotIndependent, match="dealt with an earlier stage"):
        do(story, escalate.refuse_escalation, again(both), telling=WORDS, **REFUSAL)
    do(story, escalate.accept_escalation, again(both), on=DAY, reason="", telling=WORDS)

    assert story.complaint.status == "investigating"


def test_a_director_does_not_turn_away_a_late_appeal_from_his_own_answer(house):
    story = Story(house, "herefordshire").passed_on().answered().asked()
    story.answered(Role.DIRECTOR, DAY).asked(date(2026, 8, 3))
    late = {"on": date(2026, 8, 4), "telling": WORDS}
    refusal = {"ground": "late", "evidence": "Three weeks late."}

    with pytest.raises(NotIndependent):
        do(story, escalate.refuse_escalation, house[Role.DIRECTOR], **refusal, **late)
    with pytest.raises(NotIndependent):
        do(story, escalate.accept_escalation, house[Role.DIRECTOR], reason="Fair.", **late)

    do(story, escalate.refuse_escalation, house[Role.ASSISTANT_DIRECTOR], **refusal, **late)
    assert story.complaint.stage == "stage-2"


def test_more_senior_than_who_answered_is_whoever_refuses_where_the_procedure_wants_it(house):
    story = Story(house, "kht-three-stage")
    both = UserFactory(
        roles=[
            (Role.HEAD_OF_SERVICE, house.service),
            (Role.ASSISTANT_DIRECTOR, house.directorate),
        ]
    )
    telling = written_elsewhere(story.complaint, "We looked into it.")
    on = date(2026, 6, 12)
    do(story, answering.respond, both, on=on, answer=UPHELD, telling=telling)
    story.asked(date(2026, 8, 3))
    refusal = {
        "on": date(2026, 8, 4),
        "ground": "late",
        "evidence": "Weeks late.",
        "telling": WORDS,
    }

    with pytest.raises(NotIndependent, match="more senior"):
        do(story, escalate.refuse_escalation, house[Role.ASSISTANT_DIRECTOR], **refusal)

    do(story, escalate.refuse_escalation, house[Role.DIRECTOR], **refusal)
    assert story.complaint.status == "answered"


@pytest.mark.rule("KF-14", "LV-9")
@pytest.mark.parametrize("act", [Act.REFUSE_ESCALATION, Act.ACCEPT_ESCALATION])
@pytest.mark.parametrize("code", REVIEWED)
def test_whoever_answered_approves_no_letter_about_its_review(house, both, code, act):
    story = asked(house, code, both)
    director, complaint = house[Role.DIRECTOR], story.complaint
    kind = act.value.replace("refuse-escalation", "escalation_refused")
    kind = kind.replace("accept-escalation", "escalation_accepted")
    letter = Letter(complaint=complaint, kind=kind, body="As we said.")
    history = history_of(complaint)
    people = approvers_of(
        complaint, act, but=director, now=NOW, state=history.state, terms=history.terms
    )
    proposal = propose_letter(
        complaint_id=complaint.pk, act=act, by=director, now=NOW, seen=None,
        wording=Wording({}, letter),
    )  # fmt: skip

    assert house.people[Role.ASSISTANT_DIRECTOR] in people
    assert both not in people
    with pytest.raises(NotEntitled, match="You may not approve"):
        approve_letter(
            complaint_id=complaint.pk, number=proposal.number, by=again(both), now=NOW,
            seen=complaint.version + 1, words_hash="x", perform=lambda seen: complaint,
        )  # fmt: skip


@pytest.mark.parametrize("act", [Act.REFUSE_ESCALATION, Act.ACCEPT_ESCALATION])
def test_the_pages_say_why_a_request_is_not_theirs_to_decide(house, both, client, act):
    story = asked(house, "livv-two-stage", both)
    client.force_login(both)
    with time_machine.travel(NOW, tick=False):
        shown = client.get(reverse(f"cases:{act.value}", args=[story.complaint.reference]))
        data = SITUATIONS[act].data(story) | {
            "on_day": "16", "on_month": "6", "on_year": "2026",
        }  # fmt: skip
        sent = client.post(reverse(f"cases:{act.value}", args=[story.complaint.reference]), data)
    page = case_page(story.complaint, user=again(both), today=DAY)

    assert "You may not decide this." in shown.content.decode()
    assert sent.status_code == 422
    assert act not in {offer.act for offer in page.offers}
    assert any(each.act is act and each.reason for each in page.withheld)
    others = case_page(story.complaint, user=house[Role.DIRECTOR], today=DAY)
    assert act in {offer.act for offer in others.offers}


# A second person -------------------------------------------------------------------------------


@pytest.mark.rule("KF-14", "LV-9")
@pytest.mark.parametrize("way", ["email", "post", "letter_elsewhere", "phone"])
@pytest.mark.parametrize("code", REVIEWED)
def test_nobody_refuses_a_request_alone_where_the_procedure_wants_a_second_person(house, code, way):
    customer = CustomerFactory(**({"email": "", "post_unsafe": True} if way == "phone" else {}))
    story = Story(house, code, customer=customer)
    if story.complaint.stage == "initial":
        story.passed_on()
    story.answered().asked()
    telling = Telling(way, "The policy was followed.", unwritten_because="No address.")
    if way == "letter_elsewhere":
        telling = written_elsewhere(story.complaint, "The policy was followed.")
    before = RecordedEvent.objects.count()

    with pytest.raises(ApprovalNeeded):
        do(story, escalate.refuse_escalation, house[Role.DIRECTOR], telling=telling, **REFUSAL)

    assert RecordedEvent.objects.count() == before
    assert story.complaint.status == "awaiting_decision"


@pytest.mark.rule("KF-14", "LV-9")
@pytest.mark.parametrize("code", REVIEWED)
def test_one_director_asks_another_approves_and_both_are_recorded(house, client, code):
    story = Story(house, code)
    if story.complaint.stage == "initial":
        story.passed_on()
    story.answered().asked()
    address = story.complaint.reference
    with time_machine.travel(NOW, tick=False):
        client.force_login(house[Role.DIRECTOR])
        shown = client.get(reverse("cases:refuse-escalation", args=[address]))
        data = SITUATIONS[Act.REFUSE_ESCALATION].data(story) | {
            "on_day": "16", "on_month": "6", "on_year": "2026",
        }  # fmt: skip
        asked = client.post(reverse("cases:refuse-escalation", args=[address]), data)
        waits = Letter.objects.filter(kind="escalation_refused").exists()
        client.force_login(house[Role.LINE_MANAGER])
        other = client.get(reverse("cases:approve-letter", args=[address]))
        client.force_login(house[Role.ASSISTANT_DIRECTOR])
        form = client.get(reverse("cases:approve-letter", args=[address])).context["form"]
        read = {name: form[name].value() for name in ("seen", "letter", "words_hash")}
        given = {**read, "decision": "approve", "reason": ""}
        decided = client.post(reverse("cases:approve-letter", args=[address]), given)

    asking = shown.context["form"]
    assert (asking.button_text, "approver" in asking.fields) == ("Ask for approval", True)
    assert (asked.status_code, waits) == (302, False)
    assert other.context["form"] is None
    assert decided.status_code == 302
    story.complaint.refresh_from_db()
    assert story.complaint.status == "answered"
    last = story.complaint.events.order_by("-number")[:3]
    assert [(each.kind, each.actor_id) for each in reversed(last)] == [
        ("letter_proposed", house.people[Role.DIRECTOR].pk),
        ("letter_decided", house.people[Role.ASSISTANT_DIRECTOR].pk),
        ("escalation_refused", house.people[Role.DIRECTOR].pk),
    ]
    assert LetterProposal.objects.get().letter.kind == "escalation_refused"


def test_where_the_procedure_wants_no_second_person_one_director_refuses(house):
    refused_by_one("livv-two-stage")
    story = Story(house, "livv-two-stage").passed_on().answered().asked()

    do(story, escalate.refuse_escalation, house[Role.DIRECTOR], telling=WORDS, **REFUSAL)

    assert story.complaint.status == "answered"


@pytest.mark.parametrize(("code", "wanted"), [(code, code in REVIEWED) for code in sorted(TERMS)])
def test_each_procedure_says_whether_a_second_person_approves_refusals(code, wanted):
    routes = [stage.customer_route for stage in TERMS[code].stages if stage.customer_route]
    said = "A second person approves each refusal."

    assert any(route.refusal_approved for route in routes) is wanted
    assert any(said in route_sentence(route, TERMS[code]) for route in routes) is wanted
