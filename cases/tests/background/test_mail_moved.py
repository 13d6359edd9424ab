"""An e-mail that joined the wrong complaint is taken out again."""

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import EventWords, InboundMail, MailState, SearchEntry, StoredFile
from cases.operations.mail_intake import Took, take_mail
from cases.operations.post import make_complaint_of_mail, take_mail_out
from cases.operations.rebuild import rebuild_projections
from cases.rules.roles import Role
from cases.selectors.case_page import case_page
from cases.selectors.record_check import check_record
from cases.tests.background.odd_mails import PDF, with_files
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

NOW = at(MONDAY, 14)
WORDS = "My neighbour Mr Jones keeps a tiger."


@pytest.fixture
def wrong(house):
    """Return the complaint that an e-mail of somebody else joined."""
    return house.lodge(customer=CustomerFactory(email="zoe@example.com"))


@pytest.fixture
def mail(wrong) -> InboundMail:
    """Return the e-mail, with a file."""
    content = with_files(("tiger.pdf", PDF), text=WORDS, subject=f"About {wrong.reference}")
    assert take_mail(content, received_at=NOW, now=NOW) is Took.JOINED
    return InboundMail.objects.get()


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


def titles(complaint, user) -> dict[str, bool]:
    """Return how the entries of a record are called, and whether each is struck out."""
    page = case_page(complaint, user=user, today=MONDAY)
    return {entry.title: entry.is_struck for entry in page.entries}


def test_it_waits_to_be_sorted_again_and_the_record_says_so(wrong, mail, coordinator):
    take_mail_out(mail_id=mail.pk, by=coordinator, now=NOW, reason="Mr Jones is no tenant.")

    mail.refresh_from_db()
    assert (mail.state, mail.complaint, mail.decided_by) == (MailState.WAITING, None, None)
    told = titles(wrong, coordinator)
    assert told["E-mail received"]
    assert not told["E-mail taken out: it waits to be sorted"]
    page = case_page(wrong, user=coordinator, today=MONDAY)
    assert page.papers.files == []
    assert "Mr Jones is no tenant." in str(page.entries)


def test_not_a_word_of_it_stays_with_the_complaint_it_was_taken_out_of(wrong, mail, coordinator):
    assert "tiger" in SearchEntry.objects.get(complaint=wrong).notes

    take_mail_out(mail_id=mail.pk, by=coordinator, now=NOW, reason="It is not theirs.")

    assert "tiger" not in str(case_page(wrong, user=coordinator, today=MONDAY).entries)
    assert "tiger" not in SearchEntry.objects.get(complaint=wrong).notes
    words = EventWords.objects.filter(event__complaint=wrong).values_list("parts", flat=True)
    assert "tiger" not in str(list(words))
    mail.refresh_from_db()
    assert WORDS in mail.text
    checked = check_record(outside=None, progress=lambda _: None)
    assert (checked.faults, checked.erased) == ([], 1)


def test_it_moves_to_the_complaint_it_belongs_to_with_its_files(house, wrong, mail, coordinator):
    right = house.lodge()

    take_mail_out(
        mail_id=mail.pk, by=coordinator, now=NOW, reason="It is his.", complaint_id=right.pk
    )

    mail.refresh_from_db()
    assert (mail.state, mail.complaint, mail.decided_by) == (MailState.JOINED, right, coordinator)
    assert titles(right, coordinator)["E-mail received"] is False
    assert "E-mail taken out: it belongs to another complaint" in titles(wrong, coordinator)
    page = case_page(right, user=coordinator, today=MONDAY)
    assert [file.name for file in page.papers.files] == ["tiger.pdf"]
    assert StoredFile.objects.get(name="tiger.pdf").complaint == right
    # Which one it is, those may not know who read only the first.
    assert right.reference not in str(case_page(wrong, user=coordinator, today=MONDAY).entries)
    assert not rebuild_projections(repair=False, progress=lambda _: None).differences


def test_it_can_be_sorted_after_it_was_taken_out(mail, coordinator):
    take_mail_out(mail_id=mail.pk, by=coordinator, now=NOW, reason="It is new.")

    made = make_complaint_of_mail(
        mail_id=mail.pk, by=coordinator, now=NOW, customer_id=None, name="A. Neighbour"
    )

    page = case_page(made, user=coordinator, today=MONDAY)
    assert [file.name for file in page.papers.files] == ["tiger.pdf"]


def test_it_needs_a_reason_and_another_complaint(house, wrong, mail, coordinator):
    common = {"mail_id": mail.pk, "by": coordinator, "now": NOW}
    with pytest.raises(ReasonMissing):
        take_mail_out(**common, reason=" ")
    with pytest.raises(ActionNotAllowed, match="already"):
        take_mail_out(**common, reason="Why", complaint_id=wrong.pk)
    take_mail_out(**common, reason="Why")
    with pytest.raises(ActionNotAllowed, match="joined no complaint"):
        take_mail_out(**common, reason="Why")


def test_nobody_takes_out_or_moves_what_is_not_open_to_them(house, wrong, mail, coordinator):
    with pytest.raises(NotEntitled):
        take_mail_out(mail_id=mail.pk, by=house[Role.DIRECTOR], now=NOW, reason="Why")
    with pytest.raises(NotEntitled):
        take_mail_out(
            mail_id=mail.pk, by=coordinator, now=NOW, reason="Why", complaint_id=wrong.pk + 999
        )
    mail.refresh_from_db()
    assert mail.complaint == wrong


@time_machine.travel(NOW)
def test_a_coordinator_takes_it_out_on_the_page_of_the_e_mail(client, house, wrong, mail):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    case = client.get(wrong.get_absolute_url()).content.decode()
    listed = f"{reverse('cases:post')}?complaint={wrong.reference}"
    address = reverse("cases:post-mail", args=[mail.code])

    assert listed in case
    assert address in client.get(listed).content.decode()
    refused = client.post(address, {"act": "take_out", "moved_to": "nothing at all"})
    done = client.post(address, {"act": "take_out", "taken_out_because": "Not hers"}, follow=True)

    assert refused.status_code == 422
    assert b"nothing at all" in refused.content
    assert b"There is no such complaint that you may read" in refused.content
    assert b"It is taken out, and is now to be sorted." in done.content
    client.force_login(house[Role.RESPONSIBLE_OFFICER])
    assert listed not in client.get(wrong.get_absolute_url()).content.decode()
