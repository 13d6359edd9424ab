"""Customers who may be the same person as a new one. Nobody is matched without being looked at."""

from django.db.models import QuerySet

from cases.models import Complaint, Customer, User
from cases.selectors.customer_search import alike_among
from cases.selectors.known_customers import customers_known_to
from feedback.models import Submission
from feedback.rules.told import UNNAMED

# More than a coordinator would compare.
MOST = 10


def look_alikes(customer: Customer, user: User | None = None) -> QuerySet[Customer]:
    """Return customers who may be this one: the same name, e-mail address, or home and surname.

    At most 10, the longest known first, in one query; for somebody those of whom they may know.
    """
    everybody = customers_known_to(user) if user else Customer.objects.all()
    name = "" if customer.name.strip() == UNNAMED else customer.name
    others = alike_among(
        everybody.exclude(pk=customer.pk),
        name=name,
        postcode=customer.postcode,
        email=customer.email,
    )
    return others.order_by("pk")[:MOST]


def is_look_alike(customer: Customer, known: Customer, user: User) -> bool:
    """Say whether a customer is among those who may be this one."""
    return any(each.pk == known.pk for each in look_alikes(customer, user))


def to_match(user: User) -> QuerySet[Submission]:
    """Return the forms whose customer somebody has to compare, that `user` may read."""
    readable = Complaint.objects.readable_by(user)
    waiting = Submission.objects.to_match().filter(complaint__in=readable)
    return waiting.select_related("complaint__customer").order_by("pk")
