"""Quarantine, customers to compare, and letters to post, page by page."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Complaint, Customer, Level, RecordedEvent, RoleGrant, StoredFile
from cases.rules.customers import LetterFormat
from cases.rules.roles import Role
from cases.selectors.known_customers import customers_known_to
from cases.tests.factories import CustomerFactory
from feedback.models import Matching, Remark, RemarkLetter, State, Submission
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT, COMPLIMENT, STORY, Visitor, changed, praise

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
MONDAY = date(2026, 6, 8)
NOT_COORDINATORS = [role for role in Role if role is not Role.COMPLAINTS_COORDINATOR]
WITH_CUSTOMERS = [Role.FRONT_LINE, Role.LINE_MANAGER, Role.DIRECTOR, Role.COMPLAINTS_COORDINATOR]


@pytest.fixture
def coordinator(sign_in):
    """Return the browser of a complaints coordinator."""
    return sign_in(Role.COMPLAINTS_COORDINATOR)


def words(answer) -> str:
    return answer.content.decode()


def said(answer) -> list[str]:
    return [str(each) for each in get_messages(answer.wsgi_request)]


def set_aside(form=COMPLAINT, *, number=0, files=None) -> Submission:
    """Return a form in quarantine: a machine filled in what people do not see."""
    visitor = Visitor(address=f"127.0.2.{number}")
    visitor.fill(
        changed(form, what_happened={"words": f"{STORY} {number}"}) if number else form,
        files=files,
    )
    visitor.send(fax_number="1", confirmed="yes")
    return Submission.objects.latest("pk")


# Quarantine --------------------------------------------------------------------------------------


def test_quarantine_lists_what_waits_with_its_reason_and_its_day(coordinator):
    held = set_aside()

    page = words(coordinator.get("/feedback/quarantine/"))

    assert held.reference in page
    assert "A box that people cannot see was filled in" in page
    assert '<time datetime="2026-06-11">' in page
    assert STORY not in page


def test_an_empty_quarantine_says_so(coordinator):
    assert "Nothing waits in quarantine." in words(coordinator.get("/feedback/quarantine/"))


@pytest.mark.parametrize("role", NOT_COORDINATORS)
def test_quarantine_is_for_coordinators(sign_in, role):
    held = set_aside()
    client = sign_in(role)
    address = f"/feedback/quarantine/{held.reference}/"

    assert client.get("/feedback/quarantine/").status_code == 403
    assert client.get(address).status_code == 403
    assert client.post(address, {"act": "release"}).status_code == 403
    assert client.get(f"{address}files/{'0' * 32}/").status_code == 403


def test_one_form_is_shown_as_it_was_sent(coordinator):
    held = set_aside()

    page = words(coordinator.get(f"/feedback/quarantine/{held.reference}/"))

    for expected in (STORY, "What would put it right?", "Margaret Shaw", "In doubt, release it."):
        assert expected in page


def test_what_is_released_is_a_complaint_from_the_day_it_came(coordinator, house, time_machine):
    held = set_aside()
    time_machine.move_to("2026-06-12T10:00:00+00:00", tick=False)
    coordinator.force_login(house[Role.COMPLAINTS_COORDINATOR])

    answer = coordinator.post(f"/feedback/quarantine/{held.reference}/", {"act": "release"})

    complaint = Complaint.objects.get()
    held.refresh_from_db()
    assert (complaint.reference, complaint.received_on) == (held.reference, TODAY)
    assert complaint.needs_triage
    assert (held.state, held.told) == (State.RELEASED.value, {})
    assert held.reviewed_by == house[Role.COMPLAINTS_COORDINATOR]
    assert said(answer)[0].startswith(f"It is complaint {held.reference} now, received on 10 June")


def test_a_released_compliment_is_one_with_its_own_promise(coordinator):
    held = set_aside(COMPLIMENT)

    answer = coordinator.post(f"/feedback/quarantine/{held.reference}/", {"act": "release"})

    assert Remark.objects.get().acknowledge_by == date(2026, 6, 15)
    assert said(answer) == [f"It is compliment {held.reference} now."]


def test_abuse_is_marked_with_a_reason_kept_and_can_still_be_released(coordinator):
    held = set_aside()
    address = f"/feedback/quarantine/{held.reference}/"

    coordinator.post(address, {"act": "abuse", "reason": "Sold shoes"})
    listed = words(coordinator.get("/feedback/quarantine/?state=abuse"))
    coordinator.post(address, {"act": "release"})

    assert held.reference in listed
    assert "Sold shoes" in listed
    assert Complaint.objects.get().reference == held.reference
    assert held.reference in words(coordinator.get("/feedback/quarantine/?state=released"))


def test_without_a_reason_nothing_is_marked(coordinator):
    held = set_aside()

    answer = coordinator.post(
        f"/feedback/quarantine/{held.reference}/", {"act": "abuse", "reason": " "}
    )

    assert answer.status_code == 422
    assert "Say why this is abuse and nobody’s complaint" in words(answer)
    assert Submission.objects.in_quarantine().count() == 1


def test_of_two_coordinators_the_second_is_told_who_was_first(coordinator, house):
    held = set_aside()
    address = f"/feedback/quarantine/{held.reference}/"
    coordinator.post(address, {"act": "release"})

    again = coordinator.post(address, {"act": "release"})
    marked = coordinator.post(address, {"act": "abuse", "reason": "Shoes"})

    name = house[Role.COMPLAINTS_COORDINATOR].name
    assert said(again)[-1] == f"This was dealt with already: released by {name}."
    assert said(marked)[-1] == f"This was dealt with already: released by {name}."
    assert Complaint.objects.count() == 1


def test_nobody_sees_a_form_that_may_be_about_them(sign_in, house):
    RoleGrant.objects.create(user=house[Role.AUDITOR], role=Role.COMPLAINTS_COORDINATOR.value)
    visitor = Visitor()
    visitor.fill(
        changed(
            COMPLAINT, staff={"about_staff": "yes", "staff_named": "The complaints coordinator"}
        )
    )
    visitor.send(fax_number="1", confirmed="yes")
    held = Submission.objects.get()
    address = f"/feedback/quarantine/{held.reference}/"
    subject, other = sign_in(Role.COMPLAINTS_COORDINATOR), sign_in(Role.AUDITOR)

    assert held.reference not in words(subject.get("/feedback/quarantine/"))
    assert subject.get(address).status_code == 404
    assert subject.post(address, {"act": "abuse", "reason": "Not me"}).status_code == 404
    assert other.get(address).status_code == 200


def test_what_was_taken_in_is_not_in_quarantine(coordinator, visitor):
    sent = visitor.tell(COMPLAINT)

    assert coordinator.get(f"/feedback/quarantine/{sent.reference}/").status_code == 404


def test_a_file_in_quarantine_is_handed_out_to_be_saved(coordinator):
    held = set_aside(files=[SimpleUploadedFile("a.pdf", b"%PDF-1.7\n" + bytes(300))])
    key = StoredFile.objects.get().key
    address = f"/feedback/quarantine/{held.reference}/files/{key}/"

    answer = coordinator.get(address)

    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert coordinator.post(address, {"act": "release"}).status_code == 405
    assert Submission.objects.in_quarantine().exists()


def test_released_with_its_files(coordinator):
    held = set_aside(files=[SimpleUploadedFile("a.pdf", b"%PDF-1.7\n" + bytes(300))])

    coordinator.post(f"/feedback/quarantine/{held.reference}/", {"act": "release"})

    assert [file.name for file in Complaint.objects.get().files.all()] == ["a.pdf"]


def test_the_queries_of_quarantine_do_not_grow(coordinator):
    set_aside()
    coordinator.get("/feedback/quarantine/")
    counts = []
    for number in (1, 10):
        with CaptureQueriesContext(connection) as queries:
            coordinator.get("/feedback/quarantine/")
        counts.append(len(queries))
        for other in range(5):
            set_aside(number=number + other)

    assert counts[0] == counts[1]
    assert counts[0] <= 12


# Customers to compare ---------------------------------------------------------------------------


@pytest.fixture
def known(house) -> Customer:
    """Somebody whom the landlord knows, at the address that the form gives."""
    return CustomerFactory(
        name="Margaret Shaw",
        address="Flat 3, Quay House",
        postcode="HB1 2QH",
        email="old@a.example",
    )


@pytest.fixture
def alike(known, visitor) -> Complaint:
    """A complaint whose customer looks like somebody known."""
    sent = visitor.tell(COMPLAINT)
    return Complaint.objects.get(reference=sent.reference)


def at(complaint: Complaint) -> str:
    return f"/feedback/customers/{complaint.reference}/"


def seen(complaint: Complaint) -> int:
    complaint.refresh_from_db()
    return complaint.version


def test_the_customer_of_a_new_complaint_is_shown_beside_the_known_one(coordinator, alike, known):
    listed = words(coordinator.get("/feedback/customers/"))
    page = words(coordinator.get(at(alike)))

    assert alike.reference in listed
    assert "margaret@example.org" in page
    assert "old@a.example" in page
    assert "(the same)" in page


@pytest.mark.rule("HH-27")
def test_what_either_of_them_needs_stands_where_they_are_compared(coordinator, alike, known):
    known.letter_format = "braille"
    known.save()
    alike.customer.language = "Welsh"
    alike.customer.save()

    page = coordinator.get(at(alike)).content.decode()
    coordinator.post(at(alike), {"same": known.code, "seen": seen(alike)})
    again = coordinator.get(at(alike)).content.decode()

    for shown in (page, again):
        assert shown.count('<span class="moj-badge">Braille</span>') == 1
        assert shown.count('<span class="moj-badge">Speaks Welsh</span>') == 1


def test_nobody_is_taken_for_somebody_else_without_being_looked_at(alike, known):
    assert alike.customer != known
    assert alike.submission.matching == Matching.WAITING.value


def test_the_same_customer_gets_the_complaint(coordinator, alike, known):
    answer = coordinator.post(at(alike), {"same": known.code, "seen": seen(alike)})

    alike.refresh_from_db()
    assert alike.customer == known
    assert said(answer) == [f"Complaint {alike.reference} is Margaret Shaw’s now."]
    event = RecordedEvent.objects.filter(complaint=alike).latest("number")
    assert set(event.facts) >= {"customer", "was"}
    assert "Shaw" not in str(event.facts)
    assert "Nobody waits to be compared." in words(coordinator.get("/feedback/customers/"))


@pytest.mark.promise("P4")
def test_the_row_that_the_form_gave_is_hidden_with_its_complaint(coordinator, alike, known, house):
    coordinator.post(at(alike), {"same": known.code, "seen": seen(alike)})
    given = Submission.objects.get(complaint=alike).replaced_customer
    outsider = house[Role.DIRECTOR]

    Complaint.objects.filter(pk=alike.pk).update(level="restricted")

    assert given is not None
    assert not customers_known_to(outsider).filter(pk=given.pk).exists()
    assert customers_known_to(outsider).filter(pk=known.pk).exists()


def test_they_can_be_parted_again(coordinator, alike, known):
    given = alike.customer
    coordinator.post(at(alike), {"same": known.code, "seen": seen(alike)})
    offered = words(coordinator.get(at(alike)))

    coordinator.post(at(alike), {"seen": seen(alike)})

    alike.refresh_from_db()
    assert "They are two customers after all" in offered
    assert alike.customer == given


def test_a_new_customer_stays_one(coordinator, alike, known):
    coordinator.post(at(alike), {"seen": seen(alike)})

    again = coordinator.post(at(alike), {"same": known.code, "seen": seen(alike)})

    alike.refresh_from_db()
    assert alike.customer != known
    assert said(again)[-1] == "This customer was compared already."


def test_somebody_who_does_not_look_the_same_cannot_be_chosen(coordinator, alike):
    stranger = CustomerFactory(name="Somebody Else")

    answer = coordinator.post(at(alike), {"same": stranger.code, "seen": seen(alike)})

    assert said(answer) == ["These two do not look like the same person."]
    alike.refresh_from_db()
    assert alike.customer != stranger


@pytest.mark.promise("P8")
@pytest.mark.parametrize("version", ["1", "", "x", "9" * 30])
def test_a_page_that_is_out_of_date_changes_nothing(coordinator, alike, known, version):
    answer = coordinator.post(at(alike), {"same": known.code, "seen": version})

    alike.refresh_from_db()
    assert answer.status_code == 302
    assert alike.customer != known


@pytest.mark.promise("P4")
def test_a_complaint_that_is_hidden_from_them_is_not_compared(coordinator, alike, known):
    Complaint.objects.filter(pk=alike.pk).update(level=Level.RESTRICTED)

    assert alike.reference not in words(coordinator.get("/feedback/customers/"))
    assert coordinator.get(at(alike)).status_code == 404
    assert coordinator.post(at(alike), {"same": known.code, "seen": 2}).status_code == 404


@pytest.mark.parametrize("role", NOT_COORDINATORS)
def test_comparing_is_for_coordinators(sign_in, alike, role):
    client = sign_in(role)

    assert client.get("/feedback/customers/").status_code == 403
    assert client.get(at(alike)).status_code == 403
    assert client.post(at(alike), {"seen": 1}).status_code == 403


def test_a_complaint_by_telephone_is_not_compared(coordinator, house):
    assert coordinator.get(at(house.lodge())).status_code == 404


# Letters to post --------------------------------------------------------------------------------


@pytest.fixture
def letter(sign_in, house) -> RemarkLetter:
    """A letter of thanks that waits to be posted."""
    customer = CustomerFactory(name="Olu Ade", letter_format=LetterFormat.LARGE_PRINT.value)
    remark = praise(received_on=MONDAY, customer=customer)
    sign_in(Role.FRONT_LINE).post(f"/feedback/{remark.reference}/thank/", {"way": "post"})
    return RemarkLetter.objects.get()


def test_a_letter_waits_with_its_address_and_format(sign_in, letter):
    page = words(sign_in(Role.FRONT_LINE).get("/feedback/letters/"))

    assert letter.remark.reference in page
    assert "Olu Ade" in page
    assert "14 Dock Road" in page
    assert "Large print" in page


def test_a_letter_is_printed_as_it_was_written(sign_in, letter):
    page = words(
        sign_in(Role.FRONT_LINE).get(f"/feedback/{letter.remark.reference}/letters/thanks/")
    )

    assert "house-paper--large_print" in page
    assert "Dear Olu Ade," in page
    assert "To be printed and posted in" in page


def test_posted_is_recorded_once(sign_in, letter):
    client = sign_in(Role.LINE_MANAGER)
    typed = {"reference": letter.remark.reference, "purpose": "thanks"}

    first, second = (client.post("/feedback/letters/", typed) for _ in range(2))

    letter.refresh_from_db()
    assert (letter.posted_on, said(first)) == (TODAY, ["The letter to Olu Ade is posted."])
    assert said(second)[-1] == "This letter is not waiting to be posted."
    assert "No letters wait to be posted." in words(client.get("/feedback/letters/"))


@pytest.mark.parametrize("purpose", ["answer", "nonsense", "\x00"])
def test_there_is_no_other_letter(sign_in, letter, purpose):
    client = sign_in(Role.FRONT_LINE)
    typed = {"reference": letter.remark.reference, "purpose": purpose}

    assert client.post("/feedback/letters/", typed).status_code == 404
    assert client.get(f"/feedback/{letter.remark.reference}/letters/answer/").status_code == 404


@pytest.mark.parametrize("role", WITH_CUSTOMERS)
def test_letters_are_for_whoever_works_with_customers(sign_in, letter, role):
    assert sign_in(role).get("/feedback/letters/").status_code == 200


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PANEL_MEMBER, Role.SYSTEM_ADMINISTRATOR])
def test_letters_are_for_nobody_else(sign_in, letter, role):
    client = sign_in(role)
    typed = {"reference": letter.remark.reference, "purpose": "thanks"}

    assert client.get("/feedback/letters/").status_code == 403
    assert client.post("/feedback/letters/", typed).status_code == 403
    letter.refresh_from_db()
    assert letter.posted_on is None


def test_the_queries_of_the_letters_do_not_grow(sign_in, house):
    client = sign_in(Role.FRONT_LINE)
    client.get("/feedback/letters/")
    counts = []
    for _ in range(2):
        for _ in range(4):
            remark = praise(received_on=MONDAY)
            client.post(f"/feedback/{remark.reference}/thank/", {"way": "post"})
        with CaptureQueriesContext(connection) as queries:
            client.get("/feedback/letters/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 9


# The sections -----------------------------------------------------------------------------------


def test_a_coordinator_sees_in_the_tabs_how_much_waits(coordinator, alike):
    set_aside(number=3)

    tabs = {tab.label: tab.count for tab in coordinator.get("/feedback/").context["sections"]}

    assert tabs["Quarantine"] == "1"
    assert tabs["Customers to compare"] == "1"


def test_others_do_not_see_the_coordinators_tabs(sign_in):
    tabs = [tab.label for tab in sign_in(Role.FRONT_LINE).get("/feedback/").context["sections"]]

    assert tabs == ["Compliments and suggestions", "You said, we did", "Letters to post"]
