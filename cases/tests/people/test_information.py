"""Asking somebody outside the case by a link that works once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.errors import ActionNotAllowed, WrongDate
from cases.models import InformationRequest, Landlord, OutboundMessage, StoredFile
from cases.operations.access import declare_conflict
from cases.operations.close import withdraw
from cases.operations.correct import annul
from cases.operations.information import (
    Question,
    answer_question,
    ask_for_information,
    chase_questions,
    hashed,
    stop_asking,
)
from cases.rules.roles import Role
from cases.tests.factories import MONDAY
from cases.tests.people.conftest import NOW

WANTED = MONDAY + timedelta(days=5)
ANSWER = {"words": "On Tuesday, at ten. The pump was changed."}


@pytest.fixture(autouse=True)
def on_that_day(db):
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ask(coordinator, complaint):
    def send(**details):
        given = {
            "to_name": "Roofs & Co",
            "to_email": "roofs@example.org",
            "question": "When were you there?",
            "due_on": WANTED,
            **details,
        }
        return ask_for_information(
            Question(**given), complaint_id=complaint.pk, by=coordinator, now=NOW
        )

    return send


def link_of(asked) -> str:
    body = OutboundMessage.objects.get(key=f"information:{asked.code}").body
    return re.search(r"/asked/[^/\s]+/", body)[0]


def token_of(asked) -> str:
    return link_of(asked).split("/")[2]


def test_only_the_hash_of_the_token_is_kept_beside_the_question(ask):
    asked = ask()
    token = token_of(asked)

    assert len(token) >= 43
    assert asked.token_hash == hashed(token) != token


@pytest.mark.promise("P18")
def test_neither_the_e_mail_nor_the_page_tells_anything_of_the_customer(client, ask, complaint):
    asked = ask(shown="The lift of block B.")

    page = client.get(link_of(asked)).content.decode()

    message = OutboundMessage.objects.get(key=f"information:{asked.code}")
    told = f"{message.subject} {message.body} {page}".lower()
    hidden = ("canary", "quillfeather", "cn4 1ry")
    assert not [each for each in hidden if each in told]
    assert "When were you there?" in page
    assert "The lift of block B." in page
    assert "When were you there?" not in message.body
    assert complaint.reference not in page


@pytest.mark.parametrize("which", ["information", "information-late"])
def test_its_e_mails_say_who_asks_how_to_ring_them_and_the_reference(ask, complaint, which):
    Landlord.objects.update(name="Elm Homes", telephone="01432 555 000")
    asked = ask()
    chase_questions(now=NOW + timedelta(days=7))

    message = OutboundMessage.objects.get(key=f"{which}:{asked.code}")

    assert message.subject.startswith("Elm Homes: ")
    assert complaint.reference in message.subject
    assert f"Our reference is {complaint.reference}." in message.body
    assert "ring us on 01432 555 000, and name the reference" in message.body
    assert message.body.endswith("Elm Homes\nTelephone 01432 555 000\n")
    assert complaint.customer.name not in message.subject + message.body


def test_somebody_is_asked_after_the_complaint_is_closed_too(client, ask, coordinator, complaint):
    withdraw(
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
        seen=complaint.version,
        on=MONDAY,
        words="They told us on the telephone.",
    )
    complaint.refresh_from_db()
    assert not complaint.is_open

    asked = ask()
    assert client.post(link_of(asked), ANSWER).status_code in (200, 302)

    asked.refresh_from_db()
    complaint.refresh_from_db()
    assert asked.answered_at == NOW
    assert not complaint.is_open


def test_nobody_is_asked_about_a_complaint_that_was_annulled(ask, coordinator, complaint):
    annul(
        complaint_id=complaint.pk, by=coordinator, now=NOW, seen=complaint.version, reason="A test."
    )

    with pytest.raises(ActionNotAllowed):
        ask()


def test_a_landlord_without_a_telephone_is_not_given_an_empty_one(ask):
    Landlord.objects.update(telephone="")

    body = OutboundMessage.objects.get(key=f"information:{ask().code}").body

    assert "ring us, and name the reference" in body
    assert "Telephone" not in body


def test_looking_at_the_page_uses_nothing_up(client, ask):
    asked = ask()

    for _ in range(3):
        assert client.get(link_of(asked)).status_code == 200

    asked.refresh_from_db()
    assert asked.answered_at is None


def test_the_answer_and_its_files_become_entries_and_whoever_asked_is_told(
    client, ask, complaint, coordinator, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    asked = ask()
    sheet = SimpleUploadedFile("sheet.txt", b"Pump changed.")

    answer = client.post(link_of(asked), {**ANSWER, "uploads": [sheet]})

    assert answer["Location"] == reverse("feedback:asked-thanks")
    assert StoredFile.objects.get().complaint == complaint
    alert = OutboundMessage.objects.get(kind="information_answered")
    assert alert.to_user == coordinator
    assert "pump" not in alert.body.lower()
    client.force_login(coordinator)
    page = client.get(complaint.get_absolute_url()).content.decode()
    assert "Answer to a question has come" in page
    assert "The pump was changed." in page
    asked_page = client.get(reverse("cases:ask-information", args=[complaint.reference]))
    assert f"Answered {MONDAY:%-d %b %Y}" in asked_page.content.decode()


def test_nothing_goes_to_somebody_outside_before_it_was_seen(client, complaint, coordinator):
    client.force_login(coordinator)
    url = reverse("cases:ask-information", args=[complaint.reference])
    due = MONDAY + timedelta(days=3)
    typed = {
        "seen": complaint.version,
        "to_name": "Roofs & Co",
        "to_email": "roofs@example.org",
        "question": "When were you there?",
        "due_on_day": due.day,
        "due_on_month": due.month,
        "due_on_year": due.year,
    }

    shown = client.post(url, typed)

    assert shown.status_code == 200
    assert shown.context["to_send"].to_email == "roofs@example.org"
    assert "Nothing is sent yet" in shown.content.decode()
    assert not InformationRequest.objects.exists()
    assert not OutboundMessage.objects.filter(to_address="roofs@example.org").exists()
    form = shown.context["form"]
    assert (form["question"].value(), form["looked_at"].value()) == ("When were you there?", "yes")

    sent = client.post(url, {**typed, "looked_at": "yes"})

    assert sent.status_code == 302
    assert OutboundMessage.objects.filter(to_address="roofs@example.org").count() == 1


def test_a_mistake_keeps_what_was_typed_and_the_link(client, ask):
    asked = ask()
    bad = SimpleUploadedFile("run.exe", b"MZ\x90\x00")

    answer = client.post(link_of(asked), {**ANSWER, "uploads": [bad]})
    empty = client.post(link_of(asked), {"words": " "})

    assert (answer.status_code, empty.status_code) == (422, 422)
    assert "The pump was changed." in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert client.get(link_of(asked)).status_code == 200


def test_an_answer_is_kept_when_its_page_was_open_too_long(client, ask):
    asked = ask()
    client.handler.enforce_csrf_checks = True

    answer = client.post(link_of(asked), ANSWER)

    assert answer.status_code == 403
    assert "The pump was changed." in answer.content.decode()
    assert "nothing was sent" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_more_files_than_are_taken_are_refused_in_words(client, ask, settings):
    many = [SimpleUploadedFile(f"{n}.txt", b"Pump.") for n in range(settings.UPLOAD_FILE_LIMIT + 3)]

    answer = client.post(link_of(ask()), {**ANSWER, "uploads": many})

    assert answer.status_code == 422
    assert "The pump was changed." in answer.content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.promise("P14")
def test_unknown_ended_stopped_and_used_links_give_one_page(client, ask, complaint, coordinator):
    used, stopped, ended = ask(), ask(), ask()
    answer_question(token=token_of(used), words="Yes.", now=NOW)
    stop_asking(complaint_id=complaint.pk, code=stopped.code, by=coordinator, now=NOW)
    InformationRequest.objects.filter(pk=ended.pk).update(
        asked_at=NOW - timedelta(days=2), expires_at=NOW
    )
    links = [link_of(used), link_of(stopped), link_of(ended), "/asked/nothing/"]

    answers = [client.get(link) for link in links] + [client.post(links[0], ANSWER)]

    assert {each.status_code for each in answers} == {404}
    assert len({_without_nonce(each) for each in answers}) == 1


def _without_nonce(answer) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode())


def test_whoever_tries_many_links_has_to_wait_and_the_right_one_still_opens(client, ask):
    asked = ask()

    answers = [client.get(f"/asked/{number}/").status_code for number in range(13)]

    assert answers[0] == 404
    assert answers[-1] == 429
    assert client.get(link_of(asked)).status_code == 200


def test_a_second_answer_is_not_taken(ask):
    token = token_of(ask())

    assert answer_question(token=token, words="Yes.", now=NOW) is not None
    assert answer_question(token=token, words="No.", now=NOW) is None


def test_a_stopped_question_is_not_sent_any_more(ask, complaint, coordinator):
    asked = ask()

    stop_asking(complaint_id=complaint.pk, code=asked.code, by=coordinator, now=NOW)

    assert OutboundMessage.objects.get(key=f"information:{asked.code}").state == "cancelled"
    with pytest.raises(ActionNotAllowed, match="does not wait"):
        stop_asking(complaint_id=complaint.pk, code=asked.code, by=coordinator, now=NOW)


def test_the_customer_is_not_asked_in_this_way(ask, customer):
    with pytest.raises(ActionNotAllowed, match="customer’s own address"):
        ask(to_email=customer.email.upper())


def test_the_day_is_to_come_and_not_far_away(ask):
    for day in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=91)):
        with pytest.raises(WrongDate):
            ask(due_on=day)


def test_somebody_shut_out_since_is_not_told_of_the_answer(house, ask, complaint, coordinator):
    asked = ask()
    declare_conflict(complaint_id=complaint.pk, by=coordinator, now=NOW, reason="My brother.")

    answer_question(token=token_of(asked), words="Yes.", now=NOW)

    alert = OutboundMessage.objects.get(kind="information_answered")
    assert alert.to_user == house[Role.RESPONSIBLE_OFFICER]


def test_a_question_that_nobody_answers_is_chased_once_and_whoever_asked_is_told(ask, coordinator):
    asked = ask()
    told = OutboundMessage.objects.filter(key__startswith="information-")
    assert chase_questions(now=NOW + timedelta(days=5)) == 0

    late = NOW + timedelta(days=6)
    assert chase_questions(now=late) == 1
    assert chase_questions(now=late + timedelta(days=1)) == 0

    reminder = told.get(key=f"information-late:{asked.code}")
    assert reminder.to_address == "roofs@example.org"
    assert "/asked/" not in reminder.body
    assert told.filter(kind="information_late", to_user=coordinator).count() == 1


@pytest.mark.parametrize("how", ["answered", "stopped"])
def test_a_question_that_is_over_is_not_chased(ask, complaint, coordinator, how):
    asked = ask()
    if how == "answered":
        InformationRequest.objects.filter(pk=asked.pk).update(answered_at=NOW)
    else:
        stop_asking(complaint_id=complaint.pk, code=asked.code, by=coordinator, now=NOW)

    assert chase_questions(now=NOW + timedelta(days=6)) == 0
