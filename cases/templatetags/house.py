"""What the `house` template pack needs to print a form as GOV.UK Frontend does."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# By the class of the widget, the nearest of its classes first: which template prints the field.
KINDS = {
    "HiddenInput": "hidden",
    "MultipleHiddenInput": "hidden",
    "RadioSelect": "choices",
    "CheckboxSelectMultiple": "choices",
    "CheckboxInput": "checkbox",
    "DateInput": "date",
    "FileInput": "file",
    "Textarea": "textarea",
    "Select": "select",
}
CLASSES = {
    "checkbox": "govuk-checkboxes__input",
    "file": "govuk-file-upload",
    "select": "govuk-select",
    "text": "govuk-input",
    "textarea": "govuk-textarea",
}


@register.filter
def kind(field: BoundField) -> str:
    """Return which of the templates under `house/fields` prints `field`."""
    widget = field.field.widget
    for ancestor in type(widget).__mro__:
        # Django's own DateInput is a text box; ours has boxes.
        if ancestor.__name__ in KINDS and (ancestor.__name__ != "DateInput" or widget.use_fieldset):
            return KINDS[ancestor.__name__]
    return "text"


@register.filter
def type_of_choice(field: BoundField) -> str:
    """Return "radios" or "checkboxes", as in the names of the classes."""
    return "radios" if field.field.widget.input_type == "radio" else "checkboxes"


@register.filter
def need(field: BoundField) -> str:
    """Return what stands beside the label of a box that may stay empty: optional, or needed when.

    Nothing where it is always needed, or where the form marks none.
    """
    form: Any = field.form
    if field.field.required or not getattr(form, "marks_optional", False):
        return ""
    condition = form.condition(field.name)
    return f"({condition})" if condition else _("(optional)")


@register.filter
def first_id(field: BoundField) -> str:
    """Return the id of the first control of `field`, which is where an error link leads."""
    if kind(field) == "choices":
        return f"{field.auto_id}_0"
    if kind(field) == "date":
        return field.field.widget.id_for_label(field.auto_id, wrong_boxes(field) or "day")
    return field.id_for_label


def wrong_boxes(field: BoundField) -> str:
    """Return the boxes of a date that its errors are about, by name."""
    codes = [error.code or "" for error in field.errors.as_data()]
    boxes = set(field.field.widget.box_names)
    named = " ".join(code for code in codes if set(code.split()) <= boxes)
    return named or ("day month year" if codes else "")


@register.simple_tag
def control(field: BoundField, options: dict[str, Any] | None = None) -> SafeString:
    """Print the control of `field` with the classes of its kind, its size and its errors.

    The browser's own limits (`maxlength`, `min`, `max`) are left out: they cut and refuse
    without saying why, which the messages of the form do.
    """
    options = options or {}
    sort = kind(field)
    widget = field.field.widget
    attrs: dict[str, Any] = {"maxlength": False, "minlength": False} | dict(
        options.get("attrs") or {}
    )
    if sort == "date":
        return field.as_widget(attrs={"wrong_boxes": wrong_boxes(field)})
    if getattr(widget, "input_type", "") == "number":
        widget.input_type = "text"
        keyboard = "decimal" if hasattr(field.field, "decimal_places") else "numeric"
        attrs |= {"inputmode": keyboard, "min": False, "max": False, "step": False}
    if options.get("rows"):
        attrs["rows"] = options["rows"]
    if options.get("count"):
        described = f"{field.aria_describedby or ''} {field.auto_id}-info"
        attrs["aria-describedby"] = described.strip()
    attrs["class"] = " ".join(classes_of(field, sort, options))
    return field.as_widget(attrs=attrs)


def classes_of(field: BoundField, sort: str, options: dict[str, Any]) -> Iterator[str]:
    """Yield the classes that the control of `field` wears."""
    basic = CLASSES[sort]
    yield basic
    if own := field.field.widget.attrs.get("class"):
        yield own
    if options.get("width"):
        yield f"govuk-input--width-{options['width']}"
    if options.get("count"):
        yield "govuk-js-character-count"
    if field.errors and sort != "checkbox":
        yield f"{basic}--error"


@register.simple_tag
def choices(field: BoundField, options: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the choices of `field`, each with its hint, what it reveals and its divider.

    A choice that cannot be chosen says why in the place of its hint.
    """
    options = options or {}
    refused = getattr(field.field.widget, "refused", {})
    return [
        {
            "widget": {"attrs": {**bound.data["attrs"], "class": False}},
            "type": bound.data["type"],
            "name": bound.data["name"],
            "value": (value := str(bound.data["value"])),
            "label": bound.choice_label,
            "id": bound.id_for_label,
            "is_chosen": bound.data["selected"],
            "hint": refused.get(value) or options.get("hints", {}).get(value, ""),
            "revealed": options.get("revealed", {}).get(value, ""),
            "is_after_divider": value == options.get("divider_before"),
            "is_exclusive": value == options.get("exclusive"),
        }
        for bound in field.subwidgets
    ]


@register.inclusion_tag("house/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """Print the box at the top of a page that names every mistake and leads to it.

    Takes forms and formsets, bound or not, and prints nothing when there is no mistake.
    """
    parts = [form for given in forms for form in flat(given)]
    return {"parts": parts, "has_errors": any(part.errors for part in parts)}


@register.filter
def in_order(form: Any) -> list[Any]:
    """Return the fields of a form that are seen, in the order in which they are asked."""
    if not hasattr(form, "asked_in_order"):
        return list(getattr(form, "visible_fields", list)())
    fields = form.visible_fields()
    places = {name: place for place, name in enumerate(form.asked_in_order())}
    return sorted(fields, key=lambda field: places.get(field.name, len(places)))


@register.simple_tag
def error_prefix(*forms: Any) -> str:
    """Return what the page's title begins with when a form was refused."""
    return _("Error: ") if any(part.errors for given in forms for part in flat(given)) else ""


def flat(given: Any) -> list[Any]:
    """Return the forms that `given`, a form, a formset or nothing, is made of."""
    if not hasattr(given, "is_bound"):
        return []
    if not hasattr(given, "non_form_errors"):
        return [given]
    return [FormsetErrors(given), *given.forms]


class FormsetErrors:
    """The mistakes that belong to a formset and to none of its forms, as a form has them."""

    hidden_fields: tuple[BoundField, ...] = ()

    def __init__(self, formset: Any) -> None:
        self.errors = self.non_field_errors = formset.non_form_errors()
