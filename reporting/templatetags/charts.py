"""Charts: drawn on the server, the same on the screen, on paper and for those who hear them.

Each tag draws twice, for a wide place and for a phone, and the style sheet shows the one that
fits, so that text is never smaller than 14 pixels. The figures stand in a table below. A chart
whose values lead to pages is a group of links instead of one image.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from cases.templatetags.once import printed_once
from reporting.templatetags.bars import columns, rows_of_bars
from reporting.templatetags.drawing import Drawing
from reporting.templatetags.lines import curves
from reporting.templatetags.svg import svg_of

register = template.Library()

WIDE = 640
NARROW = 290
# The type of papers.
PAPER_FONT = "Atkinson Hyperlegible"


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its label, and the page that shows what it counts."""

    label: str
    value: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a line chart: its name and a value for each label; None where there is none.

    `urls` are the pages that show what each value counts.
    """

    name: str
    values: Sequence[float | None]
    urls: Sequence[str] = ()


@printed_once(register, "components/charts/chart.html")
def bar_chart(
    bars: Sequence[Any],
    *,
    title: str,
    finding: str,
    name: str,
    head: str = "",
    prefix: str = "",
    suffix: str = "",
    csv_url: str = "",
) -> dict[str, object]:
    """Draw lying bars, for names of any length. `name` is the chart's own on the page.

    `finding` is the sentence above it that says what the chart shows; `head` heads the labels
    in the table; `prefix` and `suffix` go around each value ("£", "%").
    """
    shown = [written(bar.value, prefix, suffix) for bar in bars]
    pictures = (rows_of_bars(bars, shown, width=width) for width in (WIDE, NARROW))
    return chart(
        *pictures,
        name=name,
        title=title,
        finding=finding,
        csv_url=csv_url,
        heads=[head or "Name", title],
        rows=[[(bar.label, ""), (text, bar.url)] for bar, text in zip(bars, shown, strict=True)],
    )


@printed_once(register, "components/charts/chart.html")
def column_chart(
    bars: Sequence[Any],
    *,
    title: str,
    finding: str,
    name: str,
    head: str = "",
    target: float | None = None,
    target_label: str = "Target",
    prefix: str = "",
    suffix: str = "",
    csv_url: str = "",
) -> dict[str, object]:
    """Draw standing bars, for values in the order of time, with a target if there is one."""
    shown = [written(bar.value, prefix, suffix) for bar in bars]
    goal = None if target is None else (target, target_label)
    wide = columns(bars, shown, width=WIDE, goal=goal, written=lambda v: written(v, prefix, suffix))
    narrow = rows_of_bars(bars, shown, width=NARROW, goal=goal)
    return chart(
        wide,
        narrow,
        name=name,
        title=title,
        finding=finding,
        csv_url=csv_url,
        heads=[head or "When", title],
        rows=[[(bar.label, ""), (text, bar.url)] for bar, text in zip(bars, shown, strict=True)],
    )


@printed_once(register, "components/charts/chart.html")
def line_chart(
    labels: Sequence[str],
    series: Sequence[Any],
    *,
    title: str,
    finding: str,
    name: str,
    head: str = "",
    prefix: str = "",
    suffix: str = "",
    csv_url: str = "",
) -> dict[str, object]:
    """Draw a line for each series, its name beside its end.

    Where a series has `urls`, they go on its values in the table.
    """
    pictures = (
        curves(labels, series, width=width, written=lambda v: written(v, prefix, suffix))
        for width in (WIDE, NARROW)
    )
    return chart(
        *pictures,
        name=name,
        title=title,
        finding=finding,
        csv_url=csv_url,
        heads=[head or "When", *(each.name for each in series)],
        rows=[
            [
                (label, ""),
                *(
                    (
                        written(each.values[index], prefix, suffix),
                        each.urls[index] if each.urls else "",
                    )
                    for each in series
                ),
            ]
            for index, label in enumerate(labels)
        ],
    )


def bars_on_paper(bars: Sequence[Any], *, title: str, finding: str) -> str:
    """Return lying bars as SVG for a paper, which leads nowhere."""
    plain = [Bar(bar.label, bar.value) for bar in bars]
    shown = [written(bar.value, "", "") for bar in plain]
    drawing = rows_of_bars(plain, shown, width=WIDE)
    svg = svg_of(drawing, name="paper", size="wide", title=title, finding=finding, has_links=False)
    return svg.replace('font-family="sans-serif"', f'font-family="{PAPER_FONT}"')


def chart(wide: Drawing, narrow: Drawing, **about: Any) -> dict[str, object]:
    """Return what the template prints: both pictures and all that stands around them."""
    has_links = any(mark.url for mark in wide.marks)
    pictures = [
        svg_of(
            drawing,
            name=f"{about['name']}-{size}",
            size=size,
            title=about["title"],
            finding=about["finding"],
            has_links=has_links,
        )
        for size, drawing in (("wide", wide), ("narrow", narrow))
    ]
    return {"pictures": pictures, **about}


def written(value: float | None, prefix: str, suffix: str) -> str:
    """Return `value` as it is read: 1,250 or 92.5, between its prefix and suffix."""
    if value is None:
        return "No figure"
    figure = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return f"{prefix}{figure}{suffix}"
