"""The questions that many forms ask."""

from collections.abc import Iterable
from typing import Any

from django import forms

LONGEST_NOTE = 10_000


def words_field(label: str, *, required: bool = True, **kwargs: Any) -> forms.CharField:
    """Return a text area for what somebody writes."""
    return forms.CharField(
        label=label,
        required=required,
        widget=forms.Textarea,
        max_length=kwargs.pop("max_length", LONGEST_NOTE),
        **kwargs,
    )


def radios(label: str, choices: Iterable[tuple[str, str]], **kwargs: Any) -> forms.ChoiceField:
    """Return radios."""
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, **kwargs)


YES_OR_NO = (("yes", "Yes"), ("no", "No"))
