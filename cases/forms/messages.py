"""What a form says when an answer is missing or wrong and it has no words of its own."""

from typing import Any

from django import forms
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
    if isinstance(field, forms.FileField):
        return _("choose a file")
    if isinstance(field, forms.BooleanField):
        return _("tick the box")
    if isinstance(field, CHOICES):
        return _("select an answer")
    return _("enter an answer")


def plain_words(field: forms.Field) -> dict[str, str]:
    """Return our words for the mistakes that can be made in `field`."""
    words = {code: _(told) for code, told in PLAIN.items()}
    words["required"] = missing_words(field)
    if isinstance(field, forms.EmailField):
        return words | {"invalid": _("enter an address like name@example.com")}
    if isinstance(field, forms.IntegerField):
        return words | {"invalid": _("enter a number")}
    return words


def speak_plainly(field: forms.Field, *, label: str) -> None:
    """Put our words for Django's own on `field`; what its form says itself stays."""
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        defaults |= getattr(kind, "default_error_messages", {})
    for code, words in plain_words(field).items():
        if field.error_messages.get(code) is defaults.get(code):
            field.error_messages[code] = about(label, words)
