"""What narrows the list of reports."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.layout import FilterForm


class ReportFilter(FilterForm):
    """The area whose reports are listed."""

    area = forms.ChoiceField(label="Area")

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("area").choices = [("", "All areas"), *areas]
