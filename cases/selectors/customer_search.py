"""Finding a customer by name, address, postcode, e-mail or telephone."""

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace

from cases.models import Customer, User
from cases.rules.search_words import SHORTEST_TELEPHONE
from cases.selectors.known_customers import customers_known_to

FOUND = 12
MOST_WORDS = 8
# A telephone number is found by its last figures, so that +44 and 0 are the same.
TELLING_FIGURES = 9
# What stands between the figures of a telephone number.
BETWEEN_FIGURES = " -().+/"


def matching_customers(words: str, user: User) -> list[Customer]:
    """Return the first of those that `customers_matching` finds, in the order of their names.

    At most FOUND. One query.
    """
    return list(customers_matching(words, user).order_by("name", "pk")[:FOUND])


def customers_matching(words: str, user: User) -> QuerySet[Customer]:
    """Return customers, as far as `user` may know of them, whom the words may mean.

    Every word is in their name, address or postcode; or it is their e-mail address or telephone
    number, however that is written. Nobody for fewer than two characters.
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
    if not is_number:
        return customers_known_to(user).filter(found)
    stored: F | Replace = F("phone")
    for each in BETWEEN_FIGURES:
        stored = Replace(stored, Value(each), Value(""))
    customers = customers_known_to(user).alias(figures=stored)
    return customers.filter(found | Q(figures__contains=figures[-TELLING_FIGURES:]))


def _postcodes(plain: str) -> list[str]:
    joined = plain.upper().replace(" ", "")
    return [joined, f"{joined[:-3]} {joined[-3:]}"] if len(joined) > 4 else [joined]
