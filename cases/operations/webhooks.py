"""Addresses outside that are told of what happened: made, ended, told, tried again.

The record is the outbox: what is in it and was not told yet is found there, so that no act waits
for it and nothing that happened can be missed.
"""

import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    ApiKey,
    Delivery,
    RecordedEvent,
    Thing,
    User,
    Webhook,
    WebhookDelivery,
)
from cases.models.api_keys import take_up_scope
from cases.operations.alerts import address_of
from cases.operations.locking import lock, unlock
from cases.operations.outside_calls import NotReached, call
from cases.operations.settings_changes import Line, note_change
from cases.rules.events import EventKind
from cases.rules.outside_addresses import Outside, read_outside
from cases.rules.periods import london_day
from cases.rules.roles import APPROVING_ROLES, Role
from cases.rules.webhooks import NEWS, SIGNATURE, TOLD_OF, WAITS, body_of, signed
from cases.selectors.api_complaints import reached_by

logger = logging.getLogger(__name__)

MOST_WEBHOOKS = 10
# Events that one run finds for one address.
FOUND_AT_ONCE = 500
# What was recorded longer ago stands in the record: no transaction is under way for so long.
SETTLED = timedelta(minutes=10)
# How long a process may take to tell one thing before another tries it.
LEASE = timedelta(minutes=1)
# While an address does not answer, nothing else of its own is tried for so long.
PAUSE = timedelta(minutes=1)
GONE = "Its key has ended, or does not reach the complaint any more."


@dataclass(frozen=True, slots=True)
class WebhookWanted:
    """An address as it is asked for: with which key, where, and of what it is told."""

    prefix: str
    url: str
    kinds: Collection[EventKind]


def are_offered() -> bool:
    """Say whether operators have listed hosts that may be called; without any it is off."""
    return bool(settings.WEBHOOK_HOSTS)


@transaction.atomic
def make_webhook(wanted: WebhookWanted, *, by: User, now: datetime) -> tuple[Webhook, str]:
    """Add an address outside, and return it with the secret that signs what it is told.

    It is told of what happens from now on to complaints that its key reaches.

    :raises NotEntitled: if this is not for their role.
    :raises ActionNotAllowed: if webhooks are off, the address is none that may be called, the key
        does not read complaints now, or it would be told of nothing.
    """
    if not by.has_role(Role.SYSTEM_ADMINISTRATOR):
        raise NotEntitled("Webhooks are set up by administrators.")
    key = _key_for(wanted, now=now)
    to = _checked(wanted)
    secret = secrets.token_urlsafe(32)
    hook = Webhook(
        key=key,
        url=to.url,
        kinds=sorted(kind.value for kind in wanted.kinds),
        after=RecordedEvent.objects.aggregate(last=Max("pk"))["last"] or 0,
        made_at=now,
        made_by=by,
    )
    hook.locked_secret = lock(secret, purpose=_purpose(hook))
    hook.save()
    _note(hook, "Webhook made", by=by, now=now, changes=[("Host", "", to.host)])
    return hook, secret


def _key_for(wanted: WebhookWanted, *, now: datetime) -> ApiKey:
    keys = ApiKey.objects.select_related("program").filter(prefix=wanted.prefix)
    key = keys.first()
    if key is None or not key.reads or not key.is_in_use(london_day(now)):
        raise ActionNotAllowed("Choose a key in use that reads complaints.")
    return key


def _checked(wanted: WebhookWanted) -> Outside:
    if not are_offered():
        raise ActionNotAllowed("Webhooks are off: whoever runs the server lists the hosts first.")
    if not wanted.kinds or not set(wanted.kinds) <= set(TOLD_OF):
        raise ActionNotAllowed("Choose of what it is told.")
    if Webhook.objects.filter(ended_at__isnull=True).count() >= MOST_WEBHOOKS:
        raise ActionNotAllowed(f"There are {MOST_WEBHOOKS} already. End one first.")
    to = read_outside(wanted.url.strip(), settings.WEBHOOK_HOSTS)
    if to is None:
        raise ActionNotAllowed(
            "Enter an address that begins with https:// and a host that whoever runs the server "
            "has listed."
        )
    return to


@transaction.atomic
def end_webhook(*, code: str, by: User, now: datetime) -> Webhook:
    """End an address: nothing goes there any more.

    :raises NotEntitled: if this is not for their role.
    :raises ActionNotAllowed: if there is none, or it was ended already.
    """
    hook = _locked(code, by)
    if hook.ended_at is not None:
        raise ActionNotAllowed("This webhook was ended already.")
    hook.ended_at, hook.ended_by = now, by
    hook.save(update_fields=["ended_at", "ended_by"])
    _waiting(hook).update(state=Delivery.CANCELLED, last_error="The webhook was ended.")
    _note(hook, "Webhook ended", by=by, now=now)
    return hook


@transaction.atomic
def try_again(*, code: str, by: User, now: datetime) -> int:
    """Tell an address once more of what it could not be told; return how much that is.

    :raises NotEntitled: if this is not for their role.
    :raises ActionNotAllowed: if there is none, or it was ended.
    """
    hook = _locked(code, by)
    if hook.ended_at is not None:
        raise ActionNotAllowed("This webhook was ended already.")
    number = hook.deliveries.filter(state=Delivery.UNDELIVERABLE).update(
        state=Delivery.QUEUED, attempts=0, next_try_at=now, last_error=""
    )
    if number:
        _note(hook, "Webhook tried again", by=by, now=now)
    return number


def _locked(code: str, by: User) -> Webhook:
    if not by.has_role(*APPROVING_ROLES):
        raise NotEntitled("Webhooks are for administrators and complaints coordinators.")
    hooks = Webhook.objects.select_for_update(of=("self",)).select_related("key__program")
    hook = hooks.filter(code=code).first()
    if hook is None:
        raise ActionNotAllowed("There is no such webhook.")
    return hook


def _waiting(hook: Webhook) -> QuerySet[WebhookDelivery]:
    return hook.deliveries.filter(state__in=[Delivery.QUEUED, Delivery.SENDING])


def _note(
    hook: Webhook, act: str, *, by: User, now: datetime, changes: Collection[Line] = ()
) -> None:
    note_change(
        thing=Thing.API_KEY,
        act=act,
        by=by,
        now=now,
        key=hook.key.prefix,
        name=hook.key.program.name,
        changes=changes,
    )


def _purpose(hook: Webhook) -> str:
    return f"webhook:{hook.code}"


# Telling ------------------------------------------------------------------------------------------


class Told(StrEnum):
    """What became of one thing in one try."""

    SENT = "sent"
    LATER = "later"
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"


def find_what_to_tell(*, now: datetime) -> int:
    """Put down what each address is to be told of; return how much is new. May run twice."""
    number = 0
    for hook in Webhook.objects.filter(ended_at__isnull=True).select_related("key__program"):
        if hook.key.is_in_use(london_day(now)):
            number += _find_for(hook, now=now)
    return number


@transaction.atomic
def _find_for(hook: Webhook, *, now: datetime) -> int:
    reached = reached_by(take_up_scope(hook.key))
    happened = RecordedEvent.objects.filter(pk__gt=hook.after)
    is_news = Q(on__gte=TruncDate(F("recorded_at") - NEWS))
    found = happened.filter(is_news, kind__in=hook.kinds, complaint__in=reached).exclude(
        pk__in=hook.deliveries.filter(event__gt=hook.after).values("event")
    )
    keys = list(found.order_by("pk").values_list("pk", flat=True)[:FOUND_AT_ONCE])
    WebhookDelivery.objects.bulk_create(
        (WebhookDelivery(webhook=hook, event_id=key, next_try_at=now) for key in keys),
        ignore_conflicts=True,
    )
    settled = happened.filter(recorded_at__lte=now - SETTLED)
    if len(keys) == FOUND_AT_ONCE:
        settled = settled.filter(pk__lte=keys[-1])
    if last := settled.aggregate(last=Max("pk"))["last"]:
        Webhook.objects.filter(pk=hook.pk, after__lt=last).update(after=last)
    return len(keys)


def tell_next(*, now: datetime) -> Told | None:
    """Tell one address of the thing that has waited longest; None if nothing waits.

    It is claimed in a transaction of its own and told without one, as messages are.
    """
    delivery = _claim(now=now)
    if delivery is None:
        return None
    hook, event = delivery.webhook, delivery.event
    to = read_outside(hook.url, settings.WEBHOOK_HOSTS)
    secret = unlock(hook.locked_secret, purpose=_purpose(hook))
    if hook.ended_at is not None or not _reaches(hook, event, now=now):
        return _settle(delivery, Told.CANCELLED, GONE)
    if to is None or secret is None:
        return _settle(
            delivery, Told.UNDELIVERABLE, "Its host is not listed any more, or its secret is lost."
        )
    body = _body(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "complaints",
        SIGNATURE: signed(body, secret=secret, at=now),
    }
    try:
        status = call(to, body, headers)
    except NotReached as failed:
        return _try_later(delivery, failed.words, now=now)
    if 200 <= status < 300:
        return _settle(delivery, Told.SENT, "", now=now)
    where = " Nothing is followed to another address." if 300 <= status < 400 else ""
    return _try_later(delivery, f"It answered {status}.{where}", now=now)


def _body(delivery: WebhookDelivery) -> bytes:
    event = delivery.event
    return body_of(
        name=f"{delivery.webhook.code}-{event.pk}",
        kind=event.kind,
        reference=event.complaint.reference,
        on=event.on.isoformat(),
        recorded_at=event.recorded_at,
        link=address_of(event.complaint.get_absolute_url()),
    )


def _reaches(hook: Webhook, event: RecordedEvent, *, now: datetime) -> bool:
    """Say whether its key reaches the complaint at this moment."""
    if not hook.key.is_in_use(london_day(now)):
        return False
    reached = reached_by(take_up_scope(hook.key))
    return reached.filter(pk=event.complaint_id).exists()


@transaction.atomic
def _claim(*, now: datetime) -> WebhookDelivery | None:
    waiting = WebhookDelivery.objects.filter(
        state__in=[Delivery.QUEUED, Delivery.SENDING], next_try_at__lte=now
    )
    found = (
        waiting.select_for_update(skip_locked=True, of=("self",))
        .order_by("next_try_at", "pk")
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        return None
    WebhookDelivery.objects.filter(pk=found).update(
        state=Delivery.SENDING, attempts=F("attempts") + 1, next_try_at=now + LEASE
    )
    with_all = ("webhook__key__program", "event__complaint")
    return WebhookDelivery.objects.select_related(*with_all).get(pk=found)


def _settle(
    delivery: WebhookDelivery, told: Told, words: str, *, now: datetime | None = None
) -> Told:
    """Write its fate, unless another process has claimed it since; that it went is always true."""
    rows = WebhookDelivery.objects.filter(pk=delivery.pk)
    if told is not Told.SENT:
        rows = rows.filter(attempts=delivery.attempts)
    rows.update(state=Delivery(told.value), last_error=words, sent_at=now)
    return told


def _try_later(delivery: WebhookDelivery, words: str, *, now: datetime) -> Told:
    """Put it back for a later try, with all that waits for the same address; or leave it."""
    logger.warning("Webhook %s was not told, try %s", delivery.webhook.code, delivery.attempts)
    _waiting(delivery.webhook).filter(state=Delivery.QUEUED, next_try_at__lt=now + PAUSE).update(
        next_try_at=now + PAUSE
    )
    if delivery.attempts > len(WAITS):
        return _settle(delivery, Told.UNDELIVERABLE, words)
    WebhookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).update(
        state=Delivery.QUEUED,
        next_try_at=now + WAITS[delivery.attempts - 1],
        last_error=words,
    )
    return Told.LATER
