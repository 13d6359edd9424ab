"""What somebody adds to a complaint that they follow: kept, shown, and only then sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cases.models import TrackingVisit
from cases.operations.from_customer import add_from_customer, is_added
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

    `uploads` are files that nobody was shown: of a page that was open from before they were.

    :raises ReasonMissing: if there are neither words nor files.
    :raises FileRefused: if far too much came within an hour or in all.
    """
    found = Draft.objects.select_for_update(of=("self",)).filter(token_hash=name_of(visit))
    draft = found.first()
    rows: list[FormFile] = []
    if draft is not None:
        rows = list(FormFile.objects.filter(draft=draft).select_related("file").order_by("pk"))
    if is_added(complaint_id=visit.complaint_id, key=key):
        if not rows:
            # The other click was quicker.
            return
        # A page from before, sent again: what is new are the files.
        key, words, uploads = new_key(), "", ()
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
