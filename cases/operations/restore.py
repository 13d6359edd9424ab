"""Putting a backup into an empty installation."""

import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from cases.errors import ActionNotAllowed, ArchiveDamaged
from cases.models import StoredFile
from cases.operations import archive as form
from cases.triggers import install_triggers


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `missing` are stored files that the backup did not have."""

    rows: int
    files: int
    missing: list[str]


def restore(*, source: Path, progress: Callable[[int], None]) -> Restored:
    """Put back every row and every file of a backup; all of it or nothing.

    The whole archive is checked before anything is written. The database must be migrated and
    empty, and so must the folder of stored files. What the database numbers next is put right,
    and the triggers that protect the record are in place afterwards.

    :raises OSError: if the archive cannot be read.
    :raises ArchiveDamaged: if the archive is not what was backed up.
    :raises ActionNotAllowed: if the installation is not empty, or not of the same version.
    """
    with source.open("rb") as file:
        form.check_seal(file)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError) as damage:
            raise ArchiveDamaged(f"{source} is not a backup.") from damage
        with archive:
            manifest = form.read_manifest(archive)
            _check_same_version(manifest)
            _check_empty()
            return _put_back(archive, manifest, progress)


def _check_same_version(manifest: dict[str, Any]) -> None:
    here = form.migrations()
    if manifest["migrations"] != here:
        raise ActionNotAllowed(
            "The backup was made by another version of the system. Restore it with that version, "
            "then install this one and run `manage.py migrate`."
        )
    if manifest["tables"].keys() != {form.label(model) for model in form.kept_models()}:
        raise ArchiveDamaged("The backup does not hold the tables of this version.")


def _check_empty() -> None:
    filled = [form.label(model) for model in form.kept_models() if _has_rows(model)]
    if filled:
        raise ActionNotAllowed(
            f"The database is not empty ({', '.join(filled[:3])}). Nothing was changed. Restore "
            "into a new database."
        )
    media = Path(settings.MEDIA_ROOT)
    if media.exists() and any(path.is_file() for path in media.rglob("*")):
        raise ActionNotAllowed(
            f"There are files in {media}. Nothing was changed. Move them away first."
        )


def _has_rows(model: Any) -> bool:
    return bool(model._base_manager.exists())


def _put_back(
    archive: zipfile.ZipFile, manifest: dict[str, Any], progress: Callable[[int], None]
) -> Restored:
    """Write the files, then the rows that speak of them, all or nothing."""
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        for name in manifest["files"]:
            _write_file(archive, name, media)
        os.sync()
        with transaction.atomic():
            rows = _insert_all(archive, progress)
            _number_on()
            missing = _missing(manifest)
    except BaseException:
        _empty(media)
        raise
    install_triggers(connection)
    return Restored(rows, len(manifest["files"]), missing)


def _empty(folder: Path) -> None:
    """Take away what was put into a folder that was empty."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _write_file(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    """Write one file for good.

    :raises ArchiveDamaged: if its name leads out of the folder.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ArchiveDamaged(f"{name} is not the name of a stored file.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with archive.open(f"files/{name}") as entry, os.fdopen(handle, "wb") as file:
        for block in form.blocks(entry):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _insert_all(archive: zipfile.ZipFile, progress: Callable[[int], None]) -> int:
    """Insert every row under its own number; what refers to what is checked at the end."""
    done = 0
    for model in form.kept_models():
        rows = form.read_rows(archive, model)
        while some := list(islice(rows, form.CHUNK)):
            model._base_manager.bulk_create(some)
            done += len(some)
            progress(done)
    return done


def _number_on() -> None:
    """Let the database number what comes next after what was restored."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), form.kept_models()):
            cursor.execute(statement)


def _missing(manifest: dict[str, Any]) -> list[str]:
    """Return the stored files that the backup lacks, by the hash of their bytes."""
    there = {sums["sha256"] for sums in manifest["files"].values()}
    stored = set(StoredFile.objects.values_list("sha256", flat=True))
    return sorted(stored - there)
