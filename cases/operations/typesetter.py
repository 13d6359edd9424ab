"""Sets papers as PDF for whoever asks on its input, in a process of its own.

A paper cannot be stopped once it is being set, and what somebody wrote decides how long that takes
and what it needs. So it is done here, where the system itself ends what takes too much: the process
that asked goes on, and starts another.

A request is a length of eight bytes and so much of JSON. Before the same an answer has two signs: P
for a PDF or R for a refusal in words, and L if it is the last answer or M if more may follow.
"""

import json
import resource
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

import typst

LENGTH = struct.Struct(">Q")
MADE, REFUSED, LAST, MORE = b"P", b"R", b"L", b"M"
# What one paper may take.
MOST_SECONDS, MOST_BYTES = 10, 512 * 1024**2
# What was needed for a paper is kept to set the next one faster: after so much this one ends.
FULL_PAPERS, FULL_WORDS = 50, 200_000


def main() -> None:
    """Set one paper after the other until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    # What it held when it was ended is written nowhere.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    folder, *fonts = sys.argv[1:]
    shown = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=fonts)
    papers = words = 0
    while request := read(asked):
        _allow_time()
        kind, content = _set(json.loads(request), Path(folder), shown)
        papers, words = papers + 1, words + len(request)
        is_last = papers >= FULL_PAPERS or words > FULL_WORDS
        answered.write(kind + (LAST if is_last else MORE) + LENGTH.pack(len(content)) + content)
        answered.flush()
        if is_last:
            return


def read(source: BinaryIO) -> bytes:
    """Return what comes next, or nothing once nothing does."""
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _allow_time() -> None:
    """Give the next paper its seconds of the processor, whatever others took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + MOST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _set(asked: dict[str, Any], folder: Path, fonts: typst.Fonts) -> tuple[bytes, bytes]:
    compiler = typst.Compiler(input=str(folder / "paper.typ"), root=str(folder), font_paths=fonts)
    try:
        made = compiler.compile(
            format="pdf",
            sys_inputs=asked["inputs"],
            pdf_standards=["ua-1"],
            timestamp=asked["timestamp"],
        )
    except typst.TypstError as error:
        return REFUSED, f"{error.message}\n{error.diagnostic}".encode()
    if not isinstance(made, bytes):
        raise TypeError("One document was to be made.")
    return MADE, made


if __name__ == "__main__":
    main()
