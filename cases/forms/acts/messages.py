"""A message to the customer between the letters of the procedure."""

from typing import Any

from cases.forms.acts.common import APPROVER, ASK, DRAFT_BUTTON, AtHand
from cases.forms.acts.promising import PROMISE_FIELDS, Choices
from cases.forms.acts.telling import TellingForm
from cases.forms.layout import Buttons, CancelLink, Layout, Submit
from cases.operations.telling import TELLINGS


class UpdateForm(TellingForm):
    """What is written to the customer. It is looked at before it can be sent."""

    act_text = "Send now"
    preview_text = "Review and send"
    has_day = False
    promises_itself = True
    may_be_elsewhere = False
    words_label = "Message"
    words_help = "The customer gets these words. What is for colleagues only belongs in a note."
    words_required = True
    reveals = {"promising": {"yes": PROMISE_FIELDS}}

    def __init__(self, *args: Any, hand: AtHand, keepers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.add_promise_fields(keepers, are_told_again=False)
        channel = self.field("channel")
        channel.label = "How it is sent"
        channel.choices = [(code, TELLINGS[code]) for code in ("email", "post")]

    def questions(self) -> list[Any]:
        """Return how it is sent and what it says, and what it promises."""
        return [*self.telling_questions(), "promising"]

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing of the promises."""
        given = super().clean()
        for name, error in self.missing_of_the_promises().items():
            self.add_error(name, error)
        return given

    def layout(self) -> Layout:
        """Return the questions; the button that sends comes once the message was looked at."""
        name = self.hand.customer.name
        review = Submit(
            "Review it again" if self.is_reviewed else f"{self.preview_text} to {name}",
            kind="secondary" if self.is_reviewed else "primary",
            name="preview",
            value="yes",
        )
        text = ASK if APPROVER in self.fields else f"Send to {name} now"
        send = [Submit(text)] if self.is_reviewed else []
        cancel = CancelLink(self.hand.address)
        buttons = Buttons(*send, review, DRAFT_BUTTON, cancel)
        return Layout(*self.questions(), *self.last_questions(), buttons)

    @property
    def is_reviewed(self) -> bool:
        """Say whether the message is being shown as the customer will get it."""
        return "preview" in self.data and not self.errors
