"""Second looks: weighty roles that wait for approval, and what auditors opened."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases.errors import ComplaintError
from cases.operations.roles import approve_role, refuse_role
from cases.rules.pages import Page
from cases.selectors.case_views import case_views, viewed
from cases.selectors.people import proposed_roles
from cases.templatetags.parts import Column
from cases.views.access import user_of
from cases.views.change_page import SettingsPage
from cases.views.own_signing_in import ask_again, proved_lately

PAGE_LENGTH = 50
COLUMNS = (Column("When"), Column("Who"), Column("Complaint"), Column("Page"))


class RoleApprovals(SettingsPage):
    """The roles that wait for a second person, with the way to decide on each."""

    page = Page.ROLE_APPROVALS
    section = "cases:role-approvals"
    template_name = "cases/settings/role_approvals.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approve one, or do not, or say why that is not possible."""
        if not proved_lately(request, self.now):
            return ask_again(request)
        approves = "approve" in request.POST
        code = request.POST.get("approve" if approves else "refuse", "").replace("\x00", "")
        decide: Callable[..., object] = approve_role if approves else refuse_role
        done = "The role is given." if approves else "The role is not given."
        try:
            decide(code=code, by=user_of(request), now=self.now)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect(self.section)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what waits, and whether whoever looks may decide it."""
        me = user_of(self.request).pk
        rows = [(each, me not in (each.user_id, each.proposed_by_id)) for each in proposed_roles()]
        return super().get_context_data(**kwargs, rows=rows)


class AuditorsViews(SettingsPage):
    """Every page of a complaint that an auditor opened, the newest first."""

    page = Page.AUDITORS_VIEWS
    section = "cases:auditors-views"
    template_name = "cases/settings/auditors_views.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of lines asked for."""
        pages = Paginator(case_views(user_of(self.request)), PAGE_LENGTH)
        shown = pages.get_page(self.request.GET.get("page"))
        lines = [viewed(row) for row in shown.object_list]
        return super().get_context_data(**kwargs, shown=shown, lines=lines, columns=COLUMNS)
