"""The tree of service areas."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.forms.people import ConfirmForm
from cases.forms.settings import AreaForm
from cases.models import ServiceArea, Thing
from cases.operations.areas import add_area, change_area, retire_area
from cases.rules.pages import Page
from cases.selectors.areas import area_lines, open_complaints_in
from cases.templatetags.parts import Column, Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage

COLUMNS = (Column("Service area"), Column("Who leads it"), Column("People", is_numeric=True))


class Areas(SettingsPage):
    """The tree, with who leads each area."""

    page = Page.PEOPLE
    section = "cases:areas"
    template_name = "cases/settings/areas.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the tree."""
        lines = area_lines()
        return super().get_context_data(
            **kwargs,
            lines=[line for line in lines if not line.area.is_retired],
            retired=[line for line in lines if line.area.is_retired],
            columns=COLUMNS,
        )


class AddArea(ChangePage):
    """Add a service area."""

    page = Page.PEOPLE
    section = "cases:areas"
    form_class = AreaForm
    title = "Add a service area"

    def get_initial(self) -> dict[str, Any]:
        """Begin below the area whose page people come from."""
        return {"parent": self.request.GET.get("below", "")}

    def carry_out(self, form: Any) -> str:
        """Add it."""
        area = add_area(
            name=form.cleaned_data["name"],
            parent_id=form.parent_id,
            by=user_of(self.request),
            now=self.now,
        )
        return f"{area.name} is added."


class AreaPage(ChangePage):
    """A form about one service area."""

    page = Page.PEOPLE
    section = "cases:areas"
    thing = Thing.AREA

    def load(self) -> None:
        """Load the area.

        :raises Http404: if there is none of this code.
        """
        self.area = get_object_or_404(ServiceArea, code=self.kwargs["code"])

    def key(self) -> str:
        """Return the area's code."""
        return self.area.code

    def crumbs(self) -> list[Link]:
        """Return the way from the tree."""
        return [Link(NAMES[self.section], reverse(self.section)), Link(self.area.name)]


class ChangeArea(AreaPage):
    """Rename a service area, or move it."""

    form_class = AreaForm
    template_name = "cases/settings/area.html"

    def heading(self) -> str:
        """Return the area's name."""
        return self.area.name

    def get_initial(self) -> dict[str, Any]:
        """Return it as it is."""
        parent = self.area.parent
        return super().get_initial() | {
            "name": self.area.name,
            "parent": parent.code if parent else "",
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which area it is: it cannot be part of itself."""
        return {**super().get_form_kwargs(), "area": self.area}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add which area it is."""
        return super().get_context_data(**kwargs, area=self.area)

    def carry_out(self, form: Any) -> str:
        """Change it."""
        area = change_area(
            code=self.area.code,
            name=form.cleaned_data["name"],
            parent_id=form.parent_id,
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        return f"{area.name} is saved."


class RetireArea(AreaPage):
    """Take a service area out of use, or bring it back."""

    template_name = "cases/settings/retire_area.html"
    is_retiring = True

    def load(self) -> None:
        """Load an area that is still, or no longer, in use.

        :raises Http404: if it is not there, or stands that way already.
        """
        super().load()
        if self.area.is_retired == self.is_retiring:
            raise Http404

    def heading(self) -> str:
        """Return what would be done."""
        return f"{'Retire' if self.is_retiring else 'Bring back'} {self.area.name}"

    def get_form(self, form_class: Any = None) -> ConfirmForm:
        """Return the button."""
        words = "Retire it" if self.is_retiring else "Bring it back"
        kind = "warning" if self.is_retiring else "primary"
        back = reverse("cases:areas")
        return ConfirmForm(**self.get_form_kwargs(), button=words, kind=kind, back=back)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what hangs on it."""
        return super().get_context_data(
            **kwargs,
            area=self.area,
            is_retiring=self.is_retiring,
            open_complaints=open_complaints_in(self.area, user_of(self.request)),
        )

    def carry_out(self, form: Any) -> str:
        """Do it."""
        retire_area(
            code=self.area.code,
            is_retired=self.is_retiring,
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        return f"{self.area.name} is {'retired' if self.is_retiring else 'in use again'}."
