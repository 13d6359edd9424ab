"""Files of old cases for tests, and the commands that read and write them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from cases.models import Complaint, Editions
from cases.operations.projection import differences
from cases.rules.old_rows import COLUMNS
from cases.rules.replay import replay
from cases.selectors.history import events_of

Row = dict[str, str]


def row(event: str, occurred_at: str, **cells: str) -> Row:
    """Return one row, of the case OLD-1 under the Code unless it says otherwise."""
    return {
        "reference": "OLD-1",
        "procedure": "code-2024",
        "event": event,
        "occurred_at": occurred_at,
        **cells,
    }


def text_of(*rows: Row, columns: tuple[str, ...] = COLUMNS) -> str:
    """Return the text of a file with these rows."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


class Imported:
    """What a run of the command did."""

    def __init__(self, code: int, out: str, err: str, errors: list[Row]) -> None:
        self.code = code
        self.out = out
        self.err = err
        self.errors = errors

    @property
    def messages(self) -> list[tuple[str, str, str]]:
        """Return the file of errors."""
        return [(each["row"], each["reference"], each["message"]) for each in self.errors]


class Files:
    """A folder with the files of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bring_in(self, *rows: Row, **options: Any) -> Imported:
        """Import these rows."""
        return self.bring_in_text(text_of(*rows), **options)

    def bring_in_text(self, text: str | bytes, **options: Any) -> Imported:
        """Import a file with this text."""
        path, errors = self.folder / "old.csv", self.folder / "errors.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        out, err = io.StringIO(), io.StringIO()
        code = 0
        try:
            call_command(
                "import_complaints",
                str(path),
                errors=str(errors),
                stdout=out,
                stderr=err,
                **options,
            )
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        found = list(csv.DictReader(errors.read_text().splitlines())) if errors.exists() else []
        return Imported(code, out.getvalue(), err.getvalue(), found)

    def take_out(self, *references: str, **options: Any) -> list[dict[str, Any]]:
        """Return complaints as JSON."""
        return json.loads(self.take_out_text(*references, **options))

    def take_out_text(self, *references: str, **options: Any) -> str:
        """Return what the export writes."""
        out = io.StringIO()
        call_command("export_complaints", reference=list(references), stdout=out, **options)
        return out.getvalue()

    def take_out_rows(self, *references: str) -> list[Row]:
        """Return complaints as the rows of a file."""
        return list(csv.DictReader(io.StringIO(self.take_out_text(*references, format="csv"))))


def complaint(reference: str = "OLD-1") -> Complaint:
    """Return a complaint with this reference."""
    return Complaint.objects.get(reference=reference)


def state_of(reference: str = "OLD-1"):
    """Return what the events of a complaint amount to, after seeing that it is so stored."""
    found = complaint(reference)
    terms = found.procedure_version.terms
    state = replay(terms, [event.as_event() for event in events_of(found)], Editions())
    assert differences(found, state, terms) == []
    return state
