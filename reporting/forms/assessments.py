"""What the landlord says of one provision of the Code."""

from typing import Any

from django import forms

from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from reporting.operations.assessments import LONGEST_COMMENT
from reporting.rules.code_provisions import Complies


class ProvisionForm(StaffForm):
    """Yes or no, and what shows it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    complies = forms.ChoiceField(
        label="Do you keep to it?",
        choices=[(each.value, each.words) for each in Complies],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you keep to it"},
    )
    comment = forms.CharField(
        label="Comment",
        help_text="What shows it, such as a page of your policy; or why not, and by which day you "
        "will. Everybody reads it once it is published, so it names no customer.",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea,
        required=False,
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def layout(self) -> Layout:
        """Return the answer, then the comment."""
        return Layout(
            Question("complies", is_inline=True),
            Question("comment", rows=6, count=True),
            Buttons(Submit("Save"), CancelLink(self.cancel)),
        )
