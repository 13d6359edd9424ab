"""What narrows the list of complaints, and taking the list away."""

from copy import deepcopy
from dataclasses import replace
from functools import lru_cache
from typing import Any, ClassVar, Self, cast

from django import forms
from django.http import QueryDict

from cases.forms.days import DaysField
from cases.forms.fields import DateField
from cases.forms.layout import FilterForm, StaffForm
from cases.models import Level
from cases.rules.customers import Channel, Register
from cases.rules.events import Outcome
from cases.rules.state import Status
from cases.selectors.my_work import View
from cases.selectors.queue import (
    NOBODY,
    UNFOUND,
    UNFOUND_WORDS,
    Choices,
    Filters,
    Needs,
    Openness,
)

ANY = ("", "Any")
STAGES = [
    ("initial", "Initial contact"),
    ("stage-1", "Stage 1"),
    ("stage-2", "Stage 2"),
    ("stage-3", "Stage 3"),
]
OPEN_STATUSES = [(each.value, each.words) for each in Status if each is not Status.CLOSED]


def _named(enum: Any) -> list[tuple[str, str]]:
    return [ANY, *((each.value, each.words) for each in enum)]


_FOUND = [*_named(Outcome), (UNFOUND, UNFOUND_WORDS)]


class QueueFilter(FilterForm):
    """What narrows the list of complaints."""

    more: ClassVar[tuple[str, ...]] = (
        "channel",
        "register",
        "level",
        "needs",
        "outcome",
        "finding",
        "received_from",
        "received_to",
    )

    q = forms.CharField(label="Reference, name, address or words", max_length=200)
    state = forms.ChoiceField(
        label="Open or closed",
        choices=[
            ("", "As the view has it"),
            ("open", "Open"),
            ("closed", "Closed"),
            ("all", "Both"),
        ],
    )
    mine = forms.BooleanField(label="Only my work")
    status = forms.MultipleChoiceField(label="Status", choices=OPEN_STATUSES)
    stage = forms.MultipleChoiceField(label="Stage", choices=STAGES)
    officer = forms.ChoiceField(label="Responsible officer")
    area = forms.ChoiceField(label="Service area")
    category = forms.ChoiceField(label="About")
    due_before = DateField(label="Due before", called="the date")
    channel = forms.ChoiceField(label="Came by", choices=_named(Channel))
    register = forms.ChoiceField(label="Register", choices=_named(Register))
    level = forms.ChoiceField(label="Level", choices=_named(Level))
    needs = forms.ChoiceField(label="Needs", choices=_named(Needs))
    outcome = forms.ChoiceField(label="Outcome", choices=_FOUND)
    finding = forms.ChoiceField(label="A point was found", choices=_FOUND)
    received_from = DateField(label="Received from", called="the first date")
    received_to = DateField(label="Received to", called="the last date")
    # From the links of the dashboard; told as a filter in use, not asked.
    days = DaysField(label="Days")

    def __init__(self, data: QueryDict | None = None, *, choices: Choices) -> None:
        # Somebody who has left or changed their work is not offered, but an address may name them.
        asked = data.get("officer") if data else None
        named = tuple(each for each in choices.others if each[0] == asked)
        self.base_fields = _fields(  # type: ignore[misc]  # this form alone reads it
            replace(choices, others=named)
        )
        super().__init__(data)
        self.offered = choices

    def filters(self, *, view: View, sort: str) -> Filters:
        """Return what was asked for, leaving out what could not be understood."""
        given = getattr(self, "cleaned_data", {})
        state = given.get("state", "")
        return Filters(
            q=given.get("q", "").strip(),
            view=view,
            mine=bool(given.get("mine")),
            openness=state if state in set(Openness) else "",
            statuses=tuple(given.get("status", ())),
            stages=tuple(given.get("stage", ())),
            officer=given.get("officer", ""),
            area=_key(given.get("area")),
            category=_key(given.get("category")),
            channel=given.get("channel", ""),
            register=given.get("register", ""),
            level=given.get("level", ""),
            needs=given.get("needs", ""),
            outcome=given.get("outcome", ""),
            finding=given.get("finding", ""),
            due_before=given.get("due_before"),
            received_from=given.get("received_from"),
            received_to=given.get("received_to"),
            days=given.get("days"),
            sort=sort,
        )


def _key(text: str | None) -> int | None:
    return int(text) if text else None


class _Shared(dict[str, forms.Field]):
    """Fields of which forms take no copies, as no form changes them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself."""
        return self


@lru_cache(maxsize=8)
def _fields(choices: Choices) -> _Shared:
    """Return what is asked with all that is offered: made once, as it takes a tenth of the page."""
    fields = _Shared(deepcopy(QueueFilter.base_fields))
    people = (*choices.officers, *choices.others)
    offered = {
        "officer": [("", "Anybody"), (NOBODY, "Nobody yet"), *people],
        "area": [ANY, *choices.areas],
        "category": [ANY, *choices.categories],
    }
    for name, each in offered.items():
        cast(forms.ChoiceField, fields[name]).choices = each
    return fields


class ExportForm(StaffForm):
    """Taking the list away, for which a reason is kept."""

    submit_text = "Download"

    reason = forms.CharField(
        label="Why do you need it?",
        help_text="The reason is kept with your name, the day and the filters.",
        max_length=300,
        error_messages={"required": "Say why you need the list"},
    )
