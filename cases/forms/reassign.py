"""Giving several complaints to one officer."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.asking import offer
from cases.forms.fields import ChoiceWithRefusals
from cases.forms.layout import Buttons, CancelLink, Layout, StaffForm, Submit
from cases.models import ServiceArea
from cases.selectors.areas import area_choices
from cases.selectors.candidates import WHAT_IS_COUNTED
from cases.selectors.reassigning import Taker

STAYS = ("", "Each stays where it is")


class ReassignForm(StaffForm):
    """The officer who takes several complaints, and the service area if it changes.

    The page has the form tag, because it keeps the complaints. `checked` is how many will be
    reassigned, once it was looked at what will happen.
    """

    has_form_tag = False
    marks_optional = False

    officer = ChoiceWithRefusals(label="Who takes them?", help_text=WHAT_IS_COUNTED)
    area = forms.ChoiceField(label="Service area", required=False)

    def __init__(
        self,
        *args: Any,
        people: Sequence[Taker],
        areas: Sequence[ServiceArea],
        of: int,
        back: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {each.code: each for each in areas}
        self.people = {str(each.candidate.key): each for each in people}
        self.back = back
        self.checked = 0
        offer(self, "officer", [(key, words_for(each, of=of)) for key, each in self.people.items()])
        officer: Any = self.fields["officer"]
        shut = {key: each.candidate.refusal for key, each in self.people.items()}
        officer.refuse({key: reason for key, reason in shut.items() if reason})
        offer(self, "area", [STAYS, *area_choices(areas)])

    def layout(self) -> Layout:
        """Return who and where, then the buttons: to check, and once checked to do it."""
        check = Submit("Check", name="step", value="check")
        buttons: list[Submit] = [check]
        if self.checked:
            again = Submit("Check again", kind="secondary", name="step", value="check")
            buttons = [Submit(told(self.checked), name="step", value="reassign"), again]
        return Layout("officer", "area", Buttons(*buttons, CancelLink(self.back)))

    @property
    def taker(self) -> Taker:
        """Return who was chosen, once the answers were checked."""
        return self.people[self.cleaned_data["officer"]]

    @property
    def area_id(self) -> int | None:
        """Return the service area chosen; nothing where each stays where it is."""
        chosen = self.areas.get(self.cleaned_data["area"])
        return chosen.pk if chosen else None


def told(count: int) -> str:
    """Return the words of the button that reassigns."""
    return f"Reassign {count} complaint{'' if count == 1 else 's'}"


def words_for(taker: Taker, *, of: int) -> str:
    """Return who somebody is, and how many of the complaints they may take if not all."""
    may = of - len(taker.refusals)
    short = f"; may take {may} of {of}" if 0 < may < of else ""
    return f"{taker.candidate.words}{short}"
