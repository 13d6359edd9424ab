"""Actions in a complaint: added, done, changed, dropped."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.common import ActForm, AtHand, words_field
from cases.forms.acts.promises import AboutPromise, KeepForm
from cases.forms.acts.promising import Choices, keeper_field
from cases.forms.fields import DateField
from cases.forms.layout import Question
from cases.operations.actions import Changed
from cases.operations.promising import Promised
from cases.selectors.case_history import CaseHistory
from cases.selectors.promises import chosen_keeper, keeper_choice, open_actions

SEES_TO_IT = "Who does it, or sees to it"


class ActionForm(ActForm):
    """Something to be done by a day."""

    act_text = "Add the action"
    keeps_draft = True
    has_day = False

    words = words_field(
        "What is to be done",
        max_length=1_000,
        help_text="For staff only. What the customer was promised is recorded as a promise.",
    )
    due_on = DateField(label="By when", called="the day by which it is done")
    outside = forms.CharField(
        label="Who does it, if somebody outside",
        required=False,
        max_length=200,
        help_text="Such as a contractor. They are not written to from here.",
    )

    def __init__(self, *args: Any, hand: AtHand, keepers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.fields["keeper"] = keeper_field(keepers, label=SEES_TO_IT)

    def questions(self) -> Sequence[Any]:
        """Return what, by when, and who."""
        return [self.draft("words", rows=3), "due_on", "keeper", "outside"]

    @property
    def wanted(self) -> Promised:
        """Return the action, once the answers were checked."""
        given = self.cleaned_data
        keeper, team = chosen_keeper(given["keeper"])
        return Promised(given["words"], given["due_on"], keeper, team)


class _AboutAction(AboutPromise):
    """A form about one of the open actions."""

    which_label = "Which action"

    def open_ones(self, history: CaseHistory) -> list[tuple[str, str]]:
        """Return the open actions."""
        return open_actions(history)


class FinishActionForm(_AboutAction, KeepForm):
    """That an action was done, and what shows it."""

    act_text = "Record that it was done"


class ChangeActionForm(_AboutAction):
    """Another day for an action, somebody else, or both."""

    act_text = "Change the action"
    has_day = False

    due_on = DateField(label="By when", called="the day by which it is done")
    reason = words_field(
        "Why it moves", required=False, help_text="Asked for where the day is another."
    )

    def __init__(
        self, *args: Any, hand: AtHand, promise: str = "", keepers: Choices, **kwargs: Any
    ) -> None:
        stands = {str(each.promise): each for each in hand.history.state.open_actions}
        named = stands.get(promise if len(stands) > 1 else next(iter(stands), ""))
        initial = {"due_on": named.due_on, "keeper": keeper_choice(named)} if named else {}
        super().__init__(*args, hand=hand, promise=promise, initial=initial, **kwargs)
        self.fields["keeper"] = keeper_field(keepers, label=SEES_TO_IT)

    def questions(self) -> Sequence[Any]:
        """Return which action, its day, who, and why."""
        return ["promise", "due_on", "keeper", Question("reason", rows=2)]

    @property
    def changed(self) -> Changed:
        """Return the day and who it is, once the answers were checked."""
        given = self.cleaned_data
        keeper, team = chosen_keeper(given["keeper"])
        return Changed(given["due_on"], keeper, team)


class DropActionForm(_AboutAction):
    """That an action need not be done any more."""

    act_text = "Drop the action"
    kind = "warning"
    has_day = False

    reason = words_field("Why it need not be done")

    def questions(self) -> Sequence[Any]:
        """Return which action, and why."""
        return ["promise", Question("reason", rows=3)]
