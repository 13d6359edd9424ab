"""A complaint in the customer's own words, apart from what else the public form asks about it."""

WHEN = "When it happened: "
EFFECT = "How it affects me: "
ABOUT_WHOM = "Who it is about: "
# What is recorded of files that somebody adds without words.
WITHOUT_WORDS = "See the files."


def whole_summary(words: str, *, happened: str = "", effect: str = "", about_whom: str = "") -> str:
    """Return all that was told on the form as one text, as the record keeps it."""
    parts = [words]
    if happened:
        parts.append(f"{WHEN}{happened}")
    if effect:
        parts.append(f"{EFFECT}{effect}")
    if about_whom:
        parts.append(f"{ABOUT_WHOM}{about_whom}")
    return "\n\n".join(parts)


def own_words(summary: str) -> str:
    """Return what is complained of alone, as it may be said back to the customer."""
    words = summary.replace("\r\n", "\n")
    for label in (WHEN, EFFECT, ABOUT_WHOM):
        words = words.partition(f"\n\n{label}")[0]
    return words.strip()


def plain(words: str) -> str:
    """Return words as they are compared: however a browser ends its lines."""
    return "\n".join(line.rstrip() for line in words.strip().splitlines())
