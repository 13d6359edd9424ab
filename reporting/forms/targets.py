"""The landlord's targets, and what its officers can keep."""

from decimal import Decimal
from typing import Any

from django import forms

from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from reporting.rules.targets import Aim, Wanted

MOST_DAYS = 250
MOST_A_DAY = Decimal(99)


class TargetsForm(StaffForm):
    """A box for each; what stays empty has no target."""

    marks_optional = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    promises_a_day = forms.DecimalField(
        label="Promises an officer keeps on a working day",
        help_text="The forecast compares with it what falls due. Colleagues may differ",
        min_value=0,
        max_value=MOST_A_DAY,
        decimal_places=1,
        required=False,
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel
        for aim in Aim:
            is_share = aim.unit == "%"
            least = "At most" if aim.is_a_most else "At least"
            self.fields[aim.value] = forms.IntegerField(
                label=aim.words,
                help_text=f"{least} so many {'of a hundred' if is_share else 'working days'}",
                min_value=0 if is_share else 1,
                max_value=100 if is_share else MOST_DAYS,
                required=False,
            )

    def layout(self) -> Layout:
        """Return them one under another, each with its unit."""
        return Layout(
            *(Question(aim.value, width=4, suffix=aim.unit) for aim in Aim),
            Question("promises_a_day", width=4, suffix="promises"),
            Buttons(Submit("Save"), CancelLink(self.cancel)),
        )

    @property
    def wanted(self) -> Wanted:
        """Return what was entered."""
        return Wanted(**{aim.value: self.cleaned_data[aim.value] for aim in Aim})


class CapacityForm(StaffForm):
    """How many promises one officer keeps; empty for as many as is usual."""

    marks_optional = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    promises_a_day = forms.DecimalField(
        label="Promises kept on a working day",
        help_text="Leave it empty for as many as is usual",
        min_value=0,
        max_value=MOST_A_DAY,
        decimal_places=1,
        required=False,
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def layout(self) -> Layout:
        """Return the one box."""
        return Layout(
            Question("promises_a_day", width=4, suffix="promises"),
            Buttons(Submit("Save"), CancelLink(self.cancel)),
        )
