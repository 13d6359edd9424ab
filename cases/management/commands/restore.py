"""Put a backup into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cases.errors import ComplaintError
from cases.management.progress import end_progress, progress_on
from cases.operations.restore import restore
from cases.selectors.record_check import check_record


class Command(BaseCommand):
    """Restore every row and every file of a backup, then check the record."""

    help = (
        "Puts a backup into a new, empty database and an empty folder of files, of whatever "
        "kind the database is: this is also how an installation moves from SQLite to "
        "PostgreSQL. Migrates the database first. Refuses an archive in which anything is "
        "missing or changed, and an installation that is not empty: there is no option to "
        "overwrite one. Afterwards everybody has to sign in again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to restore."""
        parser.add_argument("source", metavar="SOURCE", help="the file that `backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, check and tell."""
        source = Path(options["source"])
        if not source.is_file():
            raise CommandError(f"{source} is not a file.")
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        try:
            done = restore(source=source, progress=progress_on(self.stderr, "rows"))
        except (ComplaintError, OSError) as refused:
            raise CommandError(str(refused)) from refused
        end_progress(self.stderr)
        self.stdout.write(f"{done.rows:,} rows and {done.files:,} files are restored.")
        found = check_record(outside=None, progress=progress_on(self.stderr, "events"))
        end_progress(self.stderr)
        if found.faults:
            raise CommandError(
                "Everything in the backup is restored, but its record is damaged: "
                f"{found.faults[0]}"
            )
        self.stdout.write(
            f"The record is as it was written: {found.events:,} events, {found.seals:,} seals."
        )
        if done.missing:
            raise CommandError(f"{len(done.missing)} stored files were missing in the backup.")
