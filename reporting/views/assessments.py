"""The self-assessment against the Complaint Handling Code: written, frozen, published, read."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.errors import ComplaintError, SettingChanged
from cases.models import Thing
from cases.rules.pages import READERS, Page
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Cell, Column, Link
from reporting.forms.assessments import ProvisionForm
from reporting.models import ImprovementReport, ProvisionAnswer, SelfAssessment
from reporting.operations.assessments import (
    answer_key,
    answer_provision,
    begin_assessment,
    freeze_assessment,
    publish_assessment,
)
from reporting.rules.code_provisions import Complies, Provision, Section, the_code
from reporting.rules.evidence import evidence_for, evidence_of
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.assessments import assessments, facts_of
from reporting.selectors.measures import years_measured
from reporting.views.access import ReportingPage

TITLE = "Self-assessment against the Code"


@dataclass(frozen=True, slots=True)
class Told:
    """A provision with its answer and what the record shows of it."""

    provision: Provision
    answer: ProvisionAnswer | None
    evidence: list[str]

    @property
    def slug(self) -> str:
        """Return the provision as an address names it: 6-2."""
        return self.provision.number.replace(".", "-")

    @property
    def complies(self) -> str:
        """Return whether the landlord keeps to it, in words; nothing without an answer."""
        found = self.answer.complies if self.answer else ""
        return Complies(found).words if found else ""


def told(
    assessment: SelfAssessment, evidence: dict[str, list[str]]
) -> list[tuple[Section, list[Told]]]:
    """Return the provisions of each section; frozen answers keep their own evidence."""
    answers = {each.provision: each for each in assessment.answers.all()}
    return [
        (
            section,
            [
                Told(each, answer, list(answer.evidence) if is_frozen and answer else shown)
                for each in section.provisions
                for answer, shown in [(answers.get(each.number), evidence.get(each.number, []))]
            ],
        )
        for is_frozen in [assessment.frozen_on is not None]
        for section in the_code().sections
    ]


class AssessmentsPage(ReportingPage):
    """A page about self-assessments: read by many, written by few."""

    page = Page.MEASURES

    @property
    def may_write(self) -> bool:
        """Say whether whoever looks writes them."""
        return self.user.has_role(*READERS[Page.ASSESSMENT])

    def check_writer(self) -> None:
        """Let only those on who write assessments.

        :raises PermissionDenied: for anybody else.
        """
        if not self.may_write:
            raise PermissionDenied

    def assessment(self, year: ReportingYear, edition: int) -> SelfAssessment:
        """Return one.

        :raises Http404: if there is none.
        """
        return get_object_or_404(SelfAssessment, begins=year.begins, edition=edition)

    def evidence(self, assessment: SelfAssessment) -> dict[str, list[str]]:
        """Return what the record shows now, which is of no account once it is frozen."""
        if assessment.frozen_on is not None:
            return {}
        return evidence_for(the_code(), facts_of(assessment.year, today=self.today))


class AssessmentList(AssessmentsPage):
    """All of them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        rows = [
            [
                Cell(f"{each.year}, edition {each.edition}", address(each)),
                each.standing[0],
                f"{each.standing[1]:%-d %B %Y}",
            ]
            for each in assessments()
        ]
        context = {
            "title": TITLE,
            "rows": rows,
            "columns": [Column("Year"), Column("Standing"), Column("Since")],
            "may_write": self.may_write,
            "year": self._usual_year,
            "other_years": [each for each in self._years if each != self._usual_year],
        }
        return render(request, "reporting/assessments.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin one of a year: of the last that is over, unless another is asked for.

        :raises Http404: if there is no such year, or it is not measured.
        """
        self.check_writer()
        asked = request.POST.get("year", str(self._usual_year))
        year = next((each for each in self._years if str(each) == asked), None)
        if year is None:
            raise Http404
        try:
            begun = begin_assessment(year=year, by=self.user, now=self.now)
        except ComplaintError as refused:
            messages.error(request, str(refused))
            return redirect("reporting:assessments")
        messages.success(request, "It is begun. The answers of the last one are kept in it.")
        return redirect(address(begun))

    @property
    def _years(self) -> list[ReportingYear]:
        return years_measured(self.today)

    @property
    def _usual_year(self) -> ReportingYear:
        """Return the last year that is over, whose annual report the assessment goes into."""
        over = (each for each in self._years if each.last < self.today)
        return next(over, self._years[0])


def address(assessment: SelfAssessment) -> str:
    """Return the address of an assessment's page."""
    return reverse("reporting:assessment", args=[assessment.year, assessment.edition])


class AssessmentPage(AssessmentsPage):
    """One of them, provision by provision."""

    def get(self, request: HttpRequest, year: ReportingYear, edition: int) -> HttpResponse:
        """Show it."""
        assessment = self.assessment(year, edition)
        sections = told(assessment, self.evidence(assessment))
        every = [each for _, provisions in sections for each in provisions]
        context = {
            "title": TITLE,
            "assessment": assessment,
            "sections": sections,
            "code": the_code(),
            "answered": sum(bool(each.complies) for each in every),
            "number": len(every),
            "may_write": self.may_write and assessment.frozen_on is None,
            "may_publish": self.may_write
            and assessment.frozen_on is not None
            and assessment.published_on is None,
            "crumbs": [Link(TITLE, reverse("reporting:assessments")), Link(str(assessment))],
        }
        return render(request, "reporting/assessment.html", context)

    def post(self, request: HttpRequest, year: ReportingYear, edition: int) -> HttpResponse:
        """Freeze or publish it.

        :raises Http404: if something else is asked for.
        """
        self.check_writer()
        assessment = self.assessment(year, edition)
        do = request.POST.get("do", "")
        try:
            if do == "freeze":
                freeze_assessment(
                    assessment_id=assessment.pk,
                    evidence=self.evidence(assessment),
                    by=self.user,
                    now=self.now,
                )
                done = "It is frozen with the evidence of today."
            elif do == "publish":
                publish_assessment(assessment_id=assessment.pk, by=self.user, now=self.now)
                done = "Everybody can read it now."
            else:
                raise Http404
        except ComplaintError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return redirect(address(assessment))


class ProvisionPage(AssessmentsPage):
    """The answer to one provision."""

    page = Page.ASSESSMENT

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Keep what the address names."""
        super().setup(request, *args, **kwargs)
        self.number = kwargs["provision"].replace("-", ".")

    @cached_property
    def found(self) -> SelfAssessment:
        """Return the assessment, of a provision that there is.

        :raises Http404: if there is none.
        """
        if self.number not in the_code().provisions:
            raise Http404
        return self.assessment(self.kwargs["year"], self.kwargs["edition"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        answer = self.found.answers.filter(provision=self.number).first()
        given = {"complies": answer.complies, "comment": answer.comment} if answer else {}
        initial = {**given, "seen": last_change(Thing.LANDLORD, self._key)}
        return self._show(request, ProvisionForm(initial=initial, cancel=self._back))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep the answer, or show why not with what was typed."""
        assessment = self.found
        form = ProvisionForm(request.POST, cancel=self._back)
        if form.is_valid():
            try:
                answer_provision(
                    assessment_id=assessment.pk,
                    provision=self.number,
                    complies=Complies(form.cleaned_data["complies"]),
                    comment=form.cleaned_data["comment"],
                    by=self.user,
                    now=self.now,
                    seen=form.cleaned_data["seen"],
                )
            except SettingChanged as changed:
                form.add_error(None, str(changed))
                # Whoever has read this may save on top of it.
                newest = last_change(Thing.LANDLORD, self._key)
                form.data = {**request.POST.dict(), "seen": str(newest)}
            except ComplaintError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"The answer to {self.number} is kept.")
                return redirect(self._back)
        return self._show(request, form, status=422)

    @property
    def _key(self) -> str:
        return answer_key(self.found, self.number)

    @property
    def _back(self) -> str:
        return f"{address(self.found)}#provision-{self.kwargs['provision']}"

    def _shown(self) -> list[str]:
        """Return what the record shows of this provision now, which is all that is looked up."""
        if self.found.frozen_on is not None:
            return []
        facts = facts_of(self.found.year, today=self.today)
        return evidence_of(the_code().provisions[self.number], facts)

    def _show(self, request: HttpRequest, form: ProvisionForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "changes": changes_of(Thing.LANDLORD, self._key),
            "provision": the_code().provisions[self.number],
            "evidence": self._shown(),
            "crumbs": [
                Link(TITLE, reverse("reporting:assessments")),
                Link(str(self.found), address(self.found)),
                Link(self.number),
            ],
        }
        return render(request, "reporting/provision.html", context, status=status)


@login_not_required
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """Tell everybody how the landlord says it keeps to the Code: what was published last."""
    assessment = SelfAssessment.objects.published().first()
    context = {
        "assessment": assessment,
        "sections": told(assessment, {}) if assessment else [],
        "code": the_code(),
        "reports": list(ImprovementReport.objects.published()),
    }
    return render(request, "reporting/public/code.html", context)
