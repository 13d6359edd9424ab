"""Numbers as addresses, boxes and buttons send them."""

# Figures of the longest number that fits into every column for whole numbers.
LONGEST = 18


def number_in(text: str, *, longest: int = LONGEST) -> int:
    """Return the number that was sent, 0 for anything that is none or has too many figures.

    Only 0 to 9 are figures: others, such as ², look like some and cannot be read.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else 0
