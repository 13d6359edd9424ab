"""Papers set as tagged PDF by typst. What they say goes in as data and means nothing to it.

A process of its own does it (`typesetter`), one for each process that has papers set, so that no
paper takes more time or memory than it may.
"""

import atexit
import contextlib
import json
import logging
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Timer
from typing import IO, Any

import fontpkg_atkinson_hyperlegible
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import manimgx_fonts
import pylopdf_fonts_zh_cn
from django.conf import settings

from cases.errors import NotMade

logger = logging.getLogger(__name__)

FONTS = (fontpkg_atkinson_hyperlegible, fontpkg_noto_sans, fontpkg_noto_sans_arabic)
# Of packages with many fonts only these, so that none stands in for another of the same name.
SOME = {
    manimgx_fonts: ("NotoSansBengali", "NotoSansGujarati", "NotoSansGurmukhi", "NotoSansTamil"),
    pylopdf_fonts_zh_cn: ("NotoSansSC-Regular",),
}
TYPESETTER = Path(__file__).with_name("typesetter.py")
# How long is waited for a paper that needs little of the processor, and does not come.
PATIENCE_SECONDS = 120
# How long is waited for it to be gone, once it has stopped to answer.
ENDING_SECONDS = 10
LENGTH_BYTES = 8
# What it says before it ends because it was refused memory.
NO_MEMORY = (b"MemoryError", b"memory allocation of", b"Cannot allocate memory")
TOLD_BYTES = 2_000
# In quotes stand paths, which help, or what somebody wrote, which is in no log.
_QUOTED = re.compile(rb"`[^`]*`?|\"[^\"]*\"?")
TOO_MUCH = (
    "This paper needs more time or memory than one may take. Make what it says shorter, or have it "
    "in several."
)
# Stands for a sign that none of the fonts has.
UNKNOWN_SIGN = "□"
_UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Signs that show nothing, and that some fonts lack: all control signs but the ends of lines.
_CONTROLS = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def _chosen() -> Path:
    """Return the folder with the chosen fonts of large packages, links to where they lie."""
    folder = Path(settings.DATA_DIR) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for package, names in SOME.items():
        for path in Path(package.__file__).parent.iterdir():
            link = folder / path.name
            if path.name.startswith(names) and link.resolve() != path.resolve():
                fresh = folder / f".{secrets.token_hex(8)}"
                fresh.symlink_to(path)
                fresh.replace(link)
    return folder


class _Unset(Exception):
    """The paper cannot be set as it is; says why in typst's words."""


class TypesetterLost(NotMade):
    """What sets papers ended over one, and not because that took too much: it is tried again."""


class Typesetter:
    """The process that sets papers for this one: started for the first, again when it has ended."""

    def __init__(self) -> None:
        self._turn = Lock()
        self.process: subprocess.Popen[bytes] | None = None
        # What the process has to say that is no answer.
        self._said: IO[bytes] | None = None
        self._of = 0
        # Whether the process that was asked last had set a paper before.
        self._has_set = False

    def set(self, inputs: Mapping[str, str], *, timestamp: int) -> bytes:
        """Return a paper as PDF.

        :raises _Unset: if it cannot be set as it is.
        :raises NotMade: if it took too much.
        :raises TypesetterLost: if the process ended for another reason: then it may be made later.
        """
        asked = json.dumps({"inputs": inputs, "timestamp": timestamp}).encode()
        with self._turn:
            try:
                signs, answer = self._answer(asked)
            except NotMade:
                if not self._has_set:
                    raise
                # What is kept of the papers before may have been too much, and not this one.
                signs, answer = self._answer(asked)
        if signs[:1] == b"R":
            raise _Unset(answer.decode())
        return answer

    def _answer(self, asked: bytes) -> tuple[bytes, bytes]:
        process = self._running()
        is_out_of_patience = Event()

        def give_up() -> None:
            is_out_of_patience.set()
            process.kill()

        patience = Timer(PATIENCE_SECONDS, give_up)
        patience.start()
        try:
            signs, answer = _ask(process, asked)
        finally:
            patience.cancel()
        if not signs:
            raise self._why_it_ended(process, was_ended=is_out_of_patience.is_set())
        if signs[1:] != b"M":
            self._end()
        self._has_set = True
        return signs, answer

    def _why_it_ended(self, process: "subprocess.Popen[bytes]", *, was_ended: bool) -> NotMade:
        """Return whether the paper took too much or something else ended the process; end it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(ENDING_SECONDS)
        code, told = process.returncode, b""
        if self._said is not None:
            self._said.seek(0)
            told = self._said.read()
        self._end()
        logger.warning("The typesetter ended with %s: %s", code, _for_a_log(told))
        if was_ended or code == -signal.SIGXCPU or any(each in told for each in NO_MEMORY):
            return NotMade(TOO_MUCH)
        return TypesetterLost("It could not be made just now. Try again in some minutes.")

    def end(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _end(self) -> None:
        process, self.process = self.process, None
        said, self._said = self._said, None
        if said is not None:
            said.close()
        # Of the process before a fork others take care.
        if process is None or self._of != os.getpid():
            return
        process.kill()
        with contextlib.suppress(OSError, ValueError):
            process.communicate()

    def _running(self) -> "subprocess.Popen[bytes]":
        process = self.process
        if process is not None and self._of == os.getpid() and process.poll() is None:
            return process
        self._end()
        folder = Path(settings.BASE_DIR) / "templates" / "papers"
        fonts = [str(Path(font.__file__).parent / "files") for font in FONTS]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  open as long as the process
        self.process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, str(TYPESETTER), str(folder), *fonts, str(_chosen())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            # It needs none of our settings, and so knows none of our secrets.
            env={"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        )
        self._of, self._has_set = os.getpid(), False
        return self.process


def _for_a_log(told: bytes) -> str:
    """Return the end of what the process said, without what is in quotes unless it is a path."""
    shown = _QUOTED.sub(lambda each: each[0] if each[0][:2] == b'"/' else b"...", told)
    return shown[-TOLD_BYTES:].decode(errors="replace")


def _ask(process: "subprocess.Popen[bytes]", asked: bytes) -> tuple[bytes, bytes]:
    """Return the answer and the signs before it, nothing of both if the process ended over it."""
    if process.stdin is None or process.stdout is None:
        raise TypeError("The process has no ends to talk to.")
    try:
        process.stdin.write(len(asked).to_bytes(LENGTH_BYTES) + asked)
        process.stdin.flush()
    except OSError:
        return b"", b""
    signs = process.stdout.read(2)
    size = int.from_bytes(process.stdout.read(LENGTH_BYTES))
    answer = process.stdout.read(size)
    return (signs, answer) if signs and len(answer) == size else (b"", b"")


typesetter = Typesetter()
atexit.register(typesetter.end)


def set_paper(paper: Mapping[str, Any], *, at: datetime, logo: bytes = b"") -> bytes:
    """Return a paper as PDF/UA-1. The same paper at the same instant gives the same bytes.

    A sign that no font has is shown as □, and a logo that cannot be drawn is left out: a letter
    is never held up by one.

    :raises NotMade: if it would take more time or memory than a paper may.
    """
    words = json.dumps(_cleaned(paper), ensure_ascii=False)
    while True:
        try:
            return _compile(words, logo, at)
        except TypesetterLost:
            raise
        except NotMade:
            # A picture may say that it is enormous.
            if not logo:
                raise
            logo = b""
        except _Unset as error:
            unshown = _unshown(str(error)) & set(words)
            if not unshown and logo:
                logo = b""
                continue
            if not unshown:
                raise
            words = words.translate({ord(sign): UNKNOWN_SIGN for sign in unshown})


def _compile(words: str, logo: bytes, at: datetime) -> bytes:
    inputs = {"paper": words} | ({"logo": json.dumps(list(logo))} if logo else {})
    return typesetter.set(inputs, timestamp=int(at.timestamp()))


def _cleaned(value: Any) -> Any:
    """Return the same without signs that show nothing."""
    if isinstance(value, str):
        return _CONTROLS.sub(" ", value)
    if isinstance(value, Mapping):
        return {name: _cleaned(each) for name, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, list | tuple) else value


def _unshown(told: str) -> set[str]:
    """Return the signs that the fonts lack, as the refusal names them."""
    found: set[str] = set()
    for text in _UNSHOWN.findall(told):
        found |= set(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text))
    return found - {UNKNOWN_SIGN}
