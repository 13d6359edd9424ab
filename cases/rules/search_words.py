"""What a search looks for: words without capitals, accents and signs, as they are stored."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

# More than this of one complaint is not searched: about 35,000 words.
LONGEST_TEXT = 200_000
MOST_TERMS = 8
LONGEST_WORD = 60
# A shorter word must be the whole word: what begins with one or two letters is half the language.
SHORTEST_BEGINNING = 3
# Fewer figures in a row are numbers of houses and years, not of telephones.
SHORTEST_TELEPHONE = 6

# The typewriter's, the two quotation marks, the modifier letter, the grave and the acute.
_APOSTROPHES = dict.fromkeys((0x27, 0x2018, 0x2019, 0x2BC, 0x60, 0xB4), "")
_QUOTED = re.compile(r'["“”„]([^"“”„]*)["“”„]?')
_OUTWARD = re.compile(r"[a-z]{1,2}\d[a-z\d]?")
_INWARD = re.compile(r"\d[a-z]{2}")

# Words of which every text is full: left out of a search that has others (PostgreSQL's list).
COMMON_WORDS = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself
    she her hers herself it its itself they them their theirs themselves what which who whom this
    that these those am is are was were be been being have has had having do does did doing a an
    the and but if or because as until while of at by for with about against between into through
    during before after above below to from up down in out on off over under again further then
    once here there when where why how all any both each few more most other some such no nor not
    only own same so than too very s t can will just don should now
    """.split()  # noqa: SIM905  easier to compare with the list it was taken from
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing looked for: a word, or several words in a row.

    With `is_beginning` longer words that begin so are found too.
    """

    words: tuple[str, ...]
    is_beginning: bool = False

    @property
    def is_phrase(self) -> bool:
        """Say whether the words must stand in a row."""
        return len(self.words) > 1


@dataclass(frozen=True, slots=True)
class Sought:
    """Everything looked for; all of it must be found.

    `with_notes` looks in internal notes too. `places` are words of `place_words`, one of which
    must be there: nothing that lies elsewhere need be looked at. `topics` are what complaints can
    be about, each with the word of its place and its name in plain words.
    """

    terms: tuple[Term, ...]
    with_notes: bool = True
    places: tuple[str, ...] = ()
    topics: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def has_phrase(self) -> bool:
        """Say whether words must stand in a row."""
        return any(term.is_phrase for term in self.terms)

    def topics_with(self, term: Term) -> tuple[str, ...]:
        """Return the places of the topics whose names have what is looked for."""
        return tuple(place for place, name in self.topics if _has(name.split(), term))

    def beginnings(self) -> "Sought":
        """Return the same, satisfied with words that only begin so."""
        terms = (
            replace(term, is_beginning=True)
            if not term.is_phrase and len(term.words[0]) >= SHORTEST_BEGINNING
            else term
            for term in self.terms
        )
        return replace(self, terms=tuple(terms))


def _has(name: Sequence[str], term: Term) -> bool:
    """Say whether words stand in a row in a name; one lift is what "Lifts" are about."""
    asked = len(term.words)
    return any(
        all(map(_is_word, name[start : start + asked], term.words))
        if not term.is_beginning
        else name[start].startswith(term.words[0])
        for start in range(len(name) - asked + 1)
    )


def _is_word(word: str, asked: str) -> bool:
    return asked in (word, f"{word}s") or word == f"{asked}s"


def place_words(
    *,
    area: int | None = None,
    officer: int | None = None,
    logger: int | None = None,
    topic: int | None = None,
    is_restricted: bool = False,
) -> str:
    """Return where a complaint lies, as words that nobody types."""
    places = {"zzarea": area, "zzofficer": officer, "zzlogger": logger, "zztopic": topic}
    found = [f"{kind}{key}" for kind, key in places.items() if key is not None]
    return " ".join([*found, "zzrestricted"] if is_restricted else found)


def plain_words(*texts: str) -> str:
    """Return the words of the texts as they are searched: "O’Brien, Siân" is "obrien sian"."""
    text = unicodedata.normalize("NFKD", " ".join(texts)[:LONGEST_TEXT])
    text = text.translate(_APOSTROPHES).casefold()
    kept = (c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def number_words(telephone: str) -> str:
    """Return a telephone number as it is searched: in one piece, and its last six figures."""
    figures = "".join(c for c in telephone if c.isdecimal() and c.isascii())
    if telephone.strip().startswith("+44"):
        figures = "0" + figures.removeprefix("44").removeprefix("0")
    return f"{figures} {figures[-6:]}" if len(figures) > 6 else figures


def postcode_words(postcode: str) -> str:
    """Return a postcode as it is searched: in its parts and in one piece."""
    words = plain_words(postcode)
    joined = words.replace(" ", "")
    return words if joined == words else f"{words} {joined}"


def sought(text: str, *, with_notes: bool = True) -> Sought:
    """Return what somebody looks for: words, and “words in a row” between quotation marks.

    Nothing is looked for when there is no letter or figure in it.
    """
    phrases = (tuple(_cut(plain_words(phrase).split())) for phrase in _QUOTED.findall(text))
    terms = [Term(phrase) for phrase in phrases if phrase]
    rest = _QUOTED.sub(" ", text.replace("+44", "0"))
    words = list(_joined(_cut(plain_words(rest).split())))
    telling = [word for word in words if word not in COMMON_WORDS]
    if not terms and not telling:
        telling = words
    terms += [Term((word,)) for word in telling]
    return Sought(tuple(dict.fromkeys(terms))[:MOST_TERMS], with_notes)


def _cut(words: Iterable[str]) -> Iterator[str]:
    return (word[:LONGEST_WORD] for word in words)


def _joined(words: Iterable[str]) -> Iterator[str]:
    """Yield the words, a postcode or a telephone number in one piece."""
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if _OUTWARD.fullmatch(word) and waiting and _INWARD.fullmatch(waiting[0]):
            yield word + waiting.pop(0)
            continue
        figures = [word]
        while word.isdecimal() and waiting and waiting[0].isdecimal():
            figures.append(waiting.pop(0))
        number = "".join(figures)
        yield from [number] if len(number) >= SHORTEST_TELEPHONE else figures
