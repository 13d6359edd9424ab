"""The questions that many forms ask."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from cases.forms.fields import ChoiceWithRefusals
from cases.selectors.candidates import WHAT_IS_COUNTED, Candidate

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


def officer_field(
    people: Sequence[Candidate], *, label: str, empty: str = ""
) -> ChoiceWithRefusals:
    """Return radios for one of the people; `empty` names the answer that chooses nobody."""
    field = ChoiceWithRefusals(label=label, required=not empty, help_text=WHAT_IS_COUNTED)
    nobody = [("", empty)] if empty else []
    field.choices = [*nobody, *((str(each.key), each.words) for each in people)]
    field.refuse({str(each.key): each.refusal for each in people if each.refusal})
    return field
