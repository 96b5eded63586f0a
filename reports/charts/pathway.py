"""The way of a recording as one drawing: steps in a row or a column, and a bar for each thing's life."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString

from reports.charts.canvas import SVG_NAMESPACE
from reports.charts.svg import GRID, INK, MUTED, PAPER, draw, text, to_markup
from reports.domain.site.how import LIVES, STEPS, Life, Step, index_of

COLOUR = "#0b5c85"
_RADIUS = 15.0
_BAR = 9.0
_GUTTER = 134.0
"""Where the words beside a wide drawing end."""
_SMALL = 12.0
"""Least size of words; a wide drawing is shown pixel for pixel."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where things stand: `along` the way of the steps, `across` it one line for each life."""

    name: str
    width: float
    height: float
    across: bool
    """Whether the steps stand side by side."""
    first: float
    """Of the first step along the way, and from step to step."""
    pitch: float
    line: float
    """Of the steps, across the way; of the first life, and from life to life."""
    lives: float
    lives_pitch: float

    def along(self, key: str) -> float:
        return self.first + index_of(key) * self.pitch

    def point(self, along: float, across: float) -> tuple[float, float]:
        return (along, across) if self.across else (across, along)


@dataclass(frozen=True, slots=True)
class Style:
    """How lines of words are set; `pitch` from line to line."""

    name: str
    size: float
    pitch: float = 0.0
    anchor: str = "start"


WIDE = Way("pathway--wide", 1152, 438, True, first=198, pitch=91, line=34, lives=148, lives_pitch=34)
TALL = Way("pathway--tall", 328, 748, False, first=138, pitch=58, line=16, lives=196, lives_pitch=18)


def pathway() -> SafeString:
    """Both layouts; style sheets show the one that fits."""
    return SafeString(_drawn(WIDE) + _drawn(TALL))


def _drawn(way: Way) -> SafeString:
    root = ET.Element("svg", _attributes(way))
    _guides(root, way)
    for number, life in enumerate(LIVES):
        _life(root, way, life, way.lives + number * way.lives_pitch)
    start, end = (way.point(way.along(step.key), way.line) for step in (STEPS[0], STEPS[-1]))
    draw(
        root, "line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke=COLOUR, stroke_width=2,
        class_="pathway__way",
    )  # fmt: skip
    for number, step in enumerate(STEPS, 1):
        _step(root, way, step, number)
    if way.across:
        failing = Style("pathway__said", _SMALL, 15, "end")
        _lines(root, ("Said where", "it fails"), _GUTTER, way.height - 36, failing)
    return to_markup(root)


def _attributes(way: Way) -> dict[str, str]:
    return {
        "xmlns": SVG_NAMESPACE,
        "viewBox": f"0 0 {way.width:g} {way.height:g}",
        "class": f"pathway {way.name}",
        "aria-hidden": "true",
        "focusable": "false",
    }


def _guides(root: ET.Element, way: Way) -> None:
    """A thin line from each step across all lives."""
    last = way.lives + len(LIVES) * way.lives_pitch - (14 if way.across else 10)
    first = way.lives - 22 if way.across else way.lives - 10
    for step in STEPS:
        start, end = (way.point(way.along(step.key), at) for at in (first, last))
        draw(
            root, "line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke=GRID, class_="pathway__guide"
        )


def _step(root: ET.Element, way: Way, step: Step, number: int) -> None:
    x, y = way.point(way.along(step.key), way.line)
    fill = INK if step.human else PAPER
    kind = "pathway__step pathway__step--human" if step.human else "pathway__step"
    draw(root, "circle", cx=x, cy=y, r=_RADIUS, fill=fill, stroke=COLOUR, stroke_width=2, class_=kind)
    digits = "pathway__number pathway__number--human" if step.human else "pathway__number"
    text(
        root, str(number), x, y + 4.5, text_anchor="middle", font_size=13, font_weight=640,
        fill=PAPER if step.human else INK, class_=digits,
    )  # fmt: skip
    if step.human and way.across:
        text(root, "a person", x, 10, text_anchor="middle", font_size=_SMALL, class_="pathway__said")
    _names(root, way, step, x, y)


def _names(root: ET.Element, way: Way, step: Step, x: float, y: float) -> None:
    """The step's name beside it, and what it says where it fails."""
    if way.across:
        _lines(root, step.lines, x, y + 36, Style("pathway__name", 13, 16, "middle"))
        _lines(root, step.said, x, way.height - 36, Style("pathway__said", _SMALL, 15, "middle"))
        return
    told = (f"{step.name} (a person)" if step.human else step.name,) if len(step.name) < 20 else step.lines
    _lines(root, told, x + 26, y - 4, Style("pathway__name", 13, 15))
    said = " ".join(step.said)
    lines = (said,) if len(said) < 22 else step.said
    _lines(root, lines, x + 26, y - 4 + 15 * len(told), Style("pathway__said", _SMALL, 14))


def _lines(root: ET.Element, lines: tuple[str, ...], x: float, y: float, style: Style) -> None:
    fill = INK if style.name == "pathway__name" else MUTED
    for number, line in enumerate(lines):
        text(
            root, line, x, y + number * style.pitch, font_size=style.size, text_anchor=style.anchor,
            fill=fill, class_=style.name,
        )  # fmt: skip


def _life(root: ET.Element, way: Way, life: Life, across: float) -> None:
    made, gone = way.along(life.made), way.along(life.gone)
    (x1, y1), (x2, y2) = way.point(made, across), way.point(gone, across)
    kind = "pathway__life" if life.erased else "pathway__life pathway__life--brief"
    draw(
        root, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=COLOUR, stroke_width=_BAR, stroke_linecap="round",
        stroke_opacity="1" if life.erased else "0.45", class_=kind,
    )  # fmt: skip
    _end(root, life, x2, y2)
    if way.across:
        _lines(root, (life.name,), _GUTTER, across + 4, Style("pathway__name", 12.5, 0, "end"))
        _lines(root, (life.why,), x2 + 16, y2 + 4, Style("pathway__said", _SMALL))
    else:
        _name_above(root, life.name, across)


def _name_above(root: ET.Element, name: str, across: float) -> None:
    """A life's name over its bar, slanted so that it stands clear of the next."""
    place = f"rotate(-68 {across + 4:g} 114)"
    text(root, name, across + 4, 114, font_size=_SMALL, transform=place, fill=INK, class_="pathway__name")


def _end(root: ET.Element, life: Life, x: float, y: float) -> None:
    """A cross where it goes with the work, a square where it goes on its due date."""
    if life.erased:
        draw(root, "rect", x=x - 7, y=y - 7, width=14, height=14, fill=INK, class_="pathway__due")
        return
    draw(
        root, "circle", cx=x, cy=y, r=8, fill=PAPER, stroke=COLOUR, stroke_width=1.5, class_="pathway__early"
    )
    cross = f"M{x - 3.5:.2f} {y - 3.5:.2f}l7 7m0 -7l-7 7"
    draw(root, "path", d=cross, stroke=INK, stroke_width=1.8, fill="none", class_="pathway__cross")
