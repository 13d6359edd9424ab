"""Compensation: for what, how much, who may approve it, and what became of it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.errors import ActionNotAllowed, LetterIncomplete, NotEntitled, ReasonMissing, WrongDate
from cases.models import (
    Absence,
    Alert,
    EventWords,
    Landlord,
    Letter,
    OutboundMessage,
    RoleGrant,
    User,
)
from cases.operations import awards
from cases.operations.awards import NO_OFFER, Offer, Payment
from cases.operations.close import close, reopen, withdraw
from cases.operations.correct import retract
from cases.operations.hearing import send_outcome
from cases.operations.landlord import change_awards
from cases.operations.promises import Proof, keep_promise, withdraw_promise
from cases.operations.rebuild import rebuild_projections
from cases.operations.reminders import sweep_deadlines
from cases.operations.stage_acts import Answer, resolve
from cases.operations.telling import Telling
from cases.rules.awards import USUAL_LIMITS, Head, limit_of
from cases.rules.events import EventKind, Outcome, PanelDecision
from cases.rules.foresight import days_off
from cases.rules.gaps import gaps_of
from cases.rules.lateness import overdue_promises
from cases.rules.roles import Role
from cases.selectors.awards_waiting import awards_to_approve
from cases.selectors.case_history import history_of
from cases.selectors.promises import promises_owed, told_offers, told_promises
from cases.selectors.reach import take_up
from cases.tests.answering import respond
from cases.tests.case_page.situations import TODAY, WRITTEN, Story
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at

OFFICER, MANAGER, HEAD = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE
COORDINATOR = Role.COMPLAINTS_COORDINATOR
DAY = date(2026, 6, 12)
SENT = Telling("email", "We looked into it.")
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


@pytest.mark.parametrize(("amount", "approver"), [(50, MANAGER), (251, HEAD)])
def test_who_may_approve_so_much_is_told_and_then_who_proposed_it(story, amount, approver):
    propose(story, amount)
    asked = OutboundMessage.objects.filter(subject__contains="waits for approval")
    told = list(asked.values_list("to_user", flat=True))
    decide(story, approver)
    decided = OutboundMessage.objects.get(subject__contains="is decided")

    assert told == [story.house[approver].pk]
    assert decided.to_user == story.house[OFFICER]
    assert "that you proposed is approved." in decided.body
    assert "£" not in decided.subject + decided.body.partition("Sign in")[0]


def waits_for(house) -> set[Role]:
    """Return on whose My work compensation stands to approve, of those who handle complaints."""
    return {role for role in (OFFICER, MANAGER, HEAD, COORDINATOR) if to_approve(house[role])}


def to_approve(person) -> list[str]:
    """Return the amounts on somebody's My work."""
    again = User.objects.get(pk=person.pk)
    take_up(again, DAY)
    return [f"{each.amount}" for each in awards_to_approve(again).lines]


@pytest.mark.parametrize(("amount", "whose"), [(50, {MANAGER, HEAD}), (251, {HEAD})])
def test_compensation_waits_on_the_work_of_whoever_may_approve_so_much(story, amount, whose):
    assert waits_for(story.house) == set()

    propose(story, amount)

    assert waits_for(story.house) == whose
    assert to_approve(story.house[HEAD]) == [f"{amount}.00"]
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []
    decide(story, HEAD)
    assert waits_for(story.house) == set()


def test_what_somebody_proposed_waits_for_others_alone_and_not_for_whom_it_is_shut_to(story):
    propose(story, 50, by=MANAGER)
    assert waits_for(story.house) == {HEAD}

    story.complaint.exclusions.create(user=story.house[HEAD], reason="conflict")

    assert waits_for(story.house) == set()


def test_my_work_shows_it_and_leads_to_where_it_is_decided(story, client):
    propose(story, 50)
    client.force_login(story.house[MANAGER])

    with time_machine.travel(at(DAY), tick=False):
        page = client.get("/my-work/").content.decode()

    assert "Compensation to approve" in page
    assert (
        f'href="{reverse("cases:decide-compensation", args=[story.complaint.reference])}"' in page
    )


def test_where_none_waits_one_query_says_so(house, django_assert_num_queries):
    manager = User.objects.get(pk=house[MANAGER].pk)
    take_up(manager, DAY)

    with django_assert_num_queries(1):
        assert not awards_to_approve(manager)


def test_a_role_that_may_not_approve_is_not_told_however_high_its_limit(story):
    officer = story.house[OFFICER]
    RoleGrant.objects.create(user=officer, role=COORDINATOR.value)

    propose(story, 80, by=HEAD)

    asked = OutboundMessage.objects.filter(subject__contains="waits for approval")
    assert [each.to_user for each in asked] == [story.house[MANAGER]]


def test_who_stands_in_for_the_manager_is_told(story):
    deputy = UserFactory()
    manager = story.house[MANAGER]
    Absence.objects.create(user=manager, deputy=deputy, first_day=DAY, last_day=DAY)

    propose(story, 80)

    asked = OutboundMessage.objects.filter(subject__contains="waits for approval")
    assert deputy in [each.to_user for each in asked]


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

    body = story.complaint.letters.get().body
    assert "We offer you £50.00 in compensation." in body
    assert "It is for: " in body
    assert "£50.00." in body


SET_OFF = "£50.00 of it goes against what you owe us, and is not paid out to you."


@pytest.mark.parametrize("by_answer", [True, False], ids=["by the answer", "by itself"])
def test_the_customer_reads_that_what_is_offered_goes_against_their_arrears(story, by_answer):
    propose(story, 50, set_off=True, set_off_because="They asked for it.")
    decide(story, MANAGER)
    if by_answer:
        answer(story, Offer(approved=[story.award]))
    else:
        story.act(awards.offer_compensation, OFFICER, DAY, award=story.award, on=DAY, telling=SENT)

    body = story.complaint.letters.latest("pk").body
    assert "We offer you £50.00 in compensation." in body
    assert SET_OFF in body
    assert "They asked for it." not in body


ACCEPT = "Please tell us whether you accept it"


def test_an_answer_that_offers_money_asks_whether_it_is_accepted(story):
    answer(story, own("40.00"))

    body = story.complaint.letters.get().body
    assert body.count(ACCEPT) == 1
    assert body.index("We offer you £40.00") < body.index(ACCEPT)


def test_an_answer_without_money_asks_for_no_acceptance(story):
    answer(story, Offer())

    assert "accept it" not in story.complaint.letters.get().body


@pytest.mark.parametrize(
    ("accepted", "words"),
    [(True, "Offer of compensation accepted: £50.00"), (False, "not accepted: £50.00")],
)
def test_the_record_says_what_became_of_which_amount(story, accepted, words):
    propose(story, 50)
    decide(story, MANAGER)
    answer(story, Offer(approved=[story.award]))
    story.act(awards.record_answer, OFFICER, DAY, award=story.award, on=DAY, accepted=accepted)
    client = Client()
    client.force_login(story.house[OFFICER])

    page = client.get(story.complaint.get_absolute_url()).content.decode()

    assert "Compensation approved: £50.00" in page
    assert words in page


def test_the_record_says_which_amount_was_not_approved(story):
    propose(story, 50)
    decide(story, MANAGER, approved=False, reason="Too much.")
    client = Client()
    client.force_login(story.house[OFFICER])

    page = client.get(story.complaint.get_absolute_url()).content.decode()

    assert "Compensation not approved: £50.00" in page


def test_what_is_paid_out_is_not_said_to_go_against_arrears(story):
    propose(story, 50)
    decide(story, MANAGER)
    answer(story, Offer(approved=[story.award]))

    assert "what you owe us" not in story.complaint.letters.get().body


def test_whoever_approves_reads_that_it_is_set_off_and_why(story):
    propose(story, 50, set_off=True, set_off_because="They asked for it.")
    client = Client()
    client.force_login(story.house[MANAGER])

    page = client.get(f"{story.complaint.get_absolute_url()}decide-compensation/").content.decode()

    assert "Set off against arrears: They asked for it." in page
    assert "set off against arrears" in page.split("Which compensation")[1]


def own(amount, basis="Three weeks."):
    """Return an offer of one's own, for distress."""
    return Offer(heads=[(Head.DISTRESS, Decimal(amount))], basis=basis)


def answer(story, offer, by=OFFICER):
    """Answer the stage with an offer."""
    given = Answer(Outcome.UPHELD, remedy_words=["We apologise to you."], offer=offer)
    return story.act(respond, by, DAY, on=DAY, answer=given, telling=SENT)


def resolve_with(story, offer):
    """Record a resolution that offers compensation, by e-mail."""
    return story.act(
        resolve, OFFICER, DAY, on=DAY, words="The lift was mended.", apologised=True, close=True,
        telling=SENT, offer=offer,
    )  # fmt: skip


def outcome_with(story, offer, by=COORDINATOR):
    """Send the outcome of a hearing that offers compensation."""
    return story.act(
        send_outcome, by, TODAY, on=TODAY,
        answer=Answer(Outcome.UPHELD, remedy_words=["We apologise to you."], offer=offer),
        decision=PanelDecision.CHANGED, telling=SENT,
    )  # fmt: skip


def steps(story):
    """Return the steps of compensation as they are recorded."""
    kinds = story.complaint.events.order_by("number").values_list("kind", flat=True)
    return [kind for kind in kinds if kind.startswith("compensation")]


OFFERED = ["compensation_proposed", "compensation_offered"]


def test_what_an_answer_offers_within_its_authors_limit_is_compensation_like_any(story):
    answer(story, own("100.00"))

    assert award(story).standing == "Offered on 12 June 2026"
    assert award(story).heads_words == "distress and inconvenience £100.00"
    assert award(story).is_within_limit
    assert story.complaint.events.get(kind="compensation_proposed").words.parts["basis"]
    assert steps(story) == OFFERED
    assert story.complaint.events.get(kind="responded").facts["remedies"] == ["financial"]
    body = story.complaint.letters.get().body
    assert "We offer you £100.00 in compensation." in body


def test_an_answer_offers_no_more_than_that_without_approval(story):
    with pytest.raises(ActionNotAllowed, match=r"up to £100\.00 on your own"):
        answer(story, own("100.01"))

    assert steps(story) == []


def test_small_offers_do_not_add_up_to_more_than_the_limit(house):
    story = Story(house, "herefordshire")
    resolve_with(story, own("60.00"))
    story.act(awards.record_answer, OFFICER, DAY, award=story.award, on=DAY, accepted=False)
    story.act(close, COORDINATOR, DAY, on=DAY, words="")
    story.act(reopen, COORDINATOR, DAY, on=DAY, words="It broke again.")

    with pytest.raises(ActionNotAllowed, match=r"£60\.00 of which you offered already"):
        resolve_with(story, own("40.01"))
    resolve_with(story, own("40.00"))


@pytest.mark.parametrize(
    ("offer", "refusal", "why"),
    [
        (own("10.00", basis=" "), ReasonMissing, "how the amount was worked out"),
        (own("0.00"), ReasonMissing, "at least one head"),
        (Offer(approved=[2]), ActionNotAllowed, "not the next step"),
    ],
    ids=["no basis", "no amount", "not approved"],
)
def test_no_letter_offers_money_without_head_and_basis_or_approval(story, offer, refusal, why):
    propose(story, 400)
    with pytest.raises(refusal, match=why):
        answer(story, offer)

    assert award(story).standing == "Waits for approval"
    assert not story.complaint.letters.exists()


def test_compensation_is_no_remedy_without_an_amount(story):
    with pytest.raises(ReasonMissing, match="how much compensation"):
        story.act(
            respond, OFFICER, DAY, on=DAY, answer=Answer(Outcome.UPHELD, remedies=["financial"]),
            telling=SENT,
        )  # fmt: skip


def test_an_answer_offers_what_was_approved_and_that_is_the_offer(story):
    propose(story, 400)
    decide(story, HEAD)

    answer(story, Offer(approved=[story.award]))

    assert award(story).standing == "Offered on 12 June 2026"
    assert "We offer you £400.00 in compensation." in story.complaint.letters.get().body


def test_a_resolution_offers_compensation_and_stays_open_until_it_is_paid(house):
    story = Story(house, "herefordshire")
    resolve_with(story, own("25.00"))

    body = story.complaint.letters.get().body
    assert "We offer you £25.00 in compensation." in body
    assert "It is for: distress and inconvenience £25.00." in body
    assert award(story).standing == "Offered on 12 June 2026"
    assert story.complaint.is_open


# Herefordshire's panel, whose outcome a coordinator sends.


def test_the_outcome_of_a_hearing_offers_nothing_that_nobody_approved(house):
    story = Story(house, "herefordshire").heard()
    with pytest.raises(ActionNotAllowed, match=r"up to £0\.00 on your own"):
        outcome_with(story, own("9000.00"))

    assert steps(story) == []
    assert story.complaint.answered_on is None


def test_the_outcome_of_a_hearing_offers_what_was_approved(house):
    story = Story(house, "herefordshire").heard()
    given = {"heads": [(Head.DELAY, Decimal(9000))], "basis": "Two years."}
    story.act(awards.propose_compensation, COORDINATOR, TODAY, **given)
    story.act(awards.decide_compensation, Role.DIRECTOR, TODAY, award=story.award, approved=True)

    outcome_with(story, Offer(approved=[story.award]))

    assert award(story).standing == "Offered on 22 June 2026"
    assert "We offer you £9000.00 in compensation." in story.complaint.letters.latest("pk").body


# Offered and not answered ------------------------------------------------------------------------


@pytest.fixture
def offered(story):
    """Return a complaint that was answered, and whose customer did not answer an offer yet."""
    answer(story, NO_OFFER)
    return story.offered()


UNTIL = date(2026, 7, 10)


def closes(story, on=TODAY):
    return story.act(close, COORDINATOR, on, on=on, words="")


def stays_open(story, until=UNTIL, on=TODAY, by=OFFICER, **more):
    given = {"award": story.award, "on": on, "until": until, "telling": SENT, **more}
    return story.act(awards.keep_offer_open, by, on, **given)


def withdrawn(story, on=TODAY, by=MANAGER, reason="We asked you three times.", **more):
    given = {"award": story.award, "on": on, "telling": Telling("email", reason), **more}
    return story.act(awards.withdraw_offer, by, on, **given)


def owed_to(person, today=TODAY):
    again = User.objects.get(pk=person.pk)
    take_up(again, today)
    return [(each.words, each.due_on) for each in promises_owed(again, today=today)]


def test_a_complaint_is_not_closed_over_an_offer_that_nobody_answered(offered):
    with pytest.raises(ActionNotAllowed, match=r"£100\.50 was offered and not answered"):
        closes(offered)

    assert offered.complaint.is_open


def test_after_a_refusal_of_the_offer_the_complaint_is_closed(offered):
    given = {"award": offered.award, "on": TODAY, "accepted": False}
    offered.act(awards.record_answer, OFFICER, TODAY, **given)

    closes(offered)

    assert not offered.complaint.is_open


def test_after_the_offer_was_withdrawn_the_complaint_is_closed(offered):
    withdrawn(offered)

    closes(offered)

    assert award(offered).standing == "The offer was withdrawn"
    assert award(offered).waits_for is None
    assert not offered.complaint.is_open


def test_an_offer_is_not_withdrawn_without_saying_why(offered):
    with pytest.raises(ReasonMissing, match="why the offer is withdrawn"):
        withdrawn(offered, reason=" ")

    assert award(offered).accepted is None


OPEN = "Our offer of £100.50 in compensation"


def test_an_offer_that_stays_open_is_on_my_work_and_keeps_the_complaint_open(offered):
    stays_open(offered)

    [offer] = history_of(offered.complaint).state.open_offers
    assert (offer.words, offer.due_on) == ("Offer of compensation, open to the customer", UNTIL)
    assert owed_to(offered.house[OFFICER]) == [(OPEN, UNTIL)]
    with pytest.raises(ActionNotAllowed, match=r"£100\.50 was offered and not answered"):
        closes(offered)
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


AFTER = UNTIL + timedelta(days=1)


def test_an_offer_that_stayed_open_is_no_promise_of_ours_when_its_day_has_passed(offered):
    stays_open(offered)

    history = history_of(offered.complaint)
    state = history.state
    assert (state.open_promises, overdue_promises(state, AFTER)) == ([], [])
    assert told_promises(history) == []
    assert gaps_of(state, history.terms, today=AFTER, documented=range(100)) == []
    offered.complaint.refresh_from_db()
    assert (offered.complaint.promise_due_on, offered.complaint.next_due_on) == (None, None)


def test_nobody_is_alerted_that_an_offer_that_stayed_open_is_late(offered):
    stays_open(offered)
    Alert.objects.all().delete()

    sweep_deadlines(now=at(date(2026, 7, 20), 10))

    assert not Alert.objects.filter(code__startswith="offer").exists()


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (UNTIL, "Open to the customer until"),
        (AFTER, "Open no longer: record what became of it"),
    ],
    ids=["its last day", "the day after"],
)
def test_my_work_says_that_an_offer_is_open_or_was_and_never_that_it_is_overdue(
    offered, client, today, words
):
    stays_open(offered)
    client.force_login(offered.house[OFFICER])

    with time_machine.travel(at(today), tick=False):
        page = client.get(reverse("cases:my-work")).content.decode()
        shown = client.get(offered.complaint.get_absolute_url()).content.decode()

    assert words in page
    assert "Record the answer" in page
    assert "Overdue" not in page
    assert "Overdue" not in shown


def test_a_letter_after_the_day_of_an_open_offer_recalls_no_promise_and_no_lateness(story):
    story.offered()
    stays_open(story, until=date(2026, 6, 23))
    day = date(2026, 6, 24)
    found = Answer(Outcome.UPHELD, remedy_words=["We apologise to you."])
    story.act(respond, OFFICER, day, on=day, answer=found, telling=SENT)

    body = story.complaint.letters.latest("pk").body
    assert "We apologise to you." in body
    assert OPEN not in body
    assert "is late" not in body


@pytest.mark.parametrize(
    ("becomes", "today", "now"),
    [
        (None, UNTIL, "open"),
        (None, AFTER, "ended"),
        (True, AFTER, "accepted"),
        (False, AFTER, "not_accepted"),
    ],
)
def test_the_customer_is_told_what_became_of_an_open_offer(offered, becomes, today, now):
    stays_open(offered)
    if becomes is not None:
        given = {"award": offered.award, "on": today, "accepted": becomes}
        offered.act(awards.record_answer, OFFICER, today, **given)

    [told] = told_offers(history_of(offered.complaint), today=today)

    assert (told.words, told.now) == (OPEN, now)
    assert told.on == (UNTIL if becomes is None else today)


@pytest.mark.parametrize("accepted", [None, True, False], ids=["waits", "accepted", "not accepted"])
def test_the_customer_sees_what_an_answer_offered_and_what_became_of_it(story, accepted):
    answer(story, own("40.00"))
    made = history_of(story.complaint).state.awards[0].offered_on
    if accepted is not None:
        given = {"award": story.award, "on": DAY, "accepted": accepted}
        story.act(awards.record_answer, OFFICER, DAY, **given)

    [told] = told_offers(history_of(story.complaint), today=DAY)

    assert told.words == "We offered you £40.00 in compensation"
    now = {None: "waiting", True: "accepted", False: "not_accepted"}[accepted]
    assert (told.now, told.on) == (now, made if accepted is None else DAY)


def test_the_customer_sees_nothing_of_what_was_only_proposed_or_approved(story):
    propose(story, 50)
    assert told_offers(history_of(story.complaint), today=DAY) == []
    decide(story, MANAGER)
    assert told_offers(history_of(story.complaint), today=DAY) == []


def test_the_customer_is_told_that_an_open_offer_was_withdrawn(offered):
    stays_open(offered)
    withdrawn(offered, on=AFTER)

    [told] = told_offers(history_of(offered.complaint), today=AFTER)

    assert (told.now, told.on) == ("withdrawn", AFTER)


def test_the_copy_of_the_record_and_the_case_sheet_call_no_offer_late_or_to_be_done(
    offered, client
):
    stays_open(offered)
    client.force_login(offered.house[COORDINATOR])
    copy, sheet = (
        reverse(f"cases:{name}", args=[offered.complaint.reference])
        for name in ("record-copy", "case-sheet")
    )

    with time_machine.travel(at(AFTER), tick=False):
        copied = client.get(copy).content.decode()
        printed = client.get(sheet).content.decode()

    assert f"{OPEN}: it was open to you until 10 July 2026." in copied
    assert "still to be done" not in copied
    assert "Ended on Fri 10 Jul 2026" in printed
    assert "Overdue" not in printed


def test_an_offer_stays_on_my_work_after_the_complaint_ended_otherwise(offered):
    stays_open(offered)
    offered.act(withdraw, OFFICER, TODAY, on=TODAY, words="They moved away.")

    assert not offered.complaint.is_open
    assert [on for _, on in owed_to(offered.house[OFFICER])] == [UNTIL]


@pytest.mark.parametrize(
    ("accepted", "left"), [(False, []), (True, ["payment"])], ids=["not accepted", "accepted"]
)
@pytest.mark.rule("HH-29")
def test_its_answer_ends_the_open_offer_and_is_never_late(offered, accepted, left):
    stays_open(offered)
    later = date(2026, 7, 14)
    given = {"award": offered.award, "on": later, "accepted": accepted}
    offered.act(awards.record_answer, OFFICER, later, **given)

    state = history_of(offered.complaint).state
    assert [each.code.split("-")[0] for each in state.open_promises] == left
    assert "avoidable" not in offered.complaint.events.latest("number").facts
    [offer] = [each for each in state.deadlines if each.code.startswith("offer")]
    assert (offer.state.value, offer.met_on) == ("used", later)
    history = history_of(offered.complaint)
    assert gaps_of(state, history.terms, today=later, documented=range(100)) == []


def test_withdrawing_it_lifts_the_open_offer(offered):
    stays_open(offered)
    withdrawn(offered, on=AFTER)

    states = [e.state for e in history_of(offered.complaint).state.deadlines if e.promise]
    assert [each.value for each in states] == ["lifted"]


def test_an_offer_is_not_kept_open_until_a_day_that_has_passed(offered):
    with pytest.raises(WrongDate):
        stays_open(offered, until=date(2026, 6, 19))


def test_an_open_offer_stays_open_longer_and_never_shorter(offered):
    stays_open(offered)
    with pytest.raises(WrongDate, match="open longer, not shorter"):
        stays_open(offered, until=UNTIL)

    stays_open(offered, until=date(2026, 7, 31))

    [offer] = history_of(offered.complaint).state.open_offers
    assert (offer.original_due_on, offer.due_on) == (UNTIL, date(2026, 7, 31))


def test_a_day_of_the_customers_that_is_no_working_day_asks_nothing_of_us(offered):
    before = history_of(offered.complaint).state
    stays_open(offered, until=date(2026, 7, 12))

    after = history_of(offered.complaint)

    assert days_off(before, after.state, after.editions) == []


def test_the_customer_is_told_by_letter_until_when_an_offer_stays_open(offered):
    stays_open(offered, words="They think about it.")

    letter = offered.complaint.letters.latest("pk")
    assert letter.kind == "offer_open"
    assert "We offered you £100.50 in compensation" in letter.body
    assert "Our offer stays open to you until Friday 10 July 2026." in letter.body
    assert "They think about it." not in letter.body


def test_the_customer_is_told_by_letter_of_a_later_day_as_of_the_first(offered):
    stays_open(offered)
    stays_open(offered, until=date(2026, 7, 31))

    letter = offered.complaint.letters.latest("pk")
    assert letter.kind == "offer_open"
    assert "stays open to you until Friday 31 July 2026." in letter.body
    assert "We are sorry: it will now be done" not in letter.body


def test_the_customer_is_told_by_letter_that_an_offer_is_withdrawn_and_why(offered):
    withdrawn(offered)

    letter = offered.complaint.letters.latest("pk")
    assert letter.kind == "offer_withdrawn"
    assert "We offered you £100.50 in compensation" in letter.body
    assert "We asked you three times." in letter.body


@pytest.mark.parametrize("on", [TODAY, UNTIL], ids=["the day it was told", "its last day"])
def test_an_offer_is_not_withdrawn_by_the_day_until_which_it_was_told_as_open(offered, on):
    stays_open(offered)

    with pytest.raises(ActionNotAllowed, match="stays open until 10 July 2026"):
        withdrawn(offered, on=on)

    assert award(offered).waits_for is EventKind.COMPENSATION_ANSWERED
    withdrawn(offered, on=AFTER)
    assert award(offered).is_withdrawn


@pytest.mark.parametrize("by", [MANAGER, HEAD, COORDINATOR])
def test_whoever_may_withdraw_a_promise_may_withdraw_an_offer(offered, by):
    withdrawn(offered, by=by)

    assert award(offered).is_withdrawn


@pytest.mark.parametrize("by", [OFFICER, Role.FRONT_LINE])
def test_who_only_works_on_the_complaint_withdraws_no_offer(offered, by):
    with pytest.raises(NotEntitled):
        withdrawn(offered, by=by)

    assert award(offered).waits_for is EventKind.COMPENSATION_ANSWERED


def test_the_front_line_keeps_no_offer_open(offered):
    with pytest.raises(NotEntitled):
        stays_open(offered, by=Role.FRONT_LINE)

    assert history_of(offered.complaint).state.open_offers == []


@pytest.mark.parametrize("name", ["keep-offer-open", "withdraw-offer"])
def test_what_they_said_is_kept_whatever_becomes_of_the_offer(offered, client, name):
    client.force_login(offered.house[COORDINATOR])
    url = reverse(f"cases:{name}", args=[offered.complaint.reference])
    days = [("on", TODAY), ("open_until", UNTIL)]
    typed = {
        "seen": offered.complaint.version,
        "award": offered.award,
        **{
            f"{field}_{part}": getattr(day, part)
            for field, day in days
            for part in ("day", "month", "year")
        },
        "words": "They rang: they are not sure.",
        "channel": "phone",
        "letter": "We asked you three times.",
        "promising": "no",
    }
    with time_machine.travel(at(TODAY), tick=False):
        sent = client.post(url, typed | {"confirm": "yes"})

    assert sent.status_code == 302, sent.context["form"].errors
    words = EventWords.objects.filter(event__complaint=offered.complaint).latest("pk").parts
    assert words["note"] == "They rang: they are not sure."


# Owed ------------------------------------------------------------------------------------------


@pytest.fixture
def owed(story):
    """Return a complaint that was answered, whose customer accepted £100.50."""
    answer(story, NO_OFFER)
    return story.accepted()


def payment(story):
    """Return the promise to pay."""
    return story.complaint.deadlines.promised().get()


def test_accepting_is_a_promise_with_a_day_that_is_owed_until_it_is_paid(owed):
    promise = payment(owed)

    assert (promise.words, promise.state) == ("Compensation to be paid", "open")
    # Twenty working days after Monday 22 June.
    assert promise.due_on == date(2026, 7, 20) == owed.complaint.promise_due_on
    assert [each.words for each in told_promises(history_of(owed.complaint))] == [
        "We pay you £100.50 in compensation"
    ]
    with pytest.raises(ActionNotAllowed, match="must be paid"):
        owed.act(close, COORDINATOR, TODAY, on=TODAY, words="")

    owed.act(awards.record_payment, OFFICER, TODAY, award=owed.award, on=TODAY, proof="BACS 4711")

    assert payment(owed).state == "met"
    owed.act(close, COORDINATOR, TODAY, on=TODAY, words="")
    assert owed.complaint.status == "closed"
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


def test_declining_promises_nothing(story):
    story.offered()
    story.act(
        awards.record_answer, MANAGER, TODAY, award=story.award, on=TODAY, accepted=False,
    )  # fmt: skip

    assert not story.complaint.deadlines.promised().exists()


def test_whoever_records_the_acceptance_says_by_when_and_who_sees_to_it(story, house):
    story.offered()
    by_then = Payment(date(2026, 6, 30), keeper=house[HEAD].pk)
    story.act(
        awards.record_answer, MANAGER, TODAY, award=story.award, on=TODAY, accepted=True,
        payment=by_then,
    )  # fmt: skip

    assert (payment(story).due_on, payment(story).keeper) == (date(2026, 6, 30), house[HEAD])
    found = promises_owed(house[HEAD], today=TODAY)
    assert [(each.words, each.is_own) for each in found] == [
        ("We pay you £100.50 in compensation", True)
    ]
    assert "/pay-compensation/" in found[0].keep_url
    with pytest.raises(WrongDate):
        Story(house, "code-2024").offered().act(
            awards.record_answer, MANAGER, TODAY, award=story.award, on=TODAY, accepted=True,
            payment=Payment(date(2026, 6, 1)),
        )  # fmt: skip


def test_an_unpaid_offer_is_chased_like_any_promise(owed):
    sweep_deadlines(now=at(date(2026, 7, 15)))
    soon = Alert.objects.filter(complaint=owed.complaint, code__startswith="payment")
    assert {alert.recipient for alert in soon} == {owed.house[OFFICER]}

    sweep_deadlines(now=at(date(2026, 7, 21)))

    assert owed.house[MANAGER] in {alert.recipient for alert in soon.all()}


def test_a_payment_is_not_ticked_off_or_withdrawn_like_another_promise(owed):
    number = payment(owed).promise
    with pytest.raises(ActionNotAllowed, match="paying compensation"):
        owed.act(keep_promise, OFFICER, TODAY, promise=number, on=TODAY, proof=Proof("Paid."))
    with pytest.raises(ActionNotAllowed, match="paying compensation"):
        owed.act(withdraw_promise, MANAGER, TODAY, promise=number, on=TODAY, telling=SENT)


def test_striking_out_the_acceptance_takes_the_promise_away(owed):
    number = payment(owed).promise
    owed.act(retract, COORDINATOR, TODAY, number=number, reason="She meant another complaint.")

    assert not owed.complaint.deadlines.promised().exists()
    assert award(owed).standing == "Offered on 22 June 2026"


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
    with time_machine.travel(at(DAY), tick=False):
        page = client.get(reverse("cases:respond", args=[story.complaint.reference]))
    folded = page.content.decode().partition("Guidance on amounts")[2].partition("</details>")[0]
    assert "A day: £9" in folded


def test_an_answer_shows_no_fold_where_the_landlord_has_no_guidance(story, client):
    Landlord.objects.update(award_guidance="")
    client.force_login(story.house[OFFICER])

    with time_machine.travel(at(DAY), tick=False):
        page = client.get(reverse("cases:respond", args=[story.complaint.reference]))

    assert "How it was worked out" in page.content.decode()
    assert "Guidance on amounts" not in page.content.decode()


# Something else ---------------------------------------------------------------------------------

OTHER = [(Head.DELAY, Decimal(20)), (Head.OTHER, Decimal(50))]


def test_something_else_is_told_by_its_own_name_whoever_offers_it(story):
    propose(story, 0, heads=OTHER, something_else="A torn sofa cover.")
    decide(story, Role.LINE_MANAGER, award=award(story).number)
    more = Offer([award(story).number], [(Head.OTHER, Decimal(5))], "A tin.", "paint")

    answer(story, more)

    body = Letter.objects.get().body
    assert "It is for: delay £20.00, A torn sofa cover £50.00, paint £5.00." in body


def test_something_else_that_nobody_names_is_not_offered(story):
    with pytest.raises(ReasonMissing, match="Say what “something else” is"):
        propose(story, 0, heads=OTHER)
    with pytest.raises(ReasonMissing, match="Say what “something else” is"):
        answer(story, Offer(heads=OTHER, basis="Three weeks."))

    assert not steps(story)


@pytest.mark.parametrize("words", ["", "The £50 are for the sofa cover."])
def test_what_was_approved_before_it_had_to_be_named_is_told_in_the_words_of_the_letter(
    story, words
):
    propose(story, 0, heads=OTHER, something_else="A torn sofa cover.")
    decide(story, Role.LINE_MANAGER, award=award(story).number)
    parts = story.complaint.events.get(kind="compensation_proposed").words
    EventWords.objects.filter(pk=parts.pk).update(parts={"basis": "Three weeks."})

    def offer():
        story.act(
            awards.offer_compensation, OFFICER, DAY, award=award(story).number, on=DAY,
            telling=replace(SENT, words=words),
        )  # fmt: skip

    if not words:
        with pytest.raises(LetterIncomplete, match="for what the compensation is"):
            offer()
        return
    offer()
    body = Letter.objects.get().body
    assert "It is for: delay £20.00.\n\n" in body
    assert words in body
    assert "something else" not in body


def test_the_form_asks_for_its_name_and_its_amount(client, house, story):
    client.force_login(house[OFFICER])
    url = reverse("cases:propose-compensation", args=[story.complaint.reference])
    sent = {"seen": story.complaint.version, "basis": "Three weeks.", "set_off": "no"}

    with time_machine.travel(at(DAY), tick=False):
        unnamed = client.post(url, {**sent, "other": "50"})
        unpriced = client.post(url, {**sent, "delay": "20", "something_else": "A sofa cover"})
        saved = client.post(url, {**sent, "other": "50", "something_else": "A sofa cover"})

    assert unnamed.context["form"].errors.keys() == {"something_else"}
    assert unpriced.context["form"].errors.keys() == {"other"}
    assert saved.status_code == 302
    parts = story.complaint.events.get(kind="compensation_proposed").words.parts
    assert parts["something_else"] == "A sofa cover"
