"""Why an act comes late: asked once for all acts, where their events are added to the record."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cases.rules.lateness import NOT_ASKED, Lateness

_said: ContextVar[Lateness] = ContextVar("said", default=NOT_ASKED)


@contextmanager
def saying_why(late: Lateness) -> Iterator[None]:
    """Let what is recorded meanwhile, if it keeps a promise late, carry why."""
    before = _said.set(late)
    try:
        yield
    finally:
        _said.reset(before)


def said_of_lateness() -> Lateness:
    """Return what was said of why the act at hand is late; nothing where nobody was asked."""
    return _said.get()
