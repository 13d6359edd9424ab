"""What somebody logged and may not read from now on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.models import Complaint, LoggedForm, RecordedEvent
from cases.rules.events import EventKind
from cases.rules.pages import Page
from cases.selectors.log_page import begun, dated
from cases.views.access import StaffPage, user_of


class LoggedPage(StaffPage):
    """What somebody logged and may not read from now on: its reference, and what comes next."""

    page = Page.LOG

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show it to whoever logged it, or go to the complaint where they may read it.

        :raises Http404: to anybody else.
        """
        user = user_of(request)
        forms = LoggedForm.objects.select_related("complaint__procedure_version__procedure")
        form = forms.filter(key=key, by=user, complaint__isnull=False).first()
        if form is None or form.complaint is None:
            raise Http404
        complaint = form.complaint
        if Complaint.objects.readable_by(user).filter(pk=complaint.pk).exists():
            return redirect(complaint)
        receipt = RecordedEvent.objects.get(complaint=complaint, kind=EventKind.RECEIVED.value)
        # As it stood when it was logged: what became of it since is not theirs to read.
        history = begun(complaint.procedure_version, receipt.facts["calendar"], receipt.on, form.at)
        context = {
            "reference": complaint.reference,
            "days": dated(history),
            "waits": receipt.facts.get("needs_triage"),
        }
        return render(request, "cases/logged.html", context)
