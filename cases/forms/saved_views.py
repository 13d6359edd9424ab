"""The name of a saved view, and with whom it is shared."""

from typing import Any

from django import forms

from cases.forms.layout import Buttons, CancelLink, Layout, StaffForm, Submit
from cases.models import SavedView, User
from cases.models.saved_views import LONGEST_QUERY
from cases.selectors.saved_views import areas_to_share_with


class SavedViewForm(StaffForm):
    """A view of the list of complaints: a new one, or a changed one with a button to delete it."""

    name = forms.CharField(label="Name", max_length=60)
    area: Any = forms.ModelChoiceField(
        label="Who finds it",
        queryset=None,
        required=False,
        empty_label="Only me",
        help_text="Everybody sees in it only the complaints that they may see.",
    )
    filters = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_QUERY)
    view = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: User, view: SavedView | None, back: str, filters: str, **kwargs: Any
    ) -> None:
        kwargs["initial"] = (
            {"name": view.name, "area": view.area_id, "filters": view.query, "view": view.pk}
            if view
            else {"filters": filters}
        )
        super().__init__(*args, **kwargs)
        self.back = back
        self.is_new = view is None
        areas = areas_to_share_with(user)
        self.field("area").queryset = areas
        if not areas.exists():
            del self.fields["area"]

    def layout(self) -> Layout:
        """Return the name, who finds it, and the buttons."""
        shared = ["area"] if "area" in self.fields else []
        delete = Submit("Delete", kind="warning", name="do", value="delete")
        save = Submit("Save this view" if self.is_new else "Save")
        return Layout(
            "name",
            *shared,
            Buttons(save, *([] if self.is_new else [delete]), CancelLink(self.back)),
        )
