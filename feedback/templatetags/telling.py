"""What the public pages say of a promise and of what somebody sends, in the page's language."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback.rules.kinds import Kind
from feedback.rules.promises import NextStep
from feedback.selectors.speaking import kind_sentence, step_sentence

register = template.Library()


@register.filter
def step_words(step: NextStep) -> str:
    """Return what will be done, to go on after "we will"."""
    return step_sentence(step)


@register.filter
def neutral_words(step: NextStep) -> str:
    """Return what will be done, without a word of a complaint, to go on after "we will"."""
    return _(step.neutral_words)


@register.simple_tag
def kind_words(kind: Kind, sentence: str) -> str:
    """Return a sentence about what somebody sends: check, send, confirm or sent."""
    return kind_sentence(kind, sentence)


@register.simple_tag
def by_day(day: date) -> SafeString:
    """Return until when something is done."""
    words = format_html(
        '<time datetime="{}">{}</time>', day.isoformat(), date_format(day, "l j F Y")
    )
    return format_html(_("By {day}"), day=words)
