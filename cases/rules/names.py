"""Finding the staff that a complaint may be about by their names. In doubt it is about them.

Whoever is found is shut out until a coordinator says otherwise, so a wrong hit costs a coordinator
a minute; a wrong miss shows a complaint to the person it is about.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "madam", "cllr", "councillor"})
# Shorter names are found only as part of a whole name.
_SHORTEST = 3
_WORD = re.compile(r"[^\W\d_]+")


def plain_words(text: str) -> list[str]:
    """Return the words of a text without accents, capitals and signs: "O’Brien" is "obrien"."""
    joined = re.sub(r"(?<=\w)['’‘ʼ`´](?=\w)", "", text)  # noqa: RUF001  every apostrophe people type
    decomposed = unicodedata.normalize("NFKD", joined.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _WORD.findall(plain)


def staff_meant(
    named: str, story: str, *, is_about_staff: bool, staff: Mapping[int, str]
) -> frozenset[int]:
    """Return the keys of the staff, given with their names, whom a complaint may be about.

    `named` is the answer to whom it is about: any part of a name there is enough. In the
    `story` a whole name is, or a title and a surname; and where it says that it is about a
    member of staff without a name that is known, a first name or a surname.
    """
    named_words = set(plain_words(named))
    story_words = plain_words(story)
    told = set(story_words)
    pairs = {*pairwise(story_words), *zip(story_words, story_words[2:], strict=False)}
    titled = {word for title, word in pairwise(story_words) if title in _TITLES}
    names = {key: _parts_of(name) for key, name in staff.items()}
    found = {
        key
        for key, parts in names.items()
        if _any_part(parts, named_words)
        or _whole_name(parts, told, pairs)
        or (parts and parts[-1] in titled)
    }
    if is_about_staff and not found:
        found = {key for key, parts in names.items() if _any_part(parts, told)}
    return frozenset(found)


@lru_cache(maxsize=4_096)
def _parts_of(name: str) -> tuple[str, ...]:
    """Return the words of a colleague's name, worked out once for each process."""
    return tuple(plain_words(name))


def _any_part(parts: Iterable[str], present: Collection[str]) -> bool:
    return any(part in present for part in parts if len(part) >= _SHORTEST)


def _whole_name(
    parts: Sequence[str], words: Collection[str], pairs: Collection[tuple[str, str]]
) -> bool:
    """Say whether the first name and the surname follow each other, middle names or not."""
    if len(parts) < 2:
        return bool(parts) and parts[0] in words and len(parts[0]) > _SHORTEST
    ends = (parts[0], parts[-1])
    return ends in pairs or ends[::-1] in pairs
