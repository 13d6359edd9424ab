"""What somebody sees that is not theirs on pages that belong to no visit, and leaving those."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import EventWords, OutboundMessage, RecordedEvent
from cases.operations import breaches
from cases.operations.customers import Speaker, save_representative
from cases.operations.information import Question, ask_for_information
from cases.operations.representatives import ask_customer
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory
from feedback.models import RemarkLetter, Sighting, State, Submission
from feedback.operations.breaches import breach_in_receipt
from feedback.operations.quarantine import release
from feedback.operations.remark_replies import acknowledge_remark
from feedback.rules import abuse
from feedback.rules.kinds import Way
from feedback.selectors.receipts import code_of
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT, SUGGESTION, praise
from feedback.tests.tracking import words

pytestmark = pytest.mark.django_db
SEEN = "A letter to my neighbour"
LATER = NOW + timedelta(minutes=5)
COORDINATOR = Role.COMPLAINTS_COORDINATOR


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


def token_in(message: OutboundMessage, path: str) -> str:
    return message.body.partition(path)[2].partition("/")[0]


def asked(house):
    complaint = house.lodge()
    question = Question("Roofs & Co", "roofs@example.org", "When were you there?", NOW.date())
    row = ask_for_information(question, complaint_id=complaint.pk, by=house[COORDINATOR], now=NOW)
    message = OutboundMessage.objects.get(key=f"information:{row.code}")
    return complaint, reverse("feedback:asked", args=[token_in(message, "/asked/")])


def consent(house):
    complaint = house.lodge(customer=CustomerFactory(email="ann@example.org"))
    common = {"complaint_id": complaint.pk, "by": house[COORDINATOR], "now": NOW}
    speaker = save_representative(Speaker("Bob Moyo"), **common)
    ask_customer(**common, representative_id=speaker.pk, telling=Telling("email"))
    message = OutboundMessage.objects.get(to_address="ann@example.org")
    return complaint, reverse("feedback:consent", args=[token_in(message, "/consent/")])


@pytest.mark.parametrize("page", [asked, consent], ids=["question", "consent"])
def test_behind_a_link_it_is_told_at_once_and_the_link_ends(house, page):
    complaint, path = page(house)
    visitor = Client()
    with time_machine.travel(LATER, tick=False):
        shown = words(visitor.get(path))
        assert f'href="{path}not-mine/"' in shown
        assert "Finish and clear this computer" in shown
        assert "What did you see?" in words(visitor.get(f"{path}not-mine/"))
        OutboundMessage.objects.all().update(to_user=None)

        answer = visitor.post(f"{path}not-mine/", {"words": SEEN}, follow=True)

        assert "We were told at once" in words(answer)
        assert visitor.get(path).status_code == 404
        assert visitor.get(f"{path}not-mine/").status_code == 404
        assert visitor.post(f"{path}not-mine/", {"words": SEEN}).status_code == 404
    told = OutboundMessage.objects.filter(key__startswith="breach:")
    assert house[COORDINATOR] in [each.to_user for each in told]
    assert SEEN not in "".join(each.body for each in told)
    event = RecordedEvent.objects.filter(complaint=complaint).latest("number")
    assert event.facts["breach"]
    assert not complaint.tracking_closures.exists()


@pytest.mark.parametrize("page", [asked, consent], ids=["question", "consent"])
def test_no_link_ends_of_which_nobody_could_be_told(house, page, monkeypatch):
    def fail(*_args, **_named):
        raise RuntimeError("The database is gone.")

    complaint, path = page(house)
    monkeypatch.setattr(breaches, "tell_of_breach", fail)
    with time_machine.travel(LATER, tick=False):
        visitor = Client(raise_request_exception=False)
        assert visitor.post(f"{path}not-mine/", {"words": SEEN}).status_code == 500

        assert visitor.get(path).status_code == 200
    assert not RecordedEvent.objects.filter(complaint=complaint, facts__has_key="breach").exists()


@pytest.mark.parametrize(
    ("page", "opens", "tells"),
    [
        (asked, "open_question", breaches.breach_at_question),
        (consent, "open_link", breaches.breach_at_consent),
    ],
    ids=["question", "consent"],
)
def test_of_two_who_tell_at_once_the_first_tells(house, page, opens, tells, monkeypatch):
    _complaint, path = page(house)
    token = path.strip("/").partition("/")[2]
    common = {"token": token, "words": SEEN, "now": LATER}
    before = getattr(breaches, opens)(token, now=LATER)
    assert tells(**common)
    told = OutboundMessage.objects.filter(key__startswith="breach:").count()
    # The second one looked before the first was done.
    answers = iter([before])
    still = getattr(breaches, opens)
    monkeypatch.setattr(
        breaches, opens, lambda token, *, now: next(answers, None) or still(token, now=now)
    )

    assert not tells(**common)

    assert OutboundMessage.objects.filter(key__startswith="breach:").count() == told


def thanked(house) -> str:
    sender = CustomerFactory(email="olu@example.org", letters_by_email=False)
    remark = praise(received_on=NOW.date(), customer=sender)
    by = house[Role.FRONT_LINE]
    acknowledge_remark(remark_id=remark.pk, by=by, now=NOW, way=Way.EMAIL, on=NOW.date())
    message = OutboundMessage.objects.get(kind="remark_thanks")
    return reverse("feedback:own-letter", args=[token_in(message, "/track/letter/")])


def test_in_thanks_it_is_told_to_coordinators_and_their_link_ends(house, now, sign_in):
    path = thanked(house)
    visitor = Client()
    shown = words(visitor.post(path))
    assert f'href="{path}not-mine/"' in shown
    assert "Finish and clear this computer" in shown

    visitor.post(f"{path}not-mine/", {"words": SEEN})

    [told] = OutboundMessage.objects.filter(key__startswith="breach:")
    assert told.to_user == house[COORDINATOR]
    assert SEEN not in told.body
    remark = RemarkLetter.objects.get().remark
    assert SEEN in words(sign_in(Role.FRONT_LINE).get(remark.get_absolute_url()))
    assert visitor.get(path).status_code == 404
    assert RemarkLetter.objects.get().token_hash == ""


@pytest.mark.parametrize("form", [COMPLAINT, SUGGESTION], ids=["complaint", "suggestion"])
def test_in_a_receipt_opened_by_its_code_it_is_told_and_the_browser_forgets_it(
    visitor, house, form
):
    sent = visitor.tell(form)
    other = Client()
    typed = {"reference": sent.reference, "code": code_of(Submission.objects.get())}
    other.post(reverse("feedback:track-code"), typed)
    path = reverse("feedback:sent", args=[sent.reference])
    shown = words(other.get(path))
    assert f'href="{path}not-mine/"' in shown
    assert "Finish and clear this computer" in shown

    other.post(f"{path}not-mine/", {"words": SEEN})

    told = OutboundMessage.objects.filter(key__startswith="breach:")
    assert house[COORDINATOR] in [each.to_user for each in told]
    assert SEEN not in "".join(each.body for each in told)
    assert other.get(path).status_code == 404
    assert Client().post(f"{path}not-mine/", {"words": SEEN}).status_code == 404


def receipt(visitor, form) -> tuple[Client, str]:
    """Another browser in which a receipt is open by its code, and where it is said to be seen."""
    sent = visitor.tell(form)
    other = Client()
    typed = {"reference": sent.reference, "code": code_of(Submission.objects.get())}
    other.post(reverse("feedback:track-code"), typed)
    return other, reverse("feedback:receipt-not-mine", args=[sent.reference])


def tell_again(browser: Client, path: str, said: str) -> int:
    """Tell, and keep what opens the receipt."""
    kept = {name: each.value for name, each in browser.cookies.items()}
    answer = browser.post(path, {"words": said})
    browser.cookies.load(kept)
    return answer.status_code


def test_what_was_seen_in_the_receipt_of_a_remark_stands_with_it(visitor, house, sign_in):
    other, path = receipt(visitor, SUGGESTION)

    other.post(path, {"words": SEEN})

    remark = Submission.objects.get().remark
    assert SEEN in words(sign_in(Role.FRONT_LINE).get(remark.get_absolute_url()))


def test_what_was_seen_in_the_receipt_of_a_form_in_quarantine_stands_with_it(
    visitor, house, sign_in, monkeypatch
):
    monkeypatch.setattr(abuse, "SOURCE_QUARANTINE", 0)
    other, path = receipt(visitor, SUGGESTION)
    submission = Submission.objects.get()
    assert submission.state == State.QUARANTINED

    other.post(path, {"words": SEEN})

    held = reverse("feedback:quarantined", args=[submission.reference])
    coordinator = sign_in(COORDINATOR)
    assert SEEN in words(coordinator.get(held))
    told = OutboundMessage.objects.filter(key__startswith="breach:").latest("pk")
    assert held in told.body
    release(submission_id=submission.pk, by=house[COORDINATOR], now=timezone.now())
    submission.refresh_from_db()
    assert SEEN in words(coordinator.get(submission.remark.get_absolute_url()))


@pytest.mark.parametrize("form", [COMPLAINT, SUGGESTION], ids=["complaint", "suggestion"])
def test_whoever_keeps_what_opens_a_receipt_alarms_once_a_day_and_may_say_more(
    visitor, house, form
):
    other, path = receipt(visitor, form)
    alarms = OutboundMessage.objects.filter(key__startswith="breach:")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert tell_again(other, path, "At first") == 302
        told = alarms.count()
        assert told

        assert tell_again(other, path, "And then") == 302

        assert alarms.count() == told
        notes = EventWords.objects.filter(event__kind="noted").values_list("parts", flat=True)
        said = str([*Sighting.objects.values_list("words", flat=True), *notes])
        assert "At first" in said
        assert "And then" in said
        answers = [tell_again(other, path, "More") for _ in range(4)]
        assert answers[0] == 302
        assert answers[-1] == 429
        clock.shift(timedelta(minutes=2))
        assert tell_again(other, path, "More") == 302
        assert alarms.count() == told


def test_what_was_seen_in_a_receipt_alarms_again_on_the_next_day(visitor, house):
    visitor.tell(SUGGESTION)
    common = {"reference": Submission.objects.get().reference, "words": SEEN}
    alarms = OutboundMessage.objects.filter(key__startswith="breach:")

    told = []
    for hours in (0, 1, 24):
        breach_in_receipt(**common, now=NOW + timedelta(hours=hours))
        told.append(alarms.count())

    assert told == [1, 1, 2]


def test_a_form_that_is_not_ours_tells_nobody(house, now):
    path = thanked(house)

    answer = Client(enforce_csrf_checks=True).post(f"{path}not-mine/", {"words": SEEN})

    assert answer.status_code == 403
    assert SEEN in answer.content.decode()
    assert not OutboundMessage.objects.filter(key__startswith="breach:").exists()
