"""By which files and entries a refusal is shown to be right, asked of every act that refuses."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.common import AtHand, TellingForm, words_field


class EvidencedForm(TellingForm):
    """The form of a refusal, which must be evidenced (Code 2.1, 5.11).

    `rests_on` are the files and entries of the complaint that can be named, by code.
    """

    evidence = words_field(
        "What shows that the ground applies", help_text="Kept in the record; not sent."
    )

    def __init__(
        self, *args: Any, hand: AtHand, rests_on: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        if rests_on:
            self.fields["rests_on"] = forms.MultipleChoiceField(
                label="Files and entries that show it",
                required=False,
                choices=list(rests_on),
                widget=forms.CheckboxSelectMultiple,
                help_text="Named with the refusal in the record and in the evidence; not sent.",
            )

    def evidence_questions(self) -> list[Any]:
        """Return what shows it, in words and by what is kept of the complaint."""
        named = ["rests_on"] if "rests_on" in self.fields else []
        return [self.draft("evidence"), *named]
