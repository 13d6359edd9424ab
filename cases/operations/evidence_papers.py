"""What is kept of a complaint, each letter, message, note and file as a document by itself."""

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import date

from django.db.models import F, QuerySet

from cases.models import (
    Complaint,
    Delivery,
    Dispatch,
    Document,
    DocumentKind,
    InboundMail,
    Letter,
    OutboundMessage,
    Scan,
    StoredFile,
)
from cases.operations.bundles import Part
from cases.operations.documents import sheet_of
from cases.operations.files import path_of
from cases.rules.attendance import minutes_in
from cases.rules.blocks import Block, Paragraph, blocks_of
from cases.rules.dispatches import DispatchKind, text_words
from cases.rules.letters import STOPPED, LetterKind
from cases.rules.links import other_of
from cases.rules.periods import london_day
from cases.rules.timeline import Entry
from cases.rules.tracking import without_code
from cases.selectors.case_links import closings_further
from cases.selectors.case_page import CasePage
from cases.selectors.case_papers import how_it_went

# The kind of message that tells the customer's side that something arrived.
RECEIPT = "receipt"
BINDS_OTHERS = (
    "Left out: it binds together documents that stand here one by one, as far as they may."
)
CLOSED_SINCE = "It was made before it was changed who may see what, and is not shown here."
ENCLOSED = "Enclosed with it: our complaints policy and procedure"
IN_FORMAT = "It went in a format that is not read on paper. It is in the ZIP file."


def letter_parts(complaint: Complaint) -> list[Part]:
    """Return the letters and e-mails to the customer that were sent or wait, a part each."""
    return [_letter_part(each) for each in _letters(complaint)]


def letters_with_enclosures(complaint: Complaint) -> Iterator[Part]:
    """Return the letters, each with the policy that went with it behind it (HH-14). Two queries."""
    policies = Document.objects.filter(
        complaint=complaint,
        kind=DocumentKind.POLICY.value,
        # As it went: somebody may have opened it in another format since.
        letter_format=F("letter__letter_format"),
    )
    enclosed = {each.letter_id: each.file for each in policies.select_related("file")}
    for letter in _letters(complaint):
        yield _letter_part(letter)
        if letter.pk in enclosed:
            day = written_out(london_day(letter.issued_at))
            yield Part(ENCLOSED, day, file=enclosed[letter.pk], unless_shown=IN_FORMAT)


def _letters(complaint: Complaint) -> QuerySet[Letter]:
    letters = Letter.objects.filter(complaint=complaint).exclude(channel=STOPPED)
    read_with = ("complaint", "issued_by", "message", "posted_by")
    return letters.select_related(*read_with).order_by("pk")


def _letter_part(letter: Letter) -> Part:
    """Return a letter as it was issued; of one written elsewhere what is kept beside its copy."""
    title, day = _letter_kind(letter), written_out(london_day(letter.issued_at))
    if letter.original_id is not None:
        return Part(f"{title}, written elsewhere", day, blocks_of(letter.body))
    sheet, ways = sheet_of(letter), how_it_went(letter)
    if letter.channel != "email":
        return Part(title, day, sheet=replace(sheet, to=[*sheet.to, *ways]))
    # The postal address of a letter that did not go there would mislead.
    return Part(f"{title} by e-mail", day, sheet=replace(sheet, to=[letter.to_name, *ways]))


def message_parts(complaint: Complaint) -> dict[int, Part]:
    """Return the e-mails that say that something arrived, a part each, by their keys.

    Whoever wrote for the customer gets one too, and may be anybody. What goes to colleagues and
    to those who are asked for information is not among them: it carries links, and is told in the
    record.
    """
    sent = OutboundMessage.objects.filter(complaint=complaint, kind=RECEIPT, to_user=None)
    joint = complaint.joint_complainants.values_list("customer__email", flat=True)
    theirs = {address.casefold() for address in (complaint.customer.email, *joint)}
    return {
        each.pk: Part(
            f"{_receipt_to(each.to_address, theirs)}: {each.subject}",
            written_out(london_day(each.created_at)),
            [
                Paragraph((f"To {each.to_address}. {Delivery(each.state).label}.",)),
                *blocks_of(without_code(each.body)),
            ],
        )
        for each in sent.exclude(state=Delivery.CANCELLED.value).order_by("pk")
    }


def text_parts(complaint: Complaint) -> list[Part]:
    """Return the text messages to telephones that were sent or wait, a part each."""
    texts = Dispatch.objects.filter(complaint=complaint, kind=DispatchKind.TEXT.value)
    return [
        Part(
            "Text message to the customer",
            written_out(london_day(each.created_at)),
            [
                Paragraph((f"To {each.to_phone}. {text_words(each.state)}.",)),
                *blocks_of(each.words),
            ],
        )
        for each in texts.order_by("pk")
    ]


def _receipt_to(address: str, customers: Container[str]) -> str:
    """Return to whom a receipt went, given the addresses of those who complain."""
    if address.casefold() in customers:
        return "E-mail to the customer"
    return "Receipt to whoever wrote"


def mail_parts(complaint: Complaint) -> dict[int, Part]:
    """Return the e-mails that came in to the complaint, a part each, by their keys."""
    mails = InboundMail.objects.filter(complaint=complaint)
    return {
        each.pk: Part(
            f"E-mail received: {each}",
            written_out(london_day(each.received_at)),
            [Paragraph((f"From {each.sender_words}",)), *blocks_of(each.text)],
        )
        for each in mails.order_by("received_at", "pk")
    }


def note_parts(page: CasePage) -> dict[int, Part]:
    """Return the notes between colleagues, a part each, by the numbers of their entries."""
    return {
        entry.number: Part(entry.title, written_out(entry.on), entry_blocks(entry))
        for entry in page.entries[::-1]
        if entry.style == "note" and not entry.is_struck
    }


def pack_parts(page: CasePage) -> list[Part]:
    """Return the papers that went to panel and customer for hearings, each as it was sent.

    Those that may tell of another complaint which was closed to people since are not among them.
    Three queries at most.
    """
    history, complaint = page.history, page.complaint
    sent = Document.objects.filter(complaint=complaint, kind=DocumentKind.PAPERS.value)
    packs = list(sent.select_related("file").order_by("pk"))
    others = {row.number: other_of(row.facts) for row in history.rows}
    closed = closings_further(complaint, {key for key in others.values() if key}) if packs else {}
    found = []
    for pack in packs:
        on = written_out(london_day(pack.made_at))
        part = _file_part(pack.file, f"Papers for the hearing, as they were sent on {on}")
        named = {others[row.number] for row in history.rows if row.recorded_at <= pack.made_at}
        if any(at > pack.made_at for key, at in closed.items() if key in named):
            part = Part(part.title, on, left_out=CLOSED_SINCE)
        found.append(replace(part, not_in_twin=part.left_out or BINDS_OTHERS))
    return found


def file_parts(page: CasePage) -> dict[str, Part]:
    """Return the files, a part each, by their keys; minutes of a hearing are called so."""
    files = StoredFile.objects.filter(complaint=page.complaint).order_by("pk")
    minutes = minutes_in(page.history.events)
    titles = {
        key: f"Minutes of the hearing of {written_out(on)}" for key, (_, on) in minutes.items()
    }
    return {
        file.key: _file_part(
            file, f"{titles[file.pk]}: {file.name}" if file.pk in titles else file.name
        )
        for file in files
    }


def _file_part(file: StoredFile, title: str) -> Part:
    """Return a file, or a sheet in its place while nobody may open it."""
    on = written_out(london_day(file.stored_at))
    if not file.may_be_opened:
        held = f"It cannot be opened. {Scan(file.scan).label}."
        return Part(title, on, left_out=held, file_name=file.name)
    if not path_of(file.key).exists():
        return Part(title, on, left_out="It is not where it should be.", file_name=file.name)
    return Part(title, on, file=file)


def _letter_kind(letter: Letter) -> str:
    if letter.kind == LetterKind.UPDATE:
        return "Message to the customer"
    return f"Letter: {letter.kind.replace('_', ' ')}"


def entry_blocks(entry: Entry) -> list[Block]:
    """Return a note as a paper: by whom and when, and what it says."""
    by = Paragraph((f"By {entry.by}, {written_out(entry.on)}",))
    return [by, *(block for line in entry.lines for block in blocks_of(line.text))]


def written_out(day: date) -> str:
    """Return a day as papers say it: "10 July 2026"."""
    return f"{day:%-d %B %Y}"
