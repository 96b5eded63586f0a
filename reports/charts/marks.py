"""Small drawings beside a number that says the same; readers of the page's words miss nothing."""

from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString

from analysis.engine.types import Interval
from reports.charts.canvas import SVG_NAMESPACE
from reports.charts.signals import COLOURS
from reports.charts.svg import GRID, INK, MUTED, draw, to_markup

_GAUGE = (200.0, 18.0)
_BAR = (84.0, 9.0)
_SIDES = (56.0, 9.0)
SIDE = "#22748f"
FIT = "#7a46b3"


def gauge(key: str, value: Interval) -> SafeString:
    """A value of 0 to 100 on its scale, the 95 % interval as a band, 50 marked."""
    return _scale(value, COLOURS[key], f"chart-{key}", middle=True)


def fit_scale(value: Interval) -> SafeString:
    """A fit of 0 to 100 on its scale, the 95 % interval as a band."""
    return _scale(value, FIT, "chart-fit", middle=False)


def _scale(value: Interval, colour: str, name: str, *, middle: bool) -> SafeString:
    width, height = _GAUGE
    centre = height / 2

    def x(points: float) -> float:
        return 4 + points / 100 * (width - 8)

    root = _root(width, height, "mark-gauge")
    draw(
        root, "line", x1=x(0), x2=x(100), y1=centre, y2=centre, stroke=GRID, stroke_width=3,
        stroke_linecap="round", class_="chart-grid",
    )  # fmt: skip
    draw(
        root, "line", x1=x(value.low), x2=x(value.high), y1=centre, y2=centre, stroke=colour,
        stroke_width=7, stroke_opacity="0.35", stroke_linecap="butt", class_=f"chart-line {name}",
    )  # fmt: skip
    if middle:
        draw(
            root, "line", x1=x(50), x2=x(50), y1=1, y2=height - 1, stroke=MUTED, stroke_width=1,
            class_="chart-middle",
        )  # fmt: skip
    dot = {"cx": x(value.value), "cy": centre, "r": 4.2}
    draw(root, "circle", **dot, fill=colour, class_=f"chart-dot {name}")
    return to_markup(root)


def moved_bar(key: str, moved: float, most: float) -> SafeString:
    """A bar from the middle to the right (raising) or left (lowering); `most` fills half of the width."""
    width, height = _BAR
    middle = width / 2
    length = min(abs(moved) / most, 1.0) * middle if most else 0.0
    root = _root(width, height, "mark-moved")
    draw(
        root, "rect", x=middle if moved > 0 else middle - length, y=1, width=length, height=height - 2,
        fill=COLOURS[key], class_=f"chart-dot chart-{key}",
    )  # fmt: skip
    draw(
        root, "line", x1=middle, x2=middle, y1=0, y2=height, stroke=INK, stroke_width=0.8, class_="chart-apex"
    )
    return to_markup(root)


def sides(left: float, right: float, most: float) -> SafeString:
    """Bars from the middle to the left and right, as long as each side's mean; `most` fills a half."""
    width, height = _SIDES
    middle = width / 2
    root = _root(width, height, "mark-sides")
    for value, sign in ((left, -1), (right, 1)):
        length = min(max(value, 0.0) / most, 1.0) * middle if most > 0 else 0.0
        draw(
            root, "rect", x=middle - length if sign < 0 else middle, y=1.5, width=length, height=height - 3,
            fill=SIDE, class_="chart-side",
        )  # fmt: skip
    draw(
        root, "line", x1=middle, x2=middle, y1=0, y2=height, stroke=MUTED, stroke_width=0.8,
        class_="chart-middle",
    )  # fmt: skip
    return to_markup(root)


def _root(width: float, height: float, name: str) -> ET.Element:
    return ET.Element(
        "svg",
        {
            "xmlns": SVG_NAMESPACE,
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "class": f"mark {name}",
            "aria-hidden": "true",
            "focusable": "false",
        },
    )
