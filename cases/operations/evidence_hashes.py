"""The hashes in the evidence of a complaint: of what lies beside it, and of the record it tells."""

import hashlib
from collections.abc import Sequence

from cases.models import RecordedEvent
from cases.operations.bundles import Part, Singles
from cases.rules.blocks import Paragraph, Table
from cases.rules.periods import LONDON

_GROUP = 16
LYING_BESIDE = (
    "Each lies in the ZIP file under this name. What came in has the hash that it had when it was "
    "taken in. The hash of this bundle itself, which it cannot hold, stands in manifest.json and "
    "in our system."
)


class Record:
    """The sealed record of a complaint, as its last entry closes it."""

    def __init__(self, last: RecordedEvent) -> None:
        self.entries = last.number
        self.sha256 = last.hash
        self.at = last.recorded_at.astimezone(LONDON)

    @property
    def sentence(self) -> str:
        """Return by which hash the record can be compared with the one that is kept."""
        return (
            f"The record of this complaint has {self.entries} entries. The last was recorded on "
            f"{self.at:%-d %B %Y at %H:%M}, and its SHA-256 covers all of them: "
            f"{_grouped(self.sha256)}."
        )


def hashes_part(singles: Singles, files: Sequence[Part], record: Record) -> Part:
    """Return the SHA-256 of the single documents, of the files as they came, and of the record.

    `files` are the parts of the bundle in their order, none where no file goes as it came.
    """
    rows = [(document_path(name), hashlib.sha256(content).hexdigest()) for name, content in singles]
    rows += [
        (file_path(number, part.file.name), part.file.sha256)
        for number, part in enumerate(files, 1)
        if part.file is not None
    ]
    table = Table(
        ("In the ZIP file", "SHA-256"),
        tuple((path, _grouped(sha256)) for path, sha256 in rows),
        (5, 7),
    )
    return Part("Hashes", "", [Paragraph((record.sentence,)), Paragraph((LYING_BESIDE,)), table])


def document_path(name: str) -> str:
    """Return where in the ZIP file a single document lies."""
    return f"documents/{_plain(name)}"


def file_path(number: int, name: str) -> str:
    """Return where in the ZIP file a file lies as it came; `number` is that of its document."""
    return f"files/{number:03} {_plain(name)}"


def _plain(name: str) -> str:
    """Return a name that can stand in a folder."""
    return "".join("-" if sign in '\\/:*?"<>|' else sign for sign in name)[:120]


def _grouped(sha256: str) -> str:
    """Return a hash so that it can be compared by eye."""
    return " ".join(sha256[at : at + _GROUP] for at in range(0, len(sha256), _GROUP))
