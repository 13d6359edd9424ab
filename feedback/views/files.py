"""The files of a form: for staff always saved, for whoever adds them to be looked at."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse

from cases.views.files import handed_out
from feedback.models import FormFile, Submission
from feedback.selectors.drafts import file_of
from feedback.views.public import PublicPage
from feedback.views.quarantine import QuarantinedPage
from feedback.views.remarks import OneRemark


def as_download(submission: Submission | None, key: str) -> HttpResponse:
    """Return a file of a form for saving. Whatever is in it, no browser runs it from here.

    :raises Http404: if the form has no such file.
    :raises PermissionDenied: if it is held or sealed.
    """
    found = FormFile.objects.filter(submission=submission, file__key=key).select_related("file")
    row = found.first() if submission is not None else None
    if row is None:
        raise Http404
    return cast(HttpResponse, handed_out(row.file))


# Pictures that every browser shows by itself, and that cannot run.
SHOWN = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


class DraftFile(PublicPage):
    """A file that somebody added to their own form and has not sent yet."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show a picture, and hand out anything else to be saved.

        :raises Http404: if the form of this browser has no such file.
        """
        file = file_of(self.draft, key)
        if file is None:
            raise Http404
        return cast(HttpResponse, handed_out(file, is_shown=file.media_type in SHOWN))


class RemarkFile(OneRemark):
    """A file of a compliment or suggestion."""

    def get(self, request: HttpRequest, reference: str, key: str) -> HttpResponse:
        """Hand it out."""
        return as_download(getattr(self.remark, "submission", None), key)


class QuarantinedFile(QuarantinedPage):
    """A file of a form in quarantine."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, reference: str, key: str = "") -> HttpResponse:
        """Hand it out."""
        return as_download(self.submission, key)
