"""Checking the answers, sending them, and what is shown once they are sent."""

from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cases.errors import ActionNotAllowed, NotMade
from cases.operations.guessing import Counter, take_turn
from cases.rules.papers import PDF
from cases.selectors.running import landlord
from cases.selectors.speaking import is_english, spoken
from cases.templatetags.parts import SummaryRow
from feedback.errors import AnswersChanged, ConfirmationNeeded, NothingToSend
from feedback.forms.files import FilesStep, SendForm
from feedback.forms.journey import CHECK, Journey, Section, in_words
from feedback.models import Submission
from feedback.operations.copies import SIZES, Sent, copy_pdf
from feedback.operations.drafts import forget, plain_text
from feedback.operations.send import Sending, send_form
from feedback.rules.kinds import Kind
from feedback.rules.told import CALL_BACK, RING_ME, Told
from feedback.selectors.drafts import files_of, sent_under, sent_with
from feedback.selectors.receipts import code_of, received, standing_of
from feedback.selectors.running import running_on
from feedback.views.browser import receipt_of, source_of, take_token
from feedback.views.public import PublicPage

# In the address of the page that asks once more: the key of the answers it asks about.
ASKED = "asked"
# Copies of one form as a PDF, before each further one has to wait: it takes work to set them.
FREE_COPIES = 3


class CheckPage(PublicPage):
    """All answers to be checked, each with the way to change it; and the button that sends them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the answers, or the page that still waits for one."""
        if self.draft is None:
            return self.lost(request)
        journey = self.journey()
        if not journey.is_complete:
            return redirect("feedback:step", journey.next_page)
        if request.GET.get(ASKED) == self.draft.key:
            return render(request, "feedback/confirm.html", self.context(journey))
        return self.show(request, journey)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the answers, once, and lead to the receipt."""
        typed = {name: plain_text(request.POST.get(name, "")) for name in SendForm.base_fields}
        form = SendForm(typed)
        form.is_valid()
        key = form.cleaned_data.get("key", "")
        # A draft goes when it is sent: while it can be sent under this key, it was not.
        is_to_send = self.draft is not None and self.draft.key == key
        if not is_to_send and (found := sent_under(self.token, key)):
            return self.to_receipt(found)
        if self.draft is None:
            return self.lost(request)
        journey = self.journey()
        if not journey.is_complete:
            return redirect("feedback:step", journey.next_page)
        if not self.is_trusted:
            return self.show(
                request,
                journey,
                status=403,
                note=_(
                    "This page had been open for too long, so nothing was sent. Your answers are "
                    "all here: press the button again."
                ),
            )
        return self.send(request, journey, form)

    def send(self, request: HttpRequest, journey: Journey, form: SendForm) -> HttpResponse:
        """Send the answers, or say what has to be done first."""
        assert self.draft is not None  # noqa: S101  there is nothing to send without one
        sending = Sending(
            token=self.token,
            began_at=self.draft.began_at,
            key=form.cleaned_data.get("key", ""),
            told=_in_their_language(journey.told()),
            as_sent=self.as_sent(journey),
            source=source_of(request),
            # What does not fit into the trap was not typed by anybody either.
            is_trapped=bool(form.cleaned_data.get("fax_number", "long")),
            is_confirmed=form.cleaned_data.get("confirmed") == "yes",
        )
        if self.draft.key != sending.key:
            return self.changed(request)
        try:
            return self.to_receipt(send_form(sending, now=self.now))
        except NothingToSend:
            return self.lost(request)
        except ConfirmationNeeded:
            return redirect(f"{reverse('feedback:check')}?{ASKED}={sending.key}")
        except AnswersChanged:
            return self.changed(request)
        except ActionNotAllowed:
            return render(request, "feedback/not_set_up.html", status=503)

    def as_sent(self, journey: Journey) -> list[dict[str, Any]]:
        """Return the questions and answers as the record keeps them: in English."""
        if is_english():
            return [asdict(section) for section in journey.sections()]
        with translation.override(settings.LANGUAGE_CODE):
            return [asdict(section) for section in self.journey().sections()]

    def changed(self, request: HttpRequest) -> HttpResponse:
        """Show the answers as they are now, and why nothing was sent."""
        messages.warning(
            request,
            _(
                "Your answers were changed in another window, so nothing was sent. These are the "
                "answers as they are now: check them and send them."
            ),
        )
        return redirect("feedback:check")

    def to_receipt(self, submission: Submission) -> HttpResponse:
        """Lead to the page with the reference."""
        return redirect("feedback:sent", submission.reference)

    def show(
        self, request: HttpRequest, journey: Journey, *, status: int = 200, note: str = ""
    ) -> HttpResponse:
        """Show the answers."""
        context = self.context(journey) | {"note": note}
        return render(request, "feedback/check.html", context, status=status)

    def context(self, journey: Journey) -> dict[str, Any]:
        """Return what the page shows."""
        assert self.draft is not None  # noqa: S101  there is no page without one
        files = reverse("feedback:files") + f"?back={CHECK}"
        return {
            "sections": [_with_changes(section) for section in journey.sections()],
            "files": files_of(self.draft),
            "files_url": files,
            "key": self.draft.key,
            "kind": journey.told().kind,
            "back_url": reverse("feedback:step", args=[FilesStep.code]),
            "has_draft": True,
        }


def _in_their_language(told: Told) -> Told:
    """Return what was told with the language it was written in, if that is not English.

    Whoever writes in a language reads it too, unless they ask for another.
    """
    if is_english():
        return told
    name = spoken().name
    return replace(told, written_in=name, language=told.language or name)


def _with_changes(section: Section) -> dict[str, Any]:
    """Return questions and answers, each with the way to change it."""
    rows = [
        SummaryRow(question, answer, reverse("feedback:step", args=[code]) + f"?back={CHECK}")
        for question, answer, code in section.rows
    ]
    return {"title": section.title, "rows": rows}


class SentPage(PublicPage):
    """The receipt, for the browser that sent the form, as long as it is open."""

    template = "feedback/sent.html"
    # Whether the code of the receipt opens something here too, in any browser.
    opens_by_code = True

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the reference and what happens next."""
        submission = sent_with(self.token, reference)
        if submission is not None:
            return render(request, self.template, self.context(submission))
        if receipt_of(request) == reference and self.opens_by_code:
            return self.by_code(request, reference)
        return render(request, "feedback/gone.html", status=404)

    def by_code(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show how it stands, and no more than the receipt by email says."""
        submission = get_object_or_404(received(), reference=reference)
        context = self.context(submission)
        standing = standing_of(submission, now=timezone.now())
        steps = context["running"].steps(context["kind"]) if submission.expects_answer else []
        context |= {"standing": standing, "steps": steps}
        return render(request, "feedback/receipt.html", context)

    def context(self, submission: Submission) -> dict[str, Any]:
        """Return what the page shows: the same, whatever became of what was sent."""
        kind = Kind(submission.kind)
        running = running_on(submission.received_on)
        steps = running.steps(kind, with_call=asks_to_be_rung(submission))
        return {
            "submission": submission,
            "kind": kind,
            "code": code_of(submission),
            "running": running,
            "steps": steps if submission.expects_answer else [],
            "files": [row.file for row in submission.files.all()],
        }


class CopyPage(SentPage):
    """What somebody sent, in their own words, to print or keep."""

    template = "feedback/copy.html"
    opens_by_code = False

    def context(self, submission: Submission) -> dict[str, Any]:
        """Return the questions and answers as they were sent."""
        sections = [
            {"title": title, "rows": [SummaryRow(asked, said) for asked, said in rows]}
            for title, rows in sections_of(submission)
        ]
        return super().context(submission) | {"sections": sections}


class CopyPdf(PublicPage):
    """The same as a PDF, for the browser that sent it; at most a few in a short time."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Hand it out, or say why it cannot be made now.

        :raises Http404: for a size that there is not.
        """
        size = request.GET.get("size", "standard")
        if size not in SIZES:
            raise Http404
        submission = sent_with(self.token, reference)
        if submission is None:
            return render(request, "feedback/gone.html", status=404)
        if seconds := take_turn([Counter(f"copy:{reference}", FREE_COPIES)], now=self.now):
            response = render(request, "feedback/copy_later.html", status=429)
            response["Retry-After"] = str(seconds)
            return response
        try:
            made = copy_pdf(self.sent(submission), size=size, now=self.now)
        except NotMade:
            return render(request, "feedback/not_made.html", status=503)
        response = HttpResponse(made, content_type=PDF)
        response["Content-Disposition"] = f'attachment; filename="{reference}.pdf"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def sent(self, submission: Submission) -> Sent:
        """Return what the copy tells: what the pages that confirm it do."""
        kind, ours = Kind(submission.kind), landlord()
        running = running_on(submission.received_on)
        steps = running.steps(kind, with_call=asks_to_be_rung(submission))
        is_complaint = kind is Kind.COMPLAINT
        return Sent(
            submission=submission,
            code=code_of(submission),
            sections=sections_of(submission),
            files=[row.file.name for row in submission.files.all()],
            steps=steps if submission.expects_answer else [],
            further=running.further_words if is_complaint and running.further_stages else "",
            outside=running.ombudsman if is_complaint else (),
            landlord=ours.name if ours else "",
            telephone=ours.telephone if ours else "",
        )


def asks_to_be_rung(submission: Submission) -> bool:
    """Say whether whoever sent it asked for a call: it was promised, or will be."""
    rows = [row for section in submission.as_sent for row in section["rows"]]
    return any(said == RING_ME for _asked, said, *page in rows if page == [CALL_BACK])


def sections_of(submission: Submission) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each section that was sent, with its questions and answers in words."""
    return [
        (
            _(title) if (title := section["title"]) else "",
            [(_(asked), in_words(said)) for asked, said, *_rest in section["rows"]],
        )
        for section in submission.as_sent
    ]


class ForgetPage(PublicPage):
    """Clearing a computer that others use too: the draft is deleted, the token is taken away."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead to the first page: nothing is cleared by looking."""
        return redirect("feedback:start")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Delete what was typed and not sent; what was sent stays sent."""
        if not self.is_trusted:
            raise Http404
        if self.token:
            forget(token=self.token)
        messages.success(
            request,
            _(
                "What you typed and did not send is deleted, and this browser shows nothing of "
                "what you sent. You may still want to clear its history."
            ),
        )
        response = redirect("feedback:start")
        take_token(response)
        return response
