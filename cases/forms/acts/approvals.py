"""The form of whoever is the second person for a letter."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms

from cases.forms.acts.common import NOT_ASKED, ActForm, AtHand, radios, words_field
from cases.rules.foresight import in_full

APPROVE, SEND_BACK = "approve", "send_back"


# What the letter shows, or what is no answer.
_SHOWN = NOT_ASKED | {"letter", "easy_read", "other_text"}


def answers_in(form: ActForm) -> Iterator[tuple[str, str]]:
    """Yield what was answered in a checked form besides the letter itself: question and answer."""
    for name, value in form.cleaned_data.items():
        # What a form works out of its answers is no answer.
        if name in _SHOWN or name not in form.fields or value in (None, "", [], False):
            continue
        field = form.fields[name]
        choices = {str(key): str(words) for key, words in getattr(field, "choices", ())}
        each = value if isinstance(value, list) else [value]
        told = (in_full(one) if isinstance(one, date) else str(one) for one in each)
        words = "\n".join("Yes" if one == "True" else choices.get(one, one) for one in told)
        yield str(field.label or name), words


class ApprovalForm(ActForm):
    """Whether a letter goes as it was read, or back to its author with what is to be changed."""

    act_text = "Record the decision"
    has_day = False
    has_preview = False
    reveals = {"decision": {SEND_BACK: ["reason"]}}

    letter = forms.IntegerField(widget=forms.HiddenInput)
    words_hash = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    decision = radios(
        "Decision",
        [
            (APPROVE, "Approve it: it goes now, in these words"),
            (SEND_BACK, "Send it back to its author"),
        ],
    )
    reason = words_field("What is to be changed")

    def __init__(
        self, *args: Any, hand: AtHand, number: int, words_hash: str = "", **kwargs: Any
    ) -> None:
        given = {"letter": number, "words_hash": words_hash}
        super().__init__(*args, hand=hand, initial=given, **kwargs)

    def questions(self) -> Sequence[Any]:
        """Return the decision; the letter is above it."""
        return ["decision"]

    @property
    def approves(self) -> bool:
        """Say whether it is approved."""
        return bool(self.cleaned_data["decision"] == APPROVE)
