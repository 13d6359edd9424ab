"""Tables, and what stands around them: filters, chips, pages."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.dateformat import format as in_format
from django.utils.safestring import SafeString

from cases.templatetags.components import printed
from cases.templatetags.house import kind
from cases.templatetags.once import Kept, printed_once
from cases.templatetags.parts import Cell

register = template.Library()


@register.simple_block_tag(takes_context=True)
def table(
    context: Any,
    content: str,
    caption: str,
    *,
    columns: Sequence[Any],
    rows: Any = True,
    sort: str = "",
    select: str = "",
    empty: str = "Nothing to show.",
    is_caption_hidden: bool = False,
) -> SafeString:
    """Show a table whose rows the page prints with `row` and `cell` inside.

    `rows` is what the page loops over: when it is empty, `empty` is said instead. `sort` is the
    order in use, as in the address ("due", or "-due" for the latest first). `select` names the
    boxes of `select_cell`, and puts one to tick them all at the head.
    """
    if not rows:
        return printed("table", content=content, caption=caption, has_rows=False, empty=empty)
    request = context.get("request")
    given = (
        request.GET.urlencode() if request else "",
        caption,
        tuple(columns),
        sort,
        select,
        is_caption_hidden,
    )
    head = _heads(given, lambda: _head(request, *given[1:]))
    return printed("table", content=content, head=head, has_rows=True, is_wide=len(columns) > 4)


_heads = Kept()


def _head(
    request: HttpRequest | None,
    caption: str,
    columns: Sequence[Any],
    sort: str,
    select: str,
    is_caption_hidden: bool,
) -> SafeString:
    descending = sort.startswith("-")
    heads = [
        {
            "column": column,
            "order": ("descending" if descending else "ascending") if is_current else "none",
            "next": f"-{column.sort}" if is_current and not descending else column.sort,
        }
        for column in columns
        for is_current in [bool(column.sort) and column.sort == sort.removeprefix("-")]
    ]
    return printed(
        "table_head",
        request=request,
        caption=caption,
        heads=heads,
        is_still=not select and not any(column.sort for column in columns),
        select=select,
        is_caption_hidden=is_caption_hidden,
    )


@register.simple_tag
def complaint_rows(
    rows: Iterable[Any],
    *,
    select: bool = False,
    is_work: bool = False,
    me: int | None = None,
    covering: Collection[int] = (),
) -> SafeString:
    """Show complaints as rows of a table, with boxes to pick them if `select`.

    `is_work`: they are the work of `me` and of those whom they are `covering` for.
    """
    return SafeString(
        "".join(
            printed_complaint(
                each, officer_of(each, me, covering) if is_work else "", select, is_work
            )
            for each in rows
        )
    )


def officer_of(row: Any, me: int | None, covering: Collection[int]) -> str:
    """Return who has a complaint, as somebody sees it in their own work."""
    if row.officer_id is not None and row.officer_id == me:
        return "You"
    if row.officer_id in covering:
        return f"Covering for {row.officer}"
    return str(row.officer_words)


@lru_cache(maxsize=4_096)
def printed_complaint(row: Any, officer: str, select: bool, is_work: bool) -> SafeString:
    """Print the row of a complaint, once for as long as it stands as it does."""
    context = {
        "each": row,
        "officer": officer or row.officer_words,
        "select": select,
        "is_work": is_work,
    }
    return render_to_string("cases/_complaint_row.html", context)


@register.simple_block_tag
def row(content: str) -> SafeString:
    """Show one row of a table."""
    return printed("_row", content=content)


@register.simple_block_tag
def cell(
    content: str,
    label: str = "",
    *,
    is_header: bool = False,
    is_numeric: bool = False,
    is_tight: bool = False,
) -> SafeString:
    """Show one cell. `label` is its column's, for phones; the cell that names the row is_header.

    What is_tight stays on one line.
    """
    return printed(
        "_cell",
        content=content,
        label=label,
        is_header=is_header,
        is_numeric=is_numeric,
        is_tight=is_tight,
    )


@printed_once(register, "components/_select_cell.html")
def select_cell(name: str, value: str, *, label: str) -> dict[str, object]:
    """Show the box that picks a row. `label` says which row: "Select C-7K4M-92QX"."""
    return {"name": name, "value": value, "label": label}


@printed_once(register, "components/data_table.html")
def data_table(
    caption: str,
    *,
    columns: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    empty: str = "Nothing to show.",
    is_caption_hidden: bool = False,
) -> dict[str, object]:
    """Show plain figures: rows of texts, numbers or `Cell`s, the first of each naming the row."""
    return {
        "caption": caption,
        "columns": columns,
        "rows": [
            [
                (column, value if hasattr(value, "url") else Cell(value))
                for column, value in zip(columns, values, strict=True)
            ]
            for values in rows
        ],
        "empty": empty,
        "is_caption_hidden": is_caption_hidden,
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Any, page: Page[Any], *, noun: str = "results", total: str = ""
) -> dict[str, object]:
    """Show which part of a list this is, and the way to the others, filters kept.

    `total` says how many there are when the count stops early ("1,000+").
    """
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "request": context["request"],
        "page": page,
        "numbers": list(numbers),
        "gap": page.paginator.ELLIPSIS,
        "first": f"{page.start_index():,}",
        "last": f"{page.end_index():,}",
        "total": total or f"{page.paginator.count:,}",
        "noun": noun,
    }


@register.simple_tag(takes_context=True)
def filter_panel(
    context: Any,
    form: Any,
    *,
    label: str = "Filter the list",
    clear_url: str = "?",
    keep: Sequence[str] = ("sort", "view"),
) -> SafeString:
    """Show a filter form beside its list, folded away on phones.

    `keep` names what else of the address stays when the filters are applied, as do the fields
    that links fill and nobody is asked. Fields that the form names in `more` are folded away
    until one of them is in use. A form that says in `offered` what its fields offer is printed
    once for each of these and each address.
    """
    request: HttpRequest = context["request"]

    def print_it() -> SafeString:
        return _panel(form, request, label=label, clear_url=clear_url, keep=keep)

    offered = getattr(form, "offered", None)
    if offered is None:
        return print_it()
    given = (type(form).__qualname__, request.get_full_path(), offered, label, clear_url, keep)
    return _panels(given, print_it)


_panels = Kept(most=200)


def _panel(
    form: Any, request: HttpRequest, *, label: str, clear_url: str, keep: Sequence[str]
) -> SafeString:
    asked = [field for field in form.visible_fields() if kind(field) != "hidden"]
    unasked = [field.html_name for field in form.visible_fields() if kind(field) == "hidden"]
    kept = [(name, value) for name in (*keep, *unasked) for value in request.GET.getlist(name)]
    fields = [filter_field(field) for field in asked]
    more = set(getattr(form, "more", ()))
    return printed(
        "filter_panel",
        request=request,
        fields=[field for field in fields if field["name"] not in more],
        more=(folded := [field for field in fields if field["name"] in more]),
        is_more_open=any(field["is_used"] for field in folded),
        label=label,
        clear_url=clear_url,
        kept=kept,
        in_use=len(chips_of(form, request)),
    )


def filter_field(field: Any) -> dict[str, object]:
    """Return what the filter panel prints of a field.

    The panel stands on pages that are opened all day, with hundreds of options in it. It is
    printed in one go, not field by field by the templates of the forms.
    """
    widget = field.field.widget
    value = field.value()
    choices = flat_choices(field)
    printed_field: dict[str, object] = {
        "name": field.html_name,
        "id": field.auto_id,
        "label": field.label,
        "error": field.errors[0] if field.errors else "",
        "is_used": bool(value and (not isinstance(value, tuple) or any(value))),
        "kind": "text",
        "value": "" if value is None else value,
    }
    if hasattr(widget, "box_names"):
        boxes = widget.get_context(field.html_name, value, {"id": field.auto_id})["widget"]["boxes"]
        return printed_field | {"kind": "date", "boxes": boxes}
    if getattr(widget, "allow_multiple_selected", False):
        given = {str(each) for each in value or ()}
        ticks = [(str(key), words, str(key) in given) for key, words in choices]
        return printed_field | {"kind": "ticks", "ticks": ticks}
    if choices:
        return printed_field | {"kind": "select", "options": options_of(choices, chosen=value)}
    if getattr(widget, "input_type", "") == "checkbox":
        return printed_field | {"kind": "tick", "is_ticked": bool(value)}
    return printed_field


def options_of(choices: Sequence[tuple[Any, Any]], *, chosen: Any) -> SafeString:
    """Return the options of a select, printed once for each list of choices and each choice."""
    return printed_options(
        tuple((str(value), str(words)) for value, words in choices), str(chosen or "")
    )


@lru_cache(maxsize=256)
def printed_options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Print the options of a select."""
    return printed("_options", choices=choices, chosen=chosen)


@register.inclusion_tag("components/filter_chips.html", takes_context=True)
def filter_chips(context: Any, form: Any, *, clear_url: str = "?") -> dict[str, object]:
    """Show the filters in use, each a link that takes it away. Belongs inside `#results`."""
    return {"chips": chips_of(form, context["request"]), "clear_url": clear_url}


def chips_of(form: Any, request: HttpRequest) -> list[dict[str, str]]:
    """Return the filters that `form` holds, in words, and the address without each."""
    if not form.is_bound:
        return []
    return [chip for field in form.visible_fields() for chip in chips_of_field(field, request.GET)]


def chips_of_field(field: Any, query: QueryDict) -> Iterable[dict[str, str]]:
    """Yield one chip for each answer given to `field`."""
    if field.errors:
        return
    answer = field.form.cleaned_data.get(field.name)
    if answer in (None, "", [], False):
        return
    words = {str(value): str(label) for value, label in flat_choices(field)}
    parts = [name for name in query if name == field.html_name or name in box_names(field)]
    for value in query.getlist(field.html_name) or [""]:
        rest = query.copy()
        rest.pop("page", None)
        others = [each for each in query.getlist(field.html_name) if each != value]
        for name in parts:
            rest.pop(name)
        rest.setlist(field.html_name, others)
        yield {
            "label": field.label,
            "words": words.get(value, in_words(answer, typed=value)),
            "url": f"?{rest.urlencode()}",
        }


def in_words(answer: Any, *, typed: str) -> str:
    """Return `answer` as a chip says it; a single ticked box needs no more than its label."""
    if answer is True:
        return ""
    if words := getattr(answer, "words", ""):
        return str(words)
    return typed or in_format(answer, "j M Y")


def flat_choices(field: Any) -> list[tuple[Any, Any]]:
    """Return the choices of `field`, those in groups among them."""
    flat: list[tuple[Any, Any]] = []
    for value, label in getattr(field.field, "choices", ()):
        flat.extend(label if isinstance(label, list | tuple) else [(value, label)])
    return flat


def box_names(field: Any) -> list[str]:
    """Return the names in the address of a date's boxes."""
    boxes = getattr(field.field.widget, "box_names", ())
    return [f"{field.html_name}_{box}" for box in boxes]
