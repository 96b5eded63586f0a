"""Trust Score, Credibility Signal and Resistance Indicator, over time and for a track.

A value each second, from the five seconds around it; for the track, the mean over its scored time. The 95 %
interval of a value rests on the spread of its Action Units, followed through the table, and for the track on
other stretches that might have been recorded (a block bootstrap); `reliability` makes bounds of that. Units
that were not scored, or are weak, count as not shown, and all that they could have moved is added. A face
that shows next to nothing says little, so there the interval is not narrower than `LEAST`.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.finding_types import Component, OwnRange, Signal, SignalPoint
from analysis.engine.findings import bootstrap, reliability
from analysis.engine.findings.cohorts import Cohort
from analysis.engine.findings.levels import MOTION_SPREAD, Level, Track, level, valid_rows
from analysis.engine.findings.moments import moments
from analysis.engine.findings.own_range import of_track
from analysis.engine.findings.quality import ENOUGH_SECONDS
from analysis.engine.findings.signal_table import SIGNALS, ComponentRule, Kind
from analysis.engine.findings.summary import SHARED
from analysis.engine.findings.windows import Windows
from analysis.engine.types import F64, AUSeries, Interval, Rows

MIDDLE = 50.0
LEAST = 12.5
"""Points that the interval of a face that shows nothing reaches to either side at least: the product's own
choice. It gives way in proportion to what is shown."""
ENOUGH = 2.0
"""Points that components must have moved a value by, up and down together, for nothing to be left of that."""

_BOTH_SIDES = ((1.0, 1.0),)
_EACH_SIDE = (*_BOTH_SIDES, (0.5**0.5, -(0.5**0.5)))
_OF_SIDES = {Kind.EVEN, Kind.UNEVEN}

Rules = tuple[ComponentRule, ...]


class _Reading(NamedTuple):
    """A signal in w windows and, last, in the whole track."""

    levels: list[Level]
    """One a component, of n rows."""
    mean: F64
    """(components, w + 1)"""
    value: F64
    """(w + 1,)"""
    deviation: F64
    """(w + 1,) points; that of the whole with what other stretches might have given."""
    below: F64
    """(w + 1,) points by which what is not known could have lowered the value."""
    above: F64
    cohort: F64 | None = None
    """(w + 1,) points, the standard deviation that is added by what is not known of the cohort, if there is
    one."""


def describe_signals(
    rows: Rows,
    series: AUSeries,
    weak: frozenset[int] = frozenset(),
    own_range: OwnRange | None = None,
    cohort: Cohort | None = None,
) -> tuple[Signal, ...]:
    """All three, of a track's n rows (landmarks are not looked at), in the order of the table.

    `own_range` is the person's range and usual direction; what it does not hold is read from these rows.
    With a cohort the values are also given as calibrated to it.
    """
    valid = valid_rows(rows)
    windows = Windows.of(rows, valid) if len(rows.time) else None
    if windows is None or windows.weight.sum() < ENOUGH_SECONDS:
        return tuple(Signal(key, None, (), ()) for key in SIGNALS)
    own = own_range or of_track(rows, series, weak=weak)
    track = Track(rows, series, valid, weak, _upper(own), own.usual if own else None)
    return tuple(_signal(key, rules, track, windows, cohort) for key, rules in SIGNALS.items())


def _upper(own: OwnRange | None) -> dict[int, float]:
    if own is None:
        return {}
    known = zip(AU_NUMBERS, own.high.tolist(), strict=True)
    return {au: high for au, high in known if math.isfinite(high)}


def _signal(key: str, rules: Rules, track: Track, windows: Windows, cohort: Cohort | None) -> Signal:
    reading = _read(rules, track, windows)
    overall, series = _told(key, rules, reading, windows)
    signal = Signal(key, overall, series, _components(rules, reading, track, windows))
    if cohort is None:
        return signal
    overall, series = _told(key, rules, _calibrated(rules, track, windows, cohort), windows)
    return replace(signal, calibrated=overall, calibrated_series=series)


def _read(rules: Rules, track: Track, windows: Windows) -> _Reading:
    levels = [level(rule, track) for rule in rules]
    mean = np.stack([windows.mean(found.level) for found in levels])
    room = np.stack(
        [windows.mean(one.missing * (rule.cap - one.level)) for rule, one in zip(rules, levels, strict=True)]
    )
    points = np.array([rule.points for rule in rules])
    deviation = _deviation(rules, track, levels, windows)
    deviation[-1] = np.hypot(deviation[-1], _sampling(points, levels, windows))
    return _Reading(
        levels,
        mean,
        MIDDLE + points @ mean,
        deviation,
        below=np.maximum(-points, 0) @ room,
        above=np.maximum(points, 0) @ room,
    )


def _sampling(points: F64, levels: list[Level], windows: Windows) -> float:
    course = MIDDLE + sum(
        (point * found.level for point, found in zip(points, levels, strict=True)), np.zeros(1)
    )
    sums, seconds = windows.blocks(course)
    return float(bootstrap.deviation(sums[:, None], seconds)[0])


def _deviation(rules: Rules, track: Track, levels: list[Level], windows: Windows) -> F64:
    """(w + 1,) what the errors of Action Units, and of pose and gaze, make of each value.

    Each unit is taken to err the same way throughout a window by `SHARED` of its spread, and units to err
    apart from each other.
    """
    variance = np.zeros(len(windows.time) + 1)
    for au in sorted({au for rule in rules for au in rule.aus}):
        touched = [(rule, one) for rule, one in zip(rules, levels, strict=True) if au in rule.aus]
        for sides in _EACH_SIDE if any(rule.kind in _OF_SIDES for rule, _ in touched) else _BOTH_SIDES:
            moved = (_moved(touched, track.shifted(au, s * sides[0], s * sides[1])) for s in (1, -1))
            variance += windows.mean(SHARED * np.sqrt(sum(moved) / 2)) ** 2
    for rule, found in zip(rules, levels, strict=True):
        if not rule.aus:
            variance += (rule.weight * MOTION_SPREAD * windows.mean(found.level > 0)) ** 2
    return np.asarray(np.sqrt(variance))


def _moved(touched: Iterable[tuple[ComponentRule, Level]], shifted: Track) -> F64:
    """(n,) squared points by which the components differ when read from a shifted track."""
    apart = (rule.points * (level(rule, shifted).level - found.level) for rule, found in touched)
    return np.asarray(sum(apart) ** 2)


def _calibrated(rules: Rules, track: Track, windows: Windows, cohort: Cohort) -> _Reading:
    """Read from intensities as the cohort's factors make them, with how well those are known."""
    reading = _read(rules, _as_in(cohort, rules, track), windows)
    variance = np.zeros_like(reading.value)
    for parameter in cohort.parameters:
        high, low = (
            _values(rules, _as_in(cohort.varied(parameter.group, s), rules, track), windows) for s in (1, -1)
        )
        variance += ((high - low) / 2) ** 2
    return reading._replace(cohort=np.sqrt(variance))


def _as_in(cohort: Cohort, rules: Rules, track: Track) -> Track:
    return replace(track, factors={au: cohort.factor(au) for rule in rules for au in rule.aus})


def _values(rules: Rules, track: Track, windows: Windows) -> F64:
    return np.asarray(sum(rule.points * windows.mean(level(rule, track).level) for rule in rules))


def _told(
    key: str, rules: Rules, reading: _Reading, windows: Windows
) -> tuple[Interval, tuple[SignalPoint, ...]]:
    """The whole track's value and that of each window, with their bounds."""
    shown = np.array([rule.weight for rule in rules]) @ reading.mean
    least = LEAST * np.maximum(1 - shown / ENOUGH, 0)
    low, high = np.zeros_like(least), np.zeros_like(least)
    for kind, part in (("signal_point", slice(-1)), ("signal", slice(-1, None))):
        low[part], high[part] = reliability.bounds(
            kind,
            key,
            reading.value[part],
            reading.deviation[part],
            (0.0, 100.0),
            reading.below[part],
            reading.above[part],
            least[part],
        )
    if reading.cohort is not None:
        # Bounds are fitted to errors of the measurement; what a cohort may be is no such error.
        beside = reliability.Z * reading.cohort
        low = np.maximum(reading.value - np.hypot(reading.value - low, beside), 0)
        high = np.minimum(reading.value + np.hypot(high - reading.value, beside), 100)
    bounds = zip(reading.value.tolist(), low.tolist(), high.tolist(), strict=True)
    *points, overall = (Interval(*bound) for bound in bounds)
    series = zip(windows.time.tolist(), points, strict=True)
    return overall, tuple(SignalPoint(time, one.value, one.low, one.high) for time, one in series)


def _components(rules: Rules, reading: _Reading, track: Track, windows: Windows) -> tuple[Component, ...]:
    means = reading.mean[:, -1].tolist()
    return tuple(
        Component(
            key=rule.key,
            weight=rule.weight,
            level=mean,
            moved=rule.points * mean,
            available=rule.available,
            moments=moments(rule, found.level, track.rows.time, windows.weight),
        )
        for rule, found, mean in zip(rules, reading.levels, means, strict=True)
    )
