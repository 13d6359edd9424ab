"""The questions about compensation that a letter offers, beside what else it says."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms

from cases.forms.acts.common import AtHand, words_field
from cases.forms.fields import MoneyField
from cases.forms.layout import Folded, Lines, Question
from cases.operations.awards import NO_OFFER, Offer
from cases.rules.awards import SOMETHING_ELSE, Award, Head, waiting
from cases.rules.events import EventKind
from cases.rules.parts import Part

BASIS_HELP = (
    "For example: no heating for 12 days at £8 a day. Kept in the record; not sent. You can offer "
    "what you may approve yourself; propose anything more first, for somebody else to approve."
)
OFFERS_APPROVED, BASIS = "offers_approved", "offer_basis"
# What is asked where an amount is for something else.
NOT_SAID = "Say what it is: the customer is told"
NO_AMOUNT = "Enter its amount, or take out what it is for"


def what_else_field() -> forms.CharField:
    """Return the question what the head OTHER is."""
    return forms.CharField(
        label="What “something else” is",
        help_text="The customer is told this, as you write it.",
        max_length=200,
        required=False,
    )


def head_name(head: Head) -> str:
    """Return the name of the field for the amount of a head."""
    return f"offer_{head.value}"


AMOUNTS = [head_name(head) for head in Head]
ELSE = f"offer_{SOMETHING_ELSE}"
OFFER_FIELDS = [OFFERS_APPROVED, *AMOUNTS, ELSE, BASIS]


def award_words(award: Award) -> str:
    """Return compensation as a form offers it."""
    set_off = ", set off against arrears" if award.is_set_off else ""
    return f"£{award.amount:.2f}: {award.heads_words}{set_off}"


class OfferFields:
    """What a letter offers: what was approved before, or amounts of its author's own."""

    fields: dict[str, forms.Field]
    hand: AtHand
    cleaned_data: dict[str, Any]

    def add_offer_fields(self) -> None:
        """Add the questions; of what was approved only where something is."""
        approved = waiting(self.hand.history.state.awards, EventKind.COMPENSATION_OFFERED)
        choices = [(str(each.number), award_words(each)) for each in approved]
        self.fields[OFFERS_APPROVED] = forms.MultipleChoiceField(
            label="Approved, and offered by this letter",
            choices=choices,
            initial=[key for key, _ in choices],
            widget=forms.CheckboxSelectMultiple if choices else forms.MultipleHiddenInput,
            required=False,
        )
        for head in Head:
            self.fields[head_name(head)] = MoneyField(
                label=head.words, required=False, min_value=Decimal("0.01")
            )
        self.fields[ELSE] = what_else_field()
        self.fields[BASIS] = words_field(
            "How it was worked out", required=False, help_text=BASIS_HELP
        )

    def offer_questions(self) -> list[Any]:
        """Return the questions in their order."""
        approved: Any = self.fields[OFFERS_APPROVED]
        guidance = self.hand.guidance.splitlines()
        return [
            *([Folded("Guidance on amounts", Lines(guidance))] if guidance else []),
            *([Question(OFFERS_APPROVED, is_small=True)] if approved.choices else []),
            *(Question(name, prefix="£", width=10) for name in AMOUNTS),
            ELSE,
            Question(BASIS, rows=3),
        ]

    def missing_of_the_offer(self) -> Mapping[str, str]:
        """Return what is wrong with the answers, by question."""
        given = self.cleaned_data
        other, what = given.get(head_name(Head.OTHER)), str(given.get(ELSE) or "").strip()
        if bool(other) != bool(what):
            return {ELSE: NOT_SAID} if other else {head_name(Head.OTHER): NO_AMOUNT}
        if self.offered_heads and not str(given.get(BASIS) or "").strip():
            return {BASIS: "Say how the amount was worked out"}
        if not self.offered_heads and not given.get(OFFERS_APPROVED):
            return {AMOUNTS[0]: "Enter an amount for at least one of them"}
        return {}

    @property
    def offers_money(self) -> bool:
        """Say whether anything is offered, as far as was answered."""
        return bool(self.offered_heads or self.cleaned_data.get(OFFERS_APPROVED))

    def has_part(self, part: Part) -> bool | None:
        """Say whether the amount is told, and for what it is."""
        match part:
            case Part.AMOUNT:
                return self.offers_money
            case Part.BASIS:
                return self.offers_money and ELSE not in self.missing_of_the_offer()
        parent: Any = super()
        return cast(bool | None, parent.has_part(part))

    @property
    def offered_heads(self) -> Sequence[tuple[Head, Decimal]]:
        """Return each head for which there is an amount."""
        given = self.cleaned_data
        return [(head, given[head_name(head)]) for head in Head if given.get(head_name(head))]

    @property
    def offer(self) -> Offer:
        """Return what is offered, once the answers were checked."""
        given = self.cleaned_data
        offer = Offer(
            [int(key) for key in given.get(OFFERS_APPROVED) or ()],
            self.offered_heads,
            str(given.get(BASIS) or ""),
            str(given.get(ELSE) or ""),
        )
        return offer or NO_OFFER
