"""The form of “you said, we did”."""

from typing import Any

from django import forms

from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit


class LessonForm(StaffForm):
    """What was said, and what was done."""

    you_said = forms.CharField(
        label="You said",
        help_text="In general words: nobody is named.",
        max_length=300,
        widget=forms.Textarea,
        error_messages={"required": "Write what was said"},
    )
    we_did = forms.CharField(
        label="We did",
        max_length=800,
        widget=forms.Textarea,
        error_messages={"required": "Write what was done"},
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def layout(self) -> Layout:
        """Return the two."""
        return Layout(
            Question("you_said", rows=3, count=True),
            Question("we_did", rows=5, count=True),
            Buttons(Submit("Save"), CancelLink(self.cancel)),
        )


class ChangeLessonForm(LessonForm):
    """Other words for one, by somebody who saw those that it has."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Open the page again: it does not say which words you saw"},
    )
