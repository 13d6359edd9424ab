"""Taking uploads off the wire without letting anybody fill the disk."""

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpRequest
from django.views.decorators.csrf import csrf_exempt, csrf_protect


class Limited(FileUploadHandler):
    """Lets files through up to a size and a number, and swallows the rest.

    What was swallowed comes out as an empty file of the size it would have had, for the form to
    refuse it in words. It stands before the handlers that store.
    """

    def __init__(self, request: HttpRequest, *, each: int, number: int) -> None:
        super().__init__(request)
        self.uploading = request
        self.each = each
        self.number = number
        self.begun = 0
        self.size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with another file."""
        super().new_file(*args, **kwargs)
        self.begun += 1
        self.size = 0
        if self._is_over():
            # Nothing is opened on the disk for what is swallowed anyway.
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand on what is within the limits."""
        self.size += len(raw_data)
        return None if self._is_over() else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Return what stands for a file that was swallowed."""
        if not self._is_over():
            return None
        if self.begun <= self.number:
            # Others have begun to write it.
            for each in self.uploading.upload_handlers:
                each.upload_interrupted()
        return InMemoryUploadedFile(
            io.BytesIO(),
            self.field_name,
            self.file_name or "",
            self.content_type,
            self.size,
            self.charset,
        )

    def _is_over(self) -> bool:
        return self.size > self.each or self.begun > self.number


def uploads_are_limited(view: Callable[..., Any]) -> Callable[..., Any]:
    """Limit what staff may upload with a form.

    Asking whether a form is one of ours reads it whole; so that is asked once the limit stands.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # One more than may be sent, for the form to say that they are too many.
        most = settings.UPLOAD_FILE_LIMIT + 1
        limited = Limited(request, each=settings.UPLOAD_FILE_MAX_BYTES, number=most)
        request.upload_handlers.insert(0, limited)
        return protected(request, *args, **kwargs)

    return answer
