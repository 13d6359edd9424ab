"""Finding a customer by name, address, postcode, e-mail or telephone."""

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace

from cases.models import Customer
from cases.rules.search_words import SHORTEST_TELEPHONE

FOUND = 12
MOST_WORDS = 8
# A telephone number is found by its last figures, so that +44 and 0 are the same.
TELLING_FIGURES = 9
# What stands between the figures of a telephone number.
BETWEEN_FIGURES = " -().+/"


def matching_customers(words: str) -> list[Customer]:
    """Return the first of those that `customers_matching` finds, in the order of their names.

    At most FOUND. One query.
    """
    return list(customers_matching(words).order_by("name", "pk")[:FOUND])


def customers_matching(words: str) -> QuerySet[Customer]:
    """Return customers of whom every word is in the name, address or postcode.

    Or whose e-mail address or telephone number it is, however that is written; nobody for fewer
    than two characters.
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
        return Customer.objects.filter(found)
    stored: F | Replace = F("phone")
    for each in BETWEEN_FIGURES:
        stored = Replace(stored, Value(each), Value(""))
    customers = Customer.objects.alias(figures=stored)
    return customers.filter(found | Q(figures__contains=figures[-TELLING_FIGURES:]))


def _postcodes(plain: str) -> list[str]:
    joined = plain.upper().replace(" ", "")
    return [joined, f"{joined[:-3]} {joined[-3:]}"] if len(joined) > 4 else [joined]
