"""Writing to the customer between the letters of the procedure."""

from typing import Any

from cases.forms.acts.messages import UpdateForm
from cases.models import Complaint
from cases.operations.messages_to_customers import write_to_customer
from cases.rules.acts import Act
from cases.rules.letter_facts import LetterKind
from cases.selectors.promises import keeper_choices
from cases.views.acts.page import ActPage

# What an address may have a message begin with: neutral words, which say nothing of why.
ABOUT, CLOSED, OPENED = "about", "closed", "opened"
TO_BEGIN_WITH = {
    CLOSED: (
        "Your page on our website is closed for now: links and codes that you have do not open it. "
        "Everything else goes on as before, and we tell you once it is open again. If you want to "
        "know how things stand or to add something, ring us or write to us."
    ),
    OPENED: (
        "Your page on our website is open again. Links and codes that you had before do not work "
        "any more. If you need a new code, ring us or write to us."
    ),
}


class Update(ActPage):
    """Compose a message to the customer, look at it, send it."""

    act = Act.UPDATE
    form_class = UpdateForm
    letter_kind = LetterKind.UPDATE
    audience = "customer"
    done = "The message is on its way, and in the record."

    def form_details(self) -> dict[str, Any]:
        """Return who can keep what it promises."""
        about = TO_BEGIN_WITH.get(self.request.GET.get(ABOUT, ""), "")
        begun = {"initial": {"letter": about}} if about else {}
        return {"keepers": keeper_choices(self.complaint, today=self.today), **begun}

    def perform(self, form: Any) -> Complaint:
        """Send it."""
        return write_to_customer(**self.common, telling=form.telling, promises=form.promises)
