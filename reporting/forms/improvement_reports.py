"""The words of the annual report, and the governing body's response to it."""

from typing import Any

from django import forms

from cases.forms.fields import DateField
from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from reporting.operations.improvement_reports import LONGEST_WORDS, ReportWords

NAMES_NOBODY = "Everybody reads it once it is published, so it names no customer."


def words_field(label: str, help_text: str, **more: Any) -> forms.CharField:
    """Return a field for a part of the report."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea,
        **more,
    )


class ReportWordsForm(StaffForm):
    """What the figures do not say by themselves."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    performance = words_field(
        "How complaints were dealt with", f"What the figures mean, and why. {NAMES_NOBODY}"
    )
    improvements = words_field(
        "What was improved", "What changed because of complaints, and what it did."
    )
    ombudsman = words_field(
        "What the Ombudsman reported",
        "The Ombudsman’s yearly report about you, and other reports that bear on you.",
        required=False,
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def layout(self) -> Layout:
        """Return the parts in the order of the report."""
        return Layout(
            Question("performance", rows=8),
            Question("improvements", rows=8),
            Question("ombudsman", rows=5),
            Buttons(Submit("Save"), CancelLink(self.cancel)),
        )

    @property
    def words(self) -> ReportWords:
        """Return what was written."""
        given = self.cleaned_data
        return ReportWords(given["performance"], given["improvements"], given["ombudsman"])


class ResponseForm(StaffForm):
    """What the governing body answered."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    response_of = forms.CharField(
        label="Whose response it is",
        help_text="For example: the Board",
        max_length=120,
    )
    on = DateField(label="Day of the response")
    response = words_field("Response", NAMES_NOBODY)

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def layout(self) -> Layout:
        """Return who, when, what."""
        return Layout(
            "response_of",
            "on",
            Question("response", rows=8),
            Buttons(Submit("Save"), CancelLink(self.cancel)),
        )
