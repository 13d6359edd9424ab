"""How a complaint is followed on the web: codes to hand out, and closing and opening."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from cases.errors import ComplaintError
from cases.models import Customer, Representative
from cases.models.tracking import Proof
from cases.operations.alerts import address_of
from cases.operations.posted_codes import post_code
from cases.operations.providers import provider, texts_are_sent
from cases.operations.tracking import (
    HOME,
    close_tracking,
    hand_out_code,
    open_tracking,
    post_refusal,
    why_no_new_link,
)
from cases.operations.ways import channel_refusal
from cases.rules.acts import Act
from cases.rules.customers import LetterFormat
from cases.rules.numbers import number_in
from cases.rules.papers import PRINTED
from cases.selectors.posted_codes import posted_codes
from cases.selectors.speaking import language_of, machine_note, public_path
from cases.selectors.tracking import (
    closure_of,
    followers,
    following_is_closed,
    may_be_followed,
    opened_again,
    opens_by_email_from,
    visits_of,
)
from cases.views.acts.messages import ABOUT, CLOSED, OPENED
from cases.views.acts.page import ActPage

# So long after it was opened again the page offers to tell the customer.
TOLD_FOR = timedelta(days=14)
PROVIDER = "provider"
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
            if step == PROVIDER:
                post_code(**self.whose, **self.whom())
                messages.success(request, "The code goes to the provider, who posts it.")
            elif step == "close":
                close_tracking(**self.whose)
                messages.success(request, "The customer cannot follow it on the web from now on.")
            elif step == "open":
                has_link = open_tracking(**self.whose)
                told = "A new link goes to them by e-mail." if has_link else "No link goes to them."
                messages.success(request, f"The customer can follow it on the web again. {told}")
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        return redirect("cases:following", self.complaint.reference)

    def code(self, proof: Proof) -> HttpResponse:
        """Make a code and show it: it is kept nowhere, so that nobody else finds it."""
        whom = self.whom()
        code = hand_out_code(**self.whose, proof=proof, **whom)
        reader = self.reader(**whom)
        wanted = reader.letter_format
        context: dict[str, Any] = {
            "complaint": self.complaint,
            "reader": reader,
            "code": code,
            "is_posted": proof is Proof.POST,
            "letter_format": wanted,
            "format_words": LetterFormat(wanted).words,
            "is_printed": wanted in PRINTED,
            "home": address_of(HOME),
            "today": self.today,
        }
        # What is posted is in the reader's language, as every message that is made here.
        context["reader_language"] = language_of(reader if isinstance(reader, Customer) else None)
        with translation.override(context["reader_language"]):
            context["home_there"] = address_of(public_path(HOME))
            context["note"] = machine_note().strip("-\n ")
        return render(self.request, "cases/acts/following_code.html", context)

    def whom(self) -> dict[str, Any]:
        """Return for whom a code is, where it is not for the customer."""
        sort, _, key = self.request.POST.get("whom", "").partition(":")
        number = number_in(key) or None
        return {f"{sort}_id": number} if sort in ("speaker", "joint") else {}

    def reader(
        self, *, speaker_id: int | None = None, joint_id: int | None = None
    ) -> Customer | Representative:
        """Return whose the code is."""
        found = followers(self.complaint, now=self.now)
        for speaker in found.speakers:
            if speaker.pk == speaker_id:
                return speaker
        for joint in found.joint:
            if joint.pk == joint_id:
                return joint.customer
        return self.complaint.customer

    def others(self) -> list[dict[str, Any]]:
        """Return who may follow it besides the customer, and why a code cannot be posted."""
        found = followers(self.complaint, now=self.now)
        return [
            {
                "value": f"speaker:{each.pk}",
                "name": each.name,
                "what": each.relationship or "Speaks for the customer",
                "post_refusal": post_refusal(self.complaint, each, None),
                "is_printed": each.letter_format in PRINTED,
            }
            for each in found.speakers
        ] + [
            {
                "value": f"joint:{each.pk}",
                "name": each.customer.name,
                "what": each.capacity,
                "post_refusal": post_refusal(self.complaint, None, each),
                "is_printed": each.customer.letter_format in PRINTED,
            }
            for each in found.joint
        ]

    def ways_to_tell(self) -> list[tuple[str, str]]:
        """Return where the customer is told that their page is closed, or open again."""
        about = CLOSED if closure_of(self.complaint) else OPENED
        reference = self.complaint.reference
        written = f"{reverse('cases:update', args=[reference])}?{ABOUT}={about}"
        called = reverse("cases:contact", args=[reference])
        return [
            *([("Write a neutral message", written)] if self.may(Act.UPDATE) else []),
            *([("Record a call", called)] if self.may(Act.CONTACT) else []),
        ]

    def extra(self) -> dict[str, Any]:
        """Return how it stands."""
        customer = self.complaint.customer
        return {
            "others": self.others(),
            "has_provider": provider() is not None,
            "is_printed": customer.letter_format in PRINTED,
            "posted_codes": posted_codes(self.complaint),
            "email_from": opens_by_email_from(customer, now=self.now),
            # One that came with the customer was nobody's before.
            "is_moved": customer.email_changed_at != customer.created_at,
            "closure": closure_of(self.complaint),
            "is_closed_to_all": following_is_closed(),
            "is_followed": may_be_followed(self.complaint, now=self.now),
            "visits": [(each, Proof(each.proof).words) for each in visits_of(self.complaint)],
            "has_texts": texts_are_sent()
            and may_be_followed(self.complaint, by_text=True, now=self.now),
            "email_refusal": channel_refusal(customer, "email"),
            "post_refusal": channel_refusal(customer, "post"),
            "may_open": self.may(Act.CHANGE_ACCESS),
            "opened_at": opened_again(self.complaint, since=self.now - TOLD_FOR),
            "why_no_link": why_no_new_link(self.complaint, now=self.now),
            "tell_urls": self.ways_to_tell(),
        }
