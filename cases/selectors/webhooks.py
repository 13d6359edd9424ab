"""Webhooks as the settings list them: how each gets on, without a complaint."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from cases.models import ApiKey, Delivery, Webhook, WebhookDelivery
from cases.rules.api_keys import ApiScope
from cases.rules.events import EventKind
from cases.rules.webhooks import TOLD_OF

MOST_ENDED = 50


@dataclass(frozen=True, slots=True)
class HookLine:
    """A webhook: of what it is told, and how that goes. Of its address no more than the host."""

    hook: Webhook
    host: str
    kinds: tuple[str, ...]
    state: str
    tone: str
    error: str
    failed: int


def hook_lines(*, today: date) -> tuple[list[HookLine], list[Webhook]]:
    """Return the webhooks that are told, and those that ended. Two queries."""
    found = Webhook.objects.select_related("key__program", "made_by").order_by("-pk")
    here = _counted(found.filter(ended_at__isnull=True))
    ended = list(found.filter(ended_at__isnull=False)[:MOST_ENDED])
    return [_line(each, today) for each in here], ended


def _counted(hooks: QuerySet[Webhook]) -> QuerySet[Webhook]:
    waiting = Q(deliveries__state__in=[Delivery.QUEUED, Delivery.SENDING])
    latest = WebhookDelivery.objects.filter(webhook=OuterRef("pk")).exclude(last_error="")
    return hooks.annotate(
        waiting=Count("deliveries", filter=waiting),
        failed=Count("deliveries", filter=Q(deliveries__state=Delivery.UNDELIVERABLE)),
        told_at=Max("deliveries__sent_at"),
        error=Subquery(latest.order_by("-pk").values("last_error")[:1]),
    )


def _line(hook: Webhook, today: date) -> HookLine:
    counted = vars(hook)
    waiting, failed = counted["waiting"], counted["failed"]
    kinds = tuple(TOLD_OF[EventKind(each)] for each in hook.kinds)
    if not hook.key.is_in_use(today):
        state, tone = "Its key is not in use", "grey"
    elif failed:
        state, tone = f"{failed} could not be told", "red"
    elif waiting:
        state, tone = f"{waiting} wait to be told", "yellow"
    else:
        state, tone = ("Told of everything", "green") if counted["told_at"] else ("New", "blue")
    error = (counted["error"] or "") if failed or waiting else ""
    return HookLine(hook, hook.url.split("/")[2], kinds, state, tone, error, failed)


def keys_for_webhooks(*, today: date) -> list[ApiKey]:
    """Return the keys in use that read complaints. One query."""
    found = ApiKey.objects.select_related("program").filter(
        approved_at__isnull=False, revoked_at__isnull=True, ends_on__gte=today
    )
    named = found.order_by("program__name", "pk")
    return [key for key in named if ApiScope.READ in key.allowed]
