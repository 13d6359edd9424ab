"""Codes made of names, for addresses and files."""

from collections.abc import Collection

from django.utils.text import slugify


def free_code(name: str, taken: Collection[str]) -> str:
    """Return a code made of the name that is not taken: "repairs-north", "repairs-north-2"."""
    stem = slugify(name)[:50].strip("-") or "other"
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code
