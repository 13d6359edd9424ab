"""The site that the proofs of the public form attack."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints_site.tests.installation import Databases
from complaints_site.tests.intake.site import APPLICATION, Site, durable_postgresql, site


@pytest.fixture
def application() -> str:
    """What the site serves: a test may ask for another."""
    return APPLICATION


@pytest.fixture
def proxies() -> int:
    """How many proxies the site believes: a test may ask for another number."""
    return 1


@pytest.fixture
def attacked(
    databases: Databases, tmp_path: Path, application: str, proxies: int
) -> Iterator[Site]:
    """A site on the kind of database that the tests run on."""
    served = {"application": application, "proxies": proxies}
    if "TEST_DATABASE_URL" not in os.environ:
        with site(tmp_path, database=None, migrated=databases.migrated(), **served) as running:
            yield running
        return
    with (
        durable_postgresql() as server,
        site(tmp_path, database=server, **served) as running,
    ):
        yield running
