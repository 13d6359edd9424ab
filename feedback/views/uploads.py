"""Taking uploads off the wire without letting anybody fill the disk."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class Limited(FileUploadHandler):
    """Lets files through up to a size and a number, and swallows the rest.

    What was swallowed comes out as an empty file of the size it would have had, for the form to
    refuse it in words. It stands before the handlers that store.
    """

    def __init__(self, *, each: int, number: int) -> None:
        super().__init__()
        self.each = each
        self.number = number
        self.begun = 0
        self.size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with another file."""
        super().new_file(*args, **kwargs)
        self.begun += 1
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand on what is within the limits."""
        self.size += len(raw_data)
        return None if self._is_over() else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Return what stands for a file that was swallowed."""
        if not self._is_over():
            return None
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
