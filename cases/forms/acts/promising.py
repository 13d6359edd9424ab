"""What a letter promises: the questions, whatever letter it is."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from cases.forms.acts.asking import radios
from cases.forms.fields import DateField
from cases.operations.promising import Promised
from cases.selectors.promises import chosen_keeper, promised_already

if TYPE_CHECKING:
    from cases.forms.acts.common import AtHand

Choices = Sequence[tuple[str, str]]
OFFICERS_OWN = ("", "Whoever is responsible for the complaint")


def keeper_field(
    keepers: Choices | Callable[[], Choices], *, label: str = "Who keeps it"
) -> forms.ChoiceField:
    """Return a choice of who keeps a promise; those who can are asked for when they are shown."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=lambda: [OFFICERS_OWN, *(keepers() if callable(keepers) else keepers)],
    )


# The question whether anything is promised at all.
PROMISING = "promising"


# A letter asks for so many promises at once; more are recorded beside it.
MOST_PROMISES = 4
PLACES = range(1, MOST_PROMISES + 1)
PROMISE_FIELDS = [
    name
    for number in PLACES
    for name in (f"promise_{number}", f"promise_{number}_on", f"promise_{number}_keeper")
]


class PromiseFields:
    """The questions about what a letter promises: what, by when, and who keeps it.

    The form that asks them reveals `PROMISE_FIELDS` where `PROMISING` is answered with yes.
    """

    fields: dict[str, forms.Field]
    hand: "AtHand"
    cleaned_data: dict[str, Any]
    errors: Any

    def add_promise_fields(
        self, keepers: Choices | Callable[[], Choices], *, are_told_again: bool
    ) -> None:
        """Add the questions; say whether the letter tells again what was promised before."""
        promising = radios(
            "Does it promise anything that is still to be done?",
            [("no", "No"), ("yes", "Yes")],
            required=False,
            initial="no",
        )
        if promised := promised_already(self.hand.history):
            again = ", and told again in the letter" if are_told_again else ""
            promising.help_text = f"Promised already{again}: {'; '.join(promised)}."
        self.fields[PROMISING] = promising
        for number in PLACES:
            self._add_promise(number, keepers)

    def _add_promise(self, number: int, keepers: Choices | Callable[[], Choices]) -> None:
        """Ask for one promise: what, by when, and who keeps it."""
        self.fields[f"promise_{number}"] = forms.CharField(
            label=f"Promise {number}: what we will do",
            required=False,
            max_length=1_000,
            help_text="For example: A surveyor visits you to look at the damp"
            if number == 1
            else "",
        )
        self.fields[f"promise_{number}_on"] = DateField(
            label="By when", called="the day by which it is done", required=False
        )
        self.fields[f"promise_{number}_keeper"] = keeper_field(keepers)

    def missing_of_the_promises(self) -> dict[str, str]:
        """Return what is wrong by question: each needs both what and by when, and one is needed."""
        given, found = self.cleaned_data, {}
        if given.get(PROMISING) != "yes":
            return {}
        for number in PLACES:
            words, day = f"promise_{number}", f"promise_{number}_on"
            if given.get(words) and not given.get(day) and day not in self.errors:
                found[day] = "Enter the day by which it is done"
            elif given.get(day) and not given.get(words):
                found[words] = "Say what we will do"
        if not self.errors and not found and not self.promises:
            found["promise_1"] = "Say what we will do"
        return found

    @property
    def promises(self) -> list[Promised]:
        """Return what is promised, each with its day and who keeps it."""
        given = self.cleaned_data
        return [
            Promised(
                given[f"promise_{number}"],
                given[f"promise_{number}_on"],
                *chosen_keeper(given[f"promise_{number}_keeper"]),
            )
            for number in PLACES
            if given.get(f"promise_{number}")
        ]
