"""Letters read out by the machine, as a sound file."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from cases.errors import NotMade

PROGRAM = "espeak-ng"
VOICE, WORDS_A_MINUTE = "en-gb", "150"
NO_SPEECH = (
    "This machine cannot read letters out: espeak-ng is not installed. Ask whoever looks after it "
    "to install espeak-ng and sox, or read the letter out on a recording."
)
# Read sign by sign, and digit by digit.
_REFERENCE = re.compile(r"\b[A-Z]{1,4}-[A-Z0-9]{2,}(?:-[A-Z0-9]{2,})*\b")
_TELEPHONE = re.compile(r"(?<![£\d])\b0\d{2,4}(?: \d{3,4}){1,2}\b")
PAUSE = '<break time="400ms"/>'
# What plays on the most devices first: the program, its orders, the kind of file and its ending.
_PACKERS = (
    ("lame", ("--quiet", "-V6", "{wav}", "{packed}"), "audio/mpeg", "mp3"),
    ("sox", ("-R", "{wav}", "{packed}"), "audio/ogg", "ogg"),
)


def sound_of(lines: Sequence[str]) -> tuple[bytes, str, str]:
    """Return the lines read out, what kind of file it is, and how its name ends.

    :raises NotMade: if espeak-ng is not on this machine.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise NotMade(NO_SPEECH)
    with tempfile.TemporaryDirectory() as folder:
        words, wav = Path(folder) / "letter.xml", Path(folder) / "letter.wav"
        words.write_text(_spoken(lines), encoding="utf-8")
        _run([program, "-m", "-v", VOICE, "-s", WORDS_A_MINUTE, "-f", str(words), "-w", str(wav)])
        return _packed(wav)


def can_read_out() -> bool:
    """Say whether espeak-ng is on this machine."""
    return shutil.which(PROGRAM) is not None


def _packed(wav: Path) -> tuple[bytes, str, str]:
    """Return the sound as small as the programs of this machine can make it."""
    for name, orders, media_type, ending in _PACKERS:
        if program := shutil.which(name):
            packed = wav.with_suffix(f".{ending}")
            _run([program, *(each.format(wav=wav, packed=packed) for each in orders)])
            return packed.read_bytes(), media_type, ending
    return wav.read_bytes(), "audio/x-wav", "wav"


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(  # noqa: S603  our own program, no shell; the words lie in a file
        list(command), capture_output=True, timeout=120, check=False
    )
    if done.returncode:
        raise NotMade("This letter could not be read out. Read it out on a recording.")


def _spoken(lines: Sequence[str]) -> str:
    told = "".join(f"<p>{_marked(line)}</p>" if line else PAUSE for line in lines)
    return f"<speak>{told}</speak>"


def _marked(line: str) -> str:
    """Return a line in which references and telephone numbers are read sign by sign."""
    kept = escape("".join(sign for sign in line if sign.isprintable()))
    for pattern, kind in ((_REFERENCE, "characters"), (_TELEPHONE, "telephone")):
        kept = pattern.sub(rf'<say-as interpret-as="{kind}">\g<0></say-as>', kept)
    return kept
