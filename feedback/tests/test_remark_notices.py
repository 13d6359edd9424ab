"""Thanks and answers to suggestions of which an e-mail says only that they are there."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from cases.errors import ActionNotAllowed
from cases.models import Customer, Delivery, OutboundMessage
from cases.operations.enclosures import enclosures
from cases.operations.following import change_following
from cases.operations.messages import requeue_message
from cases.rules.roles import Role
from cases.selectors.message_secrets import as_kept
from cases.selectors.messages import reason_not_to_send
from cases.tests.factories import CustomerFactory
from feedback.models import Remark, RemarkLetter
from feedback.operations.remark_replies import acknowledge_remark, decide_suggestion
from feedback.rules.kinds import Decision, Way
from feedback.tests.conftest import NOW
from feedback.tests.factories import praise
from feedback.tests.tracking import words
from feedback.views.own_letter import FREE_FILES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
WORDS = "Dan was delighted."


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


@pytest.fixture
def remark(house) -> Remark:
    olu = CustomerFactory(name="Olu Ade", email="olu@example.org", letters_by_email=False)
    return praise(received_on=NOW.date(), customer=olu)


def thank(house, remark, **details) -> OutboundMessage:
    """Thank by e-mail, and return it."""
    acknowledge_remark(
        remark_id=remark.pk, by=house[Role.FRONT_LINE], now=NOW, way=Way.EMAIL, on=NOW.date(),
        words=WORDS, **details,
    )  # fmt: skip
    return OutboundMessage.objects.get(kind="remark_thanks")


def link_in(message: OutboundMessage) -> str:
    return f"/track/letter/{message.body.partition('/track/letter/')[2].partition('/')[0]}/"


def test_an_email_says_only_that_there_are_thanks_which_open_with_a_button(house, remark):
    message = thank(house, remark)

    for told in (WORDS, "kind words", "ompliment", remark.words):
        assert told not in message.body
    assert f"There is a letter for you about your enquiry {remark.reference}" in message.body
    assert RemarkLetter.objects.get().is_notice
    link = link_in(message)
    shut = words(Client().get(link))
    assert "Read my letter" in shut
    assert remark.reference not in shut
    read = Client().post(link)
    assert WORDS in words(read)
    assert "no-store" in read["Cache-Control"]
    assert read["X-Robots-Tag"] == "noindex, nofollow"


def test_an_answer_to_a_suggestion_says_no_more(house):
    wei = CustomerFactory(email="wei@example.org", letters_by_email=False)
    suggestion = praise(received_on=NOW.date(), customer=wei, kind="suggestion")

    decide_suggestion(
        remark_id=suggestion.pk, by=house[Role.FRONT_LINE], now=NOW, decision=Decision.TAKEN_UP,
        answer="We put up a bench in May.", way=Way.EMAIL,
    )  # fmt: skip

    message = OutboundMessage.objects.get(kind="remark_answer")
    assert "bench" not in message.body
    assert "We put up a bench in May." in words(Client().post(link_in(message)))


def test_whoever_asked_for_whole_letters_gets_them(house, remark):
    Customer.objects.update(letters_by_email=True)

    assert WORDS in thank(house, remark).body
    letter = RemarkLetter.objects.get()
    assert (letter.is_notice, letter.token_hash, letter.opens_until) == (False, "", None)


@pytest.mark.rule("HH-27")
def test_nothing_goes_with_it_and_the_letter_is_saved_in_the_format_that_is_needed(house, remark):
    Customer.objects.update(letter_format="large_print")

    message = thank(house, remark)

    assert enclosures(message) == []
    saved = Client().post(link_in(message), {"save": "yes"})
    assert saved.content.startswith(b"%PDF")
    assert "large_print" in saved["Content-Disposition"]


def test_a_letter_is_made_into_a_file_a_few_times_and_then_waits_its_turn(house, remark):
    cache.clear()
    link = link_in(thank(house, remark))
    browser = Client()

    answers = [browser.post(link, {"save": "yes"}) for _ in range(FREE_FILES + 2)]

    assert [each.status_code for each in answers] == [200] * (FREE_FILES + 1) + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert WORDS in words(browser.post(link))
    cache.clear()


def test_somebody_who_gave_no_name_is_not_called_so(house, remark):
    Customer.objects.update(name="Name not given")

    body = thank(house, remark).body

    assert body.startswith("Hello,\n\nThere is a letter for you")


def test_it_comes_in_their_language(house, remark):
    Customer.objects.update(language="Welsh")

    body = thank(house, remark, other=_english("She reads it with her son.")).body

    assert "Mae llythyr i chi" in body
    assert "/cy/track/letter/" in body


def _english(because: str):
    from feedback.operations.remark_replies import InTheirLanguage

    return InTheirLanguage(because=because)


@pytest.mark.promise("P14")
@pytest.mark.parametrize("what", ["unknown", "too old", "another address", "not safe"])
def test_a_link_that_does_not_work_shows_nothing_and_looks_like_any_other(house, remark, what):
    link = link_in(thank(house, remark))
    unknown = words(Client().post("/track/letter/unknown/"))
    later = timedelta(days=31) if what == "too old" else timedelta(0)
    if what == "unknown":
        link = link.replace("/letter/", "/letter/x")
    if what == "another address":
        Customer.objects.update(email="somebody@example.org")
    if what == "not safe":
        Customer.objects.update(email_unsafe=True)

    with time_machine.travel(NOW + later, tick=False):
        opened = [Client().get(link), Client().post(link), Client().post(link, {"save": "yes"})]

    for answer in opened:
        assert answer.status_code == 404
        assert words(answer) == unknown


def test_no_email_leads_to_thanks_that_cannot_be_read(house, remark):
    admin = house[Role.SYSTEM_ADMINISTRATOR]
    change_following(is_closed=True, notice="", by=admin, now=NOW, seen=None)

    with pytest.raises(ActionNotAllowed, match="the pages on which letters are read are closed"):
        thank(house, remark)

    assert not RemarkLetter.objects.exists()
    change_following(is_closed=False, notice="", by=admin, now=NOW, seen=None)
    Customer.objects.update(email_changed_at=NOW)
    with pytest.raises(ActionNotAllowed, match="opens nothing until tomorrow"):
        thank(house, remark)


def test_one_that_waits_while_nothing_is_read_on_the_web_does_not_go(house, remark):
    message = thank(house, remark)
    assert reason_not_to_send(message, now=NOW) == ""

    change_following(
        is_closed=True, notice="", by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW, seen=None
    )

    assert "no letter is read on the web now" in reason_not_to_send(message, now=NOW)
    assert Client().get(link_in(message)).status_code == 503


def test_it_goes_again_with_a_new_link_to_the_address_on_the_record_alone(house, remark):
    message = thank(house, remark)
    before = link_in(message)
    OutboundMessage.objects.filter(pk=message.pk).update(
        state=Delivery.UNDELIVERABLE, body=as_kept(message)
    )
    by = house[Role.COMPLAINTS_COORDINATOR]
    assert "/track/letter/" not in as_kept(message)

    with pytest.raises(ActionNotAllowed, match="Put that address right first"):
        requeue_message(message_id=message.pk, by=by, now=NOW, to_address="a@example.org")
    requeue_message(message_id=message.pk, by=by, now=NOW)

    message.refresh_from_db()
    assert Client().get(before).status_code == 404
    assert WORDS in words(Client().post(link_in(message)))


def test_colleagues_see_that_the_email_says_no_more_and_ask_when_they_log(house, sign_in, remark):
    browser = sign_in(Role.FRONT_LINE)
    page = f"/feedback/{remark.reference}/thank/"

    shown = words(browser.post(page, {"way": "email", "words": WORDS, "preview": "yes"}))
    assert "The e-mail itself says only that there is a letter" in shown
    assert not RemarkLetter.objects.exists()
    assert "Only that there is a letter" in words(browser.get(remark.get_absolute_url()))

    typed = {
        "kind": "compliment", "received_on_day": "10", "received_on_month": "6",
        "received_on_year": "2026", "channel": "phone", "words": "Thanks.", "category": "tenant",
        "name": "Wei", "email": "wei@example.org", "letters_by_email": "on",
    }  # fmt: skip
    browser.post("/feedback/log/", typed)
    assert Customer.objects.get(name="Wei").letters_by_email


def test_a_link_is_of_one_letter_that_is_told_of_until_a_day(house, remark):
    thank(house, remark)

    for wrong in ({"opens_until": None}, {"is_notice": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RemarkLetter.objects.update(**wrong)
