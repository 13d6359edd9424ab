"""The files that came with a form, for staff: always saved, never shown in the browser."""

from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from cases.operations.files import open_file
from feedback.models import FormFile, Submission
from feedback.views.quarantine import QuarantinedPage
from feedback.views.remarks import OneRemark


def as_download(submission: Submission | None, key: str) -> HttpResponse:
    """Return a file of a form for saving. Whatever is in it, no browser runs it from here.

    :raises Http404: if the form has no such file.
    """
    found = FormFile.objects.filter(submission=submission, file__key=key).select_related("file")
    row = found.first() if submission is not None else None
    if row is None:
        raise Http404
    response = FileResponse(
        open_file(row.file),
        as_attachment=True,
        filename=row.file.name,
        content_type=row.file.media_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return cast(HttpResponse, response)


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
