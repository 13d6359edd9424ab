"""Every act of the procedure has a page: who may, what it records, and what is in the way."""

import re

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from cases.models import Letter, OutboundMessage, RecordedEvent, TrackingLink
from cases.operations.note import add_note
from cases.rules.acts import KINDS, Act
from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.templatetags.house import need
from cases.tests.case_page.situations import NOW, SITUATIONS
from cases.tests.factories import UserFactory
from cases.views.acts.all import ACT_PAGES

ACTS = [pytest.param(act, id=act.value) for act in SITUATIONS]
COLLIDING = [pytest.param(act, id=act.value) for act, each in SITUATIONS.items() if each.collides]
DATED = [pytest.param(act, id=act.value) for act, each in SITUATIONS.items() if each.has_day]
PREVIEWED = [
    pytest.param(act, id=act.value) for act, each in SITUATIONS.items() if each.has_preview
]


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(house, client):
    """Return how to come to the page of an act as the person who does it."""

    def come_to(act: Act):
        situation = SITUATIONS[act]
        story = situation.lead(house)
        client.force_login(house[situation.by])
        return story, reverse(f"cases:{act.value}", args=[story.complaint.reference])

    return come_to


def recorded(complaint) -> list[EventKind]:
    """Return what was recorded, in order."""
    rows = RecordedEvent.objects.filter(complaint=complaint).order_by("number")
    return [EventKind(row.kind) for row in rows]


def somebody_notes(story) -> None:
    """Let a second coordinator write a note meanwhile."""
    tom = UserFactory(name="Tom Baker", roles=[Role.COMPLAINTS_COORDINATOR])
    add_note(complaint_id=story.complaint.pk, by=tom, now=NOW, words="I rang.")


def test_every_act_has_a_page_and_a_situation_in_these_tests():
    assert set(ACT_PAGES) == set(Act)
    # The pages of people and of posted letters have tests of their own.
    assert set(Act) - set(SITUATIONS) == {Act.CHANGE_PEOPLE, Act.POST_LETTER}


@pytest.mark.one_database
@pytest.mark.parametrize("act", ACTS)
def test_the_page_asks_what_the_act_needs(act, desk, client):
    story, url = desk(act)
    before = recorded(story.complaint)

    page = client.get(f"{url}?entry=3" if act is Act.CORRECT else url)

    assert page.status_code == 200
    assert page.context["form"] is not None, page.context["why_not"]
    assert recorded(story.complaint) == before


def test_the_e_mail_of_a_preview_is_the_one_that_is_sent(desk, client):
    story, url = desk(Act.ACKNOWLEDGE)
    data = {**SITUATIONS[Act.ACKNOWLEDGE].data(story), "channel": "email"}

    draft = client.post(url, {**data, "preview": "yes"}).context["rehearsal"].letter
    assert not TrackingLink.objects.exists()
    client.post(url, data)

    sent = OutboundMessage.objects.get(kind="letter_acknowledgement").body
    [link] = re.findall(r"\S+/track/link/\S+", sent)
    signed = "\n".join(draft.signed)
    told = [f"Dear {draft.to_name},", *draft.paragraphs, "Yours sincerely", signed, *draft.under]
    stand_in = "[the customer’s own link, made when this is sent]"
    assert "\n\n".join(told).replace(stand_in, link).split() == sent.split()
    assert stand_in in "".join(draft.under)


@pytest.mark.one_database
def test_a_letter_can_be_sent_from_beside_its_preview(desk, client):
    story, url = desk(Act.ACKNOWLEDGE)
    assert 'form="act-form"' not in client.get(url).content.decode()

    shown = client.post(url, {**SITUATIONS[Act.ACKNOWLEDGE].data(story), "preview": "yes"})

    page = shown.content.decode()
    assert page.count('<button type="submit" form="act-form"') == 1
    assert page.count('id="act-form"') == 1
    assert page.index('form="act-form"') < page.index('id="act-form"')


@pytest.mark.one_database
@pytest.mark.parametrize("act", [Act.WITHDRAW, Act.CLOSE])
def test_whether_the_customer_is_told_is_asked_and_not_presumed(act, desk, client):
    story, url = desk(act)
    data = SITUATIONS[act].data(story)
    del data["channel"]
    before = recorded(story.complaint)

    assert not client.get(url).context["form"]["channel"].value()
    refused = client.post(url, data)

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["channel"]
    assert recorded(story.complaint) == before


@pytest.mark.promise("P10")
@pytest.mark.usefixtures("every_write_is_recorded")
@pytest.mark.parametrize("act", ACTS)
def test_the_filled_in_form_records_the_act(act, desk, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    story, url = desk(act)
    before = len(recorded(story.complaint))

    page = client.post(url, SITUATIONS[act].data(story))

    assert page.status_code == 302, page.context["form"].errors
    assert KINDS[act] in recorded(story.complaint)[before:]
    assert [message.level_tag for message in get_messages(page.wsgi_request)] == ["success"]


@pytest.mark.parametrize("act", COLLIDING)
def test_whoever_comes_second_sees_what_happened_meanwhile_and_keeps_what_was_typed(
    act, desk, client
):
    story, url = desk(act)
    typed = SITUATIONS[act].data(story)
    somebody_notes(story)
    before = recorded(story.complaint)

    page = client.post(url, typed)

    assert page.status_code == 409
    assert recorded(story.complaint) == before
    assert b"What you sent was <strong>not saved</strong>" in page.content
    assert b"Note, by Tom Baker" in page.content
    story.complaint.refresh_from_db()
    form = page.context["form"]
    assert form["seen"].value() == str(story.complaint.version)
    kept = {name: value for name, value in typed.items() if name != "seen"}
    assert {name: form.data.getlist(name) for name in kept} == {
        name: value if isinstance(value, list) else [value] for name, value in kept.items()
    }


@pytest.mark.one_database
@pytest.mark.parametrize("act", COLLIDING)
def test_the_form_of_the_second_can_be_sent_again_after_reading(act, desk, client):
    story, url = desk(act)
    typed = SITUATIONS[act].data(story)
    somebody_notes(story)
    version = client.post(url, typed).context["form"]["seen"].value()

    page = client.post(url, {**typed, "seen": version})

    assert page.status_code == 302


@pytest.mark.one_database
@pytest.mark.parametrize("act", ACTS)
def test_an_empty_form_is_refused_with_its_mistakes_and_records_nothing(act, desk, client):
    story, url = desk(act)
    before = recorded(story.complaint)
    entry = {"entry": "3"} if act is Act.CORRECT else {}

    page = client.post(url, {"seen": str(story.complaint.version), **entry})

    assert page.status_code == 422
    assert page.context["form"].errors
    assert b"There is a problem" in page.content
    assert recorded(story.complaint) == before


@pytest.mark.one_database
@pytest.mark.parametrize("act", DATED)
def test_nothing_happens_in_the_future(act, desk, client):
    story, url = desk(act)
    before = recorded(story.complaint)

    page = client.post(url, {**SITUATIONS[act].data(story), "on_day": "23"})

    assert page.status_code == 422
    assert "must be on or before 22 June 2026" in str(page.context["form"].errors["on"])
    assert recorded(story.complaint) == before


@pytest.mark.one_database
@pytest.mark.parametrize("act", ACTS)
def test_no_box_that_is_demanded_is_called_optional(act, desk, client):
    story, url = desk(act)
    data = SITUATIONS[act].data(story)
    nothing = {name: "" for name in data if name != "seen"}
    without = [{name: ""} for name in data if name != "seen"]

    for left_out in (nothing, *without):
        page = client.post(url, {**data, **left_out, "preview": "yes"})
        form = page.context and page.context.get("form")
        wrong = {name for name in (form.errors if form else ()) if name in form.fields}
        empty = {name for name in wrong if not form[name].value()}
        assert [name for name in empty if need(form[name]) == "(optional)"] == []


@pytest.mark.parametrize("act", PREVIEWED)
def test_a_preview_shows_what_follows_and_records_nothing(act, desk, client):
    story, url = desk(act)
    before = recorded(story.complaint)
    letters, messages = Letter.objects.count(), OutboundMessage.objects.count()

    page = client.post(url, {**SITUATIONS[act].data(story), "preview": "yes"})

    assert page.status_code == 200, page.context["form"].errors
    assert b"Nothing is recorded yet" in page.content
    assert recorded(story.complaint) == before
    assert (Letter.objects.count(), OutboundMessage.objects.count()) == (letters, messages)


@pytest.mark.parametrize("act", [Act.NOTE, Act.RESPOND, Act.CHANGE_ACCESS])
def test_an_act_is_closed_to_whoever_may_only_look(act, desk, client, house):
    story, url = desk(act)
    story.complaint.access_list.create(user=house[Role.AUDITOR])
    client.force_login(house[Role.AUDITOR])

    asked = client.get(url)
    sent = client.post(url, SITUATIONS[act].data(story))

    assert (asked.status_code, sent.status_code) == (403, 403)


@pytest.mark.parametrize("act", [Act.NOTE, Act.RESPOND, Act.CHANGE_ACCESS])
def test_an_act_on_a_hidden_complaint_does_not_exist(act, desk, client):
    story, url = desk(act)
    client.force_login(UserFactory(roles=[Role.RESPONSIBLE_OFFICER]))

    asked = client.get(url)
    sent = client.post(url, SITUATIONS[act].data(story))

    assert (asked.status_code, sent.status_code) == (404, 404)


def test_an_act_that_is_not_possible_now_says_why(desk, client):
    story, _url = desk(Act.CLOSE)

    page = client.get(reverse("cases:determine", args=[story.complaint.reference]))

    assert b"This is not possible now" in page.content
    assert b"It has not been taken to the Ombudsman." in page.content


def test_an_act_that_became_impossible_is_refused_and_keeps_what_was_typed(desk, client):
    story, url = desk(Act.NOTE)
    answer = reverse("cases:acknowledge", args=[story.complaint.reference])
    story.with_letter()

    page = client.post(
        answer,
        {
            "seen": str(story.complaint.version),
            "channel": "post",
            "letter": "Thank you for ringing.",
            **{"on_day": "22", "on_month": "6", "on_year": "2026"},
        },
    )

    assert url
    assert page.status_code == 422
    assert b"Stage 1 was acknowledged on 9 June 2026." in page.content
    assert b"Thank you for ringing." in page.content


def test_what_was_typed_for_an_act_that_is_gone_is_shown_to_be_copied(desk, client):
    story, _url = desk(Act.NOTE)
    url = reverse("cases:acknowledge", args=[story.complaint.reference])
    seen = str(story.complaint.version)
    story.with_letter()

    page = client.post(
        url,
        {
            "seen": seen,
            "channel": "post",
            "letter": "Thank you for ringing.",
            **{"on_day": "22", "on_month": "6", "on_year": "2026"},
        },
    )

    assert page.status_code == 409
    assert b"Acknowledged, by complaints coordinator" in page.content
    assert b"Copy what you still need." in page.content
    assert b"Thank you for ringing." in page.content
    # What was chosen is told in its words.
    assert ("How the customer is told", "Letter, made here to print and post") in page.context[
        "typed"
    ]


@pytest.mark.parametrize(
    ("seen", "status"), [("", 422), ("soon", 422), ("-1", 409), ("5.0", 409), ("9" * 30, 409)]
)
def test_a_form_without_its_version_is_refused(seen, status, desk, client):
    story, url = desk(Act.CLOSE)
    before = recorded(story.complaint)

    page = client.post(url, {**SITUATIONS[Act.CLOSE].data(story), "seen": seen})

    assert page.status_code == status
    assert recorded(story.complaint) == before


@pytest.mark.parametrize(
    "number", ["²", "\N{ARABIC-INDIC DIGIT THREE}", "\x00", "9" * 18, "9" * 5_000]
)
def test_a_button_with_a_number_that_is_none_breaks_nothing(number, desk, client):
    story, _url = desk(Act.NOTE)
    reference = story.complaint.reference

    letter = client.post(reverse("cases:post-letter", args=[reference]), {"letter": number})
    joint = client.post(reverse("cases:change-people", args=[reference]), {"joint": number})

    assert letter.status_code == 404
    assert joint.status_code == 302
