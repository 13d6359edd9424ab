"""What is done with a request: it is done, or its customer is not satisfied."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.errors import ComplaintError
from cases.forms.requests import COMPLAIN, DissatisfiedForm, DoneForm, RequestForm
from cases.models import Complaint
from cases.operations.lateness import saying_why
from cases.operations.service_requests import finish_request, keep_as_request, make_complaint
from cases.templatetags.parts import Link
from cases.views.access import UNPROCESSABLE
from cases.views.log_desk import Desk
from cases.views.requests import OneRequest


class RequestAct(OneRequest):
    """Something done with one of them."""

    title = ""
    template_name = "cases/request_act.html"
    form_class: type[RequestForm]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, unless it cannot be done now."""
        if refusal := self.why_not():
            messages.warning(request, refusal)
            return redirect(self.asked)
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or say what is in the way."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        try:
            return self.act(form)
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, status=UNPROCESSABLE)

    def why_not(self) -> str:
        """Return why it cannot be done now, or nothing."""
        raise NotImplementedError

    def act(self, form: Any) -> HttpResponse:
        """Do it, and go on.

        :raises ComplaintError: if something stands in the way.
        """
        raise NotImplementedError

    def form(self, data: Any = None, **details: Any) -> RequestForm:
        """Return the form, empty or with what was typed."""
        asked = self.asked
        return self.form_class(
            data,
            since=asked.received_on,
            today=self.today,
            cancel=asked.get_absolute_url(),
            **details,
        )

    def extra(self) -> dict[str, Any]:
        """Return what the page shows besides."""
        return {}

    def show(self, form: RequestForm, *, status: int = 200) -> HttpResponse:
        """Show the form."""
        context = {
            "form": form,
            "title": self.title,
            "asked": self.asked,
            "customer": self.asked.customer,
            "crumbs": [*self.crumbs, Link(self.title)],
            "today": self.today,
            **self.extra(),
        }
        return render(self.request, self.template_name, context, status=status)


class RequestDone(RequestAct):
    """Recording that it is done."""

    title = "It is done"
    form_class = DoneForm

    def why_not(self) -> str:
        """Return that it is done, if it is."""
        return "It is recorded as done already." if self.asked.done_on else ""

    def act(self, form: Any) -> HttpResponse:
        """Record it."""
        finish_request(request_id=self.asked.pk, by=self.user, now=self.now, **form.cleaned_data)
        messages.success(self.request, "It is recorded as done.")
        return redirect(self.asked)


class RequestDissatisfied(RequestAct):
    """Recording that the customer is not satisfied: a complaint, or their word kept with it."""

    title = "The customer is not satisfied"
    form_class = DissatisfiedForm
    template_name = "cases/request_dissatisfied.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Work out what would follow."""
        super().setup(request, *args, **kwargs)
        self.desk = Desk(self.user, now=self.now, today=self.today)
        self.desk.read(request.POST if request.method == "POST" else None)

    def form(self, data: Any = None, **details: Any) -> RequestForm:
        """Return the form, which asks why a complaint is logged late where it is."""
        wants = self.request.POST.get("wants")
        is_late = wants == COMPLAIN and self.desk.is_logged_late
        return super().form(data, is_logged_late=is_late, **details)

    def why_not(self) -> str:
        """Return that it is a complaint, if it is."""
        return "It is a complaint already." if self.is_complaint else ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record it, or show what would follow."""
        if "check" in request.POST:
            form = self.form()
            for name, field in form.fields.items():
                form.initial[name] = field.widget.value_from_datadict(request.POST, {}, name)
            return self.show(form)
        return super().post(request, *args, **kwargs)

    def act(self, form: Any) -> HttpResponse:
        """Make a complaint of it, or keep what they said."""
        whose: dict[str, Any] = {"request_id": self.asked.pk, "by": self.user, "now": self.now}
        if form.cleaned_data["wants"] != COMPLAIN:
            given = form.cleaned_data
            keep_as_request(**whose, on=given["received"], words=given["words"])
            messages.success(self.request, "It is kept with the request.")
            return redirect(self.asked)
        with saying_why(form.lateness):
            complaint = make_complaint(form.dissatisfied, **whose)
        days = "; ".join(self.desk.days)
        told = f"It is complaint {complaint.reference}." + (
            f" Tell the customer: {days}." if days else ""
        )
        messages.success(self.request, told)
        if self.desk.closing:
            messages.info(self.request, self.desk.closing)
        readable = Complaint.objects.readable_by(self.user).filter(pk=complaint.pk)
        return redirect(complaint if readable.exists() else self.asked)

    def extra(self) -> dict[str, Any]:
        """Return what would follow."""
        asked = self.request.POST
        wants = asked.get("wants")
        return {
            "desk": self.desk,
            "is_checked": asked.get("check") == "yes",
            "is_live": asked.get("check") == "live",
            "is_request": bool(wants) and wants != COMPLAIN,
        }
