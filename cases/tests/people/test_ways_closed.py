"""No message goes where it is not safe, or by a way that a restriction closes without a reason."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from cases.errors import ActionNotAllowed, ComplaintError
from cases.models import (
    ContactRestriction,
    Customer,
    Delivery,
    JointComplainant,
    Letter,
    OutboundMessage,
    RecordedEvent,
    Representative,
)
from cases.operations.messages import Tried, deliver_next, requeue_message
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.posting import send_by_post
from cases.operations.restrictions import end_restriction, show_again
from cases.operations.telling import Telling
from cases.operations.ways import CLOSED
from cases.rules.restrictions import RestrictionState
from cases.rules.roles import Role
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.people.conftest import NOW

pytestmark = pytest.mark.rule("HH-6")
HOMES = ["1 Quay Street", "2 Dock Road"]
MAILBOXES = ["ann@example.org", "bob@example.org"]


def restrict(customer, house, *ways: str) -> ContactRestriction:
    """Let a restriction count that closes these ways."""
    restriction = ContactRestriction.objects.create(
        customer=customer,
        closed=list(ways),
        reason="Rings forty times a day.",
        evidence="The list of calls.",
        considered="Anxiety.",
        review_on=MONDAY + timedelta(days=60),
        proposed_at=NOW,
        proposed_by=house[Role.COMPLAINTS_COORDINATOR],
        state=RestrictionState.IN_FORCE.value,
        decided_at=NOW,
        decided_by=house[Role.DIRECTOR],
        starts_on=MONDAY,
    )
    show_again(customer)
    return restriction


def tell(complaint, by, channel, **details) -> None:
    complaint.refresh_from_db()
    write_to_customer(
        complaint_id=complaint.pk,
        by=by,
        now=NOW,
        seen=complaint.version,
        telling=Telling(channel, "We are looking into it.", **details),
    )


def test_a_way_that_a_restriction_closes_is_refused_in_the_operation(
    house, complaint, customer, coordinator
):
    restrict(customer, house, "email")

    with pytest.raises(ActionNotAllowed, match="Closed by the restriction"):
        tell(complaint, coordinator, "email")
    tell(complaint, coordinator, "post")

    assert Letter.objects.get().channel == "post"
    assert not OutboundMessage.objects.filter(to_address=customer.email).exists()


def test_with_a_reason_it_goes_and_the_reason_is_in_the_record(
    house, complaint, customer, coordinator
):
    restrict(customer, house, "email", "phone")

    tell(complaint, coordinator, "email", closed_because="The post is on strike.")

    note = RecordedEvent.objects.filter(complaint=complaint, kind="noted").get()
    assert "The post is on strike." in note.words.parts["note"]
    assert deliver_next(now=NOW) is Tried.SENT


def test_what_waits_when_a_way_is_closed_does_not_go_and_is_not_sent_again(
    house, complaint, customer, coordinator
):
    tell(complaint, coordinator, "email")
    restrict(customer, house, "email")

    assert deliver_next(now=NOW) is Tried.CANCELLED

    message = Letter.objects.get().message
    with pytest.raises(ActionNotAllowed, match="restricted since"):
        requeue_message(message_id=message.pk, by=coordinator, now=NOW)
    send_by_post(letter_id=Letter.objects.get().pk, by=coordinator, now=NOW)
    assert Letter.objects.get().channel == "post"


def test_a_restriction_that_ended_closes_nothing(house, complaint, customer, coordinator):
    restriction = restrict(customer, house, "email")
    by = house[Role.DIRECTOR]
    end_restriction(restriction_id=restriction.pk, words="It is calm again.", by=by, now=NOW)

    tell(complaint, coordinator, "email")

    assert Letter.objects.get().channel == "email"


def test_the_form_says_what_is_closed_and_asks_why(house, complaint, customer, coordinator, client):
    restrict(customer, house, "email")
    client.force_login(coordinator)
    url = reverse("cases:update", args=[complaint.reference])
    page = client.get(url)
    assert CLOSED in page.content.decode()
    assert page.context["form"]["channel"].value() == "post"
    complaint.refresh_from_db()
    sent = {"seen": complaint.version, "channel": "email", "letter": "We are looking into it."}

    refused = client.post(url, sent)

    assert refused.status_code == 422
    assert "Say why this way is used" in refused.content.decode()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("act", ["acknowledge", "extend", "refer-elsewhere", "explain-delay"])
def test_every_form_that_tells_the_customer_asks_why(
    house, complaint, customer, coordinator, client, act, time_machine
):
    time_machine.move_to(NOW + timedelta(days=30 if act == "explain-delay" else 0), tick=False)
    restrict(customer, house, "email")
    client.force_login(coordinator)

    page = client.get(reverse(f"cases:{act}", args=[complaint.reference]))

    assert page.content.decode().count('name="closed_because"') == 1


def test_who_is_not_restricted_is_asked_nothing(complaint, coordinator, client):
    client.force_login(coordinator)

    page = client.get(reverse("cases:update", args=[complaint.reference]))

    assert "closed_because" not in page.context["form"].fields


PERSON = st.fixed_dictionaries(
    {
        "email": st.sampled_from(MAILBOXES),
        "address": st.sampled_from(HOMES),
        "email_unsafe": st.booleans(),
        "post_unsafe": st.booleans(),
        "preferred_channel": st.sampled_from(["email", "post"]),
    }
)
SPEAKER = st.fixed_dictionaries(
    {"email": st.sampled_from(["", *MAILBOXES]), "address": st.sampled_from(["", *HOMES])}
)


def unsafe(people) -> set[tuple[str, str]]:
    """Return where nothing may go: the unsafe addresses of all who complain."""
    found = {("email", each.email) for each in people if each.email_unsafe}
    return found | {("post", each.address) for each in people if each.post_unsafe}


@pytest.mark.one_database
@drawn(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=PERSON,
    second=PERSON,
    speaker=SPEAKER,
    channel=st.sampled_from(["email", "post"]),
    closed=st.sets(st.sampled_from(["email", "post", "phone"]), max_size=2),
    reason=st.sampled_from(["", "A court wants it so."]),
)
@pytest.mark.django_db
def test_nothing_ever_goes_where_it_is_not_safe_to_customer_member_or_representative(
    drawn_house, first, second, speaker, channel, closed, reason
):
    # Each drawn case leaves nothing behind for the next.
    with transaction.atomic():
        check_one(drawn_house, first, second, speaker, channel, closed, reason)
        transaction.set_rollback(True)


@pytest.fixture
def drawn_house(house, complaint, coordinator):
    """Return what every drawn case begins with."""
    return house, complaint, coordinator


def check_one(drawn_house, first, second, speaker, channel, closed, reason) -> None:
    house, complaint, coordinator = drawn_house
    Customer.objects.filter(pk=complaint.customer_id).update(postcode="", **first)
    member = CustomerFactory(postcode="", **second)
    JointComplainant.objects.create(complaint=complaint, customer=member, gets_letters=True)
    Representative.objects.create(
        complaint=complaint,
        name="Bob Moyo",
        gets_letters=True,
        authority="confirmed",
        established_by="own_contact",
        authority_on=MONDAY,
        authority_seen="By telephone",
        **speaker,
    )
    people = [Customer.objects.get(pk=complaint.customer_id), member]
    if closed:
        restrict(people[0], house, *closed)
    try:
        tell(complaint, coordinator, channel, closed_because=reason)
    except ComplaintError:
        assert not Letter.objects.exists()
        return
    while deliver_next(now=NOW):
        pass
    gone = {
        ("email", each.to_address)
        for each in OutboundMessage.objects.filter(state=Delivery.SENT, to_user__isnull=True)
    }
    on_paper = Letter.objects.filter(channel="post").values_list("to_address", flat=True)
    gone |= {("post", each) for each in on_paper}
    assert not gone & unsafe(people)
    if channel in closed:
        assert reason
        assert RecordedEvent.objects.filter(complaint=complaint, kind="noted").exists()
