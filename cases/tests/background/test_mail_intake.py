"""E-mail that comes in: kept once, joined where it belongs, never answered in a circle."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.models import (
    AccessEntry,
    Adoption,
    Complaint,
    Customer,
    Delivery,
    InboundMail,
    Level,
    OutboundMessage,
    RecordedEvent,
    Representative,
)
from cases.operations import mail_intake
from cases.operations.close import withdraw
from cases.operations.email import our_domain
from cases.operations.files import path_of
from cases.operations.mail_intake import (
    COMPLAINTS_AN_HOUR,
    COMPLAINTS_OF_ONE,
    RECEIPTS_AN_HOUR,
    Took,
    chase_post,
    take_mail,
)
from cases.rules.events import EventKind
from cases.rules.mail import read_mail, text_of_html
from cases.rules.roles import Role
from cases.tests.background.odd_mails import PDF, bounce, mail, odd_mails, with_files
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

NOW = at(MONDAY, 14)
ODD = list(odd_mails())
AUTOMATIC = {
    "Auto_Submitted": "auto-replied",
    "Precedence": "bulk",
    "Return_Path": "<>",
    "List_Id": "<tenants.example.com>",
    "X_Autoreply": "yes",
    "X_Loop": "a@example.com",
}


def take(content: bytes, *, now=NOW) -> Took:
    """Take an e-mail in that came just now."""
    return take_mail(content, received_at=now, now=now)


def receipts() -> int:
    return OutboundMessage.objects.filter(kind="mail_receipt").count()


@pytest.fixture
def zoes(house) -> Complaint:
    """Return a complaint of somebody whose address is known."""
    return house.lodge(customer=CustomerFactory(name="Zoë Smith", email="Zoe@Example.com"))


def sent_about(complaint: Complaint | None, **fields) -> OutboundMessage:
    """Return a message that went out."""
    return OutboundMessage.objects.create(
        key=f"sent:{OutboundMessage.objects.count()}",
        kind="letter",
        complaint=complaint,
        to_address="zoe@example.com",
        subject="Update",
        body="Hello",
        created_at=NOW,
        next_try_at=NOW,
        state=Delivery.SENT.value,
        sent_at=NOW,
        **fields,
    )


def id_of(message: OutboundMessage) -> str:
    return f"<{message.message_id}@{our_domain()}>"


def test_a_reply_joins_its_complaint_by_what_it_answers(zoes):
    before = zoes.version

    took = take(mail(In_Reply_To=id_of(sent_about(zoes))))

    row = InboundMail.objects.get()
    event = RecordedEvent.objects.get(kind=EventKind.MAIL_RECEIVED)
    zoes.refresh_from_db()
    assert (took, row.complaint, row.is_known) == (Took.JOINED, zoes, True)
    assert event.words.parts["mail"] == "The lift is still out of order."
    assert (zoes.status, zoes.version) == ("received", before + 1)


def test_a_reply_far_down_the_thread_joins_by_the_chain(zoes):
    chain = f"{id_of(sent_about(zoes))} <other@example.com>"

    assert take(mail(References=chain, In_Reply_To="<other@example.com>")) is Took.JOINED


def test_an_answer_to_an_earlier_email_of_the_complaint_joins_it(zoes):
    take(mail(In_Reply_To=id_of(sent_about(zoes))))

    took = take(mail("And more.", Message_ID="<two@example.com>", References="<one@example.com>"))

    assert took is Took.JOINED


@pytest.mark.parametrize("where", ["subject", "text"])
def test_an_email_that_names_a_complaint_joins_it(zoes, where):
    typed = zoes.reference.lower().replace("-", " ")

    assert take(mail(**{where: f"About {typed}, again"})) is Took.JOINED


def test_an_unknown_address_joins_and_waits_for_somebody_to_confirm(zoes, client, house):
    take(mail(f"About {zoes.reference}", sender="x@stranger.example"))

    row = InboundMail.objects.get()
    before = (zoes.customer.email, zoes.customer.name)
    zoes.customer.refresh_from_db()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    address = reverse("cases:post-mail", args=[row.code])
    listed = client.get("/post/?view=confirm").content.decode()
    page = client.get(zoes.get_absolute_url()).content.decode()
    answer = client.post(address, {"act": "confirm"}, follow=True).content.decode()
    assert not row.is_known
    assert before == (zoes.customer.email, zoes.customer.name)
    assert row.code in listed
    assert "an address that we do not know" in page
    assert "It is confirmed." in answer
    assert not InboundMail.objects.to_confirm().exists()


def test_new_mail_becomes_an_untriaged_complaint_whose_clock_runs_from_receipt(house):
    known = CustomerFactory(name="Zoë Smith", email="zoe@example.com")
    took = take_mail(mail("The lift is out of order."), received_at=at(MONDAY, 9), now=NOW)

    complaint = Complaint.objects.get()
    assert took is Took.COMPLAINT
    assert complaint.needs_triage
    assert (complaint.received_on, complaint.channel) == (MONDAY, "email")
    assert "The lift is out of order." in complaint.summary
    # Its address is how to reach them, and says nothing of who they are.
    assert complaint.customer != known
    assert complaint.customer.email == "zoe@example.com"
    assert complaint.deadlines.filter(due_on__gt=MONDAY).exists()
    row = InboundMail.objects.get()
    assert (row.complaint, row.state, row.decided_by) == (complaint, "complaint", None)


@pytest.mark.parametrize(
    ("words", "headers"),
    [
        ("About KX7M-2QPD-6", {}),
        ("Hello", {"In_Reply_To": "<somebody@elsewhere.example>"}),
        ("Hello", {"sender": "noreply@example.com"}),
        ("Hello", {"X_Auto_Response_Suppress": "All"}),
    ],
    ids=["names something", "answers something", "nobody reads it", "wants no answer"],
)
def test_what_is_not_plainly_new_waits_to_be_sorted(house, words, headers):
    assert take(mail(words, **headers)) is Took.WAITING
    assert not Complaint.objects.exists()


def test_mail_from_somebody_whose_way_in_is_closed_waits_for_a_person(house, monkeypatch):
    CustomerFactory(email="Zoe@example.com")
    monkeypatch.setattr(mail_intake, "closed_ways", lambda customer: {"email"})

    assert take(mail("Again.")) is Took.WAITING


def test_a_flood_does_not_become_complaints(house):
    took = [take(mail("Again.", Message_ID=f"<{n}@example.com>")) for n in range(5)]

    assert took == [Took.COMPLAINT] * COMPLAINTS_OF_ONE + [Took.WAITING] * 2


def test_mail_waits_where_no_complaint_can_be_taken_in_yet(house):
    Adoption.objects.all().delete()

    assert take(mail("The lift.")) is Took.WAITING
    assert not Customer.objects.exists()


def test_waiting_mail_is_chased_on_each_working_day_until_it_is_sorted(house):
    def chased() -> int:
        return OutboundMessage.objects.filter(key__startswith="post-waits:").count()

    take(mail("About KX7M-2QPD-6"))
    for hours, expected in ((1, 0), (24, 1), (25, 1), (48, 2), (24 * 5, 2), (24 * 7, 3)):
        chase_post(now=NOW + timedelta(hours=hours))
        assert chased() == expected, hours
    message = OutboundMessage.objects.filter(key__startswith="post-waits:").first()
    assert message.to_user == house[Role.COMPLAINTS_COORDINATOR]
    assert "1 e-mail waits, the oldest since Monday 8 June" in message.body

    InboundMail.objects.update(state="not_ours")
    chase_post(now=NOW + timedelta(days=8))
    assert chased() == 3


@pytest.mark.parametrize(
    ("authority", "ends_on", "is_known"),
    [
        ("confirmed", None, True),
        ("confirmed", NOW.date() - timedelta(days=1), False),
        ("claimed", None, False),
        ("declined", None, False),
        ("revoked", None, False),
    ],
)
def test_whoever_may_not_speak_for_the_customer_is_not_known_by_their_address(
    zoes, authority, ends_on, is_known
):
    Representative.objects.create(
        complaint=zoes,
        name="Kim Morgan",
        email="kim@example.org",
        authority=authority,
        authority_on=NOW.date(),
        established_by="signed_form",
        ends_on=ends_on,
    )

    take(mail(f"About {zoes.reference}", sender="kim@example.org"))

    assert InboundMail.objects.get().is_known is is_known


def test_an_email_that_names_two_complaints_waits_for_a_person(zoes, house):
    assert take(mail(f"{zoes.reference} or {house.lodge().reference}")) is Took.WAITING


def test_an_email_joins_a_closed_complaint_and_does_not_open_it(zoes, house):
    by = house[Role.COMPLAINTS_COORDINATOR]
    withdraw(complaint_id=zoes.pk, by=by, now=NOW, seen=None, on=MONDAY, words="It works.")

    assert take(mail(In_Reply_To=id_of(sent_about(zoes)))) is Took.JOINED
    zoes.refresh_from_db()
    assert not zoes.is_open


def test_only_its_list_sees_the_email_of_a_restricted_complaint(house, client):
    about = house.lodge(level=Level.RESTRICTED, about_staff_unnamed=True, triaged=False)
    AccessEntry.objects.filter(complaint=about).delete()
    take(mail(f"About {about.reference}"))

    row = InboundMail.objects.get()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    assert row.complaint == about
    assert client.get(reverse("cases:post-mail", args=[row.code])).status_code == 404
    for view in ("waiting", "confirm", "sorted"):
        assert row.code not in client.get(f"/post/?view={view}").content.decode()
    told = OutboundMessage.objects.filter(kind="mail_came", to_user__isnull=False)
    assert not told.filter(to_user=house[Role.RESPONSIBLE_OFFICER]).exists()


def test_the_receipt_tells_nobody_whether_there_is_such_a_complaint(zoes):
    take(mail(f"About {zoes.reference}", sender="a@example.com"))
    take(mail("About AAAA-AAAA-A", sender="b@example.com", Message_ID="<b@example.com>"))

    first, second = OutboundMessage.objects.filter(kind="mail_receipt").order_by("pk")
    assert (first.subject, first.body) == (second.subject, second.body)
    assert first.complaint is second.complaint is None


def test_an_address_gets_one_receipt_a_day_however_much_it_writes(house):
    for number in range(5):
        take(mail(Message_ID=f"<{number}@example.com>"))
    take(mail(Message_ID="<later@example.com>"), now=NOW + timedelta(days=1))

    assert InboundMail.objects.count() == 6
    assert receipts() == 2


def test_receipts_stop_when_very_many_write_and_nothing_is_lost(house):
    for number in range(RECEIPTS_AN_HOUR + 5):
        take(mail(sender=f"a{number}@example.com", Message_ID=f"<{number}@example.com>"))

    assert receipts() == RECEIPTS_AN_HOUR
    assert Complaint.objects.count() == COMPLAINTS_AN_HOUR
    assert InboundMail.objects.to_decide().count() == RECEIPTS_AN_HOUR + 5 - COMPLAINTS_AN_HOUR


@pytest.mark.parametrize(("name", "value"), AUTOMATIC.items())
def test_an_automatic_email_is_kept_and_never_answered(zoes, name, value):
    took = take(mail(f"About {zoes.reference}", **{name: value}))

    assert took is Took.AUTOMATIC
    assert not receipts()
    assert InboundMail.objects.get().complaint is None


@pytest.mark.parametrize("sender", ["noreply@example.com", "no-reply+x@example.com", "nobody"])
def test_an_address_that_nobody_reads_gets_no_receipt_and_is_sorted(house, sender):
    assert take(mail(sender=sender)) is Took.WAITING
    assert not receipts()


@pytest.mark.parametrize("value", ["All", "OOF, AutoReply"])
def test_who_asks_for_no_automatic_answer_gets_none(house, value):
    assert take(mail(X_Auto_Response_Suppress=value)) is Took.WAITING
    assert not receipts()


def test_our_own_email_that_comes_back_is_known(house, settings):
    settings.DEFAULT_FROM_EMAIL = "Homes <complaints@landlord.example>"
    settings.OUR_ADDRESSES = ["feedback@landlord.example"]

    took = [
        take(mail(sender=each))
        for each in ("COMPLAINTS@landlord.example", "feedback@landlord.example")
    ]

    assert took == [Took.AUTOMATIC, Took.AUTOMATIC]
    assert not receipts()


@pytest.mark.parametrize("says_so", [True, False], ids=["honest", "control"])
def test_two_machines_that_answer_each_other_stop(house, says_so):
    """The control answers without saying that it is a machine: the daily limit stops that one."""
    more = {"Auto_Submitted": "auto-replied"} if says_so else {}

    for number in range(30):
        sent = receipts()
        take(mail(Message_ID=f"<{number}@example.com>", **more))
        if receipts() == sent:
            break

    assert receipts() == (0 if says_so else 1)


def test_a_message_that_comes_back_is_given_to_a_person(zoes):
    message = sent_about(zoes)

    took = take(bounce(f"{message.message_id}@{our_domain()}"))

    message.refresh_from_db()
    assert took is Took.AUTOMATIC
    assert message.state == Delivery.UNDELIVERABLE
    assert message.last_error == "It came back: 550 5.1.1 <(address)> no such mailbox"
    assert not receipts()


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_a_message_that_is_late_is_not_lost(zoes, action):
    message = sent_about(zoes)

    take(bounce(f"{message.message_id}@{our_domain()}", action=action))

    message.refresh_from_db()
    assert message.state == Delivery.SENT


def test_the_same_email_read_again_changes_nothing(zoes):
    first = take(mail(f"About {zoes.reference}"))
    count = RecordedEvent.objects.count(), OutboundMessage.objects.count()

    again = take(b"Received: by another\n" + mail(f"About {zoes.reference}"))

    assert (first, again) == (Took.JOINED, Took.AGAIN)
    assert count == (RecordedEvent.objects.count(), OutboundMessage.objects.count())


def test_an_email_that_borrows_a_message_id_is_not_lost(house):
    take(mail("The first."))

    assert take(mail("Another with the same Message-ID.")) is Took.COMPLAINT
    assert InboundMail.objects.count() == 2


def test_what_comes_with_it_is_checked_like_every_upload(zoes):
    take(
        with_files(
            ("bill.pdf", PDF), ("run.exe", b"MZ" + bytes(99)), In_Reply_To=id_of(sent_about(zoes))
        )
    )

    row = InboundMail.objects.get()
    assert [each.name for each in zoes.files.all()] == ["bill.pdf"]
    assert "“run.exe” cannot be taken" in row.refused[0]
    original = row.files.get(is_original=True).file
    assert original.complaint is None
    assert b"run.exe" in path_of(original.key).read_bytes()


@pytest.mark.promise("P15")
@pytest.mark.parametrize("content", [each for _, each in ODD], ids=[name for name, _ in ODD])
def test_no_odd_email_is_lost_or_does_anything(house, client, content):
    take(content)

    row = InboundMail.objects.get()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    page = client.get(reverse("cases:post-mail", args=[row.code]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "onerror" not in text
    assert "alert(1)" not in text
    assert not {"\u202e", "\x00", "\n"} & set(row.sender_name + row.subject)
    assert path_of(row.files.get(is_original=True).file.key).read_bytes() == content
    names = [each.file.name for each in row.files.all()]
    assert not any("/" in name or name.startswith(".") for name in names)


def test_a_very_large_email_is_taken_in(house):
    content = with_files(("film.pdf", PDF + bytes(37 * 1024**2)))

    assert take(content) is Took.COMPLAINT
    assert "larger than" in InboundMail.objects.get().refused[0]


def test_html_becomes_words_alone():
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Dear &lt;team&gt;</p>"
        "<a href='javascript:alert(1)'>the lift</a><br>is &amp; stays broken<script>x</script>"
    )

    assert text_of_html(html) == "Dear <team>\nthe lift\nis & stays broken"


def test_no_reader_believes_what_a_header_says_of_its_lines():
    read = read_mail(
        b"From: =?utf-8?q?Zoe=0D=0ABcc=3A_x=40y=2Eexample?= <a@b.example>\n\nx",
        our_addresses=frozenset(),
        our_domain="x.example",
    )

    assert read.sender == "a@b.example"
    assert "\n" not in read.sender_name
