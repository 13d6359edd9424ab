"""What became of a letter: posted on a day, or sent again by e-mail."""

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse

from cases.forms.fields import DateField
from cases.forms.layout import Layout, StaffForm, Submit
from cases.models import Letter


class PostedForm(StaffForm):
    """The day a letter went to the post."""

    submit_text = "Record as posted"

    letter = forms.IntegerField(widget=forms.HiddenInput)
    posted_on = DateField(label="Posted on", called="the day it was posted")

    def __init__(self, *args: Any, today: date, letter: Letter, **kwargs: Any) -> None:
        kwargs["initial"] = {"posted_on": today, "letter": letter.event_number}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["posted_on"]
        field.latest = today
        self.action = reverse("cases:post-letter", args=[letter.complaint.reference])

    @property
    def on(self) -> date:
        """Return the day, once it was checked."""
        return date.fromisoformat(str(self.cleaned_data["posted_on"]))


class SendAgainForm(StaffForm):
    """The address to which an e-mail is sent again."""

    submit_text = "Send it again"

    to_address = forms.EmailField(label="E-mail address")

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        address = letter.message.to_address if letter.message else ""
        kwargs["initial"] = {"to_address": address}
        super().__init__(*args, **kwargs)
        self.action = reverse(
            "cases:send-again", args=[letter.complaint.reference, letter.event_number]
        )


class PostedOnForm(StaffForm):
    """The day on which the letters that are ticked went to the post."""

    has_form_tag = False
    marks_optional = False

    posted_on = DateField(label="Posted on", called="the day they were posted")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"posted_on": today}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["posted_on"]
        field.latest = today

    def layout(self) -> Layout:
        """Return the day and the button."""
        submit = Submit("Record as posted", name="step", value="posted")
        return Layout("posted_on", submit)

    @property
    def on(self) -> date:
        """Return the day, once it was checked."""
        return date.fromisoformat(str(self.cleaned_data["posted_on"]))
