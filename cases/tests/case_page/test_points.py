"""The points of a complaint: set out, said back, found about one by one, and counted."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.forms.acts.points import (
    EITHER_SOUGHT,
    WHAT_IS_NOT_OURS,
    WHAT_IS_OURS,
    WHAT_IS_SOUGHT,
)
from cases.models import EventWords, Letter, PointOfComplaint, RecordedEvent, StoredFile
from cases.operations.awards import Offer
from cases.operations.log import AsComplaint, Logged, log_complaint
from cases.operations.points import Definition, Judgement, PointFinding, define_points
from cases.operations.rebuild import rebuild_projections
from cases.operations.stage_acts import Answer, Deed, acknowledge, resolve, respond
from cases.operations.telling import Telling
from cases.rules.awards import Head
from cases.rules.events import EventKind, Outcome
from cases.rules.gaps import gaps_of
from cases.rules.own_words import whole_summary
from cases.rules.points import ALL_OURS, outcome_of, part_label, points_of
from cases.rules.remedies import Remedy, remedy_sentences
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.tests.case_page.situations import NOW, TODAY, Story
from cases.tests.factories import MONDAY
from cases.tests.fixtures import at

LIFT, CALL = "The lift is out of order.", "Nobody rang back."
TWO = Definition(
    [(None, LIFT), (None, CALL)],
    sought="A lift that works.",
    responsible="The lift and our telephones.",
    not_responsible="The street.",
)
COORDINATOR = Role.COMPLAINTS_COORDINATOR
OFFICER = Role.RESPONSIBLE_OFFICER
BY_POST = Telling("post", "We looked into it.")
ANSWERED = date(2026, 6, 12)


@pytest.fixture
def story(house) -> Story:
    """Return a complaint whose two points were set out."""
    return Story(house, "code-2024").act(
        define_points, COORDINATOR, date(2026, 6, 9), definition=TWO
    )


def found(*findings: Outcome, because: str = "") -> Judgement:
    """Return a finding about each point, the first resting on the receipt."""
    return Judgement(
        [
            PointFinding(number, finding, f"Reason {number}.", ["apology"], ["entry:1"])
            for number, finding in enumerate(findings, start=1)
        ],
        because,
    )


def answer(
    story: Story, judgement: Judgement, outcome: Outcome | None = None, **more: Any
) -> Story:
    """Answer the complaint by post."""
    return story.act(
        respond,
        OFFICER,
        ANSWERED,
        on=ANSWERED,
        answer=Answer(outcome, judgement=judgement, **more),
        telling=BY_POST,
    )


def points(story: Story) -> list[tuple[int, str]]:
    """Return number and finding of every point as it is stored."""
    rows = PointOfComplaint.objects.filter(complaint=story.complaint).order_by("place")
    return list(rows.values_list("number", "finding"))


# Setting out ----------------------------------------------------------------------------------


def test_the_event_carries_numbers_and_the_words_are_beside_it(story):
    event = RecordedEvent.objects.get(complaint=story.complaint, kind=EventKind.POINTS_DEFINED)

    assert event.facts == {"points": [1, 2]}
    assert EventWords.objects.get(event=event).parts == {
        "point_1": LIFT,
        "point_2": CALL,
        "sought": "A lift that works.",
        "responsible": "The lift and our telephones.",
        "not_responsible": "The street.",
    }
    assert points(story) == [(1, ""), (2, "")]


def test_a_point_keeps_its_number_and_a_number_is_never_given_twice(story):
    again = replace(TWO, points=[(2, CALL), (None, "The stairs are dark.")])
    story.act(define_points, COORDINATOR, date(2026, 6, 10), definition=again)
    last = replace(TWO, points=[(3, "The stairs are dark."), (None, LIFT)])

    story.act(define_points, COORDINATOR, date(2026, 6, 11), definition=last)

    assert points(story) == [(3, ""), (4, "")]


@pytest.mark.parametrize(
    "definition",
    [replace(TWO, points=given) for given in ([], [(None, "  ")], [(None, LIFT), (2, "")])],
    ids=["none", "blank", "one blank"],
)
def test_a_point_needs_words(story, definition):
    with pytest.raises(ReasonMissing, match="at least one point"):
        story.act(define_points, COORDINATOR, date(2026, 6, 10), definition=definition)

    assert points(story) == [(1, ""), (2, "")]


def test_there_are_at_most_twenty_points(story):
    many = replace(TWO, points=[(None, f"Point {n}") for n in range(21)])

    with pytest.raises(ActionNotAllowed, match="at most 20"):
        story.act(define_points, COORDINATOR, date(2026, 6, 10), definition=many)


@pytest.mark.rule("HH-17")
@pytest.mark.parametrize("code", ["code-2024", "herefordshire"])
def test_a_new_matter_at_the_review_becomes_a_complaint_of_its_own(house, code):
    story = Story(house, code)
    if code == "herefordshire":
        story.passed_on()
    story.act(define_points, COORDINATOR, date(2026, 6, 9), definition=TWO)
    judged = Answer(None, judgement=found(Outcome.UPHELD, Outcome.UPHELD))
    story.act(
        respond,
        Role.HEAD_OF_SERVICE,
        ANSWERED,
        on=ANSWERED,
        answer=judged,
        telling=Telling("letter_elsewhere"),
    ).asked()

    new = replace(TWO, points=[(1, LIFT), (2, CALL), (None, "The stairs are dark.")])
    with pytest.raises(ActionNotAllowed, match="complaint of its own"):
        story.act(define_points, COORDINATOR, date(2026, 6, 16), definition=new)
    one = replace(TWO, points=[(1, "The lift.")])
    story.act(define_points, COORDINATOR, date(2026, 6, 16), definition=one)

    assert points(story) == [(1, "upheld")]


def test_the_page_of_the_review_leads_to_a_linked_complaint(house, client):
    story = Story(house, "code-2024")
    story.act(define_points, COORDINATOR, date(2026, 6, 9), definition=TWO)
    answer(story, found(Outcome.UPHELD, Outcome.UPHELD)).asked()
    client.force_login(house[COORDINATOR])

    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("cases:define-points", args=[story.complaint.reference]))
        link = page.context["links"][0]
        log = client.get(link.url)

    assert [name for name in page.context["form"].fields if name.startswith("new_")] == []
    assert log.context["form"]["linked_to"].value() == str(story.complaint.pk)


def test_points_can_be_logged_with_the_complaint(house):
    logged = Logged(
        key="points-in-the-log",
        customer_id=Story(house, "code-2024").complaint.customer_id,
        particulars=None,
        channel="phone",
        received_on=MONDAY,
        words="The lift, and nobody rings.",
    )

    form = log_complaint(
        logged, AsComplaint(points=[LIFT, CALL]), by=house[Role.FRONT_LINE], now=NOW
    )

    assert form.complaint.points.count() == 2


# Said back, and found about ---------------------------------------------------------------------


@pytest.mark.rule("K3-12")
def test_the_acknowledgement_says_the_points_back(house):
    day = date(2026, 6, 9)
    story = Story(house, "code-2024").act(
        acknowledge, COORDINATOR, day, on=day, telling=Telling("post"), definition=TWO
    )

    body = Letter.objects.get(complaint=story.complaint).body

    assert f"We understand your complaint like this:\n1. {LIFT}\n2. {CALL}" in body
    assert "You would like this to happen: A lift that works." in body
    assert "We are responsible for this: The lift and our telephones." in body
    assert "We are not responsible for this: The street." in body


def test_the_answer_goes_point_by_point_and_the_outcome_follows_from_the_findings(story):
    answer(story, found(Outcome.UPHELD, Outcome.NOT_UPHELD))

    body = Letter.objects.get(complaint=story.complaint).body
    assert "Our finding: your complaint is partly upheld." in body
    assert (
        f"1. {LIFT}\nOur finding on this point: upheld.\n\nReason 1.\n\n"
        f"2. {CALL}\nOur finding on this point: not upheld."
    ) in body
    assert "To put this right:\n- We apologise to you." in body
    assert story.complaint.outcome == "partly_upheld"
    assert points(story) == [(1, "upheld"), (2, "not_upheld")]


def test_a_remedy_that_a_point_names_is_not_told_again_of_the_whole(story):
    both = [Remedy.APOLOGY, Remedy.EXPLANATION]
    said = remedy_sentences([(each, "") for each in (*both, Remedy.EXPLANATION)])
    other = PointFinding(2, Outcome.NOT_UPHELD, "We rang twice.")
    answer(
        story,
        Judgement([found(Outcome.UPHELD).findings[0], other]),
        remedies=[each.value for each in both],
        remedy_words=said,
    )

    body = Letter.objects.get(complaint=story.complaint).body
    assert [body.count(each) for each in said] == [1, 1, 1]
    assert f"To put this right:\n- {Remedy.EXPLANATION.told}" in body


def test_what_puts_two_points_right_is_said_once_and_of_the_whole(story):
    first, second = found(Outcome.UPHELD, Outcome.UPHELD).findings
    second = replace(second, remedies=[Remedy.APOLOGY.value, Remedy.EXPLANATION.value])
    answer(story, Judgement([first, second]), remedy_words=[Remedy.APOLOGY.told])

    body = Letter.objects.get(complaint=story.complaint).body
    assert body.count(Remedy.APOLOGY.told) == 1
    assert f"To put this right:\n- {Remedy.APOLOGY.told}" in body
    assert f"Reason 2.\n\nTo put this point right:\n- {Remedy.EXPLANATION.told}" in body
    assert f"Reason 1.\n\n2. {CALL}" in body


def test_a_deed_that_two_points_name_stands_with_both_and_once_of_the_whole(story):
    findings = [
        replace(each, remedies=[Remedy.ACTION.value])
        for each in found(Outcome.UPHELD, Outcome.UPHELD).findings
    ]
    answer(story, Judgement(findings), deeds=[Deed(Remedy.ACTION, ANSWERED)])

    body = Letter.objects.get(complaint=story.complaint).body
    assert body.count(f"To put this point right:\n- {Remedy.ACTION.told}") == 2
    assert body.partition("To put this right:")[2].count(Remedy.ACTION.told) == 0


def test_an_apology_of_its_own_words_for_the_whole_stays_beside_that_of_a_point(story):
    own = "We apologise for the whole week."
    answer(
        story,
        found(Outcome.UPHELD, Outcome.UPHELD),
        remedies=[Remedy.APOLOGY.value],
        remedy_words=[own],
    )

    assert f"To put this right:\n- {own}" in Letter.objects.get(complaint=story.complaint).body


def test_the_answer_says_of_a_points_remedies_what_it_says_of_the_whole_answers(story):
    every = replace(found(Outcome.UPHELD).findings[0], remedies=[each.value for each in Remedy])
    other = PointFinding(2, Outcome.NOT_UPHELD, "We rang twice.")
    deeds = [Deed(each, ANSWERED) for each in Remedy if each.is_deed]
    offer = Offer(heads=[(Head.DELAY, Decimal(20))], basis="A week.")
    answer(story, Judgement([every, other]), deeds=deeds, offer=offer)

    body = Letter.objects.get(complaint=story.complaint).body
    said = "\n".join(f"- {each}" for each in remedy_sentences([(each, "") for each in Remedy]))
    assert f"To put this point right:\n{said}\n\n2. {CALL}" in body
    assert "- We put right what was delayed, as this letter says.\n" in body
    assert f"- We have done what was delayed, on {ANSWERED:%A %-d %B %Y}.\n" in body


@pytest.mark.parametrize(
    ("remedy", "why"), [(Remedy.ACTION, "when it was done"), (Remedy.FINANCIAL, "how much")]
)
def test_what_a_point_says_is_done_has_a_day_and_what_it_offers_an_amount(story, remedy, why):
    every = replace(found(Outcome.UPHELD).findings[0], remedies=[remedy.value])
    other = PointFinding(2, Outcome.NOT_UPHELD, "We rang twice.")

    with pytest.raises(ReasonMissing, match=why):
        answer(story, Judgement([every, other]))


@pytest.mark.parametrize(
    ("judgement", "words"),
    [
        (Judgement(), "about point 1"),
        (found(Outcome.UPHELD), "about point 2"),
        (Judgement([PointFinding(1, Outcome.UPHELD, " ")]), "Say why"),
    ],
    ids=["none", "one of two", "no reason"],
)
def test_every_point_needs_its_finding_and_its_reason(story, judgement, words):
    with pytest.raises(ReasonMissing, match=words):
        answer(story, judgement)

    assert not Letter.objects.exists()


def test_another_outcome_than_the_findings_give_needs_a_reason(story):
    judged = found(Outcome.UPHELD, Outcome.UPHELD)
    with pytest.raises(ReasonMissing, match="make the complaint upheld"):
        answer(story, judged, Outcome.PARTLY_UPHELD)

    answer(
        story,
        found(Outcome.UPHELD, Outcome.UPHELD, because="Point 2 is small."),
        Outcome.PARTLY_UPHELD,
    )

    assert story.complaint.outcome == "partly_upheld"


def test_a_complaint_without_points_is_answered_as_before(house):
    story = Story(house, "code-2024").answered()

    assert story.complaint.outcome == "upheld"
    assert points(story) == []


@given(st.lists(st.sampled_from(Outcome), min_size=1, max_size=8))
def test_the_outcome_is_upheld_only_where_every_finding_on_what_is_ours_is(findings):
    outcome = outcome_of(findings)

    ours = {each for each in findings if each is not Outcome.NOT_OURS}
    assert (outcome is Outcome.UPHELD) == (ours == {Outcome.UPHELD})
    assert (outcome is Outcome.NOT_UPHELD) == (ours == {Outcome.NOT_UPHELD})
    assert (outcome is Outcome.NOT_OURS) == (not ours)


# What is not ours (Code 5.7) ----------------------------------------------------------------------

COUNCIL = "The council, on 0800 111 1111."


def not_ours(number: int, turn_to: str = COUNCIL, reason: str = "The street is theirs.") -> Any:
    """Return the finding that a point is not ours."""
    return PointFinding(number, Outcome.NOT_OURS, reason, turn_to=turn_to)


def test_a_point_that_is_not_ours_names_who_answers_and_decides_nothing_beside_the_others(story):
    answer(story, Judgement([found(Outcome.UPHELD).findings[0], not_ours(2)]))

    body = Letter.objects.get(complaint=story.complaint).body
    assert "Our finding: your complaint is upheld." in body
    assert (
        f"2. {CALL}\nOur finding on this point: not our responsibility.\n\n"
        f"The street is theirs.\n\nFor this you can turn to: {COUNCIL}"
    ) in body
    assert points(story) == [(1, "upheld"), (2, "not_ours")]
    assert story.complaint.outcome == "upheld"


def test_a_complaint_of_which_nothing_is_ours_is_neither_upheld_nor_not(story):
    answer(story, Judgement([not_ours(1), not_ours(2)]))

    body = Letter.objects.get(complaint=story.complaint).body
    assert "your complaint is about something that is not our responsibility." in body
    assert "upheld" not in body
    assert story.complaint.outcome == "not_ours"
    assert rebuild_projections(repair=False, progress=lambda _: None).differences == []


def test_a_landlord_may_still_find_what_is_not_theirs_not_upheld(story):
    answer(story, found(Outcome.UPHELD, Outcome.NOT_UPHELD))

    assert points(story) == [(1, "upheld"), (2, "not_upheld")]


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (not_ours(2, turn_to="  "), "Say who answers for point 2"),
        (not_ours(2, reason=" "), "Say why: the reason for the finding about point 2"),
    ],
    ids=["nobody to turn to", "no reason"],
)
def test_what_is_not_ours_needs_its_reason_and_somebody_to_turn_to(story, finding, words):
    with pytest.raises(ReasonMissing, match=words):
        answer(story, Judgement([found(Outcome.UPHELD).findings[0], finding]))

    assert not Letter.objects.exists()


def test_nothing_is_found_not_ours_where_the_points_say_that_all_is(story):
    whole = Definition([(1, LIFT), (2, CALL)], sought="A lift that works.", is_all_ours=True)
    story.act(define_points, COORDINATOR, date(2026, 6, 10), definition=whole)

    with pytest.raises(ActionNotAllowed, match="Point 2 cannot be found not our responsibility"):
        answer(story, Judgement([found(Outcome.UPHELD).findings[0], not_ours(2)]))

    assert not Letter.objects.exists()


def test_the_whole_is_not_ours_only_where_every_point_is_whatever_the_reason(story):
    judged = replace(found(Outcome.UPHELD, Outcome.NOT_UPHELD), outcome_because="We think so.")

    with pytest.raises(ActionNotAllowed, match="found about every point"):
        answer(story, judged, Outcome.NOT_OURS)


def test_a_complaint_without_points_is_not_found_not_ours(house):
    with pytest.raises(ActionNotAllowed, match="found about every point"):
        answer(Story(house, "code-2024"), Judgement(), Outcome.NOT_OURS)


def test_who_answers_is_kept_only_of_what_is_not_ours(story):
    other = replace(found(Outcome.UPHELD).findings[0], turn_to="Somebody else.")
    answer(story, Judgement([other, not_ours(2)]))

    event = RecordedEvent.objects.get(complaint=story.complaint, kind=EventKind.RESPONDED)
    parts = EventWords.objects.get(event=event).parts
    assert parts["turn_to_2"] == COUNCIL
    assert "turn_to_1" not in parts
    assert part_label("turn_to_2") == "Who answers for point 2"


# Pages, files and the projection ----------------------------------------------------------------


@pytest.fixture
def desk(story, client):
    """Return a client signed in as the officer, on the day."""
    client.force_login(story.house[OFFICER])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_form_asks_about_every_point_and_the_page_shows_what_was_found(story, desk):
    file = StoredFile.objects.create(
        key="a" * 32,
        name="lift.txt",
        media_type="text/plain",
        size=3,
        stored_at=NOW,
        complaint=story.complaint,
        sha256="0" * 64,
    )
    url = reverse("cases:respond", args=[story.complaint.reference])
    typed = {
        "seen": str(story.complaint.version),
        "on_day": "22",
        "on_month": "6",
        "on_year": "2026",
        "finding_1": "upheld",
        "reason_1": "It stood still.",
        "right_1": ["apology"],
        "evidence_1": [f"file:{file.pk}", "entry:1"],
        "finding_2": "not_upheld",
        "reason_2": "We rang twice.",
        "outcome": "",
        "channel": "post",
        "letter": "We looked into it.",
        "late_because": "The engineer was ill.",
    }

    told = {"reason_2": "We uphold this point.", "preview": "yes"}
    advised = desk.post(url, {**typed, **told}).content.decode()
    fitting = desk.post(url, {**typed, "preview": "yes"}).content.decode()
    missing = desk.post(url, {**typed, "finding_2": "", "reason_2": ""})
    bare = desk.post(url, {**typed, "letter": "", "preview": "yes"})
    sent = desk.post(url, typed)
    page = desk.get(story.complaint.get_absolute_url())

    assert "About point 2 you write that something is upheld" in advised
    assert "you write that" not in fitting
    assert missing.status_code == 422
    assert set(missing.context["form"].errors) == {"finding_2", "reason_2"}
    # The reasons beside the points are reasons enough.
    assert bare.status_code == 200, bare.context["form"].errors
    assert not bare.context["rehearsal"].missing
    assert "We rang twice." in "".join(bare.context["rehearsal"].letter.paragraphs)
    assert sent.status_code == 302, sent.context["form"].errors
    shown = page.content.decode()
    assert "It stood still." in shown
    assert "lift.txt" in shown
    assert "Partly upheld" in shown


def typed_for(story: Story, **more: Any) -> dict[str, Any]:
    """Return what is typed into the answer, the second point found not ours."""
    return {
        "seen": str(story.complaint.version),
        "on_day": "22",
        "on_month": "6",
        "on_year": "2026",
        "finding_1": "upheld",
        "reason_1": "It stood still.",
        "right_1": ["apology"],
        "finding_2": "not_ours",
        "reason_2": "The street is the council’s.",
        "turn_to_2": COUNCIL,
        "outcome": "",
        "channel": "post",
        "letter": "",
        "late_because": "The engineer was ill.",
        **more,
    }


def test_the_form_finds_a_point_not_ours_with_who_answers_for_it(story, desk):
    url = reverse("cases:respond", args=[story.complaint.reference])

    missing = desk.post(url, typed_for(story, turn_to_2=""))
    sent = desk.post(url, typed_for(story, turn_to_1="The Moon"))
    page = desk.get(story.complaint.get_absolute_url()).content.decode()

    assert missing.status_code == 422
    assert set(missing.context["form"].errors) == {"turn_to_2"}
    assert sent.status_code == 302, sent.context["form"].errors
    assert "Not our responsibility" in page
    assert COUNCIL in page
    assert "The Moon" not in page


def test_the_form_offers_it_only_where_the_points_say_what_is_not_ours(story, desk):
    whole = Definition([(1, LIFT), (2, CALL)], sought="A lift that works.", is_all_ours=True)
    story.act(define_points, COORDINATOR, date(2026, 6, 10), definition=whole)
    url = reverse("cases:respond", args=[story.complaint.reference])

    asked = desk.get(url).context["form"]
    refused = desk.post(url, typed_for(story))

    assert "not_ours" not in [code for code, _ in asked.fields["finding_2"].choices]
    assert "turn_to_2" not in asked.fields
    assert "finding_2" in refused.context["form"].errors
    # That the whole is not ours follows from the findings, and is chosen nowhere.
    assert "not_ours" not in [code for code, _ in asked.fields["outcome"].choices]


def test_more_boxes_are_offered_without_losing_what_was_typed(story, desk):
    url = reverse("cases:define-points", args=[story.complaint.reference])

    page = desk.post(url, {"seen": "3", "new_1": "A third.", "new_2": "", "more": "yes"})

    form = page.context["form"]
    assert page.status_code == 200
    assert form["new_1"].value() == "A third."
    assert [name for name in form.fields if name.startswith("new_")] == [
        "new_1",
        "new_2",
        "new_3",
        "new_4",
    ]


@pytest.mark.parametrize("button", [{}, {"preview": "yes"}], ids=["sent", "preview"])
@pytest.mark.parametrize(
    "typed",
    [
        {"new_1": "", "sought": "A lift that works."},
        {"new_1": "", "responsible": "The lift."},
        {"new_1": " ", "not_responsible": "The street."},
    ],
    ids=["the wish", "what is ours", "what is not ours"],
)
def test_an_acknowledgement_without_a_point_drops_nothing_that_was_written(
    house, client, typed, button
):
    refused_without_a_point(Story(house, "code-2024"), client, typed, button)


@pytest.mark.parametrize("button", [{}, {"preview": "yes"}], ids=["sent", "preview"])
def test_an_acknowledgement_does_not_say_back_points_that_were_emptied(story, client, button):
    refused_without_a_point(story, client, {"known_1": "", "known_2": " "}, button)


def refused_without_a_point(story, client, typed, button):
    """Send the acknowledgement, and see it refused with all that was typed."""
    client.force_login(story.house[COORDINATOR])
    version = story.complaint.version
    sent = acknowledging(story, typed, button)

    with time_machine.travel(at(date(2026, 6, 10)), tick=False):
        page = client.post(reverse("cases:acknowledge", args=[story.complaint.reference]), sent)

    form = page.context["form"]
    story.complaint.refresh_from_db()
    assert page.status_code == 422
    assert list(form.errors.values()) == [["Write down at least one point"]]
    assert {name: form[name].value() for name in typed} == typed
    assert page.context["rehearsal"] is None
    assert not Letter.objects.exists()
    assert story.complaint.version == version


def acknowledging(story, typed, button):
    """Return the answers of the form of an acknowledgement by post."""
    return {
        "seen": str(story.complaint.version),
        "on_day": "10",
        "on_month": "6",
        "on_year": "2026",
        "channel": "post",
        "letter": "We got your complaint.",
        **typed,
        **button,
    }


TOLD = {"effect": "I cannot leave\n\nmy flat.", "about_whom": "Sam Hill"}


@pytest.mark.parametrize("page_name", ["cases:acknowledge", "cases:define-points"])
@pytest.mark.parametrize(
    "told", [{}, TOLD, {"about_whom": "Sam Hill"}], ids=["words alone", "all", "about somebody"]
)
def test_the_first_point_is_what_is_complained_of_alone(house, client, told, page_name):
    summary = whole_summary("The lift stands still.\n\nAgain.", **told)
    story = Story(house, "code-2024", summary=summary)
    client.force_login(house[COORDINATOR])

    with time_machine.travel(at(date(2026, 6, 10)), tick=False):
        page = client.get(reverse(page_name, args=[story.complaint.reference]))

    assert page.context["form"]["new_1"].value() == "The lift stands still.\n\nAgain."
    assert story.complaint.summary == summary


def test_a_letter_without_points_says_back_what_is_complained_of_alone(house):
    summary = whole_summary("The lift stands still.", **TOLD)
    day = date(2026, 6, 10)
    # The other procedures do not define the complaint as they acknowledge it.
    story = Story(house, "kht-three-stage", summary=summary)
    story.act(acknowledge, COORDINATOR, day, on=day, telling=Telling("post"))

    body = Letter.objects.get().body

    assert "You told us this: The lift stands still.\n" in body
    assert "Sam Hill" not in body
    assert "my flat" not in body


def sent_without_points(house, client, procedure, typed):
    """Send an acknowledgement with every box for points emptied but these."""
    story = Story(house, procedure)
    client.force_login(house[COORDINATOR])
    sent = acknowledging(story, {"new_1": "", "sought": "", **typed}, {})
    with time_machine.travel(at(date(2026, 6, 10)), tick=False):
        return client.post(reverse("cases:acknowledge", args=[story.complaint.reference]), sent)


# Code 5.6, 5.7
@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"new_1": ["Write down at least one point"]}),
        ({"new_1": LIFT, "sought_unsaid": "on"}, {"ours": [WHAT_IS_OURS]}),
        ({"new_1": LIFT, "ours": "all"}, {"sought": [WHAT_IS_SOUGHT]}),
        (
            {"new_1": LIFT, "ours": "part"},
            {"not_responsible": [WHAT_IS_NOT_OURS], "sought": [WHAT_IS_SOUGHT]},
        ),
        (
            {"new_1": LIFT, "sought_unsaid": "on", "ours": "part", "responsible": "The lift."},
            {"not_responsible": [WHAT_IS_NOT_OURS]},
        ),
        (
            {"new_1": LIFT, "sought_unsaid": "on", "responsible": "The lift."},
            {"not_responsible": [WHAT_IS_NOT_OURS]},
        ),
        (
            {"new_1": LIFT, "sought": "A lift.", "sought_unsaid": "on", "ours": "all"},
            {"sought": [EITHER_SOUGHT]},
        ),
    ],
    ids=[
        "no point",
        "ours",
        "sought",
        "part without words",
        "part without what is not ours",
        "what is ours without a choice",
        "sought twice",
    ],
)
def test_a_procedure_that_defines_the_complaint_is_not_acknowledged_undefined(
    house, client, typed, errors
):
    page = sent_without_points(house, client, "code-2024", typed)

    assert page.status_code == 422
    assert page.context["form"].errors == errors
    assert not Letter.objects.exists()


A_LIFT = [(None, LIFT)]
LACKING = [
    Definition([]),
    Definition(A_LIFT),
    Definition(A_LIFT, sought="A lift."),
    Definition(A_LIFT, responsible="The lift."),
    Definition(A_LIFT, is_all_ours=True),
    Definition(A_LIFT, sought="A lift.", responsible="The lift."),
    Definition(A_LIFT, sought=" ", not_responsible="The road."),
    Definition(A_LIFT, is_sought_unsaid=True, responsible=" "),
]


# Code 5.6, 5.7
@pytest.mark.parametrize("definition", [None, *LACKING])
def test_no_path_acknowledges_a_complaint_that_is_not_defined(house, definition):
    day = date(2026, 6, 10)
    story = Story(house, "code-2024")

    with pytest.raises(ReasonMissing, match=r"one point|responsible for all|what the customer"):
        story.act(
            acknowledge, COORDINATOR, day, on=day, telling=Telling("phone"), definition=definition
        )

    assert not RecordedEvent.objects.filter(kind=EventKind.ACKNOWLEDGED).exists()
    whole = Definition(A_LIFT, is_sought_unsaid=True, is_all_ours=True)
    story.act(define_points, COORDINATOR, day, definition=whole)
    story.act(acknowledge, COORDINATOR, day, on=day, telling=Telling("phone"))
    assert RecordedEvent.objects.filter(kind=EventKind.ACKNOWLEDGED).exists()


# Code 5.6, 5.7
@pytest.mark.parametrize("lacking", LACKING[1:])
def test_points_that_were_noted_before_are_no_definition(house, lacking):
    day = date(2026, 6, 10)
    story = Story(house, "code-2024", definition=lacking)

    with pytest.raises(ReasonMissing):
        story.act(acknowledge, COORDINATOR, day, on=day, telling=Telling("phone"))

    assert not RecordedEvent.objects.filter(kind=EventKind.ACKNOWLEDGED).exists()


# Code 5.6, 5.7
@pytest.mark.parametrize("lacking", LACKING)
def test_points_are_not_set_out_by_halves_where_the_procedure_defines_the_complaint(house, lacking):
    story = Story(house, "code-2024")

    with pytest.raises(ReasonMissing):
        story.act(define_points, COORDINATOR, date(2026, 6, 10), definition=lacking)

    assert points(story) == []


@pytest.mark.parametrize(
    "twice",
    [{"sought": "A lift.", "is_sought_unsaid": True}, {"responsible": "It.", "is_all_ours": True}],
)
def test_a_definition_says_one_thing_of_what_is_sought_and_of_what_is_ours(house, twice):
    story = Story(house, "kht-three-stage")

    with pytest.raises(ActionNotAllowed, match="ither"):
        story.act(
            define_points,
            COORDINATOR,
            date(2026, 6, 10),
            definition=Definition(A_LIFT, **twice),
        )


# Code 5.6, 5.7
def test_one_press_defines_nothing_and_two_choices_do(house, client):
    story = Story(house, "code-2024", summary=LIFT)
    client.force_login(house[COORDINATOR])
    url = reverse("cases:acknowledge", args=[story.complaint.reference])

    with time_machine.travel(at(date(2026, 6, 10)), tick=False):
        form = client.get(url).context["form"]
        offered = {name: form[name].value() or "" for name in ("new_1", "ours", "responsible")}
        pressed = client.post(url, acknowledging(story, offered, {}))
        chosen = offered | {"ours": "all", "sought_unsaid": "on"}
        page = client.post(url, acknowledging(story, chosen, {}))

    assert offered == {"new_1": LIFT, "ours": "", "responsible": ""}
    assert (pressed.status_code, page.status_code) == (422, 302)
    body = Letter.objects.get().body
    assert f"1. {LIFT}" in body
    assert "You did not tell us what you would like to happen." in body
    assert "We are responsible for all of this." in body


# Code 5.7
def test_not_for_all_of_it_says_what_is_not_ours_under_every_procedure(house, client):
    part = {"new_1": LIFT, "ours": "part", "responsible": "The lift."}

    page = sent_without_points(house, client, "kht-three-stage", part)

    assert page.context["form"].errors == {"not_responsible": [WHAT_IS_NOT_OURS]}
    assert not Letter.objects.exists()


def test_what_is_not_ours_is_not_called_optional_where_it_is_asked(house, client):
    story = Story(house, "code-2024")
    client.force_login(house[COORDINATOR])

    page = client.get(reverse("cases:define-points", args=[story.complaint.reference]))

    told = " ".join(page.content.decode().split())
    assert "What we are responsible for (optional)" in told
    assert "What we are not responsible for (optional)" not in told


def test_what_is_not_ours_alone_is_enough(house, client):
    part = {"new_1": LIFT, "sought_unsaid": "on", "ours": "part", "not_responsible": "The road."}

    page = sent_without_points(house, client, "code-2024", part)

    assert page.status_code == 302, page.context["form"].errors
    assert "We are not responsible for this: The road." in Letter.objects.get().body


def test_words_under_a_choice_that_was_changed_back_do_not_count(house, client):
    hidden = {"responsible": "The lift.", "not_responsible": "The road."}
    chosen = {"new_1": LIFT, "sought_unsaid": "on", "ours": "all", **hidden}

    page = sent_without_points(house, client, "code-2024", chosen)

    assert page.status_code == 302, page.context["form"].errors
    body = Letter.objects.get().body
    assert "We are responsible for all of this." in body
    assert "The road." not in body
    kept = EventWords.objects.get(event__kind=EventKind.POINTS_DEFINED).parts
    assert (kept["responsible"], kept.get("not_responsible", "")) == (ALL_OURS, "")


def test_what_was_chosen_before_stands_in_the_form(house, client):
    chosen = Definition(A_LIFT, is_sought_unsaid=True, is_all_ours=True)
    story = Story(house, "code-2024", definition=chosen)
    client.force_login(house[COORDINATOR])

    form = client.get(reverse("cases:define-points", args=[story.complaint.reference])).context[
        "form"
    ]

    names = ("sought", "sought_unsaid", "ours", "responsible")
    assert [form[name].value() for name in names] == ["", True, "all", ""]


def test_elsewhere_an_acknowledgement_needs_no_points_where_nothing_goes_with_them(house, client):
    page = sent_without_points(house, client, "kht-three-stage", {})

    assert page.status_code == 302, page.context["form"].errors
    assert "We got your complaint." in Letter.objects.get().body


def test_the_stored_points_are_those_of_the_events(story):
    answer(story, found(Outcome.UPHELD, Outcome.NOT_UPHELD))
    assert rebuild_projections(repair=False, progress=lambda _: None).differences == []
    PointOfComplaint.objects.filter(number=1).update(finding="not_upheld")

    rebuilt = rebuild_projections(repair=True, progress=lambda _: None)

    assert rebuilt.differences == [f"{story.complaint.reference}: point 1"]
    assert points(story) == [(1, "upheld"), (2, "not_upheld")]


def test_a_finding_without_its_answer_cannot_be_stored(story):
    with pytest.raises(IntegrityError, match="found_by_an_answer"), transaction.atomic():
        PointOfComplaint.objects.filter(number=1).update(finding="upheld")


def test_points_travel_in_the_export(story):
    answer(story, found(Outcome.UPHELD, Outcome.NOT_UPHELD))
    out = StringIO()

    with time_machine.travel(NOW, tick=False):
        call_command("export_complaints", "--format", "json", stdout=out)

    told = json.loads(out.getvalue())[0]["points"]
    assert [(each["words"], each["finding"]) for each in told] == [
        (LIFT, "upheld"),
        (CALL, "not_upheld"),
    ]
    assert TODAY > ANSWERED


def test_an_answer_to_a_complaint_without_points_needs_the_words_of_its_letter(house, client):
    complaint = house.lodge()
    client.force_login(house[OFFICER])
    url = reverse("cases:respond", args=[complaint.reference])

    with time_machine.travel(NOW, tick=False):
        refused = client.post(url, {"seen": complaint.version, "outcome": "upheld"})

    assert refused.status_code == 422
    assert "letter" in refused.context["form"].errors


def put_right(house) -> Story:
    """Return a complaint with two points that was put right at first contact."""
    story = Story(house, "herefordshire").with_two_points()
    officer, day = Role.RESPONSIBLE_OFFICER, date(2026, 6, 9)
    return story.act(
        resolve, officer, day, on=day, words="Mended.", apologised=True, close=False,
        telling=Telling("phone"),
    )  # fmt: skip


def ends(story) -> tuple[list[str], list[str]]:
    """Return how each point stands on the page, and what the evidence says of points."""
    user = story.house[Role.COMPLAINTS_COORDINATOR]
    shown = case_page(story.complaint, user=user, today=TODAY).points.lines
    history = history_of(story.complaint)
    gaps = gaps_of(history.state, history.terms, today=TODAY, documented=())
    return [line.finding_words for line in shown], [gap for gap in gaps if "no finding" in gap]


@pytest.mark.rule("HH-11")
def test_what_was_put_right_at_first_contact_settles_its_points(house):
    story = put_right(house)

    assert ends(story) == (["Put right without a formal answer"] * 2, [])
    assert rebuild_projections(repair=False, progress=lambda _: None).differences == []


@pytest.mark.rule("LV-5")
def test_points_of_what_was_put_right_are_open_again_once_it_is_passed_on(house):
    story = put_right(house).passed_on()

    assert ends(story) == (["Not decided yet"] * 2, [])
    assert ends(story.answered()) == (["Upheld"] * 2, [])


@pytest.mark.rule("LV-5")
def test_a_request_that_is_refused_leaves_what_was_put_right_as_it_was(house):
    events = list(history_of(put_right(house).complaint).state.events)
    asked = replace(events[-1], number=90, kind=EventKind.ESCALATION_REQUESTED, facts={})
    refused = replace(asked, number=91, kind=EventKind.ESCALATION_REFUSED)

    def ended(*more) -> set[str]:
        return {point.ended_as for point in points_of([*events, *more])}

    assert ended(asked) == {""}
    assert ended(asked, refused) == {"Put right without a formal answer"}


@pytest.mark.rule("LV-5")
@pytest.mark.parametrize("between", [EventKind.REOPENED, EventKind.RESPONDED])
def test_what_was_put_right_before_it_was_opened_again_or_answered_settles_nothing_more(
    house, between
):
    events = list(history_of(put_right(house).complaint).state.events)
    again = replace(events[-1], number=90, kind=between, facts={})
    asked = replace(again, number=91, kind=EventKind.ESCALATION_REQUESTED)
    refused = replace(again, number=92, kind=EventKind.ESCALATION_REFUSED)
    resolved = next(each for each in events if each.kind is EventKind.RESOLVED)

    def ended(*more) -> set[str]:
        return {point.ended_as for point in points_of([*events, *more])}

    assert ended(again, asked, refused) == {""}
    assert ended(again, replace(resolved, number=93)) == {"Put right without a formal answer"}
