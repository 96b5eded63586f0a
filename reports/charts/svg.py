"""The few SVG elements the charts are made of."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString, mark_safe

Point = tuple[float, float]
Value = str | float | int

INK = "#0d2230"
MUTED = "#566a76"
GRID = "#d3dde2"
PAPER = "#ffffff"
FONT = "EchoSans, sans-serif"


def number(value: Value) -> str:
    """A coordinate in at most two decimals, without trailing zeros."""
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def draw(parent: ET.Element, tag: str, **attributes: Value) -> ET.Element:
    """A child element; `stroke_width` becomes `stroke-width`, `class_` becomes `class`."""
    named = {key.rstrip("_").replace("_", "-"): number(value) for key, value in attributes.items()}
    return ET.SubElement(parent, tag, named)


def text(parent: ET.Element, words: str, x: float, y: float, **attributes: Value) -> ET.Element:
    """Words at a point; muted ink unless told otherwise."""
    options: dict[str, Value] = {"fill": MUTED, "class_": "chart-label", **attributes}
    element = draw(parent, "text", x=x, y=y, **options)
    element.text = words
    return element


def polyline(points: Iterable[Point]) -> str:
    """The `points` attribute."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def boxes(rectangles: Iterable[tuple[float, float, float, float]]) -> str:
    """The `d` of one path that fills many rectangles (x, y, width, height)."""
    parts = (f"M{number(x)} {number(y)}h{number(w)}v{number(h)}h{number(-w)}z" for x, y, w, h in rectangles)
    return "".join(parts)


def to_markup(root: ET.Element) -> SafeString:
    """The drawing as markup; ElementTree has escaped every text and attribute."""
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308
