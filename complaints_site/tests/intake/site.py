"""A site under attack: the real web server and the real database, killed and started again."""

import contextlib
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from complaints_site.tests.installation import Installation
from complaints_site.tests.servers import PostgreSQL, free_port, postgresql

START_SECONDS = 60
# How PostgreSQL names the process of a connection, in the list of processes.
BACKEND = "owner complaints"
APPLICATION = "complaints_site.wsgi:application"


def children_of(pid: int) -> list[tuple[int, str]]:
    """Return the processes that a process has started, with their command lines."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found.append((int(folder.name), words))
    return found


def kill(pid: int) -> None:
    """End a process as a power cut would."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@dataclass
class Site:
    """The web server of an installation, watched like a service manager does.

    `killed` counts what was killed, by kind. `application` names what it serves.
    """

    installation: Installation
    database: PostgreSQL | None
    application: str = APPLICATION
    port: int = field(default_factory=free_port)
    killed: dict[str, int] = field(default_factory=dict)
    web: "subprocess.Popen[bytes] | None" = None
    is_over: bool = False

    def start(self) -> None:
        """Start the web server as production does: two processes of four threads."""
        self.web = self.installation.start(
            sys.executable,
            *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(self.port), "--workers", "2", "--blocking-threads", "4", "--no-ws"),
            *("--respawn-failed-workers", "--respawn-interval", "0.1", "--log-level", "error"),
            self.application,
        )

    def stop(self) -> None:
        """End the web server with everything it started."""
        if self.web is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()

    def wait_until_it_answers(self) -> None:
        """Wait for the first answer.

        :raises TimeoutError: if there is none.
        """
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self._answers():
                return
            time.sleep(0.1)
        raise TimeoutError(f"The site does not answer: {self.installation.said()[-2000:]}")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/live")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def watch(self) -> None:
        """Start again whatever has ended, until all is over."""
        while not self.is_over:
            if self.web is not None and self.web.poll() is not None:
                self.stop()
                self.start()
            if self.database is not None and self.database.process.poll() is not None:
                self._start_database()
            time.sleep(0.05)

    def _start_database(self) -> None:
        """Start PostgreSQL after its postmaster was killed, once its children are gone."""
        assert self.database is not None
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                self.database.start()
            except RuntimeError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("PostgreSQL does not start again.")

    def kill(self, what: str, rng: random.Random) -> bool:
        """Kill one process of a kind; return whether there was one."""
        pid = self._one(what, rng)
        if pid is None:
            return False
        if what == "web master":
            # A container goes down with its first process.
            os.killpg(pid, signal.SIGKILL)
        else:
            kill(pid)
        self.killed[what] = self.killed.get(what, 0) + 1
        return True

    def _one(self, what: str, rng: random.Random) -> int | None:
        if what == "web master":
            return self.web.pid if self.web and self.web.poll() is None else None
        if what == "web worker":
            workers = children_of(self.web.pid) if self.web else []
            pids = [pid for pid, words in workers if "resource_tracker" not in words]
            return rng.choice(pids) if pids else None
        assert self.database is not None
        if what == "postmaster":
            return self.database.process.pid if self.database.process.poll() is None else None
        pids = self._children_of_database(BACKEND)
        return rng.choice(pids) if pids else None

    def most_memory(self) -> int:
        """Return how many megabytes the process that answers needed at most, of those that do."""
        assert self.web is not None
        found = []
        for pid, words in children_of(self.web.pid):
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
                most = next(line for line in lines if line.startswith("VmHWM"))
                found += [int(most.split()[1])] if "resource_tracker" not in words else []
        return max(found) // 1024

    def child_of_database(self, words: str) -> int:
        """Return a process of PostgreSQL that has these words in its command line."""
        return self._children_of_database(words)[0]

    def has_restarted_without(self, process: int) -> bool:
        """Say whether PostgreSQL has started all its processes anew since it had this one."""
        writers = self._children_of_database("walwriter")
        return bool(writers) and process not in writers

    def _children_of_database(self, words: str) -> list[int]:
        assert self.database is not None
        return [pid for pid, line in children_of(self.database.process.pid) if words in line]


@contextmanager
def site(
    folder: Path,
    *,
    database: PostgreSQL | None,
    migrated: str = "",
    application: str = APPLICATION,
    proxies: int = 1,
) -> Iterator[Site]:
    """Run a site with a landlord, on the empty PostgreSQL given or in a `migrated` SQLite file."""
    url = database.url if database else migrated
    # As in production: each person comes from an address of their own, through one proxy.
    settings = {
        "DEMONSTRATION": "false",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_BASE_URL": "https://127.0.0.1",
        "TRUSTED_PROXIES": str(proxies),
        "MAIL_STAYS_HERE": "true",
    }
    installation = Installation(folder, url, settings)
    if database:
        installation.manage("migrate", "--verbosity", "0")
    installation.manage(
        *("set_up", "--name", "Harbourside Homes", "--nation", "england-and-wales"),
        *("--procedure", "code-2024"),
    )
    running = Site(installation, database, application)
    watcher = threading.Thread(target=running.watch, daemon=True)
    try:
        running.start()
        running.wait_until_it_answers()
        watcher.start()
        yield running
    finally:
        running.is_over = True
        if watcher.is_alive():
            watcher.join()
        running.stop()
        installation.stop()


@contextmanager
def durable_postgresql(*settings: str) -> Iterator[PostgreSQL]:
    """Run a PostgreSQL that keeps what it has confirmed, as in production."""
    with postgresql("fsync=on", "full_page_writes=on", *settings) as server:
        yield server


def ready(server: PostgreSQL) -> Callable[[], bool]:
    """Return a function that says whether the database answers again."""

    def answers() -> bool:
        try:
            with psycopg.connect(server.url, connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    return answers
