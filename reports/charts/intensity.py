"""Intensities of 0 to 5 on one scale: what was measured, its interval, and what was posed."""

from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString

from analysis.engine.action_units import LETTER_THRESHOLDS, stretches
from reports.charts.canvas import SVG_NAMESPACE
from reports.charts.svg import GRID, INK, draw, text, to_markup

MOST = 5.0
WIDTH = 240.0
_HEIGHT = 18.0
_EDGE = 7.0
"""Room at both ends, so that a mark at 0 or 5 is whole."""
_RULE = 4.0
_DIAMOND = 6.0
"""Half of its width."""
COLOUR = "#0b5c85"


def mark(measured: float, low: float, high: float, posed: float) -> SafeString:
    """The interval as a band, the measured value as a dot in it, and the posed one as an open diamond."""
    root = _root(_HEIGHT, "intensity")
    _letters(root, 2, _HEIGHT - 2)
    centre = _HEIGHT / 2
    draw(root, "line", x1=x_of(0), x2=x_of(MOST), y1=centre, y2=centre, stroke=GRID, class_="intensity__rule")
    _band(root, low, high, centre)
    _dot(root, x_of(measured), centre)
    _diamond(root, x_of(posed), centre)
    return to_markup(root)


def axis() -> SafeString:
    """The letters A to E over the stretch of the scale that each of them names."""
    root = _root(_HEIGHT, "intensity intensity--axis")
    _letters(root, _HEIGHT - 5, _HEIGHT)
    for name, start, end in stretches(LETTER_THRESHOLDS, MOST):
        text(root, name, x_of((start + end) / 2), 10, text_anchor="middle", font_size=11)
    return to_markup(root)


def sign(kind: str) -> SafeString:
    """The mark of `measured`, `interval` or `posed` alone, for a legend."""
    root = _root(_HEIGHT, "intensity intensity--sign", 24)
    centre = _HEIGHT / 2
    if kind == "measured":
        _dot(root, 12, centre)
    elif kind == "posed":
        _diamond(root, 12, centre)
    else:
        _band_between(root, 2, 22, centre)
    return to_markup(root)


def x_of(intensity: float) -> float:
    """Where an intensity stands in a drawing that is `WIDTH` wide."""
    return _EDGE + intensity / MOST * (WIDTH - 2 * _EDGE)


def _letters(root: ET.Element, top: float, bottom: float) -> None:
    for _name, low, _end in stretches(LETTER_THRESHOLDS, MOST):
        x = x_of(low)
        draw(root, "line", x1=x, x2=x, y1=top, y2=bottom, stroke=GRID, class_="intensity__tick")


def _band(root: ET.Element, low: float, high: float, centre: float) -> None:
    _band_between(root, x_of(low), x_of(high), centre)


def _band_between(root: ET.Element, left: float, right: float, centre: float) -> None:
    draw(
        root, "rect", x=left, y=centre - _RULE, width=right - left, height=2 * _RULE, fill=COLOUR,
        fill_opacity="0.28", class_="intensity__band",
    )  # fmt: skip


def _dot(root: ET.Element, x: float, centre: float) -> None:
    draw(root, "circle", cx=x, cy=centre, r=_RULE, fill=COLOUR, class_="intensity__dot")


def _diamond(root: ET.Element, x: float, centre: float) -> None:
    side = f"{_DIAMOND:g}"
    path = f"M{x:.2f} {centre - _DIAMOND:.2f}l{side} {side}l-{side} {side}l-{side} -{side}z"
    draw(root, "path", d=path, fill="none", stroke=INK, stroke_width=1.5, class_="intensity__posed")


def _root(height: float, name: str, width: float = WIDTH) -> ET.Element:
    return ET.Element(
        "svg",
        {
            "xmlns": SVG_NAMESPACE,
            "viewBox": f"0 0 {width:g} {height:g}",
            "class": name,
            "aria-hidden": "true",
            "focusable": "false",
        },
    )
