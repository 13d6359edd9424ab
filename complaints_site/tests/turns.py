"""Whose turn it is with the one connection of SQLite in memory.

It is an answer's, its emptying's, or a transaction's of the test itself: a transaction that another
thread begins inside of one is part of it, and ends it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import RLock, local
from typing import Any

from django.db.transaction import Atomic, get_connection

TURN = RLock()


@contextmanager
def transactions_in_turn(shared: Collection[Any]) -> Iterator[None]:
    """Let each transaction of the connections that threads share wait for its turn."""
    enter, leave = Atomic.__enter__, Atomic.__exit__
    # The transactions that wait or have their turn, the innermost of this thread last.
    own = local()

    def enter_in_turn(atomic: Atomic) -> None:
        waits = any(get_connection(atomic.using) is each for each in shared)
        if waits:
            TURN.acquire()
        try:
            enter(atomic)
        except BaseException:
            if waits:
                TURN.release()
            raise
        own.took = [*getattr(own, "took", ()), waits]

    def leave_in_turn(atomic: Atomic, *reason: Any) -> None:
        *own.took, waited = own.took
        try:
            leave(atomic, *reason)
        finally:
            if waited:
                TURN.release()

    Atomic.__enter__, Atomic.__exit__ = enter_in_turn, leave_in_turn
    try:
        yield
    finally:
        Atomic.__enter__, Atomic.__exit__ = enter, leave
