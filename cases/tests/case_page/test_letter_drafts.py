"""Drafts of letters survive, and two people who write the same lose nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.models import Letter, LetterDraft, User
from cases.operations.letter_drafts import FORGOTTEN, forget_old_drafts
from cases.rules.roles import Role
from cases.tests.answering import respond
from cases.tests.case_page.situations import NOW, TODAY, UPHELD, WRITTEN, Story
from cases.tests.factories import UserFactory

TYPED = {
    "on_day": "22",
    "on_month": "6",
    "on_year": "2026",
    "outcome": "upheld",
    "remedies": ["apology"],
    "channel": "post",
    "letter": "The lift was mended on Friday.",
}


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def story(house) -> Story:
    """Return a complaint to be answered."""
    return Story(house, "code-2024")


@pytest.fixture
def url(story) -> str:
    """Return the address of the answer’s form."""
    return reverse("cases:respond", args=[story.complaint.reference])


@pytest.fixture
def officer(story, client):
    """Return the browser of the responsible officer."""
    client.force_login(story.house[Role.RESPONSIBLE_OFFICER])
    return client


def typed(story: Story, **more) -> dict:
    """Return what the form sends."""
    return {"seen": str(story.complaint.version), **TYPED, **more}


def test_a_draft_is_kept_half_finished_and_shown_again(story, url, officer):
    kept = officer.post(url, typed(story, outcome="", draft="yes", draft_seen="0"))

    page = officer.get(url)

    assert kept.status_code == 302
    form = page.context["form"]
    assert form["letter"].value() == "The lift was mended on Friday."
    assert form["remedies"].value() == ["apology"]
    assert form["draft_seen"].value() == LetterDraft.objects.get().pk
    assert "Draft saved 11:00" in page.content.decode()


def test_a_draft_of_another_act_or_person_is_not_shown_in_the_form(story, url, officer, house):
    other = house[Role.HEAD_OF_SERVICE]
    LetterDraft.objects.create(
        complaint=story.complaint,
        stage="stage-1",
        visit=1,
        act="respond",
        by=other,
        typed={"letter": ["Mine."]},
        saved_at=NOW,
    )
    LetterDraft.objects.create(
        complaint=story.complaint,
        stage="stage-1",
        visit=1,
        act="acknowledge",
        by=house[Role.RESPONSIBLE_OFFICER],
        typed={"letter": ["Of another act."]},
        saved_at=NOW,
    )

    page = officer.get(url)

    assert page.context["form"]["letter"].value() in (None, "")
    assert "head of service has a draft of this too" in page.content.decode()


def test_two_windows_of_one_person_do_not_overwrite_each_other(story, url, officer):
    officer.post(url, typed(story, draft="yes", draft_seen="0"))

    late = officer.post(
        url, typed(story, letter="From the other window.", draft="yes", draft_seen="0")
    )

    assert late.status_code == 409
    assert late.context["form"]["letter"].value() == "From the other window."
    assert "The lift was mended on Friday." in late.content.decode()
    assert LetterDraft.objects.get().typed["letter"] == ["The lift was mended on Friday."]
    again = {**typed(story), "letter": "From the other window.", "draft": "yes"}
    assert (
        officer.post(url, {**again, "draft_seen": str(late.context["drafts"].seen)}).status_code
        == 302
    )
    assert LetterDraft.objects.get().typed["letter"] == ["From the other window."]


def test_of_two_who_write_the_answer_one_wins_and_the_text_of_the_other_is_kept(
    story, url, officer, house
):
    officer.post(url, typed(story, draft="yes", draft_seen="0"))
    story.act(respond, Role.HEAD_OF_SERVICE, TODAY, on=TODAY, answer=UPHELD, telling=WRITTEN)

    sent = officer.post(url, {**typed(story), "seen": "2", "letter": "What I typed since."})
    page = officer.get(url)

    assert sent.status_code == 409
    assert "What I typed since." in sent.content.decode()
    assert page.context["form"] is None
    assert "The lift was mended on Friday." in page.content.decode()
    assert not Letter.objects.exclude(channel="letter_elsewhere").exists()


def test_a_draft_goes_when_its_letter_is_sent_and_that_of_a_colleague_stays(
    story, url, officer, house
):
    LetterDraft.objects.create(
        complaint=story.complaint,
        stage="stage-1",
        visit=1,
        act="respond",
        by=house[Role.HEAD_OF_SERVICE],
        typed={"letter": ["My own words."]},
        saved_at=NOW,
    )
    officer.post(url, typed(story, draft="yes", draft_seen="0"))

    sent = officer.post(url, typed(story))

    assert sent.status_code == 302, sent.context["form"].errors
    assert list(LetterDraft.objects.values_list("by__name", flat=True)) == ["head of service"]


def test_a_draft_can_be_discarded(story, url, officer):
    officer.post(url, typed(story, draft="yes", draft_seen="0"))

    officer.post(url, {"draft": "discard"})

    assert not LetterDraft.objects.exists()


def test_a_window_with_a_discarded_draft_does_not_overwrite_the_one_begun_again(
    story, url, officer
):
    officer.post(url, typed(story, draft="yes", draft_seen="0"))
    old = LetterDraft.objects.get().pk
    officer.post(url, {"draft": "discard"})

    gone = officer.post(url, typed(story, letter="Old window.", draft="yes", draft_seen=old))
    officer.post(url, typed(story, letter="Begun again.", draft="yes", draft_seen="0"))
    late = officer.post(url, typed(story, letter="Old window.", draft="yes", draft_seen=old))

    assert (gone.status_code, late.status_code) == (409, 409)
    assert "sent or discarded in another window" in gone.content.decode()
    assert LetterDraft.objects.get().typed["letter"] == ["Begun again."]


def test_a_draft_of_an_earlier_stage_fills_no_form_and_is_shown_as_text(story, url, officer):
    officer.post(url, typed(story, draft="yes", draft_seen="0"))
    old = LetterDraft.objects.get().pk
    story.act(respond, Role.HEAD_OF_SERVICE, TODAY, on=TODAY, answer=UPHELD, telling=WRITTEN)
    story.asked(TODAY)
    officer.force_login(story.house[Role.HEAD_OF_SERVICE])
    assert "has a draft of this too" not in officer.get(url).content.decode()

    LetterDraft.objects.update(by=story.house[Role.HEAD_OF_SERVICE])
    page = officer.get(url)
    late = officer.post(url, typed(story, draft="yes", draft_seen=old))
    kept = officer.post(url, typed(story, letter="At stage 2.", draft="yes", draft_seen="0"))

    assert page.context["form"]["letter"].value() in (None, "")
    assert "You have a draft of this from an earlier stage" in page.content.decode()
    assert "The lift was mended on Friday." in page.content.decode()
    assert (late.status_code, kept.status_code) == (409, 302)
    assert "the complaint has moved on" in late.content.decode()
    assert officer.get(url).context["form"]["letter"].value() == "At stage 2."
    assert list(LetterDraft.objects.order_by("pk").values_list("stage", flat=True)) == [
        "stage-1",
        "stage-2",
    ]


def test_no_draft_of_a_colleague_who_has_left_is_shown(story, url, officer):
    officer.post(url, typed(story, draft="yes", draft_seen="0"))
    officer.force_login(story.house[Role.HEAD_OF_SERVICE])
    before = officer.get(url).content.decode()

    User.objects.filter(pk=story.house[Role.RESPONSIBLE_OFFICER].pk).update(is_active=False)

    assert "has a draft of this too" in before
    assert "has a draft of this too" not in officer.get(url).content.decode()


def test_drafts_of_complaints_closed_some_weeks_ago_are_discarded(story, url, officer):
    officer.post(url, typed(story, draft="yes", draft_seen="0"))
    later = NOW + FORGOTTEN + timedelta(days=2)
    assert forget_old_drafts(now=later) == 0

    story.closed()

    assert forget_old_drafts(now=NOW + FORGOTTEN) == 0
    assert forget_old_drafts(now=later) == 1


def test_nobody_keeps_a_draft_of_an_act_that_is_not_theirs(story, url, client):
    client.force_login(UserFactory(roles=[(Role.FRONT_LINE, story.house.other_team)]))
    hidden = client.post(url, typed(story, draft="yes"))
    client.force_login(story.house[Role.FRONT_LINE])
    forbidden = client.post(url, typed(story, draft="yes"))

    assert (hidden.status_code, forbidden.status_code) == (404, 403)
    assert not LetterDraft.objects.exists()


def test_an_act_in_which_little_is_typed_keeps_no_draft(story, officer):
    url = reverse("cases:link", args=[story.complaint.reference])

    assert officer.post(url, {"draft": "yes"}).status_code == 403


@pytest.mark.parametrize("act", ["note", "add-action"])
def test_what_is_typed_in_other_acts_outlives_the_browser_too(story, officer, act):
    url = reverse(f"cases:{act}", args=[story.complaint.reference])
    words = {"words": "Ring after four."}

    officer.post(url, {"seen": story.complaint.version, "draft": "yes", "draft_seen": "0", **words})

    assert LetterDraft.objects.get().typed["words"] == ["Ring after four."]
    assert officer.get(url).context["form"]["words"].value() == "Ring after four."


def test_a_note_that_is_saved_leaves_no_draft_and_no_colleague_is_in_its_way(story, officer):
    url = reverse("cases:note", args=[story.complaint.reference])
    sent = {"seen": story.complaint.version, "words": "Ring after four."}
    officer.post(url, {**sent, "draft": "yes", "draft_seen": "0"})
    officer.force_login(story.house[Role.COMPLAINTS_COORDINATOR])
    assert "has a draft of this too" not in officer.get(url).content.decode()

    officer.force_login(story.house[Role.RESPONSIBLE_OFFICER])
    day = {"on_day": "22", "on_month": "6", "on_year": "2026"}
    assert officer.post(url, {**sent, **day}).status_code == 302

    assert not LetterDraft.objects.exists()
