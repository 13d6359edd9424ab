"""The redacted twin of an evidence bundle: what is blacked out, and which files are left out."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cases.forms.layout import Layout, Question, StaffForm, Submit
from cases.operations.redacted import Redaction, may_be_looked_at
from cases.rules.redaction import terms_in
from cases.selectors.case_papers import FileLine


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
        "on each line. Only these very words are found: write a surname, a nickname and initials "
        "on lines of their own too. Read the twin through before it goes to anybody.",
    )
    left_out = forms.MultipleChoiceField(
        label="Leave these files out", widget=forms.CheckboxSelectMultiple, required=False
    )

    looked_at = forms.MultipleChoiceField(
        label="Photos and scans that I have looked at, and that show nothing of it",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Any other photo or scan is left out.",
    )

    def __init__(self, *args: Any, files: Iterable[FileLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(file.key, file.name, may_be_looked_at(file.media_type)) for file in files]
        self.field("left_out").choices = [(key, name) for key, name, _ in known]
        self.field("looked_at").choices = [(key, name) for key, name, looked in known if looked]
        for name in ("left_out", "looked_at"):
            if not self.field(name).choices:
                del self.fields[name]

    def layout(self) -> Layout:
        """Return the questions and the button."""
        asked = [name for name in ("looked_at", "left_out") if name in self.fields]
        files = [Question(name, is_small=True) for name in asked]
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
        left_out, looked_at = given.get("left_out", ()), given.get("looked_at", ())
        return Redaction(given["words"], frozenset(left_out), frozenset(looked_at))
