"""Bring old cases in from a CSV file."""

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.errors import ActionNotAllowed
from cases.management.old_file import FileUnreadable, OldFile
from cases.models import ProcedureVersion
from cases.operations.import_history import Imported, Refusal, import_batch
from cases.rules.old_rows import COLUMNS

# Rows imported in one transaction, so that others can work meanwhile.
BATCH_ROWS = 2_000
REFUSED, UNREADABLE = 1, 2
# So many problems are told on the screen; the file of errors has them all.
TOLD = 50
BAR_WIDTH = 40


class Command(BaseCommand):
    """Import old cases, each whole or not at all; running it again adds only what is new."""

    help = (
        "Import old cases from a CSV file in UTF-8 with one row for each dated event. Columns: "
        f"{', '.join(COLUMNS)}. Needed are reference, event and occurred_at, and the procedure in "
        "its column or as an option; the first event of a case is “received”. A case is imported "
        "whole or not at all, as it was; running the command again adds only what is new. Nobody "
        "is written to. The file says nothing of who may see a complaint: all are imported at "
        "the level Normal. Exit code 1 if a case was refused, 2 if the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("file", help="the CSV file")
        parser.add_argument("--procedure", default="", help="for rows that name none, its code")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument(
            "--errors", metavar="OUT.csv", help="write row, reference, message here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file.

        :raises CommandError: with exit code 1 if a case was refused, 2 if nothing can be read.
        """
        self._check_procedure(options["procedure"])
        try:
            file = OldFile(options["file"])
        except FileUnreadable as error:
            raise CommandError(f"{error} Nothing was imported.", returncode=UNREADABLE) from error
        with closing(file), _errors_file(options["errors"]) as write_error:
            if file.unknown_columns:
                self.stderr.write(f"Columns not used: {', '.join(file.unknown_columns)}.")
            done = self._import(file, options, write_error)
        self._tell(done, dry_run=options["dry_run"])
        if done.refused:
            raise CommandError(f"{done.refused:,} cases were refused.", returncode=REFUSED)

    def _check_procedure(self, code: str) -> None:
        known = set(ProcedureVersion.objects.published().values_list("procedure__code", flat=True))
        if not known:
            told = "The landlord is not set up yet: run set_up first."
            raise CommandError(told, returncode=UNREADABLE)
        if code and code not in known:
            told = f"“{code}” is not a procedure. Use one of {', '.join(sorted(known))}."
            raise CommandError(told, returncode=UNREADABLE)

    def _import(
        self, file: OldFile, options: dict[str, Any], write_error: Callable[[Refusal], None]
    ) -> Imported:
        done = Imported()
        rows = problems = 0
        for batch in file.batches(BATCH_ROWS):
            try:
                result = import_batch(
                    batch,
                    procedure=options["procedure"],
                    now=timezone.now(),
                    dry_run=options["dry_run"],
                )
            except ActionNotAllowed as error:
                raise CommandError(str(error), returncode=UNREADABLE) from error
            for refusal in result.refusals:
                write_error(refusal)
                problems += 1
                if problems <= TOLD:
                    self.stderr.write(
                        f"row {refusal.row}, {refusal.reference or 'no reference'}: "
                        f"{refusal.message}"
                    )
            done += result.counts
            rows += sum(len(case.rows) for case in batch)
            self._progress(rows, file.row_count)
        if problems > TOLD:
            self.stderr.write(f"And {problems - TOLD:,} more; --errors OUT.csv has them all.")
        return done

    def _progress(self, rows: int, of: int) -> None:
        """Draw how far it is, if somebody looks on."""
        if not sys.stderr.isatty():
            return
        filled = BAR_WIDTH * rows // of
        bar = "#" * filled + "." * (BAR_WIDTH - filled)
        end = "\n" if rows == of else ""
        self.stderr.write(f"\r[{bar}] {rows:,} of {of:,} events", ending=end)
        self.stderr.flush()

    def _tell(self, done: Imported, *, dry_run: bool) -> None:
        would = "Would import" if dry_run else "Imported"
        self.stdout.write(
            f"{would} {done.events:,} events: {done.new:,} new complaints, {done.added_to:,} with "
            f"new events; {done.unchanged:,} unchanged, {done.refused:,} refused."
        )


@contextmanager
def _errors_file(path: str | None) -> Iterator[Callable[[Refusal], None]]:
    """Open the file of errors and give what writes a line to it.

    :raises CommandError: with exit code 2, if it cannot be written.
    """
    if path is None:
        yield lambda refusal: None
        return
    try:
        Path(path).write_text("")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error}", returncode=UNREADABLE) from error
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("row", "reference", "message"))
        yield lambda refusal: writer.writerow((refusal.row, refusal.reference, refusal.message))
