"""A database that the suite migrates once, and that every worker copies.

Migrating takes many times as long as copying, and each worker needs a database for its tests and
another from which it makes installations.
"""

import sqlite3
from contextlib import closing

# Names, in the environment, the address of one of the kind on which the tests run.
MIGRATED = "TEST_MIGRATED"


def fill_from(template: str, target: sqlite3.Connection) -> None:
    """Copy everything that is in a file of SQLite."""
    with closing(sqlite3.connect(template)) as source:
        source.backup(target)
