"""Filling in the form and sending it: what is stored, what is told, and that it happens once."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core import mail, signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import (
    Complaint,
    Customer,
    Delivery,
    Level,
    OutboundMessage,
    RecordedEvent,
    Representative,
)
from cases.operations.assign import triage
from cases.operations.correct import annul
from cases.operations.messages import deliver_next
from cases.rules.customers import CustomerCategory
from cases.rules.roles import Role
from cases.selectors.tracking import is_proved_by_email
from feedback.forms.choices import CATEGORIES, PERSON_CATEGORIES
from feedback.models import Draft, Remark, State, Submission
from feedback.selectors.receipts import code_of
from feedback.tests.factories import COMPLAINT, COMPLIMENT, STORY, SUGGESTION, Visitor, changed
from feedback.views.send import FREE_COPIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.mark.rule("KF-5")
@pytest.mark.rule("K3-9")
@pytest.mark.rule("HH-3")
def test_a_complaint_becomes_a_case_that_waits_to_be_sorted(visitor):
    sent = visitor.tell(COMPLAINT)

    complaint = Complaint.objects.get()
    assert complaint.reference == sent.reference
    assert complaint.needs_triage
    assert complaint.channel == "online"
    assert complaint.summary == f"{STORY}\n\nHow it affects me: My mother cannot leave her flat."
    assert complaint.desired_outcome == "Mend the lift, and say when."
    assert complaint.received_on == sent.received_on
    assert complaint.level == "normal"
    assert not complaint.representatives.exists()


def test_the_customer_is_kept_as_they_gave_themselves(visitor):
    visitor.tell(COMPLAINT)

    customer = Customer.objects.get()
    assert customer.name == "Margaret Shaw"
    assert customer.category == "tenant"
    assert customer.postcode == "HB1 2QH"
    assert customer.preferred_channel == "post"
    assert customer.letter_format == "large_print"
    assert customer.needs == "Ring slowly"


@pytest.mark.rule("K3-20")
@pytest.mark.rule("LV-14")
def test_a_compliment_is_no_complaint_and_is_thanked_for_within_its_days(visitor, house):
    sent = visitor.tell(COMPLIMENT)

    remark = Remark.objects.get()
    calendar_days = (remark.acknowledge_by - remark.received_on).days
    assert remark.reference == sent.reference
    assert remark.kind == "compliment"
    assert remark.regarding == "Dan, repairs"
    assert calendar_days >= 3
    assert not Complaint.objects.exists()


def test_a_compliment_needs_no_name_and_no_way_to_reach_anybody(visitor):
    sent = visitor.tell(changed(COMPLIMENT, about_you={"name": "", "address": "", "postcode": ""}))

    remark = Remark.objects.get(reference=sent.reference)
    assert remark.customer is None
    assert remark.acknowledge_by is None
    assert (
        "will not hear from us"
        in visitor.get(f"/let-us-know/sent/{sent.reference}/").content.decode()
    )


def test_a_suggestion_is_kept_as_one(visitor):
    visitor.tell(SUGGESTION)

    assert Remark.objects.get().kind == "suggestion"


def test_sending_takes_as_many_queries_however_much_there_is(visitor, house):
    counts = []
    for number in range(2):
        visitor.fill(changed(COMPLAINT, what_happened={"words": f"{STORY} {number}"}))
        with CaptureQueriesContext(connection) as queries:
            assert visitor.send().status_code == 302
        counts.append(len(queries))
        for _ in range(6):
            house.lodge()

    # The first also reads the procedure and the calendar, once for each process.
    assert counts[1] <= counts[0] <= 26


def test_nothing_is_sent_before_the_button_is_pressed(visitor):
    visitor.fill(COMPLAINT)

    assert visitor.get("/let-us-know/check/").status_code == 200
    assert not Submission.objects.exists()
    assert not OutboundMessage.objects.exists()


@pytest.mark.promise("P1")
def test_the_same_button_pressed_again_gives_the_same_reference(visitor):
    visitor.fill(COMPLAINT)
    key = visitor.draft.key

    answers = [visitor.post("/let-us-know/check/", {"key": key}) for _ in range(3)]

    assert len({answer["Location"] for answer in answers}) == 1
    assert Complaint.objects.count() == 1
    assert OutboundMessage.objects.filter(kind="receipt").count() == 1


def test_a_key_opens_nothing_in_another_browser(visitor):
    visitor.fill(COMPLAINT)
    key = visitor.draft.key
    visitor.send()

    answer = Visitor().post("/let-us-know/check/", {"key": key})

    assert answer.status_code == 404
    assert Complaint.objects.count() == 1


def test_answers_changed_in_another_window_are_shown_before_they_are_sent(visitor):
    visitor.fill(COMPLAINT)
    old_key = visitor.draft.key
    visitor.post("/let-us-know/what-happened/", {"words": "Something else altogether"})

    answer = visitor.post("/let-us-know/check/", {"key": old_key})

    page = visitor.answer_to(answer).content.decode()
    assert "Your answers were changed in another window" in page
    assert "Something else altogether" in page
    assert not Submission.objects.exists()


def test_a_draft_is_gone_once_it_is_sent(visitor):
    visitor.tell(COMPLAINT)

    assert not Draft.objects.exists()
    assert visitor.get("/let-us-know/check/").status_code == 404


@pytest.mark.rule("KF-1")
@pytest.mark.rule("LV-1")
@pytest.mark.rule("HH-4")
def test_somebody_can_complain_for_another_who_is_to_confirm_it(visitor):
    visitor.tell(
        changed(
            COMPLAINT,
            for_whom={"for_whom": "other"},
            person={
                "person_name": "Agnes Kowalczyk",
                "person_address": "40 Mast Way",
                "person_postcode": "HB4 3MW",
                "person_category": "tenant",
                "person_unsafe": ["post"],
            },
            speaking_for_them={"relationship": "Family or friend", "permission": "yes"},
        )
    )

    speaker = Representative.objects.get()
    customer = speaker.complaint.customer
    assert customer.name == "Agnes Kowalczyk"
    assert customer.post_unsafe
    assert customer.email == ""
    assert speaker.name == "Margaret Shaw"
    assert speaker.authority == "claimed"
    assert speaker.authority_on is None
    assert not speaker.is_solicitor


@pytest.mark.rule("HH-27")
def test_what_each_needs_is_kept_with_them_the_one_spoken_for_and_the_one_who_speaks(visitor):
    theirs = {
        "person_name": "Agnes Kowalczyk",
        "person_phone": "01632 960 777",
        "person_email": "agnes@example.org",
        "person_unsafe": ["phone"],
        "person_safe_notes": "Never on Sundays",
        "person_format": "braille",
        "person_language": "Polish",
        "person_needs": "A hearing loop",
    }
    visitor.tell(
        changed(
            COMPLAINT,
            for_whom={"for_whom": "other"},
            person=theirs,
            speaking_for_them={"relationship": "Advice or advocacy agency"},
            contact={"language": "French", "safe_notes": "In office hours"},
        )
    )

    speaker = Representative.objects.get()
    customer = speaker.complaint.customer
    assert (customer.letter_format, customer.language) == ("braille", "Polish")
    assert customer.needs == "A hearing loop\nNever on Sundays"
    assert customer.needs_words == ["Braille", "Speaks Polish", "Do not ring"]
    assert (customer.preferred_channel, customer.letters_by_email) == ("email", False)
    assert (speaker.kind, speaker.letter_format) == ("advice_agency", "large_print")
    likes = "Likes to have letters"
    assert speaker.needs == f"Ring slowly\nIn office hours\n{likes}\nSpeaks French"


@pytest.mark.rule("HH-4", "KF-1")
def test_what_another_gave_is_marked_as_theirs_and_gets_no_receipt(visitor):
    spoken_for = {
        "person_name": "Agnes Kowalczyk",
        "person_email": "agnes@example.org",
        "person_phone": "07700 900123",
    }
    visitor.tell(changed(COMPLAINT, for_whom={"for_whom": "other"}, person=spoken_for))

    customer = Customer.objects.get()
    assert (customer.email_by_another, customer.phone_by_another) == (True, True)
    assert not is_proved_by_email(customer, now=customer.created_at + timedelta(days=400))
    receipt = OutboundMessage.objects.get(kind="receipt")
    assert receipt.to_address == COMPLAINT["about-you"]["email"]


def test_who_complains_for_themselves_is_reached_by_their_address_at_once(visitor):
    visitor.tell(COMPLAINT)

    customer = Customer.objects.get()
    assert is_proved_by_email(customer, now=customer.created_at)


@pytest.mark.parametrize("answer", ["", "unknown"])
def test_whoever_does_not_know_how_another_reads_is_no_reason_to_write_otherwise(visitor, answer):
    theirs = {"person_name": "Agnes Kowalczyk", "person_format": answer}
    visitor.tell(changed(COMPLAINT, for_whom={"for_whom": "other"}, person=theirs))

    assert Customer.objects.get().letter_format == "standard"


@pytest.mark.rule("KF-2")
def test_a_solicitor_speaks_as_an_advocate_only(visitor):
    visitor.tell(
        changed(
            COMPLAINT,
            for_whom={"for_whom": "other"},
            person={"person_name": "Agnes Kowalczyk"},
            speaking_for_them={"relationship": "Solicitor"},
        )
    )

    assert Representative.objects.get().is_solicitor


@pytest.mark.rule("K3-1")
@pytest.mark.rule("KF-1")
@pytest.mark.rule("LV-1")
@pytest.mark.parametrize("category", list(CustomerCategory))
def test_everybody_whom_the_procedures_name_can_say_who_they_are(category):
    assert category.value in dict(CATEGORIES)


def test_whoever_helps_somebody_says_who_that_is():
    assert set(dict(PERSON_CATEGORIES)) <= {each.value for each in CustomerCategory}


@pytest.mark.rule("HH-13")
def test_somebody_without_tenancy_or_lease_goes_into_the_separate_register(visitor, house):
    house.run("herefordshire")

    visitor.tell(changed(COMPLAINT, about_you={"category": "member_of_the_public"}))

    assert Complaint.objects.get().register == "non_tenant"


def test_the_receipt_is_neutral_and_has_the_dates(visitor):
    sent = visitor.tell(COMPLAINT)

    message = OutboundMessage.objects.get(kind="receipt")
    due = Complaint.objects.get().deadlines.get(stage="stage-1", code="respond").due_on
    assert message.subject == f"About your enquiry {sent.reference}"
    assert message.to_address == "margaret@example.org"
    assert f"{due:%A %-d %B %Y}" in message.body
    for word in ("lift", "Margaret", "Shaw", "complaint", "Quay"):
        assert word not in message.body
    assert f"this code: {code_of(sent)}." in message.body


def test_nobody_is_written_to_in_a_way_that_is_not_safe_for_them(visitor):
    visitor.tell(changed(COMPLAINT, contact={"unsafe": ["email"]}))

    assert Customer.objects.get().email_unsafe
    assert not OutboundMessage.objects.filter(kind="receipt").exists()


@pytest.mark.parametrize(
    ("unsafe", "reached"),
    [
        ([], "email"),
        (["email"], "post"),
        (["email", "post"], "phone"),
        (["email", "phone"], "post"),
    ],
)
def test_whoever_did_not_say_how_is_reached_in_no_way_that_is_not_safe(visitor, unsafe, reached):
    visitor.tell(
        changed(
            COMPLAINT,
            about_you={"phone": "0151 496 0123", "address": "1 Mill Lane"},
            contact={"preferred": "", "unsafe": unsafe},
        )
    )

    assert Customer.objects.get().preferred_channel == reached


@pytest.mark.parametrize(("unsafe", "reached"), [([], "phone"), (["phone"], "post")])
def test_whoever_is_spoken_for_is_not_rung_where_that_is_not_safe(visitor, unsafe, reached):
    visitor.tell(
        changed(
            COMPLAINT,
            for_whom={"for_whom": "other"},
            person={
                "person_name": "Agnes Kowalczyk",
                "person_phone": "0151 496 0123",
                "person_category": "tenant",
                "person_unsafe": unsafe,
            },
            speaking_for_them={"relationship": "Family or friend", "permission": "yes"},
        )
    )

    assert Customer.objects.get(name="Agnes Kowalczyk").preferred_channel == reached


def test_somebody_without_an_email_address_gets_no_email(visitor):
    sent = visitor.tell(changed(COMPLAINT, about_you={"email": ""}))

    assert not OutboundMessage.objects.filter(kind="receipt").exists()
    assert not sent.receipt_queued


def test_nobody_is_bombarded_with_receipts():
    for number in range(4):
        Visitor(address=f"127.0.1.{number}").tell(
            changed(COMPLAINT, what_happened={"words": f"Story {number}"})
        )

    assert Complaint.objects.count() == 4
    assert OutboundMessage.objects.filter(kind="receipt").count() == 3


def test_the_words_are_bound_to_the_record(visitor):
    visitor.tell(COMPLAINT)

    receipt = RecordedEvent.objects.get(number=1)
    assert receipt.words.parts["summary"].startswith(STORY)
    assert STORY not in str(receipt.facts)
    assert receipt.actor is None


def test_the_clock_runs_from_the_day_in_london(visitor, time_machine):
    time_machine.move_to("2026-06-08T23:30:00+00:00", tick=False)

    sent = visitor.tell(COMPLAINT)

    assert sent.received_on.isoformat() == "2026-06-09"
    assert Complaint.objects.get().received_on == sent.received_on


def test_the_receipt_page_survives_reload_and_bookmark_in_the_same_browser(visitor):
    sent = visitor.tell(COMPLAINT)
    address = f"/let-us-know/sent/{sent.reference}/"

    again = [visitor.get(address) for _ in range(2)]

    assert [answer.status_code for answer in again] == [200, 200]
    assert sent.reference in again[1].content.decode()
    assert STORY not in again[1].content.decode()
    assert Visitor().get(address).status_code == 404


def test_whoever_sent_a_form_follows_it_from_the_first_moment_in_any_browser(visitor, house):
    sent = visitor.tell(COMPLAINT)
    address = f"/let-us-know/sent/{sent.reference}/"
    code = code_of(sent)
    due = sent.complaint.deadlines.get(code="acknowledge").due_on
    assert code in visitor.get(address).content.decode()
    other = Visitor()

    answer = other.post("/track/code/", {"reference": sent.reference.lower(), "code": code.lower()})
    page = other.get(answer["Location"]).content.decode()

    assert answer["Location"] == address
    assert "Nobody has read it yet" in page
    assert f"{due:%A %-d %B %Y}" in page
    for word in (STORY, "Margaret", "complaint"):
        assert word not in page.split("<main")[1].split("</main")[0]
    assert other.get(f"{address}copy/").status_code == 404
    assert other.get("/track/complaint/").status_code == 404
    triage(
        complaint_id=sent.complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=timezone.now(),
        seen=sent.complaint.version,
        area_id=house.team.pk,
        officer_id=None,
        category_id=None,
        level=Level.NORMAL,
    )
    page = other.get(address).content.decode()
    assert "somebody here has read it" in page
    assert "You can see more now" in page
    # The days first told may be over or changed by then.
    assert f"{due:%A %-d %B %Y}" not in page
    annul(
        complaint_id=sent.complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=timezone.now(),
        seen=Complaint.objects.get().version,
        reason="It was sent twice.",
    )
    page = other.get(address).content.decode()
    assert "somebody here has read it" in page
    assert "You can see more now" not in page


def test_a_receipt_that_did_not_go_still_has_its_code_when_it_goes_again(visitor, house):
    sent = visitor.tell(COMPLAINT)
    OutboundMessage.objects.filter(kind="receipt").update(attempts=50)

    deliver_next(now=timezone.now())

    message = OutboundMessage.objects.get(kind="receipt")
    assert message.state == Delivery.UNDELIVERABLE
    assert code_of(sent) in message.body


def test_no_colleague_reads_the_code_of_a_receipt(visitor, house, client):
    sent = visitor.tell(COMPLAINT)
    complaint = Complaint.objects.get()
    code = code_of(sent)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    assert code in OutboundMessage.objects.get(kind="receipt").body

    waiting = client.get(complaint.get_absolute_url()).content.decode()
    deliver_next(now=timezone.now())
    sent_page = client.get(complaint.get_absolute_url()).content.decode()

    for page in (waiting, sent_page):
        assert "(code-not-kept)" in page
        assert code not in page
    assert code in mail.outbox[0].body
    assert code not in OutboundMessage.objects.get(kind="receipt").body


def test_the_code_of_one_receipt_opens_no_other_and_the_computer_can_be_cleared(visitor):
    sent = visitor.tell(COMPLAINT)
    second = Visitor(address="127.0.0.8").tell(SUGGESTION)
    address = f"/let-us-know/sent/{sent.reference}/"
    other = Visitor()

    wrong = other.post("/track/code/", {"reference": second.reference, "code": code_of(sent)})
    right = other.post("/track/code/", {"reference": sent.reference, "code": code_of(sent)})
    shown = other.get(address).status_code
    of_another = other.get(f"/let-us-know/sent/{second.reference}/").status_code
    other.post("/let-us-know/forget/")

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert (shown, of_another) == (200, 404)
    assert other.get(address).status_code == 404


def test_a_copy_of_what_was_told_can_be_kept(visitor):
    sent = visitor.tell(COMPLAINT)

    page = visitor.get(f"/let-us-know/sent/{sent.reference}/copy/").content.decode()

    assert STORY in page
    assert "What would put it right?" in page


def test_clearing_the_computer_leaves_what_was_sent(visitor):
    sent = visitor.tell(COMPLAINT)
    visitor.post("/let-us-know/kind/", {"kind": "suggestion"})

    visitor.post("/let-us-know/forget/")

    assert not Draft.objects.exists()
    assert visitor.get(f"/let-us-know/sent/{sent.reference}/").status_code == 404
    assert Submission.objects.get().state == State.ACCEPTED.value


def test_a_false_mark_of_time_makes_nobody_slow(visitor):
    mark = signing.dumps(int(timezone.now().timestamp()) - 600, salt="something.else")
    visitor.post("/let-us-know/kind/", {"kind": "complaint", "drawn": mark})

    assert timezone.now() - visitor.draft.began_at < timedelta(seconds=60)


@pytest.mark.parametrize(
    ("query", "prefix"), [("", ""), ("?size=large", "/cy")], ids=["en", "large in Welsh"]
)
def test_a_copy_is_a_tagged_pdf_with_answers_dates_code_and_outside_help(query, prefix):
    visitor = Visitor(prefix=prefix)
    sent = visitor.tell(COMPLAINT)

    answer = visitor.get(f"/let-us-know/sent/{sent.reference}/copy.pdf{query}")

    assert answer["Content-Disposition"] == f'attachment; filename="{sent.reference}.pdf"'
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for told in (STORY, "My mother cannot leave her flat.", sent.reference, code_of(sent)):
        assert told in words
    due = Complaint.objects.get().deadlines.get(stage="stage-1", code="respond").due_on
    assert f"{due:%Y}" in words
    if not prefix:
        assert f"By {due:%A %-d %B %Y}: we will give you our answer" in words
        assert "ask the Housing Ombudsman for advice" in words


def test_a_copy_is_for_the_browser_that_sent_it_and_is_not_made_without_end(visitor):
    sent = visitor.tell(COMPLAINT)
    path = f"/let-us-know/sent/{sent.reference}/copy.pdf"

    assert Visitor().get(path).status_code == 404
    assert visitor.get(f"{path}?size=tiny").status_code == 404
    answers = [visitor.get(path).status_code for _ in range(FREE_COPIES + 2)]

    assert answers == [200] * (FREE_COPIES + 1) + [429]
