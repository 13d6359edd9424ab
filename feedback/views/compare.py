"""Comparing the customer of a new complaint with those known before who look the same."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cases.errors import ComplaintError
from cases.models import Complaint, Customer
from cases.rules.customers import CustomerCategory
from cases.rules.numbers import number_in
from cases.rules.pages import Page
from cases.templatetags.parts import Column, Link, SummaryRow
from feedback.models import Matching, Submission
from feedback.operations.matching import another_customer, same_customer
from feedback.selectors.matching import look_alikes, to_match
from feedback.views.sections import FeedbackPage

ROWS_A_PAGE = 50


class CompareList(FeedbackPage):
    """The complaints whose customer is to be compared."""

    page = Page.QUARANTINE
    section = "compare"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        waiting = to_match(self.user)
        page = Paginator(waiting, ROWS_A_PAGE).get_page(request.GET.get("page"))
        return self.render(
            request,
            "feedback/staff/compare_list.html",
            page=page,
            columns=[Column("Complaint"), Column("Customer"), Column("Received")],
        )


class ComparePage(FeedbackPage):
    """One customer as the form gave them, beside those who look the same."""

    page = Page.QUARANTINE
    section = "compare"
    submission: Submission

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the complaint; one that this person may not read does not exist.

        :raises Http404: if there is none that came by the form.
        """
        super().setup(request, *args, **kwargs)
        if not self.may_read:
            return
        came = Submission.objects.exclude(matching=Matching.NOT_NEEDED.value)
        self.submission = get_object_or_404(
            came.select_related("complaint__customer", "replaced_customer"),
            complaint__in=Complaint.objects.readable_by(self.user),
            complaint__reference=kwargs["reference"],
        )
        self.complaint = cast(Complaint, self.submission.complaint)

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show them side by side."""
        complaint, submission = self.complaint, self.submission
        given = submission.replaced_customer or complaint.customer
        is_waiting = submission.matching == Matching.WAITING
        known = list(look_alikes(given, self.user)) if is_waiting else []
        if submission.matching == Matching.SAME:
            known = [complaint.customer]
        return self.render(
            request,
            "feedback/staff/compare.html",
            complaint=complaint,
            newcomer=given,
            given=_rows(given),
            known=[(each, _rows(each, beside=given)) for each in known],
            is_waiting=is_waiting,
            is_same=submission.matching == Matching.SAME,
            crumbs=[
                Link("Customers to compare", reverse("feedback:compare-list")),
                Link(complaint.reference),
            ],
        )

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Say that they are the same, or not."""
        version = number_in(request.POST.get("seen", ""))
        try:
            if code := request.POST.get("same", "").replace("\x00", ""):
                known = get_object_or_404(Customer, code=code)
                same_customer(
                    complaint_id=self.complaint.pk,
                    customer_id=known.pk,
                    by=self.user,
                    now=self.now,
                    seen=version,
                )
                words = f"Complaint {self.complaint.reference} is {known.name}’s now."
            else:
                another_customer(
                    complaint_id=self.complaint.pk, by=self.user, now=self.now, seen=version
                )
                words = "They stay two customers."
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
            return redirect("feedback:compare", self.complaint.reference)
        messages.success(request, words)
        return redirect("feedback:compare-list")


def _rows(customer: Customer, *, beside: Customer | None = None) -> list[SummaryRow]:
    """Return what is known of a customer; what is the same beside the other says so."""
    found = {
        "Name": customer.name,
        "What they are to us": CustomerCategory(customer.category).words,
        "Address": "\n".join(customer.address_lines),
        "Telephone": customer.phone,
        "Email": customer.email,
    }
    if beside is None:
        return [SummaryRow(key, value) for key, value in found.items()]
    other = {row.key: row.value for row in _rows(beside)}
    return [
        SummaryRow(key, f"{value} (the same)" if value and _same(value, other[key]) else value)
        for key, value in found.items()
    ]


def _same(one: object, other: object) -> bool:
    return "".join(str(one).lower().split()) == "".join(str(other).lower().split())
