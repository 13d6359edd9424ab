"""What narrows the list of requests, and what is done with one of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from cases.forms.acts.common import radios, words_field
from cases.forms.asking import offer
from cases.forms.fields import DateField
from cases.forms.layout import (
    Buttons,
    CancelLink,
    Div,
    FilterForm,
    Layout,
    Question,
    StaffForm,
    Submit,
)
from cases.forms.log import LEVEL_HINTS, LEVELS
from cases.forms.log_customer import Piece
from cases.forms.why_late import WHY_LATE, LoggingForm
from cases.models import Level, RequestKind
from cases.operations.service_requests import Dissatisfied
from cases.selectors.log_page import Choice, staff_named
from cases.selectors.requests_page import RequestFilters, RequestView

COMPLAIN, KEEP = "complain", "keep"


class RequestFilter(FilterForm):
    """What narrows the list."""

    q = forms.CharField(label="Reference, name, address or words", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any"), *RequestKind.choices])
    area = forms.ChoiceField(label="Service area")
    mine = forms.BooleanField(label="Only those I logged")
    received_from = DateField(label="Received from", called="the first date")
    received_to = DateField(label="Received to", called="the last date")

    def __init__(self, *args: Any, areas: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area", [("", "Any"), *areas])

    def filters(self, *, view: RequestView, sort: str) -> RequestFilters:
        """Return what was asked for, leaving out what could not be understood."""
        given = getattr(self, "cleaned_data", {})
        area = given.get("area")
        return RequestFilters(
            view=view,
            q=given.get("q", "").strip(),
            kind=given.get("kind", ""),
            area=int(area) if area else None,
            mine=bool(given.get("mine")),
            received_from=given.get("received_from"),
            received_to=given.get("received_to"),
            sort=sort,
        )


class RequestForm(StaffForm):
    """Something done with a request that came on a day."""

    form_attrs: ClassVar[Mapping[str, str]] = {"data-guard-unsaved": ""}

    def __init__(self, *args: Any, since: date, today: date, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel
        for field in self.fields.values():
            if isinstance(field, DateField):
                field.earliest, field.latest, field.initial = since, today, today


class DoneForm(RequestForm):
    """That it is done, when, and how."""

    on = DateField(label="Day it was done", called="the day it was done")
    words = words_field("What was done", error_messages={"required": "Write down what was done"})

    def layout(self) -> Layout:
        """Return the day, the words and the buttons."""
        return Layout(
            "on",
            Question("words", rows=4, attrs={"data-keep-draft": "request-done"}),
            Buttons(Submit("Record it as done"), CancelLink(self.cancel)),
        )


class DissatisfiedForm(LoggingForm, RequestForm):
    """What the customer says who is not satisfied, and whether it is a complaint."""

    form_attrs: ClassVar[Mapping[str, str]] = {
        "class": "house-log",
        "data-guard-unsaved": "",
        "data-recheck": "received_day received_month received_year wants level staff",
    }
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {
        "wants": {COMPLAIN: ["desired_outcome", "level", "staff"]},
        "level": {Level.RESTRICTED.value: ["staff"]},
    }

    received = DateField(label="Day they said so", called="the day they said so")
    words = words_field(
        "What they say, in their words",
        error_messages={"required": "Write down what the customer says"},
    )
    wants = radios(
        "Tell them that it can be a complaint. Do they want that?",
        [
            (COMPLAIN, "Yes: log a complaint"),
            (KEEP, "No: it stays a request, and what they said is kept with it"),
        ],
        error_messages={"required": "Select whether they want to complain"},
    )
    desired_outcome = words_field("What would put it right", required=False)
    level = radios("Who may see the complaint", LEVELS.items(), initial=Level.NORMAL.value)
    staff = forms.CharField(
        label="Their name, if known",
        help_text="Any part of it is enough. It is closed to everybody it may mean.",
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, is_logged_late: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_why_late(is_logged=is_logged_late)

    def layout(self) -> Layout:
        """Return what they say and want, what follows, and the buttons."""
        return Layout(
            Div(
                "received",
                Piece("cases/_log_late.html", *WHY_LATE),
                Question("words", rows=5, attrs={"data-keep-draft": "request-dissatisfied"}),
                Question(
                    "wants",
                    reveals={
                        COMPLAIN: [
                            Question("desired_outcome", rows=2),
                            Question("level", hints=LEVEL_HINTS),
                        ]
                    },
                ),
                css_class="house-log__asked",
            ),
            Piece("cases/_log_deadlines.html"),
            Buttons(
                Submit("Record it"),
                Submit("Show the deadlines", kind="secondary", name="check", value="yes"),
                CancelLink(self.cancel),
            ),
        )

    @property
    def dissatisfied(self) -> Dissatisfied:
        """Return what makes it a complaint. One query where it is about staff."""
        given = self.cleaned_data
        return Dissatisfied(
            received_on=given["received"],
            words=given["words"],
            desired_outcome=given["desired_outcome"],
            level=Level(given["level"]),
            about_staff=list(staff_named(given["staff"])),
            about_staff_unnamed=given["level"] == Level.RESTRICTED.value,
        )
