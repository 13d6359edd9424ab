"""A clock of which only one ticks, however many are started."""

import contextlib
import fcntl
from typing import IO, Any

from celery.beat import Scheduler
from django.conf import settings
from django.db import DatabaseError, connections

RETRY_SECONDS = 2.0
# Any number that nothing else in the database locks.
LOCK_NUMBER = 4_736_251


class SingletonScheduler(Scheduler):
    """Ticks only while it holds a lock: in PostgreSQL an advisory one, else on a file.

    The tasks themselves are safe to run twice; this saves the work and the waiting.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._file: IO[str] | None = None
        # A connection of its own: the lock lives as long as it does.
        self._connection = connections.create_connection("default")
        self._holds_session_lock = False
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Run what is due if this clock holds the lock; return the seconds until the next look."""
        if not self._holds_lock():
            return RETRY_SECONDS
        return float(super().tick(*args, **kwargs))

    def close(self) -> None:
        """Let another clock take over at once."""
        if self._file is not None:
            self._file.close()
        self._connection.close()
        super().close()

    def _holds_lock(self) -> bool:
        if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
            return self._holds_file_lock()
        return self._holds_advisory_lock()

    def _holds_file_lock(self) -> bool:
        if self._file is not None:
            return True
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        file = (settings.DATA_DIR / "beat.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def _holds_advisory_lock(self) -> bool:
        """Keep one connection for the lock; if the database forgot us, ask for it again."""
        try:
            with self._connection.cursor() as cursor:
                if self._holds_session_lock:
                    cursor.execute("SELECT 1")
                    return True
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_NUMBER])
                row = cursor.fetchone()
                self._holds_session_lock = bool(row and row[0])
                return self._holds_session_lock
        except DatabaseError:
            self._holds_session_lock = False
            with contextlib.suppress(DatabaseError):
                self._connection.close()
            return False
