"""What is asked when something is late: why, and whether it could have been avoided (HH-29)."""

from typing import Any, ClassVar

from django import forms

from cases.forms.acts.common import ActForm, AtHand, TellingForm, radios, words_field
from cases.forms.fields import DateField
from cases.forms.layout import Question
from cases.rules.events import EventKind
from cases.rules.lateness import kept_late

YES_OR_NO = (("yes", "Yes"), ("no", "No"))
COULD_BE_AVOIDED = "Could the delay have been avoided?"


def why_field(label: str, *, is_told: bool = True) -> forms.CharField:
    """Return the question why something is late; `is_told` says whether the customer reads it."""
    told = "The customer is told this, as you write it." if is_told else "Kept with the record."
    return words_field(label, help_text=told)


def avoidable_field() -> forms.ChoiceField:
    """Return the question whether it could have been avoided, which only colleagues read."""
    return radios(COULD_BE_AVOIDED, YES_OR_NO, help_text="Only colleagues see this.")


class LateForm(ActForm):
    """The form of an act that can keep a promise late, and then asks why.

    `late_kind` is what it records; `is_told` says whether the customer reads the reason.
    """

    late_kind: ClassVar[EventKind]
    late_label: ClassVar[str]
    is_told: ClassVar[bool] = True

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        if kept_late(hand.history.state, self.late_kind, hand.today):
            self.fields["late_because"] = why_field(self.late_label, is_told=self.is_told)
            self.fields["avoidable"] = avoidable_field()

    @property
    def is_late(self) -> bool:
        """Say whether it would be late today."""
        return "late_because" in self.fields

    def late_questions(self) -> list[Any]:
        """Return why it is late, and whether that could have been avoided; nothing in time."""
        return [self.draft("late_because", rows=3), "avoidable"] if self.is_late else []

    @property
    def lateness(self) -> dict[str, Any]:
        """Return the answers for the operation; nothing in time."""
        given = self.cleaned_data
        if not given.get("late_because"):
            return {}
        return {"late_because": given["late_because"], "avoidable": given["avoidable"] == "yes"}


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
