"""Keeping the words by which complaints are found: in the transaction of whatever changes them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Left, LTrim

from cases.models import (
    Complaint,
    Customer,
    EventWords,
    JointComplainant,
    Level,
    Representative,
    SearchEntry,
)
from cases.operations.inserting import insert
from cases.rules.links import other_of
from cases.rules.search_words import (
    LONGEST_TEXT,
    number_words,
    place_words,
    plain_words,
    postcode_words,
)
from cases.rules.timeline_words import UNTOLD

# What customers said and what was written to them. Anything else is for colleagues.
TOLD_TO_CUSTOMERS = frozenset(
    {"summary", "desired_outcome", "reasons", "letter", "resolution", "remedies"}
)
CHUNK = 500


def add_entry(complaint: Complaint, beside: Iterable[EventWords]) -> None:
    """Add the entry of a new complaint, of which nobody but its customer is known yet."""
    words, notes = _sorted(_sought(beside))
    insert(
        SearchEntry(
            complaint=complaint,
            names=_join([plain_words(complaint.reference), _customer_words(complaint.customer)]),
            words=words,
            notes=notes,
            places=places_of(complaint),
        )
    )


def places_of(complaint: Complaint) -> str:
    """Return the words that say where a complaint lies."""
    return place_words(
        area=complaint.service_area_id,
        officer=complaint.responsible_officer_id,
        logger=complaint.logged_by_id,
        topic=complaint.category_id,
        is_restricted=complaint.level == Level.RESTRICTED,
    )


def move_entry(complaint: Complaint) -> None:
    """Write where a complaint lies now. One query."""
    SearchEntry.objects.filter(complaint=complaint).update(places=places_of(complaint))


def add_words(complaint: Complaint, beside: Iterable[EventWords]) -> None:
    """Add the words of new events to what a complaint is found by. One query."""
    words, notes = _sorted(_sought(beside))
    longer = {
        column: Left(LTrim(Concat(F(column), Value(f" {more}"))), LONGEST_TEXT)
        for column, more in (("words", words), ("notes", notes))
        if more
    }
    if longer:
        SearchEntry.objects.filter(complaint=complaint).update(**longer)


def index_customer(customer: Customer) -> None:
    """Write anew the names in every complaint that a customer is part of."""
    own = Complaint.objects.filter(customer=customer).values_list("pk", flat=True)
    joint = JointComplainant.objects.filter(customer=customer)
    index_names([*own, *joint.values_list("complaint_id", flat=True)])


@transaction.atomic
def index_names(keys: Iterable[int]) -> None:
    """Write anew by whose names these complaints are found."""
    for some in _chunks(sorted(set(keys))):
        entries = [SearchEntry(complaint_id=key, names=text) for key, text in _names(some).items()]
        SearchEntry.objects.bulk_update(entries, ["names"])


@transaction.atomic
def index_complaints(keys: Iterable[int]) -> int:
    """Write anew all by which these complaints are found, and return how many there were.

    Six queries for each `CHUNK` of them, whatever they hold.
    """
    done = 0
    for some in _chunks(keys):
        names, words, places = _names(some), _words(some), _places(some)
        entries = [
            SearchEntry(
                complaint_id=key,
                names=text,
                words=words[key][0],
                notes=words[key][1],
                places=places[key],
            )
            for key, text in names.items()
        ]
        SearchEntry.objects.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["complaint"],
            update_fields=["names", "words", "notes", "places"],
        )
        done += len(entries)
    return done


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    some: list[int] = []
    for key in keys:
        some.append(key)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def _names(keys: Sequence[int]) -> dict[int, str]:
    complaints = Complaint.objects.filter(pk__in=keys).select_related("customer")
    found = {
        each.pk: [plain_words(each.reference), _customer_words(each.customer)]
        for each in complaints.only("reference", "customer")
    }
    for joint in JointComplainant.objects.filter(complaint__in=keys).select_related("customer"):
        found[joint.complaint_id].append(_customer_words(joint.customer))
    for speaker in Representative.objects.filter(complaint__in=keys):
        found[speaker.complaint_id].append(_speaker_words(speaker))
    return {key: _join(parts) for key, parts in found.items()}


def _places(keys: Sequence[int]) -> dict[int, str]:
    lying = Complaint.objects.filter(pk__in=keys)
    columns = ("level", "service_area", "responsible_officer", "logged_by", "category")
    return {each.pk: places_of(each) for each in lying.only(*columns)}


def _words(keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    parts: dict[int, list[Mapping[str, str]]] = defaultdict(list)
    told = EventWords.objects.filter(event__complaint__in=keys).order_by("event__number")
    for key, facts, words in told.values_list("event__complaint_id", "event__facts", "parts"):
        if other_of(facts) is None:
            parts[key].append(words)
    return {key: _sorted(parts[key]) for key in keys}


def _sought(beside: Iterable[EventWords]) -> Iterator[Mapping[str, str]]:
    """Yield the words that anybody may find: not why another complaint belongs to this one."""
    for each in beside:
        if other_of(each.event.facts) is None:
            yield each.parts


def _sorted(parts: Iterable[Mapping[str, str]]) -> tuple[str, str]:
    """Return the words told to or by customers, and those for colleagues.

    In the order of their names: PostgreSQL does not keep the order in which they were given, so
    that words indexed at once would differ from those indexed from what is stored.
    """
    told: list[str] = []
    kept: list[str] = []
    for each in parts:
        for name, text in sorted(each.items()):
            if name not in UNTOLD:
                (told if name in TOLD_TO_CUSTOMERS else kept).append(text)
    return plain_words(*told), plain_words(*kept)


def _customer_words(customer: Customer) -> str:
    return _join(
        [
            plain_words(customer.name, customer.address, customer.email),
            postcode_words(customer.postcode),
            number_words(customer.phone),
        ]
    )


def _speaker_words(speaker: Representative) -> str:
    return _join(
        [plain_words(speaker.name, speaker.address, speaker.email), number_words(speaker.phone)]
    )


def _join(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)[:LONGEST_TEXT]
