"""A chart's ground: size, time axis, title and description for those who cannot see it."""

import math
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from reports.charts.svg import FONT, GRID, INK, draw, text
from reports.domain.span import Span

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


@dataclass(frozen=True, slots=True)
class Layout:
    """Units of the drawing, one of which is a CSS pixel where it is shown at its own size."""

    name: str
    width: float
    left: float
    """Room for the labels of rows and of the value axis."""
    right: float
    ticks: int
    """At most so many on the time axis."""
    font: float
    names: bool
    """Whether an Action Unit's name has room beside its number."""
    row: float
    """Height of one row of a strip chart."""


WIDE = Layout("wide", 720, 168, 12, 9, 11, True, 15)
NARROW = Layout("narrow", 340, 44, 8, 5, 11, False, 17)
PRINT = Layout("print", 660, 150, 8, 9, 9.5, True, 12.5)
LAYOUTS = (WIDE, NARROW)
"""Those of the page: the style sheet shows one of them."""


def clock(seconds: float) -> str:
    """m:ss, or h:mm:ss from an hour on."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def tick_step(span: float, most: int) -> int:
    """The smallest round step in seconds that needs at most `most` ticks."""
    return next((step for step in _STEPS if span / step + 1 <= most), _STEPS[-1])


class Chart:
    """An SVG under way: `x(seconds)` maps time into the plot, rows go down from `top`."""

    def __init__(
        self,
        layout: Layout,
        height: float,
        span: Span,
        *,
        key: str,
        title: str,
        description: str,
        left: float | None = None,
    ) -> None:
        self.layout, self.height = layout, height
        self.span = span
        self.left = layout.left if left is None else left
        self.right = layout.width - layout.right
        self.root = self._root(key, title, description)

    def _root(self, key: str, title: str, description: str) -> ET.Element:
        name = f"{key}-{self.layout.name}"
        size = (self.layout.width, self.height)
        root = ET.Element(
            "svg",
            {
                "xmlns": SVG_NAMESPACE,
                "viewBox": f"0 0 {size[0]:g} {size[1]:g}",
                "width": f"{size[0]:g}",
                "height": f"{size[1]:g}",
                "class": f"chart chart-{self.layout.name}",
                "role": "img",
                "aria-labelledby": f"{name}-title {name}-desc",
                "font-family": FONT,
                "font-size": f"{self.layout.font:g}",
            },
        )
        draw(root, "title", id=f"{name}-title").text = title
        draw(root, "desc", id=f"{name}-desc").text = description
        return root

    def x(self, seconds: float) -> float:
        return self.left + self.span.share(seconds) * (self.right - self.left)

    def time_axis(self, top: float, bottom: float) -> None:
        """Vertical grid lines from `top` to `bottom`, the times below."""
        step = tick_step(self.span.seconds, self.layout.ticks)
        first = math.ceil(self.span.start / step) * step
        for second in range(first, math.floor(self.span.end) + 1, step):
            x = self.x(second)
            draw(
                self.root, "line", x1=x, x2=x, y1=top, y2=bottom, stroke=GRID, stroke_width=0.7,
                class_="chart-grid",
            )  # fmt: skip
            text(
                self.root, clock(second), x, bottom + self.layout.font + 4, text_anchor="middle",
                class_="chart-tick",
            )  # fmt: skip

    def row_label(self, words: str, middle: float, *, strong: bool = False) -> None:
        """A label left of the plot, at the height of a row's middle."""
        text(
            self.root, words, self.left - 8, middle + self.layout.font * 0.35, text_anchor="end",
            fill=INK, class_="chart-name", font_weight="600" if strong else "400",
        )  # fmt: skip
