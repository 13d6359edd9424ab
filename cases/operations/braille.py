"""Letters in Unified English Braille, contracted, as a file to emboss (BRF)."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence

from cases.errors import NotMade
from cases.rules.braille_pages import braille_file

PROGRAM = "lou_translate"
# The display table first: without it the signs are lower-case and embossers misread them.
TABLES = "en-us-brf.dis,en-ueb-g2.ctb"
# A longer line would be cut in pieces, and in the middle of a word.
LONGEST = 800
NO_BRAILLE = (
    "This machine cannot make Braille: liblouis is not installed. Ask whoever looks after it to "
    "install liblouis-bin, or have the letter transcribed from its text."
)
# How liblouis writes what its table does not have.
_UNKNOWN = re.compile(r"'\\[XYZ]")


def braille_of(lines: Sequence[str]) -> bytes:
    """Return the lines as a Braille file. Machine-made: nobody has proof-read it.

    :raises NotMade: if liblouis is not on this machine, or Braille has no sign for something.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise NotMade(NO_BRAILLE)
    _check_signs(program, lines)
    pieces = [_pieces(line) for line in lines]
    told = iter(_translate(program, [piece for each in pieces for piece in each]))
    whole = [" ".join(next(told) for _ in each) for each in pieces]
    return braille_file(whole).encode("ascii")


def can_make_braille() -> bool:
    """Say whether liblouis is on this machine."""
    return shutil.which(PROGRAM) is not None


def _check_signs(program: str, lines: Sequence[str]) -> None:
    signs = sorted({sign for line in lines for sign in line if not sign.isascii()})
    found = _translate(program, signs)
    unknown = [sign for sign, told in zip(signs, found, strict=True) if _UNKNOWN.search(told)]
    if unknown:
        raise NotMade(
            f"Braille has no sign for {' '.join(unknown[:10])} in this letter. Have it transcribed "
            "from its text."
        )


def _pieces(line: str) -> list[str]:
    """Return a line in pieces short enough, cut between words."""
    pieces = [""]
    for word in line.split():
        if pieces[-1] and len(pieces[-1]) + len(word) >= LONGEST:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {word}".strip()
    return pieces


def _translate(program: str, lines: Sequence[str]) -> list[str]:
    """Return each line in Braille ASCII."""
    if not lines:
        return []
    # A single backslash would begin an order to the program.
    given = "".join(line.replace("\\", "\\\\") + "\n" for line in lines)
    done = subprocess.run(  # noqa: S603  our own program, no shell; the words go in as its input
        [program, "--forward", TABLES],
        input=given.encode(),
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    found = done.stdout.decode("ascii", "replace").splitlines()
    # It also ends well when it could not read a line, and says so on the side.
    if done.returncode or done.stderr or len(found) != len(lines):
        raise NotMade("Braille could not be made of this letter. Have it transcribed elsewhere.")
    return found
