"""Complaints that belong together: linked, parted, divided."""

from functools import cached_property
from typing import Any

from django.http import HttpResponse

from cases.forms.acts.links import DivideForm, LinkForm, UnlinkForm
from cases.models import Complaint
from cases.operations import links
from cases.rules.acts import Act
from cases.selectors.case_history import history_of
from cases.selectors.case_links import Linked, linked_with
from cases.views.acts.page import ActPage


class Link(ActPage):
    """Say how it belongs to another complaint."""

    act = Act.LINK
    form_class = LinkForm
    done = "The two complaints are linked."

    def about(self) -> list[str]:
        """Return who will see it."""
        return ["Both pages show it. Whoever may not open one of the two is not told which it is."]

    def perform(self, form: Any) -> Complaint:
        """Link them."""
        given = form.cleaned_data
        return links.link(
            **self.common,
            kind=form.link_kind,
            other_reference=given["other"],
            reason=given["reason"],
        )


class Unlink(ActPage):
    """Part it from a complaint to which it does not belong."""

    act = Act.UNLINK
    form_class = UnlinkForm
    done = "The two complaints are no longer linked."

    @cached_property
    def linked(self) -> Linked:
        """Return what it is linked with."""
        return linked_with(self.complaint, user=self.user)

    @property
    def why_not(self) -> str:
        """Return why nothing can be parted, or nothing."""
        if refusal := super().why_not:
            return refusal
        return "" if self.linked.to_part else "It is linked with no complaint that is open to you."

    def form_details(self) -> dict[str, Any]:
        """Return what it is linked with."""
        return {"linked": self.linked}

    def perform(self, form: Any) -> Complaint:
        """Part them."""
        given = form.cleaned_data
        return links.unlink(**self.common, other=int(given["other"]), reason=given["reason"])


class Divide(ActPage):
    """Make a complaint of its own of some of its points."""

    act = Act.DIVIDE
    form_class = DivideForm
    done = "The complaint is divided."

    def about(self) -> list[str]:
        """Return what becomes of both."""
        return [
            "The points you choose go to a new complaint of the same customer, with the same "
            "team, officer and readers. It is acknowledged and answered by itself; its "
            "acknowledgement tells the customer. The two stay linked.",
        ]

    def perform(self, form: Any) -> Complaint:
        """Divide it."""
        whole, self.part = links.divide(**self.common, division=form.division)
        return whole

    def performed(self, complaint: Complaint) -> HttpResponse:
        """Say which reference the new one has, and go back to the first."""
        return self.finish(
            history_of(complaint), f"{self.done} The new one is {self.part.reference}."
        )
