"""`{% signal_chart %}` and its like: a chart in the layouts that its place needs."""

from collections.abc import Callable, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from analysis.engine.types import Interval
from reports.charts import displays, marks, signals, strips
from reports.charts.canvas import LAYOUTS, PRINT, Layout
from reports.domain.report_data import (
    AUFinding,
    GroupReport,
    ReportData,
    TrackReport,
)
from reports.domain.signals import ComponentReport, SignalReport

register = template.Library()


def _layouts(where: str) -> Sequence[Layout]:
    return (PRINT,) if where == "print" else LAYOUTS


def _each(where: str, chart: Callable[[Layout], SafeString]) -> SafeString:
    return mark_safe("".join(chart(layout) for layout in _layouts(where)))  # noqa: S308 - charts are safe


@register.simple_tag
def signal_chart(data: ReportData, track: TrackReport, signal: SignalReport, where: str) -> SafeString:
    key = f"signal-{track.number}-{signal.key}"
    return _each(where, lambda layout: signals.signal_chart(signal, data.span, layout, key=key))


@register.simple_tag
def activity_chart(data: ReportData, track: TrackReport, group: GroupReport, where: str) -> SafeString:
    key = f"activity-{track.number}-{group.group}"
    return _each(
        where, lambda layout: strips.activity_chart(group, track.activity, data.span, layout, key=key)
    )


@register.simple_tag
def event_chart(data: ReportData, track: TrackReport, where: str) -> SafeString:
    key = f"events-{track.number}"
    return _each(where, lambda layout: strips.event_chart(track, data.span, layout, key=key))


@register.simple_tag
def coverage_chart(data: ReportData, track: TrackReport, where: str) -> SafeString:
    key = f"coverage-{track.number}"
    return _each(where, lambda layout: strips.coverage_chart(track, data.span, layout, key=key))


@register.simple_tag
def display_chart(data: ReportData, track: TrackReport, where: str) -> SafeString:
    key = f"displays-{track.number}"
    return _each(where, lambda layout: displays.display_chart(track, data.span, layout, key=key))


@register.filter
def fit_scale(score: Interval) -> SafeString:
    return marks.fit_scale(score)


@register.filter
def gauge(signal: SignalReport) -> SafeString:
    return marks.gauge(signal.key, signal.overall) if signal.overall else SafeString("")


@register.simple_tag
def moved_bar(signal: SignalReport, part: ComponentReport) -> SafeString:
    """Bars of one signal share a scale."""
    return marks.moved_bar(signal.key, part.moved, max(abs(other.moved) for other in signal.components))


@register.simple_tag
def sides_bar(track: TrackReport, finding: AUFinding) -> SafeString:
    """Bars of one face share a scale; nothing where FACS has no sides."""
    if finding.left_mean is None or finding.right_mean is None:
        return SafeString("")
    return marks.sides(finding.left_mean, finding.right_mean, track.largest_side)


@register.filter
def signal_description(signal: SignalReport) -> str:
    return signals.describe(signal)


@register.filter
def thinned(signal: SignalReport) -> list[object]:
    """The points as drawn, for the table beside the chart."""
    return list(signals.reduce_points(signal.series, signals.MOST_POINTS))
