"""The files of a complaint: handed out to those who may, never shown inside our pages."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from cases.errors import FileHeld
from cases.models import Look, StoredFile
from cases.operations.case_views import note_taken
from cases.operations.files import open_file
from cases.selectors.case_page import may_open_files
from cases.selectors.standing import roles_for
from cases.views.access import ComplaintPage, user_of

logger = logging.getLogger(__name__)


class FileView(ComplaintPage):
    """Download a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hand the file out, to be saved and not to be shown.

        :raises PermissionDenied: to whoever reads the complaint from the front line only.
        :raises Http404: if the complaint has no such file, or its bytes are gone.
        """
        user = user_of(request)
        if not may_open_files(user, roles_for(user, self.complaint)):
            raise PermissionDenied
        file = get_object_or_404(StoredFile, complaint=self.complaint, key=kwargs["key"])
        answer = handed_out(file)
        note_taken([self.complaint.pk], what=Look.FILE, by=user, now=self.now, file=file)
        return answer


def handed_out(file: StoredFile, *, is_shown: bool = False) -> FileResponse:
    """Return a stored file as an answer: to be saved, never shown inside our pages.

    What `is_shown` is opened by the browser on a page of its own, on which nothing can run.

    :raises Http404: if its bytes are gone.
    :raises PermissionDenied: if it is held or sealed, which the list of files says in words.
    """
    try:
        content = open_file(file)
    except FileHeld:
        raise PermissionDenied from None
    except FileNotFoundError:
        logger.exception("The bytes of file %s are not where they should be", file.pk)
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=not is_shown, filename=file.name, content_type=file.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
