"""Several PDFs put together into one."""

from collections.abc import Iterable
from io import BytesIO
from typing import IO, TYPE_CHECKING

from cases.later import Later

if TYPE_CHECKING:
    import pypdf
else:
    pypdf = Later("pypdf")


def joined(pdfs: Iterable[IO[bytes]], *, title: str) -> bytes:
    """Return PDFs made here as one to print: each begins on a new sheet, also on both sides.

    What is put together has no tags any more; the single documents keep theirs.
    """
    writer = pypdf.PdfWriter()
    for pdf in pdfs:
        with pdf:
            reader = pypdf.PdfReader(pdf)
            for page in reader.pages:
                writer.add_page(page)
            if len(reader.pages) % 2:
                writer.add_blank_page()
    writer.add_metadata({"/Title": title})
    whole = BytesIO()
    writer.write(whole)
    return whole.getvalue()
