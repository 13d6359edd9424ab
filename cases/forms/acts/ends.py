"""Ends of a complaint, reopening, and the Ombudsman."""

from collections.abc import Sequence
from typing import Any

from cases.forms.acts.common import ActForm, AtHand, TellingForm, radios, words_field
from cases.forms.fields import MoneyField
from cases.forms.layout import Question
from cases.operations.close import EXCLUSIONS
from cases.rules.events import Finding
from cases.rules.grounds import ELSEWHERE, GROUNDS


class WithdrawForm(TellingForm):
    """That the customer does not want to go on."""

    act_text = "Record that it was withdrawn"
    kind = "warning"
    on_label = "Day the customer withdrew it"
    may_be_untold = True
    words_label = "What you write to confirm it"

    words = words_field("What the customer said", help_text="Kept in the record.")

    def questions(self) -> Sequence[Any]:
        """Return what the customer said, and how it is confirmed."""
        return [self.draft("words", rows=3), *self.telling_questions()]


class ReferElsewhereForm(TellingForm):
    """That what was said belongs to another procedure."""

    act_text = "Refer it"
    kind = "warning"
    on_label = "Day of the decision"

    to = radios("It is dealt with as", [(code, each.words) for code, each in ELSEWHERE.items()])
    reason = words_field(
        "Why, and who deals with it", help_text="The customer is told this, as you write it."
    )

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        del self.fields["letter"]

    def telling_questions(self) -> list[Any]:
        """Return how it is told; the words are the reason."""
        return ["channel", *self.format_questions()]

    def questions(self) -> Sequence[Any]:
        """Return where it belongs and why, and how the customer is told."""
        return ["to", self.draft("reason"), *self.telling_questions()]


class RefuseComplaintForm(TellingForm):
    """That a complaint is not accepted, on a listed ground and with evidence."""

    act_text = "Refuse the complaint"
    kind = "warning"
    on_label = "Day of the decision"
    words_label = "What you write to explain it"
    words_required = True

    ground = radios("Ground", [(code, GROUNDS[code].words) for code in EXCLUSIONS])
    evidence = words_field(
        "What shows that the ground applies", help_text="Kept in the record; not sent."
    )

    def questions(self) -> Sequence[Any]:
        """Return the ground, the evidence, and what is told."""
        return ["ground", self.draft("evidence"), *self.telling_questions()]


class RefuseUnreasonableForm(TellingForm):
    """A Director's decision not to deal with a complaint pursued unreasonably."""

    act_text = "Refuse as unreasonable"
    kind = "warning"
    on_label = "Day of the decision"
    words_label = "What you write to explain it"
    words_required = True

    evidence = words_field(
        "What shows that it is pursued unreasonably", help_text="Kept in the record; not sent."
    )

    def questions(self) -> Sequence[Any]:
        """Return the evidence, and what is told."""
        return [self.draft("evidence"), *self.telling_questions()]


class CloseForm(TellingForm):
    """Closing an answered complaint."""

    act_text = "Close the complaint"
    on_label = "Day it is closed"
    may_be_untold = True
    words_label = "What you write to the customer"

    words = words_field("Note for colleagues", required=False)

    def questions(self) -> Sequence[Any]:
        """Return the note, and how the customer is told if at all."""
        return [self.draft("words", rows=3), *self.telling_questions()]


class ReopenForm(ActForm):
    """Opening a closed complaint again."""

    act_text = "Reopen the complaint"

    words = words_field("Why it is reopened")

    def questions(self) -> Sequence[Any]:
        """Return the reason."""
        return [self.draft("words", rows=3)]


class OmbudsmanForm(ActForm):
    """That the complaint was taken to the Ombudsman."""

    act_text = "Record it"
    on_label = "Day it went to the Ombudsman"

    words = words_field("What is known of it", required=False)

    def questions(self) -> Sequence[Any]:
        """Return what is known."""
        return [self.draft("words", rows=3)]


class DetermineForm(ActForm):
    """What the Ombudsman decided."""

    act_text = "Record the decision"
    on_label = "Day of the decision"

    finding = radios("Finding", [(finding.value, finding.words) for finding in Finding])
    amount = MoneyField(label="Compensation ordered", required=False, min_value=0)
    words = words_field("What was ordered or recommended", required=False)

    def questions(self) -> Sequence[Any]:
        """Return the finding, the amount, and what was ordered."""
        return ["finding", Question("amount", prefix="£", width=10), self.draft("words")]

    @property
    def ordered(self) -> str:
        """Return the amount as it is recorded, nothing where none was ordered."""
        given = self.cleaned_data["amount"]
        return f"{given:.2f}" if given else ""
