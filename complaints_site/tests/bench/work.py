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
        before = self._spent()
        for _ in range(times):
            act()
        after = self._spent()
        if not before:
            return None
        spent = sum(after[each] - before.get(each, 0) for each in after)
        return spent / times / NANOSECONDS

    def _spent(self) -> dict[int, int]:
        found = {}
        for process in (*self._processes, *children_of(self._database)):
            try:
                threads = (PROC / str(process) / "task").iterdir()
                found[process] = sum(
                    int((each / "schedstat").read_text().split()[0]) for each in threads
                )
            except OSError:
                continue
        return found


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
