"""The pages on which administrators change the words of letters, and the letters made with them."""

import re
from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from cases.errors import LetterIncomplete
from cases.models import (
    Landlord,
    Letter,
    LetterTemplate,
    OutboundMessage,
    Procedure,
    RecordedEvent,
    SettingsChange,
    Thing,
    User,
)
from cases.operations.letter_templates import change_template
from cases.operations.telling import Telling
from cases.rules.letter_templates import AGAIN, fields_in, letter_words, letters_of, shipped
from cases.rules.roles import Role
from cases.tests import answering
from cases.tests.case_page.situations import NOW as THEN
from cases.tests.case_page.situations import SITUATIONS, Story
from cases.tests.settings.conftest import NOW
from cases.views.acts.all import ACT_PAGES

PAGE = "/settings/letters/code-2024/acknowledgement/"
CHANGE, RESET = f"{PAGE}change/", f"{PAGE}reset/"
ACKNOWLEDGEMENT = shipped("acknowledgement")
OURS = ACKNOWLEDGEMENT.replace("Thank you for telling us", "We are sorry to hear")
DAY = date(2026, 6, 9)


def text(response) -> str:
    return response.content.decode()


def acknowledge(house, channel: str = "post", code: str = "code-2024") -> Letter:
    """Acknowledge a complaint of its own, and return the letter."""
    story = Story(house, code).act(
        answering.acknowledge,
        Role.COMPLAINTS_COORDINATOR,
        DAY,
        on=DAY,
        telling=Telling(channel),
    )
    return Letter.objects.get(complaint=story.complaint)


def change(house, words: str, letter: str = "acknowledgement", code: str = "code-2024"):
    return change_template(
        procedure_id=Procedure.objects.get(code=code).pk,
        letter=letter,
        text=words,
        by=house[Role.SYSTEM_ADMINISTRATOR],
        now=NOW,
        seen=None,
    )


@pytest.mark.one_database
def test_the_letters_say_which_of_them_a_second_person_approves_and_lead_there(house, client):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    chooses = reverse("cases:landlord-approvals")

    none = text(client.get(reverse("cases:letter-templates")))
    Landlord.objects.update(approved_letters=["response", "extension"])
    some = text(client.get(reverse("cases:letter-templates")))
    client.force_login(house[Role.AUDITOR])
    auditors = text(client.get(reverse("cases:letter-templates")))

    assert "none waits for a second person" in none
    assert chooses in none
    assert re.search("before they go: (Extension, Response|Response, Extension)", some)
    assert chooses not in auditors
    assert f'href="{reverse("cases:landlord")}"' in auditors


def test_new_letters_have_the_new_words_and_old_ones_what_they_were_made_with(house, administrator):
    before = acknowledge(house)
    seen = administrator.get(CHANGE).context["form"].initial["seen"]

    saved = administrator.post(CHANGE, {"seen": seen, "text": OURS}, follow=True)
    after, elsewhere = acknowledge(house), acknowledge(house, code="kht-three-stage")
    before.refresh_from_db()

    assert "Version 1 is saved." in text(saved)
    assert before.body.startswith("Thank you for telling us")
    assert before.template is None
    assert after.body.startswith("We are sorry to hear about your complaint")
    assert after.template == LetterTemplate.objects.get()
    assert elsewhere.body.startswith("Thank you for telling us")


def test_a_copy_for_somebody_else_has_the_same_words(house):
    change(house, OURS)
    letter = acknowledge(house, channel="email")

    assert "We are sorry to hear" in OutboundMessage.objects.get(letter=letter).body


def test_every_change_is_noted_with_the_words_before_and_after(house, administrator, admin):
    administrator.post(CHANGE, {"text": OURS})
    administrator.post(RESET)

    changed, reset = SettingsChange.objects.filter(thing=Thing.LETTER.value).order_by("pk")
    assert (changed.by, changed.key) == (admin, "code-2024:acknowledgement")
    assert changed.lines == [("Words of the letter", ACKNOWLEDGEMENT, OURS)]
    assert reset.lines == [("Words of the letter", OURS, ACKNOWLEDGEMENT)]
    assert "Acknowledgement: " in text(administrator.get("/settings/history/?thing=letter"))


def test_a_reset_letter_has_the_shipped_words_and_keeps_its_versions(house, administrator):
    administrator.post(CHANGE, {"text": OURS})
    administrator.post(RESET, {"seen": SettingsChange.objects.latest("pk").pk})

    page = text(administrator.get(PAGE))
    letter = acknowledge(house)

    assert letter.template is None
    assert letter.body.startswith("Thank you for telling us")
    assert "The letter has the words that come with the product." in page
    assert page.index("Version 2, ") < page.index("Version 1, ")


def test_saving_the_shipped_words_is_a_reset_and_saving_the_same_changes_nothing(
    house, administrator
):
    same = administrator.post(CHANGE, {"text": ACKNOWLEDGEMENT})
    administrator.post(CHANGE, {"text": OURS})
    administrator.post(CHANGE, {"text": ACKNOWLEDGEMENT.replace("\n", "\r\n")})

    assert same.status_code == 422
    assert "nothing is changed" in text(same)
    assert [row.text for row in LetterTemplate.objects.order_by("number")] == [OURS, ""]
    assert administrator.post(RESET).status_code == 422


def test_nobody_overwrites_what_they_have_not_seen(house, administrator):
    change(house, OURS)

    response = administrator.post(CHANGE, {"seen": 0, "text": f"Hello.\n\n{OURS}"})

    assert response.status_code == 422
    assert "changed this after you opened the page" in text(response)
    assert "Hello." in text(response)
    assert LetterTemplate.objects.count() == 1


def test_a_template_without_a_standing_part_is_refused_and_what_was_typed_stays(
    house, administrator
):
    words = OURS.replace("{what comes next}\n\n", "Yours ever.\n\n")

    for extra in ({}, {"preview": "yes"}):
        response = administrator.post(CHANGE, {"text": words, **extra})
        assert response.status_code == 422
        assert "{what comes next} is left out" in text(response)
        assert "Yours ever." in text(response)
    assert not LetterTemplate.objects.exists()


def test_the_preview_shows_a_letter_and_what_shows_itself_when_empty(house, administrator):
    response = administrator.post(CHANGE, {"text": f"{OURS}\n\n{{job title}}", "preview": "yes"})

    page = text(response)
    assert response.status_code == 200
    assert "Complaints officer" in page
    assert "<mark>[empty: the job title of who writes it]</mark>" in page
    assert not LetterTemplate.objects.exists()


def test_the_list_shows_every_letter_and_which_are_the_landlords_own(house, administrator):
    change(house, OURS)

    page = text(administrator.get("/settings/letters/"))

    assert page.count("Your words") == 1
    assert letter_words(AGAIN) in page


WRITING = [act for act, page in ACT_PAGES.items() if page.letter_kind and act in SITUATIONS]


@pytest.mark.one_database
@pytest.mark.parametrize("act", WRITING, ids=lambda act: act.value)
def test_no_act_sends_a_letter_with_an_empty_merge_field(act, house, client):
    situation = SITUATIONS[act]
    with time_machine.travel(THEN, tick=False):
        story = situation.lead(house)
        version = story.complaint.procedure_version
        for letter in letters_of(version.terms):
            words = f"{shipped(letter)}\n\nWritten by: {{job title}}"
            change(house, words, letter, version.procedure.code)
        User.objects.update(job_title="")
        data = situation.data(story) | {"channel": "post"}
        client.force_login(house[situation.by])
        data |= papers_to_send(client, act, story)
        before = (RecordedEvent.objects.count(), Letter.objects.count())
        url = reverse(f"cases:{act.value}", args=[story.complaint.reference])

        sent = client.post(url, data)
        shown = client.post(url, data | {"preview": "yes"})
        after = (RecordedEvent.objects.count(), Letter.objects.count())
        User.objects.update(job_title="Officer")
        client.post(url, data)

    assert sent.status_code == 422
    assert "the job title of who writes it" in str(sent.context["form"].non_field_errors())
    assert after == before
    assert "<mark>[empty: the job title of who writes it]</mark>" in text(shown)
    assert "Written by: Officer" in Letter.objects.order_by("-pk")[0].body


def papers_to_send(client, act, story) -> dict[str, object]:
    """Return what goes into the papers of a hearing, which a letter of ours goes with."""
    if act.value != "send-papers":
        return {}
    page = client.get(reverse("cases:send-papers", args=[story.complaint.reference]))
    return {"contents": [key for key, _ in page.context["form"].fields["contents"].choices]}


@pytest.mark.one_database
@pytest.mark.promise("P18")
@pytest.mark.parametrize("act", WRITING, ids=lambda act: act.value)
def test_no_merge_field_of_any_letter_holds_the_customers_name_or_address(act, house, client):
    situation = SITUATIONS[act]
    with time_machine.travel(THEN, tick=False):
        story = situation.lead(house)
        version, customer = story.complaint.procedure_version, story.complaint.customer
        for letter in letters_of(version.terms):
            fields = " / ".join(f"{{{name}}}" for name in fields_in(letter))
            words = f"{shipped(letter)}\n\nFields: {fields}"
            change(house, words, letter, version.procedure.code)
        User.objects.update(job_title="Officer")
        client.force_login(house[situation.by])
        url = reverse(f"cases:{act.value}", args=[story.complaint.reference])
        sent = papers_to_send(client, act, story) | {"channel": "post"}
        client.post(url, situation.data(story) | sent)

    body = Letter.objects.order_by("-pk")[0].body
    assert "\n\nFields: " in body
    assert not [each for each in (customer.name, customer.address_lines[0]) if each in body]


def test_a_template_that_came_by_another_way_than_the_page_sends_nothing_incomplete(house, admin):
    LetterTemplate.objects.create(
        procedure=Procedure.objects.get(code="code-2024"),
        letter="acknowledgement",
        number=1,
        text="Hello.",
        made_at=NOW,
        made_by=admin,
    )

    with pytest.raises(LetterIncomplete, match="the Ombudsman’s details"):
        acknowledge(house)


@pytest.mark.parametrize("how", ["update", "delete"])
def test_a_version_is_never_changed_or_removed(house, how):
    change(house, OURS)
    rows = LetterTemplate.objects.filter(number=1)

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(text="Other.") if how == "update" else rows.delete()
