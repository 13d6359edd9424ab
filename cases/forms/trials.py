"""What a version of a procedure is tried on: complaints of the past, or a day."""

from datetime import date, timedelta
from typing import Any

from cases.forms.asking import limit
from cases.forms.fields import DateField
from cases.forms.layout import FilterForm, Layout, Row, Submit
from cases.rules.calendars import FIRST_DAY, LAST_DAY

A_YEAR = timedelta(days=365)


class TrialForm(FilterForm):
    """Received from when until when; a year up to today where nothing is said."""

    has_form_tag = True

    received_from = DateField(label="Received from", called="the first date")
    received_to = DateField(label="Received to", called="the last date")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, *self.fields, earliest=FIRST_DAY, latest=today)
        self.usual = {"received_from": today - A_YEAR, "received_to": today}
        self.initial = {**self.usual, **self.initial}

    def layout(self) -> Layout:
        """Return the days and the button."""
        return Layout(Row("received_from", "received_to"), Submit("Try it"))

    def clean(self) -> dict[str, Any]:
        """Put the usual days for what was left empty, and refuse an end before the beginning."""
        super().clean()
        for name, day in self.usual.items():
            if name not in self.errors:
                self.cleaned_data[name] = self.cleaned_data.get(name) or day
        if (
            not self.errors
            and self.cleaned_data["received_from"] > self.cleaned_data["received_to"]
        ):
            self.add_error("received_to", "Enter a last date that is not before the first")
        return self.cleaned_data


class DayForm(FilterForm):
    """The day on which a complaint is received."""

    has_form_tag = True

    received_on = DateField(
        label="A complaint received on",
        called="the day it is received",
        error_messages={"required": "Enter the day it is received"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].required = True
        limit(self, "received_on", earliest=FIRST_DAY, latest=LAST_DAY - A_YEAR)

    def layout(self) -> Layout:
        """Return the day and the button."""
        return Layout("received_on", Submit("Work it out"))
