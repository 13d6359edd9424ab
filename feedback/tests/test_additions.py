"""Adding to a complaint that is followed: each file is shown first, and nothing is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Complaint, JointComplainant, StoredFile
from cases.models.tracking import Proof
from cases.operations.tracking import hand_out_code
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory
from feedback.models import Draft, FormFile
from feedback.operations import drafts
from feedback.tests.conftest import NOW
from feedback.tests.factories import PNG
from feedback.tests.tracking import Follower, acknowledged, words
from feedback.views import additions as views

pytestmark = pytest.mark.usefixtures("now")
WORDS = "It happened again."
LATER = NOW + timedelta(minutes=31)


@pytest.fixture
def complaint(house) -> Complaint:
    return acknowledged(house, customer=CustomerFactory(name="Margaret Shaw"))


@pytest.fixture
def follower(complaint) -> Follower:
    return Follower().opens(complaint)


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


def photo(name: str = "lift.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG)


def sends(follower: Follower, do: str = "send", **typed):
    return follower.post("tracked-add", {"words": WORDS, "page": "a" * 32, "do": do, **typed})


def added(complaint: Complaint) -> list[str]:
    events = complaint.events.filter(facts__has_key="from_customer").select_related("words")
    return [each.words.parts["added"] for each in events]


@pytest.mark.parametrize("do", ["add", "send"])
def test_a_file_is_shown_before_anything_is_sent(complaint, follower, do):
    answer = sends(follower, do, uploads=[photo()])

    assert answer["Location"] == reverse("feedback:tracked-add")
    page = words(follower.get("tracked-add"))
    assert "Added: lift.png" in page
    assert ("Nothing is sent yet" in page) is (do == "send")
    assert "Added, and not sent yet" in page
    assert WORDS in page
    assert "Do you want to add another file?" in page
    assert added(complaint) == []
    looked = follower.get("tracked-file", StoredFile.objects.get().key)
    assert looked["Content-Type"] == "image/png"
    assert b"".join(looked.streaming_content) == PNG


@pytest.mark.promise("P1")
def test_what_was_shown_is_sent_once_with_all_its_files(complaint, follower):
    sends(follower, "add", uploads=[photo()])
    sends(follower, "add", uploads=[photo("hall.png")])

    answers = [sends(follower), sends(follower)]

    assert [each["Location"] for each in answers] == [reverse("feedback:tracked")] * 2
    assert added(complaint) == [WORDS]
    names = StoredFile.objects.filter(complaint=complaint).values_list("name", flat=True)
    assert sorted(names) == ["hall.png", "lift.png"]
    assert not Draft.objects.exists()
    assert not FormFile.objects.exists()


def test_files_alone_are_enough_and_a_page_sent_again_takes_what_is_new(complaint, follower):
    sends(follower, words="")
    assert added(complaint) == []
    sends(follower)
    sends(follower, "add", uploads=[photo()])

    sends(follower)

    assert added(complaint) == [WORDS, "See the files."]
    assert StoredFile.objects.get().complaint == complaint


def test_a_file_is_taken_out_again_and_the_words_stay(complaint, follower):
    sends(follower, "add", uploads=[photo()])
    key = StoredFile.objects.get().key

    answer = sends(follower, "", remove=key, words="Other words")

    assert answer["Location"] == reverse("feedback:tracked-add")
    page = words(follower.get("tracked-add"))
    assert "Removed: lift.png" in page
    assert "Other words" in page
    assert not StoredFile.objects.exists()
    assert added(complaint) == []


def test_to_look_at_a_file_keeps_the_words_and_a_file_that_was_chosen(complaint, follower):
    sends(follower, "add", uploads=[photo()])
    key = StoredFile.objects.get().key
    assert f'name="look" value="{key}"' in words(follower.get("tracked-add"))

    answer = sends(follower, "", look=key, words="A long text", uploads=[photo("hall.png")])

    assert answer["Location"] == reverse("feedback:tracked-file", args=[key])
    back = words(follower.get("tracked-add"))
    for kept in ("A long text", "lift.png", "hall.png"):
        assert kept in back
    assert added(complaint) == []


def test_a_file_that_is_not_there_leads_back_to_the_page(follower):
    answer = sends(follower, "", look="none/such here")

    assert answer["Location"] == reverse("feedback:tracked-add")
    assert WORDS in words(follower.get("tracked-add"))


def test_to_take_a_file_out_keeps_the_one_that_was_chosen(follower):
    sends(follower, "add", uploads=[photo()])

    sends(follower, "", remove=StoredFile.objects.get().key, uploads=[photo("hall.png")])

    page = words(follower.get("tracked-add"))
    assert "Removed: lift.png" in page
    assert "Added: hall.png" in page
    assert StoredFile.objects.get().name == "hall.png"


def test_to_look_at_a_file_after_half_an_hour_sends_nothing(complaint, follower):
    sends(follower, "add", uploads=[photo()])

    with time_machine.travel(LATER, tick=False):
        answer = sends(follower, "", look=StoredFile.objects.get().key)

    assert "We keep what you have added" in words(answer)
    assert added(complaint) == []


@pytest.mark.promise("P1")
def test_words_amended_after_an_answer_that_was_lost_are_recorded_too_and_once(complaint, follower):
    more = f"{WORDS}\r\nAnd the stairs are dark."
    for typed in (WORDS, more, more, WORDS):
        sends(follower, words=typed)

    assert added(complaint) == [WORDS, more]


@pytest.mark.promise("P1")
def test_another_file_from_a_page_of_before_is_recorded_too_and_once(complaint, follower):
    other = SimpleUploadedFile("hall.png", PNG + b"another")
    for file in (photo(), other, other):
        file.seek(0)
        follower.post("tracked-add", {"words": WORDS, "page": "a" * 32, "uploads": [file]})

    assert added(complaint) == [WORDS, "See the files."]
    names = StoredFile.objects.filter(complaint=complaint).values_list("name", flat=True)
    assert sorted(names) == ["hall.png", "lift.png"]


SENT_ELSEWHERE = "sent from another window just now"


def is_sent_meanwhile(monkeypatch, where: str) -> None:
    """Let another window send what waits just before the page goes on."""
    before = getattr(views, where)

    def after(**given):
        FormFile.objects.all().delete()
        Draft.objects.all().delete()
        return before(**given)

    monkeypatch.setattr(views, where, after)


@pytest.mark.parametrize("button", ["add", "remove", "look"])
def test_what_another_window_sends_at_the_same_moment_is_no_failure(follower, monkeypatch, button):
    sends(follower, "add", uploads=[photo()])
    key = StoredFile.objects.get().key
    is_sent_meanwhile(monkeypatch, "remove_file" if button == "remove" else "add_files")

    if button == "add":
        answer = sends(follower, "add", uploads=[photo("hall.png")])
        assert answer.status_code == 422
        assert WORDS in words(answer)
    else:
        sends(follower, "", uploads=[photo("hall.png")], **{button: key})
        answer = follower.get("tracked-add")

    assert SENT_ELSEWHERE in words(answer)
    assert "There is no form" not in words(answer)


def test_words_are_kept_anew_where_their_draft_goes_at_that_moment(follower, monkeypatch):
    begin, gone = drafts._begin, iter([True])

    def begun(name, **given):
        draft = begin(name, **given)
        if next(gone, False):
            Draft.objects.filter(pk=draft.pk).delete()
        return draft

    monkeypatch.setattr(drafts, "_begin", begun)

    sends(follower, "add")

    assert WORDS in words(follower.get("tracked-add"))


@pytest.mark.parametrize(
    ("do", "upload", "said"),
    [
        ("add", SimpleUploadedFile("run.exe", b"MZ\x90\x00" + bytes(100)), "cannot be taken"),
        ("send", SimpleUploadedFile("run.exe", b"MZ\x90\x00" + bytes(100)), "cannot be taken"),
        ("add", None, "Choose a file to add"),
    ],
    ids=["add", "send", "none chosen"],
)
def test_what_cannot_be_added_is_told_and_what_was_there_stays(
    complaint, follower, do, upload, said
):
    sends(follower, "add", uploads=[photo()])

    answer = sends(follower, do, **({"uploads": [upload]} if upload else {}))

    assert answer.status_code == 422
    assert said in words(answer)
    for kept in (WORDS, "lift.png"):
        assert kept in words(answer)
        assert kept in words(follower.get("tracked-add"))
    assert added(complaint) == []


def test_who_sends_words_alone_does_not_go_through_the_files_of_others(complaint, follower):
    with CaptureQueriesContext(connection) as done:
        sends(follower)

    assert added(complaint) == [WORDS]
    assert not [each["sql"] for each in done if "feedback_formfile" in each["sql"]]


@pytest.mark.promise("P14")
def test_nobody_else_sees_what_waits_to_be_sent(house, complaint, follower):
    sends(follower, "add", uploads=[photo()])
    key = StoredFile.objects.get().key
    joint = JointComplainant.objects.create(complaint=complaint, customer=CustomerFactory())
    code = hand_out_code(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        proof=Proof.PHONE,
        joint_id=joint.pk,
    )
    together = Follower()
    together.enters(complaint.reference, code)
    other = Follower().opens(acknowledged(house))

    for stranger in (together, other, Follower()):
        assert stranger.get("tracked-file", key).status_code == 404
    assert "lift.png" not in words(other.get("tracked-add"))
    # Its name is no token of a browser.
    visitor = Follower()
    visitor.client.cookies["let_us_know"] = Draft.objects.get().token_hash
    assert visitor.client.get(reverse("feedback:draft-file", args=[key])).status_code == 404


def test_what_was_added_after_half_an_hour_waits_until_they_are_back(complaint, follower):
    with time_machine.travel(LATER, tick=False):
        answer = sends(follower, "add", uploads=[photo()])
        back = words(Follower().opens(complaint).get("tracked-add"))

    assert answer.status_code == 200
    assert "We keep what you have added" in words(answer)
    for told in (complaint.reference, WORDS, "lift.png"):
        assert told not in words(answer)
    for told in ("lift.png", WORDS):
        assert told in back
    assert added(complaint) == []


def test_whoever_sends_after_half_an_hour_sends_what_was_added_before_too(complaint, follower):
    sends(follower, "add", uploads=[photo()])

    with time_machine.travel(LATER, tick=False):
        answer = sends(follower)

    assert "We have it" in words(answer)
    assert added(complaint) == [WORDS]
    assert StoredFile.objects.get().complaint == complaint


def test_nothing_is_added_by_whoever_signed_out(complaint, follower):
    cookies = dict(follower.client.cookies)
    follower.client.post(reverse("feedback:track-sign-out"))
    follower.client.cookies.update(cookies)

    with time_machine.travel(LATER, tick=False):
        assert sends(follower, "add", uploads=[photo()]).status_code == 404

    assert not StoredFile.objects.exists()
