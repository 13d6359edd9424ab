"""Acts that end a complaint or open it again, and those of the Ombudsman."""

from typing import Any

from cases.forms.acts.ends import (
    CloseForm,
    DemandForm,
    DesignatedPersonForm,
    DetermineForm,
    OmbudsmanForm,
    ReferElsewhereForm,
    RefuseComplaintForm,
    RefuseUnreasonableForm,
    ReopenForm,
    WithdrawForm,
    in_pounds,
)
from cases.models import Complaint
from cases.operations import close, ombudsman
from cases.rules.acts import Act
from cases.rules.events import DesignatedStep
from cases.rules.foresight import in_full
from cases.rules.letter_facts import LetterKind
from cases.rules.promises import PromiseKind
from cases.selectors.case_points import evidence_of
from cases.selectors.promises import keeper_choices, ordered_and_open
from cases.views.acts.page import ActPage

DECIDED = (
    "A decision of {day} is recorded. What you record here was changed on review: it takes the "
    "place of that one, which stays in the record."
)


class Withdraw(ActPage):
    """Record that the customer does not want to go on."""

    act = Act.WITHDRAW
    form_class = WithdrawForm
    letter_kind = LetterKind.CLOSING
    done = "The complaint is recorded as withdrawn."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Record it, and confirm it if asked."""
        given = form.cleaned_data
        return close.withdraw(
            **self.common, on=given["on"], words=given["words"], telling=form.telling_if_any
        )


class ReferElsewhere(ActPage):
    """Refer it to another procedure."""

    act = Act.REFER_ELSEWHERE
    form_class = ReferElsewhereForm
    letter_kind = LetterKind.REFERRED
    done = "The complaint is referred."

    def perform(self, form: Any) -> Complaint:
        """Record where it belongs, and tell the customer."""
        given = form.cleaned_data
        return close.refer_elsewhere(
            **self.common,
            on=given["on"],
            to=given["to"],
            words=given["reason"],
            telling=form.telling,
        )


class Refuse(ActPage):
    """Refuse to take it on as a complaint."""

    act = Act.REFUSE
    form_class = RefuseComplaintForm
    letter_kind = LetterKind.NOT_ACCEPTED
    done = "The complaint is refused."

    def form_details(self) -> dict[str, Any]:
        """Return what of the complaint can show that the ground applies."""
        return {"rests_on": evidence_of(self.history)}

    def perform(self, form: Any) -> Complaint:
        """Record the refusal, and tell the customer."""
        given = form.cleaned_data
        return close.refuse(
            **self.common,
            on=given["on"],
            ground=given["ground"],
            evidence=given["evidence"],
            rests_on=given.get("rests_on", ()),
            earlier=form.earlier,
            telling=form.telling,
        )


class RefuseUnreasonable(ActPage):
    """Refuse a complaint that is pursued unreasonably: a Director's decision."""

    act = Act.REFUSE_UNREASONABLE
    form_class = RefuseUnreasonableForm
    letter_kind = LetterKind.NOT_ACCEPTED
    done = "The complaint is refused as unreasonable."

    def form_details(self) -> dict[str, Any]:
        """Return what of the complaint can show that the ground applies."""
        return {"rests_on": evidence_of(self.history)}

    def perform(self, form: Any) -> Complaint:
        """Record the decision, and tell the customer."""
        given = form.cleaned_data
        return close.refuse_unreasonable(
            **self.common,
            on=given["on"],
            evidence=given["evidence"],
            rests_on=given.get("rests_on", ()),
            telling=form.telling,
            review_on=given["review_on"],
        )


class Close(ActPage):
    """Close an answered complaint."""

    act = Act.CLOSE
    form_class = CloseForm
    letter_kind = LetterKind.CLOSING
    done = "Recorded."
    is_foreseen = True

    def about(self) -> list[str]:
        """Return that the customer's time runs on."""
        return ["The customer’s time to go further runs on after it is closed."]

    def perform(self, form: Any) -> Complaint:
        """Close it, and tell the customer if asked."""
        given = form.cleaned_data
        return close.close(
            **self.common, on=given["on"], words=given["words"], telling=form.telling_if_any
        )


class Reopen(ActPage):
    """Open a closed complaint again."""

    act = Act.REOPEN
    form_class = ReopenForm
    done = "Recorded."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Open it."""
        given = form.cleaned_data
        return close.reopen(**self.common, on=given["on"], words=given["words"])


class ReferToOmbudsman(ActPage):
    """Record that it went to the Ombudsman."""

    act = Act.REFER_TO_OMBUDSMAN
    form_class = OmbudsmanForm
    done = "It is recorded that the complaint went to the Ombudsman."

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        given = form.cleaned_data
        return ombudsman.refer_to_ombudsman(
            **self.common,
            on=given["on"],
            words=given["words"],
            their_reference=given["their_reference"],
        )


class Determine(ActPage):
    """Record what the Ombudsman decided."""

    act = Act.DETERMINE
    form_class = DetermineForm
    done = "The Ombudsman’s decision is recorded."

    def form_details(self) -> dict[str, Any]:
        """Return who can see to what is ordered, and what an earlier decision ordered."""
        return {
            "keepers": keeper_choices(self.complaint, today=self.today),
            "ordered": ordered_and_open(self.history),
        }

    def about(self) -> list[str]:
        """Return that a decision is recorded, whose place this one takes."""
        decided_on = self.history.state.determined_on
        return [DECIDED.format(day=in_full(decided_on))] if decided_on else []

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        given = form.cleaned_data
        return ombudsman.determine(
            **self.common,
            on=given["on"],
            finding=given["finding"],
            amount=form.ordered,
            words=given["words"],
            issues=form.issues,
            orders=form.orders,
            changed_because=given.get("changed_because", ""),
            no_longer_owed=[int(each) for each in given.get("no_longer_owed", ())],
            their_reference=given["their_reference"],
        )


class OmbudsmanDemand(ActPage):
    """Record what the Ombudsman asks for, orders or recommends."""

    act = Act.OMBUDSMAN_DEMAND
    form_class = DemandForm
    done = "It is recorded, and reminded of ten and five working days before its day."

    def form_details(self) -> dict[str, Any]:
        """Return who can do it."""
        return {"keepers": keeper_choices(self.complaint, today=self.today)}

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        given = form.cleaned_data
        return ombudsman.demand(
            **self.common,
            on=given["on"],
            kind=PromiseKind(given["demand"]),
            demanded=form.demanded,
            amount=in_pounds(given["amount"]),
            their_reference=given["their_reference"],
        )


class DesignatedPerson(ActPage):
    """Record what a designated person was asked for or did."""

    act = Act.DESIGNATED_PERSON
    form_class = DesignatedPersonForm
    done = "The part of the designated person is recorded."

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        given = form.cleaned_data
        return ombudsman.record_designated_person(
            **self.common,
            on=given["on"],
            step=DesignatedStep(given["step"]),
            name=given["name"],
            words=given["words"],
        )
