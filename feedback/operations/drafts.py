"""Keeping what somebody types until they send it."""

import contextlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import FileRefused
from cases.operations.files import check_upload, remove_stored, store_upload
from cases.operations.tracking import hash_of_code
from cases.rules.tracking import handed_out_code
from feedback.errors import NothingToSend, TooManyFiles
from feedback.models import Draft, FormFile
from feedback.models.drafts import new_key
from feedback.selectors.drafts import token_hash
from feedback.selectors.signs import may_add_files

# Far more than any answer may have; what is longer was not typed by hand.
KEPT_CHARACTERS = 100_000
KEPT_VALUES = 50
# Beside what was typed on the page for files: why some were not taken.
REFUSED = "refused"
# So often what was typed is kept anew where another window sends at the same moment.
TIMES = 3
# For colleagues: what the public reads of it is said where it is caught.
_SENT = "The form is sent or forgotten."


def plain_text(text: str) -> str:
    """Return text as every database can keep it: without NULs and halves of characters."""
    whole = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return whole.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def keep_answers(
    *,
    token: str,
    step: str,
    typed: Mapping[str, Sequence[str]],
    source: str,
    began_at: datetime,
    now: datetime,
) -> Draft:
    """Keep what was typed on a page, right or wrong, in the draft of this browser.

    `began_at` counts where it begins a draft. The key changes with the answers, so that a page
    drawn from others cannot send these.
    """
    return keep_under(
        token_hash(token), step=step, typed=typed, source=source, began_at=began_at, now=now
    )


def keep_under(
    name: str,
    *,
    step: str,
    typed: Mapping[str, Sequence[str]],
    source: str,
    began_at: datetime,
    now: datetime,
) -> Draft:
    """Keep what was typed in the draft with this name: the hash of a token, or another name.

    Where another window sends the draft in the same moment, it is kept in a new one.

    :raises NothingToSend: if that happens time and again.
    """
    answers = {
        field: [value[:KEPT_CHARACTERS] for value in values[:KEPT_VALUES]]
        for field, values in typed.items()
    }
    for _time in range(TIMES):
        begun = _begin(name, source=source, began_at=began_at, now=now)
        with contextlib.suppress(NothingToSend), transaction.atomic():
            draft = _lock(begun.pk)
            if draft.answers.get(step) != answers:
                draft.answers[step] = answers
                draft.key = new_key()
            draft.changed_at = now
            draft.save(update_fields=["answers", "key", "changed_at"])
            return draft
    raise NothingToSend(_SENT)


def _begin(name: str, *, source: str, began_at: datetime, now: datetime) -> Draft:
    defaults: dict[str, Any] = {"source": source, "began_at": began_at, "changed_at": now}
    draft, _ = Draft.objects.get_or_create(token_hash=name, defaults=defaults)
    return draft


def add_files(
    *, draft_id: int, uploads: "Sequence[UploadedFile[Any]]", source: str, now: datetime
) -> list[str]:
    """Put files on disk for good and add them to a draft; return why others were refused.

    :raises TooManyFiles: if the draft would have more files, or more bytes, than one form may, or
        far too many came from one place within an hour. Then none is added.
    :raises NothingToSend: if the draft is sent or forgotten in the meantime.
    """
    _check_number(draft_id, len(uploads))
    checked, refused = [], []
    for upload in uploads:
        try:
            check_upload(upload)
            checked.append(upload)
        except FileRefused as reason:
            refused.append(str(reason))
    if checked:
        _check_room(draft_id, checked, source=source, now=now)
    for upload in checked:
        stored = store_upload(upload, by=None, now=now)
        with transaction.atomic():
            _lock(draft_id)
            FormFile.objects.create(file=stored, draft_id=draft_id, source=source, added_at=now)
            _changed(draft_id, now=now)
    return refused


def _check_number(draft_id: int, more: int) -> None:
    held = FormFile.objects.filter(draft=draft_id).count()
    if held + more > settings.UPLOAD_FILE_LIMIT:
        raise TooManyFiles(
            _(
                "You can send %(number)d files. Remove one to add another, or send the rest by "
                "email or post with your reference."
            )
            % {"number": settings.UPLOAD_FILE_LIMIT}
        )


def _check_room(
    draft_id: int, uploads: "Sequence[UploadedFile[Any]]", *, source: str, now: datetime
) -> None:
    files = FormFile.objects.filter(draft=draft_id)
    held = sum(files.values_list("file__size", flat=True))
    size = sum(upload.size or 0 for upload in uploads)
    if held + size > settings.UPLOAD_TOTAL_MAX_BYTES:
        megabytes = settings.UPLOAD_TOTAL_MAX_BYTES // 1024**2
        raise TooManyFiles(
            _(
                "Your files may be %(megabytes)d MB together. Remove one or choose smaller ones, "
                "or send the rest by email or post with your reference."
            )
            % {"megabytes": megabytes}
        )
    if not may_add_files(source, count=len(uploads), size=size, now=now):
        raise TooManyFiles(
            _(
                "Very many files came from your network in the last hour. Send the form without "
                "these, and send them by email or post with your reference."
            )
        )


def keep_refusals(*, draft_id: int, step: str, refused: Sequence[str], now: datetime) -> None:
    """Keep why files were not taken, until their page is sent again.

    :raises NothingToSend: if the draft is sent or forgotten in the meantime.
    """
    with transaction.atomic():
        draft = _lock(draft_id)
        draft.answers[step] = {**draft.answers.get(step, {}), REFUSED: list(refused)}
        draft.changed_at = now
        draft.save(update_fields=["answers", "changed_at"])


def remove_file(*, draft_id: int, key: str, now: datetime) -> str:
    """Take a file out of a draft again, and off the disk; return its name.

    Nothing happens if it is not there, and the name is empty.

    :raises NothingToSend: if the draft is sent or forgotten in the meantime.
    """
    with transaction.atomic():
        _lock(draft_id)
        found = FormFile.objects.filter(draft=draft_id, file__key=key).select_related("file")
        row = found.first()
        if row is None:
            return ""
        stored = row.file
        row.delete()
        remove_stored(stored)
        _changed(draft_id, now=now)
    return stored.name


def _lock(draft_id: int) -> Draft:
    """Return the draft, kept from being sent until the transaction ends.

    :raises NothingToSend: if there is no draft any more.
    """
    draft = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        raise NothingToSend(_SENT)
    return draft


def _changed(draft_id: int, *, now: datetime) -> None:
    Draft.objects.filter(pk=draft_id).update(key=new_key(), changed_at=now)


@transaction.atomic
def put_away(*, token: str, language: str, now: datetime) -> str:
    """Put the draft of a browser away, and return the code by which it is found in any browser.

    It goes on in `language`, wherever the code is typed in.

    The browser that had it finds it no more: others may use the computer next.

    :raises NothingToSend: if there is no draft.
    """
    found = Draft.objects.select_for_update(of=("self",)).filter(token_hash=token_hash(token))
    draft = found.first() if token else None
    if draft is None:
        raise NothingToSend("There is nothing to put away.")
    code = handed_out_code()
    draft.code_hash = hash_of_code(code)
    draft.token_hash = token_hash(secrets.token_urlsafe(32))
    draft.language = language
    draft.changed_at = now
    draft.save(update_fields=["code_hash", "token_hash", "language", "changed_at"])
    return code


@transaction.atomic
def bring_back(*, code: str, token: str, now: datetime) -> bool:
    """Give the draft that was put away with a code to the browser of a new token, once."""
    waiting = Draft.objects.select_for_update(of=("self",)).exclude(code_hash="")
    draft = waiting.filter(code_hash=hash_of_code(code)).first()
    if draft is None:
        return False
    draft.code_hash = ""
    draft.token_hash = token_hash(token)
    draft.changed_at = now
    draft.save(update_fields=["code_hash", "token_hash", "changed_at"])
    return True


@transaction.atomic
def forget(*, token: str) -> None:
    """Delete the draft of this browser with its files, if there is one."""
    found = Draft.objects.filter(token_hash=token_hash(token))
    for draft in found.select_for_update(of=("self",)):
        delete_draft(draft)


def delete_draft(draft: Draft) -> None:
    """Delete a draft with the files that nobody sent. Call it in a transaction."""
    stored = [row.file for row in draft.files.select_related("file")]
    draft.delete()
    for file in stored:
        remove_stored(file)
