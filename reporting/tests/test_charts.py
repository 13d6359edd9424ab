"""Where charts put things, so that nothing lies over anything else."""

from itertools import combinations, pairwise

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from reporting.templatetags.bars import columns, rows_of_bars
from reporting.templatetags.charts import NARROW, WIDE, Bar, Series, written
from reporting.templatetags.drawing import Drawing, Text, spread, ticks_up_to
from reporting.templatetags.lines import curves

WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
labels = st.text("abcdefghij KLMNO", min_size=1, max_size=40).filter(str.strip)
values = st.integers(min_value=0, max_value=5000)
shares = st.integers(min_value=0, max_value=100)


def plain(value: float | None) -> str:
    """Return `value` as the drawings here write it."""
    return written(value, "", "")


def texts_of(drawing: Drawing) -> list[Text]:
    """Return every piece of text, those of the marks too."""
    return [*drawing.texts, *(text for mark in drawing.marks for text in mark.texts)]


def overlapping(drawing: Drawing) -> list[tuple[str, str]]:
    """Return the pairs of texts that lie over each other."""
    return [
        (one.words, other.words)
        for one, other in combinations(texts_of(drawing), 2)
        if min(one.box[2], other.box[2]) - max(one.box[0], other.box[0]) > 1
        and min(one.box[3], other.box[3]) - max(one.box[1], other.box[1]) > 1
    ]


def crossed(drawing: Drawing) -> list[str]:
    """Return the texts that the line of a target runs through."""
    return [
        text.words
        for text in texts_of(drawing)
        for line in drawing.lines
        if line.tone == "goal"
        and text.box[0] < max(line.x1, line.x2) + 0.5
        and text.box[2] > min(line.x1, line.x2) - 0.5
        and text.box[1] < max(line.y1, line.y2) - 0.5
        and text.box[3] > min(line.y1, line.y2) + 0.5
    ]


@given(rows=st.lists(st.tuples(labels, values), min_size=1, max_size=12))
@WIDTHS
def test_lying_bars_keep_their_words_apart(width: float, rows: list[tuple[str, int]]):
    bars = [Bar(label, value) for label, value in rows]

    drawing = rows_of_bars(bars, [plain(bar.value) for bar in bars], width=width)

    assert overlapping(drawing) == []


@given(reached=st.lists(shares, min_size=1, max_size=14), goal=st.integers(1, 120))
@WIDTHS
def test_no_word_of_a_chart_lies_on_its_target(width: float, reached: list[int], goal: int):
    bars = [Bar("Month", value) for value in reached]
    shown = [f"{bar.value}%" for bar in bars]

    if width == WIDE:
        drawing = columns(bars, shown, width=width, goal=(goal, "Target"), written=plain)
    else:
        drawing = rows_of_bars(bars, shown, width=width, goal=(goal, "Target"))

    assert crossed(drawing) == []
    assert overlapping(drawing) == []


@given(
    names=st.lists(labels, min_size=1, max_size=4),
    points=st.lists(st.lists(values, min_size=4, max_size=4), min_size=4, max_size=4),
)
@WIDTHS
def test_the_names_of_lines_keep_apart(width: float, names: list[str], points: list[list[int]]):
    months = ["Aug", "Sep", "Oct", "Nov"]
    series = [Series(name, each) for name, each in zip(names, points, strict=False)]

    drawing = curves(months, series, width=width, written=plain)

    assert overlapping(drawing) == []


def test_a_series_may_begin_late_or_be_empty():
    series = [
        Series("Old", [1, 2, 3]),
        Series("New", [None, None, 4]),
        Series("Not yet", [None] * 3),
    ]

    drawing = curves(["Aug", "Sep", "Oct"], series, width=WIDE, written=plain)

    assert [len(curve.points) for curve in drawing.curves] == [3, 1, 0]


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (66, [0, 20, 40, 60, 80]),
        (100, [0, 25, 50, 75, 100]),
        (1250, [0, 500, 1000, 1500]),
    ],
)
def test_an_axis_has_round_numbers(highest: float, ticks: list[float]):
    assert ticks_up_to(highest) == ticks


@given(st.floats(min_value=0.1, max_value=1e7))
def test_an_axis_reaches_its_highest_value_in_a_few_steps(highest: float):
    ticks = ticks_up_to(highest)

    assert ticks[-1] >= highest * 0.999999
    assert 2 <= len(ticks) <= 7


@given(st.lists(st.floats(min_value=0, max_value=200), min_size=1, max_size=8))
def test_names_are_spread_in_their_order(wanted: list[float]):
    placed = spread(wanted, gap=20, highest=200)

    ordered = [place for _, place in sorted(zip(wanted, placed, strict=True))]
    assert all(b - a >= 19.99 for a, b in pairwise(ordered))
    assert max(placed) <= 200


def test_a_chart_without_figures_is_still_a_chart():
    html = Template(
        "{% load charts %}{% bar_chart none name='a' title='A' finding='Nothing.' %}"
        "{% column_chart none name='b' title='B' finding='Nothing.' target=1 %}"
        "{% line_chart none none name='c' title='C' finding='Nothing.' %}"
    ).render(Context({"none": []}))

    assert html.count('role="img"') == 6


def test_a_chart_that_leads_somewhere_is_a_group_of_links():
    html = Template(
        "{% load charts %}{% bar_chart bars name='a' title='A' finding='One.' suffix='%' %}"
    ).render(Context({"bars": [Bar("North", 92.5, "/north/")]}))

    assert 'role="group"' in html
    assert 'href="/north/" aria-label="North: 92.5%"' in html
    assert "style=" not in html
