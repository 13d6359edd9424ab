"""Procedures: which runs from when, and each version in plain sentences."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from cases.forms.procedures import AdoptForm, ProcedureFileForm
from cases.models import Procedure, ProcedureVersion, Thing
from cases.operations.procedures import (
    add_procedure,
    adopt_procedure,
    begin_draft,
    cancel_adoption,
)
from cases.rules.checker import departures_from_code, problems
from cases.rules.customers import category_words
from cases.rules.pages import Page
from cases.rules.procedure_text import procedure_text
from cases.rules.procedure_words import outside_sentence, stage_words, usual_reminders
from cases.selectors.procedures import (
    adoptions,
    changes_since_last,
    complaints_under,
    procedure_lines,
    unmet_needs,
    version_before,
    versions_of,
)
from cases.selectors.running import procedure_on, version_in_force
from cases.selectors.settings_history import changes_of
from cases.templatetags.parts import Column, Link
from cases.views.access import StaffPage, user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage, SmallAct, day_in

VERSION_COLUMNS = (
    Column("Version"),
    Column("In force from"),
    Column("Published"),
    Column("State"),
)


class Procedures(SettingsPage):
    """Every procedure, the one that runs, and what is to run from when."""

    section = "cases:procedures"
    template_name = "cases/settings/procedures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the procedures."""
        return super().get_context_data(
            **kwargs,
            lines=procedure_lines(today=self.today),
            adoptions=adoptions(),
            missing=unmet_needs(today=self.today),
        )


class ProcedurePage(SettingsPage):
    """A version of a procedure in plain sentences: the one in force, one asked for, the draft."""

    section = "cases:procedures"
    template_name = "cases/settings/procedure.html"
    is_draft = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it; of a procedure that was only drafted yet, the draft."""
        versions = ProcedureVersion.objects.filter(procedure__code=self.kwargs["code"])
        is_drafted = versions.exists() and not versions.published().exists()
        if is_drafted and not self.is_draft and "number" not in self.kwargs:
            return redirect("cases:procedure-draft", self.kwargs["code"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version and what there is to say about it."""
        procedure = get_object_or_404(Procedure, code=self.kwargs["code"])
        version = self.version(procedure)
        terms = version.terms
        usual, theirs = usual_reminders(version.terms_words)
        return super().get_context_data(
            **kwargs,
            procedure=procedure,
            version=version,
            is_draft=self.is_draft,
            caption="Draft" if self.is_draft else "",
            is_running=procedure == procedure_on(self.today),
            terms=terms,
            stages=[stage_words(terms, each, usual=theirs[each.code]) for each in terms.stages],
            usual=usual,
            outside=[outside_sentence(body, terms) for body in terms.outside_bodies],
            departures=departures_from_code(terms),
            who=[category_words(each) for each in terms.customer_categories],
            problems=problems(terms),
            before=version_before(version),
            differences=changes_since_last(version),
            complaints=complaints_under(version, user_of(self.request)),
            versions=versions_of(procedure),
            columns=VERSION_COLUMNS,
            changes=changes_of(Thing.PROCEDURE, procedure.code),
            crumbs=[Link(NAMES[self.section], reverse(self.section)), Link(procedure.name)],
        )

    def version(self, procedure: Procedure) -> ProcedureVersion:
        """Return the version to show.

        :raises Http404: if there is none of this number.
        """
        versions = ProcedureVersion.objects.filter(procedure=procedure)
        versions = versions.select_related("procedure", "published_by")
        if self.is_draft:
            return get_object_or_404(versions, published_at__isnull=True)
        if number := self.kwargs.get("number"):
            return get_object_or_404(versions.published(), number=number)
        return version_in_force(procedure, self.today)


class ExportProcedure(StaffPage):
    """A version as the file in which procedures ship."""

    page = Page.SETTINGS

    def get(self, request: HttpRequest, code: str, number: int) -> HttpResponse:
        """Answer with the file.

        :raises Http404: if there is no such version.
        """
        version = get_object_or_404(
            ProcedureVersion.objects.select_related("procedure"),
            procedure__code=code,
            number=number,
        )
        response = HttpResponse(
            procedure_text(version.terms_words), content_type="application/toml; charset=utf-8"
        )
        name = f"{code}-version-{number}.toml"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response


class AddProcedure(ChangePage):
    """Add a procedure that the landlord has not had yet, from its file."""

    section = "cases:procedures"
    template_name = "cases/settings/form.html"
    title = "Add a procedure"
    intro = (
        "The easiest is to save a procedure that is like yours as a file, change that, and give it "
        "a code and a name of its own. It is added as a draft."
    )

    def get_form(self, form_class: Any = None) -> ProcedureFileForm:
        """Return the file."""
        return ProcedureFileForm(**self.get_form_kwargs(), button="Add as a draft")

    def back_url(self) -> str:
        """Return the draft once it is there, before that the procedures."""
        added = getattr(self, "added", "")
        return reverse("cases:procedure-draft", args=[added]) if added else super().back_url()

    def carry_out(self, form: Any) -> str:
        """Add it."""
        draft = add_procedure(form.words, by=user_of(self.request), now=self.now)
        self.added = draft.procedure.code
        return (
            f"“{draft.procedure.name}” is added as a draft. Nobody works by it until it is "
            "published and run."
        )


class BeginDraft(SmallAct):
    """Begin a new draft with the terms of a version."""

    def back_url(self) -> str:
        """Return the draft, or the procedure while there is none."""
        name = "cases:procedure-draft" if self.has_draft() else "cases:procedure"
        return reverse(name, args=[self.kwargs["code"]])

    def has_draft(self) -> bool:
        """Say whether there is a draft to go on with."""
        drafts = ProcedureVersion.objects.filter(procedure__code=self.kwargs["code"])
        return drafts.filter(published_at__isnull=True).exists()

    def carry_out(self) -> str:
        """Begin it."""
        version = get_object_or_404(
            ProcedureVersion.objects.published(),
            procedure__code=self.kwargs["code"],
            number=self.kwargs["number"],
        )
        draft = begin_draft(version_id=version.pk, by=user_of(self.request), now=self.now)
        return (
            f"This is the draft of version {draft.number}. Nothing changes until it is published."
        )


class AdoptProcedure(ChangePage):
    """Let another procedure run from a day on."""

    section = "cases:procedures"
    form_class = AdoptForm
    title = "Run another procedure"

    def carry_out(self, form: Any) -> str:
        """Let it run."""
        procedure = form.cleaned_data["procedure"]
        adoption = adopt_procedure(
            procedure_id=procedure.pk,
            from_on=form.cleaned_data["from_on"],
            by=user_of(self.request),
            now=self.now,
        )
        return f"“{procedure.name}” runs from {adoption.from_on:%-d %B %Y}."


class CancelAdoption(SmallAct):
    """Take back that a procedure will run."""

    def back_url(self) -> str:
        """Return the procedures."""
        return reverse("cases:procedures")

    def carry_out(self) -> str:
        """Take it back."""
        from_on = day_in(self.request.POST.get("from_on", ""))
        cancel_adoption(from_on=from_on, by=user_of(self.request), now=self.now)
        return "It will not run after all."
