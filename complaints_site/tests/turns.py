"""Whose turn it is with the one connection of SQLite in memory.

It is an answer's, its emptying's, or a transaction's of the test itself: a transaction that another
thread begins inside of one is part of it, and ends it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from django.db.transaction import Atomic, get_connection

TURN = RLock()


@contextmanager
def transactions_in_turn(shared: Collection[Any]) -> Iterator[None]:
    """Let each transaction of the connections that threads share wait for its turn."""
    enter, leave = Atomic.__enter__, Atomic.__exit__

    def is_shared(atomic: Atomic) -> bool:
        return any(get_connection(atomic.using) is each for each in shared)

    def enter_in_turn(atomic: Atomic) -> None:
        if not is_shared(atomic):
            return enter(atomic)
        TURN.acquire()
        try:
            return enter(atomic)
        except BaseException:
            TURN.release()
            raise

    def leave_in_turn(atomic: Atomic, *reason: Any) -> None:
        try:
            return leave(atomic, *reason)
        finally:
            if is_shared(atomic):
                TURN.release()

    Atomic.__enter__, Atomic.__exit__ = enter_in_turn, leave_in_turn
    try:
        yield
    finally:
        Atomic.__enter__, Atomic.__exit__ = enter, leave
