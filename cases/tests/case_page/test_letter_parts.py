"""A letter with a compulsory part missing cannot be issued, by any path."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ComplaintError, LetterIncomplete
from cases.models import (
    Landlord,
    Letter,
    OutboundMessage,
    OutsideBodyDetails,
    RecordedEvent,
)
from cases.operations import close, extend
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_parts import ANSWERING, parts_asked_of, to_vouch_for
from cases.rules.letter_templates import letter_of, shipped
from cases.rules.letters import LetterFacts, LetterKind, letter_paragraphs, what_is_missing
from cases.rules.parts import Part
from cases.rules.points import Point, PointWords
from cases.rules.roles import Role
from cases.tests import answering
from cases.tests.case_page.situations import NOW, SITUATIONS, Story
from cases.tests.rules.stories import happened
from cases.tests.rules.strategies import TERMS
from cases.views.acts.all import ACT_PAGES

ROOT = Path(__file__).resolve().parents[3]
REACH = "If you have a question, please telephone 0800 000 0000."
OMBUDSMAN = ("Housing Ombudsman Service", "0300 111 3000")
DAY = date(2026, 7, 6)
POINT = PointWords(
    1, Point(1, 2, Outcome.UPHELD, 3, ("apology",)), "The lift is out of order.", "It stood still."
)


def whole_letter(code: str, stage_code: str, kind: LetterKind) -> LetterFacts:
    """Return what a letter that lacks nothing is made from, in the first visit to a stage."""
    terms = TERMS[code]
    stage = terms.stage(stage_code)
    state = happened(code, ("received", "8 Jun", {"stage": stage_code}))
    panel = stage.panel
    decides = kind is LetterKind.OUTCOME and panel is not None and panel.decisions
    ground = {
        LetterKind.ESCALATION_REFUSED: "over_12_months",
        LetterKind.NOT_ACCEPTED: "over_12_months",
        LetterKind.REFERRED: "asb",
    }
    return LetterFacts(
        kind=kind,
        stage=stage_code,
        visit=1,
        reference="KX7M-2QPD-6",
        terms=terms,
        state=state,
        outside=OMBUDSMAN,
        words="We looked into it.",
        outcome=Outcome.UPHELD if kind in ANSWERING else None,
        panel_decision=PanelDecision.CHANGED if decides else None,
        remedies=("We apologise to you.",),
        amount="100.50",
        heads=(("delay", "60.50"), ("distress and inconvenience", "40.00")),
        new_due_on=DAY,
        hearing_on=DAY,
        hearing_place="Town Hall",
        ground=ground.get(kind, ""),
        reach=REACH,
        late_because="The surveyor was ill.",
        enclosures=("our complaints policy and procedure",),
        points=(POINT,),
        sought="A lift that works.",
        responsible="The lift.",
        not_responsible="The road.",
        told="The lift is out of order.",
        says=to_vouch_for(kind, stage),
        must_enclose_policy=kind is LetterKind.ACKNOWLEDGEMENT,
        promise="A plasterer comes by 10 July 2026.",
        offered="£75.00",
        speaker="Kim Morgan",
    )


# What to take away from a whole letter so that one part is missing.
WITHOUT: dict[Part, dict[str, object]] = {
    Part.STAGE: {"template": "{stage}"},
    Part.ACTIONS: {"template": "{what puts it right}", "points": ()},
    Part.TAKING_PART: {"template": "{taking part}"},
    Part.SPEAKER: {"template": "{who speaks}"},
    Part.ANSWER: {"template": "{what comes next}"},
    Part.FURTHER: {"template": "{what comes next}"},
    Part.APPEAL: {"template": "{what comes next}"},
    Part.DEFINITION: {"points": (), "told": "", "words": ""},
    Part.LATENESS: {"template": "{decision}"},
    Part.SOUGHT: {"sought": ""},
    Part.RESPONSIBLE: {"not_responsible": " "},
    Part.DECISION: {"outcome": None, "panel_decision": None},
    Part.REASONS: {"words": " \n ", "points": (), "ground": "", "late_because": ""},
    Part.REMEDY: {"remedies": (), "amount": "", "points": ()},
    Part.PUT_RIGHT: {"words": " \n "},
    Part.MESSAGE: {"words": ""},
    Part.AMOUNT: {"template": "{what puts it right}"},
    Part.BASIS: {"heads": ()},
    Part.NEW_DAY: {"new_due_on": None},
    Part.HEARING: {"hearing_on": None},
    Part.PLACE: {"hearing_place": "  "},
    Part.OMBUDSMAN: {"outside": ()},
    Part.POLICY: {"enclosures": ()},
    Part.REACH: {"reach": ""},
}
LETTERS = [
    (code, stage.code, kind)
    for code, terms in TERMS.items()
    for stage in terms.stages
    for kind in LetterKind
    if (stage.panel is not None) == (kind in (LetterKind.INVITATION, LetterKind.OUTCOME))
    or kind not in (LetterKind.INVITATION, LetterKind.OUTCOME, LetterKind.RESPONSE)
]


def without(whole: LetterFacts, part: Part) -> dict[str, object]:
    """Return what changes so that a part is missing: facts, or a template that leaves it out."""
    changes = dict(WITHOUT[part])
    if "template" in changes:
        left_out = str(changes["template"])
        changes["template"] = shipped(letter_of(whole)).replace(left_out, "")
    return changes


def refuses_every_gap(
    code: str, stage: str, kind: LetterKind, check: Callable[[LetterFacts], list[str]]
) -> None:
    """Assert that a check lets the whole letter go, and none that lacks a part."""
    whole = whole_letter(code, stage, kind)
    assert check(whole) == []
    for part in parts_asked_of(whole):
        lacking = replace(whole, **without(whole, part))
        assert part.words in check(lacking), part
    for phrase in whole.says:
        said = tuple(each for each in whole.says if each != phrase)
        assert phrase in check(replace(whole, says=said))


def test_every_part_that_a_letter_can_need_is_taken_away_by_the_test_of_gaps():
    assert set(WITHOUT) == set(Part)


@given(st.sampled_from(LETTERS))
def test_a_letter_with_a_part_missing_is_refused_under_every_procedure_and_stage(letter):
    refuses_every_gap(*letter, what_is_missing)


@pytest.mark.parametrize("forgotten", sorted(WITHOUT))
def test_a_check_that_forgets_one_part_is_caught(forgotten):
    def forgetful(facts: LetterFacts) -> list[str]:
        return [words for words in what_is_missing(facts) if words != forgotten.words]

    def goes_wrong() -> Iterator[bool]:
        for letter in LETTERS:
            try:
                refuses_every_gap(*letter, forgetful)
            except AssertionError:
                yield True

    assert any(goes_wrong())


def test_nobody_is_asked_about_a_person_without_a_name():
    whole = whole_letter("code-2024", "stage-1", LetterKind.CONSENT_REQUEST)

    lacking = what_is_missing(replace(whole, speaker="  "))

    assert "who says that they speak for the customer" in lacking


def test_a_hearing_that_is_joined_from_elsewhere_needs_no_place():
    whole = whole_letter("herefordshire", "stage-3", LetterKind.INVITATION)

    joined = replace(whole, hearing_place="", hearing_link="https://meet.example.org/1")

    assert what_is_missing(joined) == []
    assert what_is_missing(replace(joined, hearing_link=" ")) == ["where it is heard"]


def test_what_is_missing_is_named_in_its_place():
    whole = whole_letter("code-2024", "stage-1", LetterKind.RESPONSE)

    told = letter_paragraphs(replace(whole, outside=(), words="", points=()))

    assert "[missing: the reasons]" in told
    assert "[missing: the Ombudsman’s details]" in told
    assert not [each for each in letter_paragraphs(whole) if "[missing" in each]


@pytest.mark.rule("K3-12", "KF-15", "LV-8", "HH-20", "HH-25")
@pytest.mark.parametrize("code", sorted(TERMS))
def test_what_a_procedure_wants_in_an_answer_is_a_part_or_is_vouched_for(code):
    phrases = {each for stage in TERMS[code].stages for each in stage.letters.answer_says}

    assert phrases == ({"learnings"} if code == "livv-two-stage" else set())


# The paths by which letters go -----------------------------------------------------------------


def test_letters_are_made_in_one_place():
    makers = set()
    for path in ROOT.glob("*/**/*.py"):
        if {"tests", "migrations", ".venv", "node_modules"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "Letter",
                "Letter.objects.create",
                "Letter.objects.bulk_create",
            ):
                makers.add(path.relative_to(ROOT).as_posix())
    # Copies are made of a letter that was checked.
    assert makers == {"cases/operations/letters.py", "cases/operations/letter_copies.py"}


WRITING = [act for act, page in ACT_PAGES.items() if page.letter_kind and act in SITUATIONS]


@pytest.mark.parametrize("act", WRITING, ids=lambda act: act.value)
def test_no_act_sends_its_letter_from_the_screen_while_a_part_is_missing(act, house, client):
    situation = SITUATIONS[act]
    with time_machine.travel(NOW, tick=False):
        story = situation.lead(house)
        files = [f"file:{file.key}" for file in story.complaint.files.all()]
        papers = {"contents": files, "withheld_because": "The panel has it."}
        data = situation.data(story) | {"channel": "post"} | papers
        client.force_login(house[situation.by])
        Landlord.objects.update(telephone="", email="")
        before = (RecordedEvent.objects.count(), Letter.objects.count())
        url = reverse(f"cases:{act.value}", args=[story.complaint.reference])

        sent = client.post(url, data)
        shown = client.post(url, data | {"preview": "yes"})

    assert sent.status_code == 422
    assert "how to reach us" in str(sent.context["form"].non_field_errors())
    assert (RecordedEvent.objects.count(), Letter.objects.count()) == before
    assert not OutboundMessage.objects.filter(kind__startswith="letter").exists()
    assert shown.status_code == 200
    assert "[missing: how to reach us, and other formats]" in shown.content.decode()


@pytest.mark.parametrize("channel", ["post", "email"])
def test_an_operation_refuses_without_the_ombudsman_and_records_nothing(house, channel):
    OutsideBodyDetails.objects.all().delete()
    day = date(2026, 6, 9)
    story = Story(house, "herefordshire").passed_on()
    telling = Telling(channel, "We looked into it.")
    before = RecordedEvent.objects.count()
    tries = [
        (answering.acknowledge, Role.COMPLAINTS_COORDINATOR, {"on": day}),
        (answering.respond, Role.HEAD_OF_SERVICE, {"on": day, "answer": Answer(Outcome.UPHELD)}),
        (
            extend.extend,
            Role.COMPLAINTS_COORDINATOR,
            {"new_due_on": date(2026, 7, 8), "reason": "Late.", "exceptional": True},
        ),
        (close.refuse, Role.COMPLAINTS_COORDINATOR, {"ground": "other", "evidence": "A file."}),
        (close.refer_elsewhere, Role.COMPLAINTS_COORDINATOR, {"to": "asb", "words": "To them."}),
    ]

    refusals: list[ComplaintError] = []
    for operation, by, details in tries:
        with pytest.raises(LetterIncomplete) as caught:
            story.act(operation, by, day, telling=telling, **details)
        refusals.append(caught.value)

    assert all("the Ombudsman’s details" in str(each) for each in refusals)
    assert RecordedEvent.objects.count() == before
    assert not Letter.objects.exists()


@pytest.mark.rule("LV-8")
def test_what_only_the_writer_can_vouch_for_must_be_vouched_for(house):
    day = date(2026, 6, 10)
    story = Story(house, "livv-two-stage").passed_on()
    answer = Answer(Outcome.NOT_UPHELD)
    telling = Telling("post", "We found this, and learnt that.")

    with pytest.raises(LetterIncomplete, match="learnings"):
        story.act(answering.respond, Role.LINE_MANAGER, day, on=day, answer=answer, telling=telling)
    vouched = replace(telling, says=("learnings",))
    story.act(answering.respond, Role.LINE_MANAGER, day, on=day, answer=answer, telling=vouched)

    assert Letter.objects.count() == 1


def test_a_new_letter_has_the_ombudsman_of_its_day_and_an_old_one_what_was_sent(house):
    day, later = date(2026, 6, 9), date(2026, 6, 11)
    story = Story(house, "code-2024")
    story.act(
        answering.acknowledge, Role.COMPLAINTS_COORDINATOR, day, on=day, telling=Telling("post")
    )
    OutsideBodyDetails.objects.create(
        code="ombudsman",
        from_on=date(2026, 6, 10),
        name="Housing Ombudsman Service",
        telephone="0300 2",
    )

    story.act(
        extend.extend,
        Role.COMPLAINTS_COORDINATOR,
        later,
        new_due_on=date(2026, 6, 30),
        reason="A part is on order.",
        exceptional=False,
        telling=Telling("post"),
    )

    old, new = Letter.objects.order_by("pk")
    assert "0300 111 3000" in old.body
    assert "0300 2" in new.body
    assert "0300 111 3000" not in new.body


def test_the_preview_advises_about_plain_words_and_sends_nothing(house, client):
    Landlord.objects.update(jargon="operative: worker")
    situation = SITUATIONS[Act.RESPOND]
    with time_machine.travel(NOW, tick=False):
        story = situation.lead(house)
        client.force_login(house[situation.by])
        url = reverse("cases:respond", args=[story.complaint.reference])
        data = situation.data(story) | {"letter": "An operative came. It is not upheld."}
        shown = client.post(url, data | {"preview": "yes"})
        sent = client.post(url, data)

    page = shown.content.decode()
    assert "“operative”: say “worker”." in page
    assert "the finding is: upheld" in page
    assert sent.status_code == 302
