"""The staff's pages about compliments and suggestions: listed, thanked for, passed on, decided."""

import io
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from cases.errors import NotEntitled
from cases.models import Complaint, Level, OutboundMessage, RoleGrant
from cases.models.complaints import COUNT_LIMIT
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory, UserFactory
from feedback.models import PassedOn, Remark, RemarkLetter
from feedback.operations.remarks import make_complaint
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLIMENT, praise

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
MONDAY = date(2026, 6, 8)
READERS = [
    Role.FRONT_LINE,
    Role.RESPONSIBLE_OFFICER,
    Role.LINE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.DIRECTOR,
    Role.COMPLAINTS_COORDINATOR,
]
OTHERS = [Role.PANEL_MEMBER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR]


@pytest.fixture
def officer(sign_in):
    """Return the browser of somebody who works with customers."""
    return sign_in(Role.FRONT_LINE)


@pytest.fixture
def coordinator(sign_in):
    """Return the browser of a complaints coordinator."""
    return sign_in(Role.COMPLAINTS_COORDINATOR)


def words(answer) -> str:
    return answer.content.decode()


def said(answer) -> list[str]:
    return [str(each) for each in get_messages(answer.wsgi_request)]


def test_its_reference_typed_into_the_search_leads_to_it(officer, sign_in):
    remark = praise(received_on=MONDAY)

    found = officer.get(reverse("cases:queue"), {"q": remark.reference.lower()})
    elsewhere = sign_in(Role.AUDITOR).get(reverse("cases:queue"), {"q": remark.reference})

    assert (found.status_code, found.url) == (302, remark.get_absolute_url())
    assert elsewhere.status_code == 200


# The list ------------------------------------------------------------------------------------


@pytest.mark.rule("K3-20")
def test_the_list_shows_what_was_said_and_how_the_promise_to_thank_stands(officer, house):
    remark = praise(received_on=TODAY - timedelta(days=2), acknowledge_by=date(2026, 6, 11))

    page = words(officer.get("/feedback/"))

    assert remark.reference in page
    assert "Dan came at once and was kind." in page
    assert "Olu Ade" in page
    assert "day 2 of 3" in page
    assert ', by <time datetime="2026-06-11">' in page


@pytest.mark.rule("K3-20")
def test_thanks_that_are_late_are_red_and_counted(officer, house):
    praise(received_on=date(2026, 6, 1), acknowledge_by=date(2026, 6, 4))

    page = officer.get("/feedback/")

    assert "Overdue by 4 working days" in words(page)
    overdue = next(tile for tile in page.context["tiles"] if tile["label"] == "Thanks overdue")
    assert (overdue["value"], overdue["tone"]) == ("1", "red")


def test_an_empty_list_says_what_will_be_there(officer):
    assert "When somebody praises a colleague or has an idea" in words(officer.get("/feedback/"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"late", "thanked", "idea", "decided"}),
        ("?kind=compliment", {"late", "thanked"}),
        ("?kind=suggestion", {"idea", "decided"}),
        ("?show=overdue", {"late"}),
        ("?show=to-thank", {"late", "idea"}),
        ("?show=to-pass-on", {"late", "thanked"}),
        ("?show=to-decide", {"idea"}),
        ("?kind=suggestion&show=overdue", set()),
        ("?kind=grievance", {"late", "thanked", "idea", "decided"}),
        ("?page=99", {"late", "thanked", "idea", "decided"}),
    ],
)
def test_the_list_is_narrowed_by_its_address(officer, house, query, found):
    by = house[Role.FRONT_LINE]
    thanked = {"acknowledged_on": TODAY, "acknowledged_by": by, "acknowledged_how": "phone"}
    decided = {"decision": "partly", "decided_on": TODAY, "decided_by": by, "answer": "Yes"}
    praise(received_on=MONDAY, acknowledge_by=MONDAY, words="late")
    praise(received_on=MONDAY, words="thanked", **thanked)
    praise(received_on=MONDAY, words="idea", kind="suggestion")
    praise(received_on=MONDAY, words="decided", kind="suggestion", **thanked, **decided)

    page = officer.get(f"/feedback/{query}")

    assert {remark.words for remark, *_ in page.context["rows"]} == found


def test_the_latest_come_first_and_pages_are_bounded(officer, house):
    for number in range(27):
        praise(received_on=MONDAY - timedelta(days=number))

    first, second = officer.get("/feedback/"), officer.get("/feedback/?page=2")

    days = [remark.received_on for remark, *_ in first.context["rows"]]
    assert days == sorted(days, reverse=True)
    assert (len(days), len(second.context["rows"])) == (25, 2)


def test_the_year_is_counted_without_complaints(officer, house):
    praise(received_on=MONDAY)
    praise(received_on=MONDAY, kind="suggestion")
    praise(received_on=MONDAY, complaint=house.lodge())
    praise(received_on=TODAY - timedelta(days=366))

    page = " ".join(words(officer.get("/feedback/")).split())

    assert "In the last year: 1 compliment, 1 suggestion." in page


def test_the_queries_do_not_grow_with_the_list(officer, house):
    officer.get("/feedback/")
    counts = []
    for _ in range(2):
        praise(received_on=MONDAY)
        with CaptureQueriesContext(connection) as queries:
            officer.get("/feedback/")
        counts.append(len(queries))
        for _ in range(12):
            praise(received_on=MONDAY, complaint=house.lodge(), service_area=house.team)

    assert counts[0] == counts[1]
    assert counts[0] <= 15


@pytest.mark.parametrize(("more", "words"), [(0, "1,000"), (1, "1,000+")])
def test_what_is_counted_is_counted_to_a_limit(officer, house, more, words):
    one = praise(received_on=MONDAY)
    fields = [field.attname for field in Remark._meta.concrete_fields]
    same = {name: getattr(one, name) for name in fields if name not in ("id", "reference")}
    Remark.objects.bulk_create(
        Remark(**same, reference=f"R-{number}") for number in range(COUNT_LIMIT - 1 + more)
    )

    [tile, *_] = officer.get("/feedback/").context["tiles"]

    assert tile["value"] == words


# Whose they are --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", READERS)
def test_the_pages_are_for_whoever_works_with_customers(sign_in, house, role):
    remark = praise(received_on=MONDAY)
    client = sign_in(role)

    assert client.get("/feedback/").status_code == 200
    assert client.get(remark.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("act", ["", "thank/", "pass-on/", "decide/", "make-complaint/"])
def test_they_are_for_nobody_else(sign_in, house, role, act):
    remark = praise(received_on=MONDAY)
    client = sign_in(role)

    assert client.get(f"/feedback/{remark.reference}/{act}").status_code == 403
    assert client.get("/feedback/NOTH-INGA-B/").status_code == 403
    assert client.get("/feedback/").status_code == 403


@pytest.mark.parametrize("act", ["", "thank/", "pass-on/", "decide/", "make-complaint/"])
def test_there_is_no_page_about_what_is_not_there(officer, act):
    assert officer.get(f"/feedback/NOTH-INGA-B/{act}").status_code == 404


@pytest.mark.promise("P4")
def test_what_became_a_hidden_complaint_is_not_there_for_those_who_may_not_read_it(sign_in, house):
    hidden = house.lodge(level=Level.RESTRICTED)
    remark = praise(received_on=MONDAY, complaint=hidden)
    client = sign_in(Role.LINE_MANAGER)

    assert client.get(remark.get_absolute_url()).status_code == 404
    assert remark.reference not in words(client.get("/feedback/"))


# One of them -----------------------------------------------------------------------------------


def test_the_page_has_everything_that_is_known(officer, house):
    remark = praise(
        received_on=MONDAY,
        regarding="Dan, repairs",
        service_area=house.team,
        logged_by=house[Role.RESPONSIBLE_OFFICER],
        customer=CustomerFactory(name="Olu Ade", needs="Ring slowly"),
    )

    page = words(officer.get(remark.get_absolute_url()))

    for expected in (
        "Compliment from Olu Ade",
        "Dan, repairs",
        "Repairs north",
        "by responsible officer",
        "Ring slowly",
        "14 Dock Road",
        "Nobody yet.",
        "None yet.",
        "Thank the sender",
        "Pass it on to a colleague",
    ):
        assert expected in page
    assert "Decide and answer" not in page
    assert "Treat it as a complaint" not in page


def test_somebody_without_a_name_cannot_be_thanked_and_the_page_says_why(officer, house):
    remark = praise(received_on=MONDAY, customer=None, acknowledge_by=None)

    page = words(officer.get(remark.get_absolute_url()))

    assert "somebody who gave no name" in page
    assert "The sender left no way to reach them that is safe." in page
    answer = officer.get(f"/feedback/{remark.reference}/thank/")
    assert answer["Location"] == remark.get_absolute_url()
    assert said(answer) == ["The sender left no way to reach them that is safe."]


def test_the_page_takes_a_bounded_number_of_queries(officer, house, django_assert_max_num_queries):
    remark = praise(received_on=MONDAY)
    for _ in range(5):
        PassedOn.objects.create(remark=remark, to=UserFactory(), by=house[Role.FRONT_LINE], at=NOW)

    with django_assert_max_num_queries(12):
        officer.get(remark.get_absolute_url())


# Thanking --------------------------------------------------------------------------------------


@pytest.mark.rule("K3-20")
def test_a_thank_you_by_email_is_written_queued_and_keeps_the_promise(officer, house):
    remark = praise(received_on=MONDAY)

    answer = officer.post(
        f"/feedback/{remark.reference}/thank/", {"way": "email", "words": "Dan was delighted."}
    )

    remark.refresh_from_db()
    letter = RemarkLetter.objects.get()
    message = OutboundMessage.objects.get()
    assert answer["Location"] == remark.get_absolute_url()
    assert (remark.acknowledged_on, remark.acknowledged_how) == (TODAY, "email")
    assert remark.acknowledged_by == house[Role.FRONT_LINE]
    assert "Dan was delighted." in letter.body
    assert "Dear Olu Ade," in letter.body
    assert (message.to_address, letter.message) == (remark.customer.email, message)
    assert message.subject == f"About your enquiry {remark.reference}"
    assert "Thanked 10 Jun" in words(officer.get(remark.get_absolute_url()))


@pytest.mark.rule("K3-20")
def test_a_thank_you_by_letter_waits_to_be_posted(officer, house):
    remark = praise(received_on=MONDAY)

    officer.post(f"/feedback/{remark.reference}/thank/", {"way": "post"})

    assert "to be posted" in words(officer.get(remark.get_absolute_url()))
    assert not OutboundMessage.objects.exists()


@pytest.mark.rule("HH-27")
@pytest.mark.parametrize("wanted", ["standard", "large_print", "giant_print"])
def test_a_letter_of_thanks_is_made_in_the_format_its_reader_needs(officer, house, wanted):
    remark = praise(received_on=MONDAY)
    officer.post(f"/feedback/{remark.reference}/thank/", {"way": "post", "words": "Well done Dan."})
    page = reverse("feedback:letter", args=[remark.reference, "thanks"])

    made = officer.get(page, {"format": wanted})

    assert made["Content-Disposition"].startswith("attachment")
    text = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(made.content)).pages)
    told = " ".join(text.split())
    assert "Well done Dan." in told
    assert told.count("Dear Olu Ade,") == 1
    assert told.count("Yours sincerely") == 1
    assert f"?format={wanted}" in officer.get(page).content.decode()
    assert officer.get(page, {"format": "easy_read"}).status_code == 404


def test_a_call_of_an_earlier_day_is_recorded_on_its_day(officer, house):
    remark = praise(received_on=MONDAY)

    officer.post(
        f"/feedback/{remark.reference}/thank/",
        {"way": "phone", "phone_on_day": "9", "phone_on_month": "6", "phone_on_year": "2026"},
    )

    remark.refresh_from_db()
    assert (remark.acknowledged_on, remark.acknowledged_how) == (date(2026, 6, 9), "phone")
    assert not RemarkLetter.objects.exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"words": "So kind"}, "Select how"),
        ({"way": "fax", "words": "So kind"}, "select one of the answers"),
        (
            {
                "way": "phone",
                "phone_on_day": "7",
                "phone_on_month": "6",
                "phone_on_year": "2026",
                "words": "So kind",
            },
            "8 June 2026",
        ),
        (
            {
                "way": "in_person",
                "in_person_on_day": "11",
                "in_person_on_month": "6",
                "in_person_on_year": "2026",
                "words": "So kind",
            },
            "10 June 2026",
        ),
    ],
    ids=["no way", "no such way", "before it came", "tomorrow"],
)
def test_thanks_that_cannot_be_are_refused_and_the_words_stay(officer, house, typed, message):
    remark = praise(received_on=MONDAY)

    answer = officer.post(f"/feedback/{remark.reference}/thank/", typed)

    assert answer.status_code == 422
    assert message.lower() in words(answer).lower()
    assert "So kind" in words(answer)
    assert not RemarkLetter.objects.exists()


def test_a_way_that_is_not_safe_is_not_offered(officer, house):
    customer = CustomerFactory(email_unsafe=True, phone="")
    remark = praise(received_on=MONDAY, customer=customer)

    answer = officer.post(f"/feedback/{remark.reference}/thank/", {"way": "email"})

    assert answer.status_code == 422
    assert customer.email not in words(answer)
    assert not OutboundMessage.objects.exists()


def test_nobody_is_thanked_twice(officer, house):
    remark = praise(received_on=MONDAY)
    address = f"/feedback/{remark.reference}/thank/"
    officer.post(address, {"way": "email"})

    again = officer.post(address, {"way": "post", "words": "And again"})
    looked = officer.get(address)

    assert again.status_code == 422
    assert "The sender was thanked already." in words(again)
    assert "And again" in words(again)
    assert looked["Location"] == remark.get_absolute_url()
    assert RemarkLetter.objects.count() == 1


# Passing on ------------------------------------------------------------------------------------


@pytest.mark.rule("K3-20")
@pytest.mark.rule("LV-14")
def test_a_colleague_is_told_by_an_email_that_leads_to_the_page(officer, house):
    remark = praise(received_on=MONDAY)
    to = house[Role.RESPONSIBLE_OFFICER]

    officer.post(f"/feedback/{remark.reference}/pass-on/", {"to": to.code})

    message = OutboundMessage.objects.get()
    assert message.to_user == to
    assert remark.get_absolute_url() in message.body
    assert remark.words not in message.body
    assert "responsible officer, " in words(officer.get(remark.get_absolute_url()))


def test_passing_on_knows_no_preview_and_passes_on(officer, house):
    remark = praise(received_on=MONDAY)
    to = house[Role.RESPONSIBLE_OFFICER]

    done = officer.post(f"/feedback/{remark.reference}/pass-on/", {"to": to.code, "preview": "yes"})

    assert done.status_code == 302
    assert PassedOn.objects.get().to == to


def test_whoever_is_told_is_named_in_the_thanks(officer, house):
    remark = praise(received_on=MONDAY)
    to = house[Role.RESPONSIBLE_OFFICER]
    officer.post(f"/feedback/{remark.reference}/pass-on/", {"to": to.code})

    officer.post(f"/feedback/{remark.reference}/thank/", {"way": "email"})

    assert f"We have passed it on to {to.name}." in RemarkLetter.objects.get().body


@pytest.mark.parametrize("who", [Role.AUDITOR, None], ids=["cannot open it", "nobody"])
def test_only_colleagues_who_can_open_it_are_offered(officer, house, who):
    remark = praise(received_on=MONDAY)

    answer = officer.post(
        f"/feedback/{remark.reference}/pass-on/", {"to": house[who].code if who else ""}
    )

    assert answer.status_code == 422
    assert "elect a colleague" in words(answer) or "elect one of" in words(answer)
    assert not PassedOn.objects.exists()


def test_nobody_is_told_twice(officer, house):
    remark = praise(received_on=MONDAY)
    to = house[Role.RESPONSIBLE_OFFICER]

    answers = [
        officer.post(f"/feedback/{remark.reference}/pass-on/", {"to": to.code}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert OutboundMessage.objects.count() == 1


# Deciding --------------------------------------------------------------------------------------


@pytest.mark.rule("LV-14")
def test_a_suggestion_is_decided_and_its_sender_answered(officer, house):
    remark = praise(received_on=MONDAY, kind="suggestion", words="Put a bench by the bus stop.")

    officer.post(
        f"/feedback/{remark.reference}/decide/",
        {"decision": "taken_up", "answer": "It comes in July.", "way": "post"},
    )

    remark.refresh_from_db()
    letter = RemarkLetter.objects.get()
    assert (remark.decision, remark.decided_on) == ("taken_up", TODAY)
    assert "We will do what you suggest." in letter.body
    assert "It comes in July." in letter.body
    page = words(officer.get(remark.get_absolute_url()))
    assert "Decision: we will do it" in page
    assert "It is decided already." in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"answer": "No room.", "way": "email"}, "Select what is decided"),
        ({"decision": "partly", "way": "email", "answer": " "}, "Write the answer"),
        ({"decision": "partly", "answer": "No room."}, "Select how the sender is told"),
    ],
)
def test_a_decision_without_all_of_it_is_refused_and_what_was_typed_stays(
    officer, house, typed, message
):
    remark = praise(received_on=MONDAY, kind="suggestion")

    answer = officer.post(f"/feedback/{remark.reference}/decide/", typed)

    assert answer.status_code == 422
    assert message in words(answer)
    assert typed["answer"].strip() in words(answer)
    remark.refresh_from_db()
    assert remark.decided_on is None


def test_a_suggestion_without_a_sender_is_decided_without_an_answer(officer, house):
    remark = praise(received_on=MONDAY, kind="suggestion", customer=None, acknowledge_by=None)

    officer.post(
        f"/feedback/{remark.reference}/decide/", {"decision": "not_taken_up", "answer": "No room."}
    )

    assert "The sender could not be told." in words(officer.get(remark.get_absolute_url()))
    assert not RemarkLetter.objects.exists()


def test_a_suggestion_is_decided_once(officer, house):
    remark = praise(received_on=MONDAY, kind="suggestion")
    typed = {"decision": "partly", "answer": "Half of it.", "way": "email"}

    answers = [officer.post(f"/feedback/{remark.reference}/decide/", typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert "This suggestion is decided already." in words(answers[1])


def test_a_compliment_is_not_decided_about(officer, house):
    remark = praise(received_on=MONDAY)
    typed = {"decision": "partly", "answer": "Half of it.", "way": "email"}

    assert officer.get(f"/feedback/{remark.reference}/decide/").status_code == 403
    answer = officer.post(f"/feedback/{remark.reference}/decide/", typed)

    assert answer.status_code == 422
    assert "Only a suggestion is decided about." in words(answer)


# It was a complaint ----------------------------------------------------------------------------


@pytest.mark.rule("LV-14")
def test_what_is_a_complaint_becomes_one_from_the_day_it_came(coordinator, visitor, house):
    sent = visitor.tell(COMPLIMENT)
    remark = Remark.objects.get(reference=sent.reference)
    asked = coordinator.get(f"/feedback/{remark.reference}/make-complaint/")

    answer = coordinator.post(f"/feedback/{remark.reference}/make-complaint/")

    complaint = Complaint.objects.get()
    assert "cannot be undone here" in words(asked)
    assert complaint.received_on == remark.received_on
    assert complaint.needs_triage
    assert complaint.customer == remark.customer
    assert complaint.summary.startswith(remark.words)
    assert said(answer)[0].startswith(f"It is complaint {complaint.reference} now")
    page = words(coordinator.get(remark.get_absolute_url()))
    assert "and is not counted here" in page
    assert "Thank the sender" not in page


@pytest.mark.rule("HH-27")
def test_what_the_sender_needs_stands_wherever_something_is_done_about_it(coordinator, house):
    reader = CustomerFactory(email="olu@example.org", letter_format="braille")
    remark = praise(received_on=MONDAY, customer=reader)
    badge = '<span class="moj-badge">Braille</span>'

    pages = {
        name: words(coordinator.get(f"/feedback/{remark.reference}/{name}"))
        for name in ("", "thank/", "pass-on/", "make-complaint/", "approve/thanks/")
    }

    assert [name for name, page in pages.items() if page.count(badge) != 1] == []


def test_only_a_coordinator_makes_a_complaint_of_it(officer, house):
    remark = praise(received_on=MONDAY)

    assert officer.get(f"/feedback/{remark.reference}/make-complaint/").status_code == 403
    assert officer.post(f"/feedback/{remark.reference}/make-complaint/").status_code == 403
    with pytest.raises(NotEntitled, match="Only a complaints coordinator"):
        make_complaint(remark_id=remark.pk, by=house[Role.FRONT_LINE], now=NOW)
    assert not Complaint.objects.exists()


def test_it_becomes_one_complaint_and_then_nothing_else_is_done_with_it(coordinator, house):
    remark = praise(received_on=MONDAY)
    address = f"/feedback/{remark.reference}/"
    for _ in range(2):
        coordinator.post(f"{address}make-complaint/")

    thanks = coordinator.post(f"{address}thank/", {"way": "email"})

    assert Complaint.objects.count() == 1
    assert thanks.status_code == 422
    assert "This is dealt with as a complaint now." in words(thanks)
    assert coordinator.get(f"{address}make-complaint/").status_code == 302


def test_a_compliment_that_complains_of_a_colleague_is_shut_to_them(coordinator, house):
    about = UserFactory(name="Dan Okafor", roles=[(Role.FRONT_LINE, house.team)])
    remark = praise(received_on=MONDAY, words="Dan Okafor shouted at me.")

    coordinator.post(f"/feedback/{remark.reference}/make-complaint/")

    complaint = Complaint.objects.get()
    assert not Complaint.objects.visible_to(about).filter(pk=complaint.pk).exists()


# Logging one for somebody ------------------------------------------------------------------------


LOGGED = {
    "kind": "compliment",
    "received_on_day": "9",
    "received_on_month": "6",
    "received_on_year": "2026",
    "channel": "phone",
    "words": "Dan was kind.",
    "category": "tenant",
}


@pytest.mark.rule("K3-20")
def test_a_compliment_by_telephone_is_logged_with_its_day_and_its_promise(officer, house):
    answer = officer.post("/feedback/log/", {**LOGGED, "name": "Olu Ade", "phone": "01632 960 555"})

    remark = Remark.objects.get()
    assert answer["Location"] == remark.get_absolute_url()
    assert remark.logged_by == house[Role.FRONT_LINE]
    assert remark.received_on == date(2026, 6, 9)
    assert remark.acknowledge_by == date(2026, 6, 12)


def test_without_a_way_to_reach_them_nothing_is_promised(officer, house):
    officer.post(
        "/feedback/log/", {**LOGGED, "name": "Olu Ade", "phone": "0163", "unsafe": ["phone"]}
    )

    assert Remark.objects.get().acknowledge_by is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"kind": ""}, "Select what it is"),
        ({"words": ""}, "Write down what was said"),
        ({"received_on_day": "11"}, "10 June 2026"),
        ({"received_on_day": "31"}, "real date"),
        ({"email": "nobody"}, "enter an address like name@example.com"),
    ],
)
def test_what_cannot_be_logged_is_refused_and_everything_typed_stays(
    officer, house, typed, message
):
    answer = officer.post("/feedback/log/", {**LOGGED, "regarding": "Dan of repairs", **typed})

    assert answer.status_code == 422
    assert message in words(answer)
    assert "Dan of repairs" in words(answer)
    assert not Remark.objects.exists()


def test_the_form_begins_with_today(officer):
    assert 'value="10"' in words(officer.get("/feedback/log/"))


@pytest.mark.parametrize("role", OTHERS)
def test_logging_is_for_whoever_works_with_customers(sign_in, role):
    client = sign_in(role)

    assert client.get("/feedback/log/").status_code == 403
    assert client.post("/feedback/log/", LOGGED).status_code == 403


def test_whoever_loses_the_role_while_the_page_is_open_is_refused(officer, house):
    remark = praise(received_on=MONDAY)
    RoleGrant.objects.filter(user=house[Role.FRONT_LINE]).delete()

    answer = officer.post(f"/feedback/{remark.reference}/thank/", {"way": "email"})

    assert answer.status_code == 403
    assert not OutboundMessage.objects.exists()
