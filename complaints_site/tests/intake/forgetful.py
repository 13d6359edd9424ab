"""A site that does not know again what was added already: what the proof must see doubled."""

import secrets
from typing import Any

from complaints_site.wsgi import application
from feedback.views import additions, asked

_add, _answer = additions.send_addition, asked.answer_question


def _add_again(**what: Any) -> None:
    """Add what the customer sends, as if every page were another."""
    _add(**{**what, "key": secrets.token_hex(16)})


def _answer_again(*, token: str, now: Any, **what: Any) -> Any:
    """Take an answer, and ask the same anew."""
    same = asked.open_question(token, now=now)
    taken = _answer(token=token, now=now, **what)
    if same is not None:
        same.answered_at, same.code = None, secrets.token_hex(6)
        same.save()
    return taken


additions.send_addition = _add_again
asked.answer_question = _answer_again

__all__ = ["application"]
