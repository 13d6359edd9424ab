"""The parts that any page is put together from. A tag names its arguments; its template prints.

Lists may hold the records of `cases.templatetags.parts`, or anything with their attributes.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.templatetags.once import printed_once

register = template.Library()


def printed(name: str, **context: Any) -> SafeString:
    """Print the template of a component that has something inside."""
    return render_to_string(f"components/{name}.html", context)


@printed_once(register, "components/status_tag.html")
def status_tag(text: str, *, tone: str = "grey") -> dict[str, object]:
    """Show a status. `tone` is grey, blue, teal, green, yellow, orange, red or purple."""
    return {"text": text, "tone": tone}


@printed_once(register, "components/count_badge.html")
def count_badge(count: int | str | None, *, label: str = "") -> dict[str, object]:
    """Show how many there are, and of what for those who hear it. Nothing when there are none."""
    return {"count": count, "label": label}


@printed_once(register, "components/when.html")
def when(moment: date | datetime | None, *, style: str = "long") -> dict[str, object]:
    """Show a day, with its time if it has one. `style` is long (November) or short (Nov)."""
    return {
        "moment": moment,
        "has_time": isinstance(moment, datetime),
        "is_short": style == "short",
    }


@printed_once(register, "components/summary_list.html")
def summary_list(rows: Iterable[Any], *, is_narrow: bool = False) -> dict[str, object]:
    """Show properties and their values: rows with key, value, change_url and change_label."""
    return {"rows": rows, "is_narrow": is_narrow}


@register.simple_block_tag
def details(content: str, summary: str, *, is_open: bool = False) -> SafeString:
    """Hide what few need under a line that says what it is."""
    return printed("details", content=content, summary=summary, is_open=is_open)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Set words apart from those around them."""
    return printed("inset", content=content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """Warn of a consequence, with the sign and the word for it."""
    return printed("warning", content=content)


@register.simple_block_tag
def panel(content: str, title: str) -> SafeString:
    """Confirm that something is done. Its title is the page's heading; keep links out of it."""
    return printed("panel", content=content, title=title)


@register.simple_block_tag
def page_heading(content: str, title: str, *, caption: str = "") -> SafeString:
    """Show the page's heading, and inside the tag the buttons that stand beside it."""
    return printed("page_heading", content=content, title=title, caption=caption)


@printed_once(register, "components/button_link.html")
def button_link(label: str, url: str, *, kind: str = "primary") -> dict[str, object]:
    """Show a link to a page on which something is done, as a button of its kind."""
    return {"label": label, "url": url, "kind": kind}


@printed_once(register, "components/sub_navigation.html")
def sub_navigation(items: Iterable[Any], *, label: str) -> dict[str, object]:
    """Show pages or views that belong together: label, url, count and is_current of each."""
    return {"items": items, "label": label}


@printed_once(register, "components/side_navigation.html")
def side_navigation(items: Iterable[Any], *, label: str) -> dict[str, object]:
    """Show the pages of a section beside its content: label, url and is_current of each."""
    return {"items": items, "label": label}


@printed_once(register, "components/breadcrumbs.html")
def breadcrumbs(items: Iterable[Any]) -> dict[str, object]:
    """Show where a page belongs: label and url of each step, the last without url."""
    return {"items": items}


@printed_once(register, "components/back_link.html")
def back_link(url: str, *, text: str = "") -> dict[str, object]:
    """Show the way back, in the state in which people left that page."""
    return {"url": url, "text": text}


@printed_once(register, "components/empty_state.html")
def empty_state(
    heading: str, *, text: str = "", link_url: str = "", link_text: str = ""
) -> dict[str, object]:
    """Say that there is nothing here, why, and what can be done about it."""
    return {"heading": heading, "text": text, "link_url": link_url, "link_text": link_text}


@printed_once(register, "components/file_list.html")
def file_list(files: Iterable[Any], *, empty: str = "No files yet.") -> dict[str, object]:
    """Show files: name, url, detail, note and remove_url of each."""
    return {"files": files, "empty": empty}


@printed_once(register, "components/task_list.html")
def task_list(tasks: Iterable[Any], *, prefix: str = "task") -> dict[str, object]:
    """Show what is to be done: label, url, hint, status and tone of each."""
    return {"tasks": tasks, "prefix": prefix}


@printed_once(register, "components/stat_tile.html")
def stat_tile(
    value: int | str, label: str, *, url: str = "", note: str = "", tone: str = ""
) -> dict[str, object]:
    """Show a number that opens what it counts, inside `<ul class="house-tiles">`.

    `tone` is red, amber or green, and says nothing that `label` or `note` does not say in words.
    """
    return {"value": value, "label": label, "url": url, "note": note, "tone": tone}
