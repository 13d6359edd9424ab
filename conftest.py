"""What tests share."""

import gc
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from cases.middleware import Memory
from cases.models import procedures
from cases.selectors.rows import row_of
from cases.triggers import remove_triggers
from complaints_site.tests.chromium import chromium
from complaints_site.tests.migrated import MIGRATED, fill_from
from complaints_site.tests.turns import TURN

# The fixtures by which a test comes to a database, if it is not marked.
DATABASES = {"db", "transactional_db", "live_server", "install"}

_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_triggers(case: TransactionTestCase) -> None:
    """Let a test empty its database; migrating puts the triggers back.

    An answer to a browser that is gone may still be made meanwhile: it is waited for.
    """
    with TURN:
        for connection in connections.all():
            remove_triggers(connection)
        _teardown(case)


TransactionTestCase._fixture_teardown = _teardown_without_triggers


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Let SQLite in memory begin as the copy of a file that was migrated for all workers."""
    template = os.environ.get(MIGRATED, "")
    ours = connections["default"]
    if not template.startswith("sqlite"):
        return
    name = ours.creation._get_test_db_name()
    ours.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    with django_db_blocker.unblock():
        ours.ensure_connection()
        fill_from(urlsplit(template).path, ours.connection)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what is left of connections with the tests, or PostgreSQL keeps the database.

    A page of a browser's test may still be answered when the last test is over. What Django asks
    SQLite once in each process is asked first, and counted among the queries of no test.
    """
    ours = connections["default"]
    with django_db_blocker.unblock():
        _ = ours.features.supports_json_field
    yield
    if ours.vendor == "postgresql":
        with django_db_blocker.unblock(), ours.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _nothing_remembered_from_other_tests():
    """Forget what a process reads once, because each test has a database of its own."""
    procedures.edition.cache_clear()
    procedures.published_terms.cache_clear()
    row_of.cache_clear()
    # As in a landlord's daily work; the tests of a new installation begin with False.
    Memory.is_set_up = True


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Deal the tests out to the workers; leave out what drives a browser where there is none.

    What asks for no database is no test for a second one. Only when everything is left out that
    was not asked for are the shares even.
    """
    for item in items:
        if not _asks_for_a_database(item):
            item.add_marker(pytest.mark.one_database)
    yield
    items[:] = dealt(items, workers=int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    if chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="chromium is not installed on this machine."))


def _asks_for_a_database(item: pytest.Item) -> bool:
    """Say whether a test uses the database of the tests, or starts something that has one."""
    names = set(getattr(item, "fixturenames", ()))
    marks = (item.get_closest_marker(name) for name in ("django_db", "servers"))
    return bool(names & DATABASES) or any(marks)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the tests themselves, and look less often at the rest.

    Otherwise one second in eight goes into looking at what stays for as long as the tests do.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def dealt(items: list[pytest.Item], *, workers: int) -> list[pytest.Item]:
    """Return the tests so that each worker's share, as even as cards, takes as long as the others'.

    Each begins with what starts servers or is given more time than usual, the longest first, so
    that at the end nobody waits for one that has only begun. What drives a browser, or else empties
    the database behind it, stays behind what does not.
    """
    if workers == 1:
        return items
    last = [item for item in items if item.get_closest_marker("browser")]
    first = [item for item in items if not item.get_closest_marker("browser") and _is_long(item)]
    taken = {*first, *last}
    others = [item for item in items if item not in taken]
    size = -(-len(others) // workers)
    shares = (
        [
            *sorted(first, key=_time_given, reverse=True)[number::workers],
            *others[number * size : (number + 1) * size],
            *sorted(last, key=_time_given, reverse=True)[number::workers],
        ]
        for number in range(workers)
    )
    return [item for share in shares for item in share]


def _is_long(item: pytest.Item) -> bool:
    database = item.get_closest_marker("django_db")
    if database is not None and database.kwargs.get("transaction"):
        return False
    return bool(item.get_closest_marker("servers")) or bool(_time_given(item))


def _time_given(item: pytest.Item) -> int:
    """Return the seconds that a test may take by its own mark."""
    mark = item.get_closest_marker("timeout")
    return mark.args[0] if mark else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was skipped, and why."""
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"NOT TESTED HERE: {report.nodeid}: {reason}", red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Count a skipped test as a failure where nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if "NOTHING_SKIPPED" in os.environ and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


pytest_plugins = [
    "cases.tests.fixtures",
    "complaints_site.tests.browser",
    "complaints_site.tests.installation",
]
