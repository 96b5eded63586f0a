"""Trust Score, Credibility Signal and Resistance Indicator, over time and for a track.

A value each second, from the five seconds around it; for the track, the mean of those values. The 95 %
interval of a value has four sources: the spread of the AUs, other stretches that might have been recorded
(for the track; a block bootstrap), what no measurement of these displays can be sure of (`BASE`), and AUs
that were not scored, or are weak: these count as not shown, and all that they could have moved is added.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.engine.finding_types import Component, Signal, SignalPoint
from analysis.engine.findings import bootstrap
from analysis.engine.findings.levels import Track, level, valid_rows
from analysis.engine.findings.quality import ENOUGH_SECONDS, durations
from analysis.engine.findings.reliability import Z
from analysis.engine.findings.signal_table import SIGNALS, ComponentRule
from analysis.engine.findings.summary import SHARED
from analysis.engine.types import F32, F64, AUSeries, Interval, Rows

WINDOW = 5
"""Seconds a value is read from."""
COVERED = 0.4
"""Share of a window that must be scored for it to have a value."""
MIDDLE = 50.0
BASE = 8.0
"""Standard deviation of every value, in points: the product's own choice until people rate displays."""


class _Windows(NamedTuple):
    """Components (c) of a signal in the windows (w) that have a value."""

    time: F64
    """(w,) seconds, middle."""
    level: F64
    """(c, w) capped."""
    spread: F64
    missing: F64


def describe_signals(rows: Rows, series: AUSeries, weak: frozenset[int] = frozenset()) -> tuple[Signal, ...]:
    """All three, of a track's n rows (landmarks are not looked at), in the order of the table."""
    track = Track(rows, series, valid_rows(rows), weak)
    weight = durations(rows.time) * track.valid
    if weight.sum() < ENOUGH_SECONDS:
        return tuple(Signal(key, None, (), ()) for key in SIGNALS)
    return tuple(_signal(key, rules, track, weight) for key, rules in SIGNALS.items())


def _signal(key: str, rules: tuple[ComponentRule, ...], track: Track, weight: F64) -> Signal:
    windows = _windows(rules, track, weight)
    signs = np.array([rule.direction * rule.weight for rule in rules])
    values = MIDDLE + signs @ windows.level
    wide = Z * np.sqrt(BASE**2 + (signs**2) @ (SHARED * windows.spread) ** 2)
    down, up = _open(rules, windows)
    series = tuple(
        SignalPoint(*point)
        for point in zip(
            windows.time.tolist(),
            values.tolist(),
            np.maximum(values - wide - down, 0).tolist(),
            np.minimum(values + wide + up, 100).tolist(),
            strict=True,
        )
    )
    return Signal(key, _overall(values, wide, down, up), series, _components(rules, windows))


def _open(rules: tuple[ComponentRule, ...], windows: _Windows) -> tuple[F64, F64]:
    """How far AUs that were not scored could have lowered and raised each window's value, each (w,)."""
    caps = np.array([rule.cap for rule in rules])[:, None]
    room = windows.missing * np.maximum(caps - windows.level, 0)
    sides = [np.array([rule.weight * (rule.direction == sign) for rule in rules]) for sign in (-1, 1)]
    return sides[0] @ room, sides[1] @ room


def _overall(values: F64, wide: F64, down: F64, up: F64) -> Interval:
    blocks = np.arange(len(values)) // WINDOW
    sums, counts = np.bincount(blocks, values).astype(np.float64), np.bincount(blocks).astype(np.float64)
    sampling = float(bootstrap.deviation(sums[:, None], counts)[0])
    half = float(np.hypot(wide.mean(), Z * sampling))
    value = float(values.mean())
    low, high = value - half - float(down.mean()), value + half + float(up.mean())
    return Interval(value, max(low, 0.0), min(high, 100.0))


def _components(rules: tuple[ComponentRule, ...], windows: _Windows) -> tuple[Component, ...]:
    means = windows.level.mean(axis=1).tolist()
    return tuple(
        Component(rule.key, rule.weight, mean, rule.direction * rule.weight * mean)
        for rule, mean in zip(rules, means, strict=True)
    )


def _windows(rules: tuple[ComponentRule, ...], track: Track, weight: F64) -> _Windows:
    second = (track.rows.time - track.rows.time[0]).astype(np.int64)
    mass = _moving(second, weight)
    seconds_in = _moving(np.arange(len(mass)), np.ones(len(mass)))
    kept = mass >= min(COVERED, float((mass / seconds_in).max())) * seconds_in
    levels = [level(rule, track) for rule in rules]

    def mean(values: F32) -> F64:
        return np.asarray(_moving(second, weight * values)[kept] / mass[kept])

    caps = np.array([rule.cap for rule in rules])[:, None]
    return _Windows(
        time=track.rows.time[0] + np.flatnonzero(kept) + 0.5,
        level=np.minimum(np.stack([mean(found.level) for found in levels]), caps),
        spread=np.stack([mean(found.spread) for found in levels]),
        missing=np.stack([mean(found.missing) for found in levels]),
    )


def _moving(second: NDArray[np.int64], values: F64) -> F64:
    """Sums of rows' values over the `WINDOW` seconds around each second, fewer at the ends."""
    sums = np.bincount(second, values).astype(np.float64)
    moving = np.convolve(sums, np.ones(WINDOW), mode="full")
    return moving[WINDOW // 2 : WINDOW // 2 + len(sums)]
