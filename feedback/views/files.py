"""The files that came with a form, for staff: always saved, never shown in the browser."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse

from cases.views.files import handed_out
from feedback.models import FormFile, Submission
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
