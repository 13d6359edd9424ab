"""The forms for the landlord's targets and for what its officers can keep."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from cases.errors import SettingChanged
from cases.models import Thing, User
from cases.rules.pages import Page
from cases.rules.roles import Role
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Cell, Column, Link
from reporting.forms.targets import CapacityForm, TargetsForm
from reporting.operations.targets import KEY, set_capacity, set_targets
from reporting.rules.targets import Aim
from reporting.selectors.ahead import capacities
from reporting.selectors.answers_given import targets
from reporting.views.access import ReportingPage


class TargetsPage(ReportingPage):
    """What the landlord wants to reach."""

    page = Page.TARGETS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form with what is set."""
        wanted = targets()
        initial: dict[str, Any] = {aim.value: wanted.of(aim) for aim in Aim}
        initial["promises_a_day"] = capacities().usual
        initial["seen"] = last_change(Thing.LANDLORD, KEY)
        return self._show(request, self._form(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was entered, or show why not with everything typed kept."""
        form = self._form(request.POST)
        if form.is_valid():
            try:
                set_targets(
                    wanted=form.wanted,
                    promises_a_day=form.cleaned_data["promises_a_day"],
                    by=self.user,
                    now=self.now,
                    seen=form.cleaned_data["seen"],
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
            "link": Link("What each officer can keep", reverse("reporting:capacities")),
            "crumbs": [Link("Settings", reverse("cases:settings")), Link("Targets")],
            "form": form,
            "changes": changes_of(Thing.LANDLORD, KEY),
        }
        return render(request, "reporting/homes_of_year.html", context, status=status)


class CapacitiesPage(ReportingPage):
    """How many promises each officer keeps."""

    page = Page.TARGETS

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the officers."""
        kept = capacities()
        own = kept.own or {}
        officers = User.objects.filter(
            is_active=True, grants__role=Role.RESPONSIBLE_OFFICER.value
        ).distinct()
        usual = "not set" if kept.usual is None else f"{kept.usual}"
        context = {
            "title": "What officers can keep",
            "intro": f"Promises that an officer usually keeps on a working day: {usual}. "
            "It is set with the targets; who differs is set here.",
            "crumbs": [
                Link("Targets", reverse("reporting:targets")),
                Link("What officers can keep"),
            ],
            "columns": [Column("Officer"), Column("Promises a day", is_numeric=True)],
            "rows": [
                [
                    Cell(each.name, reverse("reporting:capacity", args=[each.code])),
                    f"{own[each.pk]}" if each.pk in own else "As usual",
                ]
                for each in officers.order_by("name", "pk")
            ],
        }
        return render(request, "reporting/capacities.html", context)


class CapacityPage(ReportingPage):
    """How many promises one officer keeps."""

    page = Page.TARGETS

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the form."""
        person = get_object_or_404(User, code=code)
        initial = {
            "promises_a_day": (capacities().own or {}).get(person.pk),
            "seen": last_change(Thing.PERSON, code),
        }
        return self._show(request, person, self._form(initial=initial))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Keep what was entered, or show why not with everything typed kept."""
        person = get_object_or_404(User, code=code)
        form = self._form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                set_capacity(
                    user_id=person.pk,
                    promises_a_day=given["promises_a_day"],
                    by=self.user,
                    now=self.now,
                    seen=given["seen"],
                )
            except SettingChanged as changed:
                form.add_error(None, str(changed))
                newest = last_change(Thing.PERSON, code)
                form.data = {**request.POST.dict(), "seen": str(newest)}
            else:
                messages.success(request, f"It is set how many promises {person.name} keeps.")
                return redirect("reporting:capacities")
        return self._show(request, person, form, status=422)

    @staticmethod
    def _form(given: Any = None, **more: Any) -> CapacityForm:
        return CapacityForm(given, cancel=reverse("reporting:capacities"), **more)

    @staticmethod
    def _show(
        request: HttpRequest, person: User, form: CapacityForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": f"What {person.name} can keep",
            "intro": "The forecast compares with it what falls due from them.",
            "crumbs": [
                Link("What officers can keep", reverse("reporting:capacities")),
                Link(person.name),
            ],
            "form": form,
            "changes": [],
        }
        return render(request, "reporting/homes_of_year.html", context, status=status)
