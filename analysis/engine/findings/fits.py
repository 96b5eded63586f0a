"""How well what a face shows fits a pattern of `patterns`: 0 to 100, smooth, and monotone in every AU.

A part's strength rises without a corner from 0 at intensity 0 to 1 at its full intensity, and is half at
half of that. The parts are put together by a harmonic mean that forgives a little (`LENIENCY`), so that a
display that lacks a part fits little, the less the fewer parts there are. AUs that usually go with the state
round the fit off, and AUs of a richer combination take from it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_INDEX, AU_NUMBERS
from analysis.engine.findings.notation import facs_code
from analysis.engine.findings.patterns import FULL, Part, Pattern
from analysis.engine.types import F64, AUSeries, AUState

LENIENCY = 0.25
"""A display of n parts of which one is not shown at all fits by 17, 29, 38 for n = 2, 3, 4; with 0 it would
not fit at all, and with much more by as much as the mean. The product's own choice."""
USUAL = 0.25
"""Share of the fit that hangs on the AUs that usually go with the state, where it has any; own choice."""
AGAINST = 0.5
"""Share of the fit that the strongest of the AUs against it takes at most; own choice."""
_OTHER_SIDE = 2.0
"""In a one-sided pattern the other side's intensity is taken off this many times: a broad smile that is a
little uneven is not one-sided."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A track's series without its weak AUs."""

    series: AUSeries
    weak: frozenset[int] = frozenset()

    def unknown(self, au: int) -> bool:
        """Whether nothing is known of the AU in any row."""
        return au in self.weak or not bool((self.series.state[AU_INDEX[au]] == AUState.SCORED).any())

    def course(self, au: int, side: str) -> F64:
        """(n,) intensity as a pattern sees it, NaN where not scored; `side` is `both`, `left` or `right`."""
        i = AU_INDEX[au]
        if side == "both":
            return np.asarray(self.series.intensity[i], np.float64)
        left, right = (np.asarray(one[i], np.float64) for one in (self.series.left, self.series.right))
        own, other = (left, right) if side == "left" else (right, left)
        return own - _OTHER_SIDE * other

    def combination(self, row: int) -> str:
        """FACS notation of a row, without weak AUs."""
        weak = np.array([au in self.weak for au in AU_NUMBERS])
        parts = (self.series.intensity, self.series.left, self.series.right)
        whole, left, right = (np.where(weak, np.float32(np.nan), part[:, row]) for part in parts)
        return facs_code(whole, left, right)


@dataclass(frozen=True, slots=True)
class Courses:
    """What a pattern is fitted to in n rows: of the AUs that are known, and how many are not."""

    parts: tuple[Part, ...]
    """Only with AUs that are known."""
    usual: tuple[int, ...]
    against: tuple[int, ...]
    unknown: tuple[int, int, int]
    """Parts, usual AUs and AUs against of which nothing is known."""
    open: tuple[bool, ...]
    """Of each part, whether nothing is known of one of its alternatives."""
    values: dict[int, F64]
    """(n,) intensity of every AU named."""
    spreads: dict[int, F64]
    """(n,) its standard deviation."""

    @classmethod
    def of(cls, pattern: Pattern, shown: Shown, side: str = "both") -> "Courses | None":
        """None where too many of the pattern's parts are not known."""
        parts = pattern.known(shown.unknown)
        if not parts:
            return None
        usual, against = (
            tuple(au for au in aus if not shown.unknown(au)) for aus in (pattern.usual, pattern.against)
        )
        known = {au for part in parts for au in part.aus}
        named = sorted(known | set(usual) | set(against))
        return cls(
            parts=parts,
            usual=usual,
            against=against,
            unknown=(
                len(pattern.parts) - len(parts),
                len(pattern.usual) - len(usual),
                len(pattern.against) - len(against),
            ),
            open=tuple(any(map(shown.unknown, part.aus)) for part in pattern.parts if set(part.aus) & known),
            values={au: shown.course(au, side) for au in named},
            spreads={au: np.asarray(shown.series.spread[AU_INDEX[au]], np.float64) for au in named},
        )

    def at(self, rows: slice | NDArray[np.intp]) -> "Courses":
        """The same in some of the rows."""
        values, spreads = (
            {au: course[rows] for au, course in of.items()} for of in (self.values, self.spreads)
        )
        return replace(self, values=values, spreads=spreads)

    def moved(self, au: int, shift: float) -> "Courses":
        """The same with one AU moved by so many of its spreads."""
        return replace(self, values=self.values | {au: self.values[au] + shift * self.spreads[au]})

    def fit(self) -> F64:
        """(n,) 0-100, NaN where one of the AUs is not scored; what is not known is left out."""
        return self._fit(None)

    def reach(self) -> tuple[F64, F64]:
        """(n,) the least and the highest fit there could be, whatever the AUs that are not known do."""
        if not any(self.unknown) and not any(self.open):
            fit = self.fit()
            return fit, fit
        return self._fit(0.0), self._fit(1.0)

    def _fit(self, rest: float | None) -> F64:
        """`rest` is how far what is not known speaks for the state: 0 not at all, 1 wholly."""
        parts = [self._strength(part.aus, part.full) for part in self.parts]
        usual = [self._strength((au,), FULL) for au in self.usual]
        against = [self._strength((au,), FULL) for au in self.against]
        if rest is not None:
            parts = [
                np.maximum(part, rest) if more else part for part, more in zip(parts, self.open, strict=True)
            ]
            absent = [
                np.full_like(parts[0], share)
                for share, count in zip((rest, rest, 1 - rest), self.unknown, strict=True)
                for _ in range(count)
            ]
            ends = np.cumsum(self.unknown)
            parts, usual, against = (
                parts + absent[: ends[0]],
                usual + absent[ends[0] : ends[1]],
                against + absent[ends[1] :],
            )
        fit = 100 * together(np.array(parts))
        if usual:
            fit = fit * (1 - USUAL + USUAL * np.mean(usual, axis=0))
        if against:
            fit = fit * (1 - AGAINST * np.max(against, axis=0))
        return np.asarray(fit)

    def _strength(self, aus: tuple[int, ...], full: float) -> F64:
        return np.asarray(np.max([strength(self.values[au], full) for au in aus], axis=0))


def strength(intensity: F64, full: float) -> F64:
    """0-1 of an intensity: the smooth step from 0 to `full`."""
    share = np.clip(intensity / full, 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def together(strengths: F64) -> F64:
    """(n,) 0-1 of (parts, n) strengths: the harmonic mean, `LENIENCY` added to each and taken off it."""
    return np.asarray(len(strengths) / (1 / (strengths + LENIENCY)).sum(axis=0) - LENIENCY)


def deviation(courses: Courses, share: float = 1.0) -> float:
    """Standard deviation of the mean fit by the spread of its AUs, of which all rows have `share` in common.

    One AU errs without the others: each is moved by itself, and what that does is added as variances are.
    """
    moves = [
        np.nanmean(courses.moved(au, share).fit()) - np.nanmean(courses.moved(au, -share).fit())
        for au in courses.values
    ]
    return float(np.linalg.norm(moves) / 2)
