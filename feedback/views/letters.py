"""Letters about compliments and suggestions: to print and post, and as they were issued."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from cases.errors import ComplaintError, NotMade
from cases.operations.formats import why_not_made
from cases.operations.providers import provider
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES
from cases.rules.papers import PRINTED
from cases.templatetags.parts import Column
from feedback.models import Remark, RemarkLetter
from feedback.operations.outside_post import hand_over_remark_letter
from feedback.operations.remark_documents import remark_document
from feedback.operations.remark_replies import mark_letter_posted
from feedback.rules.remark_letters import Purpose
from feedback.selectors.outside_post import REMARK, fates
from feedback.selectors.remarks import letters_to_post
from feedback.views.remarks import OneRemark
from feedback.views.sections import FeedbackPage

LETTERS_A_PAGE = 50
# Nobody writes these letters in easy read.
FORMATS = [each for each in LetterFormat if each is not LetterFormat.EASY_READ]


@dataclass(frozen=True, slots=True)
class _Row:
    """A letter in the list: how far it got with the provider, and whether it may go there."""

    letter: RemarkLetter
    purpose: Purpose
    format: LetterFormat
    fate: str
    may_go: bool


class LettersPage(FeedbackPage):
    """The letters that wait to be printed and posted."""

    section = "letters"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        page = Paginator(letters_to_post(self.user), LETTERS_A_PAGE).get_page(
            request.GET.get("page")
        )
        handed = fates(REMARK, [each.pk for each in page.object_list])
        has_provider = provider() is not None
        return self.render(
            request,
            "feedback/staff/letters.html",
            page=page,
            rows=[
                _Row(
                    each,
                    Purpose(each.purpose),
                    LetterFormat(each.letter_format),
                    handed.get(each.pk, ""),
                    may_go=has_provider and LetterFormat(each.letter_format) in PRINTED,
                )
                for each in page.object_list
            ],
            columns=[
                Column("Letter"),
                Column("To"),
                Column("Format"),
                Column("Written"),
                Column("Posted", is_hidden=True),
            ],
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record that one went to the post today."""
        letter = get_object_or_404(
            RemarkLetter,
            remark__in=Remark.objects.visible_to(self.user),
            remark__reference=request.POST.get("reference", "").replace("\x00", ""),
            purpose=request.POST.get("purpose", "").replace("\x00", ""),
        )
        if "provider" in request.POST:
            return self.hand_over(request, letter)
        try:
            mark_letter_posted(letter_id=letter.pk, by=self.user, on=self.today, now=self.now)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The letter to {letter.to_name} is posted.")
        return redirect("feedback:letters")

    def hand_over(self, request: HttpRequest, letter: RemarkLetter) -> HttpResponse:
        """Have the provider post one."""
        try:
            refusal = hand_over_remark_letter(letter, by=self.user, now=self.now)
        except ComplaintError as not_theirs:
            refusal = str(not_theirs)
        if refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, "The letter goes to the provider to be posted.")
        return redirect("feedback:letters")


class LetterPage(OneRemark):
    """A letter as it was issued, to be printed or taken away in the format its reader needs."""

    def get(self, request: HttpRequest, reference: str, purpose: str) -> HttpResponse:
        """Show it, or hand it out in a format.

        :raises Http404: if there is no such letter or format.
        """
        letter = get_object_or_404(
            RemarkLetter.objects.select_related("issued_by", "posted_by"),
            remark=self.remark,
            purpose=purpose,
        )
        if wanted := request.GET.get("format"):
            return self.document(letter, wanted)
        context: dict[str, Any] = {
            "remark": self.remark,
            "letter": letter,
            "formats": [(each, why_not_made(each)) for each in FORMATS],
            "purpose": Purpose(letter.purpose),
            "tongue": LANGUAGES.get(letter.other_language),
            "format": LetterFormat(letter.letter_format),
            "fate": fates(REMARK, [letter.pk]).get(letter.pk, ""),
            "crumbs": [*self.crumbs],
        }
        return self.render(request, "feedback/staff/letter.html", **context)

    def document(self, letter: RemarkLetter, wanted: str) -> HttpResponse:
        """Hand the letter out, to be saved and not to be shown, or say why that cannot be."""
        if wanted not in {each.value for each in FORMATS}:
            raise Http404
        try:
            content, media_type, name = remark_document(letter, LetterFormat(wanted))
        except NotMade as reason:
            messages.error(self.request, str(reason))
            return redirect("feedback:letter", self.remark.reference, letter.purpose)
        answer = HttpResponse(content, content_type=media_type)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
