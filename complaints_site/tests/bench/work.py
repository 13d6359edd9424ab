"""The processor's time that something takes, whatever else the machine does meanwhile.

On a machine with nothing else to do one request after another takes as long as the processor
works on it: in the server, in the database, in the client. On a busy one it waits its turn, and
a long answer waits more often than a short one. So it is this time that is compared.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import connection

PROC = Path("/proc")
NANOSECONDS = 1_000_000


class Work:
    """Counts the time that processes have worked: these, our own, and those of the database.

    Counts nothing where the system does not tell.
    """

    def __init__(self, processes: Sequence[int] = ()) -> None:
        self._processes = [os.getpid(), *processes]
        self._database = _database_server()

    def of(self, act: Callable[[], object], *, times: int = 1) -> float | None:
        """Do something that many times, and return the work of each time, in milliseconds."""
        before, ended_before = self._spent(), self._ended()
        for _ in range(times):
            act()
        after, ended = self._spent(), self._ended()
        if not before:
            return None
        # A thread that ended meanwhile takes its time with it, but gives none back.
        spent = sum(after[each] - before.get(each, 0) for each in after)
        alive = {process for process, _ in after}
        gone = sum(each for (process, _), each in before.items() if process not in alive)
        return (spent + max(0, ended - ended_before - gone)) / times / NANOSECONDS

    def _spent(self) -> dict[tuple[int, str], int]:
        """Return how long each thread has worked, in nanoseconds."""
        found = {}
        for process in (*self._processes, *children_of(self._database)):
            try:
                for thread in (PROC / str(process) / "task").iterdir():
                    told = (thread / "schedstat").read_text()
                    found[process, thread.name] = int(told.split()[0])
            except OSError:
                continue
        return found

    def _ended(self) -> int:
        """Return how long the database's processes worked that are over, in nanoseconds.

        It starts some for a single query, which are gone when it is answered. To a hundredth of
        a second.
        """
        try:
            told = (PROC / str(self._database) / "stat").read_text()
        except OSError:
            return 0
        after_name = told.rpartition(")")[2].split()
        of_children = int(after_name[13]) + int(after_name[14])
        return of_children * 1_000 * NANOSECONDS // os.sysconf("SC_CLK_TCK")


def children_of(process: int) -> list[int]:
    """Return the processes that one has started, or nothing where the system does not tell."""
    try:
        return [
            int(each) for each in (PROC / f"{process}/task/{process}/children").read_text().split()
        ]
    except OSError:
        return []


def _database_server() -> int:
    """Return the process of the database server, or 0 where the system does not tell."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    try:
        told = (PROC / f"{backend}/status").read_text()
    except OSError:
        return 0
    return int(told.partition("PPid:")[2].split()[0])
