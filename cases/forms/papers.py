"""The redacted twin of an evidence bundle: what is blacked out, and which files are left out."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cases.forms.layout import Layout, Question, StaffForm, Submit
from cases.operations.evidence import Redaction
from cases.rules.redaction import terms_in


class RedactionForm(StaffForm):
    """What the redacted twin leaves out."""

    has_form_tag = False
    marks_optional = False

    words = forms.CharField(
        label="Black out",
        widget=forms.Textarea,
        required=False,
        max_length=5_000,
        help_text="Names, addresses, telephone numbers and e-mail addresses of other people, one "
        "on each line.",
    )
    left_out = forms.MultipleChoiceField(
        label="Leave these files out", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, files: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("left_out").choices = list(files)
        if not self.field("left_out").choices:
            del self.fields["left_out"]

    def layout(self) -> Layout:
        """Return both questions and the button."""
        files = [Question("left_out", is_small=True)] if "left_out" in self.fields else []
        button = Submit("Make the redacted twin", kind="secondary", name="step", value="redacted")
        return Layout(Question("words", rows=5), *files, button)

    def clean(self) -> dict[str, Any]:
        """Ask for something to leave out."""
        given = super().clean()
        if not terms_in(given.get("words", "")) and not given.get("left_out"):
            self.add_error("words", "Enter what is to be blacked out, or select files")
        return given

    @property
    def redaction(self) -> Redaction:
        """Return what is left out."""
        given = self.cleaned_data
        return Redaction(given["words"], frozenset(given.get("left_out", ())))
