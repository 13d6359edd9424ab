"""Queries whose plans PostgreSQL keeps: those that every page asks, and that take long to plan."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg.pq import TransactionStatus

KEEP = "SET plan_cache_mode = force_generic_plan"
WEIGH = "SET plan_cache_mode = auto"
# In which states a connection still takes a statement.
READY = {TransactionStatus.IDLE, TransactionStatus.INTRANS}


@contextmanager
def planned_once() -> Iterator[Any]:
    """Yield a cursor whose queries are planned once for each connection, for whatever values.

    Planning who may know of a complaint takes several times as long as answering it. Left to
    itself PostgreSQL plans such a query anew for the values of each time, as it takes its blanks
    for more than they are. The codes by which an index is found stand in the query itself
    (`with_words`), so that the plan for any values is as good as any. It is not for words that
    are searched for, of which some are rare and some are not (decision 15).

    Costs two statements that ask for nothing, which no count of queries shows. Where a pooler
    hands out connections (PREPARE_AFTER=0) and on SQLite, an ordinary cursor.
    """
    with connection.cursor() as cursor:
        driver: Any = connection.connection
        if connection.vendor != "postgresql" or driver.prepare_threshold is None:
            yield cursor
            return
        usual = driver.prepare_threshold
        # By the driver, which begins a transaction where one is wanted: what is set inside it and
        # set back inside it is what it was, whether the transaction holds or not.
        driver.execute(KEEP, prepare=False)
        # From the first time on: it is not only asked, it is asked in this way.
        driver.prepare_threshold = 0
        try:
            yield cursor
        finally:
            driver.prepare_threshold = usual
            # A transaction that failed is set back by ending it.
            if driver.info.transaction_status in READY:
                driver.execute(WEIGH, prepare=False)
