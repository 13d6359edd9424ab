"""How a customer is reached: what they prefer, or what is left where that cannot be used."""

from collections.abc import Collection
from typing import NamedTuple

from cases.rules.customers import Channel
from cases.rules.procedure_words import in_a_row, lower_first
from cases.rules.restrictions import ContactWay

# The way that is needed for what somebody prefers.
_NEEDED = {
    Channel.PHONE: ContactWay.PHONE,
    Channel.EMAIL: ContactWay.EMAIL,
    Channel.ONLINE: ContactWay.EMAIL,
    Channel.POST: ContactWay.POST,
    Channel.FORM: ContactWay.POST,
}
_LACKING = {
    ContactWay.PHONE: "no number is known",
    ContactWay.EMAIL: "no e-mail address is known",
    ContactWay.POST: "no postal address is known",
}


class Reached(NamedTuple):
    """How a customer is reached, in words with their heading."""

    heading: str
    words: str


def how_reached(
    prefers: str,
    *,
    usable: Collection[ContactWay],
    unsafe: Collection[ContactWay],
    is_restricted: bool,
) -> Reached:
    """Return what to use, so that nothing on the page says otherwise.

    `usable` are the ways that are safe and for which there is a number or an address.
    """
    if is_restricted:
        return Reached("Reach them by", "What the restriction of their contact leaves open")
    wish = Channel(prefers).words if prefers in set(Channel) else prefers
    needed = _NEEDED.get(Channel(prefers)) if prefers in set(Channel) else None
    if needed is None or needed in usable:
        return Reached("Prefers", wish)
    others = [each.words for each in ContactWay if each in usable]
    left = in_a_row([others[0], *map(lower_first, others[1:])], last="or")
    why = "it is not safe" if needed in unsafe else _LACKING[needed]
    return Reached("Reach them by", f"{left}. They prefer {lower_first(wish)}, but {why}.")
