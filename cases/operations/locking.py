"""Words that the database keeps locked: whoever reads it without SECRET_KEY cannot read them."""

import base64
import hashlib
from typing import Any

from django.conf import settings

from cases.later import Later

# Loaded when somebody with a second factor signs in: a process without needs none of its memory.
fernet: Any = Later("cryptography.fernet")


def lock(words: str, *, purpose: str) -> str:
    """Return the words locked; only the same purpose opens them again."""
    return str(_lock_of(purpose).encrypt(words.encode()).decode())


def unlock(locked: str, *, purpose: str) -> str | None:
    """Return the words, or nothing if they were locked for another purpose or SECRET_KEY."""
    try:
        return str(_lock_of(purpose).decrypt(locked.encode()).decode())
    except fernet.InvalidToken:
        return None


def _lock_of(purpose: str) -> Any:
    digest = hashlib.sha256(f"{purpose}\x00{settings.SECRET_KEY}".encode()).digest()
    return fernet.Fernet(base64.urlsafe_b64encode(digest))
