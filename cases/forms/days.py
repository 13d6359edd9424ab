"""Days that a link chose, kept while a list is narrowed further."""

from typing import Any

from django import forms

from cases.rules.day_spans import DaySpan, parse_day_span


class KeptInput(forms.HiddenInput):
    """Nothing to fill in, and yet a filter in use that is told and can be taken away."""

    is_hidden = False


class DaysField(forms.Field):
    """The days of something, as a link has them; cleaned to a `DaySpan`, or to nothing."""

    widget = KeptInput

    def to_python(self, value: Any) -> DaySpan | None:
        """Return the days; an address that somebody spoiled names none."""
        try:
            return parse_day_span(value) if value else None
        except ValueError:
            return None
