"""Words in another language than their page: marked as such, so that they are read out right."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from cases.rules.wording import BEGIN, END, unmarked
from cases.selectors import speaking

register = template.Library()

_ATTRIBUTES = ' lang="en-GB" dir="ltr"'
ENGLISH = f"<span{_ATTRIBUTES}>"


@register.filter
def spoken(text: Any) -> SafeString:
    """Return a text in which what stays in English is marked."""
    safe = conditional_escape(text)
    return mark_safe(safe.replace(BEGIN, ENGLISH).replace(END, "</span>"))  # noqa: S308  escaped


@register.filter
def typed(words: Any) -> SafeString:
    """Return what somebody typed here: English, whatever the language of the page."""
    return spoken(speaking.typed(str(words)))


@register.filter
def ours(words: Any) -> SafeString:
    """Return words that may be ours, translated; what somebody typed is marked as English."""
    return spoken(speaking.ours(str(words)))


@register.filter
def in_one_line(text: Any) -> SafeString:
    """Return the lines of a text of ours after each other, as `ours` has them."""
    return spoken(speaking.in_one_line(str(text)))


@dataclass(frozen=True, slots=True)
class Told:
    """Words of ours without marks, and the attributes of an element that holds nothing else."""

    words: str
    attributes: SafeString


@register.filter
def told(words: Any) -> Told:
    """Return words as `ours` has them, for an element in which something is done with them."""
    said = speaking.ours(str(words))
    plain = unmarked(said)
    return Told(plain, SafeString("" if plain == said else _ATTRIBUTES))


@register.simple_tag
def in_english() -> SafeString:
    """Return the attributes of an element whose words somebody typed here, as `typed` has them."""
    return SafeString("" if speaking.is_english() else _ATTRIBUTES)
