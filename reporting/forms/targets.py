"""The landlord's targets."""

from typing import Any

from django import forms

from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from reporting.rules.targets import Aim, Wanted

MOST_DAYS = 250


class TargetsForm(StaffForm):
    """A box for each; what stays empty has no target."""

    marks_optional = False

    seen = forms.IntegerField(widget=forms.HiddenInput)

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
            Buttons(Submit("Save"), CancelLink(self.cancel)),
        )

    @property
    def wanted(self) -> Wanted:
        """Return what was entered."""
        return Wanted(**{aim.value: self.cleaned_data[aim.value] for aim in Aim})
