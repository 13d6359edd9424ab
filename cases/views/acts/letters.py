"""The letters of a complaint: as issued, posted, sent again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from cases.errors import ComplaintError, NotMade
from cases.forms.acts.letters import PostedForm, SendAgainForm
from cases.models import Complaint, Letter, LetterProposal, Look
from cases.operations.case_views import note_taken
from cases.operations.documents import letter_document
from cases.operations.formats import why_not_made
from cases.operations.leaflets import enclosed_policy
from cases.operations.letters_posted import mark_posted
from cases.operations.messages import requeue_message
from cases.operations.posting import send_by_post, why_not_by_post
from cases.operations.rehearse import draft_of
from cases.rules.acts import Act
from cases.rules.customers import LetterFormat
from cases.rules.numbers import number_in
from cases.selectors.case_papers import how_it_went, papers_of
from cases.selectors.messages import may_send_letters
from cases.selectors.running import landlord
from cases.templatetags.parts import Link
from cases.views.access import UNPROCESSABLE, ComplaintPage, user_of
from cases.views.acts.page import ActPage
from cases.views.case_head import to_the_list
from cases.views.files import handed_out


@dataclass(frozen=True, slots=True)
class FormatLine:
    """A format in which a letter can be downloaded, or why it cannot."""

    format: LetterFormat
    is_issued: bool
    why_not: str

    @property
    def is_machine_made(self) -> bool:
        """Say whether nobody has proof-read it: a program wrote it in Braille or read it out."""
        return self.format in (LetterFormat.BRAILLE, LetterFormat.AUDIO)


def letter_of(complaint: Complaint, event: int) -> Letter:
    """Return the letter that an event led to.

    :raises Http404: if there is none.
    """
    letters = Letter.objects.filter(complaint=complaint, event_number=event)
    related = letters.select_related(
        "complaint__procedure_version",
        "issued_by",
        "message",
        "original",
        "posted_by",
        "to_customer",
    )
    found = related.order_by("-pk").first()
    if found is None:
        raise Http404
    return found


class LetterView(ComplaintPage):
    """A letter as it was issued, to read and to print."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the letter."""
        letter = letter_of(self.complaint, kwargs["event"])
        return render(request, "cases/letter.html", letter_context(self, letter))


def letter_context(page: ComplaintPage, letter: Letter, form: Any = None) -> dict[str, Any]:
    """Return what the letter's page prints."""
    complaint = page.complaint
    line = next(each for each in papers_of(complaint).letters if each.key == letter.pk)
    if form is None and may_send_letters(user_of(page.request), complaint):
        if line.is_ours_to_post:
            form = PostedForm(today=page.today, letter=letter)
        elif line.is_undelivered:
            form = SendAgainForm(letter=letter)
    return {
        "complaint": complaint,
        "letter": letter,
        "line": line,
        "ways": how_it_went(letter),
        "approval": LetterProposal.objects.filter(letter=letter.copy_of_id or letter.pk)
        .select_related("decided_by")
        .first(),
        "draft": draft_of(letter, landlord()),
        "form": form,
        "formats": [
            FormatLine(each, each == letter.letter_format, _why_not(letter, each))
            for each in LetterFormat
        ],
        "why_not_by_post": why_not_by_post(letter),
        "crumbs": [
            *to_the_list(user_of(page.request)),
            Link(complaint.reference, complaint.get_absolute_url()),
            Link(line.words),
        ],
        "today": page.today,
    }


def _why_not(letter: Letter, wanted: LetterFormat) -> str:
    """Return why a letter is not handed out in a format, or nothing."""
    if wanted is LetterFormat.EASY_READ and wanted != letter.letter_format and not letter.easy_read:
        return "Nobody wrote an easy read version."
    return why_not_made(wanted)


class LetterDocument(ComplaintPage):
    """A letter as a document to print, emboss or hear, the same bytes whenever it is asked for."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hand it out in the format it was issued in, or in another; or say why that cannot be.

        With `enclosed=policy` it is the policy that went with it.

        :raises Http404: if there is no such letter or format, or it encloses no policy.
        """
        letter = letter_of(self.complaint, kwargs["event"])
        wanted = request.GET.get("format", letter.letter_format)
        if wanted not in {each.value for each in LetterFormat}:
            raise Http404
        is_policy = request.GET.get("enclosed") == "policy"
        make = enclosed_policy if is_policy else letter_document
        try:
            made = make(letter, LetterFormat(wanted), now=self.now)
        except NotMade as reason:
            messages.error(request, str(reason))
            return redirect("cases:letter", self.complaint.reference, letter.event_number)
        if made is None:
            raise Http404
        answer = handed_out(made.file)
        by = user_of(request)
        note_taken([self.complaint.pk], what=Look.LETTER, by=by, now=self.now, file=made.file)
        return answer


class PostLetter(ActPage):
    """Record that a letter went to the post."""

    act = Act.POST_LETTER
    collides = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go to the letters of the complaint."""
        self.read()
        self.check_role()
        return redirect(f"{self.complaint.get_absolute_url()}#letters")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record the day."""
        self.read()
        self.check_role()
        event = request.POST.get("letter", "")
        letter = letter_of(self.complaint, number_in(event))
        form = PostedForm(request.POST, today=self.today, letter=letter)
        if form.is_valid():
            try:
                mark_posted(letter_id=letter.pk, by=self.user, now=self.now, on=form.on)
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "The letter is recorded as posted.")
                return redirect(self.complaint.get_absolute_url())
        context = letter_context(self, letter, form)
        return render(request, "cases/letter.html", context, status=UNPROCESSABLE)


class SendAgain(ComplaintPage):
    """Send an e-mail again that did not reach the customer."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue it again, to the address given.

        :raises PermissionDenied: to whoever may read the letter and not send it.
        """
        if not may_send_letters(user_of(request), self.complaint):
            raise PermissionDenied
        letter = letter_of(self.complaint, kwargs["event"])
        if letter.message_id is None:
            raise Http404
        form = SendAgainForm(request.POST, letter=letter)
        if form.is_valid():
            try:
                requeue_message(
                    message_id=letter.message_id,
                    by=user_of(request),
                    now=self.now,
                    to_address=form.cleaned_data["to_address"],
                )
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "The e-mail waits to be sent again.")
                return redirect(self.complaint.get_absolute_url())
        context = letter_context(self, letter, form)
        return render(request, "cases/letter.html", context, status=UNPROCESSABLE)


class SendByPost(ComplaintPage):
    """Turn an e-mail that did not reach the customer into a letter to print and post."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Turn it, and go to the letter, or say why not.

        :raises PermissionDenied: to whoever may read the letter and not send it.
        """
        if not may_send_letters(user_of(request), self.complaint):
            raise PermissionDenied
        letter = letter_of(self.complaint, kwargs["event"])
        try:
            send_by_post(letter_id=letter.pk, by=user_of(request), now=self.now)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The letter waits to be printed and posted.")
        return redirect("cases:letter", self.complaint.reference, letter.event_number)
