"""Whatever is written at length in an act is kept as a draft, and two windows lose nothing."""

import pytest
import time_machine
from django import forms
from django.urls import reverse

from cases.forms.acts.common import ActForm
from cases.models import LetterDraft
from cases.rules.acts import Act
from cases.rules.roles import Role
from cases.tests.case_page.situations import NOW, SITUATIONS
from cases.tests.factories import UserFactory
from cases.views.acts.all import ACT_PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
# A line why, what somebody confides, and what is about one of several promises or awards, of
# which a draft would come up again under another.
SHORT = {
    Act.ANNUL,
    Act.ANSWER_COMPENSATION,
    Act.APPROVE_LETTER,
    Act.CHANGE_ACCESS,
    Act.CHANGE_ACTION,
    Act.CHANGE_PEOPLE,
    Act.CORRECT,
    Act.DECIDE_COMPENSATION,
    Act.DECLARE_CONFLICT,
    Act.DIVIDE,
    Act.DROP_ACTION,
    Act.FINISH_ACTION,
    Act.KEEP_PROMISE,
    Act.LINK,
    Act.MERGE,
    Act.UNLINK,
}
# One of each kind that is no letter: the Ombudsman, points, an appeal, money, a promise.
LONG = [
    Act.AGREE_DATE,
    Act.ARRANGE_HEARING,
    Act.ASK_INFORMATION,
    Act.CHANGE_DETAILS,
    Act.DEFINE_POINTS,
    Act.DETERMINE,
    Act.ESCALATE,
    Act.PROMISE,
    Act.PROPOSE_COMPENSATION,
]


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel(NOW, tick=False):
        yield


def has_long_text(form: type[ActForm]) -> bool:
    fields = form.base_fields.values()
    return any(isinstance(field.widget, forms.Textarea) for field in fields)


def test_every_form_with_a_long_text_keeps_drafts_or_is_named_as_short():
    without = {
        act
        for act, page in ACT_PAGES.items()
        if has_long_text(page.form_class) and not page.form_class.keeps_draft
    }

    assert without == SHORT - {Act.CHANGE_PEOPLE}


@pytest.mark.parametrize("act", [pytest.param(act, id=act.value) for act in LONG])
def test_a_draft_comes_back_as_typed_and_an_older_window_does_not_overwrite_it(act, house, client):
    story = SITUATIONS[act].lead(house)
    client.force_login(house[SITUATIONS[act].by])
    url = reverse(f"cases:{act.value}", args=[story.complaint.reference])
    sent = SITUATIONS[act].data(story) | {"draft": "yes", "draft_seen": "0"}
    version = story.complaint.version

    kept = client.post(url, sent)
    again = client.get(url)
    late = client.post(url, sent | {"reason": "Another window."})

    assert (kept.status_code, late.status_code) == (302, 409)
    draft = LetterDraft.objects.get()
    assert again.context["form"]["draft_seen"].value() == draft.pk
    typed = {name: values for name, values in draft.typed.items() if values != [""]}
    assert typed
    assert "Another window." not in str(typed)
    story.complaint.refresh_from_db()
    assert story.complaint.version == version


def test_a_colleague_is_told_of_a_draft_of_the_same_decision(house, client):
    story = SITUATIONS[Act.REFUSE_ESCALATION].lead(house)
    first = house[SITUATIONS[Act.REFUSE_ESCALATION].by]
    second = UserFactory(name="Sue Second", roles=[(Role.DIRECTOR, house.directorate)])
    url = reverse("cases:refuse-escalation", args=[story.complaint.reference])
    client.force_login(first)
    sent = SITUATIONS[Act.REFUSE_ESCALATION].data(story)
    client.post(url, sent | {"draft": "yes", "draft_seen": "0"})

    client.force_login(second)
    page = client.get(url).content.decode()

    assert f"{first.name} has a draft of this too" in page
