"""Nobody is turned away but by a whole letter; where nobody can write to them, it is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, ApprovalNeeded, ComplaintError, ReasonMissing
from cases.models import (
    Complaint,
    JointComplainant,
    Landlord,
    Letter,
    Level,
    OutboundMessage,
    RecordedEvent,
)
from cases.operations import close, correct, escalate
from cases.operations.documents import letter_as_document
from cases.operations.evidence import evidence_parts
from cases.operations.evidence_papers import letter_parts
from cases.operations.notices import can_be_written_to
from cases.operations.telling import ELSEWHERE, NOT_TOLD, TELLINGS, Telling
from cases.operations.tracking import close_tracking
from cases.operations.ways import channel_refusal
from cases.rules.acts import KINDS, Act
from cases.rules.customers import LetterFormat
from cases.rules.events import EventKind
from cases.rules.gaps import gaps_of
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.selectors.case_papers import how_it_went, papers_of
from cases.tests.approving import refused_by_one
from cases.tests.case_page.situations import NOW, SITUATIONS, TODAY, Story, under
from cases.tests.factories import CustomerFactory
from cases.tests.fixtures import at, written_elsewhere
from cases.tests.papers.test_bundles import put

WORDS = "We looked into it, and this is for the landlord before us."
ENDS = {EventKind.REFUSED, EventKind.REFERRED_ELSEWHERE, EventKind.ESCALATION_REFUSED}
# Nobody can write to them: no e-mail address, and post is not safe.
UNREACHABLE = {"email": "", "post_unsafe": True}
CUSTOMERS: dict[str, dict[str, Any]] = {
    "by both": {},
    "by e-mail alone": {"post_unsafe": True},
    "by post alone": {"email": "", "phone_unsafe": True},
    "with no address": {"email": "", "address": "", "postcode": ""},
    "with nothing safe": {"email_unsafe": True, "post_unsafe": True, "phone_unsafe": True},
}


@dataclass(frozen=True)
class Turned:
    """How a customer is turned away: in which complaint, by which operation, by whom."""

    lead: Callable[..., Story]
    operation: Callable[..., Any]
    by: Role
    given: dict[str, Any]


def asked_for_stage_two(house, **details: Any) -> Story:
    """Return a complaint in which the customer asked for stage two, which one person refuses."""
    refused_by_one("livv-two-stage")
    return Story(house, "livv-two-stage", **details).passed_on().answered().asked()


def just_received(house, **details: Any) -> Story:
    """Return a complaint under the Code."""
    return under("code-2024", **details)(house)


TURNED = {
    Act.REFUSE: Turned(
        just_received,
        close.refuse,
        Role.COMPLAINTS_COORDINATOR,
        {"ground": "over_12_months", "evidence": "The file."},
    ),
    Act.REFUSE_UNREASONABLE: Turned(
        just_received, close.refuse_unreasonable, Role.DIRECTOR, {"evidence": "Forty letters."}
    ),
    Act.REFER_ELSEWHERE: Turned(
        just_received,
        close.refer_elsewhere,
        Role.COMPLAINTS_COORDINATOR,
        {"to": "other_landlord_or_council", "words": WORDS},
    ),
    Act.REFUSE_ESCALATION: Turned(
        asked_for_stage_two,
        escalate.refuse_escalation,
        Role.DIRECTOR,
        {"ground": "followed_policy", "evidence": "Policy 4.2."},
    ),
}


def turn_away(story: Story, act: Act, telling: Telling, day: date = TODAY) -> None:
    """Turn the customer away by an act, told in a way."""
    how = TURNED[act]
    given = dict(how.given) if "words" in how.given else {**how.given, "on": day}
    story.act(how.operation, how.by, day, telling=telling, **given)


@pytest.fixture
def unreachable(house) -> Story:
    """Return a complaint of somebody to whom nobody can write."""
    return just_received(house, customer=CustomerFactory(**UNREACHABLE))


def test_every_act_that_turns_a_customer_away_is_tried_here():
    assert set(TURNED) == {act for act, kind in KINDS.items() if kind in ENDS}


@pytest.mark.rule("HH-6", "KF-14", "LV-9")
@pytest.mark.parametrize("reached", CUSTOMERS)
@pytest.mark.parametrize("act", TURNED, ids=lambda act: act.value)
def test_no_path_turns_a_customer_away_without_a_whole_letter(house, act, reached):
    customer = CustomerFactory(**CUSTOMERS[reached])
    story = TURNED[act].lead(house, customer=customer)
    before = (RecordedEvent.objects.count(), Letter.objects.count())
    done = set()
    for channel in (*TELLINGS, NOT_TOLD):
        for because in ("", "They have no home of their own."):
            telling = Telling(channel, WORDS, unwritten_because=because)
            if telling.is_elsewhere:
                telling = replace(written_elsewhere(story.complaint, WORDS), channel=channel)
            try:
                with transaction.atomic():
                    turn_away(story, act, telling)
                    done.add((channel, bool(because)))
                    event = RecordedEvent.objects.get(kind=KINDS[act].value)
                    letter = Letter.objects.get(event_number=event.number)
                    assert WORDS in letter.body
                    assert "[missing" not in letter.body
                    assert letter.original or "0300 111 3000" in letter.body
                    transaction.set_rollback(True)
            except ComplaintError:
                pass
            story.complaint.refresh_from_db()
            assert (RecordedEvent.objects.count(), Letter.objects.count()) == before

    written = {way for way in ("email", "post") if not channel_refusal(customer, way)}
    expected = {(way, said) for way in (*written, ELSEWHERE) for said in (False, True)}
    if not can_be_written_to(story.complaint, now=at(TODAY)):
        spoken = {way for way in ("phone", "in_person") if not channel_refusal(customer, way)}
        expected |= {(way, True) for way in (*spoken, NOT_TOLD)}
    assert done == expected


@pytest.mark.rule("HH-6", "KF-14")
@pytest.mark.parametrize("channel", ["phone", "in_person", NOT_TOLD])
@pytest.mark.parametrize("act", TURNED, ids=lambda act: act.value)
def test_whoever_can_be_written_to_is_not_turned_away_by_word(house, act, channel):
    story = TURNED[act].lead(house)

    with pytest.raises(ActionNotAllowed, match="turned away by this, so they are told in writing"):
        turn_away(story, act, Telling(channel, WORDS, unwritten_because="It is quicker."))


@pytest.fixture
def shut_off(house) -> Story:
    """Return a sensitive complaint of somebody with an e-mail address alone, closed to the web."""
    customer = CustomerFactory(post_unsafe=True, letters_by_email=False)
    story = just_received(house, customer=customer)
    Complaint.objects.filter(pk=story.complaint.pk).update(level=Level.SENSITIVE.value)
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    close_tracking(complaint_id=story.complaint.pk, by=coordinator, now=NOW)
    return story


def test_an_email_behind_which_nothing_can_be_read_is_no_way_to_write(shut_off):
    by_email = Telling("email", WORDS)
    by_phone = Telling("phone", WORDS, unwritten_because="Her partner reads her e-mails.")

    with pytest.raises(ActionNotAllowed, match="they could not read it there"):
        turn_away(shut_off, Act.REFUSE, by_email)
    turn_away(shut_off, Act.REFUSE, by_phone)

    letter = Letter.objects.get(complaint=shut_off.complaint)
    assert (letter.kind, letter.channel) == ("not_accepted", "phone")


def test_a_letter_that_is_kept_stays_what_it_was_when_its_entry_is_struck_out(unreachable):
    telling = Telling("phone", WORDS, unwritten_because="She sleeps rough.")
    turn_away(unreachable, Act.REFUSE, telling)

    letter = Letter.objects.get(complaint=unreachable.complaint)
    by = {"number": letter.event_number, "reason": "The wrong complaint."}
    unreachable.act(correct.retract, Role.COMPLAINTS_COORDINATOR, TODAY, **by)

    letter.refresh_from_db()
    assert letter.channel == "phone"


def test_a_refusal_of_which_nobody_could_be_told_is_not_called_sent(unreachable):
    telling = Telling(NOT_TOLD, WORDS, unwritten_because="She sleeps rough.")
    turn_away(unreachable, Act.REFUSE, telling)

    page = case_page(
        unreachable.complaint, user=unreachable.house[Role.DIRECTOR], today=TODAY, is_kept=True
    )
    [refused] = [each for each in page.entries if each.kind == EventKind.REFUSED]
    assert refused.style == "decision"


def test_the_form_asks_why_where_nothing_can_be_read_behind_an_email(shut_off, client):
    client.force_login(shut_off.house[Role.COMPLAINTS_COORDINATOR])

    page = client.get(reverse("cases:refuse", args=[shut_off.complaint.reference]))

    assert "unwritten_because" in page.context["form"].fields


def test_whoever_cannot_be_written_to_is_turned_away_with_a_reason_and_the_letter_is_kept(
    unreachable,
):
    by_phone = Telling("phone", WORDS)

    with pytest.raises(ReasonMissing, match="no safe way to write"):
        turn_away(unreachable, Act.REFUSE, by_phone)
    turn_away(unreachable, Act.REFUSE, replace(by_phone, unwritten_because="She sleeps rough."))

    letter = Letter.objects.get()
    [line] = papers_of(unreachable.complaint).letters
    noted = RecordedEvent.objects.get(kind="noted")
    assert (letter.channel, letter.message) == ("phone", None)
    assert line.standing == "Kept here: nobody could write to them"
    assert not line.is_to_post
    assert noted.words.parts["note"].endswith("How they were told: telephone. She sleeps rough.")
    assert not OutboundMessage.objects.filter(kind__startswith="letter").exists()
    assert letter_as_document(letter)[0].startswith(b"%PDF")
    assert how_it_went(letter) == [
        "It was made and kept, as there was no safe way to write to them. How they were told: "
        "telephone."
    ]
    [part] = letter_parts(unreachable.complaint)
    assert how_it_went(letter)[0] in part.sheet.to


def test_who_complains_too_gets_the_letter_that_is_kept_for_the_customer(unreachable):
    other = CustomerFactory(letter_format=LetterFormat.STANDARD.value)
    JointComplainant.objects.create(
        complaint=unreachable.complaint, customer=other, gets_letters=True
    )

    turn_away(unreachable, Act.REFUSE, Telling("phone", WORDS, unwritten_because="No home."))

    copy = Letter.objects.get(copy_of__isnull=False)
    # They live together, so what is not safe for one is not for the other.
    assert (copy.to_customer, copy.channel) == (other, "email")
    assert WORDS in copy.body


def test_a_letter_that_is_kept_needs_its_second_person_too(unreachable):
    Landlord.objects.update(approved_letters=["not_accepted"])

    with pytest.raises(ApprovalNeeded):
        turn_away(unreachable, Act.REFUSE, Telling("phone", WORDS, unwritten_because="No home."))

    assert not Letter.objects.exists()


# The screen ------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", TURNED, ids=lambda act: act.value)
def test_the_page_shuts_the_ways_that_leave_nothing_in_writing(act, house, client):
    how = TURNED[act]
    client.force_login(house[how.by])
    with time_machine.travel(NOW, tick=False):
        story = how.lead(house)
        url = reverse(f"cases:{act.value}", args=[story.complaint.reference])
        form = client.get(url).context["form"]
        data = SITUATIONS[act].data(story) | {"channel": "phone"}
        sent = client.post(url, data)

    assert {"phone", "in_person"} <= form.refused_channels().keys()
    assert "unwritten_because" not in form.fields
    assert sent.status_code == 422
    assert "they are told in writing why" in sent.content.decode()
    assert not RecordedEvent.objects.filter(kind=KINDS[act].value).exists()


def test_the_page_asks_why_somebody_cannot_be_written_to(unreachable, house, client):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    url = reverse("cases:refuse", args=[unreachable.complaint.reference])
    with time_machine.travel(NOW, tick=False):
        data = SITUATIONS[Act.REFUSE].data(unreachable) | {"channel": NOT_TOLD}
        asked = client.post(url, data)
        because = {"unwritten_because": "Nobody knows where she is."}
        shown = client.post(url, data | because | {"preview": "yes"})
        judged = client.post(url, data | because | {"check": "yes"})
        sent = client.post(url, data | because)

    assert "no safe way to write" in str(asked.context["form"].errors["unwritten_because"])
    assert "The letter that is made and kept" in shown.content.decode()
    assert "No letter goes" not in judged.content.decode()
    assert sent.status_code == 302
    with time_machine.travel(at(TODAY, 11), tick=False):
        page = client.get(
            reverse(
                "cases:letter",
                args=[unreachable.complaint.reference, Letter.objects.get().event_number],
            )
        )
    assert "Kept here: nobody could write to them" in page.content.decode()


def test_the_bundle_names_what_was_refused_before_by_word_alone(unreachable):
    turn_away(unreachable, Act.REFUSE, Telling("phone", WORDS, unwritten_because="No home."))
    history = history_of(unreachable.complaint)
    event = next(each for each in history.state.events if each.kind is EventKind.REFUSED)

    lacking = gaps_of(history.state, history.terms, today=TODAY, documented=[])
    kept = gaps_of(history.state, history.terms, today=TODAY, documented=[event.number])

    assert "Not accepted, 22 June 2026: no letter that says so is kept." in lacking
    assert not [each for each in kept if "no letter" in each]


# What a refusal rests on -----------------------------------------------------------------------

REFUSING = [act for act in TURNED if act is not Act.REFER_ELSEWHERE]


@pytest.mark.rule("KF-14", "LV-9")
@pytest.mark.parametrize("act", REFUSING, ids=lambda act: act.value)
def test_a_refusal_names_the_files_and_entries_that_show_it(act, house, client):
    how = TURNED[act]
    client.force_login(house[how.by])
    with time_machine.travel(NOW, tick=False):
        story = how.lead(house)
        file = put(story.complaint, "policy.txt", b"Policy 4.2.")
        codes = [f"file:{file.pk}", "entry:1"]
        url = reverse(f"cases:{act.value}", args=[story.complaint.reference])
        offered = dict(client.get(url).context["form"].fields["rests_on"].choices)
        sent = client.post(url, SITUATIONS[act].data(story) | {"rests_on": codes})
        story.complaint.refresh_from_db()
        page = case_page(story.complaint, user=house[Role.COMPLAINTS_COORDINATOR], today=TODAY)

    assert set(codes) <= offered.keys()
    assert sent.status_code == 302
    event = RecordedEvent.objects.get(kind=KINDS[act].value)
    assert event.facts["rests_on"] == codes
    entry = next(each for each in page.entries if each.number == event.number)
    [line] = [line for line in entry.lines if line.label == "Rests on"]
    assert line.text == "policy.txt; Complaint received, 8 Jun 2026"
    assert line.is_internal
    letter = Letter.objects.get(event_number=event.number)
    assert "policy.txt" not in letter.body


def test_the_evidence_names_by_its_number_what_a_refusal_rests_on(house):
    story = just_received(house)
    file = put(story.complaint, "policy.txt", b"Policy 4.2.")
    story.act(
        close.refuse,
        Role.COMPLAINTS_COORDINATOR,
        TODAY,
        on=TODAY,
        rests_on=[f"file:{file.pk}", "entry:1"],
        telling=Telling("post", WORDS),
        **TURNED[Act.REFUSE].given,
    )
    page = case_page(story.complaint, user=house[Role.COMPLAINTS_COORDINATOR], today=TODAY)

    parts = evidence_parts(page, now=at(TODAY))
    number = 1 + next(n for n, part in enumerate(parts) if part.title == "policy.txt")
    [table] = parts[2].blocks

    told = "\n".join(row[1] for row in table.rows)
    assert parts[2].title == "Chronology"
    assert (
        f"Rests on: Document {number}: policy.txt; Document 3: Complaint received, 8 Jun 2026"
        in told
    )


@pytest.mark.parametrize("code", ["entry:99", "file:99"])
def test_a_refusal_rests_on_nothing_that_is_not_of_the_complaint(house, code):
    story = just_received(house)
    elsewhere = put(house.lodge(), "other.txt", b"Another case.")
    unknown = code.replace("file:99", f"file:{elsewhere.pk}")

    with pytest.raises(ValueError, match="not of this complaint"):
        story.act(
            close.refuse_unreasonable,
            Role.DIRECTOR,
            TODAY,
            evidence="Forty letters.",
            rests_on=[unknown],
            telling=Telling("post", WORDS),
        )

    assert not RecordedEvent.objects.filter(kind="refused").exists()
