"""Declaring whom one knows."""

from typing import Any

from django import forms

from cases.forms.layout import Buttons, CancelLink, Layout, Row, StaffForm, Submit


class InterestForm(StaffForm):
    """Who it is to the declarer, and how a complaint of theirs can be told."""

    relation = forms.CharField(
        label="Who it is to you",
        help_text="For example: my brother, a friend, myself.",
        max_length=120,
    )
    name = forms.CharField(label="Name", max_length=200, required=False)
    postcode = forms.CharField(label="Postcode", max_length=12, required=False)

    def layout(self) -> Layout:
        """Return the questions."""
        return Layout(
            "relation",
            Row("name", "postcode"),
            Buttons(Submit("Declare it"), CancelLink("../")),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the name or the postcode."""
        given = super().clean()
        if not given.get("name") and not given.get("postcode"):
            self.add_error("name", "Enter a name or a postcode")
        return given
