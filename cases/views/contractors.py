"""The contractors whose work complaints can be about."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.forms.settings import ContractorForm
from cases.models import Contractor, Thing
from cases.operations.contractors import add_contractor, rename_contractor, retire_contractor
from cases.templatetags.parts import Column, Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage, SmallAct

COLUMNS = (Column("Contractor"), Column("Acts", is_hidden=True))


class Contractors(SettingsPage):
    """Who works for the landlord."""

    section = "cases:contractors"
    template_name = "cases/settings/contractors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add them."""
        every = list(Contractor.objects.order_by("name", "pk"))
        return super().get_context_data(
            **kwargs,
            in_use=[each for each in every if not each.is_retired],
            retired=[each for each in every if each.is_retired],
            columns=COLUMNS if self.may_change else COLUMNS[:1],
        )


class AddContractor(ChangePage):
    """Add a contractor."""

    section = "cases:contractors"
    form_class = ContractorForm
    title = "Add a contractor"

    def carry_out(self, form: Any) -> str:
        """Add them."""
        row = add_contractor(name=form.cleaned_data["name"], by=user_of(self.request), now=self.now)
        return f"“{row.name}” is added."


class RenameContractor(ChangePage):
    """Rename a contractor."""

    section = "cases:contractors"
    form_class = ContractorForm
    thing = Thing.CONTRACTOR
    intro = "Complaints about their work have the new name too."

    def load(self) -> None:
        """Load the contractor.

        :raises Http404: if there is none of this code.
        """
        self.row = get_object_or_404(Contractor, code=self.kwargs["code"])

    def key(self) -> str:
        """Return the contractor's code."""
        return self.row.code

    def heading(self) -> str:
        """Return the name they have."""
        return f"Rename “{self.row.name}”"

    def crumbs(self) -> list[Link]:
        """Return the way from the list."""
        return [Link(NAMES[self.section], reverse(self.section)), Link(self.row.name)]

    def get_initial(self) -> dict[str, Any]:
        """Return the name they have."""
        return super().get_initial() | {"name": self.row.name}

    def carry_out(self, form: Any) -> str:
        """Rename them."""
        row = rename_contractor(
            code=self.row.code,
            name=form.cleaned_data["name"],
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        return f"The contractor is called “{row.name}” now."


class RetireContractor(SmallAct):
    """Take a contractor out of use, or bring them back."""

    def back_url(self) -> str:
        """Return the list."""
        return reverse("cases:contractors")

    def carry_out(self) -> str:
        """Do it.

        :raises Http404: if there is none of this code.
        """
        is_retired = self.request.POST.get("to") == "retire"
        row = retire_contractor(
            code=get_object_or_404(Contractor, code=self.kwargs["code"]).code,
            is_retired=is_retired,
            by=user_of(self.request),
            now=self.now,
        )
        state = "retired: nobody can choose them any more" if is_retired else "in use again"
        return f"“{row.name}” is {state}."
