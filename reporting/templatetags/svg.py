"""A drawing as SVG. Made as a tree of elements, which escapes whatever it is given."""

from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.safestring import SafeString

from reporting.templatetags.drawing import FONT, Area, Curve, Drawing, Mark, Stroke, Text

WHITE = "#ffffff"
BOLD = ("value", "on-bar")


def svg_of(
    drawing: Drawing, *, name: str, size: str, title: str, finding: str, has_links: bool
) -> SafeString:
    """Return the drawing as an element of the page, with its title and what it shows.

    With links it is a group of them, without it is one image. `name` is its own on the page.
    """
    high = _figure(drawing.height)
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"house-chart__picture house-chart__picture--{size}",
            "viewBox": f"0 0 {drawing.width:g} {high}",
            "width": f"{drawing.width:g}",
            "height": high,
            "role": "group" if has_links else "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "font-family": "sans-serif",
            "font-size": str(FONT),
            "focusable": "false",
        },
    )
    SubElement(svg, "title", {"id": f"{name}-title"}).text = title
    described = SubElement(svg, "desc", {"id": f"{name}-desc"})
    described.text = f"{finding} The figures are in the table below."
    for stroke in drawing.grid:
        _stroke(svg, stroke)
    for mark in drawing.marks:
        _mark(svg, mark)
    for curve in drawing.curves:
        _curve(svg, curve)
    for stroke in drawing.lines:
        _stroke(svg, stroke)
    for text in drawing.texts:
        _text(svg, text)
    return SafeString(tostring(svg, encoding="unicode"))


def _figure(length: float) -> str:
    return f"{length:.1f}"


def _rectangle(area: Area) -> dict[str, str]:
    return {
        "x": _figure(area.x),
        "y": _figure(area.y),
        "width": _figure(area.width),
        "height": _figure(area.height),
    }


def _area(parent: Element, area: Area) -> None:
    drawn = {"class": f"house-chart__{area.tone}", **_rectangle(area), "fill": area.paint}
    SubElement(parent, "rect", drawn)


def _mark(svg: Element, mark: Mark) -> None:
    parent = svg
    if mark.url:
        named = {"class": "house-chart__link", "href": mark.url, "aria-label": mark.name}
        parent = SubElement(svg, "a", named)
        target = {"class": "house-chart__target", "fill": WHITE, "fill-opacity": "0"}
        SubElement(parent, "rect", target | _rectangle(mark.target))
    for area in mark.areas:
        _area(parent, area)
    for text in mark.texts:
        _text(parent, text)


def _text(parent: Element, text: Text) -> None:
    drawn = {
        "class": f"house-chart__{text.tone}",
        "x": _figure(text.x),
        "y": _figure(text.y),
        "fill": text.paint,
    }
    if text.anchor != "start":
        drawn["text-anchor"] = text.anchor
    if text.tone in BOLD or text.tone.startswith("name-"):
        drawn["font-weight"] = "700"
    SubElement(parent, "text", drawn).text = text.words


def _stroke(svg: Element, stroke: Stroke) -> None:
    drawn = {
        "class": f"house-chart__{stroke.tone}",
        "x1": _figure(stroke.x1),
        "y1": _figure(stroke.y1),
        "x2": _figure(stroke.x2),
        "y2": _figure(stroke.y2),
        "stroke": stroke.paint,
    }
    if stroke.tone == "goal":
        drawn |= {"stroke-width": "2", "stroke-dasharray": "6 4"}
    SubElement(svg, "line", drawn)


def _curve(svg: Element, curve: Curve) -> None:
    drawn = {
        "class": f"house-chart__line house-chart__line-{curve.number}",
        "points": curve.path,
        "fill": "none",
        "stroke": curve.paint,
        "stroke-width": "2.5",
        "stroke-linejoin": "round",
    }
    if curve.dash:
        drawn["stroke-dasharray"] = curve.dash
    SubElement(svg, "polyline", drawn)
    signs = {"class": f"house-chart__sign-{curve.number}", "d": curve.signs, "fill": curve.paint}
    SubElement(svg, "path", signs)
