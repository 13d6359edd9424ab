"""Check that the record is what was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.errors import RecordDamaged
from cases.management.progress import end_progress, progress_on
from cases.rules.sealing import read_seals
from cases.selectors.record_check import Seals, check_record

# More lines than this help nobody to find the first.
SHOWN = 100


class Command(BaseCommand):
    """Walk every chain of events, the words beside them, the daily seals, and the triggers."""

    help = (
        "Checks that nothing in the record was changed or removed. Ends with 1 and names the "
        "first bad row of each chain if it was. Give --anchors the seals kept outside the "
        "database: without them an end that was cut off together with its seals does not show."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file of seals."""
        parser.add_argument(
            "--anchors", metavar="FILE", help="the seals kept outside, a line for each day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and tell."""
        outside = self._seals(options["anchors"]) if options["anchors"] else None
        found = check_record(outside=outside, progress=progress_on(self.stderr, "events"))
        end_progress(self.stderr)
        for fault in found.faults[:SHOWN]:
            self.stderr.write(fault)
        if len(found.faults) > SHOWN:
            self.stderr.write(f"And {len(found.faults) - SHOWN:,} more.")
        if found.faults:
            raise CommandError(f"The record is damaged: {found.faults[0]}")
        against = "" if outside is None else ", and all seals kept outside agree"
        erased = f" Words of {found.erased:,} events were erased." if found.erased else ""
        self.stdout.write(
            f"{found.events:,} events and {found.seals:,} daily seals are as they were "
            f"written{against}.{erased}"
        )

    def _seals(self, name: str) -> Seals:
        try:
            return read_seals(Path(name).read_text())
        except (OSError, UnicodeDecodeError) as unreadable:
            raise CommandError(f"{name} cannot be read: {unreadable}") from unreadable
        except RecordDamaged as damaged:
            raise CommandError(f"{name}: {damaged}") from damaged
