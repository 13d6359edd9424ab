"""What people declare about themselves: their own declarations, and all of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic.base import View

from cases.errors import ComplaintError
from cases.forms.interests import InterestForm
from cases.models import DeclaredInterest
from cases.operations.interests import declare_interest, end_interest
from cases.rules.pages import READERS, Page
from cases.templatetags.parts import Link
from cases.views.access import UNPROCESSABLE, StaffPage, user_of

MOST_SHOWN = 1_000


class OwnInterests(View):
    """Whom one has declared, and the form for one more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self._page(InterestForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Declare one, or show why not."""
        form = InterestForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=UNPROCESSABLE)
        given = {name: form.cleaned_data[name] for name in ("relation", "name", "postcode")}
        try:
            declare_interest(**given, by=user_of(request), now=timezone.now())
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, status=UNPROCESSABLE)
        messages.success(request, "It is declared, and counts from now on.")
        return redirect("cases:account-interests")

    def _page(self, form: InterestForm, *, status: int = 200) -> HttpResponse:
        own = user_of(self.request).interests.filter(ended_at__isnull=True)
        context = {
            "form": form,
            "sees_all": user_of(self.request).has_role(*READERS[Page.INTERESTS]),
            "own": own.order_by("-pk"),
            "crumbs": [Link("Your account", reverse("cases:account")), Link("People you know")],
        }
        return render(self.request, "cases/accounts/interests.html", context, status=status)


class EndInterest(View):
    """Say that a declaration no longer holds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page of the button."""
        return redirect("cases:account-interests")

    def post(self, request: HttpRequest) -> HttpResponse:
        """End it, or say why not."""
        code = request.POST.get("interest", "").replace("\x00", "")
        try:
            end_interest(code=code, by=user_of(request), now=timezone.now())
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "It is ended. What was closed to you stays closed.")
        return redirect("cases:account-interests")


class DeclaredInterests(StaffPage):
    """All that counts, for those who see to it that nobody decides about their own people."""

    page = Page.INTERESTS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it."""
        standing = DeclaredInterest.objects.standing().select_related("user")
        rows = standing.order_by("user__name", "pk")[:MOST_SHOWN]
        return render(request, "cases/declared_interests.html", {"rows": rows})
