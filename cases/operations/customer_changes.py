"""Adding a customer and changing what is known of one: who did it, when, and what it was."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled, SettingChanged
from cases.models import Customer, CustomerChange, Landlord, OutboundMessage, User
from cases.operations.customers import Particulars, save_customer
from cases.operations.restrictions import show_again
from cases.operations.tracking import end_by_email
from cases.rules.customers import Channel, LetterFormat, category_words
from cases.rules.pages import CHANGERS, Page
from cases.selectors.customer_page import last_change_of

Words = Callable[[Any], str]


def _channel(code: Any) -> str:
    known = {each.value: each.words for each in Channel}
    return known.get(code, str(code))


def _format(code: Any) -> str:
    return LetterFormat(code).words


def _tick(value: Any) -> str:
    return "Yes" if value else "No"


# Each particular in words, with the way to say its value.
TOLD: Mapping[str, tuple[str, Words]] = {
    "name": ("Name", str),
    "category": ("What they are to us", category_words),
    "address": ("Address", str),
    "postcode": ("Postcode", str),
    "block": ("Block", str),
    "phone": ("Telephone", str),
    "email": ("E-mail", str),
    "preferred_channel": ("Prefers", _channel),
    "letter_format": ("Letters in", _format),
    "language": ("Language", str),
    "needs": ("Needs", str),
    "is_vulnerable": ("Vulnerable", _tick),
    "phone_unsafe": ("Telephone not safe", _tick),
    "email_unsafe": ("E-mail not safe", _tick),
    "post_unsafe": ("Post not safe", _tick),
    "letters_by_email": ("Whole letters by e-mail", _tick),
}
# What is kept of where particulars come from.
_GIVEN: Mapping[str, tuple[str, Words]] = {
    "email_by_another": ("E-mail given by somebody else", _tick),
    "phone_by_another": ("Telephone given by somebody else", _tick),
}


@transaction.atomic
def add_customer(particulars: Particulars, *, by: User, now: datetime) -> Customer:
    """Add a customer who has not been in touch yet.

    :raises NotEntitled: if this person does not work with customers.
    :raises ActionNotAllowed: if there is no name.
    """
    _check(particulars, by)
    customer = save_customer(particulars, now=now)
    CustomerChange.objects.create(customer=customer, at=now, by=by)
    return customer


@transaction.atomic
def change_customer(
    particulars: Particulars,
    *,
    customer_id: int,
    seen: int,
    confirmed: Collection[str] = (),
    by: User,
    now: datetime,
) -> Customer:
    """Change what is known of a customer, and keep what it was; nothing if it is the same.

    `seen` is the number of the last change that the page showed. `confirmed` is what somebody else
    gave and the customer said is theirs: "email", "phone". Their complaints are found by
    the new name and address from now on; letters keep those with which they were issued.

    :raises NotEntitled: if this person does not work with customers.
    :raises SettingChanged: if somebody changed it since the page was drawn.
    :raises ActionNotAllowed: if there is no name.
    """
    _check(particulars, by)
    was = Customer.objects.select_for_update().get(pk=customer_id)
    if seen != last_change_of(was):
        raise SettingChanged(_changed_by(was))
    old = {name: getattr(was, name) for name in (*TOLD, *_GIVEN)}
    customer = save_customer(particulars, customer_id=customer_id, confirmed=confirmed, now=now)
    changes = differences(old, customer)
    if changes:
        change = CustomerChange.objects.create(customer=customer, at=now, by=by, changes=changes)
        if customer.email.casefold() != old["email"].casefold():
            end_by_email(customer, now=now)
            # What another gave was perhaps never the customer's: whose it is hears nothing.
            if not old["email_unsafe"] and not old["email_by_another"]:
                _tell_old_address(change, old["email"], customer, now=now)
        if customer.restricted_contact:
            show_again(customer)
    return customer


def _tell_old_address(
    change: CustomerChange, old: str, customer: Customer, *, now: datetime
) -> None:
    """Tell the address that was the customer's until now that another is, naming nobody.

    Whoever has their post sent to another address in somebody's name is found out by it. Nothing
    goes where e-mail is not safe, nor where they have no address any more.
    """
    if not old or not customer.email or customer.email_unsafe:
        return
    landlord = Landlord.objects.only("name", "telephone").first()
    name, telephone = (landlord.name, landlord.telephone) if landlord else ("", "")
    ask = f"ring us on {telephone}" if telephone else "tell us"
    OutboundMessage.objects.create(
        key=f"customer-address:{change.pk}",
        kind="customer_address",
        to_address=old,
        subject="Your e-mail address was changed",
        body=(
            "We have another e-mail address for you now, and do not write to this one any more. If "
            f"you did not ask for that, please {ask} today. Until tomorrow the new address opens "
            f"nothing of what we hold.\n\n{name}\n"
        ),
        created_at=now,
        next_try_at=now,
    )


def _check(particulars: Particulars, by: User) -> None:
    if not by.has_role(*CHANGERS[Page.CUSTOMERS]):
        raise NotEntitled("This is for those who work with customers.")
    if not particulars.name.strip():
        raise ActionNotAllowed("A customer has a name.")


def differences(old: Mapping[str, Any], customer: Customer) -> list[list[str]]:
    """Return what is different now: its label, what it was and what it is, in words."""
    return [
        [label, words(old[name]), words(getattr(customer, name))]
        for name, (label, words) in {**TOLD, **_GIVEN}.items()
        if name in old and old[name] != getattr(customer, name)
    ]


def _changed_by(customer: Customer) -> str:
    newest = CustomerChange.objects.filter(customer=customer).select_related("by").latest("pk")
    who = newest.by.name if newest.by else "The customer"
    return (
        f"{who} changed this customer after you opened the page. Nothing of yours was saved yet: "
        "compare it with how it is now, and save it again if you still want it."
    )
