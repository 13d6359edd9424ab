"""Who follows a complaint besides its customer, and what a new e-mail address opens at first."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import (
    Complaint,
    Customer,
    JointComplainant,
    Letter,
    Level,
    OutboundMessage,
    Representative,
)
from cases.models.tracking import Proof
from cases.operations.customer_changes import change_customer
from cases.operations.customers import Particulars
from cases.operations.from_customer import (
    add_from_customer,
    ask_for_next_stage,
    withdraw_by_customer,
)
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.operations.tracking import close_tracking, hand_out_code
from cases.rules.events import Outcome
from cases.rules.roles import Role
from cases.selectors.customer_page import last_change_of
from cases.tests.answering import acknowledge, respond
from cases.tests.factories import CustomerFactory
from feedback.tests.conftest import NOW
from feedback.tests.tracking import Follower, acknowledged, words

pytestmark = pytest.mark.usefixtures("now")
COORDINATOR = Role.COMPLAINTS_COORDINATOR
CONFIRMED = {
    "authority": "confirmed",
    "established_by": "signed_form",
    "authority_on": NOW.date(),
    "gets_letters": True,
}
# What is for the customer alone, whoever may speak for them; and all that a visit can do.
FOR_THE_CUSTOMER = ("wishes", "speaker", "withdraw")
ACTS = ("add", "next-stage", *FOR_THE_CUSTOMER)


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


@pytest.fixture
def customer(db) -> Customer:
    return CustomerFactory(name="Margaret Shaw", email="margaret@example.org")


def speaker_of(complaint: Complaint, **details) -> Representative:
    """Return somebody who may speak for the customer, and has copies by e-mail."""
    given = {"name": "Ada Advocate", "email": "ada@example.org", **CONFIRMED, **details}
    return complaint.representatives.create(**given)


def copied(house, customer, **details) -> tuple[Complaint, str]:
    """Return a complaint of which somebody has the letters too, and the link in their copy."""
    complaint = house.lodge(customer=customer)
    speaker_of(complaint, **details)
    return write(house, complaint), sent_to("ada@example.org")


def write(house, complaint: Complaint) -> Complaint:
    """Write a letter to the customer, with its copies."""
    complaint.refresh_from_db()
    return acknowledge(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=complaint.version,
        on=NOW.date(),
        telling=Telling("email"),
    )


def sent_to(address: str) -> str:
    """Return the path of the link in the newest letter to an address, or nothing."""
    body = OutboundMessage.objects.filter(to_address=address).latest("pk").body
    token = body.partition("/track/link/")[2].partition("/")[0]
    return reverse("feedback:track-link", args=[token]) if token else ""


def comes_in(link: str) -> Follower:
    follower = Follower()
    assert follower.client.post(link, REMOTE_ADDR=follower.address).status_code == 302
    return follower


@pytest.mark.promise("P14")
def test_whoever_may_speak_follows_it_by_a_link_in_their_copy_and_changes_nothing_of_the_customer(
    house, customer
):
    complaint, link = copied(house, customer)
    own = sent_to("margaret@example.org")

    speaker = comes_in(link)

    page = words(speaker.get("tracked"))
    assert "The complaint that you speak for" in page
    assert "because you may speak for Margaret Shaw" in page
    assert complaint.summary not in page
    copy, letter = Letter.objects.get(copy_of__isnull=False), Letter.objects.get(copy_of=None)
    got = speaker.get("tracked-letter", copy.event_number)
    assert b"".join(got.streaming_content).startswith(b"%PDF")
    assert speaker.get("tracked-letter", letter.event_number).status_code == 404
    for name in FOR_THE_CUSTOMER:
        assert reverse(f"feedback:tracked-{name}") not in page
        assert speaker.get(f"tracked-{name}").status_code == 404
        assert speaker.post(f"tracked-{name}", {"words": "Stop it."}).status_code == 404
    assert comes_in(own).is_in


# What they do -------------------------------------------------------------------------------------

POWER = {"established_by": "power_of_attorney"}


def offered(follower: Follower) -> set[str]:
    """Return what the page offers to do, and make sure that the rest is not there."""
    page = words(follower.get("tracked"))
    found = {name for name in ACTS if reverse(f"feedback:tracked-{name}") in page}
    for name in set(ACTS) - found - {"next-stage"}:
        assert follower.get(f"tracked-{name}").status_code == 404
        assert follower.post(f"tracked-{name}", {"words": "Stop it."}).status_code == 404
    return found


@pytest.mark.rule("HH-4", "KF-1", "LV-1")
@pytest.mark.parametrize(
    ("details", "acts"),
    [
        ({}, {"add", "next-stage"}),
        ({"kind": "solicitor"}, {"add", "next-stage"}),
        ({"scope": "Only about the lift"}, {"add"}),
        (POWER, {"add", "next-stage", "withdraw"}),
        ({**POWER, "scope": "Only about the lift"}, {"add"}),
    ],
    ids=["confirmed", "solicitor", "limited", "power of attorney", "limited power"],
)
def test_whoever_speaks_does_what_their_authority_reaches_to_and_no_more(
    house, customer, details, acts
):
    complaint, _link = copied(house, customer, **details)
    respond(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=NOW,
        seen=complaint.version,
        on=NOW.date(),
        answer=Answer(outcome=Outcome.NOT_UPHELD),
        telling=Telling("email", "We found the lift in order."),
    )
    speaker = comes_in(sent_to("ada@example.org"))

    assert offered(speaker) == acts
    if "next-stage" not in acts:
        assert speaker.get("tracked-next-stage").status_code == 404
        asked = speaker.post("tracked-next-stage", {"reasons": "No."})
        assert asked.status_code == 404
        page = words(speaker.get("tracked"))
        # What they can add themselves they are not told to ring for.
        assert "rite to us, to ask for the next stage." in page
        assert "to add something or to ask" not in page
        return
    asked = speaker.post("tracked-next-stage", {"reasons": "It is out again."})
    assert asked["Location"] == reverse("feedback:tracked")
    event = complaint.events.get(kind="escalation_requested")
    assert event.facts["by_speaker"] == complaint.representatives.get().pk


def test_what_whoever_speaks_adds_is_theirs_on_the_record(house, customer, sign_in):
    complaint, link = copied(house, customer)
    speaker = comes_in(link)
    page = words(speaker.get("tracked-add"))
    assert "You do this for Margaret Shaw." in page
    assert "We do not write to them about what you add." in page
    assert "We tell them what we do" not in page

    said = speaker.post("tracked-add", {"words": "She cannot use the stairs.", "do": "send"})

    assert said["Location"] == reverse("feedback:tracked")
    page = words(sign_in(COORDINATOR).get(complaint.get_absolute_url()))
    assert "Something added, by Ada Advocate who speaks for the customer" in page
    assert "She cannot use the stairs." in page
    assert "The customer added something" not in page
    message = OutboundMessage.objects.filter(kind="from_customer").latest("pk")
    assert "Whoever speaks for the customer has added something" in message.body
    assert "Advocate" not in message.body
    assert message.subject.endswith(": whoever speaks for the customer has been in touch")


@pytest.mark.promise("P18")
def test_a_power_of_attorney_withdraws_it_and_the_customer_hears_of_it(house, customer):
    complaint, link = copied(house, customer, **POWER)
    speaker = comes_in(link)

    speaker.post("tracked-withdraw", {"is_sure": "on"})

    complaint.refresh_from_db()
    assert not complaint.is_open
    event = complaint.events.get(kind="withdrawn")
    assert event.facts["by_speaker"] == complaint.representatives.get().pk
    letter = Letter.objects.get(kind="closing", copy_of=None)
    assert letter.to_name == "Margaret Shaw"


@pytest.mark.parametrize(
    ("act", "more"),
    [
        (add_from_customer, {"key": "a" * 32, "words": "More."}),
        (ask_for_next_stage, {"reasons": "No."}),
        (withdraw_by_customer, {"words": ""}),
    ],
    ids=["add", "ask", "withdraw"],
)
@pytest.mark.parametrize(
    "change",
    [{"authority": "revoked"}, {"ends_on": NOW.date() - timedelta(days=1)}, None],
    ids=["revoked", "ended", "of another complaint"],
)
def test_nothing_is_done_for_a_customer_by_whoever_may_not_speak_any_more(
    house, customer, act, more, change
):
    complaint, _link = copied(house, customer, **POWER)
    speaker = complaint.representatives.get()
    if change is None:
        speaker = speaker_of(house.lodge(customer=customer), **POWER)
    else:
        Representative.objects.update(**change)
    before = complaint.events.count()

    with pytest.raises(ActionNotAllowed, match="may not do this for them"):
        act(complaint_id=complaint.pk, speaker_id=speaker.pk, now=NOW, **more)

    assert complaint.events.count() == before


@pytest.mark.parametrize(
    "change",
    [
        {"authority": "revoked"},
        {"ends_on": NOW.date() - timedelta(days=1)},
        {"authority": "claimed", "established_by": ""},
    ],
    ids=["revoked", "ended", "claimed"],
)
def test_it_ends_with_the_authority_at_once(house, customer, change):
    complaint, link = copied(house, customer)
    code = hand_out_code(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        proof=Proof.PHONE,
        speaker_id=complaint.representatives.get().pk,
    )
    speaker = comes_in(link)
    assert speaker.is_in

    Representative.objects.update(**change)

    assert not speaker.is_in
    assert Follower().client.post(link).status_code == 404
    assert Follower().enters(complaint.reference, code).status_code == 422


def test_a_joint_complainant_follows_it_by_a_code_and_sees_only_their_own_letters(house, customer):
    complaint = write(house, house.lodge(customer=customer))
    other = CustomerFactory(name="Owen Shaw", email="owen@example.org")
    joint = JointComplainant.objects.create(complaint=complaint, customer=other)
    common = {"complaint_id": complaint.pk, "by": house[COORDINATOR], "now": NOW}
    mine = hand_out_code(**common, proof=Proof.PHONE)
    code = hand_out_code(**common, proof=Proof.POST, joint_id=joint.pk)

    together, first = Follower(), Follower()
    together.enters(complaint.reference, code)
    first.enters(complaint.reference, mine)

    page = words(together.get("tracked"))
    assert "Your complaint" in page
    assert "We have not written to you about it yet." in page
    assert complaint.summary not in page
    assert together.get("tracked-wishes").status_code == 404
    assert first.get("tracked-wishes").status_code == 200
    close_tracking(**common)
    assert not together.is_in
    assert not first.is_in


def test_what_is_sensitive_and_an_address_that_others_have_too_get_no_link(house, customer):
    shared = house.lodge(customer=customer)
    speaker_of(shared, email="MARGARET@example.org")
    write(house, shared)
    assert sent_to("MARGARET@example.org") == ""
    other = CustomerFactory(name="Sam Hill", email="sam@example.org")
    complaint, link = copied(house, other)
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.SENSITIVE.value)

    assert Follower().client.post(link).status_code == 404


def test_a_code_is_for_nobody_who_may_not_be_told(house, customer):
    complaint = write(house, house.lodge(customer=customer))
    claims = speaker_of(complaint, authority="claimed", established_by="", authority_on=None)
    common = {"complaint_id": complaint.pk, "by": house[COORDINATOR], "now": NOW}

    for whom in ({"speaker_id": claims.pk}, {"joint_id": 999_999}):
        with pytest.raises(ActionNotAllowed, match="may not be told where"):
            hand_out_code(**common, proof=Proof.PHONE, **whom)


def test_the_page_of_colleagues_makes_a_code_for_each_follower(house, customer, sign_in):
    complaint = write(house, house.lodge(customer=customer))
    speaker = speaker_of(complaint, address="1 Quay Street", relationship="Daughter")
    client, path = sign_in(COORDINATOR), reverse("cases:following", args=[complaint.reference])

    page = words(client.get(path))
    made = words(client.post(path, {"step": "post", "whom": f"speaker:{speaker.pk}"}))

    assert "Ada Advocate" in page
    assert "Daughter" in page
    assert "A code for Ada Advocate" in made
    assert "1 Quay Street" in made
    assert "by which Ada Advocate follows" in str(
        list(complaint.events.values_list("words__parts"))
    )
    code = made.partition("Your code: <strong>")[2][:14]
    follower = Follower()
    follower.enters(complaint.reference, code)
    assert follower.is_in
    assert "Code on paper, Ada Advocate" in words(client.get(path))


# A new address ---------------------------------------------------------------------------------


def move(house, customer: Customer, **changes) -> Customer:
    """Let a colleague change what is known of the customer."""
    names = Particulars.__dataclass_fields__
    known = {name: getattr(customer, name) for name in names}
    return change_customer(
        Particulars(**{**known, **changes}),
        customer_id=customer.pk,
        seen=last_change_of(customer),
        by=house[COORDINATOR],
        now=NOW,
    )


@pytest.mark.promise("P14")
def test_a_new_address_opens_nothing_for_a_day_and_the_old_one_is_told(house, customer, sign_in):
    complaint = acknowledged(house, customer=customer)

    move(house, customer, email="stranger@example.org")

    assert Follower().asks_for_code(complaint.reference) == ""
    complaint.refresh_from_db()
    [told] = OutboundMessage.objects.filter(kind="customer_address")
    assert told.to_address == "margaret@example.org"
    for secret in ("Margaret", complaint.reference, "stranger", "complain"):
        assert secret not in told.subject + told.body
    page = words(sign_in(COORDINATOR).get(reverse("cases:following", args=[complaint.reference])))
    assert "as that address is new. The old one was told" in page
    assert "/track/link/" not in letter_now(house, complaint)
    with time_machine.travel(NOW + timedelta(days=1, minutes=1), tick=False):
        cache.clear()
        assert len(Follower().asks_for_code(complaint.reference)) == 8


def letter_now(house, complaint: Complaint) -> str:
    """Write to the customer by e-mail, and return what was queued."""
    write_to_customer(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=complaint.version,
        telling=Telling("email", "We are looking into it."),
    )
    return OutboundMessage.objects.filter(complaint=complaint).latest("pk").body


@pytest.mark.parametrize(
    "changes",
    [{"email": ""}, {"email": "new@example.org", "email_unsafe": True}, {"phone": "0151 1"}],
    ids=["no address", "not safe", "another particular"],
)
def test_nobody_is_written_to_where_it_is_not_safe_or_nothing_changed(house, customer, changes):
    move(house, customer, **changes)

    assert not OutboundMessage.objects.filter(kind="customer_address").exists()


@pytest.mark.parametrize("answer", ["whole", "notice"])
def test_whoever_speaks_says_on_their_own_page_what_emails_to_them_say(house, customer, answer):
    complaint, link = copied(house, customer, letters_by_email=answer == "notice")
    speaker = comes_in(link)
    assert reverse("feedback:tracked-emails") in words(speaker.get("tracked"))
    before = Complaint.objects.get(pk=complaint.pk).version

    said = speaker.post("tracked-emails", {"email_says": answer})

    assert said["Location"] == reverse("feedback:tracked")
    assert Representative.objects.get().letters_by_email is (answer == "whole")
    assert Complaint.objects.get(pk=complaint.pk).version == before + 1
    speaker.post("tracked-emails", {"email_says": answer})
    assert Complaint.objects.get(pk=complaint.pk).version == before + 1


def test_whoever_complains_too_says_it_on_theirs_and_the_customer_on_the_page_of_wishes(
    house, customer
):
    complaint = house.lodge(customer=customer)
    other = CustomerFactory(email="olu@example.org", preferred_channel="email")
    JointComplainant.objects.create(complaint=complaint, customer=other, gets_letters=True)
    write(house, complaint)
    follower = comes_in(sent_to("olu@example.org"))

    follower.post("tracked-emails", {"email_says": "notice"})

    other.refresh_from_db()
    assert not other.letters_by_email
    assert ("Whole letters by e-mail", "Yes", "No") in other.changes.latest("pk").lines
    assert comes_in(sent_to("margaret@example.org")).get("tracked-emails").status_code == 404


def test_whoever_has_no_letters_by_email_is_not_asked_what_they_say(house, customer):
    _complaint, link = copied(house, customer)
    speaker = comes_in(link)
    Representative.objects.update(gets_letters=False)

    assert speaker.get("tracked-emails").status_code == 404
    assert speaker.post("tracked-emails", {"email_says": "whole"}).status_code == 404
    assert reverse("feedback:tracked-emails") not in words(speaker.get("tracked"))
    assert not Representative.objects.get().letters_by_email
