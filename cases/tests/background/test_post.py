"""E-mail that waits: what a coordinator makes of it."""

import pytest
import time_machine
from django.urls import reverse

from cases.models import (
    Adoption,
    Complaint,
    CustomerChange,
    InboundMail,
    MailState,
    RequestKind,
    ServiceRequest,
)
from cases.operations.mail_intake import take_mail
from cases.rules.roles import Role
from cases.tests.background.odd_mails import PDF, mail, with_files
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

NOW = at(MONDAY, 14)


@pytest.fixture
def waiting(house, client) -> InboundMail:
    """Return an e-mail with a file that waits, with a coordinator signed in."""
    Adoption.objects.all().delete()
    take_mail(with_files(("bill.pdf", PDF)), received_at=NOW, now=NOW)
    house.run("code-2024")
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    return InboundMail.objects.get()


@pytest.fixture
def became(house, client) -> InboundMail:
    """Return an e-mail with a file that became a complaint by itself."""
    take_mail(with_files(("bill.pdf", PDF)), received_at=NOW, now=NOW)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    return InboundMail.objects.get()


def test_a_complaint_made_by_itself_leads_to_saying_what_else_it_is(client, became):
    triage = client.get(reverse("cases:triage", args=[became.complaint.reference]))

    assert reverse("cases:post-mail", args=[became.code]) in triage.content.decode()


def test_it_is_said_whose_a_complaint_is_that_was_made_by_itself(client, became):
    known = CustomerFactory(name="Zoë S.", email="zoe@example.com")

    sort(client, became, what="complaint", customer=str(known.pk))

    became.complaint.refresh_from_db()
    assert became.complaint.customer == known
    assert became.decided_by is not None
    assert Complaint.objects.count() == 1


def test_the_name_given_to_a_complaint_made_by_itself_stands_in_the_customers_changes(
    client, became, house
):
    sort(client, became, what="complaint", name="Zoë Smith-Jones")

    became.complaint.refresh_from_db()
    customer = became.complaint.customer
    assert customer.name == "Zoë Smith-Jones"
    change = CustomerChange.objects.get(customer=customer)
    assert change.by == house[Role.COMPLAINTS_COORDINATOR]
    assert change.changes[0][2] == "Zoë Smith-Jones"


@pytest.mark.parametrize("what", ["request", "belongs", "not_ours"])
def test_what_became_a_complaint_by_itself_can_be_something_else(client, became, house, what):
    made, other = became.complaint, house.lodge()
    given = {
        "request": {"request_kind": RequestKind.values[0]},
        "belongs": {"reference": other.reference},
        "not_ours": {"reason": "An advertisement."},
    }

    sort(client, became, what=what, **given[what])

    made.refresh_from_db()
    assert (made.is_open, made.closed_as) == (False, "annulled")
    assert made.files.count() == 0
    assert became.state == ("joined" if what == "belongs" else what)
    assert [each.name for each in other.files.all()] == ["bill.pdf"] * (what == "belongs")
    assert ServiceRequest.objects.count() == (what == "request")


def test_once_accepted_it_is_sorted_no_more(client, became):
    Complaint.objects.update(needs_triage=False)

    answer = sort(client, became, what="not_ours", reason="An advertisement.")

    assert "This was sorted already." in client.get(answer.url).content.decode()


def test_a_coordinator_finds_what_waits_on_my_work_with_its_age(client, waiting, house):
    with time_machine.travel(at(MONDAY.replace(day=10))):
        page = client.get("/my-work/").content.decode()
        client.force_login(house[Role.RESPONSIBLE_OFFICER])
        others = client.get("/my-work/").content.decode()

    assert "1 e-mail waits to be sorted" in page
    assert "1 since an earlier day" in page
    assert "for more than a week" not in page
    assert "to be sorted" not in others


def sort(client, waiting, **given):
    """Send the form."""
    address = reverse("cases:post-mail", args=[waiting.code])
    answer = client.post(address, {"customer": "new", "name": "Zoë Smith", **given})
    waiting.refresh_from_db()
    return answer


def test_it_becomes_a_complaint_received_on_the_day_it_came(client, waiting):
    sort(client, waiting, what="complaint")

    complaint = Complaint.objects.get()
    assert waiting.complaint == complaint
    assert (complaint.received_on, complaint.channel) == (MONDAY, "email")
    assert complaint.needs_triage
    assert "The lift is still out of order." in complaint.summary
    assert (complaint.customer.name, complaint.customer.email) == ("Zoë Smith", "zoe@example.com")
    assert [each.name for each in complaint.files.all()] == ["bill.pdf"]


def test_it_is_given_to_a_customer_that_we_know(client, waiting):
    known = CustomerFactory(name="Zoë S.", email="zoe@example.com")

    page = client.get(reverse("cases:post-mail", args=[waiting.code])).content.decode()
    sort(client, waiting, what="complaint", customer=str(known.pk))

    assert "Zoë S." in page
    assert Complaint.objects.get().customer == known


def test_it_becomes_a_request(client, waiting):
    sort(client, waiting, what="request", request_kind=RequestKind.values[0])

    assert waiting.request == ServiceRequest.objects.get()
    assert waiting.state == MailState.REQUEST


def test_it_is_put_with_the_complaint_it_belongs_to(client, waiting, house):
    complaint = house.lodge()

    sort(client, waiting, what="belongs", reference=complaint.reference)

    assert (waiting.state, waiting.complaint) == (MailState.JOINED, complaint)
    assert waiting.decided_by == house[Role.COMPLAINTS_COORDINATOR]


def test_it_is_put_aside_with_a_reason_and_can_still_be_sorted(client, waiting):
    refused = sort(client, waiting, what="not_ours")
    sort(client, waiting, what="not_ours", reason="An advertisement.")
    assert refused.status_code == 422
    assert waiting.state == MailState.NOT_OURS

    sort(client, waiting, what="complaint")

    assert waiting.state == MailState.COMPLAINT


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Select what it is"),
        ({"what": "belongs", "reference": "AAAA-AAAA-A"}, "There is no such complaint"),
        ({"what": "complaint", "name": " "}, "Enter the name of the customer"),
    ],
)
def test_what_is_missing_is_said_and_nothing_happens(client, waiting, given, words):
    answer = sort(client, waiting, **given)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert waiting.state == MailState.WAITING


def test_it_is_sorted_once(client, waiting):
    sort(client, waiting, what="complaint")

    answer = sort(client, waiting, what="complaint")

    assert "This was sorted already." in client.get(answer.url).content.decode()
    assert Complaint.objects.count() == 1


def test_its_files_and_its_original_are_handed_out_to_be_saved(client, waiting):
    for row in waiting.files.select_related("file"):
        answer = client.get(reverse("cases:post-file", args=[waiting.code, row.file.key]))
        assert b"".join(answer.streaming_content)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.get(reverse("cases:post-file", args=[waiting.code, "none"])).status_code == 404


def test_the_list_has_words_when_it_is_empty(house, client, django_assert_max_num_queries):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    with django_assert_max_num_queries(12):
        page = client.get("/post/").content.decode()

    assert "No e-mail waits to be sorted." in page
    assert take_mail(mail(), received_at=NOW, now=NOW)
