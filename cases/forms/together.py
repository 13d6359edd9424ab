"""The same done with several complaints: a note added, or another service area named."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.common import words_field
from cases.forms.asking import offer
from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from cases.models import ServiceArea
from cases.selectors.areas import area_choices

NOTE, MOVE = "note", "move"


class TogetherForm(StaffForm):
    """What is done with the complaints.

    The page has the form tag, because it keeps the complaints. `checked` is with how many it will
    be done, once it was looked at what will happen.
    """

    has_form_tag = False
    marks_optional = False

    what = forms.ChoiceField(
        label="What do you want to do with them?",
        widget=forms.RadioSelect,
        choices=[(NOTE, "Add the same note to each"), (MOVE, "Move them to a service area")],
    )
    words = words_field(
        "Note",
        required=False,
        help_text="For staff only, in the record of each. The customers may ask for a copy.",
    )
    area = forms.ChoiceField(label="Service area", required=False)

    def __init__(self, *args: Any, areas: Sequence[ServiceArea], back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {each.code: each for each in areas}
        self.back = back
        self.checked = 0
        offer(self, "area", [("", "Choose a service area"), *area_choices(areas)])

    def layout(self) -> Layout:
        """Return what is done, then the buttons: to check, and once checked to do it."""
        check = Submit("Check", name="step", value="check")
        buttons: list[Submit] = [check]
        if self.checked:
            again = Submit("Check again", kind="secondary", name="step", value="check")
            buttons = [Submit(self._told(), name="step", value="do"), again]
        return Layout(
            Question("what", reveals={NOTE: [Question("words", rows=5)], MOVE: ["area"]}),
            Buttons(*buttons, CancelLink(self.back)),
        )

    def _told(self) -> str:
        number = f"{self.checked} complaint{'' if self.checked == 1 else 's'}"
        return f"Move {number}" if self.data.get("what") == MOVE else f"Add the note to {number}"

    def clean(self) -> dict[str, Any]:
        """Ask for the note, or for the area."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("what") == NOTE and not str(given.get("words", "")).strip():
            self.add_error("words", "Write the note first")
        if given.get("what") == MOVE and not given.get("area"):
            self.add_error("area", "Choose a service area")
        return given

    @property
    def to_area(self) -> ServiceArea | None:
        """Return where they go, once the answers were checked; nothing where it is a note."""
        given = self.cleaned_data
        return self.areas[given["area"]] if given["what"] == MOVE else None
