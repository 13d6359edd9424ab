"""Thanks or an answer, read by the link in an e-mail that says only that there is a letter.

Looking at the link uses nothing up and shows nothing: the letter opens with the press of a button.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.errors import NotMade
from cases.operations.guessing import Counter, take_turn
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES
from feedback.models import RemarkLetter
from feedback.operations.remark_documents import remark_document
from feedback.operations.remark_notices import open_letter
from feedback.views.track import Following, closed, outside, too_old

SAVE = "save"
# Files of one letter, before each further one has to wait: it takes work to set them.
FREE_FILES = 3


@outside
class OwnLetterPage(Following):
    """A button, and behind it the letter, to be read and saved."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the button."""
        if open_letter(token, now=self.now) is None:
            return closed(request)
        return render(request, "feedback/track/letter_link.html")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the letter, or hand it out to be saved."""
        letter = open_letter(token, now=self.now)
        if letter is None:
            return closed(request)
        if not self.is_trusted:
            note = {"note": too_old()}
            return render(request, "feedback/track/letter_link.html", note, status=403)
        if SAVE in request.POST:
            return self.file(request, letter)
        context: dict[str, Any] = {
            "letter": letter,
            "tongue": LANGUAGES.get(letter.other_language),
            "not_mine_url": reverse("feedback:own-letter-not-mine", args=[token]),
        }
        return render(request, "feedback/track/own_letter.html", context)

    def file(self, request: HttpRequest, letter: RemarkLetter) -> HttpResponse:
        """Hand the letter out to be saved, at most a few times in a short while."""
        if seconds := take_turn([Counter(f"own-letter:{letter.pk}", FREE_FILES)], now=self.now):
            response = render(request, "feedback/copy_later.html", status=429)
            response["Retry-After"] = str(seconds)
            return response
        return _file(request, letter)


def _file(request: HttpRequest, letter: RemarkLetter) -> HttpResponse:
    """Hand the letter out in the format that its reader needs, else in print."""
    for each in dict.fromkeys((LetterFormat(letter.letter_format), LetterFormat.STANDARD)):
        try:
            content, media_type, name = remark_document(letter, each)
        except NotMade:
            continue
        answer = HttpResponse(content, content_type=media_type)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
    return render(request, "feedback/not_made.html", status=503)
