"""The categories of complaints."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.forms.settings import CategoryForm
from cases.models import Category, Thing
from cases.operations.categories import (
    add_category,
    move_category,
    rename_category,
    retire_category,
)
from cases.templatetags.parts import Column, Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage, SmallAct

COLUMNS = (
    Column("Category"),
    Column("Change the order", is_hidden=True),
    Column("Acts", is_hidden=True),
)


class Categories(SettingsPage):
    """What complaints are about, in the order in which people choose."""

    section = "cases:categories"
    template_name = "cases/settings/categories.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the categories."""
        every = list(Category.objects.order_by("position", "pk"))
        return super().get_context_data(
            **kwargs,
            in_use=[each for each in every if not each.is_retired],
            retired=[each for each in every if each.is_retired],
            columns=COLUMNS if self.may_change else COLUMNS[:1],
        )


class AddCategory(ChangePage):
    """Add a category."""

    section = "cases:categories"
    form_class = CategoryForm
    title = "Add a category"

    def carry_out(self, form: Any) -> str:
        """Add it at the end."""
        category = add_category(
            name=form.cleaned_data["name"], by=user_of(self.request), now=self.now
        )
        return f"“{category.name}” is added at the end of the list."


class RenameCategory(ChangePage):
    """Rename a category."""

    section = "cases:categories"
    form_class = CategoryForm
    thing = Thing.CATEGORY
    intro = "Complaints in this category have the new name too."

    def load(self) -> None:
        """Load the category.

        :raises Http404: if there is none of this code.
        """
        self.category = get_object_or_404(Category, code=self.kwargs["code"])

    def key(self) -> str:
        """Return the category's code."""
        return self.category.code

    def heading(self) -> str:
        """Return the name it has."""
        return f"Rename “{self.category.name}”"

    def crumbs(self) -> list[Link]:
        """Return the way from the list."""
        return [Link(NAMES[self.section], reverse(self.section)), Link(self.category.name)]

    def get_initial(self) -> dict[str, Any]:
        """Return the name it has."""
        return super().get_initial() | {"name": self.category.name}

    def carry_out(self, form: Any) -> str:
        """Rename it."""
        category = rename_category(
            code=self.category.code,
            name=form.cleaned_data["name"],
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        return f"The category is called “{category.name}” now."


class CategoryAct(SmallAct):
    """An act behind a button of the list."""

    def back_url(self) -> str:
        """Return the list."""
        return reverse("cases:categories")

    @property
    def code(self) -> str:
        """Return the code of the category.

        :raises Http404: if there is no such category.
        """
        return get_object_or_404(Category, code=self.kwargs["code"]).code


class MoveCategory(CategoryAct):
    """Move a category one place up or down."""

    def carry_out(self) -> str:
        """Move it."""
        is_up = self.request.POST.get("to") == "up"
        category = move_category(
            code=self.code, is_up=is_up, by=user_of(self.request), now=self.now
        )
        return f"“{category.name}” is moved {'up' if is_up else 'down'}."


class RetireCategory(CategoryAct):
    """Take a category out of use, or bring it back."""

    def carry_out(self) -> str:
        """Do it."""
        is_retired = self.request.POST.get("to") == "retire"
        category = retire_category(
            code=self.code, is_retired=is_retired, by=user_of(self.request), now=self.now
        )
        state = "retired: nobody can choose it any more" if is_retired else "in use again"
        return f"“{category.name}” is {state}."
