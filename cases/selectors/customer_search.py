"""Finding a customer by name, postcode, e-mail or telephone."""

from django.db.models import Q

from cases.models import Customer

FOUND = 12


def matching_customers(words: str) -> list[Customer]:
    """Return customers whose name has every word, or whose address or number is the words.

    At most FOUND, in the order of their names; none for fewer than two characters. One query.
    """
    plain = " ".join(words.split())
    if len(plain) < 2:
        return []
    by_name = Q()
    for word in plain.split(" "):
        by_name &= Q(name__icontains=word)
    postcode = plain.upper().replace(" ", "")
    spaced = f"{postcode[:-3]} {postcode[-3:]}" if len(postcode) > 4 else postcode
    exact = Q(email__iexact=plain) | Q(phone=plain) | Q(postcode__in=[postcode, spaced])
    return list(Customer.objects.filter(by_name | exact).order_by("name", "pk")[:FOUND])
