"""Logging what a customer says: a complaint, one put right there and then, or a request."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from cases.errors import ComplaintError, LatenessUnexplained, LoggedAlready
from cases.forms.acts.people import NEW
from cases.forms.log import REQUEST, RESOLVED, LogForm
from cases.forms.log_answers import complaint_of, cure_of, logged_of, request_of
from cases.models import Complaint, Level, LoggedForm
from cases.operations.lateness import saying_why
from cases.operations.log import log_complaint, log_service_request
from cases.rules.pages import Page
from cases.templatetags.parts import Link
from cases.views.access import UNPROCESSABLE, StaffPage, user_of
from cases.views.log_desk import Desk
from cases.views.uploads import uploads_are_limited

# The buttons that send the whole form and record nothing.
LOOK, CHECK = "look", "check"


@method_decorator(uploads_are_limited, name="dispatch")
class LogPage(StaffPage):
    """One page for all that comes by telephone, letter or visit. Nothing typed is ever lost."""

    page = Page.LOG

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once."""
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.user = user_of(request)
        self.desk = Desk(self.user, now=self.now, today=self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form: empty, for a customer named in the address, or with those found."""
        desk, asked = self.desk, request.GET
        desk.take(asked.get("customer", ""))
        words = asked.get("find", "")
        if words:
            desk.look(words)
        desk.read(None)
        initial = {"find": words, "customer": desk.code if desk.chosen else ""}
        initial["linked_to"] = desk.known_as(asked.get("linked_to", ""))
        focus = "customer" if words and desk.found else "" if desk.chosen else "find"
        return self.show(LogForm(initial=initial, **desk.details(focus=focus)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the customer, show the deadlines, or log it."""
        desk, data = self.desk, without_nulls(request.POST)
        desk.keep_files(data, request.FILES.getlist("uploads"))
        desk.take(data.get("customer", ""))
        if LOOK in data:
            desk.look(data.get("find", ""))
        desk.read(data)
        if LOOK in data or CHECK in data:
            return self.show_again(data)
        form = LogForm(data, request.FILES, **desk.details())
        if data.get("customer") == NEW:
            desk.look_for_the_same(form)
        form.is_valid()
        self.hold_up(form, shown=set(data.get("warned", "").split()))
        if form.errors:
            return self.show(form, status=UNPROCESSABLE)
        try:
            logged = self.log(form)
        except ComplaintError as refusal:
            return self.refused(data, refusal)
        return self.done(logged)

    def hold_up(self, form: LogForm, *, shown: set[str]) -> None:
        """Refuse a file that cannot be taken, and once what may be logged already."""
        desk = self.desk
        if desk.file_refusal:
            form.add_error("uploads", desk.file_refusal)
        reason = ""
        if desk.chosen and any(each.reference not in shown for each in desk.open_cases):
            reason = (
                f"{desk.chosen.name} has something open already: see whether this is the same. "
                "If it is not, log it"
            )
        elif desk.code == NEW and any(each.code not in shown for each in desk.found):
            reason = (
                "Somebody very like them is known already: choose them, or log it for a new "
                "customer"
            )
        # What a form that arrives again would find open is what it logged the first time.
        if reason and not LoggedForm.objects.filter(key=form["key"].value(), by=self.user).exists():
            form.add_error("customer", reason)

    def log(self, form: LogForm) -> LoggedForm:
        """Log it.

        :raises ComplaintError: if something stands in the way.
        """
        if form.cleaned_data["ends"] == REQUEST:
            return log_service_request(
                logged_of(form), request_of(form), by=self.user, now=self.now
            )
        with saying_why(form.lateness):
            return log_complaint(
                logged_of(form),
                complaint_of(form),
                by=self.user,
                now=self.now,
                resolved=cure_of(form),
            )

    # The answers ---------------------------------------------------------------------------------

    def refused(self, data: QueryDict, refusal: ComplaintError) -> HttpResponse:
        """Show what was typed with the reason why it is not logged."""
        if isinstance(refusal, LoggedAlready):
            # It goes on as another form, which can be logged.
            data["key"] = LogForm(**self.desk.details())["key"].value()
        form = LogForm(data, self.request.FILES, **self.desk.details())
        asks = refusal.asks if isinstance(refusal, LatenessUnexplained) else ()
        form.refuse_late(asks, str(refusal))
        return self.show(form, status=UNPROCESSABLE)

    def show_again(self, data: QueryDict) -> HttpResponse:
        """Show the form with all that was typed, and what was asked for."""
        desk = self.desk
        focus = ("customer" if desk.found else "find") if LOOK in data else ""
        form = LogForm.shown_again(data, **desk.details(focus=focus))
        if CHECK in data and desk.code == NEW:
            desk.look_for_the_same(form)
        is_refused = desk.file_refusal or desk.lookup_refusal
        return self.show(form, status=UNPROCESSABLE if is_refused else 200)

    def show(self, form: LogForm, *, status: int = 200) -> HttpResponse:
        """Show the page."""
        asked = self.request.POST
        ends = form["ends"].value()
        context = {
            "form": form,
            "desk": self.desk,
            "crumbs": [Link("Complaints", reverse("cases:queue")), Link("Log a complaint")],
            "alike": self.desk.found if self.desk.code == NEW and LOOK not in asked else [],
            "is_nobody": LOOK in asked and not self.desk.found,
            "searched": asked.get("find") or self.request.GET.get("find", ""),
            "is_request": ends == REQUEST,
            "is_resolved": ends == RESOLVED,
            "is_checked": asked.get(CHECK) == "yes",
            "is_live": asked.get(CHECK) == "live",
            "today": self.today,
        }
        return render(self.request, "cases/log.html", context, status=status)

    def done(self, logged: LoggedForm) -> HttpResponse:
        """Go to what was logged, and say what to tell the customer."""
        if logged.request is not None:
            messages.success(self.request, f"Logged as {logged.request.reference}.")
            return redirect(logged.request)
        complaint = logged.complaint
        if self.desk.closing:
            messages.info(self.request, self.desk.closing)
        if complaint is None or not self.may_read(complaint):
            return redirect("cases:logged", logged.key)
        messages.success(self.request, self.told(complaint))
        return redirect(complaint)

    def may_read(self, complaint: Complaint) -> bool:
        """Say whether they may read what they logged, without a query for a normal one."""
        is_theirs = complaint.logged_by_id == self.user.pk
        if is_theirs and complaint.level == Level.NORMAL:
            return True
        return Complaint.objects.readable_by(self.user).filter(pk=complaint.pk).exists()

    def told(self, complaint: Complaint) -> str:
        """Return what was logged, and the days to tell the customer."""
        if not complaint.is_open:
            return f"Logged as {complaint.reference}, put right and closed."
        days = "; ".join(self.desk.days)
        return f"Logged as {complaint.reference}." + (
            f" Tell the customer: {days}." if days else ""
        )


def without_nulls(given: QueryDict) -> QueryDict:
    """Return what was sent without a character that no keyboard has and no database takes."""
    kept = given.copy()
    for name, values in given.lists():
        kept.setlist(name, [value.replace("\x00", "") for value in values])
    return kept
