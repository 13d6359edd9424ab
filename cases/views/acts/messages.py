"""Writing to the customer between the letters of the procedure."""

from typing import Any

from cases.forms.acts.messages import UpdateForm
from cases.models import Complaint
from cases.operations.messages_to_customers import write_to_customer
from cases.rules.acts import Act
from cases.rules.letter_facts import LetterKind
from cases.selectors.promises import keeper_choices
from cases.views.acts.page import ActPage


class Update(ActPage):
    """Compose a message to the customer, look at it, send it."""

    act = Act.UPDATE
    form_class = UpdateForm
    letter_kind = LetterKind.UPDATE
    audience = "customer"
    done = "The message is on its way, and in the record."

    def form_details(self) -> dict[str, Any]:
        """Return who can keep what it promises."""
        return {"keepers": keeper_choices(self.complaint, today=self.today)}

    def perform(self, form: Any) -> Complaint:
        """Send it."""
        return write_to_customer(**self.common, telling=form.telling, promises=form.promises)
