"""Take complaints out, with everything that happened to them."""

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.rules.old_rows import COLUMNS
from cases.rules.periods import london_day
from cases.rules.spreadsheets import inert
from cases.selectors.export import Exported, exported_complaints, known_references

WRONG = 2


class Command(BaseCommand):
    """Write complaints as JSON with their deadlines, or as a CSV file that can be imported."""

    help = (
        "Export complaints: as JSON with every event and deadline, or as CSV, exactly the file "
        "that import_complaints reads. Events for which that file has no code, such as the naming "
        "of an officer, are in the JSON alone, with their facts and with importable false. For "
        "the operators of the installation: everything is written, whoever may see it on the "
        "screen, and who may see it is not. A cell of the CSV that a spreadsheet would take for a "
        "formula has an apostrophe before it, which the import takes away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--reference",
            action="append",
            default=[],
            metavar="R",
            help="only this complaint, in any spelling; may be given several times (default: all)",
        )
        parser.add_argument("--format", choices=["json", "csv"], default="json")
        parser.add_argument(
            "--as-at",
            metavar="DATE",
            help="as it stood at the end of this day, such as 2026-12-24 (default: today)",
        )
        parser.add_argument("--output", metavar="FILE", help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the complaints.

        :raises CommandError: if a complaint is not there, or the file cannot be written.
        """
        as_at = _day(options["as_at"])
        references, missing = known_references(options["reference"])
        if missing:
            raise CommandError(f"There is no complaint {', '.join(missing)}. Nothing was written.")
        found = exported_complaints(as_at=as_at, references=references)
        lines = _json(found) if options["format"] == "json" else _csv(found)
        if options["output"] is None:
            for line in lines:
                self.stdout.write(line, ending="")
            return
        try:
            _write_whole(Path(options["output"]), lines)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error}") from error


def _day(text: str | None) -> date:
    """Return the day asked for, today in London if none was.

    :raises CommandError: with exit code 2, if it is no date.
    """
    if text is None:
        return london_day(timezone.now())
    try:
        return date.fromisoformat(text)
    except ValueError:
        told = f"“{text}” is not a date such as 2026-12-24."
        raise CommandError(told, returncode=WRONG) from None


def _json(found: Iterable[Exported]) -> Iterator[str]:
    separator = "["
    for each in found:
        told: dict[str, Any] = {**each.complaint, "events": each.events}
        told["deadlines"] = each.deadlines
        if each.points:
            told["points"] = each.points
        yield f"{separator}\n{json.dumps(told, ensure_ascii=False)}"
        separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


def _csv(found: Iterable[Exported]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.DictWriter(line, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in found:
        writer.writerows({name: inert(cell) for name, cell in row.items()} for row in each.rows)
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _write_whole(path: Path, lines: Iterable[str]) -> None:
    """Write the file under another name first, so that half a file never bears its name."""
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=".export-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
