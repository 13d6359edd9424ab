"""The answer to a question that somebody outside the case was asked."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import FilesField
from cases.forms.layout import Buttons, HouseForm, Layout, Question, Submit
from feedback.forms.files import ACCEPTED, limits_in_words
from feedback.forms.step import FORM_ID

LONGEST = 20_000


class AskedForm(HouseForm):
    """Words, files, or both: neither is needed, and one is."""

    marks_optional = False
    form_attrs = {"id": FORM_ID}

    words = forms.CharField(
        label=_("Your answer"), widget=forms.Textarea, max_length=LONGEST, required=False
    )
    uploads = FilesField(label=_("Add files"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].help_text = limits_in_words()

    def clean_uploads(self) -> list[Any]:
        """Refuse more files, or more bytes, than are taken at once."""
        files = self.cleaned_data["uploads"]
        if len(files) > settings.UPLOAD_FILE_LIMIT:
            most = {"number": settings.UPLOAD_FILE_LIMIT}
            raise forms.ValidationError(_("Send at most %(number)d files"), params=most)
        if sum(file.size or 0 for file in files) > settings.UPLOAD_TOTAL_MAX_BYTES:
            megabytes = settings.UPLOAD_TOTAL_MAX_BYTES // 1024**2
            raise forms.ValidationError(
                _("The files are larger than %(megabytes)d MB together"),
                params={"megabytes": megabytes},
            )
        return list(files)

    def layout(self) -> Layout:
        """Return the answer, the files and the button."""
        return Layout(
            Question("words", rows=8),
            Question("uploads", attrs={"accept": ACCEPTED}),
            Buttons(Submit(_("Send the answer"))),
        )
