"""What narrows a board: whose complaints, and of which days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from cases.forms.fields import DateField
from cases.forms.layout import FilterForm, Folded, Layout, Submit
from reporting.rules.board_times import (
    MOST_DAYS,
    Choice,
    Compared,
    between,
    compared,
    of_quarter,
    quarters_ended,
)

MINE, LANDLORD = "mine", "landlord"


class BoardFilter(FilterForm):
    """Whose complaints and which days; a choice that cannot be understood is the first of them.

    `whose` are the choices for whom, by their value. `by_quarter` offers quarters that have ended
    and no other days, for figures without small numbers.
    """

    has_form_tag = True
    form_attrs = {"class": "house-scope"}

    area = forms.ChoiceField(label="Of")
    period = forms.ChoiceField(label="Period")
    first = DateField(label="From", called="the first day")
    last = DateField(label="To", called="the last day")

    def __init__(
        self,
        *args: Any,
        whose: Sequence[tuple[str, str]],
        today: date,
        by_quarter: bool = False,
        has_days: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        by_quarter = by_quarter or self._is_of_landlord(dict(whose))
        self.today, self.by_quarter, self.whose = today, by_quarter, dict(whose)
        self.field("area").choices = list(whose)
        self._quarters = {
            each.first.isoformat(): each for each in (quarters_ended(today) if by_quarter else ())
        }
        self.field("period").choices = (
            [(code, each.words) for code, each in self._quarters.items()]
            if by_quarter
            else [(each.value, each.words) for each in Choice]
        )
        if self._is_of_other_choice(dict(whose)):
            self.data = {name: self.data[name] for name in self.data if name != "period"}
        if by_quarter or not has_days:
            del self.fields["first"], self.fields["last"]
        if not has_days:
            del self.fields["period"]
        if len(whose) < 2:
            del self.fields["area"]

    def _is_of_landlord(self, whose: Mapping[str, str]) -> bool:
        return LANDLORD in whose and self.data.get("area") == LANDLORD

    def _is_of_other_choice(self, whose: Mapping[str, str]) -> bool:
        """Say whether the period is of the other choice: one has quarters, the other days."""
        offered = {code for code, _ in self.field("period").choices}
        return LANDLORD in whose and self.data.get("period", "") not in offered | {""}

    def layout(self) -> Layout:
        """Return the choices beside each other; the days under a line that opens them."""
        asked: list[Any] = [name for name in ("area", "period") if name in self.fields]
        if "first" in self.fields:
            is_open = self.data.get("period") == Choice.FROM_TO
            asked.append(Folded("From one day to another", "first", "last", is_open=is_open))
        return Layout(*asked, Submit("Show", kind="secondary"))

    def clean(self) -> dict[str, Any]:
        """Check the days, where they are what was chosen."""
        given = super().clean()
        if given.get("period") != Choice.FROM_TO or self.errors:
            return given
        first, last = given.get("first"), given.get("last")
        if first is None:
            self.add_error("first", "Enter the first day")
        elif first > self.today:
            self.add_error("first", "The first day must be today or before")
        if last is None:
            self.add_error("last", "Enter the last day")
        elif first is not None and last < first:
            self.add_error("last", "The last day must not come before the first")
        elif first is not None and (last - first).days >= MOST_DAYS:
            self.add_error("last", f"Choose at most {MOST_DAYS} days")
        return given

    def _chosen(self, name: str) -> str:
        is_given = self.is_bound and self.is_valid()
        return str(self.cleaned_data.get(name) or "") if is_given else ""

    @property
    def chosen_area(self) -> str:
        """Return whose complaints were chosen: an area's key, MINE, or nothing for the first."""
        return self._chosen("area")

    @property
    def days(self) -> Compared:
        """Return the days that were chosen, and those before them."""
        code = self._chosen("period")
        if self.by_quarter:
            return of_quarter(self._quarters.get(code) or next(iter(self._quarters.values())))
        choice = Choice(code) if code else Choice.THIS_QUARTER
        if choice is Choice.FROM_TO:
            given = self.cleaned_data
            return between(given["first"], given["last"], today=self.today)
        return compared(choice, today=self.today)

    @property
    def period_words(self) -> str:
        """Return what the days are called where they have a name."""
        code = self._chosen("period")
        if self.by_quarter or code == Choice.FROM_TO:
            return ""
        return Choice(code or Choice.THIS_QUARTER).words

    @property
    def asked(self) -> Mapping[str, str]:
        """Return what of the address keeps the choice, for links to what is behind it."""
        named = ("area", "period", *(f"{day}_{box}" for day in ("first", "last") for box in _BOXES))
        return {name: self.data[name] for name in named if self.data.get(name)}


_BOXES = ("day", "month", "year")
