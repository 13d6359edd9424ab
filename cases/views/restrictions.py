"""Restrictions of customers' contact: the list, one of them, proposing, deciding, reviewing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.errors import ComplaintError, NotMade
from cases.forms.layout import StaffForm
from cases.forms.restrictions import DecideForm, RestrictionForm, ReviewForm
from cases.models import ContactRestriction, Customer, RestrictionLetter
from cases.operations.enclosures import restriction_letter_document
from cases.operations.formats import why_not_made
from cases.operations.restriction_letters import (
    mark_restriction_letter_posted,
    post_restriction_letter_instead,
    send_restriction_letter_again,
    told_otherwise,
)
from cases.operations.restrictions import (
    decide_restriction,
    end_restriction,
    propose_restriction,
    renew_restriction,
)
from cases.operations.ways import channel_refusal
from cases.rules.customers import LetterFormat
from cases.rules.pages import Page
from cases.rules.procedure_words import in_a_row
from cases.rules.restriction_letters import HEADING, TOLD
from cases.rules.restrictions import ALWAYS, RestrictionState, lapses_on
from cases.selectors.known_customers import customers_known_to
from cases.selectors.restrictions import (
    deciding_roles,
    letters_waiting,
    restriction_of,
    restrictions_known_to,
    restrictions_of,
)
from cases.templatetags.parts import Link, SummaryRow
from cases.views.access import UNPROCESSABLE, StaffPage, user_of

# Nobody writes these letters in easy read.
FORMATS = [each for each in LetterFormat if each is not LetterFormat.EASY_READ]


class RestrictionsPage(StaffPage):
    """A page about restrictions of contact."""

    page = Page.RESTRICTIONS

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once."""
        super().setup(request, *args, **kwargs)
        self.now: datetime = timezone.now()
        self.today = timezone.localdate(self.now)

    @property
    def deciders(self) -> str:
        """Return in words who decides under the procedure in force."""
        return in_a_row(sorted(role.words for role in deciding_roles(self.today)), last="or")


class RestrictionList(RestrictionsPage):
    """What waits for a decision, what counts, and what is over."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them."""
        found = restrictions_of(user_of(request))
        context = {
            "parts": (
                ("To be decided", found.to_decide, "No restriction waits for a decision.", False),
                ("In force", found.in_force, "Nobody’s contact is restricted.", False),
                ("Over", found.over, "None has ended yet.", True),
            ),
            "letters": letters_waiting(user_of(request)),
            "today": self.today,
            "always": ALWAYS,
            "crumbs": [Link("Customers", reverse("cases:customers")), Link(TITLE)],
        }
        return render(request, "cases/customers/restrictions.html", context)


TITLE = "Restrictions of contact"


class RestrictionPage(RestrictionsPage):
    """One restriction: what, why, by whom, and everything that was done about it."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show it."""
        user = user_of(request)
        restriction = get_object_or_404(restrictions_known_to(user), code=code)
        may_decide = bool(user.scope.own & deciding_roles(self.today))
        is_proposed = restriction.standing is RestrictionState.PROPOSED
        context = {
            "restriction": restriction,
            "customer": restriction.customer,
            "rows": rows_of(restriction),
            "records": restriction.records.select_related("by", "letter__message").order_by("-pk"),
            "may_decide": may_decide and is_proposed and restriction.proposed_by_id != user.pk,
            "may_review": may_decide and restriction.standing is RestrictionState.IN_FORCE,
            "waits_for": self.deciders if is_proposed else "",
            "always": ALWAYS,
            "today": self.today,
            "crumbs": [
                Link("Customers", reverse("cases:customers")),
                Link(TITLE, reverse("cases:restrictions")),
                Link(restriction.customer.name),
            ],
        }
        return render(request, "cases/customers/restriction.html", context)


def rows_of(restriction: ContactRestriction) -> list[SummaryRow]:
    """Return what is restricted, why, what shows it and what was weighed up."""
    customer = restriction.customer
    closed = [each.words.lower() for each in restriction.ways_closed]
    left = [
        each.words.lower() for each in customer.usable_ways if each not in restriction.ways_closed
    ]
    started = restriction.starts_on
    return [
        SummaryRow("Closed", in_a_row(closed).capitalize() or "No way"),
        *([SummaryRow("Limited", restriction.limits)] if restriction.limits else []),
        SummaryRow("Open", f"{in_a_row(left).capitalize() or 'No safe way'}. {ALWAYS}"),
        SummaryRow("Why", restriction.reason),
        SummaryRow("What shows it", restriction.evidence),
        SummaryRow("What was weighed up", restriction.considered),
        SummaryRow("Since", f"{started:%-d %B %Y}" if started else "Not in force"),
        SummaryRow(
            "To be reviewed by",
            f"{restriction.review_on:%-d %B %Y}. Without a review it ends by itself after "
            f"{lapses_on(restriction.review_on):%-d %B %Y}.",
        ),
    ]


class RestrictionAct(RestrictionsPage):
    """A form about a restriction, or about the customer for whom one is proposed."""

    title = ""
    intro = ""
    rows_heading = ""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the form."""
        self.load(code)
        return self._page(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Do it, or show why not with everything typed kept."""
        self.load(code)
        form = self.form(request.POST)
        if not form.is_valid():
            return self._page(form, status=UNPROCESSABLE)
        try:
            messages.success(request, self.carry_out(form))
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, status=UNPROCESSABLE)
        return redirect(self.back_url())

    def load(self, code: str) -> None:
        """Load what it is about.

        :raises Http404: if it is not there for this person.
        """
        raise NotImplementedError

    def form(self, data: Any = None) -> StaffForm:
        """Return the form, empty or with what was typed."""
        raise NotImplementedError

    def carry_out(self, form: Any) -> str:
        """Call the operation, and return in a sentence what was done."""
        raise NotImplementedError

    def back_url(self) -> str:
        """Return where people go back to."""
        raise NotImplementedError

    def rows(self) -> list[SummaryRow]:
        """Return what is to be read before the form is filled in."""
        return []

    def crumbs(self) -> list[Link]:
        """Return what lies between the customers and this page."""
        return [Link(self.customer.name, reverse("cases:customer", args=[self.customer.code]))]

    def _page(self, form: StaffForm, *, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "title": self.title,
            "caption": self.customer.name,
            "intro": self.intro,
            "rows": self.rows(),
            "rows_heading": self.rows_heading,
            "always": ALWAYS,
            "crumbs": [
                Link("Customers", reverse("cases:customers")),
                *self.crumbs(),
                Link(self.title),
            ],
        }
        return render(self.request, "cases/customers/restriction_form.html", context, status=status)

    customer: Customer


class ProposeRestriction(RestrictionAct):
    """Propose to restrict a customer's contact."""

    title = "Propose a restriction of contact"

    @property
    def intro(self) -> str:  # type: ignore[override]
        """Return who decides."""
        return f"Nothing is restricted until it is approved, by the {self.deciders}."

    def load(self, code: str) -> None:
        """Load the customer."""
        self.customer = get_object_or_404(customers_known_to(user_of(self.request)), code=code)

    def form(self, data: Any = None) -> StaffForm:
        """Return the form."""
        return RestrictionForm(data, today=self.today, back=self.back_url())

    def carry_out(self, form: Any) -> str:
        """Propose it."""
        propose_restriction(
            form.proposal, customer_id=self.customer.pk, by=user_of(self.request), now=self.now
        )
        return f"It is proposed. The {self.deciders} and the coordinators are told."

    def back_url(self) -> str:
        """Return the restriction once it is proposed, the customer before."""
        found = restriction_of(self.customer, user_of(self.request))
        if found is not None:
            return reverse("cases:restriction", args=[found.code])
        return reverse("cases:customer", args=[self.customer.code])


class OneRestriction(RestrictionAct):
    """A decision about one restriction, for those whom the procedure names."""

    def load(self, code: str) -> None:
        """Load the restriction.

        :raises PermissionDenied: to those to whom the procedure does not give the decision.
        """
        user = user_of(self.request)
        found = get_object_or_404(restrictions_known_to(user), code=code)
        if not user.scope.own & deciding_roles(self.today):
            raise PermissionDenied
        self.restriction, self.customer = found, found.customer

    def back_url(self) -> str:
        """Return the restriction."""
        return reverse("cases:restriction", args=[self.restriction.code])

    def crumbs(self) -> list[Link]:
        """Return the list of restrictions, and this one."""
        return [
            Link(TITLE, reverse("cases:restrictions")),
            Link(self.customer.name, self.back_url()),
        ]

    def rows(self) -> list[SummaryRow]:
        """Return what was proposed, when and by whom: nobody decides on what they have not read."""
        proposed = timezone.localdate(self.restriction.proposed_at)
        by = f"{self.restriction.proposed_by.name}, on {proposed:%-d %B %Y}"
        return [SummaryRow("Proposed by", by), *rows_of(self.restriction)]

    @property
    def common(self) -> dict[str, Any]:
        """Return what every decision is told."""
        user = user_of(self.request)
        return {"restriction_id": self.restriction.pk, "by": user, "now": self.now}

    def how_told(self) -> str:
        """Return in a sentence how the customer is told of what was done last."""
        letter = RestrictionLetter.objects.filter(restriction=self.restriction).last()
        steps = self.restriction.records.filter(step__in=[each.value for each in TOLD])
        newest = steps.order_by("-pk").first()
        if letter is None or letter.record != newest:
            return "No safe way to write to them is known: tell them by word of mouth."
        if letter.channel == "email":
            return "An e-mail tells them."
        return "The letter to them waits to be printed and posted."


class DecideRestriction(OneRestriction):
    """Approve a restriction, or do not."""

    title = "Decide on a restriction of contact"
    rows_heading = "What was proposed"

    def form(self, data: Any = None) -> StaffForm:
        """Return the form."""
        return DecideForm(data, back=self.back_url())

    def carry_out(self, form: Any) -> str:
        """Decide."""
        approves = form.cleaned_data["decision"] == "yes"
        decide_restriction(**self.common, approves=approves, words=form.cleaned_data["words"])
        if approves:
            return f"Their contact is restricted from today. {self.how_told()}"
        return "Their contact is not restricted."


class ReviewRestriction(OneRestriction):
    """End a restriction, or keep it until another review."""

    title = "Review a restriction of contact"
    rows_heading = "What is in force"

    def form(self, data: Any = None) -> StaffForm:
        """Return the form."""
        return ReviewForm(data, today=self.today, back=self.back_url())

    def carry_out(self, form: Any) -> str:
        """Record the review."""
        given = form.cleaned_data
        if given["decision"] == "end":
            end_restriction(**self.common, words=given["words"])
            return f"The restriction has ended. {self.how_told()}"
        renewed = renew_restriction(
            **self.common, review_on=given["review_on"], words=given["words"]
        )
        until = f"{renewed.review_on:%-d %B %Y}"
        return f"It stays until its next review by {until}. {self.how_told()}"


# What the buttons of a letter's page do, and what is said then.
_POSTED = (mark_restriction_letter_posted, "The letter to {} is posted.")
_ACTS: dict[str, tuple[Callable[..., RestrictionLetter], str]] = {
    "again": (send_restriction_letter_again, "The e-mail to {} waits to be sent again."),
    "by-post": (
        post_restriction_letter_instead,
        "The letter to {} waits to be printed and posted.",
    ),
    "otherwise": (told_otherwise, "It is recorded that {} was told another way."),
}


class RestrictionLetterPage(RestrictionsPage):
    """A letter about a restriction: to read, to take away, and to tick off as posted."""

    def get(self, request: HttpRequest, code: str, number: int) -> HttpResponse:
        """Show it, or hand it out in a format."""
        letter = self._letter(code, number)
        if wanted := request.GET.get("format"):
            return self._document(letter, wanted)
        context = {
            "letter": letter,
            "formats": [(each, why_not_made(each)) for each in FORMATS],
            "why_not_by_post": channel_refusal(letter.restriction.customer, "post"),
            "needs": LetterFormat(letter.letter_format),
            "heading": HEADING,
            "crumbs": [
                Link(TITLE, reverse("cases:restrictions")),
                Link(letter.to_name, reverse("cases:restriction", args=[code])),
                Link(letter.title),
            ],
        }
        return render(request, "cases/customers/restriction_letter.html", context)

    def post(self, request: HttpRequest, code: str, number: int) -> HttpResponse:
        """Record that it went to the post today, or do what was chosen in its place."""
        letter = self._letter(code, number)
        act, told = _ACTS.get(request.POST.get("step", ""), _POSTED)
        try:
            act(letter_id=letter.pk, by=user_of(request), now=self.now)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, told.format(letter.to_name))
        return redirect("cases:restriction", code)

    def _letter(self, code: str, number: int) -> RestrictionLetter:
        known = restrictions_known_to(user_of(self.request)).filter(code=code)
        letters = RestrictionLetter.objects.select_related(
            "restriction__customer", "record", "issued_by", "posted_by", "message"
        )
        return get_object_or_404(letters, restriction__in=known, number=number)

    def _document(self, letter: RestrictionLetter, wanted: str) -> HttpResponse:
        """Hand the letter out, to be saved and not to be shown, or say why that cannot be.

        :raises Http404: if there is no such format.
        """
        if wanted not in {each.value for each in FORMATS}:
            raise Http404
        try:
            content, media_type, name = restriction_letter_document(letter, LetterFormat(wanted))
        except NotMade as reason:
            messages.error(self.request, str(reason))
            return redirect("cases:restriction", letter.restriction.code)
        answer = HttpResponse(content, content_type=media_type)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
