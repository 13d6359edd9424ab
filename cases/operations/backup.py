"""Backing everything up into one file while people go on working."""

import contextlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from cases.errors import ActionNotAllowed
from cases.models import StoredFile
from cases.operations import archive as form

# A file that is still being written has this ending; its row does not exist yet.
UNFINISHED = ".part"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds. `missing` are stored files whose bytes were not on the disk."""

    rows: int
    files: int
    missing: list[str]


def back_up(*, target: Path, now: datetime, progress: Callable[[int], None]) -> BackedUp:
    """Write a backup of every row and every stored file to `target`.

    All rows are read as they were at one instant. The files follow: each was on the disk before
    its row was written, so none of them can be missing. The file appears under its name when it
    is complete and on the disk, readable by its owner alone.

    :raises ActionNotAllowed: if the target exists already, or lies among the stored files.
    """
    target = target.resolve()
    media = Path(settings.MEDIA_ROOT).resolve()
    if target.exists():
        raise ActionNotAllowed(f"{target} exists already. Nothing was changed.")
    if target.is_relative_to(media):
        raise ActionNotAllowed(f"{target} lies among the stored files. Choose another folder.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
                archive.comment = form.UNSEALED
                done = _write(archive, media, now=now, progress=progress)
            form.put_seal(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return done


def _write(
    archive: zipfile.ZipFile, media: Path, *, now: datetime, progress: Callable[[int], None]
) -> BackedUp:
    tables: dict[str, dict[str, Any]] = {}
    rows = 0
    with snapshot():
        applied = form.migrations()
        for model in form.kept_models():
            tables[form.label(model)] = form.write_table(archive, model)
            rows += tables[form.label(model)]["rows"]
            progress(rows)
        stored = set(StoredFile.objects.values_list("sha256", flat=True))
    files = write_files(archive, media)
    missing = sorted(stored - {sums["sha256"] for sums in files.values()})
    manifest = {
        "format": form.FORMAT,
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "migrations": applied,
        "tables": tables,
        "files": files,
        "missing": missing,
    }
    archive.writestr(
        form.MANIFEST, json.dumps(manifest, indent=1), compress_type=zipfile.ZIP_DEFLATED
    )
    return BackedUp(rows, len(files), missing)


def write_files(archive: zipfile.ZipFile, media: Path) -> dict[str, dict[str, Any]]:
    """Write all stored files but those that vanish meanwhile; return what the manifest says."""
    found = [
        path
        for path in sorted(media.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix != UNFINISHED
    ]
    files = {}
    for path in found:
        name = path.relative_to(media).as_posix()
        # Housekeeping may remove what belongs to nothing. What has a row is told as missing.
        with contextlib.suppress(FileNotFoundError):
            files[name] = form.write_file(archive, name, path)
    return files


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as it is at one instant, without keeping anybody from writing."""
    if connection.vendor == "sqlite":
        # Django's own transactions would take the write lock (IMMEDIATE); this one only reads.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
