"""What narrows the list of who opened complaints."""

from typing import Any

from django import forms

from cases.forms.asking import offer_rows
from cases.forms.fields import DateField
from cases.forms.layout import FilterForm
from cases.models import User


class LooksFilterForm(FilterForm):
    """Whose, on which days, and whether only what was taken away."""

    by = forms.ModelChoiceField(
        label="Person", queryset=User.objects.none(), to_field_name="code", required=False
    )
    first = DateField(label="From", called="the first date")
    last = DateField(label="To", called="the last date")
    taken = forms.BooleanField(label="Only what was taken away")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "by", User.everybody.order_by("name", "pk"), nothing="Anybody")
