"""Intervals that hold: fitted on recordings with known truth, tested on others of other people.

The truth of a finding is the same formula on what was posed. For each quantity - an Action Unit's mean, an
emotion state's score, a signal - the fit tries what `reliability.Fit` has: a floor, how much of the own
deviation and of the track's doubt counts. Bounds lie at the 2.5 and 97.5 % quantiles of how many of these
deviations the truth is away, taken as split conformal prediction takes them (Vovk et al. 2005); of the fits
with about the best interval score (Gneiting & Raftery 2007) the narrowest is taken.
"""

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
_FLOORS = (0.05, 0.15, 0.3, 0.6, 1.0)
_DOUBTS = (0.0, 0.3, 0.6, 1.2)
"""Floors that are tried, and what the track's doubt adds to them in its median: in root mean squares of the
errors."""
_OWN = (0.25, 1.0)
"""Shares of the own deviation that are tried."""
_AS_GOOD = 1.03
"""Of fits with an interval score of up to this many times the best, the narrowest is taken."""
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
    doubt: F64
    least: F64
    truth: F64

    @property
    def limits(self) -> tuple[float, float]:
        """Of the scale."""
        return (0.0, 5.0) if self.kind == "au" else (0.0, 100.0)

    def bounds(self, fit: Fit) -> tuple[F64, F64]:
        asked = reliability.Asked(
            self.kind, "", self.value, self.deviation, self.below, self.above, self.doubt, self.least
        )
        return between(asked, fit, self.limits)

    def plain(self) -> "Cases":
        """Without what tells one case from another: what a constant width has to go by.

        What the product states as the least width of a face that shows nothing holds for either.
        """
        same, none = np.ones_like(self.value), np.zeros_like(self.value)
        return Cases(self.kind, self.value, same, none, none, none, self.least, self.truth)


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
            columns[key].append(
                np.stack([one.value, one.deviation, one.below, one.above, one.doubt, one.least, right])
            )
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
    """The narrowest of those whose interval score is about the best."""
    error = float(np.sqrt(np.mean((found.truth - found.value) ** 2)))
    least = _ROUNDING * found.limits[1]
    usual = float(np.median(found.doubt**2))
    doubts = [share * error / usual for share in _DOUBTS] if usual > 0 else [0.0]
    fits = [
        _measured(found, max(least, floor * error), own, doubt)
        for floor in _FLOORS
        for own in _OWN
        for doubt in doubts
    ]
    scores = [_interval_score(found, fit) for fit in fits]
    good = [fit for fit, score in zip(fits, scores, strict=True) if score <= _AS_GOOD * min(scores)]
    return min(good, key=lambda fit: _median_width(found, fit))


def constant(found: Cases) -> Fit:
    """The baseline: the same width in every recording, fitted alike."""
    return _measured(found.plain(), 0.0, 1.0, 0.0)


def _measured(found: Cases, floor: float, own: float, doubt: float) -> Fit:
    """With the bounds that hold as many truths as they are to."""
    floor, doubt = round(floor, _DIGITS), round(doubt, _DIGITS)
    scale = Fit(floor=floor, own=own, doubt=doubt).scale(found.deviation, found.doubt)
    down = (found.value - found.below - found.truth) / scale
    up = (found.truth - found.value - found.above) / scale
    most = round(float(found.doubt.max()), _DIGITS)
    return Fit(floor, _conformal(down), _conformal(up), own, doubt, most)


def _conformal(off: F64) -> float:
    """What 97.5 % of further cases stay under, were they drawn alike; not negative."""
    found = float(np.quantile(off, 1 - BELOW, method="weibull"))
    return round(max(0.0, found) + _ROUNDING, _DIGITS)


def _median_width(found: Cases, fit: Fit) -> float:
    low, high = found.bounds(fit)
    return float(np.median(high - low))


def _interval_score(found: Cases, fit: Fit) -> float:
    low, high = found.bounds(fit)
    missed = np.maximum(low - found.truth, 0) + np.maximum(found.truth - high, 0)
    return float(np.mean(high - low + missed / BELOW))


def judged(found: Mapping[Key, Cases], fits: Fits, baseline: Fits) -> dict[Key, Held]:
    """How intervals made with `fits` do in these cases, and those of the baseline; where there are enough."""
    enough = {key: one for key, one in sorted(found.items()) if key in fits and len(one.value) >= FEWEST}
    return {key: _held(one, fits[key], baseline[key]) for key, one in enough.items()}


def _held(found: Cases, fit: Fit, flat: Fit) -> Held:
    inside, widths = _did(found, fit)
    return Held(len(found.value), inside, widths, *_did(found.plain(), flat))


def _did(found: Cases, fit: Fit) -> tuple[float, F64]:
    """Share of truths inside, and widths."""
    low, high = found.bounds(fit)
    inside = (low - _ROUNDING <= found.truth) & (found.truth <= high + _ROUNDING)
    return float(inside.mean()), np.asarray(high - low)
