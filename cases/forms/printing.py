"""Questions that are printed once for each way in which they are asked.

The page for logging asks forty questions, of which hardly one is printed otherwise than a minute
before: only the words around the answers that somebody gave differ.
"""

from collections.abc import Callable, Mapping
from datetime import date, time
from types import FunctionType
from typing import Any

from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 1_000
_PLAIN = frozenset({int, bool, date, time, FunctionType})
_printed: dict[Any, SafeString] = {}


class NotPlain(TypeError):
    """Something that cannot be told from others by its value alone."""


def printed_once(
    field: BoundField, options: Mapping[str, Any], print_it: Callable[[], SafeString]
) -> SafeString:
    """Return the question as it was printed before with all that it is made of, else print it."""
    try:
        key = _asked(field, options)
    except NotPlain:
        return print_it()
    found = _printed.get(key)
    if found is None:
        found = print_it()
        if len(_printed) >= MOST:
            _printed.clear()
        _printed[key] = found
    return found


def _asked(field: BoundField, options: Mapping[str, Any]) -> Any:
    """Return everything that a question's template and widget print.

    :raises NotPlain: if some of it cannot be told from others.
    """
    form, inner, widget = field.form, field.field, field.field.widget
    house: Any = form
    return (
        get_language(),
        (type(form), house.marks_optional, house.has_small_choices, form.prefix, form.auto_id),
        (field.name, type(inner), inner.required, inner.disabled, _plain(str(field.label))),
        house.condition(field.name),
        (_plain(inner.help_text), getattr(inner, "max_length", None), _plain(field.value())),
        (type(widget), _plain(vars(widget)), _plain(options)),
    )


def _plain(value: Any) -> Any:
    """Return a value by which what is printed of it is known again.

    :raises NotPlain: if it may equal another that is printed otherwise.
    """
    sort = type(value)
    if sort is str or value is None:
        return value
    if sort in _PLAIN:
        return value, sort
    if sort is SafeString:
        # It equals the same text that has to be escaped.
        return str.__str__(value), sort
    if isinstance(value, list | tuple):
        return sort, tuple([_plain(each) for each in value])
    if isinstance(value, Mapping):
        return tuple([(_plain(name), _plain(each)) for name, each in value.items()])
    raise NotPlain(sort)
