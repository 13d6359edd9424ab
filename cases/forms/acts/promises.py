"""Promises with a day: recorded, moved, given to somebody else, kept, withdrawn."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.acts.promising import Choices, keeper_field
from cases.forms.acts.record import limits_words, within_limits
from cases.forms.acts.telling import TellingForm
from cases.forms.fields import DateField, FilesField
from cases.operations.promising import Promised
from cases.operations.telling import NOT_TOLD
from cases.selectors.case_history import CaseHistory
from cases.selectors.promises import (
    chosen_keeper,
    open_promises,
    promises_kept_by_hand,
    proving_entries,
)


class PromiseForm(ActForm):
    """A promise made to the customer outside a letter."""

    act_text = "Record the promise"
    keeps_draft = True
    on_label = "Day it was promised"

    words = words_field("What was promised", max_length=1_000)
    due_on = DateField(label="By when", called="the day by which it is done")

    def __init__(self, *args: Any, hand: AtHand, keepers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.fields["keeper"] = keeper_field(keepers)

    def questions(self) -> Sequence[Any]:
        """Return what, by when, and who keeps it."""
        return [self.draft("words", rows=3), "due_on", "keeper"]

    @property
    def promised(self) -> Promised:
        """Return the promise, once the answers were checked."""
        given = self.cleaned_data
        keeper, team = chosen_keeper(given["keeper"])
        return Promised(given["words"], given["due_on"], keeper, team)


class AboutPromise(ActForm):
    """A form about one of the open promises."""

    which_label: ClassVar[str] = "Which promise"

    promise = radios("", [])

    def __init__(self, *args: Any, hand: AtHand, promise: str = "", **kwargs: Any) -> None:
        found = self.open_ones(hand.history)
        if len(found) == 1:
            promise = found[0][0]
        initial = {"promise": promise, **kwargs.pop("initial", {})}
        super().__init__(*args, hand=hand, initial=initial, **kwargs)
        self.field("promise").choices = found
        self.field("promise").label = self.which_label
        self.order_fields(["seen", "promise", "on"])

    def open_ones(self, history: CaseHistory) -> list[tuple[str, str]]:
        """Return what the form can be about."""
        return open_promises(history)

    @property
    def number(self) -> int:
        """Return the event that made the promise, once the answers were checked."""
        return int(self.cleaned_data["promise"])


def _by_hand(_form: AboutPromise, history: CaseHistory) -> list[tuple[str, str]]:
    """Return what can be recorded as kept, or withdrawn: no payment, which is kept by paying it."""
    return promises_kept_by_hand(history)


class KeepForm(AboutPromise):
    """That a promise was kept, and what shows it."""

    act_text = "Record that it was kept"
    is_surely_late = False
    on_label = "Day it was done"
    open_ones = _by_hand

    proof = words_field("What shows that it was done", required=False)
    entry = forms.ChoiceField(label="An entry of the record that shows it", required=False)
    uploads = FilesField(label="Files that show it", required=False)

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.field("uploads").help_text = limits_words()
        self.field("entry").choices = [("", "None"), *proving_entries(hand.history)]
        self.fields["proof"].help_text = "Give words, a file, or an entry of the record."

    def questions(self) -> Sequence[Any]:
        """Return which promise, and its proof."""
        return ["promise", self.draft("proof", rows=3), "entry", "uploads"]

    def clean_uploads(self) -> Any:
        """Refuse more files, or more bytes, than are taken at once."""
        return within_limits(self.cleaned_data["uploads"])

    def clean(self) -> dict[str, Any]:
        """Ask for a proof of some kind."""
        given = super().clean()
        if not any(given.get(name) for name in ("proof", "entry", "uploads")) and not self.errors:
            self.add_error("proof", "Say what shows that it was done, or add a file or an entry")
        return given


class MoveForm(AboutPromise, TellingForm):
    """Another day for a promise, with the reason, and how the customer is told."""

    act_text = "Move the promise"
    on_label = "Day of the decision"
    may_be_untold = True
    untold = (NOT_TOLD, "Not told: it is owed to the Ombudsman, who agreed")
    words_label = "Why it moves"
    words_help = "The customer is told this, as you write it."
    words_required = True

    new_due_on = DateField(label="The new day", called="the new day")

    def best_channel(self) -> str:
        """Return the way that the customer prefers: they are told."""
        return self.preferred_channel()

    def questions(self) -> Sequence[Any]:
        """Return which promise, the new day, and what is told."""
        return ["promise", "new_due_on", *self.telling_questions()]

    @property
    def reason(self) -> str:
        """Return why, once the answers were checked."""
        return str(self.cleaned_data["letter"])


class WithdrawPromiseForm(MoveForm):
    """That a promise will not be kept, with the reason, and how the customer is told."""

    act_text = "Cancel the promise"
    kind = "warning"
    open_ones = _by_hand
    words_label = "Why it will not be kept"

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        del self.fields["new_due_on"]

    def questions(self) -> Sequence[Any]:
        """Return which promise, and what is told."""
        return ["promise", *self.telling_questions()]


class GiveForm(AboutPromise):
    """Another colleague or team for a promise."""

    act_text = "Give the promise to them"
    has_day = False

    def __init__(self, *args: Any, hand: AtHand, keepers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.fields["keeper"] = keeper_field(keepers, label="Who keeps it from now on")

    def questions(self) -> Sequence[Any]:
        """Return which promise, and who keeps it."""
        return ["promise", "keeper"]
