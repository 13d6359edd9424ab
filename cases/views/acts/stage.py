"""Acts within a stage."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cases.forms.acts.points import DefinePointsForm
from cases.forms.acts.stage import (
    AcknowledgeForm,
    ContactForm,
    DeliverForm,
    ManagerContactForm,
    PassOnForm,
    ReceiveByTeamForm,
    ResolveForm,
)
from cases.models import Complaint
from cases.operations import escalate, points, stage_acts
from cases.rules.acts import Act
from cases.rules.letter_facts import LetterKind
from cases.rules.points import new_matters_refused
from cases.selectors.candidates import candidates, may_deal_with
from cases.selectors.promises import keeper_choices
from cases.templatetags.parts import Link
from cases.views.acts.page import ActPage


class ReceiveByTeam(ActPage):
    """The day the team got it."""

    act = Act.RECEIVE_BY_TEAM
    form_class = ReceiveByTeamForm
    done = "The day is recorded."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Record the day."""
        return stage_acts.receive_by_team(**self.common, on=form.cleaned_data["on"])


class Acknowledge(ActPage):
    """Acknowledge the stage."""

    act = Act.ACKNOWLEDGE
    form_class = AcknowledgeForm
    letter_kind = LetterKind.ACKNOWLEDGEMENT
    done = "The acknowledgement is recorded."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Record it, and make the letter."""
        return stage_acts.acknowledge(
            **self.common,
            on=form.cleaned_data["on"],
            telling=form.telling,
            definition=form.definition,
        )


class DefinePoints(ActPage):
    """Set out the points of the complaint."""

    act = Act.DEFINE_POINTS
    form_class = DefinePointsForm
    done = "The points are set out."

    def links(self) -> Sequence[Link]:
        """Return where a new matter is logged that cannot join this complaint."""
        if not self.history.state.points or not new_matters_refused(self.history.stage):
            return ()
        asked = {"customer": self.complaint.customer.code, "linked_to": self.complaint.reference}
        address = f"{reverse('cases:log')}?{urlencode(asked)}"
        return [Link("Log a new matter as a complaint of its own", address)]

    def perform(self, form: Any) -> Complaint:
        """Set out the points."""
        return points.define_points(
            **self.common, on=form.cleaned_data["on"], definition=form.definition
        )


class Contact(ActPage):
    """Record a contact with the customer."""

    act = Act.CONTACT
    form_class = ContactForm
    done = "The contact is recorded."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Record the contact, or the attempt."""
        given = form.cleaned_data
        return stage_acts.contact(
            **self.common,
            on=given["on"],
            channel=given["channel"],
            reached=given["reached"] == "yes",
            words=given["words"],
        )


class ManagerContact(ActPage):
    """Record that the manager talked with the customer."""

    act = Act.MANAGER_CONTACT
    form_class = ManagerContactForm
    done = "The contact is recorded."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Record the contact."""
        given = form.cleaned_data
        return stage_acts.contact_as_manager(
            **self.common,
            on=given["on"],
            channel=given["channel"],
            words=given["words"],
        )


class Resolve(ActPage):
    """Record how it was put right without a formal answer."""

    act = Act.RESOLVE
    form_class = ResolveForm
    letter_kind = LetterKind.RESOLUTION
    done = "The resolution is recorded."
    is_foreseen = True

    def form_details(self) -> dict[str, Any]:
        """Return who can keep what it promises."""
        return {"keepers": keeper_choices(self.complaint, today=self.today)}

    def perform(self, form: Any) -> Complaint:
        """Record it, and close the complaint if asked."""
        given = form.cleaned_data
        return stage_acts.resolve(
            **self.common,
            on=given["on"],
            words=given["resolution"],
            apologised=given["apologised"],
            close=given["close"],
            telling=form.telling,
            offer=form.offer,
            promises=form.promises,
        )


class PassOn(ActPage):
    """Pass it on to the next stage."""

    act = Act.PASS_ON
    form_class = PassOnForm
    done = "The complaint is passed on."
    is_foreseen = True

    @property
    def to(self) -> str:
        """Return the stage it goes to; the present one where the landlord passes nothing on."""
        ours = (route.to for route in self.history.stage.routes if not route.by_customer)
        return next(ours, self.history.stage.code)

    def foreseen_stage(self) -> str:
        """Return the stage it goes to."""
        return self.to

    def about(self) -> list[str]:
        """Return where it goes."""
        if self.why_not:
            return []
        stage = self.history.terms.stage(self.to)
        return [f"It goes to {stage.name}, decided by {stage.decided_by_words}."]

    def form_details(self) -> dict[str, Any]:
        """Return who may take it on."""
        return {"people": people_for(self, self.to)}

    def perform(self, form: Any) -> Complaint:
        """Pass it on."""
        given = form.cleaned_data
        officer = int(given["officer"]) if given["officer"] else None
        return escalate.pass_on(
            **self.common, on=given["on"], words=given["words"], officer_id=officer
        )


class Deliver(ActPage):
    """Record when the customer had the letter."""

    act = Act.DELIVER
    form_class = DeliverForm
    done = "The day is recorded."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Record the day."""
        return stage_acts.record_delivery(**self.common, on=form.cleaned_data["on"])


def people_for(page: ActPage, stage: str) -> Any:
    """Return who may be given the complaint in a stage."""
    roles = may_deal_with(page.history.terms.stage(stage))
    return candidates(page.history, user=page.user, today=page.today, stage=stage, roles=roles)
