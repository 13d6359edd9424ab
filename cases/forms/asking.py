"""Telling a field what only the page knows: its choices, its people, its limits."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a field its choices."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


def offer_rows(form: forms.Form, name: str, rows: QuerySet[Any], *, nothing: str = "") -> None:
    """Give a field the rows to choose from, and the words for choosing none."""
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    field.queryset = rows
    if nothing:
        field.empty_label = nothing


def limit(
    form: forms.Form, *names: str, earliest: date | None = None, latest: date | None = None
) -> None:
    """Give dates the first and the last day that can be."""
    for name in names:
        field: Any = form.fields[name]
        field.earliest = earliest or field.earliest
        field.latest = latest or field.latest
