"""Ends of a complaint, reopening, and the Ombudsman."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.acts.evidence import EvidencedForm, GroundedForm
from cases.forms.acts.telling import TellingForm
from cases.forms.fields import DateField, MoneyField
from cases.forms.layout import Fieldset, Question, Row
from cases.operations.close import EXCLUSIONS
from cases.operations.promising import Promised
from cases.rules.events import DesignatedStep, Finding
from cases.rules.grounds import ELSEWHERE, GROUNDS
from cases.rules.points import in_words, one_line
from cases.rules.promises import PromiseKind
from cases.selectors.outside import their_reference
from cases.selectors.promises import chosen_keeper


class WithdrawForm(TellingForm):
    """That the customer does not want to go on."""

    act_text = "Record that it was withdrawn"
    kind = "warning"
    on_label = "Day the customer withdrew it"
    may_promise = False
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
        return [*self.channel_questions(), *self.format_questions()]

    def questions(self) -> Sequence[Any]:
        """Return where it belongs and why, and how the customer is told."""
        return ["to", self.draft("reason"), *self.telling_questions()]


class RefuseComplaintForm(GroundedForm):
    """That a complaint is not accepted, on a listed ground and with evidence."""

    act_text = "Refuse the complaint"

    ground = radios(
        "Ground",
        [(code, GROUNDS[code].words) for code in EXCLUSIONS],
        help_text="That it is pursued unreasonably is no ground here: a director decides on that.",
    )


class RefuseUnreasonableForm(EvidencedForm):
    """A Director's decision not to deal with a complaint pursued unreasonably."""

    act_text = "Refuse as unreasonable"
    kind = "warning"
    on_label = "Day of the decision"
    words_label = "What you write to explain it"
    words_required = True

    evidence = words_field(
        "What shows that it is pursued unreasonably", help_text="Kept in the record; not sent."
    )
    review_on = DateField(
        label="Day by which you look at this again",
        called="the day by which you look at this again",
        required=False,
        help_text="Half a year from today if you leave it empty. The customer is told, and "
        "it becomes an action of yours.",
    )

    def questions(self) -> Sequence[Any]:
        """Return the evidence, when it is looked at again, and what is told."""
        return [*self.evidence_questions(), "review_on", *self.telling_questions()]


class CloseForm(TellingForm):
    """Closing an answered complaint."""

    act_text = "Close the complaint"
    on_label = "Day it is closed"
    may_promise = False
    may_be_untold = True
    words_label = "What you write to the customer"

    words = words_field("Note for colleagues", required=False)

    def questions(self) -> Sequence[Any]:
        """Return the note, and how the customer is told if at all."""
        return [self.draft("words", rows=3), *self.telling_questions()]


class ReopenForm(ActForm):
    """Opening a closed complaint again."""

    act_text = "Reopen the complaint"
    keeps_draft = True

    words = words_field("Why it is reopened")

    def questions(self) -> Sequence[Any]:
        """Return the reason."""
        return [self.draft("words", rows=3)]


NUMBER = Question("their_reference", width=20)


class _NumberedForm(ActForm):
    """About what the Ombudsman keeps under a number of their own; filled in where it is known."""

    keeps_draft = True

    their_reference = forms.CharField(
        label="The Ombudsman’s case number",
        required=False,
        max_length=40,
        help_text="It stands in their letters. Complaints are found by it.",
    )

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.fields["their_reference"].initial = their_reference(hand.history)


class OmbudsmanForm(_NumberedForm):
    """That the complaint was taken to the Ombudsman."""

    act_text = "Record it"
    on_label = "Day it went to the Ombudsman"

    words = words_field("What is known of it", required=False)

    def questions(self) -> Sequence[Any]:
        """Return their number, and what is known."""
        return [NUMBER, self.draft("words", rows=3)]


MOST_ISSUES = 5
# A decision asks for so many orders at once; more are recorded beside it.
ORDERS = range(1, 4)
FINDINGS = [(finding.value, finding.words) for finding in Finding]


class DetermineForm(_NumberedForm):
    """What the Ombudsman decided: the whole of it, and what was found on each issue."""

    act_text = "Record the decision"
    on_label = "Day of the decision"

    finding = radios("Finding on the whole", FINDINGS)
    amount = MoneyField(label="Compensation ordered", required=False, min_value=0)
    pay_by = DateField(
        label="To be paid by, as their letter says", called="the day to pay by", required=False
    )
    words = words_field("What else was said or recommended", required=False)

    def __init__(
        self,
        *args: Any,
        hand: AtHand,
        keepers: Sequence[tuple[str, str]],
        ordered: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self._ask_what_was_changed(ordered)
        for place in ORDERS:
            self.fields[f"order_{place}"] = forms.CharField(
                label=f"Order {place}", required=False, max_length=1_000
            )
            self.fields[f"order_{place}_on"] = DateField(
                label=f"Order {place}: by when",
                called="the day that their letter names",
                required=False,
            )
        self.fields["keeper"] = _seen_to_by(keepers)
        self.fields["keeper"].label = "Who sees to what is ordered"
        points = in_words(
            hand.history.state.points,
            {number: each.parts for number, each in hand.history.words.items()},
        )
        told = [one_line(each.text) for each in points]
        self.places = range(1, max(MOST_ISSUES, len(told)) + 1)
        for place in self.places:
            text = told[place - 1] if place <= len(told) else ""
            self.fields[f"issue_{place}"] = forms.CharField(
                label=f"Issue {place}", required=False, max_length=300, initial=text
            )
            self.fields[f"issue_{place}_finding"] = forms.ChoiceField(
                label="What was found on it", required=False, choices=[("", "Not told"), *FINDINGS]
            )

    def _ask_what_was_changed(self, ordered: Sequence[tuple[str, str]]) -> None:
        """Ask why a decision that is recorded was changed, and which of its orders are over."""
        if self.hand.history.state.determined_on is None:
            return
        self.fields["changed_because"] = words_field(
            "Why it was changed on review", help_text="As their letter says. Kept in the record."
        )
        if ordered:
            self.fields["no_longer_owed"] = forms.MultipleChoiceField(
                label="What of it is no longer owed",
                required=False,
                choices=list(ordered),
                widget=forms.CheckboxSelectMultiple,
                help_text="What you select is withdrawn. Leave what stands.",
            )

    def questions(self) -> Sequence[Any]:
        """Return their number, the findings, what is ordered by when, and what else."""
        issues = [Row(f"issue_{place}", f"issue_{place}_finding") for place in self.places]
        amount = Row(Question("amount", prefix="£", width=10), "pay_by")
        orders = [Row(f"order_{place}", f"order_{place}_on") for place in ORDERS]
        changed = (
            [self.draft("changed_because", rows=3)] if "changed_because" in self.fields else []
        )
        over = ["no_longer_owed"] if "no_longer_owed" in self.fields else []
        return [
            NUMBER,
            *changed,
            "finding",
            Fieldset("Finding on each issue", *issues),
            *over,
            Fieldset(
                "What is ordered, each reminded of before its day and proved",
                amount,
                *orders,
                "keeper",
            ),
            self.draft("words"),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a finding on nothing, and an order without its day."""
        given = super().clean()
        if given.get("amount") and not given.get("pay_by") and "pay_by" not in self.errors:
            self.add_error("pay_by", "Enter the day by which it is to be paid")
        for place in ORDERS:
            words, day = f"order_{place}", f"order_{place}_on"
            if given.get(words) and not given.get(day) and day not in self.errors:
                self.add_error(day, "Enter the day by which it is to be done")
            elif given.get(day) and not given.get(words):
                self.add_error(words, "Say what is ordered")
        for place in self.places:
            if given.get(f"issue_{place}_finding") and not given.get(f"issue_{place}"):
                self.add_error(f"issue_{place}", "Say what the issue is")
        return given

    @property
    def issues(self) -> list[tuple[str, Finding]]:
        """Return each issue with the finding on it, once the answers were checked."""
        given = self.cleaned_data
        return [
            (given[f"issue_{place}"], Finding(given[f"issue_{place}_finding"]))
            for place in self.places
            if given.get(f"issue_{place}_finding")
        ]

    @property
    def ordered(self) -> str:
        """Return the amount as it is recorded, nothing where none was ordered."""
        return in_pounds(self.cleaned_data["amount"])

    @property
    def orders(self) -> list[Promised]:
        """Return what is owed to the Ombudsman from now on, once the answers were checked."""
        given = self.cleaned_data
        told = [(given[f"order_{place}"], given[f"order_{place}_on"]) for place in ORDERS]
        if self.ordered:
            told.insert(0, (f"Pay £{self.ordered} in compensation", given["pay_by"]))
        keeper = chosen_keeper(given["keeper"])
        return [Promised(words, day, *keeper) for words, day in told if words]


def _seen_to_by(keepers: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    """Return a choice of who sees to what is owed to the Ombudsman."""
    return forms.ChoiceField(
        label="Who does it", required=False, choices=[("", "The complaints coordinator"), *keepers]
    )


def in_pounds(amount: Decimal | None) -> str:
    """Return an amount as it is recorded, nothing where there is none."""
    return f"{amount:.2f}" if amount else ""


class DemandForm(_NumberedForm):
    """What the Ombudsman asks for, orders or recommends, with the day in their letter."""

    act_text = "Record it"
    on_label = "Day of the Ombudsman’s letter"
    reveals = {"demand": {PromiseKind.ORDER.value: ["amount"]}}

    demand = radios(
        "What it is", [(each.value, each.words) for each in PromiseKind if each.is_to_ombudsman]
    )
    words = words_field("What exactly, as their letter says it", max_length=1_000)
    due_on = DateField(
        label="By when, as their letter says", called="the day that their letter names"
    )
    amount = MoneyField(label="To be paid, if it is money", required=False, min_value=0)

    def __init__(
        self, *args: Any, hand: AtHand, keepers: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.fields["keeper"] = _seen_to_by(keepers)

    def questions(self) -> Sequence[Any]:
        """Return their number, what, by when, and who does it."""
        money = Question("amount", prefix="£", width=10)
        return [
            NUMBER,
            Question("demand", reveals={PromiseKind.ORDER.value: [money]}),
            self.draft("words", rows=4),
            "due_on",
            "keeper",
        ]

    @property
    def demanded(self) -> Promised:
        """Return what is owed, once the answers were checked."""
        given = self.cleaned_data
        return Promised(given["words"], given["due_on"], *chosen_keeper(given["keeper"]))


class DesignatedPersonForm(ActForm):
    """What a designated person was asked for or did."""

    act_text = "Record it"
    keeps_draft = True

    step = radios("What happened", [(each.value, each.words) for each in DesignatedStep])
    name = forms.CharField(
        label="Who it is", max_length=200, help_text="For example: the MP for the constituency."
    )
    words = words_field("What is known of it", required=False)

    def questions(self) -> Sequence[Any]:
        """Return what happened, who it is, and what is known."""
        return ["step", "name", self.draft("words", rows=3)]
