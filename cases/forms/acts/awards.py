"""Compensation: proposed, approved, offered, answered, paid."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.acts.offers import NO_AMOUNT, NOT_SAID, award_words, what_else_field
from cases.forms.acts.promising import Choices, keeper_field
from cases.forms.acts.telling import TellingForm
from cases.forms.fields import DateField, MoneyField
from cases.forms.layout import Question
from cases.operations.awards import Payment
from cases.rules.awards import PAYMENT_DAYS, SOMETHING_ELSE, Award, Head, not_offered, waiting
from cases.rules.events import EventKind
from cases.rules.parts import Part
from cases.selectors.promises import chosen_keeper


class ProposeForm(ActForm):
    """What is proposed: each head with its amount, and how it was worked out."""

    act_text = "Propose it"
    keeps_draft = True
    has_day = False
    reveals = {"set_off": {"yes": ["set_off_because"]}}

    basis = words_field(
        "How it was worked out",
        help_text="For example: no heating for 12 days at £8 a day. Kept in the record; not sent.",
    )
    set_off = radios(
        "Is it set off against arrears?",
        [("no", "No, it is paid to the customer"), ("yes", "Yes")],
        initial="no",
    )
    set_off_because = words_field("Why it is set off")

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        for head in Head:
            self.fields[head.value] = MoneyField(
                label=head.words, required=False, min_value=Decimal("0.01")
            )
        self.fields[SOMETHING_ELSE] = what_else_field()

    def questions(self) -> Sequence[Any]:
        """Return the amounts, how they were worked out, and whether they are set off."""
        amounts = [Question(head.value, prefix="£", width=10) for head in Head]
        return [*amounts, SOMETHING_ELSE, self.draft("basis", rows=4), "set_off"]

    def clean(self) -> dict[str, Any]:
        """Ask for an amount, and what something else is."""
        given = super().clean()
        other, what = given.get(Head.OTHER.value), str(given.get(SOMETHING_ELSE) or "").strip()
        if other and not what:
            self.add_error(SOMETHING_ELSE, NOT_SAID)
        elif what and not other and Head.OTHER.value not in self.errors:
            self.add_error(Head.OTHER.value, NO_AMOUNT)
        if not self.heads and not self.errors:
            self.add_error(Head.DISTRESS.value, "Enter an amount for at least one of them")
        return given

    @property
    def heads(self) -> list[tuple[Head, Decimal]]:
        """Return each head for which there is an amount."""
        given = self.cleaned_data
        return [(head, given[head.value]) for head in Head if given.get(head.value)]


class _AboutAward(ActForm):
    """A form about compensation for which a certain step comes next."""

    step: ClassVar[EventKind]

    award = radios("Which compensation", [])

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        found = self.about(hand.history.state.awards)
        initial = {"award": str(found[0].number)} if len(found) == 1 else {}
        initial |= kwargs.pop("initial", {})
        super().__init__(*args, hand=hand, initial=initial, **kwargs)
        self.field("award").choices = [(str(each.number), award_words(each)) for each in found]
        self.order_fields(["seen", "award", "on"])

    def about(self, awards: Sequence[Award]) -> Sequence[Award]:
        """Return those that it can be about."""
        return waiting(awards, self.step)

    @property
    def number(self) -> int:
        """Return the event that proposed it, once the answers were checked."""
        return int(self.cleaned_data["award"])


class DecideForm(_AboutAward):
    """Approving compensation, or not."""

    act_text = "Record the decision"
    has_day = False
    step = EventKind.COMPENSATION_DECIDED
    reveals = {"decision": {"no": ["reason"]}}

    decision = radios("Decision", [("yes", "Approved"), ("no", "Not approved")])
    reason = words_field("Why it is not approved")

    def questions(self) -> Sequence[Any]:
        """Return which, and the decision."""
        return ["award", "decision"]


class OfferForm(_AboutAward, TellingForm):
    """Offering the customer what was approved."""

    act_text = "Offer it"
    on_label = "Day of the offer"
    step = EventKind.COMPENSATION_OFFERED
    words_label = "What you write besides"
    words_help = "The amount is added."

    def questions(self) -> Sequence[Any]:
        """Return which, and what is told."""
        return ["award", *self.telling_questions()]

    def has_part(self, part: Part) -> bool | None:
        """Say whether the amount is told, and for what it is: as they were approved."""
        if part in (Part.AMOUNT, Part.BASIS):
            return bool(self.cleaned_data.get("award"))
        return super().has_part(part)


class GiveUpForm(_AboutAward):
    """That compensation that was never offered is given up, and why."""

    act_text = "Give it up"
    kind = "warning"
    keeps_draft = True
    has_day = False

    reason = words_field("Why it is given up", help_text="Kept in the record; not sent.")

    def about(self, awards: Sequence[Award]) -> Sequence[Award]:
        """Return what waits for approval, or to be offered."""
        return not_offered(awards)

    def questions(self) -> Sequence[Any]:
        """Return which, and why."""
        return ["award", self.draft("reason", rows=3)]


class AnswerOfferForm(_AboutAward):
    """What the customer says to the offer."""

    act_text = "Record the answer"
    on_label = "Day of the answer"
    step = EventKind.COMPENSATION_ANSWERED
    reveals = {"accepted": {"yes": ["due_on", "keeper"]}}

    accepted = radios("The customer", [("yes", "accepts it"), ("no", "does not accept it")])
    due_on = DateField(
        label="To be paid by",
        called="the day by which it is paid",
        help_text="The customer sees this day. The complaint stays open until it is paid.",
    )
    words = words_field("What they said", required=False)

    def __init__(self, *args: Any, hand: AtHand, keepers: Choices, **kwargs: Any) -> None:
        usual = hand.history.calendar.add_working_days(hand.today, PAYMENT_DAYS)
        initial = {"due_on": usual, **kwargs.pop("initial", {})}
        super().__init__(*args, hand=hand, initial=initial, **kwargs)
        self.fields["keeper"] = keeper_field(keepers, label="Who sees to the payment")

    def questions(self) -> Sequence[Any]:
        """Return which, and the answer."""
        return ["award", "accepted", self.draft("words", rows=3)]

    @property
    def payment(self) -> Payment:
        """Return by when it is paid and who sees to it, once the answers were checked."""
        given = self.cleaned_data
        keeper, team = chosen_keeper(given["keeper"] or "")
        return Payment(given["due_on"], keeper, team)


SAID = "What they said to the offer, if anything"


class KeepOfferOpenForm(_AboutAward, TellingForm):
    """That an offer that nobody answered stays open to the customer until a day."""

    act_text = "Keep it open"
    on_label = "Day it was decided"
    step = EventKind.COMPENSATION_ANSWERED
    words_label = "What you write besides"
    words_help = "The amount and the day are added."

    open_until = DateField(
        label="Open until",
        called="the day until which the offer stays open",
        help_text="The customer is told this day, and the offer cannot be withdrawn by then. It "
        "stays on My work, and the complaint open, until it is known what became of it.",
    )
    words = words_field(SAID, required=False, help_text="Kept in the record; not sent.")

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        usual = hand.history.calendar.add_working_days(hand.today, PAYMENT_DAYS)
        initial = {"open_until": usual, **kwargs.pop("initial", {})}
        super().__init__(*args, hand=hand, initial=initial, **kwargs)

    def questions(self) -> Sequence[Any]:
        """Return which, until when, what they said, and what is told."""
        return ["award", "open_until", self.draft("words", rows=3), *self.telling_questions()]

    def has_part(self, part: Part) -> bool | None:
        """Say whether the day is chosen until which it stays open."""
        if part is Part.NEW_DAY:
            return bool(self.cleaned_data.get("open_until"))
        return super().has_part(part)


class WithdrawOfferForm(_AboutAward, TellingForm):
    """That an offer that nobody answered is withdrawn, and why."""

    act_text = "Withdraw the offer"
    kind = "warning"
    on_label = "Day it was decided"
    step = EventKind.COMPENSATION_ANSWERED
    words_label = "Why it is withdrawn"
    words_help = "The customer is told this, as you write it."
    words_required = True

    words = words_field(SAID, required=False, help_text="Kept in the record; not sent.")

    def questions(self) -> Sequence[Any]:
        """Return which, what they said, and what is told."""
        return ["award", self.draft("words", rows=3), *self.telling_questions()]


class PaidForm(_AboutAward):
    """That compensation was paid."""

    act_text = "Record the payment"
    is_surely_late = False
    on_label = "Day it was paid"
    step = EventKind.COMPENSATION_PAID

    proof = forms.CharField(
        label="What shows it",
        max_length=300,
        help_text="For example: the reference of the bank transfer.",
    )

    def questions(self) -> Sequence[Any]:
        """Return which, and what shows it."""
        return ["award", "proof"]
