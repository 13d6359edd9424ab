"""The ways in which a customer can be reached, and which of them are safe and open."""

from collections.abc import Iterable

from cases.models import Customer
from cases.selectors.restrictions import closed_ways

CLOSED = "Closed by the restriction of their contact."


def channel_refusal(customer: Customer, channel: str) -> str:
    """Return why this customer cannot be told that way, whatever anybody says, or nothing."""
    if channel == "email" and customer.email_unsafe:
        return "Not safe: the customer asked us not to e-mail."
    if channel == "phone" and customer.phone_unsafe:
        return "Not safe: the customer asked us not to ring."
    if channel == "post" and customer.post_unsafe:
        return "Not safe: the customer asked us not to write by post."
    if channel == "email" and not customer.email:
        return "There is no e-mail address for this customer."
    if channel == "post" and not customer.address_lines:
        return "There is no postal address for this customer."
    return ""


def way_refusal(customer: Customer, channel: str) -> str:
    """Return why this customer is not told that way, a restriction of contact included (HH-6)."""
    refusal = channel_refusal(customer, channel)
    return refusal or (CLOSED if channel in closed_ways(customer) else "")


def ways_to_write(customer: Customer) -> list[str]:
    """Return the safe ways to write to a customer for which there is an address, the best first.

    Those that a restriction of contact closes come last.
    """
    prefers_email = customer.preferred_channel in ("email", "online")
    ways = ("email", "post") if prefers_email else ("post", "email")
    safe = [way for way in ways if not channel_refusal(customer, way)]
    closed = closed_ways(customer)
    return sorted(safe, key=lambda way: way in closed)


def reaches_unsafely(
    people: Iterable[Customer], channel: str, *, email: str, address: str
) -> Customer | None:
    """Return who of these people gets their post or e-mail there too, and said it is not safe."""
    for each in people:
        if channel == "email" and each.email_unsafe and _same([each.email], [email]):
            return each
        there = _same(each.address_lines, address.splitlines())
        if channel == "post" and each.post_unsafe and there:
            return each
    return None


def _same(ours: list[str], theirs: list[str]) -> bool:
    """Say whether two addresses are the same but for spaces, commas and capitals."""
    mine, other = (
        "".join(sign for sign in "".join(lines).casefold() if sign.isalnum() or sign == "@")
        for lines in (ours, theirs)
    )
    return bool(mine) and mine == other
