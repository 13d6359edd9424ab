"""The whole suite: every test on SQLite, then those that a database can change on PostgreSQL.

    python -m complaints_site.tests.suite [--long] [PATH …]

With --long, the long forms of the proofs, and the rules with cases drawn afresh, many times over.
With paths, only what is there.

What is not installed on this machine is skipped with a loud line; with NOTHING_SKIPPED=1 in the
environment, as in continuous integration, that is a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from complaints_site.tests.installation import Databases
from complaints_site.tests.migrated import MIGRATED
from complaints_site.tests.servers import NotInstalled, postgresql

# One more than continuous integration has processors: tests wait at times for a browser, for a
# server to start, for a disk. How much that saves has not been measured by itself.
WORKERS = "3"


def run(paths: Sequence[str], *, long: bool) -> int:
    """Run both passes and return 0 if everything passed."""
    # Every process that the tests start would compile the whole site anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    marks = "long" if long else "not long"
    workers = ["-n", "0"] if long else ["-n", WORKERS, "--dist", "worksteal"]
    passed = [_drawn_afresh()] if long and not paths else []
    with ExitStack() as stack:
        missing, servers = "", {"SQLite": ""}
        try:
            # Durability is not in question here; the proofs that need it start their own servers.
            given = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
            servers["PostgreSQL"] = stack.enter_context(postgresql(*given)).url
        except NotInstalled as error:
            missing = str(error)
        for name, environment in stack.enter_context(_migrated(servers)).items():
            second = " and not one_database" if servers[name] else ""
            passed.append(_pass(name, ["-m", f"{marks}{second}", *workers, *paths], environment))
    if missing:
        _say(f"NOT RUN ON POSTGRESQL: {missing}")
        passed.append("NOTHING_SKIPPED" not in os.environ)
    return 0 if all(passed) else 1


@contextmanager
def _migrated(servers: Mapping[str, str]) -> Iterator[dict[str, dict[str, str]]]:
    """Give the environment of each pass, with a database of its kind that is migrated already.

    They are migrated at once, each by a processor.
    """
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        made = [Databases(Path(folder, name), url) for name, url in servers.items()]
        templates = pool.map(Databases.template, made)
        yield {
            name: {**os.environ, MIGRATED: template, **({"TEST_DATABASE_URL": url} if url else {})}
            for (name, url), template in zip(servers.items(), templates, strict=True)
        }


def _drawn_afresh() -> bool:
    chosen = ["-m", "not long", "--timeout=3600", "cases/tests/rules"]
    return _pass("drawn cases", chosen, {**os.environ, "DRAWN": "afresh"})


def _pass(name: str, arguments: list[str], environment: dict[str, str]) -> bool:
    _say(f"The suite on {name}")
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    code = subprocess.run(command, env=environment, check=False).returncode
    _say(f"The suite on {name}: {_minutes(began)} minutes, exit {code}")
    return code == 0


def _minutes(began: float) -> str:
    return f"{(time.monotonic() - began) / 60:.1f}"


def _say(words: str) -> None:
    sys.stdout.write(f"\n=== {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(run([each for each in given if each != "--long"], long="--long" in given))
