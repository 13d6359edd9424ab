"""Every act asked for wherever a complaint may stand: shown, refused in words, never a failure."""

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.models import AccessEntry, Complaint, Deadline, RecordedEvent
from cases.operations.correct import annul
from cases.rules.acts import Act
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import AREA_ROLES, Role
from cases.tests.case_page.situations import NOW, SITUATIONS, TODAY, Story
from cases.tests.factories import MONDAY, UserFactory

pytestmark = pytest.mark.one_database

PLACES = {
    "waits to be accepted": lambda house: Story(house, "code-2024", triaged=False),
    "answered": lambda house: Story(house, "code-2024").answered(),
    "closed": lambda house: Story(house, "code-2024").closed(),
    "annulled": lambda house: Story(house, "code-2024").annulled(),
    "outside": lambda house: Story(house, "code-2024").outside(),
    "asked for the next stage": lambda house: Story(house, "first-ark-panel").answered().asked(),
    "before the panel": lambda house: Story(house, "herefordshire").before_the_panel(),
    "arranged": lambda house: Story(house, "herefordshire").arranged(),
    "heard": lambda house: Story(house, "herefordshire").heard(),
    **{
        f"just received, {code}": lambda house, code=code: Story(house, code)
        for code in shipped_codes()
    },
}


@pytest.mark.parametrize("place", list(PLACES))
def test_no_act_fails_where_it_does_not_belong(house, place):
    with time_machine.travel(NOW, tick=False):
        complaint = PLACES[place](house).complaint
        areas = {role: house.directorate for role in AREA_ROLES}
        client = Client(raise_request_exception=False)
        client.force_login(UserFactory(roles=[(role, areas.get(role)) for role in Role]))
        failed = []
        for act in Act:
            path = reverse(f"cases:{act.value}", args=[complaint.reference])
            for method, sent in (("get", {}), ("post", {"seen": str(complaint.version)})):
                with transaction.atomic():
                    status = getattr(client, method)(path, sent).status_code
                    transaction.set_rollback(True)
                failed += [f"{method} {act.value}: {status}"] if status >= 500 else []

    assert failed == []


REFUSED = {403, 409, 422}
# What is done to a complaint that is closed is not stopped by annulling it: it cannot be annulled.
CLOSED = {Act.REOPEN, Act.DETERMINE, Act.OMBUDSMAN_DEMAND}
WHILE_OPEN = [act for act in SITUATIONS if act not in CLOSED]
# The record itself, and who is told: these belong to a complaint in any state.
ALWAYS = {
    *(Act.ADD_FILE, Act.CHANGE_ACCESS, Act.CHANGE_DETAILS, Act.DECLARE_CONFLICT, Act.LINK),
    *(Act.NOTE, Act.UPDATE),
}
# What was begun before goes on: money that was agreed.
ON_ANNULLED = ALWAYS | {
    *(Act.CORRECT, Act.UNLINK),
    *(Act.DECIDE_COMPENSATION, Act.OFFER_COMPENSATION, Act.GIVE_UP_COMPENSATION),
    *(Act.KEEP_OFFER_OPEN, Act.WITHDRAW_OFFER),
    *(Act.ANSWER_COMPENSATION, Act.PAY_COMPENSATION),
}
# What is found out about a complaint, where else it goes, and what ends one, needs no acceptance.
BEFORE_ACCEPTING = ALWAYS | {
    *(Act.REFER_TO_OMBUDSMAN, Act.DESIGNATED_PERSON),
    *(Act.TRIAGE, Act.ASSIGN, Act.CONTACT, Act.ASK_INFORMATION, Act.DEFINE_POINTS),
    *(Act.EXPLAIN_DELAY, Act.ANNUL, Act.MERGE, Act.REFER_ELSEWHERE, Act.REFUSE, Act.WITHDRAW),
}


def standing(complaint: Complaint) -> tuple:
    """Return how a complaint and its promises stand, and how much is recorded of it."""
    return (
        Complaint.objects.filter(pk=complaint.pk).values().get(),
        list(Deadline.objects.filter(complaint=complaint).order_by("pk").values()),
        RecordedEvent.objects.filter(complaint=complaint).count(),
    )


def is_refused(person, act: Act, complaint: Complaint, answers: dict) -> bool:
    """Say whether a filled-in form is refused and does nothing; what it did is taken back."""
    client = Client()
    client.force_login(person)
    complaint.refresh_from_db()
    before = standing(complaint)
    with transaction.atomic():
        path = reverse(f"cases:{act.value}", args=[complaint.reference])
        sent = client.post(path, {**answers, "seen": str(complaint.version)})
        after = standing(complaint)
        transaction.set_rollback(True)
    # An entry that another complaint has is not found in this one.
    refused = REFUSED | {404} if act is Act.CORRECT else REFUSED
    assert (sent.status_code in refused) == (before == after), f"{act.value}: {sent.status_code}"
    return before == after


def accepted(house, where, acts) -> set[Act]:
    """Return the acts whose filled-in form is taken where it may not belong."""
    taken = set()
    for act in acts:
        with transaction.atomic():
            situation = SITUATIONS[act]
            story = situation.lead(house)
            answers = situation.data(story)
            person, complaint = where(story, house[situation.by])
            if not is_refused(person, act, complaint, answers):
                taken.add(act)
            transaction.set_rollback(True)
    return taken


def by_an_auditor(story, _person):
    """Return somebody who reads this complaint and acts on none."""
    auditor = story.house[Role.AUDITOR]
    AccessEntry.objects.create(complaint=story.complaint, user=auditor)
    return auditor, story.complaint


def once_annulled(story, person):
    """Return who may do it where it was allowed, until it was annulled."""
    story.act(annul, Role.COMPLAINTS_COORDINATOR, TODAY, reason="A test.")
    return person, story.complaint


def before_it_is_accepted(story, _person):
    """Return a coordinator, and another complaint that nobody accepted yet."""
    return story.house[Role.COMPLAINTS_COORDINATOR], story.house.lodge(on=MONDAY, triaged=False)


@pytest.mark.promise("P9")
@pytest.mark.parametrize(
    ("where", "acts", "belongs"),
    [
        pytest.param(by_an_auditor, SITUATIONS, set(), id="by somebody who only reads"),
        pytest.param(once_annulled, WHILE_OPEN, ON_ANNULLED, id="once it is annulled"),
        pytest.param(
            before_it_is_accepted, SITUATIONS, BEFORE_ACCEPTING, id="before it is accepted"
        ),
    ],
)
def test_a_filled_in_form_is_refused_where_its_act_does_not_belong(
    house, settings, tmp_path, where, acts, belongs
):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        assert accepted(house, where, acts) == belongs
