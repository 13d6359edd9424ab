"""What the evidence tells of points, hashes, panel packs and gaps; and what its twin does not."""

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import (
    Complaint,
    Document,
    DocumentKind,
    EventWords,
    Landlord,
    LetterProposal,
    Level,
    RecordedEvent,
    User,
)
from cases.operations.access import change_access
from cases.operations.call_backs import promise_call
from cases.operations.correct import retract
from cases.operations.escalate import refuse_escalation
from cases.operations.evidence import make_bundle
from cases.operations.evidence_papers import CLOSED_SINCE
from cases.operations.files import open_file, path_of
from cases.operations.hearing import Papers, send_papers
from cases.operations.hearing_papers import Pack
from cases.operations.landlord import change_approvals
from cases.operations.links import link
from cases.operations.merging import merge
from cases.operations.note import add_note
from cases.operations.ombudsman import demand, refer_to_ombudsman
from cases.operations.points import Definition, Judgement, PointFinding, define_points
from cases.operations.promises import Promised, Proof, keep_promise
from cases.operations.redacted import Redaction
from cases.operations.stage_acts import Answer, acknowledge, respond
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import EventKind, Outcome
from cases.rules.gaps import undefined
from cases.rules.letter_parts import defines_points
from cases.rules.links import LinkKind
from cases.rules.promises import CALL, PromiseKind
from cases.rules.roles import Role
from cases.rules.timeline_words import FOR_A_CALL
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.tests.approving import refused_by_one
from cases.tests.case_page.situations import SITUATIONS, WRITTEN, Story
from cases.tests.fixtures import at
from cases.tests.papers.test_bundles import bytes_of, opened, pages_of, put
from cases.tests.papers.test_redacted_files import FILES, leaks
from cases.tests.record.tampering import without_triggers
from cases.tests.rules.strategies import TERMS

COORDINATOR, DIRECTOR = Role.COMPLAINTS_COORDINATOR, Role.DIRECTOR
OFFICER = Role.RESPONSIBLE_OFFICER
ANSWERED, TODAY = date(2026, 6, 12), date(2026, 6, 22)
NOW = at(TODAY, 15)
TWO = Definition(
    [(None, "The lift is out of order."), (None, "Ms Smith was rude.")],
    sought="A lift that works.",
    responsible="The lift.",
    not_responsible="The street.",
)


@pytest.fixture
def story(house) -> Story:
    """Return a complaint with two points, of which nothing has been found yet."""
    return Story(house, "code-2024").act(
        define_points, COORDINATOR, date(2026, 6, 9), definition=TWO
    )


def made(complaint, redaction: Redaction | None = None) -> list[Document]:
    """Make the evidence, as the coordinator."""
    by = User.objects.get(grants__role=COORDINATOR.value)
    return make_bundle(complaint_id=complaint.pk, by=by, now=NOW, redaction=redaction)


def parts_of(document: Document) -> dict[str, str]:
    """Return what each document of a bundle says, by its title with its number."""
    bundle = opened(document)
    pages = pages_of(bundle)
    starts = [bundle.get_destination_page_number(item) for item in bundle.outline]
    ends = [*starts[1:], len(pages)]
    titles = [item["/Title"] for item in bundle.outline]
    return {
        title: " ".join(pages[start:end])
        for title, start, end in zip(titles, starts, ends, strict=True)
    }


def part(document: Document, title: str) -> str:
    """Return what the document of this title says."""
    return next(told for name, told in parts_of(document).items() if name.endswith(title))


def answered(story: Story) -> Story:
    """Find about both points, on a file, a note and what was said at first."""
    complaint, by = story.complaint, story.house[OFFICER]
    file = put(complaint, "log of Ms Smith.txt", b"Out since Friday.")
    add_note(complaint_id=complaint.pk, by=by, now=at(date(2026, 6, 10)), words="She was rude.")
    complaint.refresh_from_db()
    note = complaint.events.get(kind=EventKind.NOTED.value)
    on = (f"file:{file.pk}", f"entry:{note.number}", "entry:1")
    findings = [
        PointFinding(1, Outcome.UPHELD, "The log shows it.", ["apology"], on),
        PointFinding(2, Outcome.NOT_UPHELD, "Ms Smith says otherwise."),
    ]
    answer = Answer(None, judgement=Judgement(findings))
    return story.act(respond, OFFICER, ANSWERED, on=ANSWERED, answer=answer, telling=WRITTEN)


# Points -------------------------------------------------------------------------------------------


def test_the_points_stand_after_the_complaint_with_finding_reason_and_remedy(story):
    bundle = made(answered(story).complaint)[0]

    titles = list(parts_of(bundle))
    assert titles[:3] == ["1. The complaint", "2. Points of the complaint", "3. Chronology"]
    told = part(bundle, "Points of the complaint")
    wanted = [
        "The lift is out of order.",
        "Upheld (Stage 1, 12 June 2026). The log shows it.",
        "Not upheld (Stage 1, 12 June 2026). Ms Smith says otherwise.",
        "Apologise",
        "What the customer seeks A lift that works.",
        "What we are responsible for The lift.",
        "What we are not responsible for The street.",
        "Nothing is named.",
    ]
    assert [words for words in wanted if words not in told] == []


def test_what_a_finding_rests_on_has_the_number_of_its_document(story):
    bundle = made(answered(story).complaint)[0]

    told, titles = part(bundle, "Points of the complaint"), list(parts_of(bundle))
    [file] = [title.partition(".")[0] for title in titles if title.endswith("log of Ms Smith.txt")]
    # Another note says which letter was written elsewhere.
    note, _ = (title.partition(".")[0] for title in titles if title.endswith(". Note"))
    assert f"Document {file}: log of Ms Smith.txt" in told
    assert f"Document {note}: Note, 10 Jun 2026" in told
    assert "Document 3: Complaint received, 8 Jun 2026" in told


def test_on_which_number_and_when_a_call_is_safe_is_in_the_record_and_in_no_evidence(story):
    call = {"number": "01632 960 777", "when": "After six"}
    promise_call(complaint_id=story.complaint.pk, **call, now=NOW)

    told = part(made(story.complaint)[0], "Chronology")

    assert CALL in told
    assert [words for words in call.values() if words in told] == []
    lines = [
        line
        for entry in case_page(
            story.complaint, user=story.house[COORDINATOR], today=date(2026, 6, 15)
        ).entries
        for line in entry.lines
        if line.label in FOR_A_CALL
    ]
    assert [(line.text, line.is_internal) for line in lines] == [
        (words, False) for words in call.values()
    ]


def test_points_without_a_finding_and_complaints_without_points_are_told_as_such(story, house):
    undecided = part(made(story.complaint)[0], "Points of the complaint")
    none = part(made(Story(house, "kht-three-stage").complaint)[0], "Points of the complaint")

    assert undecided.count("Not decided yet.") == 2
    assert "have not been set out" in none


def test_the_points_in_the_twin_are_blacked_out_and_name_no_file(story):
    answered(story)
    documents = made(story.complaint, Redaction("Ms Smith"))

    told = part(documents[0], "Points of the complaint")
    assert "[redacted] was rude." in told
    assert "[redacted] says otherwise." in told
    assert "log of" not in told
    assert leaks(documents) == []


def test_the_points_take_no_query_for_each(story, house):
    with CaptureQueriesContext(connection) as without:
        made(Story(house, "kht-three-stage").complaint)
    answered(story)
    story.complaint.refresh_from_db()
    with CaptureQueriesContext(connection) as few:
        made(story.complaint)
    put(story.complaint, "another.txt", b"Words.")
    with CaptureQueriesContext(connection) as many:
        made(story.complaint)

    assert len(many) == len(few) <= len(without) + 3


# Hashes -------------------------------------------------------------------------------------------


def hashes_in(document: Document) -> str:
    """Return what the last document of a bundle says, without the spaces that group hashes."""
    last = list(parts_of(document))[-1]
    assert last.endswith(". Hashes")
    return "".join(parts_of(document)[last].split())


def in_zip(document: Document) -> dict[str, bytes]:
    """Return what lies in a ZIP file, by where."""
    with open_file(document.file) as content, zipfile.ZipFile(content) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_pdf_has_the_hash_of_every_document_and_file_beside_it(story):
    put(story.complaint, "locked: or not?.pdf", b"%PDF-1.7\nnothing of a PDF follows")
    pdf, packed = made(answered(story).complaint)

    told, beside = hashes_in(pdf), in_zip(packed)
    listed = {
        name: content
        for name, content in beside.items()
        if name.startswith(("documents/", "files/")) and "Hashes" not in name
    }
    assert len(listed) > 8
    assert any(name.startswith("files/") for name in listed)
    for name, content in listed.items():
        told_of = f"{name.replace(' ', '')}{hashlib.sha256(content).hexdigest()}"
        assert told_of in told, name


def test_the_bundle_is_tied_to_the_last_entry_of_the_record(story):
    pdf, packed = made(answered(story).complaint)

    last = RecordedEvent.objects.filter(complaint=story.complaint).latest("number")
    told = hashes_in(pdf)
    assert f"has{last.number}entries" in told
    assert last.hash in told
    manifest = json.loads(in_zip(packed)["manifest.json"])
    assert manifest["record"] == {"entries": last.number, "sha256": last.hash}


def test_a_file_changed_on_disk_no_longer_has_the_hash_that_the_pdf_tells(story):
    file = put(story.complaint, "statement.txt", b"As it came.")
    path_of(file.key).write_bytes(b"As changed.")

    pdf, packed = made(story.complaint)

    beside = in_zip(packed)
    [changed] = [name for name in beside if name.endswith("statement.txt")]
    assert hashlib.sha256(beside[changed]).hexdigest() not in hashes_in(pdf)
    assert hashlib.sha256(b"As it came.").hexdigest() in hashes_in(pdf)


def test_the_twin_has_hashes_of_its_own_documents_alone(story):
    complaint = answered(story).complaint
    for name, content in FILES.items():
        put(complaint, name, content)
    redaction = Redaction("Ms Smith\n12 Quay Street")
    pdf, packed = made(complaint, redaction)

    told = hashes_in(pdf)
    own = {n: c for n, c in in_zip(packed).items() if n.startswith("documents/")}
    assert all(hashlib.sha256(c).hexdigest() in told for n, c in own.items() if "Hashes" not in n)
    assert not any(file.sha256 in told for file in complaint.files.all())
    assert not any(hashlib.sha256(each).hexdigest() in told for each in FILES.values())
    assert leaks([pdf, packed]) == []
    # The same search finds them in the bundle itself.
    told = hashes_in(made(complaint)[0])
    assert all(file.sha256 in told for file in complaint.files.all())


# Merged complaints --------------------------------------------------------------------------------


LACKS = "What the record lacks"


def merged_into(story: Story) -> Complaint:
    """Return another complaint, merged into this one by the coordinator."""
    complaint, by = story.complaint, story.house[COORDINATOR]
    twin = story.house.lodge(on=date(2026, 6, 9), customer=complaint.customer)
    complaint.refresh_from_db()
    merge(
        complaint_id=twin.pk,
        into_reference=complaint.reference,
        by=by,
        now=at(TODAY, 12),
        seen=twin.version,
        reason="The same lift.",
    )
    complaint.refresh_from_db()
    return twin


def test_evidence_names_what_was_merged_into_the_complaint_and_where_its_papers_are(story):
    twin = merged_into(story)

    told = part(made(story.complaint)[0], LACKS)

    assert f"Complaint {twin.reference} was merged into this one on 22 June 2026" in told
    assert "evidence of its own" in told
    assert "Nothing that the procedure demands" not in told


def test_evidence_does_not_name_what_its_maker_may_not_read_nor_what_was_parted_again(story):
    twin = merged_into(story)
    merger = twin.events.get(kind=EventKind.MERGED.value)
    twin.refresh_from_db()
    Complaint.objects.filter(pk=twin.pk).update(level=Level.RESTRICTED.value)

    told = part(made(story.complaint)[0], LACKS)

    assert "Another complaint was merged into this one on 22 June 2026" in told
    assert twin.reference not in told

    Complaint.objects.filter(pk=twin.pk).update(level=Level.NORMAL.value)
    retract(
        complaint_id=twin.pk,
        by=story.house[COORDINATOR],
        now=at(TODAY, 13),
        seen=twin.version,
        number=merger.number,
        reason="They are two lifts.",
    )
    story.complaint.refresh_from_db()
    assert "merged into this one" not in part(made(story.complaint)[0], LACKS)


# Papers of a hearing ------------------------------------------------------------------------------


@pytest.fixture
def heard_on_papers(house) -> Story:
    """Return a complaint whose panel was sent papers, with a file about a neighbour in them."""
    story = SITUATIONS[Act.SEND_PAPERS].lead(house)
    file = put(story.complaint, "neighbour.txt", b"Ms Smith lives at 12 Quay Street.")
    return story.act(
        send_papers,
        COORDINATOR,
        TODAY,
        on=TODAY,
        papers=Papers(Pack([f"file:{file.key}"], "Not needed.")),
        telling=Telling("post"),
    )


PACK = "Papers for the hearing, as they were sent on 22 June 2026"


@pytest.mark.rule("HH-23")
def test_the_papers_that_a_panel_had_are_a_document_of_the_evidence_as_they_went(heard_on_papers):
    complaint = heard_on_papers.complaint
    pack = Document.objects.get(complaint=complaint, kind=DocumentKind.PAPERS)

    pdf, packed = made(complaint)

    assert "Ms Smith lives at 12 Quay Street." in part(pdf, PACK)
    assert pack.file.sha256 in hashes_in(pdf)
    assert bytes_of(pack) in in_zip(packed).values()


def test_the_twin_leaves_out_the_papers_even_if_they_name_nobody_who_is_blacked_out(
    heard_on_papers,
):
    complaint = heard_on_papers.complaint
    secret = complaint.files.get(name="neighbour.txt")
    redaction = Redaction("Nobody", files=frozenset({secret.key}))

    documents = made(complaint, redaction)

    assert "Left out: it binds together documents" in part(documents[0], PACK)
    assert leaks(documents) == []
    left_out = json.loads(in_zip(documents[1])["manifest.json"])["left_out"]
    assert PACK in left_out


def test_papers_that_may_tell_of_what_was_closed_since_are_not_shown(house):
    story = SITUATIONS[Act.SEND_PAPERS].lead(house)
    other = house.lodge()
    story.act(link, COORDINATOR, TODAY, kind=LinkKind.FOLLOW_UP, other_reference=other.reference)
    story.act(
        send_papers, COORDINATOR, TODAY, on=TODAY, papers=Papers(Pack([], "Not needed.")),
        telling=Telling("post"),
    )  # fmt: skip
    before = part(made(story.complaint)[0], PACK)
    change_access(
        complaint_id=other.pk,
        by=house[COORDINATOR],
        now=at(TODAY, 12),
        seen=other.version,
        level=Level.NORMAL,
        listed=[],
        subjects=[house.people[DIRECTOR].pk],
        conflicted=[],
        reason="It is about them.",
    )

    pdf, packed = made(story.complaint)

    assert CLOSED_SINCE not in before
    assert CLOSED_SINCE in part(pdf, PACK)
    pack = Document.objects.get(complaint=story.complaint, kind=DocumentKind.PAPERS)
    assert bytes_of(pack) not in in_zip(packed).values()


# What the record lacks ----------------------------------------------------------------------------


def gaps(story: Story) -> str:
    """Return what the evidence says that the record lacks."""
    return part(made(story.complaint)[0], "What the record lacks")


def test_an_order_of_the_ombudsman_without_proof_is_a_gap_until_it_is_proved(story):
    answered(story).act(refer_to_ombudsman, COORDINATOR, ANSWERED, on=ANSWERED, words="")
    before = gaps(story)
    story.act(
        demand,
        COORDINATOR,
        TODAY,
        on=TODAY,
        kind=PromiseKind.ORDER,
        demanded=Promised("Apologise in person", date(2026, 7, 13)),
    )
    owed = gaps(story)
    [promise] = [e for e in history_of(story.complaint).events if e.kind is EventKind.PROMISED]
    proof = Proof("The Director rang.")
    story.act(keep_promise, COORDINATOR, TODAY, promise=promise.number, on=TODAY, proof=proof)

    told = "order of the Ombudsman is due on 13 July 2026, and no proof that it was done"
    assert [told in each for each in (before, owed, gaps(story))] == [False, True, False]


def test_a_letter_written_elsewhere_that_nobody_approved_is_a_gap_where_its_kind_needs_it(story):
    answered(story)
    before = gaps(story)
    Landlord.objects.update(approved_letters=["response"])
    lacking = gaps(story)
    letter = story.complaint.letters.get(kind="response")
    LetterProposal.objects.create(
        complaint=story.complaint, number=1, act="respond", kind="response", stage="stage-1",
        visit=1, typed={}, asked_at=NOW, asked_by=story.house[OFFICER], state="approved",
        decided_at=NOW, decided_by=story.house[DIRECTOR], letter=letter, salt="s", words_hash="h",
    )  # fmt: skip

    told = "it was written elsewhere, and it is not recorded that a second person approved it"
    assert [told in each for each in (before, lacking, gaps(story))] == [False, True, False]


def test_a_complaint_that_was_to_be_defined_and_was_not_has_that_gap(house):
    story = Story(house, "code-2024")
    day = date(2026, 6, 9)
    story.act(acknowledge, COORDINATOR, day, on=day, telling=Telling("post"), definition=TWO)
    history = history_of(story.complaint)
    whole, terms = history.state, history.terms
    other = TERMS["kht-three-stage"]
    nothing = replace(whole, points=())
    of_no_stage = replace(nothing, events=[replace(each, stage="") for each in whole.events])

    assert defines_points(terms.stage("stage-1"))
    assert undefined(whole, terms, is_sought_said=True, is_ours_said=True) == []
    [ours] = undefined(whole, terms, is_sought_said=True, is_ours_said=False)
    assert ours == (
        "Stage 1: acknowledged on 9 June 2026, and it is not recorded what of the complaint is "
        "ours to answer for, and what is not."
    )
    [sought, _] = undefined(whole, terms, is_sought_said=False, is_ours_said=False)
    assert sought == (
        "Stage 1: acknowledged on 9 June 2026, and it is not recorded what the customer wants."
    )
    [points] = undefined(nothing, terms, is_sought_said=False, is_ours_said=False)
    assert points.endswith("and no point of the complaint is set out.")
    assert undefined(nothing, other, is_sought_said=False, is_ours_said=False) == []
    assert undefined(of_no_stage, terms, is_sought_said=False, is_ours_said=False) == []
    assert "not recorded" not in gaps(story)
    assert "set out" not in gaps(story)


IS_WANTED = "what the customer wants"
IS_OURS = "what of the complaint is ours to answer for, and what is not"


def defined_before(house, **words):
    """Return a complaint that was set out and acknowledged, with only these words beside it."""
    story = Story(house, "code-2024")
    day = date(2026, 6, 9)
    story.act(acknowledge, COORDINATOR, day, on=day, telling=Telling("post"), definition=TWO)
    kept = EventWords.objects.get(event__complaint=story.complaint, event__kind="points_defined")
    if not words:
        kept.delete()
        return story
    as_then = {"sought": "", "responsible": "", "not_responsible": "", **words}
    with without_triggers():
        EventWords.objects.filter(pk=kept.pk).update(parts={**kept.parts, **as_then})
    return story


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        ({"sought": "A lift.", "responsible": "The lift."}, [IS_OURS]),
        ({"sought": "A lift.", "not_responsible": "The street."}, []),
        ({"not_responsible": "The street."}, [IS_WANTED]),
    ],
    ids=["what is ours alone", "what is not ours", "nothing sought"],
)
def test_what_is_ours_alone_does_not_say_what_is_not(house, words, lacks):
    told = gaps(defined_before(house, **words))

    assert [each for each in (IS_WANTED, IS_OURS) if f"not recorded {each}" in told] == lacks


def test_of_words_that_were_erased_nothing_is_said_to_have_been_left_out(house):
    told = gaps(defined_before(house))

    assert "not recorded" not in told
    assert "the words that set it out were erased" in told
    assert f"whether they said {IS_WANTED}" in told


def test_what_was_chosen_and_not_written_is_known_when_the_words_are_erased(house):
    chosen = Definition([(None, "The lift.")], is_sought_unsaid=True, is_all_ours=True)
    story = Story(house, "code-2024")
    day = date(2026, 6, 9)
    story.act(acknowledge, COORDINATOR, day, on=day, telling=Telling("post"), definition=chosen)
    EventWords.objects.get(event__complaint=story.complaint, event__kind="points_defined").delete()

    assert "it cannot be seen" not in gaps(story)


def test_a_wish_that_is_missing_from_the_words_of_the_definition_is_a_gap(house):
    story = Story(house, "code-2024")
    day = date(2026, 6, 9)
    story.act(acknowledge, COORDINATOR, day, on=day, telling=Telling("post"), definition=TWO)
    # As it was recorded before anybody was asked for it.
    words = EventWords.objects.get(event__complaint=story.complaint, event__kind="points_defined")
    parts = {name: text for name, text in words.parts.items() if name != "sought"}
    EventWords.objects.filter(pk=words.pk).update(parts=parts)

    assert "it is not recorded what the customer wants" in gaps(story)


def test_a_finding_that_rests_on_nothing_named_is_a_gap(house):
    story = Story(house, "kht-three-stage").with_two_points()
    found = [
        PointFinding(1, Outcome.UPHELD, "The log shows it.", evidence=["entry:1"]),
        PointFinding(2, Outcome.NOT_UPHELD, "She was polite."),
    ]
    answer = Answer(None, ["apology"], ["We apologise."], judgement=Judgement(found))
    before = gaps(story)
    story.act(respond, OFFICER, ANSWERED, on=ANSWERED, answer=answer, telling=WRITTEN)

    lacking = gaps(story)

    told = "it is not named on what its finding rests"
    assert told not in before
    assert f"Point 2 of the complaint: {told}" in lacking
    assert f"Point 1 of the complaint: {told}" not in lacking


ELSEWHERE_ALONE = "it was written elsewhere, and it is not recorded that a second person"


@pytest.mark.parametrize(
    ("chosen_on", "dropped_on", "is_lacking"),
    [
        (date(2026, 6, 10), None, True),
        (date(2026, 6, 15), None, False),
        (date(2026, 6, 10), date(2026, 6, 15), True),
        (date(2026, 6, 9), date(2026, 6, 10), False),
    ],
    ids=["before", "since", "before and no more", "no more by then"],
)
def test_a_letter_is_measured_by_what_was_to_be_approved_on_its_day(
    story, chosen_on, dropped_on, is_lacking
):
    answered(story)
    by = story.house[DIRECTOR]
    change_approvals(["response"], by=by, now=at(chosen_on), seen=None)
    if dropped_on:
        change_approvals([], by=by, now=at(dropped_on), seen=None)

    assert (ELSEWHERE_ALONE in gaps(story)) is is_lacking


@pytest.mark.rule("KF-14")
@pytest.mark.rule("LV-9")
@pytest.mark.parametrize(
    ("code", "passes_on"), [("first-ark-panel", False), ("livv-two-stage", True)]
)
def test_a_refusal_that_the_procedure_wants_two_for_is_a_gap_where_one_person_wrote_it(
    house, code, passes_on
):
    refused_by_one(code)
    story = Story(house, code)
    story = (story.passed_on() if passes_on else story).answered().asked()
    story.act(
        refuse_escalation, Role.DIRECTOR, ANSWERED.replace(day=16), on=ANSWERED.replace(day=16),
        ground="followed_policy", evidence="Policy 4.2.",
        telling=Telling("letter_elsewhere", "We followed it."),
    )  # fmt: skip
    by_one = gaps(story)
    first = story.complaint.procedure_version.procedure.versions.get(number=1)
    Complaint.objects.filter(pk=story.complaint.pk).update(procedure_version=first)
    story.complaint.refresh_from_db()

    by_two = gaps(story)

    assert [ELSEWHERE_ALONE in each for each in (by_one, by_two)] == [False, True]
