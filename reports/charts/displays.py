"""Smiles, combinations and movements on one time axis: when each was shown, one row a kind."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.charts.canvas import Chart, Layout
from reports.charts.svg import INK, draw, to_markup
from reports.domain.report_data import TrackReport
from reports.domain.span import Span
from reports.labels import words

COLOURS = {"smile": "#0b66a0", "state": "#7a46b3", "movement": "#1b7a62"}
_TOP = 4
NAMES = 130
"""Room that the names of rows need at least."""


@dataclass(frozen=True, slots=True)
class Bar:
    """From `start` to `end`, with a mark at `apex` where there is one; seconds."""

    start: float
    end: float
    apex: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    kind: str
    """Key of `COLOURS`."""
    name: str
    bars: tuple[Bar, ...]


def rows(track: TrackReport) -> tuple[Row, ...]:
    """Those with something to show: smiles by AU6, states in order of their first episode, movements."""
    return tuple(row for row in (*_smiles(track), *_states(track), *_movements(track)) if row.bars)


def _smiles(track: TrackReport) -> list[Row]:
    found = []
    for name, duchenne in ((_("Duchenne display"), True), (_("AU12 without AU6"), False)):
        lines = [smile for smile in track.smile_lines if smile.duchenne is duchenne]
        bars = tuple(Bar(smile.onset, smile.offset, smile.apex) for smile in lines)
        found.append(Row("smile", name, bars))
    return found


def _states(track: TrackReport) -> list[Row]:
    by_state: dict[str, list[Bar]] = {}
    for episode in track.episodes:
        by_state.setdefault(episode.state, []).append(Bar(episode.start, episode.end, episode.apex))
    names = {state: words("emotion", state) for state in by_state}
    return [Row("state", names[state], tuple(bars)) for state, bars in by_state.items()]


def _movements(track: TrackReport) -> list[Row]:
    found = []
    for kind in track.movements:
        bars = tuple(Bar(line.start, line.end) for line in kind.lines)
        found.append(Row("movement", words("movement", kind.kind), bars))
    return found


def display_chart(track: TrackReport, span: Span, layout: Layout, *, key: str) -> SafeString:
    """The drawing; empty where there is nothing to show."""
    shown = rows(track)
    if not shown:
        return SafeString("")
    bottom = _TOP + len(shown) * layout.row
    chart = Chart(
        layout, bottom + layout.font * 2.2, span, key=key, title=_("Displays over time"),
        description=describe(shown), left=max(layout.left, NAMES),
    )  # fmt: skip
    chart.time_axis(_TOP, bottom)
    for place, row in enumerate(shown):
        y = _TOP + place * layout.row
        chart.row_label(row.name, y + layout.row / 2)
        for bar in row.bars:
            _bar(chart, row.kind, bar, y)
    return to_markup(chart.root)


def describe(shown: tuple[Row, ...]) -> str:
    """How often each, and for how long in all."""
    parts = [
        _("%(name)s: %(times)s, %(seconds).1f seconds in all")
        % {
            "name": row.name,
            "times": ngettext("once", "%(count)d times", len(row.bars)) % {"count": len(row.bars)},
            "seconds": sum(bar.end - bar.start for bar in row.bars),
        }
        for row in shown
    ]
    return "; ".join(parts) + "."


def _bar(chart: Chart, kind: str, bar: Bar, y: float) -> None:
    start, stop = chart.x(bar.start), chart.x(bar.end)
    height = chart.layout.row - 5
    draw(
        chart.root, "rect", x=start, y=y + 2.5, width=max(stop - start, 1.5), height=height, rx=1.5,
        fill=COLOURS[kind], class_=f"chart-display chart-display-{kind}",
    )  # fmt: skip
    if bar.apex is not None:
        apex = chart.x(bar.apex)
        draw(
            chart.root, "line", x1=apex, x2=apex, y1=y + 1, y2=y + height + 4, stroke=INK, stroke_width=1,
            class_="chart-apex",
        )  # fmt: skip
