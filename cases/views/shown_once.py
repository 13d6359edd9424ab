"""Pages that make something whose secret is shown once, and by no page again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.errors import ComplaintError
from cases.rules.pages import Page
from cases.rules.roles import Role
from cases.views.access import user_of
from cases.views.change_page import ChangePage
from cases.views.own_signing_in import ProvedLately


class MakeSecret(ProvedLately, ChangePage):
    """Make a secret for another program, for administrators alone."""

    page = Page.API_KEYS
    made_template = ""

    def make(self, wanted: Any) -> dict[str, Any]:
        """Make it, and return what the page tells of it.

        :raises ComplaintError: if it may not be made so.
        """
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer administrators.

        :raises PermissionDenied: to anybody else.
        """
        if not user_of(request).has_role(Role.SYSTEM_ADMINISTRATOR):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which day it is."""
        return {**super().get_form_kwargs(), "today": self.today}

    def form_valid(self, form: Any) -> HttpResponse:
        """Make it, and show it."""
        try:
            made = self.make(form.wanted)
        except ComplaintError as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        return render(self.request, self.made_template, {**made, "going": reverse(self.section)})
