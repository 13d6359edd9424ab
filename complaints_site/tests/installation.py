"""Whole installations for tests: each with a database, a folder, and real processes of its own.

The database is of the kind the tests run on: a SQLite file, or a database of the PostgreSQL
that TEST_DATABASE_URL names.
"""

import json
import os
import queue
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from complaints_site.tests.migrated import MIGRATED, fill_from

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
SETTINGS = "complaints_site.settings"


class Hand:
    """A process inside an installation that calls functions for a test, and can be killed.

    Functions are named as "package.module:function", and take and return what JSON can hold.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self._answers.put(line)
        self._answers.put("")

    def begin(self, function: str, **arguments: Any) -> None:
        """Ask for a call without waiting for its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([function, arguments]) + "\n")
        self.process.stdin.flush()

    def answer(self, seconds: float = PATIENCE_SECONDS) -> Any:
        """Wait for the answer of the call that was begun.

        :raises RuntimeError: if it failed, or the process is gone.
        """
        line = self._answers.get(timeout=seconds)
        if not line:
            raise RuntimeError(f"The process ended with {self.process.wait()}.")
        kind, value = json.loads(line)
        if kind == "error":
            raise RuntimeError(value)
        return value

    def call(self, function: str, **arguments: Any) -> Any:
        """Call a function and return its answer."""
        self.begin(function, **arguments)
        return self.answer()

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.kill()
        self.process.wait()


@dataclass
class Installation:
    """One installation."""

    folder: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)
    processes: "list[subprocess.Popen[Any]]" = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its processes."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TEST_")}
        return {
            **kept,
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "DEMONSTRATION": "true",
            "DEBUG": "false",
            "PUBLIC_BASE_URL": "http://127.0.0.1",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "EMAIL_URL": f"filemail:///{self.folder / 'mail'}",
            "REDIS_URL": "",
            "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
            **self.settings,
        }

    def manage(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a management command and return what it said."""
        done = subprocess.run(
            [sys.executable, "-W", "error::RuntimeWarning", str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(f"{arguments} ended with {done.returncode}: {done.stderr}")
        return done

    def start(self, *command: str, log: str = "log") -> "subprocess.Popen[bytes]":
        """Start a program of the installation, in a process group of its own."""
        with (self.folder / log).open("ab") as out:
            process = subprocess.Popen(
                command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def python(self, *arguments: str, log: str = "log") -> "subprocess.Popen[bytes]":
        """Start a Python program of the installation."""
        return self.start(sys.executable, *arguments, log=log)

    def said(self, log: str = "log") -> str:
        """Return what its programs wrote."""
        path = self.folder / log
        return path.read_text() if path.exists() else ""

    def hand(self) -> Hand:
        """Start a process that calls functions inside the installation."""
        process = subprocess.Popen(
            [sys.executable, "-m", "complaints_site.tests.hand"],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return Hand(process)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, asked past the system."""
        if self.database_url.startswith("sqlite"):
            with sqlite3.connect(self.database_file, timeout=20) as connection:
                found = connection.execute(query).fetchall()
            connection.close()
            return found
        with psycopg.connect(self.database_url, autocommit=True) as server:
            return server.execute(query).fetchall()  # type: ignore[arg-type]

    def run(self, *statements: str) -> None:
        """Run statements as the owner of the database, past the system."""
        if self.database_url.startswith("sqlite"):
            with sqlite3.connect(self.database_file, timeout=20) as connection:
                for statement in statements:
                    connection.execute(statement)
            connection.close()
            return
        with psycopg.connect(self.database_url, autocommit=True) as server:
            for statement in statements:
                server.execute(statement)  # type: ignore[arg-type]

    @property
    def database_file(self) -> Path:
        """Return the file of a SQLite database."""
        return Path(urlsplit(self.database_url).path)

    @property
    def is_sqlite(self) -> bool:
        """Say of which kind its database is."""
        return self.database_url.startswith("sqlite")

    def stop(self) -> None:
        """End every process that was started and still runs."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def wait_until(condition: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """Return what the condition returns as soon as it is true.

    :raises TimeoutError: if it does not become true in that time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise TimeoutError("What was waited for did not happen.")


class Databases:
    """Makes migrated databases as copies of one that was migrated once.

    `template` is the address of that one where there is one already.
    """

    def __init__(self, folder: Path, server: str, template: str = "") -> None:
        self._folder = folder
        self._server = server
        self._count = 0
        self._template = template

    def empty(self) -> str:
        """Return the address of a new database without tables."""
        self._count += 1
        if not self._server:
            return f"sqlite:///{self._folder / f'database-{self._count}.sqlite3'}"
        name = f"installation_{os.getpid()}_{self._count}"
        self._on_server(f"CREATE DATABASE {name}")
        return self._address(name)

    def template(self) -> str:
        """Return the address of the one that is copied. Nobody may be connected to it."""
        if not self._template:
            template = self.empty()
            folder = self._folder / f"template-{self._count}"
            folder.mkdir(parents=True)
            Installation(folder, template).manage("migrate", "--verbosity", "0")
            self._template = template
        return self._template

    def migrated(self) -> str:
        """Return the address of a new database with every table and nothing in them."""
        template = urlsplit(self.template()).path
        if not self._server:
            copy = self.empty()
            with closing(sqlite3.connect(urlsplit(copy).path)) as target:
                fill_from(template, target)
            return copy
        self._count += 1
        name = f"installation_{os.getpid()}_{self._count}"
        self._on_server(f"CREATE DATABASE {name} TEMPLATE {template.lstrip('/')}")
        return self._address(name)

    def drop(self) -> None:
        """Remove every database that was made on a server."""
        for number in range(1, self._count + 1) if self._server else ():
            name = f"installation_{os.getpid()}_{number}"
            self._on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _address(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{name}"))

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute(statement)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The place where the databases of installations are made."""
    folder = Path(tempfile.mkdtemp(prefix="complaints-installations-"))
    kind, template = (os.environ.get(name, "") for name in ("TEST_DATABASE_URL", MIGRATED))
    made = Databases(folder, kind, template)
    yield made
    made.drop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def install(databases: Databases, tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """A function that makes an installation, further settings by their names.

    `database` is "migrated", "empty", "sqlite" for an empty one of that kind whatever the tests
    run on, or the address of one.
    """
    made: list[Installation] = []

    def make(*, database: str = "migrated", **settings: str) -> Installation:
        folder = tmp_path / f"installation-{len(made)}"
        folder.mkdir()
        address = {
            "migrated": databases.migrated,
            "empty": databases.empty,
            "sqlite": lambda: f"sqlite:///{folder / 'database.sqlite3'}",
        }.get(database)
        made.append(Installation(folder, address() if address else database, settings))
        return made[-1]

    yield make
    for each in made:
        each.stop()
