"""What was written elsewhere is no way around a letter's parts; the list of them is live."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.errors import ActionNotAllowed, LetterIncomplete
from cases.models import Document, Letter, OutsideBodyDetails, RecordedEvent, Scan, StoredFile
from cases.operations.lateness import saying_why
from cases.operations.note import add_note
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.events import Outcome
from cases.rules.gaps import gaps_of
from cases.rules.lateness import Lateness
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import checklist
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.tests import answering
from cases.tests.case_page.situations import NOW, TODAY, Story
from cases.tests.factories import CustomerFactory
from cases.tests.fixtures import at, written_elsewhere

OFFICER = Role.RESPONSIBLE_OFFICER
UPHELD = Answer(Outcome.UPHELD, remedies=["apology"])


def answer(house, complaint, telling: Telling):
    """Answer the stage, told in a way."""
    complaint.refresh_from_db()
    answering.respond(
        complaint_id=complaint.pk,
        by=house[OFFICER],
        now=NOW,
        seen=complaint.version,
        on=TODAY,
        answer=UPHELD,
        telling=telling,
    )


@pytest.fixture
def complaint(house):
    """Return a complaint to be answered."""
    return house.lodge()


# Written elsewhere -----------------------------------------------------------------------------


def test_it_is_kept_with_its_copy_and_with_what_its_writer_vouches_for(house, complaint):
    telling = written_elsewhere(complaint, "As we said on Monday.")

    answer(house, complaint, telling)

    letter = Letter.objects.get()
    assert letter.original_id == telling.copy
    assert "says that it contains: the stage" in letter.body
    assert "how and by when to go further" in letter.body
    assert "As we said on Monday." in letter.body
    noted = RecordedEvent.objects.get(kind="noted")
    assert noted.facts["sha256"] == StoredFile.objects.get().sha256


@pytest.mark.parametrize("part", ["stage", "decision", "reasons", "further", "ombudsman", "reach"])
def test_without_one_of_its_parts_it_is_not_recorded(house, complaint, part):
    telling = written_elsewhere(complaint)
    lacking = replace(telling, contains=[each for each in telling.contains if each != part])

    with pytest.raises(LetterIncomplete, match="Say that it contains"):
        answer(house, complaint, lacking)

    assert not Letter.objects.exists()
    assert not RecordedEvent.objects.filter(kind="responded").exists()


@pytest.mark.rule("HH-29")
def test_a_late_answer_written_elsewhere_apologises_and_gives_the_reason(house, complaint):
    late, day = Lateness("The surveyor was ill.", avoidable=False), date(2026, 7, 3)
    telling = written_elsewhere(complaint)
    silent = replace(telling, contains=[each for each in telling.contains if each != "lateness"])
    given = {"complaint_id": complaint.pk, "by": house[OFFICER], "now": at(day), "seen": None}

    with saying_why(late), pytest.raises(LetterIncomplete, match="the apology for being late"):
        answering.respond(**given, on=day, answer=UPHELD, telling=silent)
    assert not Letter.objects.exists()
    with saying_why(late):
        answering.respond(**given, on=day, answer=UPHELD, telling=telling)

    assert "the apology for being late, and the reason" in Letter.objects.get().body


@pytest.mark.rule("HH-29")
def test_an_answer_in_time_is_asked_for_no_apology(house, complaint):
    telling = written_elsewhere(complaint)
    silent = replace(telling, contains=[each for each in telling.contains if each != "lateness"])

    answer(house, complaint, silent)

    assert "apology for being late" not in Letter.objects.get().body


@pytest.mark.rule("HH-29")
@pytest.mark.parametrize(("day", "is_late"), [(TODAY, False), (date(2026, 7, 3), True)])
def test_the_page_lists_the_apology_where_the_answer_is_late(
    house, complaint, client, day, is_late
):
    client.force_login(house[OFFICER])
    url = reverse("cases:respond", args=[complaint.reference])

    with time_machine.travel(at(day), tick=False):
        shown = client.get(url)
        typed = {"seen": str(complaint.version), "channel": "post", "check": "yes"}
        silent = client.post(url, typed)
        said = client.post(url, {**typed, "late_because": "The surveyor was ill."})

    to_tick = dict(shown.context["form"].fields["parts_said"].choices)
    words = "the apology for being late, and the reason"
    assert ("lateness" in to_tick) is is_late
    assert (words in [each.must.words for each in shown.context["checklist"].lines]) is is_late
    assert (words in silent.context["checklist"].missing) is is_late
    assert words not in said.context["checklist"].missing


def test_without_its_copy_or_with_that_of_another_letter_it_is_not_recorded(house, complaint):
    telling = written_elsewhere(complaint)
    with pytest.raises(ActionNotAllowed, match="Choose the copy of what was sent"):
        answer(house, complaint, replace(telling, copy=None))
    theirs = written_elsewhere(house.lodge())
    with pytest.raises(ActionNotAllowed, match="Choose the copy of what was sent"):
        answer(house, complaint, replace(telling, copy=theirs.copy))
    StoredFile.objects.filter(pk=telling.copy).update(scan=Scan.INFECTED.value)
    with pytest.raises(ActionNotAllowed, match="cannot be opened"):
        answer(house, complaint, telling)
    StoredFile.objects.filter(pk=telling.copy).update(scan=Scan.CLEAN.value)
    answering.acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2026, 6, 9)),
        seen=complaint.version,
        on=date(2026, 6, 9),
        telling=telling,
    )
    with pytest.raises(ActionNotAllowed, match="the copy of another letter already"):
        answer(house, complaint, telling)


@time_machine.travel(NOW, tick=False)
def test_the_screen_asks_for_the_copy_and_for_each_part_and_keeps_what_was_typed(
    client, house, complaint
):
    client.force_login(house[OFFICER])
    url = reverse("cases:respond", args=[complaint.reference])
    copy = written_elsewhere(complaint).copy
    day = {"on_day": "22", "on_month": "6", "on_year": "2026"}
    typed = {
        "seen": complaint.version, "outcome": "upheld", "remedies": "apology",
        "late_because": "Ill.", "avoidable": "no", "channel": "letter_elsewhere",
        "letter": "Sent on paper.", **day,
    }  # fmt: skip

    refused = client.post(url, typed)
    parts = [code for code, _ in refused.context["form"].fields["parts_said"].choices]
    lacking = client.post(url, {**typed, "copy": copy, "parts_said": parts[1:]})
    recorded = client.post(url, {**typed, "copy": copy, "parts_said": parts})

    assert refused.status_code == lacking.status_code == 422
    assert "Choose the copy of what was sent" in refused.content.decode()
    assert "Sent on paper." in refused.content.decode()
    assert "Say that it contains: the stage." in lacking.content.decode()
    assert recorded.status_code == 302
    assert Letter.objects.get().original_id == copy


def sent_with(content: bytes, name: str = "our reply.txt", **more):
    """Return an answer told by a letter written elsewhere, as the form sends it with its copy."""
    return {
        "outcome": "upheld", "remedies": "apology", "late_because": "Ill.", "avoidable": "no",
        "channel": "letter_elsewhere", "letter": "Sent on paper.",
        "on_day": "22", "on_month": "6", "on_year": "2026",
        "copy_added": SimpleUploadedFile(name, content), **more,
    }  # fmt: skip


@time_machine.travel(NOW, tick=False)
def test_the_copy_is_added_with_the_form_itself_and_kept_through_mistakes(client, house, complaint):
    client.force_login(house[OFFICER])
    url = reverse("cases:respond", args=[complaint.reference])
    begun = complaint.version

    lacking = client.post(url, sent_with(b"Our reply.", seen=begun, parts_said=[]))
    kept = StoredFile.objects.get()
    again = sent_with(b"Our reply.", seen=lacking.context["form"]["seen"].value())
    parts = [code for code, _ in lacking.context["form"].fields["parts_said"].choices]
    recorded = client.post(url, {**again, "parts_said": parts})

    assert lacking.status_code == 422
    assert lacking.context["form"]["copy"].value() == str(kept.pk)
    assert "Sent on paper." in lacking.content.decode()
    assert kept.complaint == complaint
    assert recorded.status_code == 302
    assert Letter.objects.get().original == kept
    assert list(StoredFile.objects.all()) == [kept]


@time_machine.travel(NOW, tick=False)
def test_nobody_mistakes_what_is_kept_of_it_for_the_letter_itself(client, house, complaint):
    client.force_login(house[OFFICER])
    url = reverse("cases:respond", args=[complaint.reference])
    telling = written_elsewhere(complaint)
    parts = checklist(LetterKind.RESPONSE, history_of(complaint).stage)
    sent = sent_with(b"Our reply.", seen=complaint.version, parts_said=[e.code for e in parts])

    preview = client.post(url, {**sent, "preview": "yes"}).content.decode()
    answer(house, complaint, telling)
    letter = Letter.objects.get()
    page = client.get(reverse("cases:letter", args=[complaint.reference, letter.event_number]))
    record = client.get(reverse("cases:record-copy", args=[complaint.reference])).content.decode()
    document = reverse("cases:letter-document", args=[complaint.reference, letter.event_number])
    refused = client.get(document, follow=True).content.decode()

    assert "What is kept of the letter" in preview
    assert "as the customer will get it" not in preview
    assert "added for you" not in preview
    told = page.content.decode()
    file = reverse("cases:file", args=[complaint.reference, letter.original.key])
    assert file in told
    assert file in record
    assert document not in record
    assert "This letter was written elsewhere. Open the copy of what was sent." in refused
    assert not Document.objects.exists()
    assert "Dear " not in told
    assert "The letter as a document" not in told


@time_machine.travel(NOW, tick=False)
def test_the_copy_is_kept_with_a_draft_and_a_file_that_is_not_taken_holds_the_act_up(
    client, house, complaint
):
    client.force_login(house[OFFICER])
    url = reverse("cases:respond", args=[complaint.reference])
    other = written_elsewhere(complaint).copy

    drafted = client.post(
        url, sent_with(b"Our reply.", seen=complaint.version, draft="yes", draft_seen=0)
    )
    kept = StoredFile.objects.exclude(pk=other).get()
    found = client.get(url).context["form"]
    refused = client.post(url, sent_with(b"", seen=found["seen"].value(), copy=other))

    assert drafted.status_code == 302
    assert str(found["copy"].value()) == str(kept.pk)
    assert refused.status_code == 422
    assert "“our reply.txt” is empty." in refused.content.decode()
    assert not Letter.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_a_copy_that_comes_with_an_old_form_is_kept_and_the_collision_shown(
    client, house, complaint
):
    client.force_login(house[OFFICER])
    url = reverse("cases:respond", args=[complaint.reference])
    begun = complaint.version
    add_note(complaint_id=complaint.pk, by=house[OFFICER], now=NOW, words="Rang.")

    collided = client.post(url, sent_with(b"Our reply.", seen=begun))

    assert collided.status_code == 409
    assert collided.context["form"]["copy"].value() == str(StoredFile.objects.get().pk)


# What the record lacks -------------------------------------------------------------------------


def test_the_evidence_says_which_answer_has_no_letter_and_which_point_no_finding(house):
    story = Story(house, "kht-three-stage").answered()
    history = history_of(story.complaint)
    number = next(e.number for e in history.events if e.kind == "responded")

    def told(documented):
        return gaps_of(history.state, history.terms, today=TODAY, documented=documented)

    assert any("no letter and no copy" in gap for gap in told(()))
    assert not any("no letter and no copy" in gap for gap in told({number}))


# The list beside the composer ------------------------------------------------------------------


@pytest.fixture
def live(client, house, complaint):
    """Return what asks, as the page does while somebody types."""
    client.force_login(house[OFFICER])
    url = reverse("cases:respond", args=[complaint.reference])

    def ask(**typed):
        day = {"on_day": "22", "on_month": "6", "on_year": "2026"}
        asked = {"check": "live"} if "preview" not in typed else {}
        sent = {"seen": complaint.version, "channel": "post", **asked, **day, **typed}
        page = client.post(url, sent)
        assert page.status_code == 200
        return page

    with time_machine.travel(NOW, tick=False):
        yield ask


def test_the_list_shows_what_is_missing_as_one_types_and_records_nothing(live, complaint):
    empty = live().context["checklist"]
    decided = live(outcome="upheld").context["checklist"]
    written = live(outcome="upheld", letter="The lift was mended.").context["checklist"]
    whole = live(
        outcome="upheld",
        letter="The lift was mended.",
        remedies="apology",
        late_because="Ill.",
        avoidable="no",
    )

    assert empty.missing == ["the decision", "the reasons", "what puts it right"]
    assert decided.missing == ["the reasons", "what puts it right"]
    assert written.missing == ["what puts it right"]
    assert whole.context["checklist"].missing == []
    assert 'role="status"' in whole.content.decode()
    assert "The letter has all that you write for it." in whole.content.decode()
    assert not Letter.objects.exists()
    assert not RecordedEvent.objects.filter(kind="responded").exists()


def test_what_settings_lack_shows_in_the_list_of_the_preview(live):
    OutsideBodyDetails.objects.all().delete()

    whole = live(
        preview="yes",
        outcome="upheld",
        letter="The lift was mended.",
        remedies="apology",
        late_because="Ill.",
        avoidable="no",
    )

    assert whole.context["checklist"].missing == ["the Ombudsman’s details"]


def test_the_list_says_that_no_letter_goes_and_what_is_not_ticked_of_one_written_elsewhere(live):
    by_word = live(channel="phone").context["checklist"]
    assert by_word.note.startswith("No letter goes")
    elsewhere = live(channel="letter_elsewhere", parts_said=["stage"]).context["checklist"]
    assert "the stage" not in elsewhere.missing
    assert "the decision" in elsewhere.missing


@pytest.mark.rule("HH-11")
@pytest.mark.parametrize("how", ["post", "email"])
@time_machine.travel(NOW, tick=False)
def test_a_resolution_is_told_as_it_was_put_right_unless_something_else_is_written(
    client, house, how
):
    house.run("herefordshire")
    complaint = house.lodge(customer=CustomerFactory(email="agnes@example.org"))
    client.force_login(house[OFFICER])
    url = reverse("cases:resolve", args=[complaint.reference])
    day = {"on_day": "22", "on_month": "6", "on_year": "2026"}
    sent = {"seen": complaint.version, "channel": how, "close": "on", **day}

    empty = client.post(url, {**sent, "check": "live"}).context["checklist"]
    sent["resolution"] = "The lift runs again."
    filled = client.post(url, {**sent, "check": "live"}).context["checklist"]
    shown = client.post(url, {**sent, "preview": "yes"})
    other = client.post(url, {**sent, "letter": "Dear Agnes, it runs.", "preview": "yes"})
    recorded = client.post(url, sent)

    assert empty.missing == ["how it was put right"]
    assert filled.missing == shown.context["checklist"].missing == []
    assert "<p>The lift runs again.</p>" in shown.content.decode()
    assert "<p>Dear Agnes, it runs.</p>" in other.content.decode()
    assert "<p>The lift runs again.</p>" not in other.content.decode()
    assert recorded.status_code == 302
    assert "\n\nThe lift runs again.\n\n" in Letter.objects.get().body
