"""How far letters beside those about complaints got with the provider."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from cases.models import Dispatch
from cases.rules.dispatches import THEIRS_TO_POST, letter_words

REMARK, SURVEY = "remark", "survey"


def about(sort: str, number: int) -> str:
    """Return how a dispatch names a letter."""
    return f"{sort}:{number}"


def is_ours_to_post(sort: str) -> Q:
    """Return the condition, from a letter of a sort, that no provider has it."""
    name = Concat(Value(f"{sort}:"), Cast(OuterRef("pk"), CharField()))
    theirs: Any = Dispatch.objects.filter(about=name, state__in=THEIRS_TO_POST)
    return ~Q(Exists(theirs))


def is_with_provider(sort: str, number: int) -> bool:
    """Say whether the provider has a letter, or posted it. One query."""
    handed = Dispatch.objects.filter(about=about(sort, number), state__in=THEIRS_TO_POST)
    return handed.exists()


def fates(sort: str, numbers: Iterable[int]) -> dict[int, str]:
    """Return in words how far letters got with the provider, by key. One query."""
    names = {about(sort, number): number for number in numbers}
    rows = Dispatch.objects.filter(about__in=list(names)).order_by("pk")
    return {
        names[name]: f"{letter_words(state)}{f': {why}' if why else ''}"
        for name, state, why in rows.values_list("about", "state", "last_error")
    }
