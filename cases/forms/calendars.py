"""Days off, the nation, and publishing the working days."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from cases.forms.asking import limit, offer
from cases.forms.fields import DateField
from cases.forms.layout import Buttons, CancelLink, Layout, Question, Row, StaffForm, Submit
from cases.rules.bank_holidays import Nation
from cases.rules.calendars import FIRST_DAY, LAST_DAY
from cases.selectors.calendars import Proposals


class BankHolidayForm(StaffForm):
    """A bank holiday that the shipped list does not know."""

    on = DateField(label="Day", called="the day")
    name = forms.CharField(
        label="What it is", help_text="For example: Coronation of the King", max_length=80
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "on", earliest=FIRST_DAY, latest=LAST_DAY)

    def layout(self) -> Layout:
        """Return the day and its name."""
        return Layout("on", "name", Buttons(Submit("Add the bank holiday"), CancelLink("../")))


class ClosureForm(StaffForm):
    """Days on which the landlord is closed."""

    first_day = DateField(label="First day", called="the first day")
    last_day = DateField(
        label="Last day",
        called="the last day",
        help_text="Leave empty for a single day.",
        required=False,
    )
    name = forms.CharField(
        label="Why", help_text="For example: closed between Christmas and New Year", max_length=80
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "first_day", "last_day", earliest=FIRST_DAY, latest=LAST_DAY)

    def layout(self) -> Layout:
        """Return the days and the reason."""
        return Layout(
            Row("first_day", "last_day"),
            "name",
            Buttons(Submit("Add the closure"), CancelLink("../")),
        )


class ProposalsForm(StaffForm):
    """Which of the shipped list's differences to take up."""

    to_add = forms.MultipleChoiceField(
        label="Add", widget=forms.CheckboxSelectMultiple, required=False
    )
    to_remove = forms.MultipleChoiceField(
        label="Remove",
        help_text="Leave what your own nation or government has proclaimed.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    marks_optional = False

    def __init__(self, *args: Any, proposals: Proposals, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, days in (("to_add", proposals.to_add), ("to_remove", proposals.to_remove)):
            if days:
                offer(self, name, _choices(days))
            else:
                del self.fields[name]

    def layout(self) -> Layout:
        """Return what there is to take up."""
        return Layout(*self.fields, Buttons(Submit("Take up what is ticked"), CancelLink("../")))

    def days(self, name: str) -> list[date]:
        """Return the days ticked in one of the questions."""
        return [date.fromisoformat(day) for day in self.cleaned_data.get(name, [])]

    def clean(self) -> dict[str, Any]:
        """Refuse to take up nothing."""
        answers = super().clean()
        if not any(answers.get(name) for name in self.fields):
            self.add_error(next(iter(self.fields)), "Tick at least one day")
        return answers


def _choices(days: Iterable[tuple[date, str]]) -> list[tuple[str, str]]:
    return [(on.isoformat(), f"{on:%A %-d %B %Y}: {name}") for on, name in days]


class NationForm(StaffForm):
    """Whose bank holidays count."""

    nation = forms.ChoiceField(
        label="Nation",
        choices=[(each.value, each.words) for each in Nation],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the nation"},
    )

    def layout(self) -> Layout:
        """Return the nations."""
        return Layout("nation", Buttons(Submit("Take its bank holidays"), CancelLink("../")))


class PublishForm(StaffForm):
    """Until when the bank holidays are known, and the button that publishes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    known_until = DateField(
        label="Bank holidays are known until",
        help_text=(
            "The last day for which the government has published them. Deadlines after it are "
            "called provisional."
        ),
        called="the last day for which they are known",
    )

    def __init__(self, *args: Any, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "known_until", earliest=earliest, latest=LAST_DAY)

    def layout(self) -> Layout:
        """Return the day and the button."""
        return Layout(
            Question("known_until"),
            Buttons(Submit("Publish the working days"), CancelLink("../")),
        )
