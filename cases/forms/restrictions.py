"""Proposing a restriction of contact, deciding on it, and reviewing it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms

from cases.forms.asking import limit
from cases.forms.fields import DateField
from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from cases.operations.restrictions import Proposal
from cases.rules.restrictions import LONGEST, ContactWay

# What the review is set to unless another day is chosen: three months.
USUAL = timedelta(days=91)


def _words(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, widget=forms.Textarea, max_length=4_000
    )


class RestrictionForm(StaffForm):
    """What is restricted, why, and until when it counts without another look."""

    conditions: ClassVar[Mapping[str, str]] = {
        "closed": "needed, unless something else is limited",
        "limits": "needed, unless a way is closed",
    }
    closed = forms.MultipleChoiceField(
        label="Ways to close",
        help_text="At least one way must stay open by which this customer can reach us safely.",
        required=False,
        choices=[(each.value, each.words) for each in ContactWay],
        widget=forms.CheckboxSelectMultiple,
    )
    limits = forms.CharField(
        label="What else is limited",
        help_text="For example: one call a week, on Tuesdays, to the complaints coordinator.",
        max_length=200,
        required=False,
    )
    reason = _words("Why is it needed?")
    evidence = _words("What shows it?", "What was done or said, when, and what we asked of them.")
    considered = _words(
        "What did you weigh up?",
        "Disability, illness and other needs under the Equality Act, what they may feel, and "
        "what was tried instead.",
    )
    review_on = DateField(label="To be reviewed by", called="the day of the review")

    def __init__(self, *args: Any, today: date, back: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"review_on": today + USUAL}
        super().__init__(*args, **kwargs)
        limit(self, "review_on", earliest=today + timedelta(days=1), latest=today + LONGEST)
        self.back = back

    def layout(self) -> Layout:
        """Return the questions."""
        return Layout(
            "closed",
            "limits",
            Question("reason", rows=3),
            Question("evidence", rows=4),
            Question("considered", rows=3),
            "review_on",
            Buttons(Submit("Propose the restriction"), CancelLink(self.back)),
        )

    @property
    def proposal(self) -> Proposal:
        """Return the proposal, once the answers were checked."""
        given = self.cleaned_data
        names = ("limits", "reason", "evidence", "considered", "review_on")
        closed = frozenset(ContactWay(each) for each in given["closed"])
        return Proposal(closed=closed, **{name: given[name] for name in names})


class DecideForm(StaffForm):
    """Approving a restriction, or not."""

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[("yes", "Restrict their contact from today"), ("no", "Do not restrict it")],
        widget=forms.RadioSelect,
    )
    words = _words(
        "Why?",
        "If their contact is restricted, the letter to the customer says this, word for word.",
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.back = back

    def layout(self) -> Layout:
        """Return the questions."""
        return Layout(
            "decision",
            Question("words", rows=3),
            Buttons(Submit("Record the decision"), CancelLink(self.back)),
        )


class ReviewForm(StaffForm):
    """Looking at a restriction again: it ends, or is kept until another review."""

    reveals = {"decision": {"keep": ["review_on"]}}
    decision = forms.ChoiceField(
        label="What comes of the review?",
        choices=[("end", "End it today"), ("keep", "Keep it until another review")],
        widget=forms.RadioSelect,
    )
    review_on = DateField(label="To be reviewed by", called="the day of the next review")
    words = _words(
        "Why?",
        "What has changed, and what has not. The letter to the customer says this, word for word.",
    )

    def __init__(self, *args: Any, today: date, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "review_on", earliest=today + timedelta(days=1), latest=today + LONGEST)
        self.back = back

    def layout(self) -> Layout:
        """Return the questions."""
        return Layout(
            "decision",
            Question("words", rows=3),
            Buttons(Submit("Record the review"), CancelLink(self.back)),
        )
