"""Back everything up into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.errors import ComplaintError
from cases.management.progress import end_progress, progress_on
from cases.operations.backup import back_up


class Command(BaseCommand):
    """Write every row and every stored file to one archive while people go on working."""

    help = (
        "Writes everything to one file: all rows as they are at one instant, all stored files, "
        "and a manifest with their SHA-256. The file holds personal data in the clear: keep it "
        "where only those may read it who may read everything. The settings (.env) are not in "
        "it. Nobody needs to stop working meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to write it."""
        parser.add_argument("target", metavar="TARGET", help="the file to write, which must be new")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and tell."""
        target = Path(options["target"])
        try:
            done = back_up(
                target=target, now=timezone.now(), progress=progress_on(self.stderr, "rows")
            )
        except (ComplaintError, OSError) as refused:
            raise CommandError(str(refused)) from refused
        end_progress(self.stderr)
        self.stdout.write(f"{target}: {done.rows:,} rows and {done.files:,} files.")
        if done.missing:
            raise CommandError(
                f"The backup is written, but {len(done.missing)} stored files were not on the "
                f"disk. SHA-256: {', '.join(done.missing[:5])}"
            )
