"""The first page of a new installation."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic.edit import FormView

from cases.errors import ComplaintError
from cases.forms.set_up import SetUpForm
from cases.operations.set_up import set_up_landlord
from cases.rules.bank_holidays import Nation
from cases.rules.roles import Role
from cases.selectors.running import is_set_up
from cases.views.access import user_of


class SetUp(FormView):
    """Say who the landlord is, once."""

    form_class = SetUpForm
    template_name = "cases/settings/set_up.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer system administrators, while nothing is set up.

        :raises PermissionDenied: to anybody else.
        """
        if not user_of(request).has_role(Role.SYSTEM_ADMINISTRATOR):
            raise PermissionDenied
        if is_set_up():
            messages.info(request, "The landlord is set up already. Change it here.")
            return redirect("cases:settings")
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it up, or say why not."""
        answers = form.cleaned_data
        try:
            landlord = set_up_landlord(
                name=answers["name"],
                nation=Nation(answers["nation"]),
                procedure=answers["procedure"],
                telephone=answers["telephone"],
                email=answers["email"],
                by=user_of(self.request),
                now=timezone.now(),
            )
        except ComplaintError as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"{landlord.name} is set up. What is still missing stands at the top of this page.",
        )
        return redirect("cases:settings")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again."""
        return self.render_to_response(self.get_context_data(form=form), status=422)
