"""What a form says when an answer is missing or wrong and it has no words of its own."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.rules.wording import marked

PLAIN = {
    "max_length": marked("use %(limit_value)d characters or fewer. You have used %(show_value)d"),
    "min_length": marked("use %(limit_value)d characters or more. You have used %(show_value)d"),
    "max_value": marked("enter a number that is %(limit_value)s or less"),
    "min_value": marked("enter a number that is %(limit_value)s or more"),
    "invalid_choice": marked("select one of the answers"),
}
CHOICES = (forms.ChoiceField, forms.ModelChoiceField)


def about(label: str, words: str) -> str:
    """Return `words` with the name of the field before them, as they stand in a summary."""
    name = label.replace("%", "%%") if "%(" in words else label
    if name.endswith("?"):
        return f"{name} {words[:1].upper()}{words[1:]}"
    return f"{name}: {words}"


def missing_words(field: forms.Field) -> str:
    """Return what to do about an empty `field`."""
    return plain_words(field)["required"]


def plain_words(field: forms.Field) -> Mapping[str, str]:
    """Return our words for the mistakes that can be made in `field`."""
    missing = next((told for kind, told in _MISSING.items() if isinstance(field, kind)), _ANSWER)
    wrong = next((told for kind, told in _INVALID.items() if isinstance(field, kind)), "")
    return _told(missing, wrong, get_language())


_ANSWER = marked("enter an answer")
_MISSING: dict[type[forms.Field], str] = {
    forms.FileField: marked("choose a file"),
    forms.BooleanField: marked("tick the box"),
    **dict.fromkeys(CHOICES, marked("select an answer")),
}
_INVALID: dict[type[forms.Field], str] = {
    forms.EmailField: marked("enter an address like name@example.com"),
    forms.IntegerField: marked("enter a number"),
}


@cache
def _told(missing: str, wrong: str, language: str | None) -> Mapping[str, str]:
    """Return the words in the language that is spoken, which is `language`."""
    words = {code: _(told) for code, told in PLAIN.items()}
    words["required"] = _(missing)
    if wrong:
        words["invalid"] = _(wrong)
    return MappingProxyType(words)


def speak_plainly(field: forms.Field, *, label: str) -> None:
    """Put our words for Django's own on `field`; what its form says itself stays."""
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        defaults |= getattr(kind, "default_error_messages", {})
    for code, words in plain_words(field).items():
        if field.error_messages.get(code) is defaults.get(code):
            field.error_messages[code] = about(label, words)
