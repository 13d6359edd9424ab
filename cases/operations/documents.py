"""Letters as documents: made once in each format, kept for good, and handed out again as made."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from io import BytesIO
from itertools import chain

from django.db import IntegrityError, transaction

from cases.errors import ActionNotAllowed, NotEntitled, NotMade
from cases.models import (
    Document,
    DocumentKind,
    Landlord,
    Letter,
    OutboundMessage,
    RecordedEvent,
    StoredFile,
    Thing,
    User,
)
from cases.operations.braille import braille_of
from cases.operations.files import open_file, remove_stored, store_made
from cases.operations.leaflets import enclosed_policy
from cases.operations.letterheads import sender_lines, signature
from cases.operations.pdfs import joined
from cases.operations.settings_changes import moved, note_change
from cases.operations.speech import sound_of
from cases.operations.typesetting import TypesetterLost, set_paper
from cases.rules.blocks import Paragraph, blocks_of
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES
from cases.rules.letter_facts import LetterKind
from cases.rules.papers import BRF, PDF, PRINTED, Sheet, letter_paper, plain_paper
from cases.rules.periods import LONDON, london_day
from cases.rules.roles import Role
from cases.selectors.running import logo

logger = logging.getLogger(__name__)
NOT_AMONG_THEM = (
    "These letters could not be made, and are not among those that follow. Do not record them as "
    "posted."
)


def letter_document(letter: Letter, letter_format: LetterFormat, *, now: datetime) -> Document:
    """Return a letter's document in a format: the one that was kept, or else made and kept now.

    Whoever asks again gets the same bytes, whatever has changed in the meantime.

    :raises NotMade: if this machine cannot make it, or not of these words, or it was written
        elsewhere: what went is its copy, and no sheet of ours.
    """
    if letter.original_id is not None:
        raise NotMade("This letter was written elsewhere. Open the copy of what was sent.")
    kept = Document.objects.filter(
        letter=letter, kind=DocumentKind.LETTER.value, letter_format=letter_format.value
    )
    if found := kept.select_related("file").first():
        return found
    content, media_type, ending = letter_as_document(letter, letter_format)
    file = store_made(
        [content],
        name=f"{letter.complaint.reference} {letter.kind} {letter_format.value}.{ending}",
        media_type=media_type,
        now=now,
    )
    try:
        with transaction.atomic():
            made = _keep(letter, letter_format, file, now=now)
    except IntegrityError:
        # Somebody else made it at the same moment: theirs counts.
        remove_stored(file)
        return kept.select_related("file").get()
    return made


def letter_as_document(
    letter: Letter, letter_format: LetterFormat | None = None
) -> tuple[bytes, str, str]:
    """Return a letter in a format, its own unless another is named; see `make_letter`.

    Whoever reads it before it goes on that day gets the bytes that are kept when it goes.

    :raises NotMade: if this machine cannot make it, or not of these words.
    """
    chosen = letter_format or LetterFormat(letter.letter_format)
    at = datetime.combine(london_day(letter.issued_at), time(), LONDON)
    return make_letter(sheet_of(letter), chosen, at=at, logo=letterhead(chosen))


def _keep(
    letter: Letter, letter_format: LetterFormat, file: StoredFile, *, now: datetime
) -> Document:
    made = Document.objects.create(
        complaint_id=letter.complaint_id,
        kind=DocumentKind.LETTER.value,
        letter=letter,
        letter_format=letter_format.value,
        file=file,
        made_at=now,
    )
    if letter_format == letter.letter_format:
        Letter.objects.filter(pk=letter.pk).update(is_to_make=False, losses=0, make_again_at=None)
    return made


def make_documents(*, now: datetime, limit: int) -> int:
    """Make the documents of letters that have none yet, each in the format it was issued in.

    The policy that a letter encloses is made before it, so that the one never lacks the other.
    What cannot be made here is left to people, who are told why on the letter's page. A letter
    over which what sets papers is lost waits longer each time, and after the last the operators
    see to it.

    :raises TypesetterLost: if what sets papers was lost over some: they wait, the others are made.
    """
    waiting = Letter.objects.to_make(now=now).select_related(
        "complaint__procedure_version", "issued_by"
    )
    made, lost = 0, None
    for letter in waiting.order_by("pk")[:limit]:
        try:
            enclosed_policy(letter, now=now)
            letter_document(letter, LetterFormat(letter.letter_format), now=now)
        except TypesetterLost as reason:
            lost = reason
            _wait_longer(letter, now=now)
        except NotMade as reason:
            Letter.objects.filter(pk=letter.pk).update(is_to_make=False)
            logger.warning("Letter %s was not made: %s", letter.pk, type(reason).__name__)
        else:
            made += 1
    if lost is not None:
        raise lost
    return made


def _wait_longer(letter: Letter, *, now: datetime) -> None:
    """Let a letter wait for 1, 2, 4 … minutes until it is tried again."""
    Letter.objects.filter(pk=letter.pk).update(
        losses=letter.losses + 1, make_again_at=now + timedelta(minutes=2**letter.losses)
    )


@transaction.atomic
def make_given_up_again(*, by: User, now: datetime) -> int:
    """Let the letters be tried again that were given up, and return how many.

    :raises NotEntitled: if somebody is no system administrator.
    :raises ActionNotAllowed: if there is none.
    """
    if not by.has_role(Role.SYSTEM_ADMINISTRATOR):
        raise NotEntitled("This is for system administrators to do.")
    number = Letter.objects.given_up().update(losses=0, make_again_at=None)
    if not number:
        raise ActionNotAllowed("No letter waits to be made again any more.")
    note_change(
        thing=Thing.MESSAGE,
        act="Made again",
        by=by,
        now=now,
        key="letters",
        name="Letters that could not be made",
        changes=moved("Waiting for a person", str(number), "0"),
    )
    return number


def letters_to_print(letters: Iterable[Letter], *, now: datetime) -> bytes:
    """Return letters on paper as one PDF, each on a sheet of its own also on both sides.

    After a letter that encloses something comes that. One that cannot be made is left out: the
    first sheet says which.

    :raises NotMade: if none can be made.
    """
    files: list[StoredFile] = []
    left_out = []
    for each in letters:
        try:
            enclosed = enclosed_with(each, now=now)
            made = letter_document(each, LetterFormat(each.letter_format), now=now)
        except NotMade as reason:
            left_out.append((f"{each.to_name}, {each.complaint.reference}", str(reason)))
        else:
            files += [made.file, *enclosed]
    if left_out and not files:
        raise NotMade(left_out[0][1])
    sheets = (open_file(each) for each in files)
    return joined(chain(told_left_out(left_out, at=now), sheets), title="Letters to print")


def told_left_out(left_out: Sequence[tuple[str, str]], *, at: datetime) -> list[BytesIO]:
    """Return the sheet that says whose letters are not among those to print, and why, if any."""
    if not left_out:
        return []
    blocks = [Paragraph((NOT_AMONG_THEM,)), *(Paragraph(each) for each in left_out)]
    return [BytesIO(set_paper(plain_paper("Left out", blocks, author="", footer=""), at=at))]


def enclosed_with(letter: Letter, *, now: datetime) -> list[StoredFile]:
    """Return what goes with a letter on paper: the policy, or the papers of a hearing.

    :raises NotMade: if the policy cannot be made: then the letter that promises it waits (HH-14).
    """
    policy = enclosed_policy(letter, now=now)
    papers = enclosed_papers(letter)
    return [*([policy.file] if policy else []), *([papers] if papers else [])]


def on_paper(letter: Letter, *, now: datetime) -> bytes:
    """Return a letter as a PDF to be posted, with what it encloses behind it.

    :raises NotMade: if the one or the other cannot be made.
    """
    enclosed = enclosed_with(letter, now=now)
    made = letter_document(letter, LetterFormat(letter.letter_format), now=now)
    if enclosed:
        sheets = (open_file(each) for each in (made.file, *enclosed))
        return joined(sheets, title=letter.subject)
    with open_file(made.file) as kept:
        return kept.read()


def enclosed_papers(letter: Letter) -> StoredFile | None:
    """Return the papers of a hearing that go with a letter, if any do. Two queries at most."""
    if letter.kind != LetterKind.PAPERS:
        return None
    facts = RecordedEvent.objects.filter(
        complaint=letter.complaint_id, number=letter.event_number
    ).values_list("facts", flat=True)
    return papers_with(letter.complaint_id, [each.get("sha256", "") for each in facts])


def papers_with(complaint_id: int, hashes: Iterable[str]) -> StoredFile | None:
    """Return the newest papers of a complaint that have one of these hashes, or nothing."""
    kept = Document.objects.filter(
        complaint=complaint_id, kind=DocumentKind.PAPERS.value, file__sha256__in=list(hashes)
    )
    found = kept.select_related("file").order_by("-pk").first()
    return found.file if found else None


def enclosed_files(message: OutboundMessage) -> list[StoredFile]:
    """Return what goes with an e-mail: the policy that its letter encloses (HH-14), and the letter.

    The letter goes as a document where the customer needs a format. Nothing goes with an e-mail
    that says only that there is a letter: the policy can be opened beside it.

    :raises NotMade: if it cannot be made: then the e-mail does not go either (HH-27).
    """
    letter: Letter | None = getattr(message, "letter", None)
    if letter is None or letter.is_notice:
        return []
    policy = enclosed_policy(letter, now=message.created_at)
    enclosed = [policy.file] if policy else []
    if letter.letter_format == LetterFormat.STANDARD:
        return enclosed
    made = letter_document(letter, LetterFormat(letter.letter_format), now=message.created_at)
    return [made.file, *enclosed]


def make_letter(
    sheet: Sheet, letter_format: LetterFormat, *, at: datetime, logo: bytes = b""
) -> tuple[bytes, str, str]:
    """Return a letter in a format, what kind of file it is, and how its name ends.

    The same letter with the same logo above it gives the same bytes on the same machine.

    :raises NotMade: if this machine cannot make it, or not of these words.
    """
    if letter_format is LetterFormat.BRAILLE:
        return braille_of(sheet.lines()), BRF, "brf"
    if letter_format is LetterFormat.AUDIO:
        return sound_of(sheet.lines())
    return set_paper(letter_paper(sheet, letter_format), at=at, logo=logo), PDF, "pdf"


def letterhead(letter_format: LetterFormat) -> bytes:
    """Return the picture that stands above a letter on paper, nothing without one."""
    shown = logo() if letter_format in PRINTED else None
    return shown.content if shown else b""


def sheet_of(letter: Letter) -> Sheet:
    """Return a letter with what stands above and below its words, as it was issued."""
    landlord = Landlord.objects.defer("logo").first()
    sender = letter.sender.splitlines() or sender_lines(landlord)
    return Sheet(
        reference=letter.complaint.reference,
        title=letter.subject,
        author=sender[0] if sender else "",
        day=f"{london_day(letter.issued_at):%-d %B %Y}",
        sender=sender,
        to=[letter.to_name, *letter.to_address.splitlines()],
        greeting=f"Dear {letter.to_name},",
        blocks=blocks_of(letter.body),
        ending="Yours sincerely",
        easy=blocks_of(letter.easy_read),
        other=blocks_of(letter.other_text),
        language=LANGUAGES.get(letter.other_language),
        signed=letter.signed.splitlines() or signature(letter.issued_by, landlord),
    )
