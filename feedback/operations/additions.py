"""What somebody adds to a complaint that they follow: kept, shown, and only then sent."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cases.models import Complaint, TrackingVisit
from cases.operations.from_customer import add_from_customer, added_under
from cases.rules.own_words import plain
from feedback.models import Draft, FormFile
from feedback.models.drafts import new_key
from feedback.operations.drafts import keep_under
from feedback.selectors.additions import name_of

# The one page of it, and what is typed there.
PAGE = "add"


def keep_words(*, visit: TrackingVisit, words: str, source: str, now: datetime) -> Draft:
    """Keep what somebody wrote on the page, for this visit or the next."""
    typed = {"words": [words]}
    return keep_under(name_of(visit), step=PAGE, typed=typed, source=source, began_at=now, now=now)


@transaction.atomic
def send_addition(
    *,
    visit: TrackingVisit,
    key: str,
    words: str,
    uploads: "Sequence[UploadedFile[Any]]" = (),
    now: datetime,
) -> None:
    """Put what somebody adds on the record, with the files that they added before; once.

    Of a page that is sent again, only what is not on the record yet.

    `uploads` are files that nobody was shown: of a page that was open from before they were.

    :raises ReasonMissing: if there are neither words nor files.
    :raises FileRefused: if far too much came within an hour or in all.
    """
    found = Draft.objects.select_for_update(of=("self",)).filter(token_hash=name_of(visit))
    draft = found.first()
    rows: list[FormFile] = []
    if draft is not None:
        rows = list(FormFile.objects.filter(draft=draft).select_related("file").order_by("pk"))
    # Nobody adds to it meanwhile: of two clicks at once the second finds what the first sent.
    Complaint.objects.select_for_update().only("pk").get(pk=visit.complaint_id)
    new = _what_is_new(visit.complaint_id, key=key, words=words, uploads=uploads)
    if new is None and not rows:
        # The other click was quicker.
        return
    key, words, uploads = new or (new_key(), "", ())
    add_from_customer(
        complaint_id=visit.complaint_id,
        key=key,
        words=words,
        uploads=uploads,
        kept=[row.file for row in rows],
        speaker_id=visit.speaker_id,
        now=now,
    )
    if draft is not None:
        # Its files are the complaint's now.
        FormFile.objects.filter(draft=draft).delete()
        draft.delete()


def _what_is_new(
    complaint_id: int, *, key: str, words: str, uploads: "Sequence[UploadedFile[Any]]"
) -> "tuple[str, str, Sequence[UploadedFile[Any]]] | None":
    """Return what is not on the record yet of what a page sends, under which key; None if nothing.

    A page is sent twice by two clicks, and once more, with other words, by somebody who never had
    the answer. What is new then has a key that follows from it, so that it too is recorded once.
    """
    sums = [_sum_of(upload) for upload in uploads]
    again = hashlib.sha256("\n".join([key, plain(words), *sums]).encode()).hexdigest()[:32]
    known = added_under(key, again, complaint_id=complaint_id)
    if not known.keys:
        return key, words, uploads
    words = "" if plain(words) in known.words else words.strip()
    uploads = [each for each, one in zip(uploads, sums, strict=True) if one not in known.files]
    if not words and not uploads:
        return None
    return again, words, uploads


def _sum_of(upload: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
