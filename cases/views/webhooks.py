"""Addresses outside that are told of what happens."""

from typing import Any

from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.forms.webhooks import WebhookForm
from cases.operations.webhooks import are_offered, end_webhook, make_webhook, try_again
from cases.rules.pages import Page
from cases.rules.roles import Role
from cases.selectors.webhooks import hook_lines
from cases.templatetags.parts import Column
from cases.views.access import user_of
from cases.views.change_page import SettingsPage, SmallAct
from cases.views.shown_once import MakeSecret

COLUMNS = (
    Column("Address"),
    Column("Told of"),
    Column("How it goes"),
    Column("Acts", is_hidden=True),
)


class Webhooks(SettingsPage):
    """Every webhook, and whether it could be told."""

    page = Page.API_KEYS
    section = "cases:webhooks"
    template_name = "cases/settings/webhooks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add them."""
        is_admin = user_of(self.request).has_role(Role.SYSTEM_ADMINISTRATOR)
        hooks, ended = hook_lines(today=self.today)
        return super().get_context_data(
            **kwargs,
            hooks=hooks,
            ended=ended,
            columns=COLUMNS if self.may_change else COLUMNS[:-1],
            is_on=are_offered(),
            may_make=is_admin and are_offered(),
        )


class MakeWebhook(MakeSecret):
    """Add a webhook, whose secret is shown this once."""

    section = "cases:webhooks"
    made_template = "cases/settings/webhook_made.html"
    form_class = WebhookForm
    title = "Add a webhook"
    intro = (
        "Another program is told that something happened: what kind of thing, to which complaint "
        "and when, never who or what was said. It asks for the rest with its key."
    )

    def make(self, wanted: Any) -> dict[str, Any]:
        """Add it.

        :raises ComplaintError: if it may not be added so.
        """
        hook, secret = make_webhook(wanted, by=user_of(self.request), now=self.now)
        return {"hook": hook, "secret": secret}


class WebhookAct(SmallAct):
    """An act behind a button of the list of webhooks."""

    page = Page.API_KEYS

    def back_url(self) -> str:
        """Return the list."""
        return reverse("cases:webhooks")


class EndWebhook(WebhookAct):
    """End a webhook."""

    def carry_out(self) -> str:
        """End it.

        :raises ActionNotAllowed: if nobody confirmed that.
        """
        if self.request.POST.get("do") != "end":
            raise ActionNotAllowed("Nothing was ended. Press the button on the page.")
        hook = end_webhook(code=self.kwargs["code"], by=user_of(self.request), now=self.now)
        return f"The webhook of “{hook.key.program.name}” has ended."


class TryAgain(WebhookAct):
    """Tell once more what could not be told."""

    def carry_out(self) -> str:
        """Put it back."""
        number = try_again(code=self.kwargs["code"], by=user_of(self.request), now=self.now)
        if not number:
            return "Nothing waits for another try."
        return f"{number} {'is' if number == 1 else 'are'} tried again within a minute."
