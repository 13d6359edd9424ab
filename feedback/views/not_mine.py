"""“I can see somebody else’s information” on the pages that belong to no visit."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cases.operations.breaches import breach_at_consent, breach_at_question
from cases.operations.consent import open_link
from cases.operations.guessing import Counter, take_turn
from cases.operations.information import open_question
from feedback.forms.step import FORM_ID
from feedback.forms.track import BreachForm
from feedback.operations.breaches import breach_in_letter, breach_in_receipt
from feedback.operations.remark_notices import open_letter
from feedback.views.asked import closed_link
from feedback.views.browser import is_only_shown, receipt_of, take_token
from feedback.views.track import Outside, outside, too_many, too_old, typed_in

# What is said of one receipt, before each further word has to wait.
FREE_WORDS = 3


class NotMinePage(Outside):
    """Told at once; the link that showed it ends."""

    def is_open(self, request: HttpRequest, name: str) -> bool:
        """Say whether the page from which they come is open to this browser."""
        raise NotImplementedError

    def tell(self, name: str, words: str) -> bool:
        """Tell whoever has to act; False if the page is not open any more."""
        raise NotImplementedError

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask what they saw."""
        if not self.is_open(request, name):
            return closed_link(request)
        return self.page(request, BreachForm())

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        """Tell whoever has to act, and say that they are told."""
        if not self.is_open(request, name):
            return closed_link(request)
        form = BreachForm(typed_in(request))
        if self.is_trusted and is_only_shown(form, request):
            return self.page(request, form)
        if not form.is_valid() or not self.is_trusted:
            if not self.is_trusted:
                form.add_error(None, too_old())
            return self.page(request, form, status=422 if self.is_trusted else 403)
        if seconds := self.wait(name):
            too_many(form, seconds)
            response = self.page(request, form, status=429)
            response["Retry-After"] = str(seconds)
            return response
        if not self.tell(name, form.cleaned_data["words"]):
            return closed_link(request)
        messages.success(
            request,
            _("Thank you. We were told at once, and this browser shows the page no more."),
        )
        response = redirect("feedback:start")
        self.leave(response)
        return response

    def wait(self, name: str) -> int:
        """Return for how many seconds they have to wait before they tell more."""
        return 0

    def leave(self, response: HttpResponse) -> None:
        """Take from the browser what opens the page once more."""

    def page(self, request: HttpRequest, form: BreachForm, *, status: int = 200) -> HttpResponse:
        """Show the form."""
        context = {"form": form, "typed_form": FORM_ID}
        return render(request, "feedback/not_mine.html", context, status=status)


class _Linked(NotMinePage):
    """One that is open to whoever has its link."""

    opens: Callable[..., Any]
    tells: Callable[..., bool]

    def is_open(self, request: HttpRequest, name: str) -> bool:
        """Say whether the link works."""
        return type(self).opens(name, now=self.now) is not None

    def tell(self, name: str, words: str) -> bool:
        """Tell, and end the link."""
        return type(self).tells(token=name, words=words, now=self.now)


@outside
class AskedNotMine(_Linked):
    """From the page of a question to somebody outside the case."""

    opens, tells = open_question, breach_at_question


@outside
class ConsentNotMine(_Linked):
    """From the page on which a customer says whether somebody may speak for them."""

    opens, tells = open_link, breach_at_consent


@outside
class LetterNotMine(_Linked):
    """From thanks or an answer that are read by a link."""

    opens, tells = open_letter, breach_in_letter


@outside
class ReceiptNotMine(NotMinePage):
    """From a receipt that was opened by its code."""

    def is_open(self, request: HttpRequest, name: str) -> bool:
        """Say whether this browser may see the receipt."""
        return receipt_of(request) == name

    def wait(self, name: str) -> int:
        """Return for how many seconds whoever kept what opens the receipt has to wait."""
        return take_turn([Counter(f"breach:{name}", FREE_WORDS)], now=self.now)

    def tell(self, name: str, words: str) -> bool:
        """Tell."""
        return breach_in_receipt(reference=name, words=words, now=self.now)

    def leave(self, response: HttpResponse) -> None:
        """Close the receipt in this browser."""
        take_token(response)
