"""Django's own filter for days and times, which works the same words out once."""

from datetime import date as day
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.translation import get_language

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """Return a day or time in the form asked for, as Django's filter of this name does."""
    sort = type(value)
    if sort is day:
        return _told(value, None, 0, form, get_language())
    if sort is datetime:
        # Two moments that are equal may be told otherwise: in another zone, or on the night on
        # which the clock strikes twice.
        return _told(value, value.utcoffset(), value.fold, form, get_language())
    return str(defaultfilters.date(value, form))


@lru_cache(maxsize=8_192)
def _told(value: Any, _offset: Any, _fold: int, form: str | None, _language: str | None) -> str:
    return str(defaultfilters.date(value, form))
