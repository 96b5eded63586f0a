"""Intervals that hold: fitted on recordings with known truth, tested on others of other people.

The truth of a finding is the same formula on what was posed. For each quantity - an Action Unit's mean, an
emotion state's score, a signal - the fit looks for the floor and the two measures of `reliability.Fit` with
which 95 % of truths are held at the least width: bounds lie at the 2.5 and 97.5 % quantiles of how many
deviations the truth is away, taken as split conformal prediction takes them (Vovk et al. 2005), and the floor
is the one with the best interval score (Gneiting & Raftery 2007).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.engine.finding_types import TrackResult
from analysis.engine.findings import reliability
from analysis.engine.findings.reliability import ANY, Fit, Fits, between
from analysis.engine.types import F64, Interval
from analysis.training.evaluation.findings import truth
from analysis.training.evaluation.findings.recordings import Analysed, Recorded
from analysis.training.evaluation.findings.states import fit_then

POOLED = ("au", "emotion", "signal")
"""One value of each quantity a recording. Beside them there are `signal_point`, the values of single seconds,
and `episode`, the fits of all states' episodes together: each against the truth at that time."""
INSIDE, BELOW = 0.95, 0.025
"""Share of truths that intervals are made to hold, and share that may lie on either side of them."""
FEWEST = 30
"""Cases under which nothing is fitted."""
_FLOORS = (0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 1.7, 3.0)
"""Floors that are tried, in root mean squares of the errors."""
_ROUNDING = 1e-4
"""A bound may be off by this much: values are made of single precision numbers."""
_DIGITS = 4
Key = tuple[str, str]
Pair = tuple[Recorded, Analysed]


@dataclass(frozen=True, slots=True)
class Cases:
    """One quantity in n recordings: what its interval is made of, and what is true; arrays (n,)."""

    kind: str
    value: F64
    deviation: F64
    below: F64
    above: F64
    truth: F64

    @property
    def limits(self) -> tuple[float, float]:
        """Of the scale."""
        return (0.0, 5.0) if self.kind == "au" else (0.0, 100.0)

    def bounds(self, fit: Fit) -> tuple[F64, F64]:
        asked = reliability.Asked(self.kind, "", self.value, self.deviation, self.below, self.above)
        return between(asked, fit, self.limits)

    def plain(self) -> "Cases":
        """Without what tells one case from another: what a constant width has to go by."""
        same, none = np.ones_like(self.value), np.zeros_like(self.value)
        return Cases(self.kind, self.value, same, none, none, self.truth)


class Held(NamedTuple):
    """How one quantity's intervals did in n recordings."""

    cases: int
    inside: float
    """Share of truths."""
    widths: F64
    """(n,)"""
    constant_inside: float
    constant_widths: F64


def pairs(recordings: Sequence[Recorded], found: Sequence[Analysed]) -> list[Pair]:
    """Those in which a face was found."""
    return [pair for pair in zip(recordings, found, strict=True) if len(pair[1].rows.time)]


def cases(recordings: Iterable[Pair]) -> dict[Key, Cases]:
    """What intervals of every quantity would be made of, and the truth."""
    columns: dict[Key, list[F64]] = defaultdict(list)
    for recorded, analysed in recordings:
        with reliability.listening() as heard:
            result = analysed.result
        true = truth.result(recorded)
        known, points = values(true), seconds(true)
        times = {key: time for key, (time, _) in seconds(result).items()}
        fits = _fits_then(recorded, result)
        for one in heard:
            key = (one.kind, one.key)
            if one.kind == "episode":
                key, right = (one.kind, ANY), np.array([fits[one.key, float(one.value[0])]])
            elif key in known:
                right = np.array([known[key].value])
            elif key in points:
                right = np.interp(times[key], *points[key])
            else:
                continue
            columns[key].append(np.stack([one.value, one.deviation, one.below, one.above, right]))
    return {key: Cases(key[0], *np.concatenate(found, axis=1)) for key, found in columns.items()}


def _fits_then(recorded: Recorded, result: TrackResult) -> dict[tuple[str, float], float]:
    """By state and measured fit of each episode, the fit of what was posed in its best frame."""
    own = truth.series(recorded)
    return {(one.state, one.fit.value): fit_then(one, own, recorded.time) for one in result.emotions}


def values(result: TrackResult) -> dict[Key, Interval]:
    """Every quantity that has one value in a recording."""
    found: dict[Key, Interval | None] = {("au", str(one.au)): one.mean for one in result.summaries}
    found |= {("emotion", one.state): one.score for one in result.emotion_scores}
    found |= {("signal", one.key): one.overall for one in result.signals}
    return {key: interval for key, interval in found.items() if interval is not None}


def seconds(result: TrackResult) -> dict[Key, tuple[F64, F64]]:
    """Each signal's values over time: times and values, (w,) each."""
    return {
        ("signal_point", one.key): (
            np.array([point.time for point in one.series]),
            np.array([point.value for point in one.series]),
        )
        for one in result.signals
        if one.series
    }


def fitted(found: Mapping[Key, Cases]) -> dict[Key, Fit]:
    """A fit of every quantity with enough cases."""
    return {key: fit_of(one) for key, one in sorted(found.items()) if len(one.value) >= FEWEST}


def fit_of(found: Cases) -> Fit:
    """The one with the best interval score of those with each floor."""
    error = float(np.sqrt(np.mean((found.truth - found.value) ** 2)))
    least = _ROUNDING * found.limits[1]
    fits = [_with_floor(found, max(least, share * error)) for share in _FLOORS]
    return min(fits, key=lambda fit: _interval_score(found, fit))


def constant(found: Cases) -> Fit:
    """The baseline: the same width in every recording, fitted alike."""
    return _with_floor(found.plain(), 0.0)


def _with_floor(found: Cases, floor: float) -> Fit:
    scale = Fit(floor=floor).scale(found.deviation)
    down = (found.value - found.below - found.truth) / scale
    up = (found.truth - found.value - found.above) / scale
    return Fit(round(floor, _DIGITS), _conformal(down), _conformal(up))


def _conformal(off: F64) -> float:
    """What 97.5 % of further cases stay under, were they drawn alike; not negative."""
    level = min(1.0, math.ceil((len(off) + 1) * (1 - BELOW)) / len(off))
    return round(max(0.0, float(np.quantile(off, level, method="higher"))) + _ROUNDING, _DIGITS)


def _interval_score(found: Cases, fit: Fit) -> float:
    low, high = found.bounds(fit)
    missed = np.maximum(low - found.truth, 0) + np.maximum(found.truth - high, 0)
    return float(np.mean(high - low + missed / BELOW))


def judged(recordings: Iterable[Pair], fits: Fits, baseline: Fits) -> dict[Key, Held]:
    """How the intervals that the product prints with `fits` did, and those of the baseline."""
    columns: dict[Key, list[F64]] = defaultdict(list)
    for recorded, analysed in recordings:
        with reliability.using(fits):
            result = analysed.result
        for key, row in _against(recorded, result):
            columns[key].append(row)
    return {
        key: _held(key, np.concatenate(rows, axis=1), baseline)
        for key, rows in sorted(columns.items())
        if key in baseline
    }


def _against(recorded: Recorded, found: TrackResult) -> Iterable[tuple[Key, F64]]:
    """Every quantity's value, bounds and truth, (4, n)."""
    true = truth.result(recorded)
    fits = _fits_then(recorded, found)
    for one in found.emotions:
        fit = one.fit
        yield ("episode", ANY), np.array([[fit.value], [fit.low], [fit.high], [fits[one.state, fit.value]]])
    known, points = values(true), seconds(true)
    for key, whole in values(found).items():
        yield key, np.array([[whole.value], [whole.low], [whole.high], [known[key].value]])
    for signal in found.signals:
        key = ("signal_point", signal.key)
        if signal.series and key in points:
            rows = [(point.value, point.low, point.high) for point in signal.series]
            times = [point.time for point in signal.series]
            yield key, np.vstack([np.array(rows).T, np.interp(times, *points[key])])


def _held(key: Key, rows: F64, baseline: Fits) -> Held:
    value, low, high, right = rows
    none = np.zeros_like(value)
    plain = Cases(key[0], value, none, none, none, right).plain()
    flat_low, flat_high = plain.bounds(baseline[key])
    return Held(
        len(value),
        _inside(low, right, high),
        high - low,
        _inside(flat_low, right, flat_high),
        flat_high - flat_low,
    )


def _inside(low: F64, right: F64, high: F64) -> float:
    return float(np.mean((low - _ROUNDING <= right) & (right <= high + _ROUNDING)))
