"""A file of old cases, its rows put together case by case on disk and not in memory."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

from cases.operations.import_plans import OldCase
from cases.rules.old_rows import COLUMNS, REQUIRED
from cases.rules.old_story import Problem
from cases.rules.spreadsheets import as_written

# Rows written to the temporary file at a time.
CHUNK = 5_000
# A cell may hold a whole letter.
LONGEST_CELL = 2_000_000


class FileUnreadable(Exception):
    """The file cannot be read as rows of old cases."""


class OldFile:
    """The rows of a file by case, in the order in which the cases begin in the file.

    Rows of a case may stand anywhere in it. They are kept in a temporary database that goes
    away when this is closed, so that memory does not grow with the file.

    :raises FileUnreadable: if it is not CSV in UTF-8, or lacks a column it needs.
    """

    def __init__(self, path: str) -> None:
        self._rows = sqlite3.connect("")
        self._rows.execute("CREATE TABLE rows (place INTEGER, reference TEXT, cells TEXT)")
        self.unknown_columns: list[str] = []
        self.row_count = 0
        try:
            with Path(path).open(encoding="utf-8-sig", newline="") as file:
                self._take(csv.reader(file, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.close()
            raise FileUnreadable(f"{path} cannot be read: {error}") from error
        except FileUnreadable:
            self.close()
            raise

    def _take(self, rows: Iterator[list[str]]) -> None:
        csv.field_size_limit(LONGEST_CELL)
        heading = [name.strip().lower() for name in next(rows, [])]
        if missing := [name for name in REQUIRED if name not in heading]:
            raise FileUnreadable(f"The heading lacks {', '.join(missing)}.")
        if len({*heading}) != len(heading):
            raise FileUnreadable("Two columns have the same heading.")
        self.unknown_columns = [name for name in heading if name not in COLUMNS]
        chunk: list[tuple[int, str, str]] = []
        for place, row in enumerate(rows, 2):
            if not any(cell.strip() for cell in row):
                continue
            self.row_count += 1
            cells = dict(zip(heading, map(as_written, row), strict=False))
            if len(row) > len(heading):
                cells[""] = "more"
            kept = {name: cell for name, cell in cells.items() if cell}
            chunk.append((place, cells.get("reference", "").strip(), json.dumps(kept)))
            if len(chunk) >= CHUNK:
                self._keep(chunk)
        self._keep(chunk)

    def _keep(self, chunk: list[tuple[int, str, str]]) -> None:
        self._rows.executemany("INSERT INTO rows VALUES (?, ?, ?)", chunk)
        chunk.clear()

    def batches(self, size: int) -> Iterator[list[OldCase]]:
        """Yield the cases in batches of about so many rows, no case in two of them."""
        batch: list[OldCase] = []
        rows = 0
        for case in self._cases():
            batch.append(case)
            rows += len(case.rows)
            if rows >= size:
                yield batch
                batch, rows = [], 0
        if batch:
            yield batch

    def _cases(self) -> Iterator[OldCase]:
        ordered = self._rows.execute(
            "SELECT place, reference, cells FROM rows "
            "ORDER BY min(place) OVER (PARTITION BY reference), place"
        )
        with closing(ordered):
            for reference, rows in groupby(ordered, key=lambda row: str(row[1])):
                told = [(place, json.loads(cells)) for place, _, cells in rows]
                problems = [
                    Problem(place, words)
                    for place, cells in told
                    if (words := _problem(reference, cells))
                ]
                yield OldCase(reference, told, problems)

    def close(self) -> None:
        """Let the temporary database go."""
        self._rows.close()


def _problem(reference: str, cells: dict[str, str]) -> str:
    """Return what is wrong with the row as a row, or nothing."""
    if not reference:
        return "The reference is missing."
    if "" in cells:
        return "The row has more cells than the heading has columns."
    if any("\x00" in cell for cell in cells.values()):
        return "The row has a character that cannot be kept."
    return ""
