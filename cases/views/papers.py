"""The papers of a complaint: for its hearing, and as evidence for the Ombudsman."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from cases.errors import ComplaintError, NotEntitled
from cases.forms.papers import RedactionForm
from cases.models import OF_LETTERS, Document, DocumentKind
from cases.operations.evidence import (
    BUNDLE_ROLES,
    PAPERS_ROLES,
    make_bundle,
    roles_of,
    taken,
)
from cases.selectors.case_page import case_page
from cases.selectors.case_papers import papers_of
from cases.selectors.restrictions import restrictions_kept_from
from cases.selectors.standing import roles_for
from cases.views.access import UNPROCESSABLE, ComplaintPage, user_of
from cases.views.case_head import head_of
from cases.views.files import handed_out
from cases.views.own_signing_in import ask_again, proved_lately


class CasePapersView(ComplaintPage):
    """What was bound of a complaint's record, and binding it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show what there is, or hand one of them out, which is recorded.

        :raises PermissionDenied: to whoever has no part in a hearing or in evidence.
        :raises Http404: if there is no such document, or it is not theirs.
        """
        self.check(BUNDLE_ROLES | PAPERS_ROLES)
        if key := request.GET.get("document"):
            try:
                file = taken(complaint=self.complaint, key=key, by=user_of(request), now=self.now)
            except NotEntitled:
                raise Http404 from None
            except ComplaintError as refusal:
                messages.error(request, str(refusal))
                return redirect("cases:case-papers", self.complaint.reference)
            return handed_out(file)
        return self.page(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the evidence bundle, or its redacted twin.

        :raises PermissionDenied: to whoever may not.
        """
        self.check(BUNDLE_ROLES)
        if not proved_lately(request, self.now):
            return ask_again(request)
        step = request.POST.get("step", "")
        common: dict[str, Any] = {
            "complaint_id": self.complaint.pk,
            "by": user_of(request),
            "now": self.now,
        }
        form = self.form(request.POST)
        if step == "redacted" and not form.is_valid():
            return self.page(form, status=UNPROCESSABLE)
        try:
            if step == "redacted":
                make_bundle(**common, redaction=form.redaction)
            elif step == "bundle":
                make_bundle(**common)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        return redirect("cases:case-papers", self.complaint.reference)

    def check(self, wanted: Any) -> None:
        """Turn away whoever's role does not count here.

        :raises PermissionDenied: to them.
        """
        self.roles = roles_for(user_of(self.request), self.complaint)
        if not self.roles & wanted:
            raise PermissionDenied

    def form(self, data: Any = None) -> RedactionForm:
        """Return the form of what the twin leaves out."""
        return RedactionForm(data, files=papers_of(self.complaint).files)

    def page(self, form: RedactionForm, *, status: int = 200) -> HttpResponse:
        """Answer with the page; what this reader could not take is not offered."""
        kept_from = restrictions_kept_from(user_of(self.request), self.complaint)
        documents = Document.objects.filter(complaint=self.complaint).exclude(kind__in=OF_LETTERS)
        rows = [
            each
            for each in documents.select_related("file", "made_by")
            .annotate(taken=Count("downloads"))
            .order_by("-pk")
            if self.roles & roles_of(each.kind) and not kept_from.tells(each)
        ]
        case = case_page(self.complaint, user=user_of(self.request), today=self.today)
        context = {
            **head_of(case, here="Papers and evidence"),
            "rows": [{"document": each, "words": DocumentKind(each.kind).label} for each in rows],
            "form": form,
            "may_make": bool(self.roles & BUNDLE_ROLES),
        }
        return render(self.request, "cases/papers.html", context, status=status)
