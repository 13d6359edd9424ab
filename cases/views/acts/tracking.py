"""How the customer follows the complaint on the web: codes to hand out, and closing and opening."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.errors import ComplaintError
from cases.models.tracking import Proof
from cases.operations.alerts import address_of
from cases.operations.tracking import HOME, close_tracking, hand_out_code, open_tracking
from cases.operations.ways import channel_refusal
from cases.rules.acts import Act
from cases.rules.customers import LetterFormat
from cases.rules.papers import PRINTED
from cases.selectors.tracking import closure_of, may_be_followed, visits_of
from cases.views.acts.page import ActPage

PROOFS = {"read-out": Proof.PHONE, "post": Proof.POST}


class Following(ActPage):
    """Who looked at it, with a code for whoever cannot be e-mailed, and the way to close it."""

    act = Act.CHANGE_PEOPLE
    template_name = "cases/acts/following.html"
    collides = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show how it stands."""
        self.read()
        self.check_role()
        return self.page(None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make a code and show it once, or close or open the complaint to the web."""
        self.read()
        self.check_role()
        step = request.POST.get("step", "")
        try:
            if step in PROOFS:
                return self.code(PROOFS[step])
            if step == "close":
                close_tracking(**self.whose)
                messages.success(request, "The customer cannot follow it on the web from now on.")
            elif step == "open":
                open_tracking(**self.whose)
                messages.success(request, "The customer can follow it on the web again.")
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        return redirect("cases:following", self.complaint.reference)

    def code(self, proof: Proof) -> HttpResponse:
        """Make a code and show it: it is kept nowhere, so that nobody else finds it."""
        code = hand_out_code(**self.whose, proof=proof)
        customer = self.complaint.customer
        context = {
            "complaint": self.complaint,
            "customer": customer,
            "code": code,
            "is_posted": proof is Proof.POST,
            "letter_format": customer.letter_format,
            "format_words": LetterFormat(customer.letter_format).words,
            "is_printed": customer.letter_format in PRINTED,
            "home": address_of(HOME),
            "today": self.today,
        }
        return render(self.request, "cases/acts/following_code.html", context)

    def extra(self) -> dict[str, Any]:
        """Return how it stands."""
        customer = self.complaint.customer
        return {
            "closure": closure_of(self.complaint),
            "is_followed": may_be_followed(self.complaint),
            "visits": [(each, Proof(each.proof).words) for each in visits_of(self.complaint)],
            "email_refusal": channel_refusal(customer, "email"),
            "post_refusal": channel_refusal(customer, "post"),
            "may_open": self.may(Act.CHANGE_ACCESS),
        }
