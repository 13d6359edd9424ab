"""The page for photos and documents, and the button that sends the form."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import FilesField
from cases.forms.layout import Layout, Question, Submit
from cases.operations.files import ALLOWED_WORDS
from feedback.forms.step import StepForm

ACCEPTED = "image/*,video/*,audio/*,.pdf,.doc,.docx,.xlsx,.odt,.ods,.rtf,.txt,.eml,.csv"


def limits_in_words() -> str:
    """Return how many files of what kind and size may be sent."""
    each = settings.UPLOAD_FILE_MAX_BYTES // 1024**2
    together = settings.UPLOAD_TOTAL_MAX_BYTES // 1024**2
    limits = gettext(
        "Up to %(number)d files of at most %(each)d MB each, %(together)d MB together. %(kinds)s."
    )
    return limits % {
        "number": settings.UPLOAD_FILE_LIMIT,
        "each": each,
        "together": together,
        "kinds": gettext(ALLOWED_WORDS),
    }


class FilesStep(StepForm):
    """Photos and documents, one after the other. What was added stays added, whatever comes."""

    code = "files"
    title = _("Photos and documents")
    intro = _("You can send photos or papers that show what happened. You do not have to.")

    # One is chosen at a time; a browser that sends several is not refused.
    uploads = FilesField(label=_("Add a file"), required=False, widget=forms.FileInput)

    def prepare(self) -> None:
        """Tell the limits before anybody chooses a file."""
        self.fields["uploads"].help_text = limits_in_words()

    def ask_for_another(self) -> None:
        """Ask as of somebody who has added one."""
        self["uploads"].label = _("Do you want to add another file?")

    def layout(self) -> Layout:
        """Return the control, and the button that adds what was chosen or else goes on."""
        return Layout(
            Question("uploads", attrs={"accept": ACCEPTED}),
            Submit(_("Continue"), name="do", value="continue"),
        )

    def answers(self) -> dict[str, Any]:
        """Return nothing: the files are kept beside the answers."""
        return {}

    def rows(self) -> list[tuple[str, str]]:
        """Return nothing: the files are listed on their own."""
        return []


class SendForm(forms.Form):
    """The button that sends everything, under the key of the answers as they were shown.

    `fax_number` is a trap: people do not see it.
    """

    key = forms.CharField(max_length=32, required=False)
    confirmed = forms.CharField(max_length=3, required=False)
    fax_number = forms.CharField(max_length=200, required=False)
