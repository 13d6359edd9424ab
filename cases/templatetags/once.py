"""Components that are printed once for each set of their arguments.

Printing takes longer than all else that a page does, and most of a page was printed before: the
same menu, the same entries of a story, the same deadlines. What is kept is kept by everything
that is printed in it, so nothing old is ever shown.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, wraps
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 2_000
_PLAIN = frozenset({str, int, bool, type(None), date})


class NotPlain(TypeError):
    """An argument that cannot be told from others by its value alone."""


def plain(value: Any) -> Any:
    """Return a value by which a printed component is known again, lists as tuples.

    :raises NotPlain: if it may equal another that is printed otherwise.
    """
    sort: Any = type(value)
    if sort in _PLAIN:
        return value
    if sort is float:
        # It may equal a whole number, which is printed otherwise.
        return sort, value
    if sort is datetime:
        return value, value.utcoffset(), value.fold
    if sort is SafeString:
        # It equals the same text that has to be escaped.
        return sort, str.__str__(value)
    if sort is tuple or sort is list:
        return tuple([each if type(each) in _PLAIN else plain(each) for each in value])
    names = _fields(sort)
    if names is None:
        if isinstance(value, Enum):
            return sort, value._value_
        raise NotPlain(sort)
    held = [getattr(value, name) for name in names]
    return sort, tuple([each if type(each) in _PLAIN else plain(each) for each in held])


@cache
def _fields(sort: Any) -> tuple[str, ...] | None:
    """Return the fields of a record that never changes, nothing of anything else."""
    if not is_dataclass(sort) or not vars(sort)["__dataclass_params__"].frozen:
        return None
    return tuple(each.name for each in fields(sort))


class Kept:
    """What a component printed, by its arguments. Emptied when it is full, so memory stays flat."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._printed: dict[Any, SafeString] = {}

    def __call__(self, given: Any, print_it: Callable[[], SafeString]) -> SafeString:
        """Return what was printed for these arguments in this language, else print it."""
        try:
            key = (get_language(), plain(given))
        except NotPlain:
            return print_it()
        found = self._printed.get(key)
        if found is None:
            found = print_it()
            if len(self._printed) >= self._most:
                self._printed.clear()
            self._printed[key] = found
        return found


def printed_once(library: Library, template: str) -> Callable[[Callable[..., Any]], Any]:
    """Register a component whose function returns what its template prints.

    The function must depend on its arguments alone.
    """

    def register(function: Callable[..., dict[str, object]]) -> Callable[..., dict[str, object]]:
        kept = Kept()

        @wraps(function)
        def tag(*args: Any, **kwargs: Any) -> SafeString:
            def print_it() -> SafeString:
                return render_to_string(template, function(*args, **kwargs))

            return kept((args, tuple(kwargs.items())), print_it)

        library.simple_tag(tag, name=function.__name__)
        return function

    return register
