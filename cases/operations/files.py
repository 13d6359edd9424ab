"""Taking files in: checked by their content, on disk for good before anybody is told so."""

import codecs
import hashlib
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import FileHeld, FileRefused
from cases.models import Scan, StoredFile, User
from cases.rules.wording import marked

# What may be sent, by content: the type as it will be served, and its usual endings.
ALLOWED = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "image/tiff": ("tif", "tiff"),
    "application/msword": ("doc",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/rtf": ("rtf",),
    "video/mp4": ("mp4",),
    "video/quicktime": ("mov",),
    "video/3gpp": ("3gp",),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a",),
    "audio/x-wav": ("wav",),
    "audio/amr": ("amr",),
}
# Plain text has no mark of its own: it must end so and read as text.
TEXT = "text/plain"
# Programs of some years ago write text in the signs of Western European Windows.
TEXT_ENDINGS = {"txt": ("utf-8", "cp1252"), "csv": ("utf-8", "cp1252"), "eml": ("utf-8",)}
# Packed office documents look alike from outside; their first folder tells them apart.
PACKED = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# The list of an office document's parts, the most of it that is read, and how it names macros.
PARTS, MOST_OF_PARTS = "[Content_Types].xml", 1024**2
MACROS = (b"macroenabled", b"vbaproject")
# Older office documents: how they begin, and the parts of them that hold macros or lock them.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_MACROS, OLE_LOCKED = (
    "_VBA_PROJECT".encode("utf-16-le"),
    "EncryptedPackage".encode("utf-16-le"),
)
# The list of members at the end of a packed file: its mark, how far from the end it may stand, and
# the most of it that is read.
END_OF_LIST, END_WITHIN, MOST_OF_LIST = b"PK\x05\x06", 66_000, 512 * 1024
# No document that somebody writes unpacks to so much: it would fill whatever opens it.
MOST_UNPACKED = 512 * 1024**2
# Names that mean a device on Windows, whatever their ending.
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)
ALLOWED_WORDS = marked("PDF, photo, Word, Excel, OpenDocument, text, sound or video")


def clean_name(name: str) -> str:
    """Return a file name that is safe to show and to save under.

    It has no folders, no control signs, and is no device of Windows.
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*').strip(" .")
    if kept.partition(".")[0].strip().lower() in DEVICES:
        kept = f"_{kept}"
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:120]}{dot}{ending[:10]}" if dot and stem else (kept[:120] or "file")


def name_for(name: str, media_type: str) -> str:
    """Return a safe name whose ending is one of the type's: what else it was called stays in it.

    A PDF that came as `bill.html` is handed out as `bill.html.pdf`, which no browser runs.
    """
    kept = clean_name(name)
    usual = ALLOWED.get(media_type) or tuple(TEXT_ENDINGS)
    return kept if _ending(kept) in usual else f"{kept}.{usual[0]}"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def check_upload(upload: "UploadedFile[Any]") -> str:
    """Return the media type of a file that may be taken, by its content.

    :raises FileRefused: if it is empty, too large, not of a kind that is taken, or holds macros.
    """
    name = clean_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise FileRefused(
            _("“%(name)s” is empty. Check the file and choose it again.") % {"name": name}
        )
    if size > settings.UPLOAD_FILE_MAX_BYTES:
        megabytes = settings.UPLOAD_FILE_MAX_BYTES // 1024**2
        raise FileRefused(
            _("“%(name)s” is larger than %(megabytes)d MB. Choose a smaller file.")
            % {"name": name, "megabytes": megabytes}
        )
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    media_type = _media_type(head, name, upload) if head else None
    if media_type is None:
        raise FileRefused(
            _("“%(name)s” cannot be taken. Send a %(kinds)s file.")
            % {"name": name, "kinds": _(ALLOWED_WORDS)}
        )
    return media_type


def _media_type(head: bytes, name: str, upload: "UploadedFile[Any]") -> str | None:
    kind = filetype.guess_mime(head)
    if head.startswith(OLE):
        _check_old_document(name, upload)
    if kind == "application/zip" or kind in PACKED.values():
        return _packed_type(name, upload)
    if kind in ALLOWED:
        return str(kind)
    encodings = TEXT_ENDINGS.get(_ending(name), ())
    if kind is None and any(_reads_as(encoding, upload) for encoding in encodings):
        return TEXT
    return None


def _check_old_document(name: str, upload: "UploadedFile[Any]") -> None:
    """Refuse an older office document that holds macros, or one locked with a password.

    :raises FileRefused: if it does, or is.
    """
    kept = max(len(OLE_MACROS), len(OLE_LOCKED))
    tail = b""
    upload.seek(0)
    try:
        for chunk in upload.chunks():
            piece = tail + chunk
            if OLE_MACROS in piece:
                raise _holds_macros(name)
            if OLE_LOCKED in piece:
                raise FileRefused(
                    _("“%(name)s” is locked with a password. Save it without one, and send that.")
                    % {"name": name}
                )
            tail = piece[-kept:]
    finally:
        upload.seek(0)


def _holds_macros(name: str) -> FileRefused:
    return FileRefused(
        _(
            "“%(name)s” holds macros, which are not taken. Save it without macros or as a PDF, and "
            "send that."
        )
        % {"name": name}
    )


def _list_is_short(upload: "UploadedFile[Any]") -> bool:
    """Say whether the list of a packed file's members is short enough to be read whole."""
    upload.seek(max(0, (upload.size or 0) - END_WITHIN))
    end = upload.read(END_WITHIN)
    upload.seek(0)
    at = end.rfind(END_OF_LIST)
    if at < 0 or len(end) < at + 22 or b"PK\x06\x07" in end[max(0, at - 20) : at]:
        return False
    (size,) = struct.unpack_from("<I", end, at + 12)
    return int(size) <= MOST_OF_LIST


def _packed_type(name: str, upload: "UploadedFile[Any]") -> str | None:
    if not _list_is_short(upload):
        return None
    try:
        with zipfile.ZipFile(upload) as archive:
            members = archive.infolist()
            if sum(each.file_size for each in members) > MOST_UNPACKED:
                return None
            names = [each.filename for each in members]
            with archive.open(PARTS) as file:
                # Two bytes a letter, if it is in UTF-16: without the zeros it reads the same.
                parts = file.read(MOST_OF_PARTS + 1).replace(b"\x00", b"").lower()
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, RuntimeError, EOFError):
        return None
    finally:
        upload.seek(0)
    if len(parts) > MOST_OF_PARTS:
        return None
    held = b"\n".join([parts, *(each.lower().encode() for each in names)])
    if any(sign in held for sign in MACROS):
        raise _holds_macros(name)
    for folder, kind in PACKED.items():
        if any(name.startswith(folder) for name in names):
            return kind
    return None


def _reads_as(encoding: str, upload: "UploadedFile[Any]") -> bool:
    """Say whether all of it is text in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    upload.seek(0)
    try:
        is_text = all("\x00" not in decoder.decode(chunk) for chunk in upload.chunks())
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        upload.seek(0)
    return is_text


def store_upload(upload: "UploadedFile[Any]", *, by: User | None, now: datetime) -> StoredFile:
    """Put a checked file on disk for good and return its row, which belongs to nothing yet.

    The bytes are written under another name, flushed to disk, renamed, and the folder flushed,
    before the row is written: a row without its file cannot be. Where there is a virus scanner it
    is held until that has looked at it, and nobody waits for that here.

    :raises FileRefused: if the file may not be taken.
    """
    media_type = check_upload(upload)
    return _store(
        upload.chunks(),
        name=name_for(upload.name or "", media_type),
        media_type=media_type,
        by=by,
        now=now,
        is_held=bool(settings.CLAMD_URL),
    )


def store_received(content: bytes, *, name: str, media_type: str, now: datetime) -> StoredFile:
    """Put what came by e-mail on disk for good, held for the virus scanner where there is one."""
    return _store(
        [content],
        name=clean_name(name),
        media_type=media_type,
        by=None,
        now=now,
        is_held=bool(settings.CLAMD_URL),
    )


def store_made(chunks: Iterable[bytes], *, name: str, media_type: str, now: datetime) -> StoredFile:
    """Put what was made here on disk for good and return its row."""
    return _store(chunks, name=clean_name(name), media_type=media_type, by=None, now=now)


def _store(
    chunks: Iterable[bytes],
    *,
    name: str,
    media_type: str,
    by: User | None,
    now: datetime,
    is_held: bool = False,
) -> StoredFile:
    key = secrets.token_hex(16)
    path = path_of(key)
    _make_folder(path.parent)
    digest = hashlib.sha256()
    size = 0
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    _flush_folder(path.parent)
    return StoredFile.objects.create(
        key=key,
        name=name,
        media_type=media_type,
        size=size,
        sha256=digest.hexdigest(),
        uploaded_by=by,
        stored_at=now,
        scan=(Scan.HELD if is_held else Scan.NOT_NEEDED).value,
        next_scan_at=now if is_held else None,
    )


def remove_stored(file: StoredFile) -> None:
    """Delete a file that belongs to nothing: its row, and its bytes once that is settled."""
    path = path_of(file.key)
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def path_of(key: str) -> Path:
    """Return where the bytes of a stored file lie."""
    return Path(settings.MEDIA_ROOT) / key[:2] / key


def open_file(file: StoredFile) -> BinaryIO:
    """Open the bytes of a stored file. Nobody else opens them, but the virus scanner.

    :raises FileHeld: if it is not checked yet, or something was found in it.
    :raises FileNotFoundError: if the bytes are gone.
    """
    if not file.may_be_opened:
        raise FileHeld(f"“{file.name}” cannot be opened. {Scan(file.scan).label}.")
    return path_of(file.key).open("rb")


def _make_folder(folder: Path) -> None:
    """Make a folder that is still there after a power cut."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
