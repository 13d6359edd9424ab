"""What programs send: so much in a minute, and each thing once, however often it is sent."""

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction

from cases.errors import LoggedAlready
from cases.models import ApiSubmission, User
from cases.operations.guessing import CACHE_IS_DOWN
from cases.operations.inserting import insert_unless_taken

logger = logging.getLogger(__name__)

SPAN_SECONDS = 60
# Of one key: all requests, and those that log something.
MOST_REQUESTS = 120
MOST_WRITES = 30
# Of one address: with a key that is none.
MOST_STRANGERS = 30


def seconds_to_wait(what: str, most: int, *, now: datetime) -> int:
    """Count a request, and return for how many seconds it must wait; 0 lets it on.

    While the cache is down nobody waits, and the log says so.
    """
    passed = int(now.timestamp()) % SPAN_SECONDS
    span = int(now.timestamp()) // SPAN_SECONDS
    key = f"api:{hashlib.sha256(what.encode()).hexdigest()[:32]}:{span}"
    try:
        cache.add(key, 0, SPAN_SECONDS)
        count = cache.incr(key)
    except (*CACHE_IS_DOWN, ValueError) as down:
        logger.error("Requests of programs are not counted: %s", type(down).__name__)
        return 0
    return 0 if count <= most else SPAN_SECONDS - passed


@transaction.atomic
def once(
    *, program: User, name: str, sent: Any, now: datetime, log: Callable[[], str]
) -> tuple[str, bool]:
    """Log what a program sent under a name of its own; return its reference, and whether anew.

    What was sent before leads to what it was logged as. Of two that arrive at once the second
    waits for the first. `log` returns the reference; what it refuses leaves nothing behind, and
    may be sent again under the same name.

    :raises LoggedAlready: if something else was sent under this name.
    """
    told = json.dumps(sent, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    row = ApiSubmission(program=program, name=name, digest=digest, at=now)
    if not insert_unless_taken(row):
        earlier = ApiSubmission.objects.get(program=program, name=name)
        if earlier.digest != digest:
            raise LoggedAlready(
                "Something else was sent with this Idempotency-Key before, and is logged as "
                f"{earlier.reference}."
            )
        return earlier.reference, False
    row.reference = log()
    row.save(update_fields=["reference"])
    return row.reference, True
