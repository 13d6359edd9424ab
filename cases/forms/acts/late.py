"""What is asked when something is late: why, and whether it could have been avoided (HH-29)."""

from typing import Any

from django import forms

from cases.forms.acts.common import TellingForm, radios, words_field
from cases.forms.fields import DateField
from cases.forms.layout import Question

YES_OR_NO = (("yes", "Yes"), ("no", "No"))
COULD_BE_AVOIDED = "Could the delay have been avoided?"


def why_field(label: str) -> forms.CharField:
    """Return the question why something is late."""
    return words_field(label, help_text="The customer is told this, as you write it.")


def avoidable_field() -> forms.ChoiceField:
    """Return the question whether it could have been avoided, which only colleagues read."""
    return radios(COULD_BE_AVOIDED, YES_OR_NO, help_text="Only colleagues see this.")


class DelayForm(TellingForm):
    """An apology for something that is overdue."""

    act_text = "Send the apology"
    on_label = "Day of the letter"
    words_label = "What you write besides, if anything"

    late_because = why_field("Why it is late")
    avoidable = avoidable_field()
    done_by = DateField(label="It will be done by", called="the day by which it will be done")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("done_by").earliest = self.hand.today

    def questions(self) -> list[Any]:
        """Return why, by when, and how it is told."""
        why = self.draft("late_because", rows=3)
        return [why, Question("avoidable"), "done_by", *self.telling_questions()]
