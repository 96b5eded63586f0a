"""One signal over time: its value, its 95 % band, the line of the neutral face at 50."""

from collections.abc import Sequence

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analysis.engine.finding_types import SignalPoint
from reports.charts.canvas import Chart, Layout, clock
from reports.charts.svg import GRID, INK, MUTED, Point, draw, polyline, text, to_markup
from reports.domain.signals import SignalReport
from reports.domain.span import Span
from reports.labels import words

COLOURS = {"trust": "#0b66a0", "credibility": "#1b7a62", "resistance": "#b04a12"}
MOST_POINTS = 300
PLOT_HEIGHT = {"wide": 170, "narrow": 150, "print": 128}
_TOP = 8


def signal_chart(signal: SignalReport, span: Span, layout: Layout, *, key: str) -> SafeString:
    """The drawing over `span`; `key` makes the ids of one page differ."""
    height = PLOT_HEIGHT[layout.name]
    left = 34.0
    chart = Chart(
        layout, height + _TOP + layout.font * 2, span, key=key, left=left,
        title=_("%(signal)s over time") % {"signal": words("signal", signal.key)},
        description=describe(signal),
    )  # fmt: skip
    chart.time_axis(_TOP, _TOP + height)
    _value_axis(chart, height)
    for stretch in stretches(reduce_points(signal.series, MOST_POINTS)):
        _stretch(chart, signal.key, stretch, height)
    _calibrated(chart, signal, height)
    return to_markup(chart.root)


def describe(signal: SignalReport) -> str:
    """The chart in a sentence with its figures."""
    if signal.overall is None or signal.lowest is None or signal.highest is None:
        return _("Not enough to score.")
    return _(
        "Over the recording %(value)d, 95 %% interval %(low)d to %(high)d. "
        "Lowest %(lowest)d at %(when_low)s, highest %(highest)d at %(when_high)s."
    ) % {
        "value": round(signal.overall.value),
        "low": round(signal.overall.low),
        "high": round(signal.overall.high),
        "lowest": round(signal.lowest.value),
        "when_low": clock(signal.lowest.time),
        "highest": round(signal.highest.value),
        "when_high": clock(signal.highest.time),
    }


def step_of(series: Sequence[SignalPoint]) -> float:
    """Usual distance of two points in seconds; 0 for fewer than two."""
    times = [point.time for point in series]
    return float(np.median(np.diff(times))) if len(times) > 1 else 0.0


def stretches(series: Sequence[SignalPoint]) -> list[list[SignalPoint]]:
    """Points without a gap between them: a distance over one and a half steps is a gap."""
    limit = 1.5 * step_of(series)
    parts: list[list[SignalPoint]] = []
    for point in series:
        if not parts or point.time - parts[-1][-1].time > limit:
            parts.append([])
        parts[-1].append(point)
    return parts


def reduce_points(series: Sequence[SignalPoint], most: int) -> list[SignalPoint]:
    """At most about `most` points: the means of as many equal windows of time, gaps kept."""
    if len(series) <= most:
        return list(series)
    width = (series[-1].time - series[0].time) / most
    windows: dict[int, list[SignalPoint]] = {}
    for point in series:
        windows.setdefault(int((point.time - series[0].time) / width), []).append(point)
    return [
        SignalPoint(
            series[0].time + (window + 0.5) * width,
            *(
                float(np.mean([getattr(point, name) for point in points]))
                for name in ("value", "low", "high")
            ),
        )
        for window, points in sorted(windows.items())
    ]


def _y(value: float, height: float) -> float:
    return _TOP + (1 - min(max(value, 0.0), 100.0) / 100) * height


def _value_axis(chart: Chart, height: float) -> None:
    for value in (0, 25, 50, 75, 100):
        y = _y(value, height)
        middle = value == 50
        line = draw(
            chart.root, "line", x1=chart.left, x2=chart.right, y1=y, y2=y,
            stroke=MUTED if middle else GRID, stroke_width=1 if middle else 0.7,
            class_="chart-middle" if middle else "chart-grid",
        )  # fmt: skip
        if middle:
            line.set("stroke-dasharray", "4 3")
        text(
            chart.root, str(value), chart.left - 7, y + chart.layout.font * 0.35, text_anchor="end",
            class_="chart-tick",
        )  # fmt: skip


def _stretch(chart: Chart, key: str, points: list[SignalPoint], height: float) -> None:
    colour = COLOURS[key]
    places: list[Point] = [(chart.x(point.time), _y(point.value, height)) for point in points]
    if len(points) == 1:
        _lone(chart, key, points[0], height)
        return
    upper = [(chart.x(point.time), _y(point.high, height)) for point in points]
    lower = [(chart.x(point.time), _y(point.low, height)) for point in reversed(points)]
    draw(
        chart.root, "polygon", points=polyline(upper + lower), fill=colour, fill_opacity="0.17",
        class_=f"chart-band chart-{key}",
    )  # fmt: skip
    draw(
        chart.root, "polyline", points=polyline(places), fill="none", stroke=colour, stroke_width=1.8,
        stroke_linejoin="round", stroke_linecap="round", class_=f"chart-line chart-{key}",
    )  # fmt: skip


def _calibrated(chart: Chart, signal: SignalReport, height: float) -> None:
    """The values for the declared cohort, dashed and without a band of their own."""
    for points in stretches(reduce_points(signal.calibrated_series, MOST_POINTS)):
        places: list[Point] = [(chart.x(point.time), _y(point.value, height)) for point in points]
        draw(
            chart.root, "polyline", points=polyline(places), fill="none", stroke=INK, stroke_width=1.2,
            stroke_dasharray="5 3", class_="chart-calibrated",
        )  # fmt: skip


def _lone(chart: Chart, key: str, point: SignalPoint, height: float) -> None:
    x = chart.x(point.time)
    draw(
        chart.root, "line", x1=x, x2=x, y1=_y(point.low, height), y2=_y(point.high, height),
        stroke=COLOURS[key], stroke_width=2, stroke_opacity="0.35", class_=f"chart-line chart-{key}",
    )  # fmt: skip
    draw(
        chart.root, "circle", cx=x, cy=_y(point.value, height), r=2.4, fill=COLOURS[key],
        class_=f"chart-dot chart-{key}",
    )  # fmt: skip
