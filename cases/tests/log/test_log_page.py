"""The page on which a complaint is logged: what it shows, what it keeps, whom it is for."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    Complaint,
    Customer,
    Exclusion,
    Letter,
    Level,
    LoggedForm,
    OutboundMessage,
    RecordedEvent,
    ServiceRequest,
    StoredFile,
)
from cases.operations.lookups import MOST_IN_A_SPAN
from cases.rules.own_words import own_words
from cases.rules.pages import READERS, Page
from cases.rules.promises import CALL
from cases.rules.roles import Role
from cases.tests.factories import CategoryFactory, CustomerFactory, UserFactory
from cases.tests.log.conftest import TODAY, boxes, filled, mistakes, told

pytestmark = pytest.mark.django_db
URL = "/log/"
CASEWORK = sorted(READERS[Page.LOG])
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def adviser(house, browse):
    """The browser of somebody at the front line."""
    return browse(house[Role.FRONT_LINE])


@pytest.fixture
def coordinator(house, browse):
    """The browser of a complaints coordinator."""
    return browse(house[Role.COMPLAINTS_COORDINATOR])


def pdf(name: str = "letter.pdf") -> SimpleUploadedFile:
    """Return a file that may be sent."""
    return SimpleUploadedFile(name, PDF)


# Whom it is for ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_whoever_works_on_complaints_logs_and_nobody_else(house, browse, role):
    client = browse(house[role])

    asked = client.get(URL)
    sent = client.post(URL, filled())

    assert (asked.status_code == 200) == (role in CASEWORK)
    assert (sent.status_code == 302) == (role in CASEWORK)
    assert Complaint.objects.count() == (1 if role in CASEWORK else 0)


def test_whoever_is_not_signed_in_is_asked_to(client, house):
    assert client.get(URL).url.startswith(reverse("cases:sign-in"))


# What it shows ----------------------------------------------------------------------------------


def test_the_deadlines_are_shown_with_their_counting_before_anything_is_typed(adviser):
    response = adviser.get(URL)

    words = told(response)
    assert "Acknowledge, define and log the complaint Mon 29 Jun 2026" in words
    assert "Counted from" in words
    assert "code-2024" not in words


def test_a_complaint_is_what_is_logged_unless_something_else_is_chosen(adviser):
    asked = adviser.get(URL)

    assert asked.context["form"]["ends"].value() == "complaint"
    for_the_browser = " ".join(asked.content.decode().split())
    assert 'value="complaint" checked' in for_the_browser
    assert 'value="request" checked' not in for_the_browser


def test_another_day_of_receipt_shows_its_own_deadlines_and_records_nothing(adviser, house):
    typed = filled(check="yes", **boxes("received", date(2026, 6, 8)))

    response = adviser.post(URL, typed)

    assert response.status_code == 200
    assert "Mon 15 Jun 2026" in told(response)
    assert "Overdue by 5 working days" in told(response)
    assert mistakes(response) == []
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), None], ids=["in the future", "missing"])
def test_without_a_day_that_can_be_no_deadlines_are_told(adviser, day):
    typed = filled(check="yes", **(boxes("received", day) if day else {"received_day": ""}))

    response = adviser.post(URL, typed)

    assert "Enter the day it was received" in told(response)


@pytest.mark.parametrize(
    ("particulars", "reached"),
    [
        ({"email": "a@example.org"}, "email"),
        ({"email": "a@example.org", "unsafe": ["email"]}, "post"),
        ({"address": "1 Mill Lane", "phone": "0151 496 0123"}, "post"),
        ({"address": "", "phone": "0151 496 0123"}, "phone"),
        ({"phone": "0151 496 0123", "unsafe": ["post"]}, "phone"),
        ({"address": "", "phone": "0151 496 0123", "unsafe": ["phone"]}, "post"),
    ],
)
@pytest.mark.parametrize("channel", ["post", "phone"])
def test_how_it_came_is_not_how_somebody_likes_to_be_reached(
    adviser, particulars, reached, channel
):
    page = adviser.get(URL)
    assert page.context["form"]["preferred_channel"].value() in (None, "")

    given = {"email": "", "address": "1 Mill Lane", **particulars}
    response = adviser.post(URL, filled(preferred_channel="", channel=channel, **given))

    assert response.status_code == 302, mistakes(response)
    assert Customer.objects.latest("pk").preferred_channel == reached


def test_whoever_may_not_put_it_right_there_and_then_is_told_what_to_do_instead(adviser):
    assert "ends with a response. Choose “A complaint”: the response then says how" in (
        told(adviser.get(URL))
    )


@pytest.mark.parametrize(
    ("procedure", "refused"),
    [
        ("code-2024", True),
        ("kht-three-stage", True),
        ("first-ark-panel", False),
        ("livv-two-stage", False),
        ("herefordshire", False),
    ],
)
def test_putting_it_right_there_and_then_is_offered_where_the_procedure_has_it(
    house, adviser, procedure, refused
):
    house.run(procedure)

    response = adviser.get(URL)

    shut = 'value="resolved" disabled' in " ".join(response.content.decode().split()) or (
        "ends with a response" in told(response)
    )
    assert shut is refused


@pytest.mark.rule("K3-10")
@pytest.mark.parametrize(("procedure", "asked"), [("kht-three-stage", True), ("code-2024", False)])
def test_the_day_of_the_team_is_asked_where_the_deadlines_count_from_it(
    house, adviser, procedure, asked
):
    house.run(procedure)

    response = adviser.get(URL)

    assert ("Day the team received it" in told(response)) is asked


@pytest.mark.rule("K3-10")
def test_the_day_of_the_team_moves_the_deadlines_and_is_recorded(house, adviser):
    house.run("kht-three-stage")
    typed = filled(**{**boxes("received", date(2026, 6, 18)), **boxes("team", date(2026, 6, 19))})

    shown = adviser.post(URL, {**typed, "check": "yes"})
    adviser.post(URL, typed)

    assert "Wed 24 Jun 2026" in told(shown)
    assert Complaint.objects.get().events.filter(kind="received_by_team").exists()


# Who the customer is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["agnes", "chandlers", "hb2 7cr", "0151 4960999", "AGNES@example.org"]
)
def test_a_customer_is_found_by_name_address_number_or_mail(adviser, words):
    known = CustomerFactory(
        name="Agnes Moyo",
        address="7 Chandlers Row",
        postcode="HB2 7CR",
        phone="0151 496 0999",
        email="agnes@example.org",
    )
    CustomerFactory(name="Somebody Else")

    response = adviser.post(URL, {"look": "yes", "find": words, "words": "Half a sentence"})

    assert response.status_code == 200
    assert f'value="{known.code}"' in response.content.decode()
    assert "Somebody Else" not in told(response)
    assert "Half a sentence" in told(response)
    assert mistakes(response) == []


def test_a_customer_is_found_by_the_reference_of_what_the_officer_may_read(house, adviser):
    complaint = house.lodge(customer=CustomerFactory(name="Agnes Moyo"))
    hidden = house.lodge(
        customer=CustomerFactory(name="Hidden Person"), area_id=house.other_team.pk, by=None
    )

    found = adviser.post(URL, {"look": "yes", "find": complaint.reference.lower()})
    not_found = adviser.post(URL, {"look": "yes", "find": hidden.reference})

    assert "Agnes Moyo" in told(found)
    assert "Hidden Person" not in told(not_found)
    assert "Nobody found" in told(not_found)


def test_nobody_looks_up_more_customers_than_work_needs(adviser):
    CustomerFactory(name="Agnes Moyo")
    for _ in range(MOST_IN_A_SPAN):
        adviser.post(URL, {"look": "yes", "find": "a"})

    response = adviser.post(URL, {"look": "yes", "find": "agnes", "words": "Half a sentence"})

    assert response.status_code == 422
    assert "Wait a few minutes" in told(response)
    assert "Agnes Moyo" not in told(response)
    assert "Half a sentence" in told(response)


def test_a_customer_named_in_the_address_is_chosen(adviser):
    known = CustomerFactory(name="Agnes Moyo", needs="Ring first", language="Welsh")

    response = adviser.get(f"{URL}?customer={known.code}")

    assert response.context["form"]["customer"].value() == known.code
    assert "Ring first" in told(response)
    assert "Speaks Welsh" in told(response)


def test_a_new_customer_is_kept_with_all_that_was_told(adviser):
    adviser.post(URL, filled(unsafe=["post", "email"], is_vulnerable="on", language="Welsh"))

    customer = Customer.objects.get()
    assert (customer.name, customer.postcode) == ("Agnes Moyo", "HB2 7CR")
    assert (customer.letter_format, customer.needs) == ("large_print", "Ring first")
    assert (customer.preferred_channel, customer.language) == ("phone", "Welsh")
    assert customer.is_vulnerable
    assert (customer.post_unsafe, customer.email_unsafe, customer.phone_unsafe) == (
        True,
        True,
        False,
    )
    assert Complaint.objects.get().customer == customer


def test_a_new_customer_very_like_a_known_one_is_held_up_once(adviser):
    known = CustomerFactory(name="agnes moyo")

    held = adviser.post(URL, filled())
    logged = adviser.post(URL, filled(warned=held.context["desk"].warned))

    assert held.status_code == 422
    assert "Somebody very like them is known already" in mistakes(held)[0]
    assert f'value="{known.code}"' in held.content.decode()
    assert logged.status_code == 302
    assert Customer.objects.count() == 2


# What is open already ---------------------------------------------------------------------------


def test_open_cases_of_the_same_person_are_told_before_anything_is_saved(house, adviser):
    customer = CustomerFactory(name="Agnes Moyo")
    category = CategoryFactory(name="Damp and mould")
    complaint = house.lodge(customer=customer, category_id=category.pk)

    held = adviser.post(URL, filled(customer))
    logged = adviser.post(URL, filled(customer, warned=held.context["desk"].warned))

    assert held.status_code == 422
    assert "Agnes Moyo has something open already" in mistakes(held)[0]
    assert f"{complaint.reference} (opens in a new tab) Damp and mould, received 8 Jun 2026" in (
        told(held)
    )
    assert logged.status_code == 302
    assert Complaint.objects.count() == 2


def test_what_somebody_complains_of_together_with_another_counts_for_them_and_nobody_else(
    house, adviser
):
    complaint = house.lodge(customer=CustomerFactory(name="Bob Moyo"))
    together = CustomerFactory(name="Zoe Moyo")
    CustomerFactory(name="Agnes Moyo")
    complaint.joint_complainants.create(customer=together)

    desk = adviser.post(URL, {"look": "yes", "find": "moyo"}).context["desk"]

    assert {each.name: len(desk.known[each.pk]) for each in desk.found} == {
        "Agnes Moyo": 0,
        "Bob Moyo": 1,
        "Zoe Moyo": 1,
    }


def test_whoever_saw_them_among_those_found_is_not_held_up(house, adviser):
    customer = CustomerFactory(name="Agnes Moyo")
    house.lodge(customer=customer)

    found = adviser.post(URL, {"look": "yes", "find": "agnes"})
    logged = adviser.post(URL, filled(customer, warned=found.context["desk"].warned))

    assert "Open:" in told(found)
    assert logged.status_code == 302


@pytest.mark.parametrize(
    ("received_on", "same_category", "perhaps"),
    [
        (date(2026, 6, 20), None, True),
        (date(2026, 6, 1), None, False),
        (date(2026, 6, 1), True, True),
        (date(2026, 6, 20), False, False),
    ],
    ids=["of these days", "of long ago", "about the same", "about something else"],
)
def test_what_may_be_the_same_is_marked(house, adviser, received_on, same_category, perhaps):
    damp, lifts = CategoryFactory(name="Damp"), CategoryFactory(name="Lifts")
    customer = CustomerFactory()
    of_these = {None: None, True: lifts.pk, False: damp.pk}[same_category]
    house.lodge(customer=customer, on=received_on, category_id=of_these)

    response = adviser.post(URL, filled(customer, check="yes", about=str(lifts.pk)))

    assert ("Perhaps the same" in told(response)) is perhaps


@pytest.mark.parametrize("hidden", ["of another area", "restricted", "excluded", "sensitive"])
def test_a_case_that_the_officer_may_not_read_is_not_betrayed(house, adviser, hidden):
    customer = CustomerFactory(name="Agnes Moyo")
    complaint = house.lodge(
        customer=customer,
        by=None,
        area_id=house.other_team.pk if hidden == "of another area" else house.team.pk,
        about_staff_unnamed=hidden == "restricted",
        level=Level.SENSITIVE if hidden == "sensitive" else Level.NORMAL,
    )
    if hidden == "excluded":
        Exclusion.objects.create(
            complaint=complaint, user=house[Role.FRONT_LINE], reason="conflict"
        )

    found = adviser.post(URL, {"look": "yes", "find": "agnes"})
    logged = adviser.post(URL, filled(customer))

    assert complaint.reference not in found.content.decode()
    assert "Open:" not in told(found)
    assert logged.status_code == 302


def test_a_complaint_can_be_about_how_an_earlier_one_was_dealt_with(house, adviser):
    customer = CustomerFactory()
    earlier = house.lodge(customer=customer)
    held = adviser.post(URL, filled(customer))

    adviser.post(
        URL, filled(customer, warned=held.context["desk"].warned, linked_to=str(earlier.pk))
    )

    assert Complaint.objects.latest("pk").linked_to == earlier


# What is logged ---------------------------------------------------------------------------------


@pytest.mark.rule("HH-9")
def test_a_complaint_is_logged_with_its_true_day_and_time(adviser, house):
    category = CategoryFactory()
    typed = filled(
        channel="post",
        area=str(house.team.pk),
        about=str(category.pk),
        received_time="4.45pm",
        **boxes("received", date(2026, 6, 17)),
    )

    response = adviser.post(URL, typed, follow=True)

    complaint = Complaint.objects.get()
    receipt = complaint.events.get(kind="received")
    assert complaint.received_on == date(2026, 6, 17)
    assert (receipt.on, f"{receipt.at:%H:%M}") == (date(2026, 6, 17), "15:45")
    assert (complaint.channel, complaint.service_area, complaint.category) == (
        "post",
        house.team,
        category,
    )
    assert complaint.desired_outcome == "A lift that works"
    assert complaint.logged_by == house[Role.FRONT_LINE]
    assert not complaint.needs_triage
    assert response.redirect_chain == [(complaint.get_absolute_url(), 302)]
    words = told(response)
    assert f"Logged as {complaint.reference}. Tell the customer: " in words
    assert "by Wed 24 Jun 2026" in words


def test_a_form_sent_twice_logs_one_complaint(adviser):
    first = adviser.post(URL, filled())
    second = adviser.post(URL, filled())

    assert Complaint.objects.count() == Customer.objects.count() == LoggedForm.objects.count() == 1
    assert first.url == second.url == Complaint.objects.get().get_absolute_url()


def test_something_else_typed_into_a_form_that_was_sent_is_kept_and_can_be_logged(adviser):
    adviser.post(URL, filled())
    customer = Customer.objects.get()

    other = filled(customer, words="My neighbour’s gutter drips.")
    kept = adviser.post(URL, other)
    fresh = kept.context["form"]["key"].value()
    logged = adviser.post(URL, {**other, "key": fresh, "warned": kept.context["desk"].warned})

    assert kept.status_code == 422
    assert "is logged as" in mistakes(kept)[0]
    assert "gutter drips" in told(kept)
    assert fresh != other["key"]
    assert logged.status_code == 302
    assert Complaint.objects.count() == 2


def test_the_form_of_somebody_else_is_not_logged_again(adviser, coordinator):
    adviser.post(URL, filled())

    response = coordinator.post(URL, filled(Customer.objects.get()))

    assert response.status_code == 422
    assert Complaint.objects.count() == 1


@pytest.mark.rule("HH-8", "HH-11")
def test_it_is_put_right_there_and_then(house, adviser):
    house.run("herefordshire")

    response = adviser.post(
        URL,
        filled(
            ends="resolved",
            resolution="I reset the lift with the caller on the line.",
            apologised="on",
            told="phone",
            **boxes("resolved_on", TODAY),
        ),
        follow=True,
    )

    complaint = Complaint.objects.get()
    assert (complaint.status, complaint.closed_as) == ("closed", "resolved")
    kinds = list(complaint.events.order_by("number").values_list("kind", flat=True))
    assert kinds == ["received", "logged", "resolved", "closed"]
    assert "put right and closed" in told(response)


@pytest.mark.rule("HH-11")
@pytest.mark.parametrize("how", ["post", "email"])
def test_a_letter_says_how_it_was_put_right_there_and_then(house, adviser, how):
    house.run("herefordshire")
    known = CustomerFactory(email="agnes@example.org")
    cured = {"resolution": "I reset the lift with you on the line.", "told": how}

    response = adviser.post(
        URL, filled(known, ends="resolved", **cured, **boxes("resolved_on", TODAY))
    )

    assert response.status_code == 302
    letter = Letter.objects.get()
    assert (letter.kind, letter.channel) == ("resolution", how)
    assert "\n\nI reset the lift with you on the line.\n\n" in letter.body


@pytest.mark.parametrize(("ends", "has_any"), [("complaint", True), ("request", False)])
def test_beside_a_request_no_deadline_is_shown_or_said(adviser, ends, has_any):
    page = adviser.post(URL, filled(ends=ends, check="live")).content.decode()

    said = page.split('id="log-told"')[1].split("</p>")[0]
    shown = page.split('id="log-deadlines"')[1].split("</section>")[0]
    assert ("Acknowledge" in said, "Acknowledge" in shown) == (has_any, has_any)


@pytest.mark.promise("P18")
@pytest.mark.parametrize("how", ["drawn", "rechecked"])
def test_how_somebody_must_not_be_told_is_shut_as_soon_as_they_are_chosen(house, adviser, how):
    house.run("herefordshire")
    known = CustomerFactory(phone_unsafe=True, email="")
    if how == "drawn":
        page = adviser.get(URL, {"customer": known.code})
    else:
        page = adviser.post(URL, filled(known, ends="resolved", told="phone", check="live"))

    shown = told(page)
    assert "Not safe: the customer asked us not to ring." in shown
    assert "There is no e-mail address for this customer." in shown
    ways = page.context["form"]["told"]
    assert ways.value() == "post"
    part = page.content.decode().split('id="log-told-how" data-recheck-part')[1]
    assert "disabled" in part.split('value="phone"')[1].split(">")[0]

    sent = filled(known, ends="resolved", resolution="Mended.", told="phone")
    refused = adviser.post(URL, {**sent, **boxes("resolved_on", TODAY)})

    assert refused.status_code == 422
    assert mistakes(refused) == [
        "How the customer was told: Not safe: the customer asked us not to ring."
    ]
    assert not Complaint.objects.exists()


def test_before_anybody_is_chosen_every_way_of_telling_is_offered(house, adviser):
    house.run("herefordshire")

    ways = adviser.get(URL).context["form"]["told"]

    assert ways.value() == "phone"
    assert not ways.field.widget.refused


def test_putting_it_right_where_the_procedure_has_no_such_step_is_refused_and_kept(adviser):
    response = adviser.post(
        URL,
        filled(
            ends="resolved", resolution="Done at once.", told="phone", **boxes("resolved_on", TODAY)
        ),
    )

    assert response.status_code == 422
    assert "ends with a response" in mistakes(response)[0]
    assert "Done at once." in told(response)
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("level", ["sensitive", "restricted"])
def test_what_the_front_line_may_not_read_it_cannot_put_right(house, adviser, level):
    house.run("herefordshire")

    response = adviser.post(
        URL,
        filled(
            ends="resolved",
            level=level,
            resolution="Done.",
            told="phone",
            **boxes("resolved_on", TODAY),
        ),
    )

    assert response.status_code == 422
    assert not Complaint.objects.exists()
    assert not LoggedForm.objects.exists()


def test_a_request_is_logged_and_loses_nothing_that_was_told(adviser, house):
    response = adviser.post(
        URL,
        filled(
            ends="request",
            kind="asb",
            passed_to="Housing Officer",
            offered="on",
            area=str(house.team.pk),
            speaks="other",
            speaker_name="Bob Moyo",
            speaker_relationship="son",
            authority="claimed",
        ),
        follow=True,
    )

    asked = ServiceRequest.objects.get()
    assert (asked.kind, asked.passed_to, asked.offered_complaint) == (
        "asb",
        "Housing Officer",
        True,
    )
    assert "The lift has been out of order" in asked.words
    assert "What would put it right: A lift that works" in asked.words
    assert "Asked on their behalf by Bob Moyo, son." in asked.words
    assert response.redirect_chain == [(asked.get_absolute_url(), 302)]
    assert not Complaint.objects.exists()


def test_a_request_sent_twice_is_logged_once(adviser):
    adviser.post(URL, filled(ends="request", kind="service_request"))
    again = adviser.post(URL, filled(ends="request", kind="service_request"))

    assert again.url == ServiceRequest.objects.get().get_absolute_url()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"level": "sensitive"}, "A request is open to its service area"),
        ({"level": "restricted"}, "A request is open to its service area"),
    ],
)
def test_a_request_takes_nothing_that_it_could_not_keep(adviser, changes, words):
    response = adviser.post(URL, filled(ends="request", kind="asb", **changes))

    assert response.status_code == 422
    assert words in mistakes(response)[0]
    assert not ServiceRequest.objects.exists()


@pytest.mark.rule("HH-4", "KF-2")
def test_somebody_who_speaks_for_the_customer_is_recorded_with_their_authority(adviser):
    adviser.post(
        URL,
        filled(
            speaks="other",
            speaker_name="Bob Moyo",
            speaker_relationship="Solicitor",
            speaker_kind="solicitor",
            speaker_address="1 Court Row",
            speaker_letter_format="large_print",
            speaker_needs="Ring in office hours",
            authority="confirmed",
            authority_seen="The customer said so on the telephone",
            **boxes("authority_on", TODAY),
        ),
    )

    complaint = Complaint.objects.get()
    speaker = complaint.representatives.get()
    assert (speaker.name, speaker.authority, speaker.is_solicitor) == (
        "Bob Moyo",
        "confirmed",
        True,
    )
    told = (speaker.address, speaker.letter_format, speaker.needs)
    assert told == ("1 Court Row", "large_print", "Ring in office hours")
    assert "bob moyo" in complaint.search_entry.names
    assert complaint.events.filter(kind="details_changed").exists()


def test_confirmed_authority_needs_a_day_and_what_was_seen(adviser):
    response = adviser.post(
        URL, filled(speaks="other", speaker_name="Bob Moyo", authority="confirmed")
    )

    assert response.status_code == 422
    assert len(mistakes(response)) == 2
    assert not Complaint.objects.exists()


# Who may see it ---------------------------------------------------------------------------------


def test_what_is_about_a_member_of_staff_is_closed_to_them_and_waits_for_a_coordinator(
    house, adviser
):
    subject = UserFactory(name="Dan Morris", roles=[Role.RESPONSIBLE_OFFICER])

    response = adviser.post(
        URL, filled(level="restricted", staff="It is dan  morris of Repairs"), follow=True
    )

    complaint = Complaint.objects.get()
    assert complaint.level == Level.RESTRICTED
    assert complaint.needs_triage
    assert [row.user for row in complaint.exclusions.all()] == [subject]
    assert not Complaint.objects.visible_to(house[Role.FRONT_LINE]).exists()
    words = told(response)
    assert response.redirect_chain == [(reverse("cases:logged", args=["a-key-of-a-form"]), 302)]
    assert complaint.reference in words
    assert "It waits for a complaints coordinator to accept it." in words
    assert "by Mon 29 Jun 2026" in words


def test_whoever_logs_it_sees_to_whom_it_is_closed_before_and_after(adviser):
    UserFactory(name="Priya Shah")
    UserFactory(name="Dan Morris")
    answers = filled(level="restricted", staff="Priya")

    checked = adviser.post(URL, answers | {"check": "yes"})
    logged = adviser.post(URL, answers, follow=True)

    assert "It is closed to: Priya Shah." in told(checked)
    assert "It is closed to: Priya Shah." in told(logged)
    assert [row.user.name for row in Complaint.objects.get().exclusions.all()] == ["Priya Shah"]


@pytest.mark.parametrize(
    ("staff", "says"),
    [
        ("Zebedee", "Nobody here is called “Zebedee”. It is not closed to anybody by name yet"),
        ("", "It is not closed to anybody by name yet"),
    ],
)
def test_whoever_logs_it_sees_that_nobody_was_recognised(adviser, staff, says):
    checked = adviser.post(URL, filled(level="restricted", staff=staff) | {"check": "yes"})

    assert says in told(checked)


def test_a_complaint_about_nobody_is_closed_to_nobody(adviser):
    UserFactory(name="Priya Shah")

    checked = adviser.post(URL, filled(staff="Priya") | {"check": "yes"})

    assert "closed to:" not in told(checked)


def test_what_a_coordinator_logs_about_staff_is_accepted_at_once(coordinator):
    response = coordinator.post(URL, filled(level="restricted"))

    complaint = Complaint.objects.get()
    assert not complaint.needs_triage
    assert response.url == complaint.get_absolute_url()


def test_a_sensitive_complaint_is_not_open_to_the_front_line_once_it_is_logged(adviser):
    response = adviser.post(URL, filled(level="sensitive"), follow=True)

    complaint = Complaint.objects.get()
    assert complaint.level == Level.SENSITIVE
    assert complaint.reference in told(response)
    assert "It is not open to you from now on." in told(response)


def test_what_was_logged_is_told_again_only_to_whoever_logged_it(adviser, coordinator, house):
    adviser.post(URL, filled(level="restricted"))
    page = reverse("cases:logged", args=["a-key-of-a-form"])

    own, others = adviser.get(page), coordinator.get(page)

    assert (own.status_code, others.status_code) == (200, 404)
    assert adviser.get(reverse("cases:logged", args=["no-such-form"])).status_code == 404


def test_the_page_of_what_was_logged_leads_to_it_where_it_is_open(adviser):
    adviser.post(URL, filled())

    page = adviser.get(reverse("cases:logged", args=["a-key-of-a-form"]))

    assert page.url == Complaint.objects.get().get_absolute_url()


# The officer ------------------------------------------------------------------------------------


@pytest.mark.rule("HH-10")
def test_a_coordinator_names_the_officer_who_is_told_by_mail(house, coordinator):
    officer = house[Role.RESPONSIBLE_OFFICER]

    coordinator.post(URL, filled(officer=str(officer.pk)))

    complaint = Complaint.objects.get()
    assert complaint.responsible_officer == officer
    message = OutboundMessage.objects.get()
    assert (message.to_user, message.kind) == (officer, "assigned")


def test_the_front_line_is_not_asked_for_an_officer_and_names_none(house, adviser):
    officer = house[Role.RESPONSIBLE_OFFICER]

    asked = adviser.get(URL)
    adviser.post(URL, filled(officer=str(officer.pk)))

    assert "officer" not in asked.context["form"].fields
    assert Complaint.objects.get().responsible_officer is None


@pytest.mark.parametrize(
    ("procedure", "is_offered"),
    [("herefordshire", True), ("livv-two-stage", True), ("code-2024", False)],
)
def test_whoever_may_decide_the_first_stage_can_be_named_too(
    house, coordinator, procedure, is_offered
):
    house.run(procedure)
    colleague = str(house[Role.FRONT_LINE].pk)

    offered = dict(coordinator.get(URL).context["form"].fields["officer"].choices)
    sent = coordinator.post(URL, filled(officer=colleague))

    assert (colleague in offered) is is_offered
    assert (sent.status_code == 302) is is_offered


def test_a_manager_names_the_officer_in_their_own_area_only(house, browse):
    manager = browse(house[Role.LINE_MANAGER])
    officer = str(house[Role.RESPONSIBLE_OFFICER].pk)

    elsewhere = manager.post(URL, filled(officer=officer, area=str(house.other_team.pk)))
    own = manager.post(URL, filled(officer=officer, area=str(house.team.pk)))

    assert elsewhere.status_code == 422
    assert "name the officer" in mistakes(elsewhere)[0]
    assert own.status_code == 302


# What is refused keeps everything ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"customer": ""}, "Find the customer, or enter a new one"),
        ({"name": ""}, "Name: enter an answer"),
        ({"words": " "}, "Write down what the customer says"),
        ({"ends": ""}, "Select what it is"),
        ({"received_day": "23"}, "must be on or before 22 June 2026"),
        ({"received_day": "31"}, "must be a real date"),
        ({"received_year": "2011"}, "must be on or after 1 January 2012"),
        ({"received_time": "23:50"}, "has not come yet"),
        ({"received_time": "four"}, "Enter the time as in"),
        ({"email": "agnes"}, "enter an address like name@example.com"),
        ({"area": "999"}, "select one of the answers"),
        ({"speaks": "other"}, "Their name: enter an answer"),
        ({"key": ""}, "Key"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(adviser, changes, words):
    typed = filled(speaker_phone="0151 496 0001", **changes)

    response = adviser.post(URL, typed)

    assert response.status_code == 422
    assert any(words in each for each in mistakes(response))
    assert not Complaint.objects.exists()
    assert not Customer.objects.exists()
    form = response.context["form"]
    assert {name: form.data.get(name) for name in typed} == typed


def test_a_key_that_no_form_has_is_refused(adviser):
    response = adviser.post(URL, filled(key="../no key"))

    assert response.status_code == 422
    assert not Complaint.objects.exists()


def test_the_team_cannot_have_it_before_we_do(house, adviser):
    house.run("kht-three-stage")

    response = adviser.post(URL, filled(**boxes("team", date(2026, 6, 19))))

    assert response.status_code == 422
    assert "The team received it before we did" in mistakes(response)[0]


@pytest.mark.parametrize("name", ["customer", "find", "words", "name", "key", "kept", "warned"])
def test_what_no_keyboard_types_breaks_nothing(adviser, name):
    spoilt = {**filled(), name: "a\x00b"}

    for button in ({}, {"look": "yes"}, {"check": "yes"}):
        assert adviser.post(URL, {**spoilt, **button}).status_code in (200, 302, 422)


def test_finding_somebody_keeps_all_that_was_typed_right_or_wrong(adviser):
    typed = filled(
        look="yes", find="nobody", received_day="99", email="wrong", unsafe=["post"], ends="request"
    )

    form = adviser.post(URL, typed).context["form"]

    assert not form.is_bound
    assert form["received"].value().day == "99"
    assert form["email"].value() == "wrong"
    assert form["unsafe"].value() == ["post"]
    assert form["words"].value() == typed["words"]
    assert form["key"].value() == typed["key"]
    assert form["ends"].value() == "request"


def test_a_customer_whose_name_was_misspelt_is_offered_before_another_is_made(adviser):
    CustomerFactory(name="Aoife Brennan")

    page = adviser.post(URL, filled(look="yes", find="Aoife Brenan"))

    assert [each.name for each in page.context["desk"].found] == ["Aoife Brennan"]
    assert "Nobody is spelt “Aoife Brenan”. These are spelt much like it" in told(page)
    linked = adviser.get(URL, {"find": "Aoife Brenan"})
    assert "Nobody is spelt “Aoife Brenan”. These are spelt much like it" in told(linked)


def test_a_file_is_kept_through_mistakes_and_belongs_to_the_complaint_at_last(adviser, house):
    refused = adviser.post(URL, filled(words="", uploads=[pdf()]))
    kept = StoredFile.objects.get()
    logged = adviser.post(URL, filled(kept=[kept.key]))

    assert refused.status_code == 422
    assert "letter.pdf" in told(refused)
    assert logged.status_code == 302
    assert [file.name for file in Complaint.objects.get().files.all()] == ["letter.pdf"]
    assert StoredFile.objects.count() == 1


def test_a_file_that_cannot_be_taken_is_refused_and_the_words_are_kept(adviser):
    response = adviser.post(URL, filled(uploads=[SimpleUploadedFile("run.exe", b"MZ\x90\x00")]))

    assert response.status_code == 422
    assert "“run.exe” cannot be taken" in mistakes(response)[0]
    assert "The lift has been out of order" in told(response)
    assert not Complaint.objects.exists()


def test_the_file_of_somebody_else_is_not_taken(adviser, coordinator):
    coordinator.post(URL, filled(words="", uploads=[pdf("secret.pdf")]))
    key = StoredFile.objects.get().key

    response = adviser.post(URL, filled(kept=[key]))

    assert response.status_code == 302
    assert not Complaint.objects.get().files.exists()


def test_files_are_not_kept_with_a_request(adviser):
    response = adviser.post(URL, filled(ends="request", kind="asb", uploads=[pdf()]))

    assert response.status_code == 422
    assert "Files are kept with complaints only" in mistakes(response)[0]
    assert not ServiceRequest.objects.exists()


def test_only_so_many_files_are_taken(adviser, settings):
    settings.UPLOAD_FILE_LIMIT = 2

    response = adviser.post(URL, filled(uploads=[pdf("a.pdf"), pdf("b.pdf"), pdf("c.pdf")]))

    assert response.status_code == 422
    assert "A form takes 2 files" in mistakes(response)[0]


# What it costs ----------------------------------------------------------------------------------


def test_the_empty_page_needs_few_queries(adviser, house, django_assert_max_num_queries):
    adviser.get(URL)
    for _ in range(5):
        house.lodge(customer=CustomerFactory())
        CategoryFactory()

    with django_assert_max_num_queries(8):
        adviser.get(URL)


def test_finding_needs_no_query_for_each_found(adviser, house, django_assert_num_queries):
    adviser.post(URL, {"look": "yes", "find": "moyo"})

    def look():
        return adviser.post(URL, {"look": "yes", "find": "moyo"})

    house.lodge(customer=CustomerFactory(name="Agnes Moyo"))
    with CaptureQueriesContext(connection) as one:
        look()
    for name in ("Bob", "Carol", "Dora", "Eve"):
        house.lodge(customer=CustomerFactory(name=f"{name} Moyo"))

    with django_assert_num_queries(len(one)):
        look()


def test_logging_needs_as_many_queries_however_much_there_is(
    adviser, house, django_assert_num_queries
):
    customer = CustomerFactory()
    adviser.post(URL, filled(customer))
    with CaptureQueriesContext(connection) as one:
        adviser.post(URL, filled(CustomerFactory(), key="another"))
    for _ in range(4):
        house.lodge()
        CategoryFactory()

    with django_assert_num_queries(len(one)):
        adviser.post(URL, filled(CustomerFactory(), key="one-more"))
    assert len(one) <= 24


def test_a_kind_of_customer_whom_the_procedure_does_not_name_is_a_hint_and_no_refusal(
    house, adviser
):
    house.run("kht-three-stage")
    given = filled(category="member_of_the_public")

    hinted = adviser.post(URL, {**given, "check": "yes"})
    named = adviser.post(URL, {**filled(), "check": "yes"})
    logged = adviser.post(URL, given)

    assert "does not name them among those who may complain: Member of the public." in told(hinted)
    assert "does not name them" not in told(named)
    assert (logged.status_code, Complaint.objects.count()) == (302, 1)


@pytest.mark.rule("HH-27")
@pytest.mark.parametrize("who", ["known", "new"])
def test_a_letter_in_english_alone_to_somebody_who_needs_another_language_says_why(
    house, adviser, who
):
    house.run("herefordshire")
    known = CustomerFactory(language="Welsh") if who == "known" else None
    cure = {"ends": "resolved", "resolution": "Mended.", "told": "post"}
    sent = filled(known, **cure, **boxes("resolved_on", TODAY))
    sent |= {} if known else {"language": "Welsh"}

    refused = adviser.post(URL, sent)
    taken = adviser.post(URL, {**sent, "language_because": "They asked for it so."})

    [mistake] = mistakes(refused)
    assert mistake.startswith("They need letters in Welsh: add the text in it, say why this one is")
    assert 'name="language_because"' in refused.content.decode()
    assert taken.status_code == 302
    assert Letter.objects.get().kind == "resolution"


@pytest.mark.rule("HH-27")
def test_what_was_put_right_is_told_in_the_language_that_the_customer_needs(house, adviser):
    house.run("herefordshire")
    cure = {"ends": "resolved", "resolution": "Mended.", "other_text": "Wedi'i drwsio."}
    known = CustomerFactory(language="Welsh", email="agnes@example.org")
    sent = filled(known, **cure, **boxes("resolved_on", TODAY), other_language="cy")

    asked = adviser.post(URL, {**sent, "told": "email", "check": "yes"})
    nowhere = adviser.post(URL, {**sent, "told": "phone"})
    taken = adviser.post(URL, {**sent, "told": "email"})

    assert 'lang="cy"' in asked.content.decode()
    assert "Wedi&#x27;i drwsio." in asked.content.decode()
    assert mistakes(nowhere) == [
        "No letter or e-mail goes: choose one of them, or take this text out"
    ]
    assert taken.status_code == 302
    letter = Letter.objects.get()
    assert (letter.other_language, letter.other_text) == ("cy", "Wedi'i drwsio.")
    assert "Wedi'i drwsio." in letter.message.body


@pytest.mark.rule("HH-27")
def test_a_text_for_the_customer_is_refused_beside_the_question_of_its_language(house, adviser):
    house.run("herefordshire")
    cure = {"ends": "resolved", "resolution": "Mended.", "told": "post"}
    sent = filled(CustomerFactory(language="Welsh"), **cure, **boxes("resolved_on", TODAY))

    refused = adviser.post(URL, sent | {"other_text": "Wedi'i drwsio.", "other_language": ""})

    assert mistakes(refused) == ["Select the language in which the text is written"]
    assert 'href="#id_other_language"' in refused.content.decode()
    assert "Wedi&#x27;i drwsio." in refused.content.decode()


@pytest.mark.parametrize(("language", "told"), [("Welsh", "phone"), ("", "post")])
def test_nobody_is_asked_for_a_language_that_is_not_needed(house, adviser, language, told):
    house.run("herefordshire")
    known = CustomerFactory(language=language)
    cure = {"ends": "resolved", "resolution": "Mended.", "told": told}

    taken = adviser.post(URL, filled(known, **cure, **boxes("resolved_on", TODAY)))

    assert taken.status_code == 302


def test_a_form_on_paper_is_entered_with_all_that_it_asks(adviser):
    adviser.post(
        URL,
        filled(
            happened="Since Easter",
            effect="She cannot sleep.",
            safe_notes="Only in the mornings",
            letters_by_email="on",
        ),
    )

    complaint = Complaint.objects.get()
    assert complaint.summary == (
        f"{own_words(complaint.summary)}\n\nWhen it happened: Since Easter\n\n"
        "How it affects me: She cannot sleep."
    )
    assert complaint.customer.needs == "Ring first\nOnly in the mornings"
    assert complaint.customer.letters_by_email


RUNG = {"call_back": "on", "call_number": "0151 496 0777", "call_when": "After six"}


def test_a_call_asked_for_is_shown_with_its_day_and_promised_once_it_is_logged(adviser):
    shown = told(adviser.post(URL, filled(**RUNG, check="yes")))
    assert "Ring them, as they asked : by Mon 29 Jun 2026" in shown
    assert "Ring them, as they asked" not in told(adviser.post(URL, filled(check="yes")))
    assert not Complaint.objects.exists()

    logged = adviser.post(URL, filled(**RUNG), follow=True)

    event = Complaint.objects.get().events.get(kind="promised")
    parts = {name: words for name, words in event.words.parts.items() if words}
    assert parts == {"promise": CALL, "call_number": "0151 496 0777", "call_when": "After six"}
    due = Complaint.objects.get().deadlines.get(code__startswith="promise-").due_on
    assert due == date(2026, 6, 29)
    assert f"Tell the customer: {CALL}, by Mon 29 Jun 2026" in told(logged)


def test_a_call_is_to_their_own_number_where_no_other_is_given(adviser):
    adviser.post(URL, filled(**RUNG | {"call_number": ""}))

    event = Complaint.objects.get().events.get(kind="promised")
    assert event.words.parts["call_number"] == "0151 496 0999"


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"call_number": "", "phone": ""}, "Enter the number on which they are to be rung"),
        ({"unsafe": ["phone"]}, "It is not safe for them to be rung"),
        (
            {"speaks": "other", "speaker_name": "Ann Lee", "authority": "claimed"},
            "The customer is rung, so only they can ask for it here",
        ),
    ],
    ids=["no number", "not safe", "for another"],
)
def test_no_call_is_promised_that_cannot_be_kept(adviser, changes, mistake):
    refused = adviser.post(URL, filled(**RUNG | changes))

    assert mistake in mistakes(refused)
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("ends", ["resolved", "request"])
def test_a_call_is_promised_for_complaints_that_go_on_only(house, adviser, ends):
    house.run("herefordshire")
    cure = {"resolution": "Mended.", "told": "phone", **boxes("resolved_on", TODAY)}

    taken = adviser.post(URL, filled(**RUNG, **cure, ends=ends, kind="service_request"))

    assert taken.status_code == 302
    assert not RecordedEvent.objects.filter(kind="promised").exists()
