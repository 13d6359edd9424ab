"""The form of a backup: one zip of tables as lines of JSON, files as they are, and a manifest.

It depends on no database engine, so a backup of one can be restored into another. The manifest
names every entry with its size and SHA-256; the archive's last 64 characters (a zip's comment)
are the SHA-256 of all before them.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from cases.errors import ArchiveDamaged

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1_000
BLOCK = 1024 * 1024
# As long as the seal that takes its place.
UNSEALED = b"0" * 64
# What a backup leaves out: signed-in browsers, and what migrating makes anew.
LEFT_OUT = frozenset({"sessions", "contenttypes", "auth"})
LEFT_OUT_TABLES = frozenset({"cases_browsersession"})


def kept_models() -> list[type[models.Model]]:
    """Return the models whose rows a backup holds, the join tables among them."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label not in LEFT_OUT
        and model._meta.db_table not in LEFT_OUT_TABLES
    ]


def columns(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Return the fields of a model that have a column, in their order."""
    return list(model._meta.concrete_fields)


def label(model: type[models.Model]) -> str:
    """Return the name of a model's table in a backup."""
    return model._meta.label_lower


def migrations() -> dict[str, list[str]]:
    """Return the migrations applied here, by app, of the apps whose rows are kept."""
    kept = {model._meta.app_label for model in kept_models()}
    applied: dict[str, list[str]] = {app: [] for app in sorted(kept)}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        if app in kept:
            applied[app].append(name)
    return applied


def plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it, losing nothing."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
    return value


def restored(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Return a column's value again as it was before `plain`."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.to_python(value)


class Digest:
    """Counts and hashes what passes through."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()
        self.size = 0

    def take(self, data: bytes) -> bytes:
        """Return the data as they are, counted."""
        self._sha.update(data)
        self.size += len(data)
        return data

    @property
    def sums(self) -> dict[str, Any]:
        """Return size and SHA-256 for the manifest."""
        return {"size": self.size, "sha256": self._sha.hexdigest()}


def write_table(archive: zipfile.ZipFile, model: type[models.Model]) -> dict[str, Any]:
    """Write every row of a model, and return what the manifest says of it."""
    fields = columns(model)
    digest, rows = Digest(), 0
    entry = zipfile.ZipInfo(f"tables/{label(model)}.jsonl")
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as out:
        out.write(digest.take(_line([field.attname for field in fields])))
        stored = model._base_manager.order_by("pk").values_list(*[f.attname for f in fields])
        for row in stored.iterator(chunk_size=CHUNK):
            out.write(digest.take(_line([plain(value) for value in row])))
            rows += 1
    return {"rows": rows, **digest.sums}


def _line(values: Sequence[Any]) -> bytes:
    # PostgreSQL keeps the keys of JSON in an order of its own, so no order is kept.
    words = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return words.encode() + b"\n"


def write_file(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    """Write one stored file, and return what the manifest says of it."""
    digest = Digest()
    entry = zipfile.ZipInfo(f"files/{name}")
    with path.open("rb") as file, archive.open(entry, "w", force_zip64=True) as out:
        while block := file.read(BLOCK):
            out.write(digest.take(block))
    return digest.sums


def read_rows(archive: zipfile.ZipFile, model: type[models.Model]) -> Iterator[models.Model]:
    """Yield the rows of a model as they were.

    :raises ArchiveDamaged: if its columns are not those of the model here.
    """
    fields = columns(model)
    with archive.open(f"tables/{label(model)}.jsonl") as lines:
        if json.loads(lines.readline()) != [field.attname for field in fields]:
            raise ArchiveDamaged(f"The columns of {label(model)} are not those of this version.")
        for line in lines:
            values = json.loads(line)
            yield model(**{f.attname: restored(f, v) for f, v in zip(fields, values, strict=True)})


def put_seal(file: IO[bytes]) -> None:
    """Write the hash of a complete archive in place of its comment."""
    file.write(_seal_of(file))


def check_seal(file: IO[bytes]) -> None:
    """Read the whole archive and compare it with its seal.

    :raises ArchiveDamaged: if a single byte is not as it was written.
    """
    seal = _seal_of(file)
    if file.read() != seal:
        raise ArchiveDamaged("The archive is not complete, or not what was written.")


def _seal_of(file: IO[bytes]) -> bytes:
    """Return the hash of everything but the last 64 characters, before which the file stands."""
    left = max(0, file.seek(0, os.SEEK_END) - len(UNSEALED))
    file.seek(0)
    digest = Digest()
    while left and (block := file.read(min(BLOCK, left))):
        digest.take(block)
        left -= len(block)
    return str(digest.sums["sha256"]).encode()


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return the manifest after everything in the archive was found to be what it says.

    :raises ArchiveDamaged: if anything is missing, added or changed.
    """
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError, zipfile.BadZipFile, EOFError) as damage:
        raise ArchiveDamaged("The manifest is missing or damaged.") from damage
    if manifest.get("format") != FORMAT:
        raise ArchiveDamaged("It was not made by a version that this one understands.")
    wanted = {f"tables/{name}.jsonl": sums for name, sums in manifest["tables"].items()}
    wanted |= {f"files/{name}": sums for name, sums in manifest["files"].items()}
    names = [name for name in archive.namelist() if name != MANIFEST]
    if len(names) != len(set(names)) or set(names) != wanted.keys():
        odd = sorted(set(names) ^ wanted.keys())
        raise ArchiveDamaged(f"Entries are missing or too many: {', '.join(odd[:3]) or 'twice'}.")
    for name, sums in wanted.items():
        _check_entry(archive, name, sums)
    return manifest


def _check_entry(archive: zipfile.ZipFile, name: str, sums: dict[str, Any]) -> None:
    digest, lines = Digest(), 0
    try:
        with archive.open(name) as entry:
            for block in blocks(entry):
                lines += digest.take(block).count(b"\n")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError) as damage:
        raise ArchiveDamaged(f"{name} is damaged.") from damage
    if digest.sums != {key: sums[key] for key in ("size", "sha256")}:
        raise ArchiveDamaged(f"{name} is not what was backed up.")
    if "rows" in sums and lines != sums["rows"] + 1:
        raise ArchiveDamaged(f"{name} does not have {sums['rows']} rows.")


def blocks(entry: IO[bytes]) -> Iterator[bytes]:
    """Yield the content in blocks."""
    while block := entry.read(BLOCK):
        yield block
