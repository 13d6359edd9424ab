"""Asking somebody outside the case for information."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms

from cases.forms.acts.common import ActForm, AtHand, words_field
from cases.forms.fields import DateField
from cases.forms.layout import Question, Row
from cases.operations import information


class AskInformationForm(ActForm):
    """Who is asked what, by when."""

    act_text = "Send the question"
    keeps_draft = True
    has_day = False
    has_preview = False

    to_name = forms.CharField(label="Contractor or colleague", max_length=200)
    to_email = forms.EmailField(label="Their e-mail address", max_length=254)
    question = words_field(
        "What do you ask?",
        help_text="They see these words. Do not name the customer unless it is needed.",
        max_length=4_000,
    )
    shown = words_field(
        "What else do they see?",
        required=False,
        help_text="Nothing of the complaint is shown by itself. Copy in what they need.",
        max_length=4_000,
    )
    due_on = DateField(label="Answer wanted by", called="the day by which you want the answer")
    # Whether what goes was shown as its reader gets it.
    looked_at = forms.CharField(required=False, widget=forms.HiddenInput, max_length=3)

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        kwargs["initial"] = {"due_on": hand.today + timedelta(days=5)}
        super().__init__(*args, hand=hand, **kwargs)
        self.field("due_on").earliest = hand.today

    def questions(self) -> Sequence[Any]:
        """Return who is asked, what, and by when."""
        return [
            Row("to_name", "to_email"),
            self.draft("question", rows=5),
            Question("shown", rows=4),
            "due_on",
            "looked_at",
        ]

    @property
    def button_text(self) -> str:
        """Return what stands on the button: what goes is shown before it goes."""
        return self.act_text if self["looked_at"].value() == "yes" else "See what they get"

    @property
    def asked(self) -> information.Question:
        """Return the question, once the answers were checked."""
        given = self.cleaned_data
        return information.Question(
            to_name=given["to_name"],
            to_email=given["to_email"],
            question=given["question"],
            shown=given["shown"],
            due_on=given["due_on"],
        )
