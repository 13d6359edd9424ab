"""Finding a customer by name, address, postcode, e-mail or telephone."""

from django.db.models import Q, Value
from django.db.models.functions import Replace

from cases.models import Customer
from cases.rules.search_words import SHORTEST_TELEPHONE, number_words

FOUND = 12


def matching_customers(words: str) -> list[Customer]:
    """Return customers whose name or address has every word, or whose number or mail it is.

    At most FOUND, in the order of their names; none for fewer than two characters. One query.
    """
    plain = " ".join(words.split())
    if len(plain) < 2:
        return []
    every = Q()
    for word in plain.split(" "):
        every &= Q(name__icontains=word) | Q(address__icontains=word) | Q(postcode__icontains=word)
    postcode = plain.upper().replace(" ", "")
    spaced = f"{postcode[:-3]} {postcode[-3:]}" if len(postcode) > 4 else postcode
    wanted = every | Q(email__iexact=plain) | Q(postcode__in=[postcode, spaced])
    figures = number_words(plain).split(" ")[0]
    if len(figures) >= SHORTEST_TELEPHONE and not any(c.isalpha() for c in plain):
        wanted |= Q(figures__endswith=figures)
    known = Customer.objects.alias(figures=Replace("phone", Value(" "), Value("")))
    return list(known.filter(wanted).order_by("name", "pk")[:FOUND])
