"""A site that answers before anything is stored: what the proof must catch."""

import threading
from typing import Any

from complaints_site.wsgi import application
from feedback.models import Submission
from feedback.operations import send

SECONDS = 0.5

_store, _new_reference = send._store, send.new_reference
_promised = threading.local()


def _promised_reference() -> str:
    return getattr(_promised, "reference", "") or _new_reference()


def _store_later(*what: Any, **more: Any) -> Submission:
    """Return a form with its reference, and store it when the answer is long on its way."""
    reference = _new_reference()

    def store() -> None:
        _promised.reference = reference
        _store(*what, **more)

    threading.Timer(SECONDS, store).start()
    return Submission(reference=reference)


send.new_reference = _promised_reference
send._store = _store_later

__all__ = ["application"]
