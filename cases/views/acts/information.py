"""Asking contractors and colleagues for information, and the questions asked so far."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases.errors import ComplaintError
from cases.forms.acts.information import AskInformationForm
from cases.models import Complaint, InformationRequest
from cases.operations.information import Question, ask_for_information, stop_asking
from cases.rules.acts import Act
from cases.views.acts.page import ActPage

MOST_SHOWN = 50


class AskInformation(ActPage):
    """Ask somebody by a link that works once; stop a link."""

    act = Act.ASK_INFORMATION
    form_class = AskInformationForm
    template_name = "cases/acts/ask_information.html"
    done = "The question is on its way. You are told when an answer has come."
    collides = False
    # The question that would go, shown before it goes.
    to_send: Question | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the question, or stop a link."""
        if "stop" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.read()
        self.check_role()
        try:
            stop_asking(**self.whose, code=request.POST["stop"].replace("\x00", ""))
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The link is stopped.")
        return redirect("cases:ask-information", self.complaint.reference)

    def act_on(self, form: Any) -> HttpResponse:
        """Show what goes as its reader gets it; send it once that was seen."""
        if not form.is_valid() or form.cleaned_data["looked_at"] == "yes":
            return super().act_on(form)
        self.to_send = form.asked
        data = self.request.POST.copy()
        data["looked_at"] = "yes"
        return self.page(self.shown_again(data))

    def extra(self) -> dict[str, Any]:
        """Return what would go, and what was asked so far, the newest first."""
        asked = InformationRequest.objects.filter(complaint=self.complaint).order_by("-pk")
        return {
            "asked": [(each, self._standing(each)) for each in asked[:MOST_SHOWN]],
            "to_send": self.to_send,
        }

    def _standing(self, asked: InformationRequest) -> tuple[str, str]:
        if asked.answered_at:
            return f"Answered {asked.answered_at:%-d %b %Y}", "green"
        if asked.stopped_at:
            return "Stopped", "grey"
        if asked.expires_at <= self.now:
            return "The link has ended", "red"
        if asked.due_on < self.today:
            return "Overdue", "red"
        return f"Wanted by {asked.due_on:%-d %b %Y}", "yellow"

    def perform(self, form: Any) -> Complaint:
        """Send it."""
        ask_for_information(form.asked, **self.whose)
        return self.complaint
