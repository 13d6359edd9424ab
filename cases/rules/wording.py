"""Words of ours that are translated where they are shown, and words that stay as they were typed.

The rules know no language: they mark their words, and a catalogue finds them by the mark.
"""

import re

# Stand around words in English in a text of another language: nobody can type them.
BEGIN, END = "\ue000", "\ue001"
TYPED = re.compile(f"{BEGIN}(.*?){END}", re.DOTALL)


def marked(words: str) -> str:
    """Return words as they are, and let the catalogues find them."""
    return words


def as_typed(words: str) -> str:
    """Return words with the marks that say: this is English, whatever stands around it."""
    return f"{BEGIN}{words}{END}" if words else ""


def unmarked(text: str) -> str:
    """Return a text without the marks, as it stands where no language can be told."""
    return text.replace(BEGIN, "").replace(END, "")
