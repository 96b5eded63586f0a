"""Rows over time: Action Unit activity by group, the strongest events, and what could be scored."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analysis.engine.action_units import AU_INDEX, LETTER_THRESHOLDS, ActionUnit
from analysis.engine.finding_types import Activity
from analysis.engine.types import F32, U8, Exclusion
from reports.charts.canvas import Chart, Layout, clock
from reports.charts.svg import GRID, INK, MUTED, boxes, draw, text, to_markup
from reports.domain.displays import EventLine
from reports.domain.report_data import GroupReport, TrackReport
from reports.domain.span import Span
from reports.labels import unit_name, words

LEVELS = ("#eef2f5", "#d3e4ea", "#9fc9d3", "#5aa3b5", "#22748f", "#0d4564")
"""From below A to E: one hue, each step darker, so that it reads in grey as well."""
_CUTS = np.array([low for _letter, low in reversed(LETTER_THRESHOLDS)])
_NAMES = ("\N{EN DASH}", *(name for name, _low in reversed(LETTER_THRESHOLDS)))

REASONS = {
    Exclusion.NONE: "#5aa3b5",
    Exclusion.NO_FACE: "#e7ebef",
    Exclusion.FACE_TOO_SMALL: "#c9b8d8",
    Exclusion.TURNED_AWAY: "#e0a458",
    Exclusion.BLURRED: "#b98b73",
    Exclusion.TOO_DARK: "#4d5561",
    Exclusion.TOO_BRIGHT: "#f0d878",
    Exclusion.OUT_OF_PICTURE: "#8f9d6a",
    Exclusion.COVERED: "#a8413b",
    Exclusion.WITHHELD: "#2b2f36",
}
_TOP = 4
_EVENT_ROWS = 8


def levels(values: F32) -> U8:
    """0 below A to 5 for E, 255 where not scored (NaN)."""
    found = np.searchsorted(_CUTS, np.nan_to_num(values), side="right").astype(np.uint8)
    found[np.isnan(values)] = 255
    return found


def runs(codes: U8) -> list[tuple[int, int, int]]:
    """(code, first, past the last) of equal neighbours."""
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    return [(int(codes[a]), a, b) for a, b in pairwise(edges) if b > a]


def unit_label(unit: ActionUnit, layout: Layout) -> str:
    return f"{unit_name(unit)}  {unit.number}" if layout.names else str(unit.number)


def activity_chart(
    group: GroupReport, activity: Activity, span: Span, layout: Layout, *, key: str
) -> SafeString:
    """A heat strip for each scored Action Unit of the group."""
    units = [finding.unit for finding in group.findings]
    bottom = _TOP + len(units) * layout.row
    chart = Chart(
        layout, bottom + layout.font * 4.2, span, key=key,
        title=_("%(group)s: Action Unit activity over time") % {"group": words("group", group.group)},
        description=describe_group(group),
    )  # fmt: skip
    chart.time_axis(_TOP, bottom)
    filled: dict[int, list[tuple[float, float, float, float]]] = {}
    for place, unit in enumerate(units):
        y = _TOP + place * layout.row
        chart.row_label(unit_label(unit, layout), y + layout.row / 2)
        for level, first, past in runs(levels(activity.intensity[AU_INDEX[unit.number]])):
            start = chart.x(activity.start + first * activity.bin_seconds)
            stop = chart.x(activity.start + past * activity.bin_seconds)
            filled.setdefault(level, []).append((start, y + 1, stop - start, layout.row - 2))
    filled.pop(255, None)
    for level, places in sorted(filled.items()):
        draw(chart.root, "path", d=boxes(places), fill=LEVELS[level], class_=f"chart-level-{level}")
    _level_legend(chart, bottom + layout.font * 2.6)
    return to_markup(chart.root)


def describe_group(group: GroupReport) -> str:
    """The figures behind the strips."""
    parts = [
        _("AU%(number)d %(name)s: mean %(mean).1f, present in %(share)d %% of scored frames")
        % {
            "number": finding.unit.number,
            "name": unit_name(finding.unit),
            "mean": finding.mean.value,
            "share": round(finding.present_share * 100),
        }
        for finding in group.findings
    ]
    return "; ".join(parts) + "."


def _level_legend(chart: Chart, y: float) -> None:
    size = chart.layout.font
    x = chart.left
    for level, name in enumerate(_NAMES):
        draw(
            chart.root, "rect", x=x, y=y, width=size * 1.6, height=size, fill=LEVELS[level],
            class_=f"chart-level-{level}",
        )  # fmt: skip
        text(chart.root, name, x + size * 2, y + size * 0.85)
        x += size * 3.6


def strongest(track: TrackReport, most: int = _EVENT_ROWS) -> list[tuple[ActionUnit, list[EventLine]]]:
    """The Action Units with the highest peaks and their events, in order of number."""
    by_unit: dict[int, list[EventLine]] = {}
    for event in track.events:
        by_unit.setdefault(event.unit.number, []).append(event)
    ranked = sorted(
        by_unit.values(), key=lambda events: (-max(e.peak for e in events), events[0].unit.number)
    )
    chosen = sorted(ranked[:most], key=lambda events: events[0].unit.number)
    return [(events[0].unit, events) for events in chosen]


def event_chart(track: TrackReport, span: Span, layout: Layout, *, key: str) -> SafeString:
    """The strongest Action Units' events from onset to offset; the mark is the apex."""
    rows = strongest(track)
    bottom = _TOP + len(rows) * layout.row
    chart = Chart(
        layout, bottom + layout.font * 4.2, span, key=key, title=_("Events over time"),
        description=describe_events(rows),
    )  # fmt: skip
    chart.time_axis(_TOP, bottom)
    for place, (unit, events) in enumerate(rows):
        y = _TOP + place * layout.row
        chart.row_label(unit_label(unit, layout), y + layout.row / 2)
        for event in events:
            _event_bar(chart, event, y)
    _level_legend(chart, bottom + layout.font * 2.6)
    return to_markup(chart.root)


def describe_events(rows: Sequence[tuple[ActionUnit, list[EventLine]]]) -> str:
    parts = []
    for unit, events in rows:
        top = max(events, key=lambda event: event.peak)
        parts.append(
            _("AU%(number)d: %(count)d events, strongest %(code)s at %(when)s")
            % {"number": unit.number, "count": len(events), "code": top.code, "when": clock(top.apex)}
        )
    return "; ".join(parts) + "."


def _event_bar(chart: Chart, event: EventLine, y: float) -> None:
    level = int(levels(np.array([event.peak], np.float32))[0])
    start, stop = chart.x(event.onset), chart.x(event.offset)
    height = chart.layout.row - 4
    draw(
        chart.root, "rect", x=start, y=y + 2, width=max(stop - start, 1.2), height=height, rx=1.5,
        fill=LEVELS[level], class_=f"chart-level-{level}",
    )  # fmt: skip
    apex = chart.x(event.apex)
    draw(
        chart.root, "line", x1=apex, x2=apex, y1=y + 1, y2=y + height + 3, stroke=INK, stroke_width=1,
        class_="chart-apex",
    )  # fmt: skip


def coverage_chart(track: TrackReport, span: Span, layout: Layout, *, key: str) -> SafeString:
    """One strip over the recording: scored, or the reason why not."""
    codes = track.coverage
    if codes is None:
        return SafeString("")
    row = layout.row * 1.6
    shown = sorted({int(code) for code in codes})
    legend = _TOP + row + layout.font * 2.8
    per_line = 3 if layout.names else 1
    lines = -(-len(shown) // per_line)
    chart = Chart(
        layout, legend + lines * layout.font * 1.7, span, key=key, left=16, title=_("What could be scored"),
        description=describe_coverage(track),
    )  # fmt: skip
    chart.time_axis(_TOP, _TOP + row)
    width = span.seconds / len(codes)
    for code, first, past in runs(codes):
        start, stop = chart.x(span.start + first * width), chart.x(span.start + past * width)
        draw(
            chart.root, "rect", x=start, y=_TOP, width=stop - start, height=row,
            fill=REASONS[Exclusion(code)], class_=f"chart-reason-{code}",
        )  # fmt: skip
    _reason_legend(chart, shown, legend, per_line)
    return to_markup(chart.root)


def describe_coverage(track: TrackReport) -> str:
    quality = track.quality
    parts = [
        _("%(scored)d of %(frames)d frames scored")
        % {"scored": quality.scored_frames, "frames": quality.frames}
    ]
    parts += [f"{words('exclusion', count.code)}: {count.frames}" for count in quality.excluded]
    return "; ".join(parts) + "."


def _reason_legend(chart: Chart, shown: Sequence[int], top: float, per_line: int) -> None:
    size = chart.layout.font
    column = (chart.right - chart.left) / per_line
    for place, code in enumerate(shown):
        x = chart.left + place % per_line * column
        y = top + place // per_line * size * 1.7
        reason = Exclusion(code)
        draw(
            chart.root, "rect", x=x, y=y, width=size, height=size, rx=2, fill=REASONS[reason], stroke=GRID,
            stroke_width=0.7, class_=f"chart-reason-{code}",
        )  # fmt: skip
        text(chart.root, words("exclusion", reason.code), x + size * 1.5, y + size * 0.86, fill=MUTED)
