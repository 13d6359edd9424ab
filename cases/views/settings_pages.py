"""The settings at a glance, and what was changed in them."""

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from cases.forms.history import HistoryFilterForm
from cases.models import Thing
from cases.rules.pages import READERS, Page
from cases.selectors.settings_history import NOT_PEOPLE, HistoryFilter, settings_history
from cases.selectors.settings_page import Attention, Section, needs_attention
from cases.templatetags.parts import Column, Task
from cases.views.access import user_of
from cases.views.calendars import this_landlord
from cases.views.change_page import SettingsPage

PAGE_LENGTH = 50
# What belongs together: the heading, and of each page whose it is, its words, address and purpose.
GROUPS = (
    (
        "People",
        (
            (Page.PEOPLE, "People and roles", "cases:people", "Who can sign in, and what for"),
            (
                Page.ROLE_APPROVALS,
                "Role approvals",
                "cases:role-approvals",
                "Roles that nobody gives alone",
            ),
            (
                Page.AUDITORS_VIEWS,
                "What auditors opened",
                "cases:auditors-views",
                "Every page of a complaint that an auditor read",
            ),
            (
                Page.LOOKS,
                "Who opened what",
                "cases:looks",
                "Complaints opened and taken away, by person and day",
            ),
            (Page.PEOPLE, "Service areas", "cases:areas", "Teams, services and directorates"),
        ),
    ),
    (
        "Complaints",
        (
            (Page.SETTINGS, "Procedures", "cases:procedures", "Stages, promises, reminders"),
            (Page.SETTINGS, "Working days", "cases:calendar", "Bank holidays and closures"),
            (Page.SETTINGS, "Categories", "cases:categories", "What complaints are about"),
            (Page.SETTINGS, "Contractors", "cases:contractors", "Whose work they are about"),
            (Page.TARGETS, "Targets", "reporting:targets", "What the boards compare with"),
            (Page.HOMES, "Homes", "reporting:homes", "Owned at the end of each year, for measures"),
        ),
    ),
    (
        "Letters and pages",
        (
            (Page.SETTINGS, "Landlord", "cases:landlord", "Name, telephone, address, logo, alerts"),
            (
                Page.SETTINGS,
                "Words in other languages",
                "cases:words",
                "What you typed for customers, in Welsh and others",
            ),
            (Page.SETTINGS, "Letters", "cases:letter-templates", "The words of each letter"),
            (Page.SETTINGS, "Outside bodies", "cases:outside-bodies", "How each is reached"),
        ),
    ),
    (
        "Looking after it",
        (
            (Page.OPERATIONS, "Operations", "cases:operations", "Background work and messages"),
            (Page.API_KEYS, "Keys of programs", "cases:api-keys", "How other programs join in"),
            (Page.API_KEYS, "Webhooks", "cases:webhooks", "What other programs are told of"),
            (Page.SETTINGS, "What was changed", "cases:settings-history", "By whom, and when"),
            (Page.CALCULATOR, "Deadline calculator", "cases:calculator", "Any period, day by day"),
        ),
    ),
)
# Whose page puts something right.
PAGES = {
    Section.PEOPLE: Page.PEOPLE,
    Section.AREAS: Page.PEOPLE,
    Section.API_KEYS: Page.API_KEYS,
}
COLUMNS = (Column("When"), Column("By"), Column("What"), Column("Change"))


class SettingsIndex(SettingsPage):
    """Everything that can be set, and first what needs attention."""

    section = "cases:settings"
    template_name = "cases/settings/index.html"
    title = "Settings"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what somebody may open."""
        attention = needs_attention(this_landlord(), today=self.today)
        return super().get_context_data(
            **kwargs,
            attention=[self._task(each) for each in attention],
            groups=[(heading, tasks) for heading, pages in GROUPS if (tasks := self._tasks(pages))],
        )

    def _task(self, each: Attention) -> Task:
        page = PAGES.get(each.section, Page.SETTINGS)
        is_theirs = user_of(self.request).has_role(*READERS[page])
        return Task(
            each.what,
            reverse(f"cases:{each.section}") if is_theirs else "",
            hint=each.why,
            status="Needs attention" if each.is_urgent else "For information",
            tone="red" if each.is_urgent else "grey",
        )

    def _tasks(self, pages: tuple[tuple[Page, str, str, str], ...]) -> list[Task]:
        user = user_of(self.request)
        return [
            Task(words, reverse(name), hint=purpose)
            for page, words, name, purpose in pages
            if user.has_role(*READERS[page])
        ]


class SettingsHistory(SettingsPage):
    """Who changed what, what it was and what it became, when."""

    section = "cases:settings-history"
    template_name = "cases/settings/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of changes asked for; of people only for those who may look at people."""
        sees_people = user_of(self.request).has_role(*READERS[Page.PEOPLE])
        things = frozenset(Thing) if sees_people else NOT_PEOPLE
        form = HistoryFilterForm(self.request.GET or None, things=things)
        wanted, by = things, None
        if form.is_bound and form.is_valid():
            wanted = frozenset(Thing(each) for each in form.cleaned_data["thing"]) or things
            by = form.cleaned_data["by"]
        changes = settings_history(HistoryFilter(wanted, by.pk if by else None))
        pages = Paginator(changes, PAGE_LENGTH)
        return super().get_context_data(
            **kwargs,
            filter_form=form,
            changes=pages.get_page(self.request.GET.get("page")),
            columns=COLUMNS,
        )
