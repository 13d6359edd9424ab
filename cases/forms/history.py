"""What narrows the history of the settings."""

from typing import Any

from django import forms

from cases.forms.asking import offer, offer_rows
from cases.forms.layout import FilterForm, Layout
from cases.models import Thing, User


class HistoryFilterForm(FilterForm):
    """Of what kind of things, and by whom."""

    thing = forms.MultipleChoiceField(
        label="What", choices=[], widget=forms.CheckboxSelectMultiple, required=False
    )
    by = forms.ModelChoiceField(
        label="By", queryset=User.objects.none(), to_field_name="code", required=False
    )

    def __init__(self, *args: Any, things: frozenset[Thing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "thing", [(each.value, each.words) for each in Thing if each in things])
        changers = User.objects.filter(
            grants__role__in=("system_administrator", "complaints_coordinator")
        ) | User.objects.filter(is_superuser=True)
        offer_rows(self, "by", changers.distinct().order_by("name", "pk"), nothing="Anybody")

    def layout(self) -> Layout:
        """Return the questions; the button belongs to the panel."""
        return Layout("thing", "by")
