"""The homes of a year, and how its measures are told."""

from typing import Any

from django import forms

from cases.forms.layout import Buttons, CancelLink, Fieldset, Layout, Question, StaffForm, Submit
from reporting.operations.measures import Entered

YES, NO = "yes", "no"


class MeasuredYearForm(StaffForm):
    """How many homes there were, and the two choices of counting."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    rented_homes = forms.IntegerField(
        label="Rented homes owned on the last day of the year",
        help_text="Low-cost rental accommodation (LCRA)",
        min_value=0,
        max_value=9_999_999,
        required=False,
    )
    shared_homes = forms.IntegerField(
        label="Homes in shared ownership on the last day of the year",
        help_text="Low-cost home ownership (LCHO)",
        min_value=0,
        max_value=9_999_999,
        required=False,
    )
    with_extensions = forms.ChoiceField(
        label="The headline of CH02 counts",
        choices=[
            (YES, "What was answered in time or within a valid extension"),
            (NO, "Only what was answered in time without an extension"),
        ],
        widget=forms.RadioSelect,
    )
    counts_crossing = forms.ChoiceField(
        label="What was neither answered nor due on the last day of the year",
        choices=[
            (YES, "Counts in CH02 by what became of it"),
            (NO, "Is left out of CH02"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def layout(self) -> Layout:
        """Return the homes, then the choices; both figures are shown whatever is chosen."""
        return Layout(
            Question("rented_homes", width=10),
            Question("shared_homes", width=10),
            Fieldset("How CH02 is told", "with_extensions", "counts_crossing"),
            Buttons(Submit("Save"), CancelLink(self.cancel)),
        )

    @property
    def entered(self) -> Entered:
        """Return what was entered."""
        given = self.cleaned_data
        return Entered(
            rented_homes=given["rented_homes"],
            shared_homes=given["shared_homes"],
            with_extensions=given["with_extensions"] == YES,
            counts_crossing=given["counts_crossing"] == YES,
        )
