"""A language that nobody speaks: ours with an accent on every letter.

Whatever on a page has no accent was not translated. Under the tag of a language that runs to the
left it shows whether a page can be turned round.
"""

import re
from pathlib import Path

from babel.messages.catalog import Catalog

from complaints_site.tests.catalogue.files import compiled
from complaints_site.tests.catalogue.words import every_word

PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ACCENTED = "ÀßÇÐÉƑĜĤÎĴĶĹṀÑÖÞǪŔŠŢÛṼŴẊÝŽàƀçðéƒĝĥîĵķĺṁñöþǫŕšţûṽŵẋýž"
# What a program puts something in for, marks of a page, and a few lines that are for machines.
KEPT = re.compile(r"(%\(\w+\)[sd]|%\{\w+\}|\{\w*\}|%[sd]|<[^>]+>|&\w+;)")
TAG = "xx"


def accented(words: str) -> str:
    """Return words with an accent on every letter, but for what a program fills in."""
    letters = str.maketrans(PLAIN, ACCENTED)
    return "".join(
        part if KEPT.fullmatch(part) else part.translate(letters) for part in KEPT.split(words)
    )


def pseudo_catalogue() -> Catalog:
    """Return the catalogue of that language: every word there is."""
    made = Catalog(charset="utf-8")
    for word in every_word():
        told = accented(word) if isinstance(word, str) else tuple(accented(each) for each in word)
        made.add(word, told)
    return made


def write_pseudo(folder: Path, tag: str) -> None:
    """Put that language into a folder of catalogues, under some tag."""
    place = folder / tag / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(compiled(pseudo_catalogue()))
