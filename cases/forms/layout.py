"""The form that every page builds on, and the pieces that its layout is made of.

A form says what it asks; its `layout()` says how. The pieces only carry words and numbers to
the templates of the `house` pack, and change nothing on the form or on themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, LayoutObject, Row
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django import forms
from django.template.loader import render_to_string
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString

from cases.forms.messages import speak_plainly
from cases.forms.printing import printed_once

__all__ = [
    "HTML",
    "Buttons",
    "CancelLink",
    "Div",
    "Fieldset",
    "FilterForm",
    "HouseForm",
    "Layout",
    "Question",
    "Row",
    "StaffForm",
    "Submit",
    "Words",
]

# Words of ours: of the pages of the public, in the language in which they are shown.
Words = str | Promise


class Question(LayoutObject):
    """One field, and how it is asked.

    For every kind: `size` of the label or legend ("s", "m" or "l"), `is_heading` to make it the
    page's heading, `caption` above that heading, and `attrs` for the control.
    For a text box: `width` in characters (2, 3, 4, 5, 10, 20 or 30), `prefix`, `suffix`.
    For a text area: `rows`, and `count` to show what is left of the field's `max_length`.
    For radios and checkboxes, by value of the choice: `hints`, `reveals` (how to ask what
    the form's own `reveals` names, if not plainly), `divider_before` (an "or" before it) and
    `exclusive` (it unticks the others); and `is_inline`, `is_small`. A question with the names
    of customers is not `is_kept` by a form that is printed once.
    """

    def __init__(
        self,
        name: str,
        *,
        size: str = "",
        is_heading: bool = False,
        caption: str = "",
        attrs: Mapping[str, str] | None = None,
        width: int | None = None,
        prefix: str = "",
        suffix: str = "",
        rows: int | None = None,
        count: bool = False,
        hints: Mapping[str, Words] | None = None,
        reveals: Mapping[str, Sequence[Any]] | None = None,
        divider_before: str | None = None,
        exclusive: str | None = None,
        is_inline: bool = False,
        is_small: bool = False,
        is_kept: bool = True,
    ) -> None:
        self.fields = [name]
        self.reveals = reveals
        self.is_kept = is_kept
        self.options = {
            "size": size,
            "is_heading": is_heading,
            "caption": caption,
            "attrs": attrs or {},
            "width": width,
            "prefix": prefix,
            "suffix": suffix,
            "rows": rows,
            "count": count,
            "hints": hints or {},
            "divider_before": divider_before,
            "exclusive": exclusive,
            "is_inline": is_inline,
            "is_small": is_small,
        }

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the field as its template prints it, with what it reveals inside."""
        name = self.fields[0]
        asked_under = {**getattr(form, "reveals", {}).get(name, {}), **(self.reveals or {})}
        revealed = {
            value: with_reveals(Layout(*pieces), form).render(
                form, context, template_pack=template_pack
            )
            for value, pieces in asked_under.items()
        }
        options = self.options | {"revealed": revealed}

        def print_it() -> SafeString:
            return render_field(
                name,
                form,
                context,
                template_pack=template_pack,
                extra_context={"options": options},
            )

        if not self.is_kept or form.is_bound or not getattr(form, "is_printed_once", False):
            return print_it()
        printed = printed_once(form[name], options, print_it)
        form.rendered_fields.add(name)
        return printed


def with_reveals(layout: LayoutObject, form: Any) -> LayoutObject:
    """Return the layout with each plain name that reveals others asked as a `Question`.

    In a form that is printed once each name is.
    """
    is_printed_once = getattr(form, "is_printed_once", False)
    reveals = form.fields if is_printed_once else getattr(form, "reveals", {})
    for place, piece in enumerate(layout.fields):
        if isinstance(piece, str) and piece in reveals:
            layout.fields[place] = Question(piece)
        elif isinstance(piece, LayoutObject) and not isinstance(piece, Question):
            with_reveals(piece, form)
    return layout


def names_in(pieces: Sequence[Any], reveals: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the fields of pieces of a layout, each before those that it reveals."""
    for piece in pieces:
        if not isinstance(piece, str):
            yield from names_in(getattr(piece, "fields", ()), reveals)
            for under in (getattr(piece, "reveals", None) or {}).values():
                yield from names_in(under, reveals)
            continue
        yield piece
        for under in reveals.get(piece, {}).values():
            yield from names_in(under, reveals)


class Submit:
    """A button that sends the form. `kind` is "primary", "secondary" or "warning"."""

    template_name = "layout/button.html"

    def __init__(
        self, text: Words, *, kind: str = "primary", name: str = "", value: str = ""
    ) -> None:
        self.text = text
        self.kind = kind
        self.name = name
        self.value = value

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the button."""
        return render_to_string(f"{template_pack}/{self.template_name}", {"button": self})


class CancelLink(Submit):
    """A link beside the buttons that leads away without sending."""

    template_name = "layout/cancel_link.html"

    def __init__(self, url: str, text: str = "Cancel") -> None:
        super().__init__(text)
        self.url = url


class Buttons(LayoutObject):
    """Buttons and links in one row."""

    def __init__(self, *buttons: Submit) -> None:
        self.fields = list(buttons)

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the row."""
        inside = self.get_rendered_fields(form, context, template_pack)
        return render_to_string(f"{template_pack}/layout/buttons.html", {"buttons": inside})


class Fieldset(LayoutObject):
    """Questions that belong together, under words.

    These are words alone, which somebody may have written: the one of crispy-forms reads its legend
    as a template.
    """

    def __init__(self, legend: Words, *pieces: Any) -> None:
        self.fields = list(pieces)
        self.legend = legend

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the words, and the questions under them."""
        inside = self.get_rendered_fields(form, context, template_pack)
        return render_to_string(
            f"{template_pack}/layout/fieldset.html", {"legend": self.legend, "fields": inside}
        )


class Folded(LayoutObject):
    """Questions that few people need to answer, under a line that opens them."""

    def __init__(self, summary: str, *pieces: Any, is_open: bool = False) -> None:
        self.fields = list(pieces)
        self.summary = summary
        self.is_open = is_open

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the line, and the questions under it."""
        inside = self.get_rendered_fields(form, context, template_pack)
        return render_to_string(
            "components/details.html",
            {"summary": self.summary, "content": inside, "is_open": self.is_open},
        )


class Lines(LayoutObject):
    """Words among the questions, a line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.fields: list[Any] = []
        self.lines = lines

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the lines."""
        return render_to_string(f"{template_pack}/layout/lines.html", {"lines": self.lines})


class HouseForm(forms.Form):
    """A form of the house: its own words for mistakes, and `{% crispy form %}` prints all of it.

    `reveals` says what is asked only after a certain answer: `{"contact_by": {"phone":
    ["phone"]}}` asks `phone` when `contact_by` is "phone". A field that was not asked is not
    required and is cleaned to nothing, whatever arrived. `form_attrs` go on the form tag.
    """

    use_required_attribute = False
    method: ClassVar[str] = "post"
    submit_text: ClassVar[Words] = "Save"
    marks_optional: ClassVar[bool] = True
    # By name, when a box that may stay empty is needed all the same, in words beside its label.
    conditions: ClassVar[Mapping[str, str]] = {}
    has_small_choices: ClassVar[bool] = False
    has_form_tag: ClassVar[bool] = True
    # For a form of many questions that mostly are the same: they are printed once for all.
    is_printed_once: bool = False
    form_attrs: ClassVar[Mapping[str, str]] = {}
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {}
    action: str = ""

    def condition(self, name: str) -> str:
        """Return when a box that may stay empty is needed all the same; nothing if it is not."""
        return self.conditions.get(name, "")

    def layout(self) -> Layout:
        """Return how the form is asked: every field in its order, and one button."""
        revealed = {
            name for under in self.reveals.values() for names in under.values() for name in names
        }
        asked = [name for name in self.fields if name not in revealed]
        return Layout(*asked, Submit(self.submit_text))

    def asked_in_order(self) -> list[str]:
        """Return the names of the fields in the order in which the page asks them."""
        return [*names_in(self.layout().fields, self.reveals)]

    def field(self, name: str) -> Any:
        """Return one of the fields, of whatever kind it is."""
        return self.fields[name]

    @cached_property
    def helper(self) -> FormHelper:
        """What `{% crispy form %}` looks for."""
        helper = FormHelper()
        helper.template_pack = "house"
        helper.form_method = self.method
        helper.form_action = self.action
        helper.form_tag = self.has_form_tag
        helper.disable_csrf = self.method == "get"
        helper.render_hidden_fields = True
        helper.attrs = dict(self.form_attrs)
        helper.layout = with_reveals(self.layout(), self)
        return helper

    def full_clean(self) -> None:
        """Check the answers, in our own words."""
        for name, field in self.fields.items():
            speak_plainly(field, label=str(self[name].label))
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Forget the answers to what was not asked, and the mistakes in them."""
        super().clean()
        for name in self.not_asked():
            self.errors.pop(name, None)
            self.cleaned_data[name] = self.fields[name].to_python(None)
        return self.cleaned_data

    def not_asked(self) -> set[str]:
        """Return the fields that the answers given leave hidden."""
        hidden: set[str] = set()
        for question, asked_under in self.reveals.items():
            given = self[question].value()
            answers = given if isinstance(given, list | tuple) else [given]
            chosen = set() if question in hidden else {str(answer) for answer in answers}
            hidden.update(
                name
                for value, names in asked_under.items()
                if value not in chosen
                for name in names
            )
        return hidden


class StaffForm(HouseForm):
    """A form for staff pages, where everything is one step smaller."""

    has_small_choices = True


class FilterForm(StaffForm):
    """What narrows a list: sent by GET, nothing in it required, beside the list."""

    method = "get"
    marks_optional = False
    has_form_tag = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def layout(self) -> Layout:
        """Return every field; the filter panel has the button."""
        return Layout(*self.fields)
