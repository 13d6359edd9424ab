"""Finding complaints: by reference, by words, by names that are spelt alike."""

import json
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import FloatField, Func, Subquery, TextField, Value

from cases.errors import ReferenceUnreadable
from cases.models import Category, Complaint, SearchEntry, User
from cases.models.complaints import ComplaintQuerySet
from cases.rules.references import parse_reference
from cases.rules.roles import Role
from cases.rules.search_words import Sought, Term, place_words, plain_words, sought
from cases.search_indexes import TABLE, TRIGRAMS

# Whoever works at the front line reads what customers said, not what colleagues noted.
READING_NOTES = frozenset(Role) - {Role.FRONT_LINE, Role.PANEL_MEMBER}
# How alike two spellings are, from 0 to 1: "smyth" and "smith" share half of their threes.
ALIKE_TRIGRAMS = 0.45
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


def words_sought(text: str, user: User) -> Sought:
    """Return what `user` looks for; internal notes are searched for those who may read them.

    One query, for the names of what complaints can be about.
    """
    looked_for = sought(text, with_notes=user.has_role(*READING_NOTES))
    topics = tuple(
        (place_words(topic=key), plain_words(name))
        for key, name in Category.objects.values_list("pk", "name").order_by("pk")
    )
    return replace(looked_for, places=_places(user), topics=topics)


def _places(user: User) -> tuple[str, ...]:
    """Return where everything lies that `user` may know of; nothing if that is far and wide."""
    if user.has_role(Role.COMPLAINTS_COORDINATOR, Role.PANEL_MEMBER, Role.AUDITOR):
        return ()
    areas = sorted(user.scope.managed_areas | user.scope.team_areas)
    if len(areas) > FEW_AREAS:
        return ()
    places = [place_words(area=area) for area in areas]
    places += [place_words(officer=key) for key in sorted(user.own_keys)]
    places.append(place_words(logger=user.pk, is_restricted=True))
    return tuple(" ".join(places).split())


def containing(complaints: ComplaintQuerySet, words: Sought) -> ComplaintQuerySet:
    """Keep the complaints in which all of the words are found."""
    return complaints.filter(search_entry__names__matches=words)


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


def find(complaints: ComplaintQuerySet, text: str, user: User, *, needed: int, limit: int) -> Found:
    """Return which of the complaints have what the text says, as it is written if there are any.

    Else those with words that begin so, else those with names spelt alike. At most `limit`;
    where the words are in many complaints no more than `needed`.
    """
    words = words_sought(text, user)
    if not words:
        return Found([])
    among = _Among(complaints, user, _everything(), needed=needed, limit=limit)
    found = _find(among, words)
    if found.keys:
        return found
    longer = words.beginnings()
    if longer != words:
        found = _find(among, longer)
        if found.keys:
            return replace(found, how=How.BEGINNING)
    alike = [] if words.has_phrase else spelt_alike(complaints, text, limit=needed)
    return Found(alike, How.SPELT_ALIKE) if alike else found


@dataclass(frozen=True, slots=True)
class _Among:
    """What is searched, for whom, and for how many; `everything` is how many entries there are."""

    complaints: ComplaintQuerySet
    user: User
    everything: float
    needed: int
    limit: int


def _find(among: _Among, words: Sought) -> Found:
    complaints, needed, limit = among.complaints, among.needed, among.limit
    if _is_frequent(among, words):
        newest = Subquery(Complaint.objects.order_by("-pk").values("pk")[:1])
        oldest = newest - (WALKED_FOR_PHRASE if words.has_phrase else WALKED)
        walked = containing(complaints, words).filter(search_entry__complaint_id__gt=oldest)
        keys = list(walked.order_by("-pk").values_list("pk", flat=True)[:needed])
        if len(keys) == needed:
            return Found(keys, has_more=True)
        if words.has_phrase:
            # Every complaint with all of the words would have to be read for their order.
            return Found(keys, newest_only=True)
    # The slice keeps the database from going through everything in order for the few.
    entries = SearchEntry.objects.filter(names__matches=words).values("pk")[:EVERYTHING]
    chosen = complaints.filter(pk__in=entries).order_by("-pk")
    keys = list(chosen.values_list("pk", flat=True)[: limit + 1])
    return Found(keys[:limit], has_more=len(keys) > limit)


def _everything() -> float:
    """Return about how many entries there are, or nothing where the database does not know."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [TABLE])
        return float(cursor.fetchone()[0])


def _is_frequent(among: _Among, words: Sought) -> bool:
    """Say whether going through the newest complaints is cheaper than looking the words up.

    Looking up costs in proportion to the complaints that have the words, going through to those
    between one that has them and the next. PostgreSQL knows how often words occur; False where
    it does not, and where there are few entries.
    """
    if among.everything < FEW_ENTRIES:
        return False
    entries = SearchEntry.objects.filter(names__matches=words).values("pk")
    [plan] = json.loads(entries.explain(format="json"))
    share = 1.0
    if not words.places and not among.user.has_role(Role.COMPLAINTS_COORDINATOR):
        share = SHARE_OF_A_SERVICE
    matching = plan["Plan"]["Plan Rows"]
    return matching * matching * share > among.needed * among.everything


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


def spelt_alike(complaints: ComplaintQuerySet, text: str, *, limit: int) -> list[int]:
    """Return the keys of complaints with names spelt like `text`, those most alike first.

    For when nothing is found as it was spelt.
    """
    words = plain_words(text)
    if not words:
        return []
    if connection.vendor == "postgresql":
        found = _by_trigrams(complaints, words, limit)
        if found is not None:
            return found
    return _by_letters(complaints, words, limit)


class _Likeness(Func):
    """How much of the words is found in the names, by threes of letters."""

    function = "word_similarity"
    output_field = FloatField()


def _by_trigrams(complaints: ComplaintQuerySet, words: str, limit: int) -> list[int] | None:
    """Return what is spelt alike by threes of letters, or None where those are not indexed."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true) "
            "WHERE to_regclass(%s) IS NOT NULL",
            [str(ALIKE_TRIGRAMS), TRIGRAMS],
        )
        if cursor.fetchone() is None:
            return None
        alike = (
            complaints.filter(search_entry__names__spelt_like=words)
            .annotate(likeness=_Likeness(Value(words, TextField()), "search_entry__names"))
            .order_by("-likeness", "-received_on", "-pk")
        )
        return list(alike.values_list("pk", flat=True)[:limit])


def _by_letters(complaints: ComplaintQuerySet, words: str, limit: int) -> list[int]:
    """Compare names that begin with the same two letters, in the newest complaints."""
    asked = words.split()
    longest = max(asked, key=len)
    begins = Sought((Term((longest[:2],), is_beginning=True),), with_notes=False)
    rows = (
        containing(complaints, begins)
        .order_by("-received_on", "-pk")
        .values_list("pk", "search_entry__names")
    )
    found = [
        (likeness, place, key)
        for place, (key, names) in enumerate(rows[:COMPARED])
        if (likeness := _likeness(longest, names)) >= ALIKE_LETTERS
    ]
    found.sort(key=lambda each: (-each[0], each[1]))
    return [key for _, _, key in found[:limit]]


def _likeness(word: str, names: str) -> float:
    return max((SequenceMatcher(None, word, name).ratio() for name in names.split()), default=0)
