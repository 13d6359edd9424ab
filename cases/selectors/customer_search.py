"""Finding a customer by name, address, postcode, e-mail or telephone, and who may be the same."""

from difflib import SequenceMatcher

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Lower, Replace

from cases.models import Customer, User
from cases.rules.search_words import SHORTEST_TELEPHONE, plain_words
from cases.selectors.known_customers import customers_known_to
from cases.selectors.search import ALIKE_LETTERS

FOUND = 12
# A shorter word is like too many names. So many names are compared.
SHORTEST_ALIKE = 4
COMPARED = 1_000
MOST_WORDS = 8
# A telephone number is found by its last figures, so that +44 and 0 are the same.
TELLING_FIGURES = 9
# What stands between the figures of a telephone number.
LOOK_ALIKES = 5
BETWEEN_FIGURES = " -().+/"


def matching_customers(words: str, user: User) -> list[Customer]:
    """Return the first of those that `customers_matching` finds, in the order of their names.

    At most FOUND. One query.
    """
    return list(customers_matching(words, user).order_by("name", "pk")[:FOUND])


def customers_matching(words: str, user: User) -> QuerySet[Customer]:
    """Return customers, as far as `user` may know of them, whom the words may mean.

    Every word is in their name, address or postcode; or it is their e-mail address or telephone
    number, however that is written. Nobody for fewer than two characters; no row that was found
    to be a double.
    """
    plain = " ".join(words.replace("\x00", " ").split())
    if len(plain) < 2:
        return Customer.objects.none()
    everywhere = Q()
    for word in plain.replace(",", " ").split()[:MOST_WORDS]:
        everywhere &= (
            Q(name__icontains=word) | Q(address__icontains=word) | Q(postcode__icontains=word)
        )
    found = everywhere | Q(postcode__in=_postcodes(plain))
    if "@" in plain:
        found |= Q(email__icontains=plain)
    figures = "".join(each for each in plain if each.isascii() and each.isdigit())
    is_number = len(figures) >= SHORTEST_TELEPHONE and not any(c.isalpha() for c in plain)
    offered = customers_known_to(user).filter(is_double=False)
    if not is_number:
        return offered.filter(found)
    stored: F | Replace = F("phone")
    for each in BETWEEN_FIGURES:
        stored = Replace(stored, Value(each), Value(""))
    return offered.alias(figures=stored).filter(
        found | Q(figures__contains=figures[-TELLING_FIGURES:])
    )


def customers_alike(words: str, user: User) -> list[Customer]:
    """Return the same as customers, in the same order. Two queries at most."""
    keys = customers_spelt_alike(words, user)
    known = Customer.objects.in_bulk(keys) if keys else {}
    return [known[key] for key in keys if key in known]


def customers_spelt_alike(words: str, user: User) -> list[int]:
    """Return the keys of customers whose names are spelt like the words, the most alike first.

    For when nobody is found as it was spelt; as far as `user` may know of them, at most FOUND. The
    newest of those whose names begin or end like the longest word are compared: each word of some
    length is like one in the name. Numbers are as they are in the address. One query.
    """
    plain = plain_words(words).split()[:MOST_WORDS]
    asked = [word for word in plain if word.isalpha()]
    longest = max(asked, key=len, default="")
    if len(longest) < SHORTEST_ALIKE:
        return []
    begins, ends = longest[:2], longest[-3:]
    candidates = (
        customers_known_to(user)
        .filter(is_double=False)
        .filter(
            Q(name__istartswith=begins)
            | Q(name__icontains=f" {begins}")
            | Q(name__iendswith=ends)
            | Q(name__icontains=f"{ends} ")
        )
        .order_by("-pk")
    )
    for word in plain:
        if not word.isalpha():
            candidates = candidates.filter(Q(address__icontains=word) | Q(postcode__icontains=word))
    found = []
    for key, name in candidates.values_list("pk", "name")[:COMPARED]:
        known = plain_words(name).split()
        alike = {word: _likeness(word, known) for word in asked}
        if all(alike[e] >= ALIKE_LETTERS for e in asked if len(e) >= SHORTEST_ALIKE):
            found.append((-sum(alike.values()), name, key))
    return [key for _, _, key in sorted(found)[:FOUND]]


def _likeness(word: str, known: list[str]) -> float:
    return max((SequenceMatcher(None, word, each).ratio() for each in known), default=0)


def _postcodes(plain: str) -> list[str]:
    joined = plain.upper().replace(" ", "")
    return [joined, f"{joined[:-3]} {joined[-3:]}"] if len(joined) > 4 else [joined]


def look_alikes(user: User, *, name: str, postcode: str, email: str) -> list[Customer]:
    """Return customers, as far as `user` may know of them, who may be the same as a new one.

    At most LOOK_ALIKES, by name. One query where there is nobody, else two.
    """
    if not is_anybody_alike(name=name, postcode=postcode, email=email):
        return []
    known = customers_known_to(user)
    alike = alike_among(known, name=name, postcode=postcode, email=email)
    return list(alike.order_by("name", "pk")[:LOOK_ALIKES])


def is_anybody_alike(*, name: str, postcode: str, email: str) -> bool:
    """Say whether anybody at all may be the same as a new customer. One query."""
    everybody = Customer.objects.all()
    return alike_among(everybody, name=name, postcode=postcode, email=email).exists()


def alike_among(
    customers: QuerySet[Customer], *, name: str, postcode: str, email: str
) -> QuerySet[Customer]:
    """Return those of the customers who have the same name or e-mail, or the home and surname.

    No row that was found to be a double, and nobody where neither name nor address is given.
    """
    plain, address = " ".join(name.split()), email.strip().lower()
    same = Q(pk__in=[])
    if plain:
        same |= Q(lowered_name=plain.lower())
    if plain and postcode:
        same |= Q(postcode=postcode, name__iendswith=plain.split()[-1])
    if address:
        same |= Q(lowered_email=address)
    found = customers.alias(lowered_name=Lower("name"), lowered_email=Lower("email"))
    return found.filter(same, is_double=False)
