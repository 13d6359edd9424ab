"""Bounding how many customers somebody looks up: enough for a day of calls, too few to copy all."""

import logging
from datetime import datetime

from django.core.cache import cache

from cases.errors import NotEntitled, TooManyLookups
from cases.models import User
from cases.operations.guessing import CACHE_IS_DOWN
from cases.rules.pages import READERS, Page

logger = logging.getLogger(__name__)

SPAN_SECONDS = 10 * 60
MOST_IN_A_SPAN = 60


def take_lookup(user: User, *, now: datetime) -> None:
    """Count a search for customers by this person.

    While the cache is down nobody is refused, and the log says so.

    :raises NotEntitled: if looking customers up is not for their role.
    :raises TooManyLookups: after MOST_IN_A_SPAN searches in SPAN_SECONDS.
    """
    if not user.has_role(*READERS[Page.CUSTOMERS]):
        raise NotEntitled("Looking customers up is for those who work on complaints.")
    key = f"lookups:{user.pk}:{int(now.timestamp()) // SPAN_SECONDS}"
    try:
        count = _counted(key)
    except (*CACHE_IS_DOWN, ValueError) as down:
        logger.error("Look-ups are not counted: the cache is down (%s)", type(down).__name__)
        return
    if count > MOST_IN_A_SPAN:
        logger.warning("User %s looked up more than %s customers", user.pk, MOST_IN_A_SPAN)
        raise TooManyLookups(
            f"You have looked up {MOST_IN_A_SPAN} customers in ten minutes, which is all that is "
            "allowed. Wait a few minutes, or enter the customer’s particulars."
        )


def _counted(key: str) -> int:
    """Count once more, and return the count."""
    try:
        return int(cache.incr(key))
    except ValueError:
        # The first of its span, of which two at once begin the same count.
        cache.add(key, 0, SPAN_SECONDS)
        return int(cache.incr(key))
