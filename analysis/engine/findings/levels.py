"""How strongly each row of a track shows a component of a signal.

What intensities are read through `Track`, which can give them as the person's cohort would have them, and
shifted by their own spread: that is how the errors of Action Units are followed to a signal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.engine.findings import motion
from analysis.engine.findings.fading import slowness
from analysis.engine.findings.signal_table import ComponentRule, Kind
from analysis.engine.types import F32, F64, AUSeries, AUState, Exclusion, Rows

TOP = 5.0
"""Highest intensity."""
MOTION_SPREAD = 0.15
"""Standard deviation of a level read from head and eyes, where it is not 0: the product's own choice."""


class Shift(NamedTuple):
    """An Action Unit taken to be so many of its standard deviations stronger on either side."""

    au: int = 0
    left: float = 0.0
    right: float = 0.0


NO_SHIFT = Shift()


@dataclass(frozen=True, slots=True)
class Track:
    """What levels are read from."""

    rows: Rows
    """n rows, without landmarks."""
    series: AUSeries
    valid: NDArray[np.bool_]
    """(n,) rows that were scored."""
    weak: frozenset[int] = frozenset()
    """AUs that count as not scored."""
    high: Mapping[int, float] = field(default_factory=dict)
    """Upper end of the person's own range, by AU; one that is not named was never shown."""
    usual: F64 | None = None
    """(2,) degrees, the person's usual direction; None: that of these rows."""
    factors: Mapping[int, float] = field(default_factory=dict)
    """What intensities are multiplied by, 1 where an AU is not named."""
    shift: Shift = NO_SHIFT

    def shifted(self, au: int, left: float, right: float) -> Self:
        return replace(self, shift=Shift(au, left, right))

    def settled(self) -> Self:
        """The same with nothing shifted."""
        return replace(self, shift=NO_SHIFT)

    def intensity(self, au: int) -> F32:
        """(n,) 0-5, 0 where it has no number or is weak."""
        return self._read(self.series.intensity, au, (self.shift.left + self.shift.right) / 2)

    def left(self, au: int) -> F32:
        return self._read(self.series.left, au, self.shift.left)

    def right(self, au: int) -> F32:
        return self._read(self.series.right, au, self.shift.right)

    def factor(self, au: int) -> float:
        return self.factors.get(au, 1.0)

    def missing(self, au: int) -> NDArray[np.bool_]:
        """(n,) rows in which nothing is known of the AU."""
        return np.asarray(self.series.state[AU_INDEX[au]] != AUState.SCORED) | (au in self.weak)

    def _read(self, values: F32, au: int, deviations: float) -> F32:
        if au in self.weak:
            return np.zeros(len(self.valid), dtype=np.float32)
        found = np.nan_to_num(values[AU_INDEX[au]])
        if au == self.shift.au and deviations:
            found = found + np.float32(deviations) * np.nan_to_num(self.series.spread[AU_INDEX[au]])
        return np.asarray(np.clip(np.float32(self.factor(au)) * found, 0, TOP))


class Level(NamedTuple):
    """A component's level in n rows: each (n,) float32, 0-1."""

    level: F32
    missing: F32
    """1 where an AU of it counted as not shown because nothing is known of it."""


def level(rule: ComponentRule, track: Track) -> Level:
    """Never above the component's cap."""
    n = len(track.rows.time)
    if not rule.available:
        return Level(np.zeros(n, np.float32), np.zeros(n, np.float32))
    if not rule.aus:
        return Level(_capped(rule, _motion(rule.kind, track)), np.zeros(n, np.float32))
    if rule.kind is Kind.FADING:
        return _fading(rule, track)
    shown = _READ[rule.kind](rule, track)
    return Level(_capped(rule, _share(rule, shown)), _missing(rule, track).astype(np.float32))


def _share(rule: ComponentRule, shown: F32) -> F32:
    return np.asarray(np.clip((shown - rule.floor) / (rule.full - rule.floor), 0, 1))


def _capped(rule: ComponentRule, found: NDArray[np.floating]) -> F32:
    return np.asarray(np.minimum(found, rule.cap), dtype=np.float32)


def _missing(rule: ComponentRule, track: Track) -> NDArray[np.bool_]:
    return np.asarray(np.any([track.missing(au) for au in rule.aus], axis=0))


_Read = Callable[[ComponentRule, Track], F32]


def _all(rule: ComponentRule, track: Track) -> F32:
    return np.stack([track.intensity(au) for au in rule.aus])


def _strongest(rule: ComponentRule, track: Track) -> F32:
    return np.asarray(_all(rule, track).max(axis=0))


def _together(rule: ComponentRule, track: Track) -> F32:
    return np.asarray(_all(rule, track).min(axis=0))


def _against(rule: ComponentRule, track: Track) -> F32:
    shown = _all(rule, track)
    return np.asarray(np.minimum(shown[0], shown[1:].max(axis=0)))


def _sides(rule: ComponentRule, track: Track) -> tuple[F32, F32]:
    """Each (units, n)."""
    return np.stack([track.left(au) for au in rule.aus]), np.stack([track.right(au) for au in rule.aus])


def _uneven(rule: ComponentRule, track: Track) -> F32:
    left, right = _sides(rule, track)
    return np.asarray(np.abs(left - right).max(axis=0))


def _even(rule: ComponentRule, track: Track) -> F32:
    left, right = _sides(rule, track)
    return np.asarray(np.minimum(left, right).max(axis=0))


def _unusual(rule: ComponentRule, track: Track) -> F32:
    """Points over the person's own upper range, which is nowhere taken to be under B."""
    over = np.zeros(len(track.valid), dtype=np.float32)
    for au in rule.aus:
        upper = np.float32(max(track.high.get(au, 0.0) * track.factor(au), PRESENT_FROM))
        over += np.maximum(track.intensity(au) - upper, 0)
    return over


_READ: dict[Kind, _Read] = {
    Kind.STRONGEST: _strongest,
    Kind.TOGETHER: _together,
    Kind.AGAINST: _against,
    Kind.UNEVEN: _uneven,
    Kind.EVEN: _even,
    Kind.UNUSUAL: _unusual,
}


def _fading(rule: ComponentRule, track: Track) -> Level:
    """An event whose end was not seen counts as not fading slowly, and is open for as long as it lasts."""
    (au,) = rule.aus
    # Errors of the intensity change how strong a smile is; that they make one of none is left out.
    course = np.where(track.missing(au), np.float32(np.nan), track.settled().intensity(au))
    slow, unseen = slowness(course, track.rows.time)
    shown = _capped(rule, slow * _share(rule, track.intensity(au)))
    return Level(shown, (unseen | _missing(rule, track)).astype(np.float32))


def _motion(kind: Kind, track: Track) -> F64:
    rows = track.rows
    if kind is Kind.LOOKING_AWAY:
        seen = motion.open_eyes(track.series, track.valid, track.weak)
        return motion.looking_away(rows.pose, rows.gaze, seen, track.usual)
    axis = 1 if kind is Kind.NODDING else 0
    return motion.swings(rows.pose[:, axis], rows.time, track.valid)


def valid_rows(rows: Rows) -> NDArray[np.bool_]:
    return np.asarray(rows.excluded == Exclusion.NONE)
