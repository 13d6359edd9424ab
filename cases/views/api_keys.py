"""The keys with which other programs join in."""

from typing import Any

from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.forms.api_keys import ApiKeyForm
from cases.operations.api_keys import approve_key, end_key, make_key
from cases.rules.pages import Page
from cases.rules.roles import Role
from cases.selectors.api_keys import key_lines
from cases.templatetags.parts import Column
from cases.views.access import user_of
from cases.views.change_page import SettingsPage, SmallAct
from cases.views.own_signing_in import ProvedLately
from cases.views.shown_once import MakeSecret

COLUMNS = (
    Column("Program"),
    Column("May"),
    Column("Service areas"),
    Column("State"),
    Column("Acts", is_hidden=True),
)


class ApiKeys(SettingsPage):
    """Every key: what it is for, where, until when, and whether it was used."""

    page = Page.API_KEYS
    section = "cases:api-keys"
    template_name = "cases/settings/api_keys.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the keys."""
        user = user_of(self.request)
        here, ended = key_lines(today=self.today)
        return super().get_context_data(
            **kwargs,
            keys=[(line, line.key.made_by_id != user.pk) for line in here],
            ended=ended,
            columns=COLUMNS if self.may_change else COLUMNS[:-1],
            may_make=user.has_role(Role.SYSTEM_ADMINISTRATOR),
        )


class MakeKey(MakeSecret):
    """Make a key, which is shown this once."""

    section = "cases:api-keys"
    made_template = "cases/settings/api_key_made.html"
    form_class = ApiKeyForm
    title = "Make a key"
    intro = (
        "Another program of yours joins in with a key: it sees what a line manager of the service "
        "areas sees, as far as you choose here. What reads complaints waits for a second person."
    )

    def make(self, wanted: Any) -> dict[str, Any]:
        """Make it.

        :raises ComplaintError: if it may not be made so.
        """
        key, words = make_key(wanted, by=user_of(self.request), now=self.now)
        return {"key": key, "words": words, "waits": key.approved_at is None}


class KeyAct(SmallAct):
    """An act behind a button of the list of keys."""

    page = Page.API_KEYS

    def back_url(self) -> str:
        """Return the list."""
        return reverse("cases:api-keys")


class DecideKey(ProvedLately, KeyAct):
    """Be the second person who lets a key read complaints."""

    def carry_out(self) -> str:
        """Approve it."""
        key = approve_key(prefix=self.kwargs["prefix"], by=user_of(self.request), now=self.now)
        return f"The key of “{key.program.name}” is in use from now on."


class EndKey(KeyAct):
    """End a key."""

    def carry_out(self) -> str:
        """End it.

        :raises ActionNotAllowed: if nobody confirmed that.
        """
        if self.request.POST.get("do") != "end":
            raise ActionNotAllowed("Nothing was ended. Press the button on the page.")
        key = end_key(prefix=self.kwargs["prefix"], by=user_of(self.request), now=self.now)
        return f"The key of “{key.program.name}” has ended: it opens nothing any more."
