"""Hearings: on a working day, where and how to join, who took part, and the minutes."""

from dataclasses import replace
from datetime import date, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import AccessEntry, SearchEntry, StoredFile
from cases.operations import correct, escalate, hearing
from cases.operations.customers import add_joint_complainant
from cases.operations.evidence import evidence_parts
from cases.operations.hearing import Arrangement, Held
from cases.operations.rebuild import rebuild_projections
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.act_words import next_act
from cases.rules.acts import Act
from cases.rules.attendance import COMPANION, CUSTOMER, Attended, attendance_refusal
from cases.rules.events import Outcome, PanelDecision
from cases.rules.gaps import gaps_of
from cases.rules.roles import Role
from cases.rules.timeline import Entry
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.templatetags.house import need
from cases.tests.case_page.situations import NOW, SITUATIONS, TODAY, Story
from cases.tests.case_page.situations import day as day_of
from cases.tests.factories import CalendarEditionFactory, CustomerFactory, UserFactory
from cases.tests.hearings import held_with, seated
from cases.tests.rules.stories import TERMS

SATURDAY, MONDAY_AFTER = date(2026, 7, 4), date(2026, 7, 6)
NEXT_DAY = date(2026, 6, 23)
LINK = "https://meet.example/harbour-4711"
COORDINATOR = Role.COMPLAINTS_COORDINATOR


@pytest.fixture
def story(house):
    """Return a complaint before the panel of Herefordshire."""
    return Story(house, "herefordshire").before_the_panel()


def members(story) -> list[int]:
    """Return three people who may sit."""
    others = [UserFactory(roles=[Role.PANEL_MEMBER]).pk for _ in range(2)]
    return [story.house.people[Role.PANEL_MEMBER].pk, *others]


def arrange(story, on: date = MONDAY_AFTER, **details):
    """Arrange the hearing."""
    given = {"place": "Town Hall", "mode": "in_person", "members": members(story), **details}
    return story.act(
        hearing.arrange_hearing, COORDINATOR, TODAY, arrangement=Arrangement(on, **given)
    )


def invite(story):
    """Invite the customer."""
    return story.act(hearing.send_invitation, COORDINATOR, TODAY, on=TODAY, telling=Telling("post"))


def hold(story, held: Held, *, day: date = TODAY, **details):
    """Hold the hearing."""
    return story.act(hearing.hold_hearing, COORDINATOR, day, on=day, held=held, **details)


def entry(story, title: str, user=None) -> Entry:
    """Return an entry of the story by how its title begins."""
    page = case_page(story.complaint, user=user or story.house[COORDINATOR], today=TODAY)
    return next(each for each in page.entries if each.title.startswith(title))


# The day ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [SATURDAY, date(2026, 8, 31)], ids=["a Saturday", "a bank holiday"])
def test_a_hearing_on_a_day_on_which_nobody_works_is_refused_whoever_asks(story, day):
    with pytest.raises(ActionNotAllowed, match="Choose a working day"):
        arrange(story, day)

    assert not story.complaint.events.filter(kind="hearing_arranged").exists()


def test_a_hearing_on_a_day_on_which_the_landlord_is_closed_is_refused(house):
    CalendarEditionFactory(closures={MONDAY_AFTER.isoformat(): "Stocktaking"})
    story = Story(house, "herefordshire").before_the_panel()

    with pytest.raises(ActionNotAllowed, match="closed: Stocktaking"):
        arrange(story, MONDAY_AFTER)


def test_a_procedure_may_hear_on_any_day(story):
    version = story.complaint.procedure_version
    wanted = version.terms.stage(story.complaint.stage)
    anyday = replace(wanted, panel=replace(wanted.panel, on_any_day=True))
    terms = replace(
        version.terms,
        stages=tuple(anyday if each is wanted else each for each in version.terms.stages),
    )
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(type(version), "terms", terms)
        arrange(story, SATURDAY)

    assert story.complaint.hearing_on == SATURDAY


@time_machine.travel(NOW)
def test_arranging_anew_begins_with_what_was_arranged_but_for_its_day(client, story):
    sits = members(story)
    client.force_login(story.house[COORDINATOR])
    address = reverse("cases:arrange-hearing", args=[story.complaint.reference])
    first = client.get(address).context["form"]
    arrange(story, members=sits, link=LINK)

    anew = client.get(address).context["form"]

    assert not first["place"].value()
    assert (anew["place"].value(), anew["link"].value(), anew["mode"].value()) == (
        "Town Hall",
        LINK,
        "in_person",
    )
    assert anew["members"].value() == [str(key) for key in sits]
    assert anew["chair"].value() == str(sits[0])
    assert not any(anew["hearing_on"].value() or ())


# Where and how to join ----------------------------------------------------------------------------


def test_a_hearing_that_is_nowhere_is_not_arranged(story):
    with pytest.raises(ActionNotAllowed, match="where it is held, or how to join"):
        arrange(story, place=" ")

    arrange(story, place="", link=LINK)


def test_how_to_join_is_shown_to_those_who_attend_alone(client, story):
    arrange(story, link=LINK)
    address = story.complaint.get_absolute_url()
    sits = story.complaint.access_list.filter(as_panel_member=True).first().user

    shown = {}
    with time_machine.travel(NOW):
        for name, user in {
            "coordinator": story.house[COORDINATOR],
            "member": sits,
            "director": story.house[Role.DIRECTOR],
            "head of service": story.house[Role.HEAD_OF_SERVICE],
        }.items():
            client.force_login(user)
            page = client.get(address)
            assert page.status_code == 200
            assert b"Town Hall" in page.content
            shown[name] = LINK.encode() in page.content

    assert shown == {
        "coordinator": True,
        "member": True,
        "director": False,
        "head of service": False,
    }
    found = SearchEntry.objects.get(complaint=story.complaint)
    assert "4711" not in f"{found.words} {found.notes}"


def test_the_invitation_says_how_to_join(story):
    invite(arrange(story, link=LINK))

    body = story.complaint.letters.get(kind="invitation").body
    assert f"You can join by video or telephone: {LINK}" in body


# Who took part ------------------------------------------------------------------------------------


def test_the_record_says_of_each_how_they_took_part(story):
    arrange(story)
    first, *others = seated(story.complaint)
    attended = {
        CUSTOMER: Attended.TELEPHONE,
        COMPANION: Attended.IN_PERSON,
        str(first): Attended.VIDEO,
        **{str(key): Attended.IN_PERSON for key in others},
    }

    held = Held("in_person", attended, companion="Her sister", others="An interpreter")
    hold(story, replace(held, other_day_because="The customer asked for that day."))

    told = {line.label: line.text for line in entry(story, "Hearing held").lines}
    took_part = told["Took part"].splitlines()
    assert took_part[:2] == ["The customer: by telephone", "Their companion: in person"]
    assert took_part[2].endswith(": by video")
    assert len(took_part) == 5
    assert (told["Came with the customer"], told["Who else was there"]) == (
        "Her sister",
        "An interpreter",
    )
    page = case_page(story.complaint, user=story.house[COORDINATOR], today=TODAY)
    parts = evidence_parts(page, now=NOW)
    chronology = next(part for part in parts if part.title == "Chronology")
    assert "The customer: by telephone" in str(chronology.blocks)


@pytest.mark.rule("HH-21")
def test_a_panel_of_which_too_few_came_decides_nothing(story):
    arrange(story)
    keys = seated(story.complaint)
    attended = {CUSTOMER: Attended.IN_PERSON, **{str(key): Attended.ABSENT for key in keys}}

    with pytest.raises(ActionNotAllowed, match="at least"):
        hold(story, Held("in_person", attended))
    with pytest.raises(ActionNotAllowed, match="each member of the panel"):
        hold(story, Held("in_person", {CUSTOMER: Attended.IN_PERSON}))
    with pytest.raises(ActionNotAllowed, match="how the customer took part"):
        hold(story, Held("in_person"))


@pytest.mark.rule("KF-18")
def test_first_ark_hears_in_the_absence_of_a_customer_who_was_invited(house):
    story = Story(house, "first-ark-panel").answered().asked()
    story.act(
        escalate.accept_escalation, COORDINATOR, date(2026, 6, 16), on=date(2026, 6, 16), reason="",
        telling=Telling("phone"),
    )  # fmt: skip
    manager = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)]).pk
    panel = [house.people[Role.DIRECTOR].pk, house.people[Role.LINE_MANAGER].pk, manager]
    arrange(story, members=panel)
    absent = held_with(panel, mode="in_absence")

    with pytest.raises(ActionNotAllowed, match="was not invited"):
        hold(story, absent)
    invite(story)
    hold(story, absent, day=MONDAY_AFTER)

    told = {line.label: line.text for line in entry(story, "Hearing held").lines}
    assert told["How it is heard"] == "In the customer’s absence"
    assert told["Took part"].startswith("The customer: did not take part")
    assert story.complaint.deadlines.get(code="hold-hearing").state == "met"


@pytest.mark.rule("KF-18")
def test_an_invitation_to_a_day_that_moved_does_not_count(house):
    story = Story(house, "herefordshire").before_the_panel()
    sits = members(story)
    invite(arrange(story, members=sits))
    arrange(story, date(2026, 7, 7), members=sits)

    with pytest.raises(ActionNotAllowed, match="was not invited"):
        hold(story, held_with(sits, mode="in_absence"))


@pytest.mark.parametrize(
    ("code", "stage", "mode", "customer", "refusal"),
    [
        ("first-ark-panel", "stage-2", "in_person", Attended.ABSENT, "in their absence"),
        ("first-ark-panel", "stage-2", "in_absence", Attended.VIDEO, "side took part"),
        ("kht-three-stage", "stage-3", "in_person", Attended.ABSENT, "Arrange another day"),
        ("kht-three-stage", "stage-3", "in_writing", Attended.IN_PERSON, "on the papers alone"),
        ("kht-three-stage", "stage-3", "in_writing", Attended.IN_WRITING, ""),
        ("first-ark-panel", "stage-2", "in_absence", Attended.ABSENT, ""),
        ("first-ark-panel", "stage-2", "in_person", Attended.TELEPHONE, ""),
    ],
)
def test_how_it_was_heard_agrees_with_who_took_part(code, stage, mode, customer, refusal):
    panel = TERMS[code].stage(stage).panel
    keys = range(1, panel.size + 1)
    attended = {CUSTOMER: customer, **{str(key): Attended.IN_PERSON for key in keys}}

    said = attendance_refusal(panel, mode, attended, list(keys))

    assert refusal in said
    assert bool(said) == bool(refusal)


def test_whoever_came_with_the_customer_has_a_name(story):
    arrange(story)
    held = held_with(seated(story.complaint), companion="Her sister")

    with pytest.raises(ActionNotAllowed, match="who came with the customer"):
        hold(story, replace(held, companion=""))


def test_a_record_that_does_not_say_who_took_part_lacks_it(story):
    arrange(story)
    hold(story, held_with(seated(story.complaint)))
    page = case_page(story.complaint, user=story.house[COORDINATOR], today=TODAY)
    state, terms = page.history.state, page.history.terms
    older = replace(
        state, events=tuple(replace(e, facts={**e.facts, "attendance": []}) for e in state.events)
    )

    assert not any(
        "who took part" in gap for gap in gaps_of(state, terms, today=TODAY, documented=())
    )
    assert any("who took part" in gap for gap in gaps_of(older, terms, today=TODAY, documented=()))


# Without a panel ---------------------------------------------------------------------------------


def before_the_panel_of(house, code: str) -> Story:
    """Return a complaint before the panel of a procedure."""
    story = Story(house, code)
    if code == "herefordshire":
        return story.before_the_panel()
    story.answered().asked()
    if code == "kht-three-stage":
        return story.answered(Role.DIRECTOR, date(2026, 6, 16)).asked(date(2026, 6, 17))
    day = date(2026, 6, 16)
    details = {"on": day, "reason": "", "telling": Telling("phone")}
    return story.act(escalate.accept_escalation, COORDINATOR, day, **details)


def panel_of(story, code: str) -> list[int]:
    """Return who may sit on the panel of the procedure."""
    people = story.house.people
    if code == "first-ark-panel":
        manager = UserFactory(roles=[(Role.LINE_MANAGER, story.house.other_team)]).pk
        return [people[Role.DIRECTOR].pk, people[Role.LINE_MANAGER].pk, manager]
    if code == "kht-three-stage":
        return [people[Role.ASSISTANT_DIRECTOR].pk, people[Role.PANEL_MEMBER].pk]
    return members(story)


def tell_outcome(story):
    """Send the outcome of the hearing."""
    stage = history_of(story.complaint).stage
    return story.act(
        hearing.send_outcome,
        COORDINATOR,
        TODAY,
        on=TODAY,
        answer=Answer(Outcome.NOT_UPHELD),
        decision=PanelDecision.UPHELD if stage.panel.decisions else None,
        telling=Telling("post", "We looked at it again."),
    )


def gaps(story) -> str:
    """Return what the record lacks."""
    history = history_of(story.complaint)
    return "\n".join(gaps_of(history.state, history.terms, today=TODAY, documented=()))


OF_PANELS = pytest.mark.parametrize("code", ["kht-three-stage", "first-ark-panel", "herefordshire"])


@pytest.mark.rule("K3-15")
@pytest.mark.rule("KF-17")
@pytest.mark.rule("HH-21")
@OF_PANELS
def test_no_hearing_is_held_before_it_is_said_who_sits(house, code):
    story = before_the_panel_of(house, code)
    sits = panel_of(story, code)

    for held in (Held("in_person", {CUSTOMER: Attended.IN_PERSON}), held_with(sits)):
        with pytest.raises(ActionNotAllowed, match="Arrange the hearing and say who sits first"):
            hold(story, held)
    with pytest.raises(ActionNotAllowed, match="It has not been heard yet"):
        tell_outcome(story)
    assert not story.complaint.events.filter(kind="hearing_held").exists()

    arrange(story, TODAY, members=sits)
    hold(story, held_with(sits))
    assert "who sat on the panel" not in gaps(story)
    assert tell_outcome(story).complaint.answered_on == TODAY


@pytest.mark.rule("K3-15")
@pytest.mark.rule("KF-17")
@pytest.mark.rule("HH-21")
@OF_PANELS
def test_a_hearing_of_which_nobody_knows_who_sat_has_no_outcome_and_is_told_as_a_gap(house, code):
    story = before_the_panel_of(house, code)
    sits = panel_of(story, code)
    hold(arrange(story, TODAY, members=sits), held_with(sits))
    number = history_of(story.complaint).state.hearing.arranged_as

    story.act(correct.retract, COORDINATOR, TODAY, number=number, reason="Of another complaint.")

    lacks = "the hearing was held on 22 June 2026, and it is not recorded who sat on the panel."
    assert lacks in gaps(story)
    with pytest.raises(ActionNotAllowed, match="with the day on which it was arranged"):
        tell_outcome(story)

    # Entered afterwards it is known who sat.
    late = Arrangement(TODAY, "Town Hall", "in_person", sits)
    earlier = date(2026, 6, 19)
    story.act(hearing.arrange_hearing, COORDINATOR, TODAY, arrangement=late, on=earlier)
    assert lacks not in gaps(story)
    assert tell_outcome(story).complaint.answered_on == TODAY


def test_who_is_named_only_after_the_hearing_did_not_take_part_in_it(story):
    hold(arrange(story, TODAY), held_with(seated(story.complaint)))
    number = history_of(story.complaint).state.hearing.arranged_as
    story.act(correct.retract, COORDINATOR, TODAY, number=number, reason="Others sat.")
    others = [UserFactory(roles=[Role.PANEL_MEMBER]).pk for _ in range(3)]
    late = Arrangement(TODAY, "Town Hall", "in_person", others)
    story.act(hearing.arrange_hearing, COORDINATOR, TODAY, arrangement=late, on=date(2026, 6, 19))

    with pytest.raises(ActionNotAllowed, match="says of 0 that they took part"):
        tell_outcome(story)

    held_as = history_of(story.complaint).state.hearing.held_as
    story.act(correct.retract, COORDINATOR, TODAY, number=held_as, reason="Wrong people.")
    hold(story, held_with(others))
    assert tell_outcome(story).complaint.answered_on == TODAY


@pytest.mark.rule("HH-21")
def test_a_hearing_that_took_place_is_arranged_and_recorded_from_the_screen(story, client):
    client.force_login(story.house[COORDINATOR])
    sits = [str(key) for key in members(story)]
    address = reverse("cases:arrange-hearing", args=[story.complaint.reference])
    held_address = reverse("cases:hold-hearing", args=[story.complaint.reference])
    answers = {
        "seen": story.complaint.version,
        **day_of("hearing_on", "19 6 2026"),
        "place": "Town Hall",
        "mode": "in_person",
        "members": sits,
    }

    with time_machine.travel(NOW, tick=False):
        asked = client.get(held_address).content.decode()
        page = client.get(address).content.decode()
        refused = client.post(address, {**answers, **day_of("on", "22 6 2026")})
        taken = client.post(address, {**answers, **day_of("on", "18 6 2026")})
        shown = client.get(held_address).content.decode()

    assert "say who sits first" in asked
    assert "has taken place already" in page
    assert "enter the day on which it was arranged" in refused.content.decode()
    assert taken.status_code == 302
    assert "say who sits first" not in shown
    assert all(f"attended-{key}" in shown for key in sits)
    story.complaint.refresh_from_db()
    past = date(2026, 6, 19)
    on_the_day = held_with(seated(story.complaint))
    hold(story, replace(on_the_day, other_day_because=""), day=past)
    assert history_of(story.complaint).state.hearing.held_on == past


# Papers for those who complain too ---------------------------------------------------------------


@pytest.mark.rule("HH-23")
def test_whoever_sends_the_papers_is_told_of_those_who_complain_too_and_get_none(story, client):
    arrange(story)
    client.force_login(story.house[COORDINATOR])
    address = reverse("cases:send-papers", args=[story.complaint.reference])

    def told() -> str:
        with time_machine.travel(NOW, tick=False):
            return client.get(address).content.decode()

    assert "no papers from here" not in told()
    for name, count in (("Ada Nkemelu", 1), ("Tom Reid", 2)):
        add_joint_complainant(
            complaint_id=story.complaint.pk,
            customer_id=CustomerFactory(name=name).pk,
            capacity="Joint tenant",
            by=story.house[COORDINATOR],
            now=NOW,
        )
        who = (
            "",
            "Ada Nkemelu complains too and gets",
            "Ada Nkemelu and Tom Reid complain too and get",
        )
        page = told()
        assert f"{who[count]} no papers from here" in page
        assert "Record it under “What was sent, and to whom”" in page


# Held on another day than arranged ---------------------------------------------------------------


@pytest.mark.rule("HH-21")
def test_a_hearing_on_another_day_than_arranged_is_asked_about_whoever_records_it(story):
    arrange(story)
    held = replace(held_with(seated(story.complaint)), other_day_because=" ")

    with pytest.raises(ReasonMissing) as refused:
        hold(story, held)

    assert str(refused.value) == (
        "It was arranged for Mon 6 Jul 2026; you say it was held on Mon 22 Jun 2026. If that is "
        "right, say why it was held on another day."
    )
    assert not story.complaint.events.filter(kind="hearing_held").exists()


def test_the_record_keeps_why_it_was_held_on_another_day(story):
    arrange(story)
    hold(story, held_with(seated(story.complaint)))

    lines = {line.label: line for line in entry(story, "Hearing held").lines}
    assert lines["Arranged for"].text == "Mon 6 Jul 2026"
    assert lines["Why on another day than arranged"].text == "The customer asked for that day."
    assert lines["Why on another day than arranged"].is_internal


def test_on_the_day_for_which_it_was_arranged_nothing_is_asked_or_kept(story):
    arrange(story, TODAY)
    hold(story, replace(held_with(seated(story.complaint)), other_day_because=""))

    labels = {line.label for line in entry(story, "Hearing held").lines}
    assert not labels & {"Arranged for", "Why on another day than arranged"}


@pytest.mark.rule("KF-18")
def test_no_customer_is_absent_from_a_hearing_on_a_day_to_which_they_were_not_invited(story):
    invite(arrange(story))

    with pytest.raises(ActionNotAllowed, match="cannot be held without them on Mon 22 Jun 2026"):
        hold(story, held_with(seated(story.complaint), mode="in_absence"))


@pytest.mark.rule("KF-18")
def test_whoever_is_told_to_arrange_another_day_can_do_so(story):
    sits = members(story)
    invite(arrange(story, members=sits))
    absent = held_with(sits, mode="in_absence")

    with pytest.raises(ActionNotAllowed, match="Arrange a day to come, and invite them to it"):
        hold(story, absent)
    invite(arrange(story, NEXT_DAY, members=sits))
    hold(story, absent, day=NEXT_DAY)

    assert history_of(story.complaint).state.hearing.is_held


def letters_inviting(story):
    """Return what each invitation says, the first first."""
    found = story.complaint.letters.filter(kind="invitation").order_by("pk")
    return list(found.values_list("body", flat=True))


INSTEAD = "This is instead of the hearing on Monday 6 July 2026, to which we invited you before."


def test_the_second_invitation_says_instead_of_which_day_it_is(story):
    sits = members(story)
    invite(arrange(story, members=sits))

    invite(arrange(story, date(2026, 7, 7), members=sits))

    assert [INSTEAD in each for each in letters_inviting(story)] == [False, True]


def test_an_invitation_to_another_place_on_the_same_day_is_instead_of_no_day(story):
    sits = members(story)
    invite(arrange(story, members=sits))

    invite(arrange(story, members=sits, place="Library"))

    assert [INSTEAD in each for each in letters_inviting(story)] == [False, False]


def test_a_hearing_after_one_that_was_held_is_instead_of_none(story):
    sits = members(story)
    hold(invite(arrange(story, members=sits)), held_with(sits))

    invite(arrange(story, date(2026, 7, 7), members=sits))

    assert [INSTEAD in each for each in letters_inviting(story)] == [False, False]


def the_next(story):
    """Return which act of a hearing is offered first."""
    page = case_page(story.complaint, user=story.house[COORDINATOR], today=TODAY)
    of_hearings = {Act.ARRANGE_HEARING, Act.SEND_INVITATION, Act.SEND_PAPERS, Act.HOLD_HEARING}
    return next_act(page.history.state, of_hearings)


def test_the_customer_is_invited_before_the_papers_are_sent_and_again_when_it_moves(story):
    sits = members(story)
    before = the_next(story)
    arranged = the_next(arrange(story, members=sits))
    invited = the_next(invite(story))
    moved = the_next(arrange(story, date(2026, 7, 7), members=sits))

    assert [before, arranged, invited, moved] == [
        Act.ARRANGE_HEARING,
        Act.SEND_INVITATION,
        Act.SEND_PAPERS,
        Act.SEND_INVITATION,
    ]


def entered_late(story, made_on, on, **details):
    """Enter after the hearing that it had been arranged on a day."""
    return story.act(
        hearing.arrange_hearing, COORDINATOR, NEXT_DAY, on=made_on,
        arrangement=Arrangement(on, "Town Hall", "in_person", seated(story.complaint)), **details,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("made_on", "day"),
    [(date(2026, 6, 18), TODAY), (date(2026, 6, 18), MONDAY_AFTER), (TODAY, TODAY)],
    ids=["for its day", "for a later day", "on the day itself"],
)
def test_an_arrangement_entered_after_the_hearing_that_it_led_to_is_no_new_one(story, made_on, day):
    hold(arrange(story), held_with(seated(story.complaint)))

    entered_late(story, made_on, day)

    found = history_of(story.complaint).state
    assert found.hearing.is_held
    assert (found.hearing_to_come_on, story.complaint.hearing_on) == (None, None)
    with pytest.raises(ActionNotAllowed, match="It was heard on 22 June 2026"):
        hold(story, held_with(seated(story.complaint)), day=MONDAY_AFTER)


@pytest.mark.parametrize("made_on", [TODAY, NEXT_DAY], ids=["at its end", "afterwards"])
def test_what_is_arranged_for_a_later_day_after_the_hearing_is_to_come(story, made_on):
    hold(arrange(story), held_with(seated(story.complaint)))

    entered_late(story, made_on, MONDAY_AFTER)

    assert story.complaint.hearing_on == MONDAY_AFTER


@time_machine.travel(NOW)
def test_the_form_asks_why_beside_the_question_and_only_where_the_days_differ(client, house):
    story = SITUATIONS[Act.HOLD_HEARING].lead(house)
    client.force_login(house[COORDINATOR])
    address = reverse("cases:hold-hearing", args=[story.complaint.reference])
    answers = SITUATIONS[Act.HOLD_HEARING].data(story) | {"seen": story.complaint.version}
    del answers["other_day_because"]
    question = b"Why it was held on another day than arranged"

    early = client.get(address)
    refused = client.post(address, answers)
    with time_machine.travel(datetime.combine(MONDAY_AFTER, NOW.timetz())):
        client.force_login(house[COORDINATOR])
        in_time = client.get(address)
        slip = client.post(address, answers | day_of("on", "3 7 2026"))

    assert question in early.content
    assert question not in in_time.content
    for answer, said in ((refused, b"held on Mon 22 Jun 2026"), (slip, b"held on Fri 3 Jul 2026")):
        assert answer.status_code == 422
        assert b"It was arranged for Mon 6 Jul 2026; you say it was " + said in answer.content
        assert question in answer.content
    assert not story.complaint.events.filter(kind="hearing_held").exists()


@pytest.mark.parametrize("because", ["", "  "], ids=["nothing", "spaces"])
def test_the_form_says_when_the_reason_is_needed_and_refuses_at_its_box(client, house, because):
    with time_machine.travel(NOW, tick=False):
        story = SITUATIONS[Act.HOLD_HEARING].lead(house)
    address = reverse("cases:hold-hearing", args=[story.complaint.reference])
    answers = SITUATIONS[Act.HOLD_HEARING].data(story) | {"seen": story.complaint.version}
    empty = answers | {"other_day_because": because}
    day = story.complaint.hearing_on

    def sent(on, data):
        with time_machine.travel(datetime.combine(on, NOW.timetz()), tick=False):
            client.force_login(house[COORDINATOR])
            return client.post(address, data)

    early, slip = sent(TODAY, empty), sent(day, empty)
    arranged = sent(day, empty | day_of("on", f"{day.day} {day.month} {day.year}"))

    # Before the day arranged it is needed whatever is typed; from then on if another day is.
    for refused, told in ((early, ""), (slip, "(needed if it was another day than arranged)")):
        form = refused.context["form"]
        assert list(form.errors) == ["other_day_because"]
        assert need(form["other_day_because"]) == told
        assert need(form["companion"]) == "(optional)"
    assert arranged.status_code == 302


def test_with_a_reason_the_form_takes_another_day(client, house):
    with time_machine.travel(NOW, tick=False):
        story = SITUATIONS[Act.HOLD_HEARING].lead(house)
        client.force_login(house[COORDINATOR])
        answers = SITUATIONS[Act.HOLD_HEARING].data(story) | {"seen": story.complaint.version}
        address = reverse("cases:hold-hearing", args=[story.complaint.reference])

        taken = client.post(address, answers)

    assert answers["other_day_because"]
    assert taken.status_code == 302
    assert story.complaint.events.filter(kind="hearing_held").count() == 1


@time_machine.travel(NOW)
def test_once_held_on_another_day_the_day_arranged_is_nowhere_to_come(client, story):
    arrange(story)
    client.force_login(story.house[COORDINATOR])
    address = story.complaint.get_absolute_url()
    before = client.get(address)
    hold(story, held_with(seated(story.complaint)))
    story.complaint.refresh_from_db()

    after = client.get(address)
    anew = client.get(reverse("cases:arrange-hearing", args=[story.complaint.reference]))

    assert b"It is arranged for" not in anew.content
    assert b'id="hearing"' in before.content
    assert b'id="hearing"' not in after.content
    assert story.complaint.hearing_on is None
    assert not rebuild_projections(repair=False, progress=lambda _: None).differences
    with pytest.raises(ActionNotAllowed, match="It was heard on 22 June 2026"):
        hold(story, held_with(seated(story.complaint)))


@pytest.mark.rule("HH-22")
def test_a_hearing_that_is_arranged_anew_after_it_was_held_is_to_come_again(story):
    sits = members(story)
    arrange(story, TODAY, members=sits)
    hold(story, held_with(sits))
    arrange(story, MONDAY_AFTER, members=sits)

    assert story.complaint.hearing_on == MONDAY_AFTER
    hold(story, held_with(sits))
    assert story.complaint.hearing_on is None


def test_a_hearing_whose_holding_was_a_mistake_is_to_come_again(story):
    arrange(story)
    hold(story, held_with(seated(story.complaint)))
    held = story.complaint.events.get(kind="hearing_held")

    story.act(correct.retract, COORDINATOR, TODAY, number=held.number, reason="Not that one.")

    assert story.complaint.hearing_on == MONDAY_AFTER


# The minutes --------------------------------------------------------------------------------------


@time_machine.travel(NOW)
def test_minutes_are_a_file_that_is_joined_to_the_hearing(client, house):
    situation = SITUATIONS[Act.HOLD_HEARING]
    story = situation.lead(house)
    client.force_login(house[COORDINATOR])
    data = {**situation.data(story), "seen": story.complaint.version}
    address = reverse("cases:hold-hearing", args=[story.complaint.reference])

    def minutes() -> SimpleUploadedFile:
        return SimpleUploadedFile("minutes.txt", b"The panel met at two.")

    preview = client.post(address, {**data, "uploads": minutes(), "preview": "yes"})
    assert preview.status_code == 200
    assert not StoredFile.objects.filter(name="minutes.txt").exists()
    done = client.post(address, {**data, "uploads": minutes()})

    assert done.status_code == 302
    story.complaint.refresh_from_db()
    assert entry(story, "Minutes of the hearing: minutes.txt")
    told = {line.label: line.text for line in entry(story, "Hearing held").lines}
    assert told["Minutes"] == "minutes.txt"
    page = case_page(story.complaint, user=house[COORDINATOR], today=TODAY)
    titles = [part.title for part in evidence_parts(page, now=NOW)]
    assert "Minutes of the hearing of 22 June 2026: minutes.txt" in titles


@time_machine.travel(NOW)
def test_minutes_that_come_later_are_joined_to_the_hearing_too(client, story):
    client.force_login(story.house[COORDINATOR])
    address = reverse("cases:add-file", args=[story.complaint.reference])
    before = client.get(address).content
    arrange(story)
    hold(story, held_with(seated(story.complaint)))

    form = client.get(address).context["form"]
    file = SimpleUploadedFile("minutes.txt", b"The panel met at two.")
    client.post(address, {"uploads": file, "are_minutes": "on", "seen": form.initial["seen"]})

    assert b"minutes of the hearing" not in before
    assert entry(story, "Minutes of the hearing: minutes.txt")


@time_machine.travel(NOW)
def test_a_hearing_is_recorded_with_everybody_asked_about(client, house):
    story = SITUATIONS[Act.HOLD_HEARING].lead(house)
    client.force_login(house[COORDINATOR])
    address = reverse("cases:hold-hearing", args=[story.complaint.reference])

    form = client.get(address).context["form"]
    asked = [name for name in form.fields if name.startswith("attended-")]
    refused = client.post(
        address, {"mode": "in_writing", "seen": story.complaint.version, "minutes": "We met."}
    )

    assert asked[:2] == ["attended-customer", "attended-companion"]
    assert {int(name.rpartition("-")[2]) for name in asked[2:]} >= set(seated(story.complaint))
    assert refused.status_code == 422
    assert b"Select how the customer took part" in refused.content
    assert b"We met." in refused.content
    assert AccessEntry.objects.filter(complaint=story.complaint).exists()
