"""Several PDFs put together into one."""

from collections.abc import Iterable
from io import BytesIO
from typing import IO

from pypdf import PdfReader, PdfWriter


def joined(pdfs: Iterable[IO[bytes]], *, title: str) -> bytes:
    """Return PDFs made here as one to print: each begins on a new sheet, also on both sides.

    What is put together has no tags any more; the single documents keep theirs.
    """
    writer = PdfWriter()
    for pdf in pdfs:
        with pdf:
            reader = PdfReader(pdf)
            for page in reader.pages:
                writer.add_page(page)
            if len(reader.pages) % 2:
                writer.add_blank_page()
    writer.add_metadata({"/Title": title})
    whole = BytesIO()
    writer.write(whole)
    return whole.getvalue()
