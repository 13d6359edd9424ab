"""The landlord's working days: bank holidays, closures, and publishing them."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.forms.calendars import (
    BankHolidayForm,
    ClosureForm,
    NationForm,
    ProposalsForm,
    PublishForm,
)
from cases.models import Landlord, Thing
from cases.operations.calendars import adopt_calendar, publish_calendar
from cases.operations.days_off import (
    add_bank_holiday,
    add_closure,
    change_nation,
    remove_bank_holiday,
    remove_closure,
    take_proposals,
)
from cases.rules.bank_holidays import PUBLISHED_UNTIL, Nation
from cases.rules.calendars import FIRST_DAY, LAST_DAY
from cases.rules.numbers import number_in
from cases.selectors.calendars import (
    draft_calendar,
    is_horizon_near,
    preview,
    proposals,
)
from cases.selectors.settings_history import changes_of
from cases.templatetags.parts import Column, Tab
from cases.views.access import user_of
from cases.views.change_page import ChangePage, SettingsPage, SmallAct, day_in

# So many complaints follow a new calendar before the page answers; the rest in the background.
AT_ONCE = 100
COLUMNS = (
    Column("Day"),
    Column("What it is"),
    Column("Kind"),
    Column("Acts", is_hidden=True),
)
MOVED_COLUMNS = (Column("Complaint"), Column("Deadline"), Column("Now"), Column("Would be"))


def this_landlord() -> Landlord:
    """Return the landlord.

    :raises Http404: if none is set up.
    """
    return get_object_or_404(Landlord.objects.defer("logo"))


class CalendarPage(SettingsPage):
    """The days off of a year, and what is not published yet."""

    section = "cases:calendar"
    template_name = "cases/settings/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the days of the year asked for."""
        draft = draft_calendar(this_landlord())
        year = number_in(self.request.GET.get("year", "")) or self.today.year
        year = min(max(year, FIRST_DAY.year), LAST_DAY.year)
        url = reverse("cases:calendar")
        years = range(max(self.today.year - 1, FIRST_DAY.year), self.today.year + 4)
        return super().get_context_data(
            **kwargs,
            draft=draft,
            year=year,
            years=[Tab(str(each), f"{url}?year={each}", is_current=each == year) for each in years],
            days=draft.of_year(year),
            caption=f"Days off in {year}",
            columns=COLUMNS if self.may_change else COLUMNS[:-1],
            is_horizon_near=is_horizon_near(draft.edition, today=self.today),
            offers=proposals(draft.nation, today=self.today),
            changes=changes_of(Thing.CALENDAR),
        )


class AddBankHoliday(ChangePage):
    """Add a bank holiday proclaimed for one year."""

    section = "cases:calendar"
    form_class = BankHolidayForm
    title = "Add a bank holiday"

    def carry_out(self, form: Any) -> str:
        """Add it to the next edition."""
        row = add_bank_holiday(by=user_of(self.request), now=self.now, **form.cleaned_data)
        return f"{row.name}, {row.on:%A %-d %B %Y}, is added. Publish the working days to count so."


class AddClosure(ChangePage):
    """Add days on which the landlord is closed."""

    section = "cases:calendar"
    form_class = ClosureForm
    title = "Add a closure"

    def carry_out(self, form: Any) -> str:
        """Add them to the next edition."""
        answers = form.cleaned_data
        rows = add_closure(
            first_day=answers["first_day"],
            last_day=answers["last_day"] or answers["first_day"],
            name=answers["name"],
            by=user_of(self.request),
            now=self.now,
        )
        days = f"{len(rows)} working day{'' if len(rows) == 1 else 's'}"
        return f"A closure of {days} is added. Publish the working days to count so."


class RemoveDayOff(SmallAct):
    """Take a bank holiday or a closure out."""

    def back_url(self) -> str:
        """Return the year the day is in."""
        year = self.request.POST.get("on", "")[:4]
        return reverse("cases:calendar") + (f"?year={number_in(year)}" if number_in(year) else "")

    def carry_out(self) -> str:
        """Take it out of the next edition."""
        on = day_in(self.request.POST.get("on", ""))
        is_closure = self.request.POST.get("kind") == "closure"
        remove = remove_closure if is_closure else remove_bank_holiday
        remove(on=on, by=user_of(self.request), now=self.now)
        return f"{on:%A %-d %B %Y} is taken out. Publish the working days to count so."


class TakeProposals(ChangePage):
    """Bring the bank holidays up to date with the list that ships with the product."""

    section = "cases:calendar"
    form_class = ProposalsForm
    title = "Compare with the shipped list"

    def load(self) -> None:
        """Compare the lists."""
        self.offers = proposals(Nation(this_landlord().nation), today=self.today)
        until = f"{self.offers.published_until:%-d %B %Y}"
        if self.offers.to_add or self.offers.to_remove:
            self.intro = f"The list has the bank holidays published until {until}."
            return
        raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form where the lists differ."""
        return {**super().get_form_kwargs(), "proposals": self.offers}

    def carry_out(self, form: Any) -> str:
        """Take up what is ticked."""
        count = take_proposals(
            to_add=form.days("to_add"),
            to_remove=form.days("to_remove"),
            by=user_of(self.request),
            now=self.now,
        )
        days = f"{count} day{' is' if count == 1 else 's are'}"
        return f"{days} brought up to date. Publish the working days to count so."


class ChangeNation(ChangePage):
    """Take the bank holidays of another nation."""

    section = "cases:calendar"
    form_class = NationForm
    title = "Nation"
    intro = (
        "The bank holidays of the nation you choose take the place of all there are now, also of "
        "those you added yourself. Closures stay. Nothing moves until you publish."
    )

    def get_initial(self) -> dict[str, Any]:
        """Return the nation that counts now."""
        return {"nation": this_landlord().nation}

    def carry_out(self, form: Any) -> str:
        """Take them."""
        nation = Nation(form.cleaned_data["nation"])
        change_nation(nation=nation, by=user_of(self.request), now=self.now)
        return (
            f"The bank holidays are those of {nation.words}. Publish the working days to count so."
        )


class PublishCalendar(ChangePage):
    """See what publishing the working days would move, and publish them."""

    section = "cases:calendar"
    form_class = PublishForm
    template_name = "cases/settings/publish_calendar.html"
    title = "Publish the working days"
    thing = Thing.CALENDAR

    def load(self) -> None:
        """Compare the draft with the edition in force."""
        self.draft = draft_calendar(this_landlord())

    def get_initial(self) -> dict[str, Any]:
        """Return until when the bank holidays were known, or are according to the shipped list."""
        known = max(self.draft.edition.horizon, PUBLISHED_UNTIL)
        return super().get_initial() | {"known_until": known}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form that what is known stays known."""
        return {**super().get_form_kwargs(), "earliest": self.draft.edition.horizon}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what would change, and what that would move."""
        return super().get_context_data(
            **kwargs,
            draft=self.draft,
            moved_columns=MOVED_COLUMNS,
            preview=preview(self.draft, today=self.today, viewer=user_of(self.request)),
        )

    def carry_out(self, form: Any) -> str:
        """Publish, and let open complaints follow: some at once, many in the background."""
        by = user_of(self.request)
        edition = publish_calendar(
            by=by,
            now=self.now,
            known_until=form.cleaned_data["known_until"],
            seen=form.cleaned_data["seen"],
        )
        if edition is None:
            return "Nothing was different: the working days stay as they are."
        adopt_calendar(edition=edition, by=by, now=self.now, limit=AT_ONCE)
        # How many followed, or whether all did, would tell of complaints that are hidden.
        return "The working days are published. Open complaints follow within a few minutes."
