"""The forms of reports: which are listed, what was learnt, and what is said about the figures."""

from typing import Any

from django import forms

from cases.forms.layout import Buttons, CancelLink, FilterForm, Layout, Question, StaffForm, Submit
from reporting.rules.kept import Kind

LONGEST = 8_000
UNSEEN = {"required": "Open the page again: it does not say which words you saw"}


def seen_field() -> forms.IntegerField:
    """Return the field that says which version of the words somebody had before them."""
    return forms.IntegerField(widget=forms.HiddenInput, error_messages=UNSEEN)


class KindFilter(FilterForm):
    """The kind of reports that are listed."""

    kind = forms.ChoiceField(
        label="Kind", choices=[("", "All kinds"), *((each.value, each.words) for each in Kind)]
    )


class LessonsForm(StaffForm):
    """What was learnt from the complaints of a month, what has changed and what will."""

    seen = seen_field()
    learnt = forms.CharField(
        label="What was learnt",
        help_text="In general words: nobody is named. Where there was nothing to learn, say so.",
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={"required": "Say what was learnt, or that there was nothing to learn"},
    )
    made = forms.CharField(
        label="What has changed",
        help_text="Each change on a line of its own.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
    )
    planned = forms.CharField(
        label="What will change, and by when",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def layout(self) -> Layout:
        """Return the three."""
        return Layout(
            Question("learnt", rows=5),
            Question("made", rows=4),
            Question("planned", rows=4),
            Buttons(Submit("Give it back"), CancelLink(self.cancel)),
        )


class WaiveForm(StaffForm):
    """Why nobody owes the lessons of a month any more."""

    because = forms.CharField(
        label="Why it is no longer owed",
        help_text="For example: the service was closed. In general words: nobody is named.",
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={"required": "Say why it is no longer owed"},
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def layout(self) -> Layout:
        """Return the reason and the way on."""
        return Layout(
            Question("because", rows=4),
            Buttons(Submit("It is no longer owed"), CancelLink(self.cancel)),
        )


class CommentaryForm(StaffForm):
    """What is said about the figures before a report goes out."""

    seen = seen_field()
    commentary = forms.CharField(
        label="What is to be said about the figures",
        help_text="It stands above them. Begin a line with “- ” to make a list.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
    )

    def layout(self) -> Layout:
        """Return it with both ways on: only keeping it, and going on to send the report."""
        return Layout(
            Question("commentary", rows=8),
            Buttons(
                Submit("Keep, and send later", kind="secondary"),
                Submit("Keep, and go on to send", name="do", value="check"),
            ),
        )


class SendForm(StaffForm):
    """Sending a report as it was looked at."""

    seen = seen_field()

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.back = back

    def layout(self) -> Layout:
        """Return the way on and the way back."""
        return Layout(Buttons(Submit("Send the report"), CancelLink(self.back, "Change the words")))
