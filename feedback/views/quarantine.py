"""Quarantine: what looked like abuse, for a coordinator to release or to mark."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cases.errors import ComplaintError
from cases.rules.calendars import WorkingCalendar
from cases.rules.due_words import standing
from cases.rules.pages import Page
from cases.selectors.running import current_edition
from cases.templatetags.parts import Column, FileRow, Link, SummaryRow, Tab
from feedback.forms.staff import ReasonForm
from feedback.models import State, Submission
from feedback.operations.quarantine import mark_as_abuse, release
from feedback.rules.abuse import Sign
from feedback.rules.kinds import Kind
from feedback.selectors.sightings import with_submission
from feedback.views.sections import FeedbackPage

ROWS_A_PAGE = 50
VIEWS = (State.QUARANTINED, State.ABUSE, State.RELEASED)


class QuarantineList(FeedbackPage):
    """What waits, the first to be looked at first; and what was decided before."""

    page = Page.QUARANTINE
    section = "quarantine"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        states = {each.value: each for each in VIEWS}
        state = states.get(request.GET.get("state", ""), State.QUARANTINED)
        order = ("review_by", "pk") if state is State.QUARANTINED else ("-pk",)
        found = Submission.objects.open_to(self.user).filter(state=state.value).order_by(*order)
        shown = found.select_related("reviewed_by", "complaint", "remark")
        page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
        calendar = current_edition().calendar
        return self.render(
            request,
            "feedback/staff/quarantine.html",
            page=page,
            state=state,
            is_waiting=state is State.QUARANTINED,
            views=[
                Tab(each.words, f"?state={each.value}", is_current=each is state) for each in VIEWS
            ],
            rows=[self._row(each, calendar) for each in page.object_list],
            columns=[
                Column("Reference"),
                Column("Received"),
                Column("Kind"),
                Column("Why it is here"),
                Column("Look at it by" if state is State.QUARANTINED else "Decided"),
            ],
        )

    def _row(self, submission: Submission, calendar: WorkingCalendar) -> dict[str, Any]:
        return {
            "submission": submission,
            "kind": Kind(submission.kind),
            "signs": [Sign(code).words for code in submission.signs],
            "standing": standing(submission.review_by, today=self.today, calendar=calendar),
        }


class QuarantinedPage(FeedbackPage):
    """One form in quarantine, as it was sent."""

    page = Page.QUARANTINE
    section = "quarantine"
    submission: Submission

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load it; one that may be about this person does not exist for them.

        :raises Http404: if there is none.
        """
        super().setup(request, *args, **kwargs)
        if not self.may_read:
            return
        held = Submission.objects.open_to(self.user).exclude(state=State.ACCEPTED.value)
        self.submission = get_object_or_404(
            held.select_related("reviewed_by", "complaint", "remark"),
            reference=kwargs["reference"],
        )

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show it."""
        return self.show(request, ReasonForm())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Release it, or mark it as abuse."""
        form = ReasonForm(request.POST)
        is_abuse = request.POST.get("act") == "abuse"
        if is_abuse and not form.is_valid():
            return self.show(request, form, status=422)
        try:
            if is_abuse:
                reason = form.cleaned_data["reason"]
                mark_as_abuse(
                    submission_id=self.submission.pk, by=self.user, now=self.now, reason=reason
                )
                messages.success(request, "It is marked as abuse, and kept.")
            else:
                released = release(submission_id=self.submission.pk, by=self.user, now=self.now)
                messages.success(request, _what_became_of(released))
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
            return redirect("feedback:quarantined", self.submission.reference)
        return redirect("feedback:quarantine")

    def show(self, request: HttpRequest, form: ReasonForm, *, status: int = 200) -> HttpResponse:
        """Show the form as it was sent, why it is here, and what can be done."""
        submission = self.submission
        state = State(submission.state)
        listing = Link("Quarantine", reverse("feedback:quarantine"))
        return self.render(
            request,
            "feedback/staff/quarantined.html",
            form=form,
            submission=submission,
            kind=Kind(submission.kind),
            state=state,
            is_waiting=state is State.QUARANTINED,
            may_release=state in (State.QUARANTINED, State.ABUSE),
            crumbs=[listing, Link(submission.reference)],
            signs=[Sign(code).words for code in submission.signs],
            standing=standing(
                submission.review_by, today=self.today, calendar=current_edition().calendar
            ),
            parts=[
                {
                    "title": section["title"],
                    "rows": [SummaryRow(*row[:2]) for row in section["rows"]],
                }
                for section in submission.as_sent
            ],
            sightings=with_submission(submission),
            files=[
                FileRow(
                    row.file.name,
                    reverse("feedback:quarantined-file", args=[submission.reference, row.file.key]),
                    held=row.file.held_words,
                )
                for row in submission.files.select_related("file")
            ],
            status=status,
        )


def _what_became_of(submission: Submission) -> str:
    if submission.complaint is not None:
        return (
            f"It is complaint {submission.reference} now, received on "
            f"{submission.received_on:%-d %B %Y}. It waits to be accepted."
        )
    return f"It is {Kind(submission.kind).words.lower()} {submission.reference} now."
