"""What customers see of their complaint, and what they do there themselves."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import FileRefused
from cases.models import (
    Complaint,
    Customer,
    CustomerChange,
    Document,
    JointComplainant,
    Letter,
    Level,
    OutboundMessage,
    Representative,
    RoleGrant,
    StoredFile,
    TrackingVisit,
)
from cases.models.tracking import Proof
from cases.operations import awards, close, from_customer
from cases.operations.actions import add_action
from cases.operations.assign import assign
from cases.operations.awards import Offer
from cases.operations.customers import correct_customer
from cases.operations.escalate import request_escalation
from cases.operations.files import store_made
from cases.operations.from_customer import MOST_SPEAKERS
from cases.operations.letters_posted import mark_posted
from cases.operations.note import add_note
from cases.operations.ombudsman import refer_to_ombudsman
from cases.operations.promises import Promised, make_promise, withdraw_promise
from cases.operations.record import CaseFile
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.operations.tracking import hand_out_code
from cases.rules.awards import Head
from cases.rules.events import EventKind, Outcome
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import Role
from cases.selectors.history import events_of
from cases.selectors.messages import reason_not_to_send
from cases.tests.answering import respond
from cases.tests.case_page.situations import Story
from cases.tests.factories import CustomerFactory
from cases.tests.fixtures import House
from cases.views.acts.messages import TO_BEGIN_WITH
from feedback.selectors.tracked import tracked
from feedback.tests.conftest import NOW
from feedback.tests.factories import PNG
from feedback.tests.tracking import Follower, acknowledged, speaks_for, words

pytestmark = pytest.mark.usefixtures("now")

TODAY = NOW.date()
ADDED = {"words": "It happened again last night.", "page": "a" * 32}


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


@pytest.fixture
def complaint(house, now) -> Complaint:
    return acknowledged(house, customer=CustomerFactory(name="Margaret Shaw"))


@pytest.fixture
def follower(complaint) -> Follower:
    return Follower().opens(complaint)


def answered(
    house: House, complaint: Complaint, *, by: Role = Role.RESPONSIBLE_OFFICER
) -> Complaint:
    """Return the complaint with an answer by e-mail."""
    complaint.refresh_from_db()
    return respond(
        complaint_id=complaint.pk,
        by=house[by],
        now=NOW,
        seen=complaint.version,
        on=TODAY,
        answer=Answer(outcome=Outcome.NOT_UPHELD),
        telling=Telling("email", "We found the lift in order."),
    )


def told(complaint: Complaint) -> list[str]:
    """Return to whom what the customer did was told, in the order it was."""
    messages = OutboundMessage.objects.filter(complaint=complaint, kind="from_customer")
    return [each.to_user.name for each in messages.order_by("pk").select_related("to_user")]


# What they see ------------------------------------------------------------------------------------


def test_the_page_says_where_it_stands_who_deals_with_it_what_comes_next_and_why(follower):
    page = words(follower.get("tracked"))

    assert "We are looking into your complaint: Stage 1." in page
    assert "responsible officer" in page
    assert "By Wednesday 24 June 2026" in page
    assert "we will give you our answer in writing" in page
    assert "Our procedure gives us 10 working days for this." in page
    assert "We count from Wed 10 Jun 2026, which is day 0." in page
    assert "We confirmed what you told us" in page


def test_what_is_with_the_ombudsman_says_so_in_the_readers_language(house, complaint, follower):
    answered(house, complaint)
    assert "with the Housing Ombudsman since" not in words(follower.get("tracked"))
    complaint.refresh_from_db()
    refer_to_ombudsman(
        complaint_id=complaint.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW,
        seen=complaint.version, on=TODAY, words="",
    )  # fmt: skip

    page = words(follower.get("tracked"))

    assert f"has been with the Housing Ombudsman since {TODAY:%-d %B %Y}." in page
    in_welsh = words(follower.client.get("/cy/track/complaint/", REMOTE_ADDR=follower.address))
    assert "Mae eich cwyn gyda’r Housing Ombudsman" in in_welsh


def test_letters_name_their_stage_and_after_the_last_answer_nothing_is_withdrawn(
    house, complaint, follower
):
    answered(house, complaint)
    assert "Withdraw your complaint" in words(follower.get("tracked"))
    coordinator, director = house[Role.COMPLAINTS_COORDINATOR], house[Role.DIRECTOR]
    for act, by, more in (
        (request_escalation, coordinator, {"on": TODAY, "channel": "email", "reasons": "No."}),
        (assign, coordinator, {"officer_id": director.pk, "area_id": house.team.pk}),
    ):
        complaint.refresh_from_db()
        act(complaint_id=complaint.pk, by=by, now=NOW, seen=complaint.version, **more)
    assert "Withdraw your complaint" in words(follower.get("tracked"))
    answered(house, complaint, by=Role.DIRECTOR)

    page = words(follower.get("tracked"))

    assert "</a>, Stage 1, " in page
    assert "</a>, Stage 2, " in page
    assert "Withdraw your complaint" not in page


def test_the_page_shows_no_note_no_action_and_no_name_of_anybody_else(house, complaint, follower):
    by = house[Role.COMPLAINTS_COORDINATOR]
    add_note(complaint_id=complaint.pk, by=by, now=NOW, words="SECRET-NOTE")
    complaint.refresh_from_db()
    add_action(
        complaint_id=complaint.pk,
        by=by,
        now=NOW,
        seen=complaint.version,
        action=Promised("SECRET-ACTION", TODAY),
    )

    page = words(follower.get("tracked"))

    assert "SECRET" not in page
    assert by.name not in page


def test_promises_stand_there_with_what_became_of_them(house, complaint, follower):
    make_promise(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=NOW,
        seen=complaint.version,
        promised=Promised("Mend the lift", TODAY),
        on=TODAY,
    )

    assert "Mend the lift<br>By Wednesday 10 June 2026" in words(follower.get("tracked"))
    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        assert follower.is_in
    other = Follower()
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        page = words(other.opens(complaint).get("tracked"))
    assert "Late: we promised it by 10 June 2026" in page


def test_a_promise_that_was_cancelled_is_not_called_withdrawn(house, complaint, follower):
    given = {"complaint_id": complaint.pk, "by": house[Role.COMPLAINTS_COORDINATOR], "now": NOW}
    promised = Promised("Mend the lift", TODAY)
    made = make_promise(seen=complaint.version, promised=promised, on=TODAY, **given)
    withdraw_promise(
        seen=made.version,
        promise=made.deadlines.promised().get().promise,
        on=TODAY,
        telling=Telling("email", "You moved house."),
        **given,
    )

    page = words(follower.get("tracked"))

    assert "Mend the lift<br><strong>Cancelled</strong>" in page
    assert "Withdrawn" not in page


@pytest.mark.parametrize(
    ("later", "words_told", "in_welsh_told"),
    [
        (0, "Open to you until Thursday 11 June 2026", "Ar agor i chi tan"),
        (2, "It was open to you until 11 June 2026.", "Roedd ar agor i chi tan"),
    ],
    ids=["while it is open", "the day after"],
)
def test_an_offer_that_stays_open_is_never_told_as_a_promise_of_ours_that_is_late(
    house, complaint, later, words_told, in_welsh_told
):
    officer = house[Role.RESPONSIBLE_OFFICER]
    offer = Offer(heads=[(Head.DISTRESS, Decimal(50))], basis="Three weeks.")
    answer = Answer(outcome=Outcome.UPHELD, remedy_words=["We apologise."], offer=offer)
    done = respond(
        complaint_id=complaint.pk, by=officer, now=NOW, seen=complaint.version, on=TODAY,
        answer=answer, telling=Telling("email", "We looked into it."),
    )  # fmt: skip
    awards.keep_offer_open(
        complaint_id=complaint.pk, by=officer, now=NOW, seen=done.version, on=TODAY,
        award=done.events.get(kind="compensation_proposed").number,
        until=TODAY + timedelta(days=1), telling=Telling("phone", ""),
    )  # fmt: skip
    follower = Follower()

    with time_machine.travel(NOW + timedelta(days=later), tick=False):
        page = words(follower.opens(complaint).get("tracked"))
        in_welsh = words(follower.client.get("/cy/track/complaint/", REMOTE_ADDR=follower.address))

    assert "Our offer of £50.00 in compensation" in page
    assert words_told in page
    assert in_welsh_told in in_welsh
    assert "Late: we promised it by" not in page


@pytest.mark.parametrize("level", [Level.SENSITIVE, Level.RESTRICTED])
def test_the_words_of_what_is_sensitive_are_not_shown(complaint, follower, level):
    assert "out of order since Friday" in words(follower.get("tracked"))

    Complaint.objects.filter(pk=complaint.pk).update(level=level.value)

    assert "out of order since Friday" not in words(follower.get("tracked"))


def test_a_letter_on_paper_can_be_read_once_it_was_posted(house):
    complaint = acknowledged(house, channel="post")
    letter = Letter.objects.get(complaint=complaint)
    follower = Follower()
    by = house[Role.COMPLAINTS_COORDINATOR]
    follower.enters(complaint.reference, follower.asks_for_code(complaint.reference))
    waiting = follower.get("tracked-letter", letter.event_number)
    mark_posted(letter_id=letter.pk, by=by, now=NOW, on=TODAY)

    got = follower.get("tracked-letter", letter.event_number)

    assert waiting.status_code == 404
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"].startswith("attachment")
    assert b"".join(got.streaming_content).startswith(b"%PDF")


@pytest.mark.promise("P14")
def test_nobody_gets_a_letter_from_when_it_was_recorded_as_somebody_elses(house, complaint):
    letter = Letter.objects.get(complaint=complaint)
    complaint.refresh_from_db()
    correct_customer(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        customer_id=CustomerFactory(name="Joan Shaw").pk,
        reason="There are two of that name.",
    )
    complaint = answered(house, complaint)
    follower = Follower().opens(complaint)

    page = words(follower.get("tracked"))

    assert "Margaret" not in page
    assert page.count("/track/complaint/letters/") == 1
    assert follower.get("tracked-letter", letter.event_number).status_code == 404


@pytest.mark.promise("P14")
def test_nobody_gets_a_letter_of_another_complaint(house, follower):
    other = acknowledged(house)
    letter = Letter.objects.get(complaint=other)
    Letter.objects.filter(pk=letter.pk).update(event_number=99)

    assert follower.get("tracked-letter", 99).status_code == 404


def test_the_page_takes_the_same_queries_whatever_there_is(house, complaint, follower):
    def asked() -> int:
        with CaptureQueriesContext(connection) as done:
            follower.get("tracked")
        return len(done)

    before = asked()
    for number in range(5):
        complaint.refresh_from_db()
        make_promise(
            complaint_id=complaint.pk,
            by=house[Role.RESPONSIBLE_OFFICER],
            now=NOW,
            seen=complaint.version,
            promised=Promised(f"Thing {number}", TODAY),
            on=TODAY,
        )

    assert asked() == before


@pytest.mark.parametrize("code", shipped_codes())
def test_every_procedure_can_be_followed(house, code):
    house.run(code)
    complaint = acknowledged(house) if code != "livv-two-stage" else house.lodge(on=TODAY)
    follower = Follower()
    follower.enters(complaint.reference, follower.asks_for_code(complaint.reference))

    page = words(follower.get("tracked"))

    assert "What happens next" in page
    assert 'aria-current="step"' in page


# What they do -------------------------------------------------------------------------------------


@pytest.mark.promise("P1")
def test_what_is_added_joins_the_complaint_once_with_its_files_and_the_officer_is_told(
    complaint, follower
):
    def send() -> Any:
        photo = SimpleUploadedFile("lift.png", PNG)
        return follower.post("tracked-add", {**ADDED, "uploads": [photo]})

    assert send().status_code == 302
    assert send().status_code == 302

    events = complaint.events.filter(facts__has_key="from_customer")
    assert [event.words.parts["added"] for event in events] == [ADDED["words"]]
    assert [event.actor_id for event in events] == [None]
    assert StoredFile.objects.filter(complaint=complaint).count() == 1
    assert StoredFile.objects.count() == 1
    assert told(complaint) == ["responsible officer"]


def test_what_was_added_is_told_back_with_its_day_and_how_many_files(house, complaint, follower):
    assert "What you added here" not in words(follower.get("tracked"))
    photos = [SimpleUploadedFile(name, PNG) for name in ("a.png", "b.png")]
    follower.post("tracked-add", {**ADDED, "uploads": photos})
    more = SimpleUploadedFile("c.png", PNG)
    follower.post("tracked-add", {"page": "b" * 32, "uploads": [more]})

    page = words(follower.get("tracked"))

    assert "<li>10 June 2026: your words, 2 files</li>" in page
    assert page.count("10 June 2026: 1 file</li>") == 1
    assert ADDED["words"] not in page
    speaker = speaks_for(house, complaint)
    assert "What you added here" not in words(speaker.get("tracked"))
    speaker.post("tracked-add", {**ADDED, "page": "c" * 32})
    assert "<li>10 June 2026: your words</li>" in words(speaker.get("tracked"))
    assert "<li>10 June 2026: your words</li>" not in words(follower.get("tracked"))


def test_one_page_sent_in_two_complaints_is_taken_in_both(house, complaint, follower):
    other = acknowledged(house)

    answers = [each.post("tracked-add", ADDED) for each in (follower, Follower().opens(other))]

    assert [each.status_code for each in answers] == [302, 302]
    assert told(complaint) == told(other) == ["responsible officer"]


def test_what_cannot_be_taken_keeps_what_was_typed(complaint, follower):
    bad = SimpleUploadedFile("run.exe", b"MZ\x90\x00" + bytes(100))

    answer = follower.post("tracked-add", {**ADDED, "uploads": [bad]})
    empty = follower.post("tracked-add", {"words": " "})

    assert answer.status_code == 422
    assert ADDED["words"] in words(answer)
    assert "cannot be taken" in words(answer)
    assert empty.status_code == 422
    assert not complaint.events.filter(facts__has_key="from_customer").exists()


def add_photo(follower, page: str) -> Any:
    photo = SimpleUploadedFile("lift.png", PNG)
    return follower.post("tracked-add", {**ADDED, "page": page, "uploads": [photo]})


@pytest.mark.parametrize(
    ("within", "hours", "said"),
    [("BYTES_AN_HOUR", 0, "MB of files in an hour"), ("BYTES_OF_COMPLAINT", 2, "no more room")],
)
def test_files_take_up_only_so_much(complaint, follower, monkeypatch, within, hours, said):
    monkeypatch.setattr(from_customer, within, 2 * len(PNG))
    for number in range(2):
        assert add_photo(follower, f"page-{number}").status_code == 302

    with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
        if hours:
            follower = Follower().opens(complaint)
        answer = add_photo(follower, "page-2")

    assert answer.status_code == 422
    assert said in words(answer)
    assert StoredFile.objects.count() == 2


def test_files_of_others_who_were_asked_take_nothing_from_the_customer(
    complaint, follower, monkeypatch
):
    monkeypatch.setattr(from_customer, "FILES_AN_HOUR", 1)
    StoredFile.objects.create(
        key="a" * 64, complaint=complaint, name="sheet.png", size=9, sha256="b", stored_at=NOW
    )

    assert add_photo(follower, "page-0").status_code == 302
    assert add_photo(follower, "page-1").status_code == 422


def test_what_is_being_stored_at_the_same_time_counts_and_leaves_nothing_behind(
    complaint, follower, monkeypatch
):
    monkeypatch.setattr(from_customer, "FILES_AN_HOUR", 1)

    class Slow(SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            assert add_photo(follower, "page-of-another").status_code == 302
            return super().chunks(chunk_size)

    with pytest.raises(FileRefused):
        from_customer.add_from_customer(
            complaint_id=complaint.pk,
            key="page-0",
            words="",
            uploads=[Slow("lift.png", PNG)],
            now=NOW,
        )

    assert StoredFile.objects.get().complaint == complaint


def test_what_was_typed_is_shown_when_the_visit_is_over(complaint, follower):
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        answer = follower.post("tracked-next-stage", {"reasons": "It happened again."})

    assert answer.status_code == 404
    assert "It happened again." in words(answer)
    assert complaint.reference not in words(answer)


def test_what_was_added_stands_in_the_record_as_from_the_customer(complaint, follower, sign_in):
    follower.post("tracked-add", ADDED)

    page = words(sign_in(Role.RESPONSIBLE_OFFICER).get(complaint.get_absolute_url()))

    assert "The customer added something" in page
    assert ADDED["words"] in page


def test_the_next_stage_is_asked_for_with_the_last_day_shown(house, complaint, follower):
    assert "There is no next stage to ask for now" in words(follower.get("tracked-next-stage"))
    answered(house, complaint)

    page = words(Follower().opens(complaint).get("tracked"))
    asked = Follower().opens(complaint)
    form = words(asked.get("tracked-next-stage"))
    answer = asked.post("tracked-next-stage", {"reasons": "It is still broken."})

    complaint.refresh_from_db()
    assert "Ask for Stage 2" in page
    assert complaint.stage == "stage-2"
    assert answer.status_code == 302
    assert "You do not have to give reasons." in form
    event = complaint.events.get(kind=EventKind.ESCALATION_REQUESTED.value)
    assert (event.actor_id, event.facts["channel"]) == (None, "online")
    # The second of two clicks, and reasons that came too late.
    again = asked.post("tracked-next-stage", {"reasons": "It is still broken."})
    late = asked.post("tracked-next-stage", {"reasons": "And the\r\nstairs."})
    assert again["Location"] == reverse("feedback:tracked")
    assert late.status_code == 422
    assert "What you typed was not sent" in words(late)
    assert "And the<br>stairs." in words(late)


def test_the_next_stage_is_asked_for_once_without_reasons_though_it_is_sent_twice(house, complaint):
    answered(house, complaint)
    asked = Follower().opens(complaint)

    answers = [asked.post("tracked-next-stage", {"reasons": ""}) for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 302]
    assert complaint.events.filter(kind=EventKind.ESCALATION_REQUESTED.value).count() == 1


@pytest.mark.rule("LV-9")
def test_reasons_are_asked_for_where_the_procedure_wants_them(house):
    house.run("first-ark-panel")
    complaint = acknowledged(house)
    answered(house, complaint, by=Role.LINE_MANAGER)
    follower = Follower().opens(complaint)

    answer = follower.post("tracked-next-stage", {"reasons": ""})

    assert answer.status_code == 422
    assert "Tell us why you are not happy with our answer" in words(answer)
    assert follower.post("tracked-next-stage", {"reasons": "Still broken"}).status_code == 302


WISHES = {
    "preferred": "phone",
    "unsafe": ["email"],
    "letter_format": "large_print",
    "language": "Welsh",
    "needs": "Ring slowly",
}


def test_whoever_rules_email_out_is_not_emailed_any_more_and_signed_out(complaint, follower):
    answer = follower.post("tracked-wishes", WISHES)

    customer = Customer.objects.get(pk=complaint.customer_id)
    change = CustomerChange.objects.get(customer=customer)
    assert answer["Location"] == "/track/"
    assert (customer.email_unsafe, customer.preferred_channel) == (True, "phone")
    assert (customer.letter_format, customer.language) == ("large_print", "Welsh")
    assert change.by is None
    assert not follower.is_in
    assert told(complaint) == ["responsible officer"]


def test_one_safe_way_has_to_be_left(complaint, follower):
    answer = follower.post("tracked-wishes", {**WISHES, "unsafe": ["email", "phone", "post"]})

    assert answer.status_code == 422
    assert not CustomerChange.objects.exists()


@pytest.mark.promise("P14")
def test_a_way_ruled_out_stays_so_unless_colleagues_gave_the_code(house, complaint, follower):
    Customer.objects.filter(pk=complaint.customer_id).update(phone_unsafe=True)
    opened = {**WISHES, "preferred": "post", "unsafe": []}

    by_link = follower.post("tracked-wishes", opened)

    assert by_link.status_code == 422
    assert "it stays ticked" in words(by_link)
    assert Customer.objects.get(pk=complaint.customer_id).phone_unsafe
    by = house[Role.COMPLAINTS_COORDINATOR]
    code = hand_out_code(complaint_id=complaint.pk, by=by, now=NOW, proof=Proof.POST)
    caller = Follower()
    caller.enters(complaint.reference, code)
    assert caller.post("tracked-wishes", opened)["Location"] == "/track/complaint/"
    assert not Customer.objects.get(pk=complaint.customer_id).phone_unsafe


def test_the_page_of_the_customer_says_who_changed_it(complaint, follower, sign_in):
    follower.post("tracked-wishes", {**WISHES, "unsafe": []})

    customer = Customer.objects.get(pk=complaint.customer_id)
    page = words(sign_in(Role.COMPLAINTS_COORDINATOR).get(f"/customers/{customer.code}/"))

    assert "by the customer" in page


@pytest.mark.promise("P18")
def test_what_colleagues_wrote_of_needs_is_not_shown_and_not_overwritten(complaint, follower):
    known = "Gets angry: two visit together."
    Customer.objects.filter(pk=complaint.customer_id).update(needs=known)
    assert known not in words(follower.get("tracked-wishes"))

    for _ in range(2):
        follower.post("tracked-wishes", {**WISHES, "unsafe": []})
    follower.post("tracked-wishes", {**WISHES, "unsafe": [], "needs": ""})

    needs = Customer.objects.get(pk=complaint.customer_id).needs
    assert needs.splitlines() == [known, f"They wrote on {TODAY:%-d %B %Y}: Ring slowly"]


@pytest.mark.rule("HH-4")
def test_who_may_speak_is_recorded_once_though_it_is_sent_twice(complaint, follower):
    asked = {"name": "Bob Moyo", "relationship": "Family or friend", "is_agreed": "on"}

    answers = [follower.post("tracked-speaker", asked) for _ in range(2)]
    for number in range(1, MOST_SPEAKERS):
        follower.post("tracked-speaker", {**asked, "name": f"Bob {number}"})
    too_many = follower.post("tracked-speaker", {**asked, "name": "One more"})

    assert [each.status_code for each in answers] == [302, 302]
    assert too_many.status_code == 422
    names = Representative.objects.filter(complaint=complaint).values_list("name", flat=True)
    assert len(names) == len(set(names)) == MOST_SPEAKERS


@pytest.mark.rule("HH-4")
def test_a_customer_lets_somebody_speak_for_them_and_stops_it_again(complaint, follower):
    asked = {"name": "Bob Moyo", "relationship": "Family or friend"}
    unticked = follower.post("tracked-speaker", asked)
    follower.post("tracked-speaker", {**asked, "is_agreed": "on"})
    speaker = Representative.objects.get(complaint=complaint)

    follower.post("tracked-speaker", {"stop": speaker.pk})

    was, speaker = speaker, Representative.objects.get(complaint=complaint)
    assert unticked.status_code == 422
    assert (was.authority, was.established_by) == ("confirmed", "own_contact")
    assert speaker.authority == "revoked"
    assert told(complaint) == ["responsible officer", "responsible officer"]


def test_nobody_stops_somebody_who_speaks_in_another_complaint(house, complaint, follower):
    other = acknowledged(house)
    speaker = Representative.objects.create(
        complaint=other,
        name="Ann Lee",
        authority="confirmed",
        established_by="own_contact",
        authority_on=TODAY,
    )

    follower.post("tracked-speaker", {"stop": speaker.pk})

    speaker.refresh_from_db()
    assert speaker.authority == "confirmed"


@pytest.mark.promise("P14")
def test_why_no_letter_can_be_made_keeps_nobody_from_withdrawing_and_tells_of_nobody(
    complaint, follower
):
    other = CustomerFactory(name="Zelda Quirk", email_unsafe=True, post_unsafe=True)
    JointComplainant.objects.create(
        complaint=complaint, customer=other, capacity="Joint tenant", gets_letters=True
    )

    answer = follower.post("tracked-withdraw", {"is_sure": "on"})

    assert "Quirk" not in words(answer)
    assert answer.status_code == 302
    complaint.refresh_from_db()
    assert complaint.closed_as == "withdrawn"
    assert not Letter.objects.filter(complaint=complaint, kind="closing").exists()
    [told_officer] = OutboundMessage.objects.filter(complaint=complaint, kind="from_customer")
    assert "Confirm it to them: no letter was made." in told_officer.body


@pytest.mark.parametrize("code", shipped_codes())
def test_a_complaint_is_withdrawn_and_that_is_confirmed(house, code):
    house.run(code)
    complaint = house.lodge(on=TODAY)
    follower = Follower()
    follower.enters(complaint.reference, follower.asks_for_code(complaint.reference))
    unsure = follower.post("tracked-withdraw", {"words": "Never mind."})

    answer = follower.post("tracked-withdraw", {"words": "Never mind.", "is_sure": "on"})

    complaint.refresh_from_db()
    assert unsure.status_code == 422
    assert answer.status_code == 302
    assert complaint.closed_as == "withdrawn"
    assert Letter.objects.get(complaint=complaint).kind == "closing"
    assert "You have withdrawn your complaint" in words(follower.get("tracked"))


def test_seeing_what_is_somebody_elses_closes_the_page_and_tells_everybody_at_once(
    house, complaint, follower
):
    answer = follower.post("tracked-breach", {"words": "A letter to my neighbour"})

    assert answer["Location"] == "/track/"
    assert not follower.is_in
    assert told(complaint) == ["responsible officer", "complaints coordinator"]
    assert "A letter to my neighbour" not in OutboundMessage.objects.latest("pk").body


@pytest.mark.one_database
def test_where_nobody_may_be_told_the_customer_hears_that_and_others_learn_no_complaint(
    house, complaint, follower
):
    Complaint.objects.update(responsible_officer=None)
    RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value).delete()

    follower.post("tracked-breach", {"words": "A letter to my neighbour"})

    told_now = OutboundMessage.objects.filter(key__startswith="breach-unread:")
    assert "Nobody who may read your complaint could be told" in words(follower.get("track"))
    [message] = told_now
    assert message.to_user == house[Role.SYSTEM_ADMINISTRATOR]
    assert message.complaint is None
    assert complaint.reference not in message.subject + message.body


@pytest.mark.promise("P4")
def test_of_a_restricted_complaint_those_on_its_list_hear_of_a_breach_and_nobody_else(
    house, complaint, follower
):
    director = house[Role.DIRECTOR]
    Complaint.objects.update(responsible_officer=None, level=Level.RESTRICTED.value)
    complaint.access_list.create(user=director)
    complaint.exclusions.create(user=house[Role.COMPLAINTS_COORDINATOR], reason="subject")

    follower.post("tracked-breach", {"words": "A letter to my neighbour"})

    assert [each.to_user for each in OutboundMessage.objects.filter(key__contains="breach")] == [
        director
    ]
    assert "Nobody who may read your complaint could be told" not in words(follower.get("track"))


def test_a_seat_on_a_panel_is_no_reason_to_hear_of_a_breach(house, complaint, follower):
    complaint.access_list.create(user=house[Role.PANEL_MEMBER], as_panel_member=True)

    follower.post("tracked-breach", {"words": "A letter to my neighbour"})

    assert told(complaint) == ["responsible officer", "complaints coordinator"]


@pytest.mark.one_database
def test_whom_a_complaint_is_about_does_not_even_hear_that_something_was_seen(
    house, complaint, follower
):
    Complaint.objects.update(responsible_officer=None)
    complaint.exclusions.create(user=house[Role.COMPLAINTS_COORDINATOR], reason="subject")

    follower.post("tracked-breach", {"words": "A letter to my neighbour"})

    [message] = OutboundMessage.objects.filter(key__startswith="breach-unread:")
    assert message.to_user == house[Role.SYSTEM_ADMINISTRATOR]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "name", ["tracked", "tracked-add", "tracked-wishes", "tracked-speaker", "tracked-withdraw"]
)
def test_every_page_of_a_visit_leads_to_where_a_breach_is_told(complaint, follower, name):
    assert 'href="/track/complaint/not-mine/"' in words(follower.get(name))


def test_a_coordinator_opens_it_again_and_an_officer_does_not(complaint, follower, sign_in):
    follower.post("tracked-breach", {"words": ""})
    path = f"{complaint.get_absolute_url()}following/"

    sign_in(Role.RESPONSIBLE_OFFICER).post(path, {"step": "open"})
    closed = words(sign_in(Role.RESPONSIBLE_OFFICER).get(path))
    sign_in(Role.COMPLAINTS_COORDINATOR).post(path, {"step": "open"})
    opened = words(sign_in(Role.COMPLAINTS_COORDINATOR).get(path))

    assert "the customer saw somebody else’s information" in closed
    assert "Let the customer follow it again" not in closed
    assert "Close it now" in opened


def test_a_colleague_whom_the_complaint_is_about_is_not_told(house, complaint, follower):
    complaint.exclusions.create(user=complaint.responsible_officer, reason="subject")

    follower.post("tracked-add", ADDED)

    assert told(complaint) == ["complaints coordinator"]


def hearing_told(complaint):
    """Return the day of the hearing that is told to the customer."""
    visit = TrackingVisit(complaint=complaint, customer=complaint.customer)
    return tracked(complaint, today=THE_DAY_AFTER, visit=visit).hearing_on


THE_DAY_AFTER = date(2026, 6, 23)


def test_a_hearing_is_told_as_to_come_until_the_complaint_is_withdrawn(house):
    story = Story(house, "herefordshire").arranged()
    before = hearing_told(story.complaint)

    story.act(
        close.withdraw, Role.COMPLAINTS_COORDINATOR, THE_DAY_AFTER, on=THE_DAY_AFTER, words=""
    )

    assert (before, hearing_told(story.complaint)) == (date(2026, 7, 6), None)


@pytest.mark.rule("HH-23")
def test_the_papers_for_a_hearing_are_read_there_and_only_those_that_stand(complaint, follower):
    def send(**more) -> int:
        complaint.refresh_from_db()
        case = CaseFile(complaint, events_of(complaint), by=None, now=NOW)
        number = case.add(**{"kind": EventKind.PAPERS_SENT, **more})
        case.save()
        return number

    file = store_made([b"%PDF-1.7"], name="papers.pdf", media_type="application/pdf", now=NOW)
    StoredFile.objects.filter(pk=file.pk).update(complaint=complaint)
    Document.objects.create(complaint=complaint, kind="papers", file=file, pages=12, made_at=NOW)
    before = words(follower.get("tracked"))
    number = send(facts={"pages": 12, "sha256": file.sha256})

    page, got = words(follower.get("tracked")), follower.get("tracked-papers", number)

    assert "Papers for the hearing" not in before
    assert "The papers, 12 pages (PDF)" in page
    assert b"".join(got.streaming_content) == b"%PDF-1.7"
    assert got["Content-Disposition"].startswith("attachment")
    assert follower.get("tracked-papers", number + 1).status_code == 404
    send(kind=EventKind.RETRACTED, facts={"target": number})
    assert follower.get("tracked-papers", number).status_code == 404
    assert "The papers, 12 pages" not in words(follower.get("tracked"))


def test_closing_offers_a_neutral_message_or_a_call_and_opening_sends_a_new_link(
    complaint, follower, sign_in
):
    browser = sign_in(Role.COMPLAINTS_COORDINATOR)
    path = f"{complaint.get_absolute_url()}following/"
    browser.post(path, {"step": "close"})
    closed = words(browser.get(path))
    update = reverse("cases:update", args=[complaint.reference])
    assert f'href="{update}?about=closed"' in closed
    assert reverse("cases:contact", args=[complaint.reference]) in closed
    begun = words(browser.get(f"{update}?about=closed"))
    assert "Your page on our website is closed for now" in begun
    assert "information" not in TO_BEGIN_WITH["closed"]
    assert "is closed for now" not in words(browser.get(f"{update}?about=other"))

    opened = words(browser.post(path, {"step": "open"}, follow=True))

    assert "A new link goes to them by e-mail." in opened
    assert f'href="{update}?about=opened"' in opened
    message = OutboundMessage.objects.get(kind="tracking_opened")
    assert message.to_address == complaint.customer.email
    assert message.subject == f"About your enquiry {complaint.reference}"
    assert "omplain" not in message.body
    token = message.body.partition("/track/link/")[2].partition("/")[0]
    page = reverse("feedback:track-link", args=[token])
    assert "Open my page" in words(follower.client.get(page))
    assert reason_not_to_send(message, now=NOW) == ""
    Customer.objects.update(email_unsafe=True)
    assert "not safe" in reason_not_to_send(OutboundMessage.objects.get(pk=message.pk), now=NOW)


@pytest.mark.parametrize(
    "why",
    [{"email_unsafe": True}, {"email": ""}, {"email_changed_at": NOW}, {"email_by_another": True}],
    ids=["not safe", "no address", "new address", "given by another"],
)
def test_opening_sends_no_link_where_that_is_not_safe_and_says_so(complaint, sign_in, why):
    browser = sign_in(Role.COMPLAINTS_COORDINATOR)
    path = f"{complaint.get_absolute_url()}following/"
    browser.post(path, {"step": "close"})
    Customer.objects.filter(pk=complaint.customer_id).update(**why)
    assert "No new link goes to the customer:" in words(browser.get(path))

    opened = words(browser.post(path, {"step": "open"}, follow=True))

    assert "No link goes to them." in opened
    assert "No new link went to the customer:" in opened
    assert not OutboundMessage.objects.filter(kind="tracking_opened").exists()


@pytest.mark.one_database
@pytest.mark.parametrize(
    "name",
    ["tracked", "tracked-add", "tracked-wishes", "tracked-speaker", "tracked-withdraw",
     "tracked-next-stage", "tracked-breach"],
)  # fmt: skip
def test_every_page_of_a_visit_can_be_left_by_signing_out(complaint, follower, name):
    assert f'action="{reverse("feedback:track-sign-out")}"' in words(follower.get(name))


def test_whoever_takes_longer_than_half_an_hour_still_sends_words_and_files(complaint, follower):
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        answer = follower.post(
            "tracked-add", {**ADDED, "uploads": [SimpleUploadedFile("lift.png", PNG)]}
        )

    assert answer.status_code == 200
    assert "We have it" in words(answer)
    assert complaint.reference not in words(answer)
    assert ADDED["words"] not in words(answer)
    assert StoredFile.objects.get().complaint == complaint
    with time_machine.travel(NOW + timedelta(minutes=32), tick=False):
        assert follower.get("tracked").status_code == 404


@pytest.mark.parametrize("minutes", [4 * 60 + 1, 24 * 60])
def test_nothing_is_taken_once_the_visit_itself_is_over(complaint, follower, minutes):
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        answer = follower.post("tracked-add", ADDED)

    assert answer.status_code == 404
    assert not StoredFile.objects.exists()
    assert ADDED["words"] in words(answer)


def test_nothing_is_taken_from_whoever_signed_out(complaint, follower):
    cookies = dict(follower.client.cookies)
    follower.client.post(reverse("feedback:track-sign-out"))
    follower.client.cookies.update(cookies)

    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        answer = follower.post("tracked-add", ADDED)

    assert answer.status_code == 404
    assert ADDED["words"] in words(answer)


def test_what_cannot_be_taken_after_half_an_hour_is_shown_to_be_copied(complaint, follower):
    too_long = "Again. " * 10_000
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        answer = follower.post("tracked-add", {**ADDED, "words": too_long})

    assert answer.status_code == 404
    assert too_long.strip() in words(answer)


def test_whoever_asks_for_more_time_stays(complaint, follower):
    with time_machine.travel(NOW + timedelta(minutes=29), tick=False):
        assert follower.post("track-stay", {}).status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=58), tick=False):
        assert follower.get("tracked").status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=89), tick=False):
        assert follower.post("track-stay", {}).status_code == 404
