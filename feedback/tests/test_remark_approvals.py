"""Thanks and answers about remarks: looked at before they go, and approved by a second person."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import ApprovalNeeded, NotEntitled
from cases.models import Landlord, OutboundMessage, RoleGrant, User
from cases.rules.letter_templates import ANSWERED, THANKS
from cases.rules.roles import Role
from cases.selectors.letter_approvals import SHOWN
from cases.selectors.running import current_edition
from cases.tests.factories import CustomerFactory, UserFactory
from feedback.models import RemarkLetter, RemarkProposal
from feedback.operations.remark_approvals import Wording, approve_remark_letter
from feedback.operations.remark_replies import acknowledge_remark
from feedback.operations.remarks import make_complaint
from feedback.rules.kinds import Way
from feedback.rules.remark_letters import Purpose
from feedback.selectors.my_approvals import remark_approvals_for
from feedback.selectors.remark_approvals import approvers_of, may_approve
from feedback.tests.conftest import NOW
from feedback.tests.factories import praise

pytestmark = [pytest.mark.django_db, pytest.mark.rule("K3-20")]

WORDS = "Dan was delighted."
BY_EMAIL = {"way": "email", "words": WORDS}


@pytest.fixture
def officer(sign_in):
    """Return the browser of somebody who works with customers."""
    return sign_in(Role.FRONT_LINE)


@pytest.fixture
def coordinator(sign_in):
    """Return the browser of the coordinator, who may be the second person."""
    return sign_in(Role.COMPLAINTS_COORDINATOR)


@pytest.fixture
def approved():
    """Let the landlord have thanks for compliments, and answers to suggestions, approved."""
    Landlord.objects.update(approved_letters=[THANKS, ANSWERED])


@pytest.fixture
def remark(house):
    """Return a compliment that waits to be thanked for."""
    return praise(received_on=NOW.date(), customer=CustomerFactory(email="olu@example.org"))


def page_of(remark, purpose="thanks") -> str:
    return reverse("feedback:approve", args=[remark.reference, purpose])


def thank(browser, remark, **typed):
    return browser.post(reverse("feedback:thank", args=[remark.reference]), BY_EMAIL | typed)


def read(browser, remark, purpose="thanks") -> tuple[str, str]:
    """Return the page with the letter, and the hash of its words."""
    page = browser.get(page_of(remark, purpose)).content.decode()
    found = re.search(r'name="words_hash" value="([0-9a-f]*)"', page)
    return page, found[1] if found else ""


def told(user) -> list[str]:
    sent = OutboundMessage.objects.filter(kind="letter_approval", to_user=user).order_by("pk")
    return [each.subject.partition(": ")[2] for each in sent]


def test_thanks_are_shown_as_they_would_go_and_nothing_is_sent(officer, remark):
    page = thank(officer, remark, preview="yes").content.decode()
    spoken = {"phone_on_day": "10", "phone_on_month": "6", "phone_on_year": "2026"}
    by_phone = thank(officer, remark, preview="yes", way="phone", **spoken).content.decode()

    assert "Preview: nothing is sent yet" in page
    assert "Thank you for the kind words" in page
    assert page.count(WORDS) == 2
    assert "No letter or e-mail goes." in by_phone
    assert not RemarkLetter.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_thanks_wait_for_a_second_person_and_go_in_the_words_that_were_approved(
    house, officer, coordinator, approved, remark
):
    asked = thank(officer, remark)
    thank(officer, remark)

    assert asked.status_code == 302
    assert not RemarkLetter.objects.exists()
    assert told(house[Role.COMPLAINTS_COORDINATOR]) == ["a letter waits for your approval"]
    listed = coordinator.get(reverse("feedback:staff-list"), {"show": "to-approve"})
    assert remark.reference in listed.content.decode()
    assert page_of(remark) in coordinator.get(remark.get_absolute_url()).content.decode()

    page, words_hash = read(coordinator, remark)
    done = coordinator.post(page_of(remark), {"decision": "approve", "words_hash": words_hash})

    assert WORDS in page
    assert done.status_code == 302
    letter = RemarkLetter.objects.get()
    assert (letter.issued_by, letter.proposal.decided_by) == (
        house[Role.FRONT_LINE],
        house[Role.COMPLAINTS_COORDINATOR],
    )
    assert WORDS in letter.message.body
    assert told(house[Role.FRONT_LINE]) == ["a letter was approved and goes now"]
    assert "Nothing waits" in read(coordinator, remark)[0]


def test_no_path_sends_a_letter_that_nobody_approved(house, approved, remark):
    with pytest.raises(ApprovalNeeded):
        acknowledge_remark(
            remark_id=remark.pk, by=house[Role.FRONT_LINE], now=NOW, way=Way.POST, on=NOW.date()
        )
    acknowledge_remark(
        remark_id=remark.pk, by=house[Role.FRONT_LINE], now=NOW, way=Way.PHONE, on=NOW.date()
    )

    assert not RemarkLetter.objects.exists()


def test_words_that_changed_since_they_were_read_do_not_go(
    house, officer, coordinator, approved, remark
):
    thank(officer, remark)
    _, words_hash = read(coordinator, remark)
    thank(officer, remark, words="Dan was not there.")

    refused = coordinator.post(page_of(remark), {"decision": "approve", "words_hash": words_hash})

    assert refused.status_code == 422
    assert "is not the same any more" in refused.content.decode()
    assert "Dan was not there." in refused.content.decode()
    assert not RemarkLetter.objects.exists()
    assert RemarkProposal.objects.get(state="waiting").typed["words"] == "Dan was not there."


def test_what_is_sent_back_comes_with_the_reason_and_all_that_was_typed(
    house, officer, coordinator, approved, remark
):
    thank(officer, remark)

    unsaid = coordinator.post(page_of(remark), {"decision": "send_back"})
    coordinator.post(page_of(remark), {"decision": "send_back", "reason": "Name the driver."})

    assert unsaid.status_code == 422
    assert "Name the driver." in officer.get(remark.get_absolute_url()).content.decode()
    form = officer.get(reverse("feedback:thank", args=[remark.reference])).content.decode()
    assert WORDS in form
    assert told(house[Role.FRONT_LINE]) == ["a letter was sent back to you"]
    thank(officer, remark, words="Dan, the driver, was delighted.")
    assert RemarkProposal.objects.filter(state="waiting").count() == 1
    assert "Name the driver." not in officer.get(remark.get_absolute_url()).content.decode()


def test_nobody_approves_their_own_and_its_author_may_take_it_back(
    house, coordinator, approved, remark
):
    UserFactory(roles=[Role.COMPLAINTS_COORDINATOR])
    thank(coordinator, remark)
    author = house[Role.COMPLAINTS_COORDINATOR]

    page, words_hash = read(coordinator, remark)
    common = {"remark_id": remark.pk, "purpose": Purpose.THANKS, "now": NOW}
    for by in (author, house[Role.FRONT_LINE]):
        with pytest.raises(NotEntitled):
            approve_remark_letter(**common, by=by, words_hash="a" * 64)
    with pytest.raises(IntegrityError, match=r"second_person|CHECK"), transaction.atomic():
        RemarkProposal.objects.update(
            state="approved", words_hash="a", decided_by=author, decided_at=NOW
        )
    taken = coordinator.post(page_of(remark), {"take_back": "yes"})

    assert "Nobody approves their own letter." in page
    assert words_hash == ""
    assert taken.status_code == 302
    assert RemarkProposal.objects.get().state == "withdrawn"


def test_where_nobody_else_may_approve_it_that_is_said_and_nothing_waits(
    house, officer, approved, remark
):
    RoleGrant.objects.exclude(user=house[Role.FRONT_LINE]).delete()

    refused = thank(officer, remark)

    assert refused.status_code == 422
    assert "Nobody else may approve this letter." in refused.content.decode()
    assert WORDS in refused.content.decode()
    assert not RemarkProposal.objects.exists()


def test_thanks_on_the_telephone_end_the_waiting(house, officer, approved, remark):
    thank(officer, remark)

    acknowledge_remark(
        remark_id=remark.pk, by=house[Role.FRONT_LINE], now=NOW, way=Way.PHONE, on=NOW.date()
    )

    assert RemarkProposal.objects.get().state == "withdrawn"


def test_a_letter_waits_no_more_once_what_it_answers_is_a_complaint(
    house, officer, coordinator, approved, remark
):
    thank(officer, remark)

    make_complaint(remark_id=remark.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)

    assert RemarkProposal.objects.get().state == "withdrawn"
    assert "Nothing waits" in read(coordinator, remark)[0]


def test_without_a_coordinator_the_managers_of_its_area_are_asked_in_three_queries(house, remark):
    house[Role.COMPLAINTS_COORDINATOR].grants.all().delete()
    remark.service_area = house.team
    elsewhere = [(Role.LINE_MANAGER, house.other_team)]
    UserFactory(roles=elsewhere)
    both = UserFactory(roles=[*elsewhere, (Role.LINE_MANAGER, house.team)])
    asking = house[Role.FRONT_LINE]

    with CaptureQueriesContext(connection) as asked:
        people = approvers_of(remark, but=asking)

    fresh = User.objects.exclude(pk=asking.pk).order_by("pk")
    assert people == [each for each in fresh if may_approve(each, remark)]
    assert both in people
    assert len(asked) <= 3


def test_the_answer_to_a_suggestion_is_approved_with_its_decision(
    house, officer, coordinator, approved
):
    remark = praise(
        kind="suggestion",
        received_on=NOW.date(),
        customer=CustomerFactory(email="wei@example.org"),
    )
    typed = {"decision": "taken_up", "answer": "A bench comes in July.", "way": "email"}

    officer.post(reverse("feedback:decide", args=[remark.reference]), typed)
    remark.refresh_from_db()
    waits = remark.decided_on
    _, words_hash = read(coordinator, remark, "answer")
    coordinator.post(page_of(remark, "answer"), {"decision": "approve", "words_hash": words_hash})
    remark.refresh_from_db()

    assert waits is None
    assert (remark.decision, remark.decided_by) == ("taken_up", house[Role.FRONT_LINE])
    assert "A bench comes in July." in RemarkLetter.objects.get().body


# My work -----------------------------------------------------------------------------------------


def work(browser):
    """Return what My work shows of letters for approval."""
    page = browser.get(reverse("cases:my-work"))
    return page.context["approvals"], " ".join(page.content.decode().split())


def test_my_work_shows_what_waits_to_whoever_may_approve_it_and_to_its_author(
    officer, coordinator, sign_in, house, approved, remark
):
    remark.service_area = house.team
    remark.save()
    thank(officer, remark)

    to_approve, page = work(coordinator)
    own, own_page = work(officer)
    elsewhere = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])
    managers, _ = work(sign_in(Role.LINE_MANAGER))
    client = Client()
    client.force_login(elsewhere)
    others, _ = work(client)

    [line] = to_approve.to_approve
    assert (line.url, line.words) == (page_of(remark), "Thanks for a compliment")
    assert "Letters to approve" in page
    assert (to_approve.own, to_approve.sent_back) == ([], [])
    assert [each.url for each in managers.to_approve] == [page_of(remark)]
    assert not others
    assert (own.to_approve, own.sent_back) == ([], [])
    assert "Your letters that wait for approval" in own_page
    taken = officer.post(own.own[0].url, {"take_back": str(own.own[0].number)})
    assert taken.status_code == 302
    assert not work(officer)[0]
    assert not work(coordinator)[0]


def test_my_work_shows_what_was_sent_back_until_it_is_said_otherwise(
    house, officer, coordinator, approved, remark
):
    thank(officer, remark)
    coordinator.post(page_of(remark), {"decision": "send_back", "reason": "Name the driver."})

    back, page = work(officer)
    theirs, _ = work(coordinator)

    [line] = back.sent_back
    assert line.url == reverse("feedback:thank", args=[remark.reference])
    assert line.whom == house[Role.COMPLAINTS_COORDINATOR].name
    assert "Name the driver." in page
    assert WORDS in officer.get(line.url).content.decode()
    assert not theirs
    acknowledge_remark(
        remark_id=remark.pk, by=house[Role.FRONT_LINE], now=NOW, way=Way.PHONE, on=NOW.date()
    )
    assert not work(officer)[0]


def test_the_answer_to_a_suggestion_that_came_back_leads_to_where_it_is_decided(
    officer, coordinator, approved, house
):
    remark = praise(
        kind="suggestion",
        received_on=NOW.date(),
        customer=CustomerFactory(email="wei@example.org"),
    )
    typed = {"decision": "taken_up", "answer": "A bench comes in July.", "way": "email"}
    officer.post(reverse("feedback:decide", args=[remark.reference]), typed)
    address = page_of(remark, "answer")
    assert work(coordinator)[0].to_approve[0].url == address

    coordinator.post(address, {"decision": "send_back", "reason": "Which July?"})

    [line] = work(officer)[0].sent_back
    assert line.url == reverse("feedback:decide", args=[remark.reference])
    assert line.due_on is None


def test_what_waits_or_came_back_is_urgent_as_letters_of_complaints_are(
    officer, coordinator, approved, remark
):
    remark.acknowledge_by = NOW.date()
    remark.save()
    thank(officer, remark)

    [line] = work(coordinator)[0].to_approve

    assert line.is_urgent
    assert line.due_on == NOW.date()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.PANEL_MEMBER])
def test_whoever_reads_no_remarks_is_asked_nothing(
    house, approved, role, django_assert_num_queries
):
    reader, calendar = house[role], current_edition().calendar
    assert not reader.has_role(Role.FRONT_LINE)

    with django_assert_num_queries(0):
        assert not remark_approvals_for(reader, NOW.date(), calendar)


def test_however_many_wait_it_is_one_query_and_the_oldest_are_shown(
    house, officer, coordinator, approved, django_assert_num_queries
):
    remarks = [
        praise(received_on=NOW.date(), customer=CustomerFactory(email=f"olu{n}@example.org"))
        for n in range(SHOWN + 1)
    ]
    for remark in remarks:
        thank(officer, remark)
    reader, calendar = house[Role.COMPLAINTS_COORDINATOR], current_edition().calendar
    assert reader.has_role(Role.COMPLAINTS_COORDINATOR)

    with django_assert_num_queries(1):
        found = remark_approvals_for(reader, NOW.date(), calendar)

    assert [each.reference for each in found.to_approve] == [r.reference for r in remarks[:SHOWN]]
    assert found.is_more
    assert work(coordinator)[0].is_more


@pytest.mark.one_database
def test_a_letter_that_waits_is_read_by_every_later_release():
    # What rows have that wait already: a name that changes needs a migration for them.
    typed = {
        "way": "email",
        "words": WORDS,
        "decision": "",
        "other_text": "Diolch.",
        "other_language": "cy",
        "language_because": "",
    }

    wording = Wording.read(RemarkProposal(purpose="thanks", typed=typed))

    assert wording.typed == typed


def test_the_landlord_chooses_it_among_the_letters(sign_in, house):
    administrator = sign_in(Role.SYSTEM_ADMINISTRATOR)
    page = reverse("cases:landlord-approvals")

    shown = administrator.get(page).content.decode()
    administrator.post(page, {"kinds": [THANKS], "seen": "0"})

    assert "Thanks for a compliment" in shown
    assert Landlord.objects.get().approved_letters == [THANKS]
