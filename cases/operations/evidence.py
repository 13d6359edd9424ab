"""What a complaint's papers consist of: for a hearing, and as evidence for the Ombudsman."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    OF_LETTERS,
    Complaint,
    ContactRestriction,
    Document,
    DocumentKind,
    Download,
    Landlord,
    Look,
    StoredFile,
    User,
)
from cases.operations.bundles import Bound, Part, bind
from cases.operations.case_views import note_taken
from cases.operations.evidence_approvals import not_approved
from cases.operations.evidence_hashes import Record, document_path, file_path, hashes_part
from cases.operations.evidence_papers import (
    file_parts,
    letters_with_enclosures,
    mail_parts,
    message_parts,
    note_parts,
    pack_parts,
    text_parts,
    written_out,
)
from cases.operations.evidence_points import CHRONOLOGY, points_part, rests_on
from cases.operations.files import open_file, store_made
from cases.operations.redacted import Redaction, left_out_of, redacted_parts
from cases.rules.blocks import Block, Heading, Paragraph, Points, Table, blocks_of
from cases.rules.customers import category_words
from cases.rules.gaps import gaps_of, undefined
from cases.rules.letters import STOPPED
from cases.rules.papers import PDF
from cases.rules.periods import london_day
from cases.rules.procedure_words import outside_sentence, stage_words
from cases.rules.restrictions import RestrictionStep
from cases.rules.roles import Role
from cases.rules.timeline import RESTS_ON, Entry
from cases.rules.timeline_words import FOR_A_CALL
from cases.selectors.case_deadlines import deadline_lines
from cases.selectors.case_links import closed_since
from cases.selectors.case_page import CasePage, case_page
from cases.selectors.outside import their_reference
from cases.selectors.restrictions import restrictions_during, restrictions_kept_from
from cases.selectors.standing import roles_for

ZIP = "application/zip"
# What becomes smaller when it is packed: PDFs, photos and newer documents are packed by themselves.
LOOSE = frozenset(
    {"text/plain", "application/msword", "application/rtf", "audio/x-wav", "image/tiff"}
)
# Whose each kind is, where the role counts for the complaint.
BUNDLE_ROLES = frozenset({Role.COMPLAINTS_COORDINATOR, Role.DIRECTOR})
PAPERS_ROLES = frozenset({Role.COMPLAINTS_COORDINATOR, Role.PANEL_MEMBER, Role.RESPONSIBLE_OFFICER})
OLDER = "It was made before it was changed who may see what. Have it made again."
FOR_OTHERS = "It was made for others. Make it again, and it holds what is yours to see."


def roles_of(kind: str) -> frozenset[Role]:
    """Return whose documents of this kind are."""
    return PAPERS_ROLES if kind == DocumentKind.PAPERS else BUNDLE_ROLES


def make_bundle(
    *, complaint_id: int, by: User, now: datetime, redaction: Redaction | None = None
) -> list[Document]:
    """Make the evidence of a complaint as one PDF and one ZIP file, and keep them.

    With a `redaction` they are the redacted twin.

    :raises NotEntitled: if the complaint is not open to this person, or it is not theirs to make.
    """
    complaint = _complaint(complaint_id, by)
    if not roles_for(by, complaint) & BUNDLE_ROLES:
        raise NotEntitled("The evidence bundle is for the coordinator and the director.")
    page = case_page(complaint, user=by, today=london_day(now), is_kept=True)
    parts = evidence_parts(page, now=now)
    change = redaction.change(parts) if redaction else _as_it_is
    if redaction:
        parts = redacted_parts(parts, redaction, change)
    title = f"Evidence bundle, complaint {complaint.reference}"
    title += ", redacted" if redaction else ""
    record = Record(page.history.rows[-1])
    bound = bind(
        title,
        parts,
        author=author(),
        reference=complaint.reference,
        at=now,
        change=change,
        last=lambda singles: hashes_part(singles, [] if redaction else parts, record),
    )
    kinds = (
        (DocumentKind.REDACTED, DocumentKind.REDACTED_ZIP)
        if redaction
        else (DocumentKind.BUNDLE, DocumentKind.BUNDLE_ZIP)
    )
    name = f"{complaint.reference} evidence{' redacted' if redaction else ''}"
    keep, pages = Keeping(complaint, by, now), bound.pages
    # On disk: it may be larger than the memory.
    with tempfile.TemporaryFile() as packed:
        _pack(packed, name, bound, now=now, record=record, with_files=redaction is None)
        return [
            keep.document(kinds[0], f"{name}.pdf", [bound.content], pages=pages),
            keep.document(kinds[1], f"{name}.zip", _chunks(packed), pages=pages),
        ]


@dataclass(frozen=True, slots=True)
class Keeping:
    """For which complaint, by whom and when documents are made."""

    complaint: Complaint
    by: User
    now: datetime

    def document(
        self,
        kind: DocumentKind,
        name: str,
        content: Iterable[bytes],
        *,
        pages: int,
    ) -> Document:
        """Put a document on disk for good and return its row."""
        media_type = ZIP if name.endswith(".zip") else PDF
        file = store_made(content, name=name, media_type=media_type, now=self.now)
        return Document.objects.create(
            complaint=self.complaint,
            kind=kind.value,
            file=file,
            pages=pages,
            made_at=self.now,
            made_by=self.by,
        )


@transaction.atomic
def taken(*, complaint: Complaint, key: str, by: User, now: datetime) -> StoredFile:
    """Record that somebody takes a document away, and return its file.

    :raises NotEntitled: if there is no such document, or it is not theirs.
    :raises ActionNotAllowed: if something it may tell of was closed to them after it was made, or
        it holds a restriction of contact of which they may not know.
    """
    documents = Document.objects.filter(complaint=complaint, file__key=key)
    found = documents.exclude(kind__in=OF_LETTERS).select_related("file").first()
    if found is None or not roles_for(by, complaint) & roles_of(found.kind):
        raise NotEntitled("There is no such document, or it is not yours.")
    if closed_since(complaint, reader=by, made_at=found.made_at):
        raise ActionNotAllowed(OLDER)
    if restrictions_kept_from(by, complaint).tells(found):
        raise ActionNotAllowed(FOR_OTHERS)
    Download.objects.create(document=found, by=by, at=now)
    note_taken([complaint.pk], what=Look.PAPERS, by=by, now=now, file=found.file)
    return found.file


# What is in it --------------------------------------------------------------------------------


def evidence_parts(page: CasePage, *, now: datetime) -> list[Part]:
    """Return everything that is known of a complaint, in the order of its index.

    What its points rest on is named by the numbers that the other documents have there.
    """
    restrictions = restrictions_during(page.complaint, page.user, today=page.today)
    told = [row for each in restrictions for row in _steps(each)]
    named: list[tuple[str, Part]] = [
        (CHRONOLOGY, Part("Chronology")),
        ("", Part("The procedure in force", "", _procedure(page))),
        ("", Part("Deadlines, day by day", "", _deadlines(page))),
        ("", Part("What the record lacks", "", _gaps(page))),
        *(("", part) for part in letters_with_enclosures(page.complaint)),
        *(("", part) for part in message_parts(page.complaint).values()),
        *(("", part) for part in text_parts(page.complaint)),
        *(("", part) for part in mail_parts(page.complaint).values()),
        *((f"entry:{number}", part) for number, part in note_parts(page).items()),
        *(("", _restriction_part(each)) for each in restrictions),
        *(("", part) for part in pack_parts(page)),
        *((f"file:{key}", part) for key, part in file_parts(page).items()),
    ]
    first = Part("The complaint", written_out(page.complaint.received_on), _complaint_blocks(page))
    numbers = {code: number for number, (code, _) in enumerate(named, 3) if code}
    chronology = Part("Chronology", "", _chronology(page, told, numbers))
    rest = (part for _, part in named[1:])
    return [first, points_part(page, numbers), chronology, *rest]


def _steps(restriction: ContactRestriction) -> Iterator[tuple[date, str, str]]:
    """Return what was done about a restriction of contact, as the chronology tells it."""
    for record in restriction.records.all():
        until = f" To be reviewed by {written_out(record.review_on)}." if record.review_on else ""
        step = RestrictionStep(record.step).words.lower()
        words = f"Restriction of the customer’s contact: {step}.{until}\n{record.words}".strip()
        yield london_day(record.at), words, record.by.name if record.by else ""


def _restriction_part(restriction: ContactRestriction) -> Part:
    """Return a restriction of contact that counted while the complaint was open (HH-6)."""
    started, ended = restriction.starts_on, restriction.ended_on
    rows = (
        ("Closed", ", ".join(each.words.lower() for each in restriction.ways_closed)),
        ("Limited", restriction.limits),
        ("Why", restriction.reason),
        ("What shows it", restriction.evidence),
        ("What was weighed up", restriction.considered),
        ("Since", written_out(started) if started else ""),
        ("To be reviewed by", written_out(restriction.review_on)),
        ("Ended", written_out(ended) if ended else ""),
    )
    known = tuple((label, text) for label, text in rows if text)
    blocks: list[Block] = [Table(("What", "As recorded"), known, (1, 3))]
    for letter in restriction.letters.all():
        blocks.append(Heading(f"{letter.title}, {written_out(london_day(letter.issued_at))}"))
        blocks += blocks_of(letter.body)
    return Part(
        "Restriction of the customer’s contact", written_out(started) if started else "", blocks
    )


def _complaint_blocks(page: CasePage) -> list[Block]:
    complaint, customer = page.complaint, page.complaint.customer
    officer = complaint.responsible_officer
    rows = (
        ("Reference", complaint.reference),
        ("The Ombudsman’s case number", their_reference(page.history)),
        ("Customer", customer.name),
        ("Who they are", category_words(customer.category)),
        ("Address", "\n".join(customer.address_lines)),
        ("Telephone", customer.phone),
        ("E-mail", customer.email),
        ("Needs", "; ".join([*customer.needs_words, customer.needs]).strip("; ")),
        ("Received", f"{written_out(complaint.received_on)}, {page.channel_words}"),
        ("Service area", complaint.service_area.name if complaint.service_area else ""),
        ("Responsible officer", officer.name if officer else ""),
        ("Procedure", str(complaint.procedure_version)),
    )
    known = tuple((label, text) for label, text in rows if text)
    found: list[Block] = [
        Table(("What", "As recorded"), known, (1, 3)),
        Heading("What the customer said"),
        *blocks_of(complaint.summary),
    ]
    if complaint.desired_outcome.strip():
        found += [Heading("What would put it right"), *blocks_of(complaint.desired_outcome)]
    return found


def _chronology(
    page: CasePage, besides: Sequence[tuple[date, str, str]], numbers: Mapping[str, int]
) -> list[Block]:
    """Return what happened by its day, with what was done about the customer's contact.

    What a refusal rests on is named by the numbers of the documents.
    """
    resting = {
        key: "; ".join(rests_on(each, numbers) for each in lines)
        for key, lines in page.refusals_rest_on.items()
    }
    entries = page.entries[::-1]
    every = [(each.on, _told(each, resting.get(each.number, "")), each.by) for each in entries]
    every += besides
    if besides:
        every.sort(key=lambda each: each[0])
    rows = tuple((written_out(on), told, by) for on, told, by in every)
    return [Table(("Date", "What happened", "By"), rows, (3, 9, 3))]


def _told(entry: Entry, resting: str) -> str:
    """Return what an entry says; what it rests on by the numbers of the documents.

    On which number the customer is safely rung, and when, is nobody else's to know.
    """
    struck = f"Struck out: {entry.struck.reason}" if entry.struck else ""
    left_out = {RESTS_ON, *FOR_A_CALL}
    texts = [(line.label, line.text) for line in entry.lines if line.label not in left_out]
    texts += [(RESTS_ON, resting)] if resting else []
    lines = [f"{label}: {text}" if label else text for label, text in texts]
    return "\n".join(each for each in (entry.title, struck, *lines) if each)


def _procedure(page: CasePage) -> list[Block]:
    version, terms = page.complaint.procedure_version, page.history.terms
    found: list[Block] = [
        Paragraph(
            (f"{version}, in force from {written_out(version.effective_on)}.",), is_strong=True
        )
    ]
    for stage in terms.stages:
        words = stage_words(terms, stage)
        found.append(Heading(words.name))
        found.append(Paragraph((f"Decided by {words.decided_by}.",)))
        promises = [f"{each.sentence} {' '.join(each.details)}" for each in words.promises]
        sentences = tuple([*promises, *words.routes, *words.others])
        found += [Points(sentences)] if sentences else []
    outside = tuple(outside_sentence(body, terms) for body in terms.outside_bodies)
    if outside:
        found += [Heading("Outside bodies"), Points(outside)]
    return found


def _deadlines(page: CasePage) -> list[Block]:
    found: list[Block] = []
    for line in deadline_lines(page.history, today=page.today, explained=True):
        if line.deadline.is_internal:
            continue
        due = f", {written_out(line.due_on)}" if line.due_on else ""
        found.append(Heading(f"{line.stage_words}: {line.words}{due}"))
        why = line.explanation.sentences() if line.explanation else []
        found.append(Paragraph((f"{line.status}. It binds {line.binds}.", *why)))
    return found


def _gaps(page: CasePage) -> list[Block]:
    kept = {each.event for each in page.papers.letters if each.channel != STOPPED}
    history = page.history
    gaps = gaps_of(history.state, history.terms, today=page.today, documented=kept)
    told = page.points
    gaps += undefined(
        history.state,
        history.terms,
        is_sought_said=told.is_sought_said,
        is_ours_said=told.is_ours_said,
        are_words_erased=told.are_words_erased,
    )
    gaps += not_approved(page)
    gaps += [
        f"The file “{file.name}” cannot be opened. {file.held_words}."
        for file in page.papers.files
        if file.held_words
    ]
    gaps += [
        f"The words of “{entry.title}” of {written_out(entry.on)} were erased."
        for entry in page.entries
        if entry.are_words_erased
    ]
    gaps += _merged(page)
    gaps += [
        f"{letter.words} of {letter.issued_at:%-d %B %Y}: {letter.standing.lower()}."
        for letter in page.papers.letters
        if letter.is_to_post or letter.is_undelivered
    ]
    if not gaps:
        return [Paragraph(("Nothing that the procedure demands was found missing.",))]
    return [Points(tuple(gaps))]


def _merged(page: CasePage) -> Iterator[str]:
    """Yield where the papers are of what was merged into this complaint (decision 35)."""
    events = page.history.state.events
    parted = {event.facts.get("merged_out") for event in events}
    known = {each.pk: each.reference for each in page.links}
    for event in events:
        twin = event.facts.get("merged_in")
        if twin is not None and twin not in parted:
            what = f"Complaint {known[twin]}" if twin in known else "Another complaint"
            yield (
                f"{what} was merged into this one on {written_out(event.on)}. Its words, letters "
                "and files are in evidence of its own, which is made from its own page."
            )


# Making it ------------------------------------------------------------------------------------


def _complaint(key: int, by: User) -> Complaint:
    readable = Complaint.objects.readable_by(by).select_related(
        "customer",
        "procedure_version__procedure",
        "responsible_officer",
        "service_area",
        "category",
    )
    found = readable.filter(pk=key).first()
    if found is None:
        raise NotEntitled("There is no such complaint, or it is not open to you.")
    return found


def _pack(
    whole: IO[bytes], name: str, bound: Bound, *, now: datetime, record: Record, with_files: bool
) -> None:
    """Write a ZIP file of the bundle, its single documents, its files, and all their hashes.

    That of a redacted twin has no file as it came, and says what is left out.
    """
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(path: str, chunks: Iterable[bytes], media_type: str = PDF) -> None:
            entry = zipfile.ZipInfo(path, now.timetuple()[:6])
            is_loose = media_type in LOOSE
            entry.compress_type = zipfile.ZIP_DEFLATED if is_loose else zipfile.ZIP_STORED
            digest = hashlib.sha256()
            with archive.open(entry, "w") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
            hashes[path] = digest.hexdigest()

        put(f"{name}.pdf", [bound.content])
        for single, content in bound.singles:
            put(document_path(single), [content])
        for number, (part, _, _) in enumerate(bound.index, 1):
            if part.file is not None and with_files:
                with open_file(part.file) as file:
                    path = file_path(number, part.file.name)
                    put(path, _chunks(file), part.file.media_type)
        manifest: dict[str, object] = {
            "made_at": now.isoformat(),
            "record": {"entries": record.entries, "sha256": record.sha256},
            "sha256": hashes,
        }
        if not with_files:
            manifest["left_out"] = left_out_of([part for part, _, _ in bound.index])
        archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
    whole.seek(0)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(1024**2):
        yield chunk


def author() -> str:
    """Return who makes papers: the landlord."""
    landlord = Landlord.objects.defer("logo").first()
    return landlord.name if landlord else ""


def _as_it_is(text: str) -> str:
    return text
