"""Making the guessing of passwords slow, without ever shutting anybody out for good.

Tries are counted for each account and for each address they come from, in the cache. After the
first few each further try has to wait, a minute at most. A browser in which somebody has signed
in before is counted by itself, so strangers who guess cannot keep them waiting.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import DatabaseError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# A count is forgotten so long after the last try.
MEMORY_SECONDS = 15 * 60
# How long to wait after the try that is one, two, … beyond the free ones; then the last again:
# ten tries in five minutes at most (promise P19).
WAITS_SECONDS = (5, 15, 60)
FREE_FOR_ACCOUNT = 3
# An office of many people may share one address.
FREE_FOR_ADDRESS = 10
# Going to the identity provider and coming back are a try each; whoever comes in begins anew.
FREE_FOR_SIGN_ON = 40
_ADDRESS = "guess:address:"
CACHE_IS_DOWN = (DatabaseError, RedisError, OSError)


@dataclass(frozen=True, slots=True)
class Counter:
    """What tries are counted for, and how many need not wait."""

    key: str
    free: int


def counters(*, account: str, address: str, browser: str = "") -> list[Counter]:
    """Return what a try counts for.

    `browser` names a browser in which this account has signed in before, else it is empty.
    """
    named = hashlib.sha256(account.strip().lower().encode("utf-8", "replace")).hexdigest()[:32]
    if browser:
        return [Counter(f"guess:browser:{browser}:{named}", FREE_FOR_ACCOUNT)]
    return [
        Counter(f"guess:account:{named}", FREE_FOR_ACCOUNT),
        Counter(f"{_ADDRESS}{address}", FREE_FOR_ADDRESS),
    ]


def sign_on_counter(*, address: str) -> list[Counter]:
    """Return what going to the identity provider, or coming back, counts for."""
    return [Counter(f"guess:sign-on:{address}", FREE_FOR_SIGN_ON)]


def take_turn(wanted: Sequence[Counter], *, now: datetime) -> int:
    """Count a try and return 0, or return for how many seconds it must wait, uncounted.

    While the cache is down nobody waits, and the log says so.
    """
    try:
        waiting = max(_left(counter, now=now) for counter in wanted)
        if waiting:
            return waiting
        return max(_count(counter, now=now) for counter in wanted)
    except CACHE_IS_DOWN as down:
        logger.error(
            "Password guesses are not counted: the cache is down (%s)", type(down).__name__
        )
        return 0


def succeeded(wanted: Sequence[Counter]) -> None:
    """Begin the account's count anew, and take the successful try off that of its address."""
    try:
        for counter in wanted:
            if not counter.key.startswith(_ADDRESS):
                cache.delete_many([counter.key, f"{counter.key}:wait"])
            elif cache.get(counter.key, 0) > 0:
                cache.decr(counter.key)
    except (*CACHE_IS_DOWN, ValueError) as down:
        logger.error("A count of guesses is not reset: %s", type(down).__name__)


def _left(counter: Counter, *, now: datetime) -> int:
    """Return for how many seconds more the next try must wait."""
    until = cache.get(f"{counter.key}:wait")
    if until is None:
        return 0
    if until <= now.timestamp():
        # It is over by our own clock, whatever the cache's says.
        cache.delete(f"{counter.key}:wait")
        return 0
    return max(1, round(until - now.timestamp()))


def _count(counter: Counter, *, now: datetime) -> int:
    """Count the try. Of several at once only one goes on, the others wait for the next turn."""
    cache.add(counter.key, 0, MEMORY_SECONDS)
    try:
        tries = cache.incr(counter.key)
    except ValueError:
        # It was forgotten between the two lines.
        return 0
    cache.touch(counter.key, MEMORY_SECONDS)
    beyond = tries - counter.free
    if beyond <= 0:
        return 0
    wait = WAITS_SECONDS[min(beyond, len(WAITS_SECONDS)) - 1]
    if cache.add(f"{counter.key}:wait", now.timestamp() + wait, wait):
        return 0
    return _left(counter, now=now)
