"""Somebody asks for what is held of them, and is answered."""

from datetime import date
from typing import Any

from django import forms

from cases.forms.asking import limit, offer
from cases.forms.fields import DateField
from cases.forms.layout import Layout, Question, StaffForm, Submit
from feedback.rules.held import Outcome


class HeldRequestForm(StaffForm):
    """When they asked, and how it is known that it is they."""

    has_form_tag = False

    received_on = DateField(
        label="When did they ask?", called="the day on which they asked", help_text="In any way."
    )
    identity = forms.CharField(
        label="Who asked, and how do you know that it is they?",
        help_text="For example: she rang and gave her date of birth and her last payment. Somebody "
        "else needs their authority for this.",
        max_length=1_000,
        widget=forms.Textarea,
        error_messages={"required": "Say who asked, and how you know that it is they"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "received_on", latest=today)

    def layout(self) -> Layout:
        """Return the questions and the button."""
        return Layout(
            "received_on",
            Question("identity", rows=3),
            Submit("Record it", name="step", value="ask"),
        )


class HeldAnswerForm(StaffForm):
    """What became of it."""

    has_form_tag = False

    outcome = forms.ChoiceField(
        label="What became of it?",
        widget=forms.RadioSelect,
        choices=(),
        error_messages={"required": "Choose what became of it"},
    )
    ended_on = DateField(label="When?", called="the day")
    words = forms.CharField(
        label="How was it given to them, or why not?",
        help_text="If it was refused: on which ground, and that they can turn to the Information "
        "Commissioner.",
        max_length=1_000,
        widget=forms.Textarea,
        error_messages={"required": "Say how it was given to them, or why not"},
    )

    def __init__(self, *args: Any, earliest: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "outcome", [(each.value, each.words) for each in Outcome])
        limit(self, "ended_on", earliest=earliest, latest=today)

    def layout(self) -> Layout:
        """Return the questions and the button."""
        button = Submit("Record the answer", name="step", value="answer")
        return Layout("outcome", "ended_on", Question("words", rows=3), button)
