"""Webhooks: off until hosts are listed, told of what a key reaches, signed, tried again."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.test import Client

from cases import tasks
from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    Complaint,
    Delivery,
    Exclusion,
    Level,
    SettingsChange,
    Webhook,
    WebhookDelivery,
)
from cases.operations import webhooks
from cases.operations.api_keys import end_key
from cases.operations.assign import triage
from cases.operations.outside_calls import NotReached
from cases.operations.webhooks import (
    SETTLED,
    Told,
    WebhookWanted,
    end_webhook,
    find_what_to_tell,
    make_webhook,
    tell_next,
    try_again,
)
from cases.rules.api_keys import ApiScope
from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.rules.webhooks import NEWS, SIGNATURE, TOLD_OF, WAITS
from cases.tests.imports.files import Files, row
from cases.tests.settings.conftest import NOW

pytestmark = pytest.mark.promise("P22")
URL = "https://hooks.example.org/complaints?from=us"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def listed(settings):
    """One host that may be told."""
    settings.WEBHOOK_HOSTS = [("hooks.example.org", 443)]
    settings.PUBLIC_BASE_URL = "https://complaints.example"


@pytest.fixture
def admin(house):
    return house[Role.SYSTEM_ADMINISTRATOR]


@pytest.fixture
def hook(program, admin):
    """A function that makes a webhook with a program's key, and returns it with its secret."""

    def make(*kinds, ours=None):
        ours = ours or program()
        wanted = WebhookWanted(ours.key.prefix, URL, kinds or list(TOLD_OF))
        return make_webhook(wanted, by=admin, now=NOW)

    return make


@pytest.fixture
def outside(monkeypatch):
    """What went outside; it answers with the status in `answer`, or as unreachable with none."""

    class Outside:
        answer = 200

        def __init__(self):
            self.calls = []

        def call(self, to, body, headers):
            self.calls.append((to.url, body, headers))
            if not self.answer:
                raise NotReached("It did not answer in time.")
            return self.answer

    found = Outside()
    monkeypatch.setattr(webhooks, "call", found.call)
    return found


def tell(now=LATER) -> list[Told]:
    find_what_to_tell(now=now)
    told = []
    while outcome := tell_next(now=now):
        told.append(outcome)
    return told


def test_a_complaint_that_is_logged_is_told_once(house, hook, outside):
    made, _ = hook()
    complaint = house.lodge()

    assert tell() == [Told.SENT]
    assert tell(LATER + timedelta(days=1)) == []
    [(url, body, _)] = outside.calls
    assert url == URL
    event = complaint.events.get(kind="logged")
    assert json.loads(body) == {
        "id": f"{made.code}-{event.pk}",
        "event": "logged",
        "reference": complaint.reference,
        "occurred_on": "2026-06-08",
        "recorded_at": event.recorded_at.isoformat(),
        "link": f"https://complaints.example/complaints/{complaint.reference}/",
    }


def test_what_is_told_has_nobodys_name_and_no_word(house, hook, outside):
    hook()
    complaint = house.lodge(desired_outcome="A lift.")
    tell()

    sent = repr(outside.calls)
    customer = complaint.customer
    hidden = [customer.name, customer.email, customer.phone, complaint.summary, "A lift."]
    assert complaint.reference in sent
    assert [each for each in hidden if each in sent] == []


def test_the_signature_covers_the_time_and_the_body(house, hook, outside):
    _, secret = hook()
    house.lodge()
    tell()

    [(_, body, headers)] = outside.calls
    moment, made = (part.split("=")[1] for part in headers[SIGNATURE].split(","))
    right = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert made == right
    assert int(moment) == int(LATER.timestamp())
    assert secret not in Webhook.objects.get().locked_secret


def test_only_what_happened_afterwards_and_was_asked_for_is_told(house, hook, outside):
    house.lodge()
    hook(EventKind.CLOSED)
    house.lodge()

    assert tell() == []


def test_what_waits_long_to_be_accepted_is_told_when_it_is(house, hook, outside):
    hook(EventKind.LOGGED, EventKind.TRIAGED)
    complaint = house.lodge(triaged=False)
    accepted = NOW + 3 * SETTLED

    assert tell() == tell(accepted) == []
    triage(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=accepted,
        seen=complaint.version,
        area_id=house.team.pk,
        officer_id=None,
        category_id=None,
        level=Level.NORMAL,
    )

    assert tell(accepted + timedelta(minutes=1)) == [Told.SENT]
    [(_, body, _)] = outside.calls
    assert (json.loads(body)["event"], json.loads(body)["reference"]) == (
        "triaged",
        complaint.reference,
    )


@pytest.mark.parametrize(("days", "told"), [(NEWS.days, [Told.SENT]), (NEWS.days + 1, [])])
def test_old_cases_that_are_taken_in_are_no_news(house, hook, outside, tmp_path, days, told):
    hook(EventKind.CLOSED)
    on = NOW.date() - timedelta(days=days)
    area = {"service_area": house.team.name, "summary": "The lift."}
    done = Files(tmp_path).bring_in(
        row("received", on.isoformat(), **area), row("closed", on.isoformat())
    )
    assert done.messages == []

    assert Complaint.objects.get().closed_on == on
    assert tell() == told


@pytest.mark.promise("P4")
@pytest.mark.parametrize("hidden_by", ["level", "triage", "area", "exclusion"])
def test_of_what_its_key_does_not_reach_nothing_is_told_and_no_trace_is_left(
    house, hook, outside, hidden_by
):
    hook()
    elsewhere = {"area_id": house.other_team.pk} if hidden_by == "area" else {}
    hidden = house.lodge(triaged=hidden_by != "triage", **elsewhere)
    if hidden_by == "level":
        Complaint.objects.filter(pk=hidden.pk).update(level=Level.RESTRICTED.value)
    if hidden_by == "exclusion":
        Exclusion.objects.create(complaint=hidden, user=house[Role.DIRECTOR], reason="subject")

    assert tell() == []
    assert not WebhookDelivery.objects.exists()
    assert outside.calls == []


def test_what_is_hidden_before_it_was_told_is_told_no_more(house, hook, outside):
    hook()
    complaint = house.lodge()
    find_what_to_tell(now=NOW)
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)

    assert tell_next(now=LATER) is Told.CANCELLED
    assert outside.calls == []


def test_an_ended_key_is_told_nothing_more(house, hook, program, outside, admin):
    ours = program()
    hook(ours=ours)
    house.lodge()
    find_what_to_tell(now=NOW)
    end_key(prefix=ours.key.prefix, by=admin, now=NOW)
    house.lodge()

    assert tell() == [Told.CANCELLED]
    assert outside.calls == []


def test_an_ended_webhook_is_told_nothing_more(house, hook, outside, admin):
    made, _ = hook()
    house.lodge()
    find_what_to_tell(now=NOW)
    end_webhook(code=made.code, by=admin, now=NOW)
    house.lodge()

    assert tell() == []
    assert outside.calls == []


def test_a_host_that_is_listed_no_more_is_called_no_more(house, hook, outside, settings):
    hook()
    house.lodge()
    find_what_to_tell(now=NOW)
    settings.WEBHOOK_HOSTS = [("other.example.org", 443)]

    assert tell_next(now=LATER) is Told.UNDELIVERABLE
    assert outside.calls == []


def test_with_no_host_listed_the_task_does_nothing_and_nothing_can_be_set_up(
    house, hook, outside, settings
):
    made, _ = hook()
    house.lodge()
    settings.WEBHOOK_HOSTS = []

    assert tasks._tell() == ""
    assert outside.calls == []
    wanted = WebhookWanted(made.key.prefix, URL, list(TOLD_OF))
    with pytest.raises(ActionNotAllowed, match="off"):
        make_webhook(wanted, by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW)


def test_the_task_tells(house, hook, outside):
    hook()
    house.lodge()

    assert tasks._tell() == "1 sent"


@pytest.mark.parametrize("answer", [0, 302, 404, 500])
def test_what_was_not_taken_is_tried_again_and_then_left_to_a_person(
    house, hook, outside, admin, answer
):
    outside.answer = answer
    made, _ = hook()
    house.lodge()
    moment, outcomes = LATER, []
    find_what_to_tell(now=NOW)
    for wait in (*WAITS, timedelta()):
        outcomes.append(tell_next(now=moment))
        assert tell_next(now=moment) is None
        moment += wait

    row = WebhookDelivery.objects.get()
    assert outcomes == [*[Told.LATER] * len(WAITS), Told.UNDELIVERABLE]
    assert (row.state, row.attempts) == (Delivery.UNDELIVERABLE, len(WAITS) + 1)
    assert row.last_error.startswith(f"It answered {answer}." if answer else "It did not answer")
    outside.answer = 204
    assert try_again(code=made.code, by=admin, now=moment) == 1
    assert tell_next(now=moment) is Told.SENT


def test_while_an_address_does_not_answer_nothing_else_of_its_own_is_tried(house, hook, outside):
    outside.answer = 0
    hook()
    for _ in range(5):
        house.lodge()

    assert tell() == [Told.LATER]
    assert len(outside.calls) == 1


def test_a_try_that_was_cut_short_is_taken_up_again_after_its_lease(house, hook, outside):
    hook()
    house.lodge()
    find_what_to_tell(now=NOW)
    webhooks._claim(now=NOW)

    assert tell_next(now=NOW + timedelta(seconds=30)) is None
    assert tell_next(now=NOW + timedelta(minutes=2)) is Told.SENT


def test_what_comes_to_light_late_under_an_earlier_number_is_told_too(house, hook, outside):
    """A transaction that ends after another began later has a smaller number."""
    hook(EventKind.LOGGED)
    late, other = (house.lodge(on=NOW.date()) for _ in range(2))
    find_what_to_tell(now=NOW)
    # As if the first had not been there to be found.
    WebhookDelivery.objects.filter(event__complaint=late).delete()

    assert find_what_to_tell(now=LATER) == 1
    assert find_what_to_tell(now=NOW + SETTLED) == 0
    assert Webhook.objects.get().after == other.events.latest("pk").pk
    WebhookDelivery.objects.all().delete()
    assert find_what_to_tell(now=NOW + SETTLED) == 0


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMINISTRATOR}))
def test_nobody_but_administrators_sets_one_up(house, program, role):
    wanted = WebhookWanted(program().key.prefix, URL, list(TOLD_OF))

    with pytest.raises(NotEntitled):
        make_webhook(wanted, by=house[role], now=NOW)


def test_nobody_else_ends_one_or_tries_it_again(house, hook):
    made, _ = hook()

    for act in (end_webhook, try_again):
        with pytest.raises(NotEntitled):
            act(code=made.code, by=house[Role.DIRECTOR], now=NOW)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": "https://127.0.0.1/"}, "https://"),
        ({"url": "http://hooks.example.org/"}, "https://"),
        ({"url": "https://other.example.org/"}, "listed"),
        ({"kinds": []}, "of what"),
        ({"kinds": [EventKind.ACCESS_CHANGED]}, "of what"),
        ({"prefix": "000000000000"}, "key in use"),
    ],
)
def test_a_webhook_goes_to_a_listed_address_with_a_key_and_is_told_of_something(
    program, admin, wrong, words
):
    right = {"prefix": program().key.prefix, "url": URL, "kinds": list(TOLD_OF)}

    with pytest.raises(ActionNotAllowed, match=words):
        make_webhook(WebhookWanted(**{**right, **wrong}), by=admin, now=NOW)


def test_a_key_that_reads_nothing_is_told_nothing(program, admin):
    ours = program(ApiScope.LODGE)

    with pytest.raises(ActionNotAllowed, match="key in use"):
        make_webhook(WebhookWanted(ours.key.prefix, URL, list(TOLD_OF)), by=admin, now=NOW)


# The pages ----------------------------------------------------------------------------------------


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_administrator_sets_one_up_sees_how_it_goes_and_ends_it(
    house, program, admin, outside, now
):
    ours = program()
    client = signed_in(admin)
    sent = {"key": ours.key.prefix, "url": URL, "kinds": ["logged"]}

    made = client.post("/settings/webhooks/make/", sent).content.decode()
    listed = client.get("/settings/webhooks/").content.decode()
    row = Webhook.objects.get()
    outside.answer = 500
    house.lodge()
    WebhookDelivery.objects.all().delete()
    tell()
    WebhookDelivery.objects.update(state=Delivery.UNDELIVERABLE)
    failing = client.get("/settings/webhooks/").content.decode()
    again = client.post(f"/settings/webhooks/{row.code}/again/", follow=True).content.decode()
    ended = client.post(
        f"/settings/webhooks/{row.code}/end/", {"do": "end"}, follow=True
    ).content.decode()

    assert "shown this once" in made
    assert "hooks.example.org" in listed
    assert "from=us" not in listed
    assert "1 could not be told" in failing
    assert "It answered 500." in failing
    assert "1 is tried again" in again
    assert "has ended" in ended
    acts = SettingsChange.objects.filter(act__startswith="Webhook").order_by("pk")
    assert [each.act for each in acts] == ["Webhook made", "Webhook tried again", "Webhook ended"]


def test_the_page_says_when_webhooks_are_off(admin, settings, now):
    settings.WEBHOOK_HOSTS = []
    page = signed_in(admin).get("/settings/webhooks/").content.decode()

    assert "Webhooks are off." in page
    assert "/settings/webhooks/make/" not in page
