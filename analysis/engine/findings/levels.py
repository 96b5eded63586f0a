"""How strongly each row of a track shows a component of a signal, and how well that is known."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.engine.findings import motion
from analysis.engine.findings.signal_table import ComponentRule, Kind
from analysis.engine.types import F32, AUSeries, AUState, Exclusion, Rows

OWN_RANGE = 90
"""Percentile of a person's own activity in the track over which it counts as unusual."""
MOTION_SPREAD = 0.15
"""Standard deviation of the levels read from head and eyes."""


class Level(NamedTuple):
    """A component's level in n rows: each (n,) float32."""

    level: F32
    """0-1"""
    spread: F32
    """Standard deviation of the level."""
    missing: F32
    """1 where an AU of it was not scored, or is weak, and counted as not shown."""


class Track(NamedTuple):
    """What levels are read from."""

    rows: Rows
    """Without landmarks."""
    series: AUSeries
    valid: NDArray[np.bool_]
    """(n,) rows that were scored."""
    weak: frozenset[int] = frozenset()
    """AUs that count as not scored."""

    def read(self, values: F32, au: int) -> F32:
        """An AU's row of a (44, n) array of the series, 0 where it has no number or is weak."""
        if au in self.weak:
            return np.zeros(len(self.valid), dtype=np.float32)
        return np.asarray(np.nan_to_num(values[AU_INDEX[au]]))

    def missing(self, au: int) -> NDArray[np.bool_]:
        """(n,) rows in which nothing is known of the AU."""
        return np.asarray(self.series.state[AU_INDEX[au]] != AUState.SCORED) | (au in self.weak)


def level(rule: ComponentRule, track: Track) -> Level:
    if not rule.aus:
        return _motion(rule.kind, track)
    intensity = np.stack([track.read(track.series.intensity, au) for au in rule.aus])
    spread = np.stack([track.read(track.series.spread, au) for au in rule.aus])
    shown, deviation = _READ[rule.kind](rule, track, intensity, spread)
    span = rule.full - rule.floor
    missing = np.any([track.missing(au) for au in rule.aus], axis=0)
    return Level(
        np.clip((shown - rule.floor) / span, 0, 1).astype(np.float32),
        (deviation / span).astype(np.float32),
        missing.astype(np.float32),
    )


_Read = Callable[[ComponentRule, Track, F32, F32], tuple[F32, F32]]


def _strongest(_rule: ComponentRule, _track: Track, intensity: F32, spread: F32) -> tuple[F32, F32]:
    return intensity.max(axis=0), spread.max(axis=0)


def _together(_rule: ComponentRule, _track: Track, intensity: F32, spread: F32) -> tuple[F32, F32]:
    return intensity.min(axis=0), spread.max(axis=0)


def _against(_rule: ComponentRule, _track: Track, intensity: F32, spread: F32) -> tuple[F32, F32]:
    return np.minimum(intensity[0], intensity[1:].max(axis=0)), spread.max(axis=0)


def _sides(rule: ComponentRule, track: Track) -> tuple[F32, F32]:
    left, right = track.series.left, track.series.right
    return (
        np.stack([track.read(left, au) for au in rule.aus]),
        np.stack([track.read(right, au) for au in rule.aus]),
    )


def _uneven(rule: ComponentRule, track: Track, _intensity: F32, spread: F32) -> tuple[F32, F32]:
    left, right = _sides(rule, track)
    return np.abs(left - right).max(axis=0), spread.max(axis=0) * np.float32(np.sqrt(2))


def _even(rule: ComponentRule, track: Track, _intensity: F32, spread: F32) -> tuple[F32, F32]:
    left, right = _sides(rule, track)
    return np.minimum(left, right).max(axis=0), spread.max(axis=0)


def _unusual(_rule: ComponentRule, track: Track, intensity: F32, spread: F32) -> tuple[F32, F32]:
    """Over the person's own upper range, in points a unit that is usually shown at B."""
    total = intensity.sum(axis=0)
    if not track.valid.any():
        return total, spread.max(axis=0)
    upper = max(float(np.percentile(total[track.valid], OWN_RANGE)), PRESENT_FROM)
    return (total - upper) * np.float32(PRESENT_FROM / upper), spread.max(axis=0)


_READ: dict[Kind, _Read] = {
    Kind.STRONGEST: _strongest,
    Kind.TOGETHER: _together,
    Kind.AGAINST: _against,
    Kind.UNEVEN: _uneven,
    Kind.EVEN: _even,
    Kind.UNUSUAL: _unusual,
}


def _motion(kind: Kind, track: Track) -> Level:
    rows, n = track.rows, len(track.rows.time)
    if kind is Kind.LOOKING_AWAY:
        shut = np.maximum(track.read(track.series.intensity, 43), track.read(track.series.intensity, 45))
        found = motion.looking_away(rows.pose, rows.gaze, track.valid & (shut < PRESENT_FROM))
    else:
        axis = 1 if kind is Kind.NODDING else 0
        found = motion.swings(rows.pose[:, axis], rows.time, track.valid)
    return Level(
        found.astype(np.float32), np.full(n, MOTION_SPREAD, np.float32), np.zeros(n, dtype=np.float32)
    )


def valid_rows(rows: Rows) -> NDArray[np.bool_]:
    return np.asarray(rows.excluded == Exclusion.NONE)
