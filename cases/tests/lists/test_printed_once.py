"""What is printed once: nothing old is shown, and nothing is let through unescaped."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from cases.rules.events import Outcome
from cases.templatetags.once import Kept, NotPlain, plain
from cases.templatetags.parts import SummaryRow, Tab

LIST = Template("{% load components %}{% summary_list rows %}")
ROW = SummaryRow("Name", "Asha")


def printed(*rows: SummaryRow) -> str:
    return LIST.render(Context({"rows": list(rows)}))


def test_a_component_is_printed_anew_when_anything_in_it_is_another():
    assert "Asha" in printed(ROW)

    assert "Noor" in printed(replace(ROW, value="Noor"))
    assert "Asha" in printed(ROW)


def test_words_that_were_safe_once_do_not_let_the_same_words_through_unescaped():
    assert "<b>Asha</b>" in printed(replace(ROW, value=mark_safe("<b>Asha</b>")))

    assert "&lt;b&gt;Asha&lt;/b&gt;" in printed(replace(ROW, value="<b>Asha</b>"))


def test_lists_and_records_are_known_again_by_what_is_in_them():
    assert plain([Tab("All", "?", 3)]) == plain((Tab("All", "?", 3),))
    assert plain([Tab("All", "?", 3)]) != plain([Tab("All", "?", 4)])
    assert plain(Outcome.UPHELD) == plain(Outcome.UPHELD)
    assert plain(1.0) != plain(1)


@dataclass
class Changing:
    value: str


@pytest.mark.parametrize("value", [Changing("x"), object(), {"a": 1}, iter([1])])
def test_what_may_change_or_equal_another_is_printed_each_time(value):
    with pytest.raises(NotPlain):
        plain(value)

    printed_before = []
    kept = Kept()
    for _ in range(2):
        kept(value, lambda: mark_safe(printed_before.append("x") or "x"))  # noqa: S308
    assert len(printed_before) == 2


def test_what_is_kept_is_emptied_when_it_is_full():
    kept, asked = Kept(most=2), []

    for value in ("a", "b", "a", "c", "a"):
        kept(value, lambda value=value: mark_safe(asked.append(value) or value))  # noqa: S308

    assert asked == ["a", "b", "c", "a"]


@pytest.mark.parametrize(
    ("moment", "form", "words"),
    [
        (date(2026, 11, 27), "D j M Y", "Fri 27 Nov 2026"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "j M Y, H:i", "1 Jul 2026, 23:30"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "H:i", "01:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "H:i", "01:30"),
        (None, "D j M Y", ""),
        ("", "D j M Y", ""),
    ],
)
def test_days_and_times_are_told_as_django_tells_them(moment, form, words):
    page = Template("{% load dates %}{{ moment|date:form }}")

    for _ in range(2):
        assert page.render(Context({"moment": moment, "form": form})) == words
