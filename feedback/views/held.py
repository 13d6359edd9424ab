"""What is held of somebody who asks for it: recording that, having it gathered, taking it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.errors import ComplaintError, NotEntitled
from cases.models import Customer
from cases.rules.numbers import number_in
from cases.rules.pages import Page
from cases.selectors.known_customers import customers_known_to
from cases.templatetags.parts import Column, Link
from cases.views.access import UNPROCESSABLE, StaffPage, user_of
from cases.views.files import handed_out
from cases.views.own_signing_in import ask_again, proved_lately
from feedback.forms.held import HeldAnswerForm, HeldRequestForm
from feedback.models import HeldRequest
from feedback.operations.held import (
    KEEP_COPIES,
    ask_for_copy,
    end_request,
    record_request,
    take_copy,
)
from feedback.rules.held import Outcome
from feedback.selectors.held import requests_known_to

COLUMNS = (Column("Customer"), Column("Asked on"), Column("Answer by"), Column("Copy"))


class HeldPage(StaffPage):
    """A page about what is held of somebody."""

    page = Page.HELD

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once."""
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)


class HeldRequests(HeldPage):
    """Everybody who asked and is not answered, the first due first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them."""
        rows = requests_known_to(user_of(request)).open().select_related("customer")
        context = {
            "rows": [(each, _standing(each, self.today)) for each in rows],
            "columns": COLUMNS,
            "crumbs": [
                Link("Customers", reverse("cases:customers")),
                Link("Who asks what is held of them"),
            ],
        }
        return render(request, "feedback/staff/held_requests.html", context)


class HeldOf(HeldPage):
    """What one customer asked, the copies made of it, and what became of it."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """Show it, or hand a copy out, which is recorded.

        :raises Http404: if there is no such customer or copy, or it was made for somebody else.
        """
        customer = self._customer(code)
        if key := request.GET.get("copy"):
            return self._take(customer, key)
        return self._page(customer)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Record what they asked, have a copy made, or record the answer."""
        customer = self._customer(code)
        if not proved_lately(request, self.now):
            return ask_again(request)
        step, open_one = request.POST.get("step", ""), self._open(customer)
        if step == "ask" and open_one is None:
            return self._ask(customer)
        if step == "answer" and open_one is not None:
            return self._answer(customer, open_one)
        if step == "copy" and open_one is not None:
            try:
                ask_for_copy(code=open_one.code, by=user_of(request), now=self.now)
            except ComplaintError as refusal:
                messages.error(request, str(refusal))
        return redirect("feedback:held", code)

    def _ask(self, customer: Customer) -> HttpResponse:
        form = HeldRequestForm(self.request.POST, today=self.today)
        if form.is_valid():
            try:
                record_request(
                    customer_code=customer.code,
                    **form.cleaned_data,
                    by=user_of(self.request),
                    now=self.now,
                )
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(self.request, "It is recorded. Their copy is being made.")
                return redirect("feedback:held", customer.code)
        return self._page(customer, form=form, status=UNPROCESSABLE)

    def _answer(self, customer: Customer, request: HeldRequest) -> HttpResponse:
        form = HeldAnswerForm(self.request.POST, earliest=request.received_on, today=self.today)
        if form.is_valid():
            given = form.cleaned_data
            try:
                end_request(
                    code=request.code,
                    outcome=Outcome(given["outcome"]),
                    on=given["ended_on"],
                    words=given["words"],
                    by=user_of(self.request),
                    now=self.now,
                )
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(self.request, "The answer is recorded.")
                return redirect("feedback:held", customer.code)
        return self._page(customer, form=form, status=UNPROCESSABLE)

    def _take(self, customer: Customer, key: str) -> HttpResponseBase:
        if not proved_lately(self.request, self.now):
            return ask_again(self.request)
        user, number = user_of(self.request), number_in(key)
        rows = requests_known_to(user).filter(customer=customer, copies=number)
        request = rows.first() if number else None
        if request is None:
            raise Http404
        try:
            file = take_copy(code=request.code, copy_id=number, by=user, now=self.now)
        except NotEntitled:
            raise Http404 from None
        except ComplaintError as refusal:
            messages.error(self.request, str(refusal))
            return redirect("feedback:held", customer.code)
        return handed_out(file)

    def _customer(self, code: str) -> Customer:
        return get_object_or_404(customers_known_to(user_of(self.request)), code=code)

    def _open(self, customer: Customer) -> HeldRequest | None:
        return requests_known_to(user_of(self.request)).open().filter(customer=customer).first()

    def _page(self, customer: Customer, *, form: Any = None, status: int = 200) -> HttpResponse:
        user = user_of(self.request)
        rows = requests_known_to(user).filter(customer=customer)
        requests = list(
            rows.select_related("recorded_by", "ended_by", "wanted_by")
            .prefetch_related("copies__made_for", "copies__taken__by")
            .order_by("-pk")
        )
        current = next((each for each in requests if each.ended_at is None), None)
        if form is None and current is None:
            form = HeldRequestForm(today=self.today)
        elif form is None and current is not None:
            form = HeldAnswerForm(earliest=current.received_on, today=self.today)
        context = {
            "customer": customer,
            "requests": [(each, _standing(each, self.today)) for each in requests],
            "current": current,
            "form": form,
            "me": user.pk,
            "kept_days": KEEP_COPIES.days,
            "crumbs": [
                Link("Customers", reverse("cases:customers")),
                Link(customer.name, reverse("cases:customer", args=[customer.code])),
                Link("What is held of them"),
            ],
        }
        return render(self.request, "feedback/staff/held.html", context, status=status)


def _standing(request: HeldRequest, today: Any) -> tuple[str, str]:
    """Return in words how long there is to answer, and in which tone."""
    if request.ended_on is not None:
        late = (request.ended_on - request.answer_by).days
        return (_days(late, "late"), "red") if late > 0 else ("In time", "green")
    left = (request.answer_by - today).days
    if left < 0:
        return f"Overdue by {_days(-left)}", "red"
    if left == 0:
        return "Due today", "orange"
    return f"{_days(left)} left", "orange" if left <= 7 else "grey"


def _days(count: int, after: str = "") -> str:
    words = "1 day" if count == 1 else f"{count} days"
    return f"{words} {after}".strip()
