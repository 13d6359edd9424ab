"""Finding what a browser holds the token of: its draft, and what it sent."""

import hashlib

from cases.models import StoredFile
from feedback.models import Draft, Submission


def token_hash(token: str) -> str:
    """Return how a token is stored: whoever reads the database cannot open a draft with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def draft_of(token: str) -> Draft | None:
    """Return the draft of the browser with this token, or nothing. One query."""
    if not token:
        return None
    return Draft.objects.filter(token_hash=token_hash(token)).first()


def files_of(draft: Draft) -> list[StoredFile]:
    """Return the files added to a draft in the order in which they came, in one query."""
    return [row.file for row in draft.files.select_related("file").order_by("pk")]


def file_of(draft: Draft | None, key: str) -> StoredFile | None:
    """Return the file of a draft under this key, or nothing."""
    if draft is None:
        return None
    row = draft.files.filter(file__key=key).select_related("file").first()
    return row.file if row else None


def sent_with(token: str, reference: str) -> Submission | None:
    """Return what the browser with this token sent under a reference, or nothing."""
    if not token:
        return None
    sent = Submission.objects.filter(token_hash=token_hash(token), reference=reference)
    return sent.prefetch_related("files__file").first()


def sent_under(token: str, key: str) -> Submission | None:
    """Return what the browser with this token sent with a form's key already, or nothing."""
    if not token or not key:
        return None
    return Submission.objects.filter(token_hash=token_hash(token), key=key).first()
