"""The form for the landlord's targets, with who changed what."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.errors import SettingChanged
from cases.models import Thing
from cases.rules.pages import Page
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Link
from reporting.forms.targets import TargetsForm
from reporting.operations.targets import KEY, set_targets
from reporting.rules.targets import Aim
from reporting.selectors.answers_given import targets
from reporting.views.access import ReportingPage


class TargetsPage(ReportingPage):
    """What the landlord wants to reach."""

    page = Page.TARGETS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form with what is set."""
        wanted = targets()
        initial: dict[str, Any] = {aim.value: wanted.of(aim) for aim in Aim}
        initial["seen"] = last_change(Thing.LANDLORD, KEY)
        return self._show(request, self._form(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was entered, or show why not with everything typed kept."""
        form = self._form(request.POST)
        if form.is_valid():
            try:
                set_targets(
                    wanted=form.wanted, by=self.user, now=self.now, seen=form.cleaned_data["seen"]
                )
            except SettingChanged as changed:
                form.add_error(None, str(changed))
                # Whoever has read this may save on top of it.
                newest = last_change(Thing.LANDLORD, KEY)
                form.data = {**request.POST.dict(), "seen": str(newest)}
            else:
                messages.success(request, "The targets are kept.")
                return redirect("reporting:targets")
        return self._show(request, form, status=422)

    @staticmethod
    def _form(given: Any = None, **more: Any) -> TargetsForm:
        return TargetsForm(given, cancel=reverse("cases:settings"), **more)

    @staticmethod
    def _show(request: HttpRequest, form: TargetsForm, status: int = 200) -> HttpResponse:
        context = {
            "title": "Targets",
            "intro": "The boards compare with these how complaints went. What is empty has none.",
            "crumbs": [Link("Settings", reverse("cases:settings")), Link("Targets")],
            "form": form,
            "changes": changes_of(Thing.LANDLORD, KEY),
        }
        return render(request, "reporting/homes_of_year.html", context, status=status)
