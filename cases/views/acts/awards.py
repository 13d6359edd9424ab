"""Compensation: proposed, approved, offered, answered, paid."""

from collections.abc import Sequence
from typing import Any

from cases.forms.acts.awards import (
    AnswerOfferForm,
    DecideForm,
    GiveUpForm,
    KeepOfferOpenForm,
    OfferForm,
    PaidForm,
    ProposeForm,
    WithdrawOfferForm,
)
from cases.models import Complaint, Landlord
from cases.operations import awards
from cases.rules.acts import Act
from cases.rules.awards import SOMETHING_ELSE, approval_refusal, told_before, waiting
from cases.rules.events import EventKind
from cases.rules.letter_facts import LetterKind
from cases.rules.promises import is_payment
from cases.rules.state import Deadline
from cases.selectors.promises import keeper_choices
from cases.views.acts.page import ActPage


class ProposeCompensation(ActPage):
    """Propose compensation."""

    act = Act.PROPOSE_COMPENSATION
    form_class = ProposeForm
    done = "The compensation is proposed. Somebody else approves it."

    def about(self) -> list[str]:
        """Return the landlord's guidance."""
        landlord = Landlord.objects.only("award_guidance").first()
        lines = landlord.award_guidance.splitlines() if landlord else []
        return ["Guidance:", *lines] if lines else []

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        given = form.cleaned_data
        return awards.propose_compensation(
            **self.common,
            heads=form.heads,
            basis=given["basis"],
            something_else=given[SOMETHING_ELSE],
            set_off=given["set_off"] == "yes",
            set_off_because=given["set_off_because"] or "",
        )


class DecideCompensation(ActPage):
    """Approve compensation, or not."""

    act = Act.DECIDE_COMPENSATION
    form_class = DecideForm
    done = "The decision is recorded."

    def about(self) -> list[str]:
        """Return how each was worked out, and what stands against this person's approving it.

        And what the complaint has cost already: a limit is judged on the whole of it.
        """
        limit = awards.own_limit(self.complaint, self.user)
        found = []
        for award in waiting(self.history.state.awards, EventKind.COMPENSATION_DECIDED):
            parts = self.history.parts(award.number)
            found.append(f"£{award.amount:.2f}: {parts.get('basis', '')}")
            if award.is_set_off:
                found.append(f"Set off against arrears: {parts.get('set_off_because', '')}")
            if what := parts.get(SOMETHING_ELSE):
                found.append(f"Something else: {what}")
            found += [approval_refusal(award, by=self.user.pk, limit=limit)]
        return [each for each in found if each] + told_before(self.history.state.awards)

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        given = form.cleaned_data
        return awards.decide_compensation(
            **self.common,
            award=form.number,
            approved=given["decision"] == "yes",
            reason=given["reason"] or "",
        )


class OfferCompensation(ActPage):
    """Offer the customer what was approved."""

    act = Act.OFFER_COMPENSATION
    form_class = OfferForm
    letter_kind = LetterKind.COMPENSATION
    done = "The offer is recorded."

    def perform(self, form: Any) -> Complaint:
        """Record it, and make the letter."""
        return awards.offer_compensation(
            **self.common, award=form.number, on=form.cleaned_data["on"], telling=form.telling
        )


class GiveUpCompensation(ActPage):
    """Give up what was proposed or approved and never offered."""

    act = Act.GIVE_UP_COMPENSATION
    form_class = GiveUpForm
    done = "The compensation is given up. It is not offered."

    def about(self) -> list[str]:
        """Return who is told."""
        return [
            "The customer was never told of it, and is not told now. Whoever proposed or approved "
            "it is told."
        ]

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        return awards.give_up_compensation(
            **self.common, award=form.number, reason=form.cleaned_data["reason"]
        )


class AnswerCompensation(ActPage):
    """Record what the customer says to the offer."""

    act = Act.ANSWER_COMPENSATION
    form_class = AnswerOfferForm
    done = "The answer to the offer is recorded."

    def about(self) -> list[str]:
        """Return what can be done where the customer does not answer."""
        return [
            "Where the customer does not answer, the offer can be kept open until a day, or "
            "withdrawn by a manager or the complaints coordinator."
        ]

    def form_details(self) -> dict[str, Any]:
        """Return who can see to the payment."""
        return {"keepers": keeper_choices(self.complaint, today=self.today)}

    def perform(self, form: Any) -> Complaint:
        """Record what they say."""
        given = form.cleaned_data
        return awards.record_answer(
            **self.common,
            award=form.number,
            on=given["on"],
            accepted=given["accepted"] == "yes",
            words=given["words"],
            payment=form.payment,
        )


class KeepOfferOpen(ActPage):
    """Keep an offer open to the customer until a day, and tell them."""

    act = Act.KEEP_OFFER_OPEN
    form_class = KeepOfferOpenForm
    letter_kind = LetterKind.OFFER_OPEN
    done = "The offer stays open until that day."

    def perform(self, form: Any) -> Complaint:
        """Record it, and make the letter."""
        given = form.cleaned_data
        return awards.keep_offer_open(
            **self.common,
            award=form.number,
            on=given["on"],
            until=given["open_until"],
            telling=form.telling,
            words=given["words"] or "",
        )


class WithdrawOffer(ActPage):
    """Withdraw an offer that the customer did not answer, and tell them."""

    act = Act.WITHDRAW_OFFER
    form_class = WithdrawOfferForm
    letter_kind = LetterKind.OFFER_WITHDRAWN
    done = "The offer is withdrawn."

    def perform(self, form: Any) -> Complaint:
        """Record it, and make the letter."""
        given = form.cleaned_data
        return awards.withdraw_offer(
            **self.common,
            award=form.number,
            on=given["on"],
            telling=form.telling,
            words=given["words"] or "",
        )


class PayCompensation(ActPage):
    """Record that it was paid."""

    act = Act.PAY_COMPENSATION
    form_class = PaidForm
    done = "The payment is recorded."

    def would_keep_late(self) -> tuple[Sequence[Deadline], Sequence[Deadline]]:
        """Return which of the payments is overdue, one of which may be chosen."""
        return self.overdue_among(is_payment)

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        given = form.cleaned_data
        return awards.record_payment(
            **self.common, award=form.number, on=given["on"], proof=given["proof"]
        )
