"""The deadline calculator, as on the command line."""

from datetime import datetime
from typing import Any

from django.views.generic.base import TemplateView

from cases.errors import ComplaintError
from cases.forms.calculator import OUR_OWN, CalculatorForm
from cases.models import Editions
from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.calculator import Sum, add_up, explain_sum
from cases.rules.calendars import WorkingCalendar
from cases.rules.pages import Page
from cases.selectors.running import current_edition
from cases.views.access import StaffPage

# A longer explanation tells nobody anything: a year and a half, day by day.
MOST_LINES = 550


class Calculator(StaffPage, TemplateView):
    """When a period ends, and how it was counted. Asked by address, so that it can be sent on."""

    page = Page.CALCULATOR
    template_name = "cases/operations/calculator.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the answer to what was asked."""
        form = CalculatorForm(self.request.GET or None, initial={"calendar": OUR_OWN})
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            try:
                calendar = self._calendar(form.cleaned_data["calendar"] or OUR_OWN)
                told = add_up(form.starts, form.read, calendar)  # type: ignore[arg-type]  # read
                context |= {"told": told, "due_words": due_words(told)}
                context["lines"] = explained(told, calendar)
            except ComplaintError as refused:
                form.add_error(None, str(refused))
        return super().get_context_data(**kwargs, **context)

    def _calendar(self, choice: str) -> WorkingCalendar:
        if choice == OUR_OWN:
            return Editions()[current_edition().pk]
        return national_calendar(Nation(choice))


def due_words(told: Sum) -> str:
    """Return the due day with its weekday, and of hours the time in London."""
    if isinstance(told.due, datetime):
        return f"{told.due:%A %-d %B %Y, %H:%M %Z}"
    return f"{told.due:%A %-d %B %Y}"


def explained(told: Sum, calendar: WorkingCalendar) -> list[str]:
    """Return how it was counted, a line each, or nothing where it would fill a book."""
    if told.period.count > MOST_LINES:
        return []
    lines = explain_sum(told, calendar)
    return lines if len(lines) <= MOST_LINES else []
