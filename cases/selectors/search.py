"""Finding complaints: by reference, by words, by names that are spelt alike."""

from difflib import SequenceMatcher

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import FloatField, Func, TextField, Value

from cases.errors import ReferenceUnreadable
from cases.models import Complaint, User
from cases.models.complaints import ComplaintQuerySet
from cases.rules.references import parse_reference
from cases.rules.roles import Role
from cases.rules.search_words import Sought, Term, plain_words, sought
from cases.search_indexes import has_trigrams

# Whoever works at the front line reads what customers said, not what colleagues noted.
READING_NOTES = frozenset(Role) - {Role.FRONT_LINE, Role.PANEL_MEMBER}
# How alike two spellings are, from 0 to 1: "smyth" and "smith" share half of their threes.
ALIKE_TRIGRAMS = 0.45
ALIKE_LETTERS = 0.75
# Of names that only begin alike so many are compared.
COMPARED = 1_000


def words_sought(text: str, user: User) -> Sought:
    """Return what `user` looks for; internal notes are searched for those who may read them."""
    return sought(text, with_notes=user.has_role(*READING_NOTES))


def containing(complaints: ComplaintQuerySet, words: Sought) -> ComplaintQuerySet:
    """Keep the complaints in which all of the words are found."""
    return complaints.filter(search_entry__names__matches=words)


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
    if has_trigrams(connection):
        return _by_trigrams(complaints, words, limit)
    return _by_letters(complaints, words, limit)


class _Likeness(Func):
    """How much of the words is found in the names, by threes of letters."""

    function = "word_similarity"
    output_field = FloatField()


def _by_trigrams(complaints: ComplaintQuerySet, words: str, limit: int) -> list[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [str(ALIKE_TRIGRAMS)],
        )
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
