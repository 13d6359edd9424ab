"""What the deadline calculator asks."""

from datetime import datetime, time
from typing import Any

from django import forms

from cases.errors import PeriodUnreadable
from cases.forms.asking import limit
from cases.forms.fields import DateAndTimeField
from cases.forms.layout import FilterForm, Layout, Question, Submit
from cases.rules.bank_holidays import Nation
from cases.rules.calculator import read_period
from cases.rules.calendars import FIRST_DAY, LAST_DAY
from cases.rules.periods import LONDON, Period, Unit

OUR_OWN = "ours"


class CalculatorForm(FilterForm):
    """From when, how long, and with whose days off."""

    has_form_tag = True

    start = DateAndTimeField(
        label="From",
        help_text="This day is day 0. Give the time for a period in hours.",
        called="the day it starts",
    )
    period = forms.CharField(
        label="Period",
        help_text="5 working days, 14 calendar days, 8 weeks, 12 months or 24 hours",
        max_length=60,
        error_messages={"required": "Enter a period, such as 5 working days"},
    )
    roll = forms.BooleanField(
        label="An end on a day nobody works moves to the next working day",
        help_text="For calendar days, weeks and months.",
        required=False,
    )
    calendar = forms.ChoiceField(
        label="Days off",
        choices=[
            (OUR_OWN, "Our own bank holidays and closures"),
            *((each.value, f"Bank holidays of {each.words}") for each in Nation),
        ],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "start", earliest=FIRST_DAY, latest=LAST_DAY)

    def layout(self) -> Layout:
        """Return the questions and the button."""
        return Layout(
            "start", Question("period", width=20), "roll", "calendar", Submit("Work it out")
        )

    def clean(self) -> dict[str, Any]:
        """Read the period, and ask for the time that hours need."""
        super().clean()
        self.read: Period | None = None
        try:
            self.read = read_period(
                self.cleaned_data.get("period", ""), roll=self.cleaned_data["roll"]
            )
        except PeriodUnreadable as unreadable:
            if "period" not in self.errors:
                self.add_error("period", str(unreadable))
        start = self.cleaned_data.get("start")
        if self.read and self.read.unit is Unit.HOURS and start and start.at is None:
            self.add_error("start", "Enter the time too: hours start at an instant")
        return self.cleaned_data

    @property
    def starts(self) -> Any:
        """Return the day, or the instant in London where a time was given."""
        on, at = self.cleaned_data["start"]
        return datetime.combine(on, at, LONDON) if isinstance(at, time) else on
