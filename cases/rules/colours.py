"""Colours of the landlord's own: whether white words on them, and they on white, can be read."""

import re

# What ordinary words need to stand out by (WCAG 2.2, 1.4.3).
LEAST_CONTRAST = 4.5
_WRITTEN = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def read_colour(text: str) -> str:
    """Return a colour as "#0f4c5c", from what somebody wrote; nothing if it is none."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return ""
    digits = match[1].lower()
    return f"#{''.join(2 * each for each in digits) if len(digits) == 3 else digits}"


def contrast_with_white(colour: str) -> float:
    """Return by how much a colour stands out from white: from 1 for white to 21 for black."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)


def is_readable(colour: str) -> bool:
    """Say whether words can be read in this colour on white, and in white on this colour."""
    return contrast_with_white(colour) >= LEAST_CONTRAST


def why_refused(colour: str) -> str:
    """Return why a colour is refused, with the nearest darker one that would do; or nothing."""
    if is_readable(colour):
        return ""
    # Never rounded up to what would do.
    shown = int(contrast_with_white(colour) * 10) / 10
    return (
        f"This colour is too pale: it stands out from white by {shown:.1f} to 1, and words need at "
        f"least {LEAST_CONTRAST} to 1. {darkened(colour)} would do."
    )


def darkened(colour: str) -> str:
    """Return the palest darker shade of a colour that can be read."""
    for share in range(100, -1, -1):
        shade = "#" + "".join(f"{round(part * share / 100):02x}" for part in _parts(colour))
        if is_readable(shade):
            return shade
    return "#000000"


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(part: int) -> float:
    value = part / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def theme(brand: str, action: str) -> str:
    """Return the style sheet that sets the landlord's colours; nothing for the product's own."""
    given = (("brand", brand), ("action", action))
    lines = [f"--{name}: {colour};" for name, colour in given if colour]
    return f":root {{ {' '.join(lines)} }}\n" if lines else ""
