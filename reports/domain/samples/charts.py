"""The figures by week, drawn: bars of what was asked for and of what was delivered, beside each other."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.charts.svg import draw, text, to_markup
from reports.domain.samples.figures import Week

WIDTH, HEIGHT = 720, 200
LEFT, TOP, BOTTOM = 30, 14, 26
GAP = 0.2
"""Share of a week's room that is left free."""


def drawn(weeks: Sequence[Week]) -> SafeString:
    """The drawing; its colours are classes of `static/css/desk.css`."""
    root = ET.Element("svg", {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img"})
    title = ET.SubElement(root, "title")
    title.text = _("Requests and delivered reports by week")
    most = max((max(week.asked, week.delivered) for week in weeks), default=0) or 1
    floor = HEIGHT - BOTTOM
    for value in sorted({0, most}):
        y = floor - (floor - TOP) * value / most
        draw(root, "line", x1=LEFT, x2=WIDTH, y1=y, y2=y, class_="desk-chart__line")
        text(root, str(value), LEFT - 6, y + 4, text_anchor="end", class_="desk-chart__label", fill="")
    for number, week in enumerate(weeks):
        _bars(root, number, week, (WIDTH - LEFT) / len(weeks), most)
    return to_markup(root)


def _bars(root: ET.Element, number: int, week: Week, room: float, most: int) -> None:
    floor = HEIGHT - BOTTOM
    start, width = LEFT + room * (number + GAP / 2), room * (1 - GAP) / 2
    bars = ((week.asked, "asked"), (week.delivered, "delivered"))
    for place, (value, name) in enumerate(bars):
        high = (floor - TOP) * value / most
        x = start + width * place
        draw(root, "rect", x=x, y=floor - high, width=width, height=high, class_=f"desk-chart__{name}")
        if value and value != most:
            label = {"text_anchor": "middle", "class_": "desk-chart__label", "fill": ""}
            text(root, str(value), x + width / 2, floor - high - 3, **label)
    day = date_format(week.monday, "j M")
    middle = start + width
    text(root, day, middle, HEIGHT - 8, text_anchor="middle", class_="desk-chart__label", fill="")
