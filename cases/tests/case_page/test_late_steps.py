"""Contacts, invitations and papers that come late ask why, as a late acknowledgement does."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ReasonMissing
from cases.operations import escalate, hearing, stage_acts
from cases.operations.hearing import Arrangement
from cases.operations.telling import Telling
from cases.rules.acts import KINDS, Act
from cases.rules.events import EventKind
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.tests.approving import refused_by_one
from cases.tests.case_page.situations import SITUATIONS, Story
from cases.tests.case_page.situations import day as boxes_of
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at
from cases.tests.rules.strategies import TERMS

COORDINATOR = Role.COMPLAINTS_COORDINATOR
WHY = "The only surveyor was ill."
FOR_THAT = Lateness(WHY, avoidable=True, done_by=date(2026, 8, 3))
# The hearing is on Monday 6 July; the papers and the notice were due on Monday 29 June.
LATE = date(2026, 6, 30)


@pytest.fixture
def arranged(house):
    """Return a complaint whose hearing is arranged, under Herefordshire."""
    return Story(house, "herefordshire").arranged()


@pytest.fixture
def begun(house):
    """Return a complaint whose manager is to talk with the customer within five working days."""
    return Story(house, "first-ark-panel")


def send_papers(story, day: date, **details):
    elsewhere = {"papers": hearing.Papers(words="All."), "telling": Telling("letter_elsewhere")}
    return story.act(hearing.send_papers, COORDINATOR, day, on=day, **elsewhere, **details)


@pytest.mark.rule("HH-29")
def test_papers_that_are_late_ask_why_and_papers_in_time_do_not(arranged):
    with pytest.raises(ReasonMissing, match=r"is late\. Say why: the customer"):
        send_papers(arranged, LATE)

    send_papers(arranged, LATE, late=FOR_THAT)

    event = arranged.complaint.events.get(kind="papers_sent")
    assert event.facts["avoidable"] == "yes"
    assert event.words.parts["late_because"] == WHY


def test_what_is_in_time_keeps_no_reason(arranged):
    send_papers(arranged, date(2026, 6, 29), late=FOR_THAT)

    event = arranged.complaint.events.get(kind="papers_sent")
    assert "avoidable" not in event.facts
    assert "late_because" not in event.words.parts


@pytest.mark.rule("HH-29")
@pytest.mark.rule("KF-18")
def test_a_late_invitation_apologises_with_the_reason(house):
    story = Story(house, "first-ark-panel").answered().asked()
    from_panel = _accepted_and_arranged(story)
    invite = {"on": LATE, "telling": Telling("post")}
    with pytest.raises(ReasonMissing, match="the customer is told the reason"):
        from_panel.act(hearing.send_invitation, COORDINATOR, LATE, **invite)

    from_panel.act(hearing.send_invitation, COORDINATOR, LATE, **invite, late=FOR_THAT)

    body = from_panel.complaint.letters.get(kind="invitation").body
    assert f"We are sorry that this letter is late. The reason is: {WHY}" in body


def _accepted_and_arranged(story):
    day = date(2026, 6, 16)
    story.act(
        escalate.accept_escalation, COORDINATOR, day, on=day, reason="", telling=Telling("phone")
    )
    manager = UserFactory(roles=[(Role.LINE_MANAGER, story.house.other_team)]).pk
    people = story.house.people
    panel = [people[Role.DIRECTOR].pk, people[Role.LINE_MANAGER].pk, manager]
    arrangement = Arrangement(date(2026, 7, 6), "Town Hall", "in_person", panel)
    return story.act(hearing.arrange_hearing, COORDINATOR, day, arrangement=arrangement)


@pytest.mark.rule("KF-10")
def test_a_late_talk_of_the_manager_asks_why_and_an_attempt_never_does(begun):
    due = begun.complaint.deadlines.filter(code="manager-contact").first()
    assert due is not None
    day = date(2026, 7, 20)
    told = {"on": day, "channel": "phone", "words": "We spoke."}
    assert due.due_on is not None
    assert due.due_on < day

    begun.act(stage_acts.contact, COORDINATOR, day, **told, reached=False)
    with pytest.raises(ReasonMissing, match="Say why"):
        begun.act(stage_acts.contact_as_manager, Role.LINE_MANAGER, day, **told)
    begun.act(stage_acts.contact_as_manager, Role.LINE_MANAGER, day, **told, late=FOR_THAT)

    event = begun.complaint.events.get(kind="manager_contacted")
    assert event.words.parts["late_because"] == WHY


@pytest.mark.parametrize(("day", "is_asked"), [(LATE, True), (date(2026, 6, 29), False)])
def test_the_page_asks_why_only_when_the_day_has_passed(client, arranged, day, is_asked):
    client.force_login(arranged.house[COORDINATOR])
    address = reverse("cases:send-papers", args=[arranged.complaint.reference])
    with time_machine.travel(at(day)):
        form = client.get(address).context["form"]
        on = boxes_of("on", f"{day:%-d %-m %Y}")
        typed = {"seen": arranged.complaint.version, "words": "All of it.", **on}
        typed["channel"] = "letter_elsewhere"
        refused = client.post(address, typed)

    assert ("late_because" in form.fields) == is_asked
    assert refused.status_code == (422 if is_asked else 302)
    if is_asked:
        assert b"All of it." in refused.content
        assert b"Only colleagues see this." in refused.content


# Every act that can keep a promise late ---------------------------------------------------------

AUTUMN = date(2026, 9, 1)
MEETING = {
    kind
    for terms in TERMS.values()
    for stage in terms.stages
    for timescale in stage.timescales
    for kind in timescale.met_by
} | {EventKind.PROMISE_KEPT, EventKind.COMPENSATION_PAID}


def _refused_by_one(house) -> Story:
    """Return a complaint under a procedure by which one person refuses requests."""
    refused_by_one("first-ark-panel")
    return Story(house, "first-ark-panel")


# Under a procedure that promises it, where the usual situation of the act is under another.
PROMISING = {
    Act.CONTACT: lambda house: Story(house, "first-ark-panel"),
    Act.SEND_INVITATION: lambda house: _accepted_and_arranged(
        Story(house, "first-ark-panel").answered().asked()
    ),
    Act.REFUSE_ESCALATION: lambda house: _refused_by_one(house).answered().asked(),
}


@pytest.mark.rule("HH-29")
@pytest.mark.parametrize(
    "act",
    [
        pytest.param(act, id=act.value)
        for act, kind in KINDS.items()
        if kind in MEETING and act is not Act.FINISH_ACTION
    ],
)
def test_every_act_that_keeps_a_promise_late_asks_why_before_it_is_done(act, house, client):
    situation = SITUATIONS[act]
    story = PROMISING.get(act, situation.lead)(house)
    client.force_login(house[situation.by])
    url = reverse(f"cases:{act.value}", args=[story.complaint.reference])
    typed = situation.data(story) | boxes_of("on", "1 9 2026")
    typed |= {"late_because": "", "avoidable": ""}
    done_by = boxes_of("late_done_by", "15 9 2026")
    before = story.complaint.version

    with time_machine.travel(at(AUTUMN), tick=False):
        page = client.get(url)
        refused = client.post(url, typed)
        story.complaint.refresh_from_db()
        unchanged = story.complaint.version
        done = client.post(url, {**typed, "late_because": WHY, "avoidable": "no", **done_by})

    assert "late_because" in page.context["form"].fields
    assert refused.status_code == 422
    assert {"late_because", "avoidable"} <= set(refused.context["form"].errors)
    assert unchanged == before
    assert done.status_code == 302, done.context["form"].errors
    event = story.complaint.events.filter(number__gt=before, kind=KINDS[act].value).first()
    assert event.facts["avoidable"] == "no"
    assert event.words.parts["late_because"] == WHY


def test_what_stays_overdue_needs_a_day_which_is_a_promise_kept_by_doing_it(begun):
    day = date(2026, 7, 20)
    told = {"on": day, "channel": "phone", "words": "We spoke."}
    with pytest.raises(ReasonMissing, match="is overdue too"):
        begun.act(
            stage_acts.contact_as_manager, Role.LINE_MANAGER, day, **told,
            late=Lateness(WHY, avoidable=True),
        )  # fmt: skip
    begun.act(stage_acts.contact_as_manager, Role.LINE_MANAGER, day, **told, late=FOR_THAT)

    told_days = begun.complaint.deadlines.filter(code__startswith="new-day").order_by("promise")
    assert {(each.state, each.due_on) for each in told_days} == {("open", date(2026, 8, 3))}
    begun.answered(day=date(2026, 7, 30), late=FOR_THAT)

    # The answer came by its new day; the first contact never did.
    assert sorted(each.state for each in told_days.all()) == ["met", "never_done"]
