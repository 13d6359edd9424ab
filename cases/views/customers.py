"""Customers: finding one, the page of one, adding one, and changing what is known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.errors import ComplaintError, SettingChanged
from cases.forms.customers import CustomerForm
from cases.models import Customer
from cases.models.complaints import COUNT_LIMIT
from cases.operations.customer_changes import add_customer, change_customer
from cases.rules.customers import LetterFormat, Register, category_words
from cases.rules.pages import READERS, Page
from cases.selectors.counting import in_words
from cases.selectors.customer_page import customer_page, customers_found, last_change_of
from cases.selectors.customer_search import customers_spelt_alike, look_alikes
from cases.selectors.known_customers import customers_known_to
from cases.selectors.restrictions import restriction_of
from cases.templatetags.parts import Column, Link, SummaryRow
from cases.views.access import UNPROCESSABLE, StaffPage, user_of
from cases.views.complaint import customer_rows

PAGE_ROWS = 25
COLUMNS = (
    Column("Name"),
    Column("Address"),
    Column("Telephone"),
    Column("E-mail"),
)
COMPLAINTS = (
    Column("Reference"),
    Column("About"),
    Column("Stage"),
    Column("Status"),
    Column("Received"),
    Column("Officer"),
)
REQUESTS = (Column("Reference"), Column("What it is"), Column("Received"), Column("Standing"))


class CustomersPage(StaffPage):
    """A page about customers."""

    page = Page.CUSTOMERS

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once."""
        super().setup(request, *args, **kwargs)
        self.now: datetime = timezone.now()
        self.today = timezone.localdate(self.now)


class Customers(CustomersPage):
    """Customers found by what somebody knows of them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show those whom the words may mean."""
        words = request.GET.get("find", "").strip()[:200]
        user = user_of(request)
        keys = customers_found(words, user) if words else []
        alike = customers_spelt_alike(words, user) if words and not keys else []
        keys = keys or alike
        page = Paginator(keys[:COUNT_LIMIT], PAGE_ROWS).get_page(request.GET.get("page"))
        shown = Customer.objects.in_bulk(list(page.object_list))
        context = {
            "searched": words,
            "is_alike": bool(alike),
            "rows": [
                (each, category_words(each.category))
                for key in page.object_list
                if (each := shown.get(key)) is not None
            ],
            "page": page,
            "count": in_words(len(keys)),
            "number": len(keys),
            "columns": COLUMNS,
            "add_url": reverse("cases:customer-add"),
            "deals": user_of(request).has_role(*READERS[Page.RESTRICTIONS]),
            "may_copy": user_of(request).has_role(*READERS[Page.HELD]),
        }
        return render(request, "cases/customers/list.html", context)


class CustomerView(CustomersPage):
    """One customer: particulars, needs, complaints and requests as far as the reader may read."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the customer."""
        customer = get_object_or_404(customers_known_to(user_of(request)), code=code)
        user = user_of(request)
        page = customer_page(customer, user, today=self.today)
        change_url = reverse("cases:customer-change", args=[code])
        deals = user.has_role(*READERS[Page.RESTRICTIONS])
        context = {
            "page": page,
            "customer": customer,
            "deals": deals,
            "restriction": restriction_of(customer, user) if deals else None,
            "rows": [*customer_rows(customer)[1:], *_needs(customer), *_register(page.register)],
            "category": category_words(customer.category),
            "complaint_columns": COMPLAINTS,
            "request_columns": REQUESTS,
            "change_url": change_url,
            "log_url": f"{reverse('cases:log')}?customer={code}",
            "may_log": user.has_role(*READERS[Page.LOG]),
            "may_copy": user.has_role(*READERS[Page.HELD]),
            "crumbs": [Link("Customers", reverse("cases:customers")), Link(customer.name)],
            "today": self.today,
        }
        return render(request, "cases/customers/customer.html", context)


def _needs(customer: Customer) -> list[SummaryRow]:
    rows = [SummaryRow("Letters in", LetterFormat(customer.letter_format).words)]
    if customer.language:
        rows.append(SummaryRow("Language", customer.language))
    return rows


def _register(register: Register | None) -> list[SummaryRow]:
    return [SummaryRow("Register", register.words)] if register else []


class AddCustomer(CustomersPage):
    """Add somebody who has not been in touch yet."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self._page(self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add them, or show who looks the same first."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=UNPROCESSABLE)
        alike = self._alike(form)
        if alike and not form.cleaned_data["is_another"]:
            form.add_error(
                "is_another", "Look whether it is one of these people. If not, tick the box"
            )
            return self._page(form, alike=alike, status=UNPROCESSABLE)
        try:
            customer = add_customer(form.particulars, by=user_of(request), now=self.now)
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, alike=alike, status=UNPROCESSABLE)
        messages.success(request, f"{customer.name} is added.")
        return redirect("cases:customer", customer.code)

    def _form(self, data: Any = None) -> CustomerForm:
        return CustomerForm(data, back=reverse("cases:customers"))

    def _alike(self, form: CustomerForm) -> list[Customer]:
        told = form.particulars
        return look_alikes(
            user_of(self.request), name=told.name, postcode=told.postcode, email=told.email
        )

    def _page(
        self, form: CustomerForm, *, alike: Sequence[Customer] = (), status: int = 200
    ) -> HttpResponse:
        form.asks_whether_another = bool(alike)
        context = {
            "form": form,
            "title": "Add a customer",
            "alike": [(each, category_words(each.category)) for each in alike],
            "crumbs": [Link("Customers", reverse("cases:customers")), Link("Add a customer")],
        }
        return render(self.request, "cases/customers/form.html", context, status=status)


class ChangeCustomer(CustomersPage):
    """Change what is known of a customer; what it was is kept."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Keep the code of the address."""
        super().setup(request, *args, **kwargs)
        self.code: str = kwargs["code"]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the form with what is known."""
        customer = get_object_or_404(customers_known_to(user_of(request)), code=code)
        return self._page(self._form(customer), customer)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Save it, or show why not with everything typed kept."""
        customer = get_object_or_404(customers_known_to(user_of(request)), code=code)
        form = self._form(customer, request.POST)
        if not form.is_valid():
            return self._page(form, customer, status=UNPROCESSABLE)
        try:
            change_customer(
                form.particulars,
                customer_id=customer.pk,
                seen=form.cleaned_data["seen"] or 0,
                confirmed=form.cleaned_data["confirmed"],
                by=user_of(request),
                now=self.now,
            )
        except SettingChanged as changed:
            form.add_error(None, str(changed))
            # Whoever has read this may save on top of it.
            form.data = request.POST.copy()
            form.data["seen"] = str(last_change_of(customer))
            customer.refresh_from_db()
            return self._page(form, customer, status=UNPROCESSABLE)
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, customer, status=UNPROCESSABLE)
        messages.success(request, "Saved. What it was is kept.")
        return redirect("cases:customer", code)

    def _form(self, customer: Customer, data: Any = None) -> CustomerForm:
        back = reverse("cases:customer", args=[customer.code])
        return CustomerForm(data, back=back, customer=customer, seen=last_change_of(customer))

    def _page(self, form: CustomerForm, customer: Customer, *, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "title": "Change what is known",
            "caption": customer.name,
            "now_rows": customer_rows(customer) if form.non_field_errors() else [],
            "crumbs": [
                Link("Customers", reverse("cases:customers")),
                Link(customer.name, reverse("cases:customer", args=[customer.code])),
                Link("Change"),
            ],
        }
        return render(self.request, "cases/customers/form.html", context, status=status)
