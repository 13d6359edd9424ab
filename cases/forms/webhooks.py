"""Adding an address outside that is told of what happens."""

from datetime import date
from typing import Any

from django import forms

from cases.forms.asking import offer
from cases.forms.layout import Buttons, CancelLink, Layout, StaffForm, Submit
from cases.operations.webhooks import WebhookWanted
from cases.rules.events import EventKind
from cases.rules.outside_addresses import LONGEST_ADDRESS
from cases.rules.webhooks import TOLD_OF
from cases.selectors.webhooks import keys_for_webhooks

KINDS = [(kind.value, words) for kind, words in TOLD_OF.items()]


class WebhookForm(StaffForm):
    """With which key, where, and of what it is told."""

    key = forms.ChoiceField(
        label="With the key of",
        help_text="It is told of complaints that this key reaches, and of no others.",
        error_messages={"required": "Choose a key"},
    )
    url = forms.CharField(
        label="Address",
        help_text="It begins with https:// and a host that whoever runs the server has listed.",
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    kinds = forms.MultipleChoiceField(
        label="Of what it is told",
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose of what it is told"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [(key.prefix, key.program.name) for key in keys_for_webhooks(today=today)]
        offer(self, "key", [("", "Choose a key"), *keys])

    def layout(self) -> Layout:
        """Return the questions."""
        return Layout("key", "url", "kinds", Buttons(Submit("Add the webhook"), CancelLink("../")))

    @property
    def wanted(self) -> WebhookWanted:
        """Return it as the operation takes it."""
        given = self.cleaned_data
        return WebhookWanted(
            prefix=given["key"],
            url=given["url"],
            kinds=[EventKind(each) for each in given["kinds"]],
        )
