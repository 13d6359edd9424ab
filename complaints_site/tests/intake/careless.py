"""A site that answers before anything is stored: what the proof must catch."""

import threading
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from complaints_site.wsgi import application
from feedback.models import Submission
from feedback.operations import send
from feedback.views import additions, asked

SECONDS = 0.5
# So few add something that a kill within half a second of it may not come.
ADDED_SECONDS = 60

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


def _add_later(add: Callable[..., Any]) -> Callable[..., bool]:
    """Return what says that something was added, and adds it later."""

    def promise(*, uploads: Any, **what: Any) -> bool:
        kept = [SimpleUploadedFile(each.name, b"".join(each.chunks())) for each in uploads]
        threading.Timer(ADDED_SECONDS, add, kwargs={**what, "uploads": kept}).start()
        return True

    return promise


send.new_reference = _promised_reference
send._store = _store_later
additions.send_addition = _add_later(additions.send_addition)
asked.answer_question = _add_later(asked.answer_question)

__all__ = ["application"]
