"""How far off a finding may be: from its standard deviation to an interval that holds 95 % of truths.

A deviation says which values are less certain than others, not how far off they are. `reliability.json`
says that for each kind and key, fitted on rendered recordings whose truth is known
(docs/findings-accuracy.md): a floor under the deviation, higher where the model is unsure of the whole track,
and how many of these deviations the truth is away, downwards and upwards. What has no entry there is taken as
normal: 1.96 deviations to either side.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from analysis.engine.types import F64, AUSeries, Interval

Z = 1.959964
"""Standard deviations on either side that hold 95 % of a normal distribution."""
FILE = Path(__file__).with_name("reliability.json")


@dataclass(frozen=True, slots=True)
class Fit:
    """How deviations of one kind and key become bounds."""

    floor: float = 0.0
    """Added to the deviation as a variance is: what it does not know of; in the value's own unit."""
    low: float = Z
    high: float = Z
    """Deviations down to the lower and up to the upper bound, neither negative."""
    own: float = 1.0
    """Share of the value's own deviation that counts."""
    doubt: float = 0.0
    """What is added to the floor for each squared point of `doubt_of` the track."""
    most: float = math.inf
    """Points of it that count at most: the most that it was in the recordings of the fit."""

    def scale(self, deviation: F64, doubt: F64) -> F64:
        added = self.doubt * np.minimum(doubt, self.most) ** 2
        return np.asarray(np.hypot(self.floor + added, self.own * deviation))


UNFITTED = Fit()
ANY = "any"
"""In place of a key: a fit for all keys of the kind that have none of their own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an interval was asked of; arrays (n,), n = 1 for a single value."""

    kind: str
    key: str
    value: F64
    deviation: F64
    below: F64
    above: F64
    doubt: F64
    """Of the track that is spoken of; 0 where no track was named."""
    least: F64


Fits = Mapping[tuple[str, str], Fit]
"""By kind and key."""
_listening: ContextVar[list[Asked] | None] = ContextVar("listening", default=None)
_instead: ContextVar[Fits | None] = ContextVar("instead", default=None)
_doubt: ContextVar[float] = ContextVar("doubt", default=0.0)
_CALMEST = 0.2
"""Share of a track's rows that a neutral is looked for in, about."""


def interval(
    kind: str,
    key: str,
    value: float,
    deviation: float,
    lowest: float,
    highest: float,
    below: float = 0.0,
    above: float = 0.0,
) -> Interval:
    """95 % interval of one value on a scale from `lowest` to `highest`.

    `kind` is `au`, `emotion`, `signal`, `episode` or `signal_point`; `key` the AU's number, the state or the
    signal. `deviation` is the standard deviation that the value's own evidence gives. `below` and `above` are
    what AUs that were not scored could have moved it by: they are added to the bounds.
    """
    low, high = bounds(
        kind,
        key,
        np.array([value]),
        np.array([deviation]),
        (lowest, highest),
        np.array([below]),
        np.array([above]),
    )
    return Interval(value, float(low[0]), float(high[0]))


def bounds(
    kind: str,
    key: str,
    value: F64,
    deviation: F64,
    limits: tuple[float, float],
    below: F64 | None = None,
    above: F64 | None = None,
    least: F64 | None = None,
) -> tuple[F64, F64]:
    """`interval` of n values at once, each array (n,); to either side it reaches `least` at least."""
    none = np.zeros_like(value)
    asked = Asked(
        kind,
        key,
        value,
        deviation,
        none if below is None else below,
        none if above is None else above,
        none + _doubt.get(),
        none if least is None else least,
    )
    heard = _listening.get()
    if heard is not None:
        heard.append(asked)
    return between(asked, fit_for(kind, key), limits)


def fit_for(kind: str, key: str) -> Fit:
    """The key's own fit, or that of all keys of the kind together."""
    found = fits()
    return found.get((kind, key)) or found.get((kind, ANY), UNFITTED)


def between(asked: Asked, fit: Fit, limits: tuple[float, float]) -> tuple[F64, F64]:
    """Bounds (n,) of the values asked about, within the scale."""
    scale = fit.scale(asked.deviation, asked.doubt)
    down, up = (np.maximum(measure * scale, asked.least) for measure in (fit.low, fit.high))
    low = np.maximum(asked.value - down - asked.below, limits[0])
    high = np.minimum(asked.value + up + asked.above, limits[1])
    return np.asarray(low), np.asarray(high)


@contextmanager
def of_track(series: AUSeries) -> Iterator[None]:
    """Make meanwhile every interval for a track that is as doubtful as its n rows say."""
    token = _doubt.set(doubt_of(series))
    try:
        yield
    finally:
        _doubt.reset(token)


def doubt_of(series: AUSeries) -> float:
    """How unsure the model is of a track in the fifth of its rows of which it is most sure; points.

    That is where the face is calmest, and what it is unsure of there it is unsure of throughout: the neutral
    that all else is measured from. Mean spread of the AUs that are scored in a row.
    """
    sums, counts = np.zeros(series.state.shape[1]), np.zeros(series.state.shape[1])
    for spread in series.spread:
        known = np.isfinite(spread)
        sums[known] += spread[known]
        counts += known
    rows = sums[counts > 0] / counts[counts > 0]
    return float(np.quantile(rows, _CALMEST)) if len(rows) else 0.0


@contextmanager
def listening() -> Iterator[list[Asked]]:
    """What intervals are asked of meanwhile, in order: the fit is made from it."""
    heard: list[Asked] = []
    token = _listening.set(heard)
    try:
        yield heard
    finally:
        _listening.reset(token)


def version() -> str:
    """Of the fit, for a result to name: its file's SHA-256, shortened; `none` while nothing was fitted."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:12] if FILE.exists() else "none"


def tested() -> dict[str, Any] | None:
    """What the intervals held when they were tested; None while nothing was fitted."""
    found: dict[str, Any] | None = _table().get("tested")
    return found


@contextmanager
def using(other: Fits) -> Iterator[None]:
    """Take these entries for the fitted ones meanwhile: to test them before they are written."""
    token = _instead.set(other)
    try:
        yield
    finally:
        _instead.reset(token)


def fits() -> Fits:
    """Every fitted entry by kind and key."""
    instead = _instead.get()
    return _fitted() if instead is None else instead


@cache
def _fitted() -> Fits:
    return {
        (kind, key): Fit(**fit)
        for kind, keys in _table().get("fits", {}).items()
        for key, fit in keys.items()
    }


@cache
def _table() -> dict[str, Any]:
    if not FILE.exists():
        return {}
    table: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return table
