"""Work out deadlines from the command line, without a database and without settings."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.errors import ComplaintError
from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.calculator import (
    Sum,
    add_up,
    explain_sum,
    provisional_words,
    read_period,
    read_start,
)
from cases.rules.calendars import WorkingCalendar

# What cannot be worked out ends with this, and with nothing on standard output.
WRONG = 2
COLUMNS = ("id", "from", "period")


class Command(BaseCommand):
    """Print when a period is due: one, or every row of a CSV file."""

    help = (
        "Work out when a period is due. The day it starts is day 0; it is due at the end of the "
        "last day, in London. Needs no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--from",
            dest="start",
            metavar="WHEN",
            help="the day or the time it starts: 2026-12-24 or 2026-12-24T16:00+00:00. "
            "A time without an offset is London time. Hours need a time.",
        )
        parser.add_argument(
            "--period",
            help="“5 working days”, “14 calendar days”, “8 weeks”, “12 months” or “24 hours”",
        )
        parser.add_argument(
            "--roll",
            action="store_true",
            help="move an end on a non-working day to the next working day "
            "(calendar days, weeks and months)",
        )
        parser.add_argument(
            "--nation",
            choices=[nation.value for nation in Nation],
            default=Nation.ENGLAND_AND_WALES.value,
            help="whose bank holidays (default: %(default)s)",
        )
        parser.add_argument("--explain", action="store_true", help="add how it was counted")
        parser.add_argument("--json", action="store_true", help="due, provisional and explanation")
        parser.add_argument(
            "--csv",
            metavar="FILE",
            help="work out every row of a file with the columns id,from,period,roll (roll is yes "
            "or blank) and write id,due; - reads standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work it out.

        :raises CommandError: with exit code 2, if something cannot be worked out.
        """
        calendar = national_calendar(Nation(options["nation"]))
        single = (options["start"], options["period"])
        if options["csv"] is not None:
            if any(single) or options["roll"] or options["explain"] or options["json"]:
                raise CommandError("--csv goes with --nation only.", returncode=WRONG)
            self._many(options["csv"], calendar)
        elif None in single:
            raise CommandError("Give --from and --period, or --csv FILE.", returncode=WRONG)
        else:
            self._one(calendar, options)

    def _one(self, calendar: WorkingCalendar, options: dict[str, Any]) -> None:
        try:
            told = add_up(
                read_start(options["start"]),
                read_period(options["period"], roll=options["roll"]),
                calendar,
            )
        except ComplaintError as error:
            raise CommandError(str(error), returncode=WRONG) from error
        if options["roll"] and not told.period.rolls:
            self.stderr.write(f"Note: rolling does not apply to {told.period.unit}.")
        if told.provisional:
            self.stderr.write(f"Warning. {provisional_words(calendar)}")
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "due": told.due_words,
                        "provisional": told.provisional,
                        "explanation": explain_sum(told, calendar),
                    },
                    indent=2,
                    ensure_ascii=False,
                )
            )
            return
        self.stdout.write(told.due_words)
        if options["explain"]:
            for line in explain_sum(told, calendar):
                self.stdout.write(line)

    def _many(self, name: str, calendar: WorkingCalendar) -> None:
        done: list[tuple[str, str]] = []
        wrong = provisional = 0
        for place, key, told in _sums(_read(name), calendar):
            if isinstance(told, ComplaintError):
                wrong += 1
                # The heading is row 1, as a spreadsheet shows it.
                self.stderr.write(f"row {place + 1} ({place} after the heading), id {key}: {told}")
                continue
            provisional += told.provisional
            done.append((key, told.due_words))
        if wrong:
            raise CommandError(
                f"{wrong} of {wrong + len(done)} rows cannot be worked out. Nothing was written.",
                returncode=WRONG,
            )
        if provisional:
            self.stderr.write(
                f"Warning for {provisional} of {len(done)} rows. {provisional_words(calendar)}"
            )
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(("id", "due"))
        writer.writerows(done)
        self.stdout.write(written.getvalue(), ending="")


def _read(name: str) -> str:
    """Return the text of the file, or of standard input.

    :raises CommandError: with exit code 2, if it cannot be read.
    """
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read: {error}", returncode=WRONG) from error


def _sums(text: str, calendar: WorkingCalendar) -> Iterator[tuple[int, str, Sum | ComplaintError]]:
    """Yield for every row its place after the heading, its id, and the sum or why there is none.

    :raises CommandError: with exit code 2, if the columns are not there.
    """
    lines = list(io.StringIO(text, newline=""))
    rows = csv.reader(lines, strict=True)
    try:
        heading = [name.strip().lower() for name in next(rows, [])]
    except csv.Error as error:
        raise CommandError(f"The heading is not CSV: {error}", returncode=WRONG) from error
    if missing := [name for name in COLUMNS if name not in heading]:
        raise CommandError(
            f"The heading lacks {', '.join(missing)}: it should read id,from,period,roll.",
            returncode=WRONG,
        )
    for place in count(1):
        begins = rows.line_num
        try:
            row = next(rows, None)
        except csv.Error as error:
            # What follows belongs to it as much as not, so nothing more is read.
            cells = dict(zip(heading, lines[begins].split(","), strict=False))
            yield place, cells.get("id", "").strip(), ComplaintError(f"That is not CSV: {error}.")
            return
        if row is None:
            return
        if any(cell.strip() for cell in row):
            cells = dict(zip(heading, row, strict=False))
            key = cells.get("id", "").strip()
            yield place, key, _sum(cells, calendar, more=len(row) > len(heading))


def _sum(cells: dict[str, str], calendar: WorkingCalendar, *, more: bool) -> Sum | ComplaintError:
    if more:
        return ComplaintError("It has more cells than the heading.")
    if not cells.get("id", "").strip():
        return ComplaintError("It has no id.")
    roll = cells.get("roll", "").strip().lower()
    try:
        if roll not in ("", "yes"):
            return ComplaintError(f"roll is “yes” or blank, not “{roll}”.")
        period = read_period(cells.get("period", ""), roll=roll == "yes")
        return add_up(read_start(cells.get("from", "")), period, calendar)
    except ComplaintError as error:
        return error
