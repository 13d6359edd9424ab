"""Work the projections out anew from the events."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.progress import end_progress, progress_on
from cases.operations.rebuild import rebuild_projections

SHOWN = 100


class Command(BaseCommand):
    """Replay every complaint and compare, or put right, what is stored for reading fast."""

    help = (
        "Works out from the events where every complaint stands and which deadlines it has, and "
        "puts right what is stored otherwise. With --check it changes nothing, lists the "
        "differences, and ends with 1 if there are any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to change anything."""
        parser.add_argument("--check", action="store_true", help="only look, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay and tell."""
        rebuilt = rebuild_projections(
            repair=not options["check"], progress=progress_on(self.stderr, "complaints")
        )
        end_progress(self.stderr)
        for line in (rebuilt.beyond_repair + rebuilt.differences)[:SHOWN]:
            self.stderr.write(line)
        if rebuilt.beyond_repair:
            raise CommandError(f"{len(rebuilt.beyond_repair):,} complaints have lost their events.")
        count = len(rebuilt.differences)
        if options["check"] and count:
            raise CommandError(f"{count:,} differences. Run it without --check to repair.")
        self.stdout.write(f"{count:,} differences put right." if count else "No difference.")
