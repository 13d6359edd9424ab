"""What narrows the dashboard: the service area and the period."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.layout import FilterForm, Layout, Submit
from reporting.rules.spans import Period

EVERYTHING = "Everything I see"


class DashboardFilter(FilterForm):
    """The service area with all that is part of it, and the period of what was answered."""

    has_form_tag = True
    form_attrs = {"class": "house-scope"}

    area = forms.ChoiceField(label="Service area")
    period = forms.ChoiceField(label="Period")

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {"": EVERYTHING, **dict(areas)}
        self.field("area").choices = list(self._areas.items())
        self.field("period").choices = [(each.value, each.words) for each in Period]

    def layout(self) -> Layout:
        """Return both beside each other, with a button for those without scripts."""
        return Layout("area", "period", Submit("Show", kind="secondary"))

    @property
    def chosen_area(self) -> int | None:
        """Return the area's key, or nothing for all areas or what cannot be chosen."""
        value = self.cleaned_data.get("area") if self.is_bound and self.is_valid() else ""
        return int(value) if value else None

    @property
    def scope_words(self) -> str:
        """Return what the figures are of, for people."""
        return self._areas[str(self.chosen_area or "")]

    @property
    def chosen_period(self) -> Period:
        """Return the period, the first of them if none or none that is known was chosen."""
        value = self.cleaned_data.get("period") if self.is_bound and self.is_valid() else ""
        return Period(value) if value else Period.FOUR_WEEKS
