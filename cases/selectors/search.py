"""Finding complaints: by reference, by words, by names that are spelt alike."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Subquery

from cases.errors import ReferenceUnreadable
from cases.models import Category, Complaint, SearchEntry, User
from cases.models.complaints import ComplaintQuerySet
from cases.models.search import fts5_query, tsquery
from cases.rules.references import parse_reference
from cases.rules.roles import Role
from cases.rules.search_words import Sought, Term, place_words, plain_words, sought
from cases.search_indexes import NAME_WORDS, TABLE, TRIGRAMS
from cases.selectors.prepared import BLANK_TEXT, Prepared

# Whoever works at the front line reads what customers said, not what colleagues noted.
READING_NOTES = frozenset(Role) - {Role.FRONT_LINE, Role.PANEL_MEMBER}
# How alike two spellings are, from 0 to 1: of "smyth" and "smith" a third of the threes are the
# same, and four fifths of the letters.
ALIKE_TRIGRAMS = 0.3
# Words this much less alike than the most alike are looked for with it.
NEARLY = 0.1
# So many words are compared letter by letter.
WORDS_COMPARED = 40
ALIKE_LETTERS = 0.75
# Of names that only begin alike so many are compared.
COMPARED = 1_000


# A person who answers for few areas is served from what lies in them.
FEW_AREAS = 4
# So many of the newest complaints are gone through for words that are in many of them; fewer for
# words in a row, as nobody knows how often they are in a row.
WALKED = 200_000
WALKED_FOR_PHRASE = 20_000
# Among fewer entries looking words up is cheap, however frequent they are.
FEW_ENTRIES = 10_000
# Whoever sees a part of the complaints goes through more of them for each that they see.
SHARE_OF_A_SERVICE = 0.1
EVERYTHING = 10_000_000
# In a PostgreSQL query a word or the same word, and no word that has to follow another.
_SAID_TWICE = re.compile(r"(^|\( )('(?:[^']|'')+'(?::[*A-D]+)?) \| \2(?=$| \)| \|)")


Topics = Sequence[tuple[str, str]]


def topics_of_complaints() -> Topics:
    """Return what complaints can be about: keys and names. One query."""
    rows = Category.objects.order_by("pk").values_list("pk", "name")
    return tuple((str(key), name) for key, name in rows)


def words_sought(text: str, user: User, topics: Topics) -> Sought:
    """Return what `user` looks for; internal notes are searched for those who may read them."""
    looked_for = sought(text, with_notes=user.has_role(*READING_NOTES))
    named = tuple((place_words(topic=int(key)), plain_words(name)) for key, name in topics)
    return replace(looked_for, places=places_of(user), topics=named)


def places_of(user: User) -> tuple[str, ...]:
    """Return where everything lies that `user` may know of; nothing if that is far and wide."""
    if user.has_role(Role.COMPLAINTS_COORDINATOR, Role.PANEL_MEMBER, Role.AUDITOR):
        return ()
    if user.covers:
        return ()
    areas = sorted(user.scope.managed_areas | user.scope.team_areas)
    if len(areas) > FEW_AREAS:
        return ()
    places = [place_words(area=area) for area in areas]
    places += [place_words(officer=key) for key in sorted(user.own_keys)]
    places.append(place_words(logger=user.pk, is_restricted=True))
    return tuple(" ".join(places).split())


class Searched:
    """Complaints among which words are looked for; the queries are put together once for all."""

    def __init__(self, complaints: ComplaintQuerySet) -> None:
        self._complaints = complaints

    @cached_property
    def looked_up(self) -> Prepared:
        """Return the query of those with the words, looked up in the index of words."""
        # The slice keeps the database from going through everything in order for the few.
        entries = SearchEntry.objects.filter(names__matches=BLANK_TEXT).values("pk")[:EVERYTHING]
        chosen = self._complaints.filter(pk__in=entries).order_by("-pk")
        return Prepared(chosen.values_list("pk"))

    @cached_property
    def walked(self) -> Prepared:
        """Return the query that goes through the newest for the words."""
        return self._walked(WALKED)

    @cached_property
    def walked_for_phrase(self) -> Prepared:
        """Return the same for words in a row, which goes through fewer."""
        return self._walked(WALKED_FOR_PHRASE)

    def _walked(self, most: int) -> Prepared:
        newest = Subquery(Complaint.objects.order_by("-pk").values("pk")[:1])
        walked = self._complaints.filter(
            search_entry__names__matches=BLANK_TEXT,
            search_entry__complaint_id__gt=newest - most,
        )
        return Prepared(walked.order_by("-pk").values_list("pk"))

    @cached_property
    def names(self) -> Prepared:
        """Return the query of the names in those with the words, newest first."""
        found = self._complaints.filter(search_entry__names__matches=BLANK_TEXT)
        ordered = found.order_by("-received_on", "-pk")
        return Prepared(ordered.values_list("pk", "search_entry__names"))


@lru_cache(maxsize=1)
def _entries() -> Prepared:
    """Return the query of the entries with the words, whoever may read them."""
    return Prepared(SearchEntry.objects.filter(names__matches=BLANK_TEXT).values_list("pk"))


class How(StrEnum):
    """How complaints were found."""

    AS_WRITTEN = "as_written"
    BEGINNING = "beginning"
    SPELT_ALIKE = "spelt_alike"


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of complaints, those logged last first, unless they are spelt alike.

    `has_more`: there are more than these. `newest_only`: only the newest were gone through.
    """

    keys: list[int]
    how: How = How.AS_WRITTEN
    has_more: bool = False
    newest_only: bool = False


def find(
    searched: Searched,
    text: str,
    user: User,
    *,
    needed: int,
    limit: int,
    topics: Topics | None = None,
) -> Found:
    """Return which of the complaints have what the text says, as it is written if there are any.

    Else those with words that begin so, else those with names spelt alike. At most `limit`;
    where the words are in many complaints no more than `needed`. Two to ten queries; one more
    where the topics are not given.
    """
    words = words_sought(text, user, topics_of_complaints() if topics is None else topics)
    if not words:
        return Found([])
    longer = words.beginnings()
    asked = _asked(words, longer)
    among = _Among(searched, user, asked, needed=needed, limit=limit)
    found = _find(among, words, asked.written)
    if found.keys:
        return found
    if longer != words:
        found = _find(among, longer, asked.longer)
        if found.keys:
            return replace(found, how=How.BEGINNING)
    if words.has_phrase:
        return found
    alike = _spelt_alike(among, words) if asked.knows_trigrams else _by_letters(among, words)
    return Found(alike, How.SPELT_ALIKE) if alike else found


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words as the database asks for them, and what it says of its entries.

    `everything` is about how many there are, or nothing where the database does not know.
    """

    written: str
    longer: str
    everything: float = 0
    knows_trigrams: bool = False


def _asked(words: Sought, longer: Sought) -> _Asked:
    """Return the words in the database's own form. One query, which sets how alike is alike."""
    if connection.vendor != "postgresql":
        return _Asked(fts5_query(words), fts5_query(longer))
    (written, with_written), (begun, with_begun) = tsquery(words), tsquery(longer)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {written}::text, {begun}::text, "  # noqa: S608  our own
            "(SELECT reltuples FROM pg_class WHERE relname = %s), to_regclass(%s) IS NOT NULL, "
            "set_config('pg_trgm.similarity_threshold', %s, false)",
            [*with_written, *with_begun, TABLE, TRIGRAMS, str(ALIKE_TRIGRAMS)],
        )
        written_out, begun_out, everything, knows_trigrams, _threshold = cursor.fetchone()
    return _Asked(_once(written_out), _once(begun_out), everything, knows_trigrams)


def _once(asked: str) -> str:
    """Return a query without a stem that is the word itself: it would be counted twice."""
    return _SAID_TWICE.sub(r"\1\2", asked)


@dataclass(frozen=True, slots=True)
class _Among:
    """What is searched, for whom, and for how many."""

    searched: Searched
    user: User
    asked: _Asked
    needed: int
    limit: int


def _find(among: _Among, words: Sought, asked: str) -> Found:
    searched, needed, limit = among.searched, among.needed, among.limit
    if _is_frequent(among, words, asked):
        walked = searched.walked_for_phrase if words.has_phrase else searched.walked
        keys = _keys(walked, asked, limit=needed)
        if len(keys) == needed:
            return Found(keys, has_more=True)
        if words.has_phrase:
            # Every complaint with all of the words would have to be read for their order.
            return Found(keys, newest_only=True)
    keys = _keys(searched.looked_up, asked, limit=limit + 1)
    return Found(keys[:limit], has_more=len(keys) > limit)


def _keys(query: Prepared, asked: str, *, limit: int) -> list[int]:
    return [key for (key,) in query.rows(f" LIMIT {limit:d}", text=asked)]


def _is_frequent(among: _Among, words: Sought, asked: str) -> bool:
    """Say whether going through the newest complaints is cheaper than looking the words up.

    Looking up costs in proportion to the complaints that have the words, going through to those
    between one that has them and the next. PostgreSQL knows how often words occur; False where
    it does not, and where there are few entries.
    """
    if among.asked.everything < FEW_ENTRIES:
        return False
    [[[plan]]] = _entries().rows(before="EXPLAIN (FORMAT JSON) ", text=asked)
    share = 1.0
    if not words.places and not among.user.has_role(Role.COMPLAINTS_COORDINATOR):
        share = SHARE_OF_A_SERVICE
    matching = plan["Plan"]["Plan Rows"]
    return bool(matching * matching * share > among.needed * among.asked.everything)


def by_reference(text: str, user: User | AnonymousUser) -> Complaint | None:
    """Return the complaint with this reference, in any forgiven spelling, that `user` may know of.

    References that were given elsewhere and imported are found as they were written. One query.
    """
    spellings = {text.strip(), text.strip().upper()}
    try:
        spellings.add(parse_reference(text))
    except ReferenceUnreadable:
        if len(text.split()) > 1:
            return None
    return Complaint.objects.visible_to(user).filter(reference__in=spellings).first()


def _spelt_alike(among: _Among, words: Sought) -> list[int]:
    """Return the keys of complaints with names spelt like the words, the newest first.

    For when nothing is found as it was spelt. Which words are left out, and which are the most
    alike, is told by the names in complaints that may be read: the words of all names are only
    where the looking begins, or whoever asks would learn that a closed complaint has one of them
    (P4). Two to five queries, and one for each word where they are not found together.
    """
    known = _words_alike(words)
    if not known:
        return []
    keys = _find(among, words, _any_of(known, words)).keys
    if not keys and len(known) > 1:
        alone = {place: _any_of({place: alike}, words) for place, alike in known.items()}
        left = {place: known[place] for place in known if _find(among, words, alone[place]).keys}
        if left and left != known:
            known = left
            keys = _find(among, words, _any_of(known, words)).keys
    if not keys:
        return []
    closest = _closest(known, _words_in_names(keys))
    if closest != known:
        keys = _find(among, words, _any_of(closest, words)).keys or keys
    return keys[: among.needed]


def _words_in_names(keys: Sequence[int]) -> set[str]:
    """Return every word of the names in these complaints. One query."""
    names = SearchEntry.objects.filter(pk__in=keys).values_list("names", flat=True)
    return {word for each in names for word in each.split()}


def _closest(known: Mapping[int, Sequence["_Alike"]], there: set[str]) -> dict[int, list["_Alike"]]:
    """Return by its place which words are there and nearly as alike as the most alike of them."""
    found: dict[int, list[_Alike]] = {}
    for place, alike in known.items():
        # None are, where a name changed between the two queries.
        some = [each for each in alike if each.word in there] or alike
        best = max(each.likeness for each in some)
        found[place] = [each for each in some if each.likeness > best - NEARLY]
    return found


class _Alike(NamedTuple):
    """A word of some name, and how much it is like the one asked for, up to 1."""

    word: str
    likeness: float


def _words_alike(words: Sought) -> dict[int, list[_Alike]]:
    """Return the words of names like each of those asked for, by its place. One query."""
    asked = {place: term.words[0] for place, term in enumerate(words.terms)}
    lettered = {place: word for place, word in asked.items() if word.isalpha()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.place, known.word "  # noqa: S608  our own names
            "FROM unnest(%s::int[], %s::text[]) AS asked(place, word) "
            f"CROSS JOIN LATERAL (SELECT word FROM {NAME_WORDS} WHERE word %% asked.word "
            "ORDER BY similarity(word, asked.word) DESC, word LIMIT %s) AS known",
            [list(lettered), list(lettered.values()), WORDS_COMPARED],
        )
        rows = cursor.fetchall()
    found: dict[int, list[_Alike]] = {}
    for place, word in rows:
        likeness = _likeness(lettered[place], word)
        if likeness >= ALIKE_LETTERS:
            found.setdefault(place, []).append(_Alike(word, likeness))
    return found


def _any_of(known: Mapping[int, Sequence[_Alike]], words: Sought) -> str:
    """Return the query for one word in the place of each; where none is alike it is left out."""
    parts = [" | ".join(f"'{each.word}':A" for each in alike) for alike in known.values()]
    # Numbers are as they are: a house is not the one next door.
    parts += [f"'{term.words[0]}':A" for term in words.terms if not term.words[0].isalpha()]
    parts += [" | ".join(words.places)] if words.places else []
    return " & ".join(f"({part})" for part in parts)


def _by_letters(among: _Among, words: Sought) -> list[int]:
    """Compare names that begin with the same two letters, in the newest complaints.

    For databases without trigrams. One query.
    """
    longest = max((term.words[0] for term in words.terms), key=len)
    begins = Sought((Term((longest[:2],), is_beginning=True),), with_notes=False)
    rows = among.searched.names.rows(f" LIMIT {COMPARED:d}", text=_asked(begins, begins).written)
    found = [
        (likeness, place, key)
        for place, (key, names) in enumerate(rows)
        if (likeness := _likeness(longest, names)) >= ALIKE_LETTERS
    ]
    found.sort(key=lambda each: (-each[0], each[1]))
    return [key for _, _, key in found[: among.needed]]


def _likeness(word: str, names: str) -> float:
    return max((SequenceMatcher(None, word, name).ratio() for name in names.split()), default=0)
