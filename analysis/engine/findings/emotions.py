"""Stretches in which a pattern of `patterns` was shown, and how well it fitted.

A part's strength is 0 up to A and 1 from its full intensity on. The fit, 0 to 100, is the mean of all parts'
strengths averaged with the weakest of them: a display that lacks a part fits little, however strong the rest.
Several patterns may hold at once, and mostly none does.

The interval moves every AU by its own spread, less the more parts there are, since they do not all err the
same way; a part of which no AU is scored, or only weak ones, leaves everything between its absence and its
full presence open. Weak AUs are not named in the combination either.
"""

from typing import NamedTuple

import numpy as np

from analysis.engine.action_units import AU_INDEX, AU_NUMBERS
from analysis.engine.finding_types import EmotionEpisode
from analysis.engine.findings.notation import TRACE, facs_code
from analysis.engine.findings.patterns import PATTERNS, Part, Pattern
from analysis.engine.findings.reliability import Z
from analysis.engine.findings.spans import spans
from analysis.engine.types import F32, F64, AUSeries, AUState, Interval

HOLDS = 30.0
"""Fit at which an episode begins and ends."""
SHOWN = 50.0
"""Fit it must reach."""
SHORTEST = 0.3
"""Seconds under which agreement is left to chance."""
_OTHER_SIDE = 2.0
"""In a one-sided pattern the other side's intensity is taken off this many times: a broad smile that is a
little uneven is not one-sided."""


class _Course(NamedTuple):
    """An AU's course as a pattern sees it, and its spread, each (n,)."""

    value: F32
    spread: F32


class _Shown(NamedTuple):
    """A track's series without its weak AUs."""

    series: AUSeries
    weak: frozenset[int]

    def scored(self, au: int) -> bool:
        """Whether anything is known of the AU in some row."""
        return au not in self.weak and bool((self.series.state[AU_INDEX[au]] == AUState.SCORED).any())

    def combination(self, row: int) -> str:
        weak = np.array([au in self.weak for au in AU_NUMBERS])
        whole = np.where(weak, np.float32(np.nan), self.series.intensity[:, row])
        left, right = (np.where(weak, np.float32(np.nan), side[:, row]) for side in self._sides())
        return facs_code(whole, left, right)

    def _sides(self) -> tuple[F32, F32]:
        return self.series.left, self.series.right


def find_episodes(
    series: AUSeries, time: F64, weak: frozenset[int] = frozenset()
) -> tuple[EmotionEpisode, ...]:
    """Episodes of all patterns in a track's n rows, in order of start, then name."""
    shown = _Shown(series, weak)
    found = [episode for pattern in PATTERNS for episode in _of_pattern(pattern, shown, time)]
    return tuple(sorted(found, key=lambda episode: (episode.start, episode.state)))


def _of_pattern(pattern: Pattern, shown: _Shown, time: F64) -> list[EmotionEpisode]:
    parts = pattern.known(lambda au: not shown.scored(au))
    if not parts:
        return []
    return [episode for side in _sides(pattern) for episode in _episodes(pattern, parts, side, shown, time)]


def _sides(pattern: Pattern) -> tuple[str, ...]:
    return ("left", "right") if pattern.one_sided else ("both",)


def _episodes(
    pattern: Pattern, parts: list[Part], side: str, shown: _Shown, time: F64
) -> list[EmotionEpisode]:
    courses = [[_course(shown.series, au, side) for au in part.aus if shown.scored(au)] for part in parts]
    fits = _fit(courses, parts, shift=0.0, absent=[])
    missing = len(pattern.parts) - len(parts)
    episodes = []
    for first, last in spans(fits, time, HOLDS, SHOWN):
        if time[last] - time[first] < SHORTEST:
            continue
        apex = first + int(np.argmax(fits[first : last + 1]))
        at_apex = [[_Course(c.value[apex : apex + 1], c.spread[apex : apex + 1]) for c in p] for p in courses]
        episodes.append(
            EmotionEpisode(
                state=pattern.key,
                combination=shown.combination(apex),
                start=float(time[first]),
                apex=float(time[apex]),
                end=float(time[last]),
                fit=_interval(at_apex, parts, missing),
            )
        )
    return episodes


def _course(series: AUSeries, au: int, side: str) -> _Course:
    i = AU_INDEX[au]
    spread = np.asarray(series.spread[i])
    if side == "both":
        return _Course(np.asarray(series.intensity[i]), spread)
    left, right = np.asarray(series.left[i]), np.asarray(series.right[i])
    own, other = (left, right) if side == "left" else (right, left)
    return _Course(np.asarray(own - _OTHER_SIDE * other, dtype=np.float32), spread)


def _fit(courses: list[list[_Course]], parts: list[Part], shift: float, absent: list[float]) -> F64:
    """Fit (n,) with every AU moved by `shift` spreads; `absent` are strengths assumed for unscored parts."""
    strengths = [
        np.max([_strength(course, part, shift) for course in own], axis=0)
        for own, part in zip(courses, parts, strict=True)
    ]
    strengths += [np.full_like(strengths[0], value) for value in absent]
    together = np.asarray(strengths, dtype=np.float64)
    return np.asarray(50 * (together.mean(axis=0) + together.min(axis=0)))


def _strength(course: _Course, part: Part, shift: float) -> F32:
    moved = course.value + shift * course.spread
    return np.asarray(np.clip((moved - TRACE) / (part.full - TRACE), 0, 1), dtype=np.float32)


def _interval(courses: list[list[_Course]], parts: list[Part], missing: int) -> Interval:
    reach = Z / np.sqrt(len(parts))
    value = float(_fit(courses, parts, 0.0, [])[0])
    low = float(_fit(courses, parts, -reach, [0.0] * missing)[0])
    high = float(_fit(courses, parts, reach, [1.0] * missing)[0])
    return Interval(value, min(low, value), max(high, value))
