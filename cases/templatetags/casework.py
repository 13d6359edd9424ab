"""The parts of pages about one complaint: its deadline, its head, what may be done, its story."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.rules.letter_templates import split_at_gaps
from cases.templatetags.components import printed
from cases.templatetags.once import printed_once

register = template.Library()

# What an entry of the timeline is, as its badge says; the class of the entry carries the code.
KINDS = {
    "event": "",
    "note": "Staff only",
    "sent": "Sent to the customer",
    "received": "From the customer",
    "decision": "Decision",
}


@printed_once(register, "components/due_date.html")
def due_date(
    due_on: date | None,
    *,
    today: date,
    words: str = "",
    is_soon: bool = False,
    is_met: bool = False,
    is_provisional: bool = False,
    style: str = "short",
) -> dict[str, object]:
    """Show a due date, and in words as well as colour how it stands.

    `words` is the distance as the working calendar counts it: "4 working days left", "Overdue
    by 2 working days", "Met on 3 Nov". `is_soon` marks a date that needs attention before its
    time. `style` is short (27 Nov, with the year when it is not this one) or long (Friday 27
    November 2026).
    """
    return {
        "due_on": due_on,
        "is_long": style == "long",
        "has_year": due_on is not None and due_on.year != today.year,
        "is_provisional": is_provisional,
        **standing(due_on, today=today, words=words, is_soon=is_soon, is_met=is_met),
    }


def standing(
    due_on: date | None, *, today: date, words: str, is_soon: bool, is_met: bool
) -> dict[str, str]:
    """Return the words and the tone for a date: grey, green, amber or red."""
    if due_on is None:
        return {"words": words or "No date set", "tone": "grey"}
    if is_met:
        return {"words": words or "Met", "tone": "green"}
    if due_on < today:
        return {"words": words or "Overdue", "tone": "red"}
    if due_on == today:
        return {"words": "Due today", "tone": "amber"}
    if due_on == today + timedelta(days=1):
        return {"words": "Due tomorrow", "tone": "amber"}
    return {"words": words, "tone": "amber" if is_soon else "grey"}


@register.filter
def gaps_marked(paragraph: str) -> SafeString:
    """Show a paragraph of a letter with its lines; what is missing in it stands out."""
    pieces = (
        (format_html("<mark>{}</mark>", text) if is_gap else linebreaksbr(text, autoescape=True),)
        for text, is_gap in split_at_gaps(paragraph)
    )
    return format_html_join("", "{}", pieces)


@printed_once(register, "components/needs.html")
def needs_badges(needs: Iterable[str], *, label: str = "Needs") -> dict[str, object]:
    """Show what a person needs of us, where nobody can miss it: "Large print", "Interpreter"."""
    return {"needs": needs, "label": label}


@printed_once(register, "components/case_header.html")
def case_header(
    *,
    reference: str,
    title: str,
    person: str,
    stage: str,
    status: str,
    today: date,
    tone: str = "grey",
    person_url: str = "",
    level: str = "",
    officer: str = "",
    needs: Sequence[str] = (),
    joint_needs: Sequence[tuple[str, Sequence[str]]] = (),
    due_label: str = "Next deadline",
    due_on: date | None = None,
    due_words: str = "",
    due_url: str = "",
    is_soon: bool = False,
    is_met: bool = False,
    is_provisional: bool = False,
) -> dict[str, object]:
    """Show the head of every page about a complaint: what it is, whose, how it stands.

    `title` is the page's heading. `level` is how far it is hidden, nothing for a normal one.
    `tone` is the status tag's; the due arguments are those of
    `due_date`, and `due_url` leads to how the date was worked out. `joint_needs` has the name and
    the needs of each who complains too.
    """
    due = standing(due_on, today=today, words=due_words, is_soon=is_soon, is_met=is_met)
    return {
        "reference": reference,
        "title": title,
        "person": person,
        "person_url": person_url,
        "level": level,
        "stage": stage,
        "status": status,
        "tone": tone,
        "officer": officer,
        "needs": needs,
        "joint_needs": joint_needs,
        "due_label": due_label,
        "due_on": due_on,
        "due_url": due_url,
        "due_words": due["words"],
        "due_tone": due["tone"],
        "is_provisional": is_provisional,
    }


@printed_once(register, "components/action_list.html")
def action_list(
    allowed: Iterable[Any],
    *,
    refused: Iterable[Any] = (),
    groups: Iterable[Any] = (),
    label: str = "What you can do now",
    more_label: str = "More",
) -> dict[str, object]:
    """Show what may be done now as buttons (label, url, kind), and the rest with its reason.

    `groups` are what is wanted more seldom: a heading and its links (label, url) for each, under
    `more_label`. `refused` has label and reason of each act that is not allowed.
    """
    return {
        "allowed": allowed,
        "refused": list(refused),
        "groups": [(heading, links) for heading, links in groups if links],
        "label": label,
        "more_label": more_label,
    }


@register.simple_block_tag
def timeline(content: str, *, label: str = "Timeline") -> SafeString:
    """Show what happened, in the order in which the page prints the entries inside."""
    return printed("timeline", content=content, label=label)


@register.simple_block_tag
def timeline_entry(
    content: str,
    title: str,
    *,
    at: date | datetime,
    by: str = "",
    kind: str = "event",
    badge: str = "",
    anchor: str = "",
    is_struck: bool = False,
    change_url: str = "",
    change_label: str = "Correct",
) -> SafeString:
    """Show one thing that happened, and inside the tag what is to be said of it.

    `kind` is event, note (staff only), sent, received or decision: each looks different and
    says in words what it is, so that a note cannot be taken for a letter. `badge` says it in
    other words, as on the customer's own pages ("From you"). `is_struck` shows it as taken back;
    `change_url` leads to where it is put right.
    """
    return printed(
        "timeline_entry",
        content=content,
        has_content=bool(content.strip()),
        title=title,
        at=at,
        by=by,
        kind=kind,
        badge=badge or KINDS[kind],
        anchor=anchor,
        is_struck=is_struck,
        change_url=change_url,
        change_label=change_label,
    )


@printed_once(register, "cases/_deadline.html")
def deadline_line(line: Any) -> dict[str, object]:
    """Show a promise or a window: by when, how it stands, and why that day."""
    return {"line": line}


@printed_once(register, "cases/_story_entry.html")
def story_entry(
    entry: Any,
    *,
    letter: Any,
    reference: str,
    change_url: str = "",
    mail_url: str = "",
    told: Sequence[str] = (),
) -> dict[str, object]:
    """Show one thing that happened to a complaint, and the letter that went with it.

    `told` are words that stand on the page already.
    """
    return {
        "entry": entry,
        "letter": letter,
        "reference": reference,
        "change_url": change_url,
        "mail_url": mail_url,
        "told": told,
    }
