"""What somebody had typed when their session ended or their password was asked for again."""

from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from cases.models import User
from cases.rules.sessions import MOST_KEPT

KEPT = "typed"
# Never kept: it belongs to the page that is gone, or is a password typed twice.
_LEFT_OUT = ("csrfmiddlewaretoken", "again")

TOO_MUCH = (
    "Your form was not sent, and is too long to be kept. Going back in your browser may still show "
    "it: copy your words from there."
)
NO_ROOM = (
    "Your form was not sent, and could not be kept: what you typed on another page is kept "
    "already. Going back in your browser may still show it."
)
LEFT_BEHIND = "What you had typed before, on another page, is kept no longer."


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: where to, its fields, and whether it had files."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool


def keep_typed(
    session: SessionBase, *, user_id: int, path: str, typed: QueryDict, had_files: bool
) -> bool:
    """Keep a form in the session for this person alone; say whether that was possible.

    Passwords are not kept, nor is more than MOST_KEPT characters.
    """
    fields = [
        [name, value]
        for name, values in typed.lists()
        if name not in _LEFT_OUT and "password" not in name
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in fields) > MOST_KEPT:
        return False
    session[KEPT] = {"user": user_id, "path": path, "fields": fields, "files": had_files}
    return True


def holds_other(session: SessionBase, path: str) -> bool:
    """Say whether a form of another page is kept already: there is room for one."""
    found: dict[str, Any] | None = session.get(KEPT)
    return found is not None and found["path"] != path


def sent_after_all(session: SessionBase, path: str) -> None:
    """Throw away what was kept of a page whose form is sent now."""
    if KEPT in session and not holds_other(session, path):
        del session[KEPT]


def kept_for(session: SessionBase, user: User) -> Kept | None:
    """Return what was kept for this person; what is somebody else's goes."""
    found: dict[str, Any] | None = session.get(KEPT)
    if found is None:
        return None
    if found["user"] != user.pk:
        del session[KEPT]
        return None
    fields = [(name, value) for name, value in found["fields"]]
    return Kept(found["path"], fields, found["files"])


def forget_typed(session: SessionBase) -> None:
    """Throw away what was kept."""
    session.pop(KEPT, None)
