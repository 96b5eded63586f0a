"""When the patterns of `patterns` were shown, how well they fitted, and how far each was shown over a track.

The fit is that of `fits`. An episode is a stretch of good fit; its fit is that at the best frame, less for
parts that rose apart: units of one display rise together. Several may hold at once, and mostly none does.

Intervals come from three things: the AUs' own spread, each AU by itself; time - for an episode how the fit
changes about its best frame, for a score which other stretches might have been recorded; and what AUs that
nothing is known of, or that are weak, could have changed. Weak AUs are not named in the combination either.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.engine.finding_types import EmotionEpisode, EmotionScore
from analysis.engine.findings import bootstrap, reliability
from analysis.engine.findings.fits import Courses, Shown, deviation
from analysis.engine.findings.patterns import PATTERNS, SCORABLE_SHARE, Pattern
from analysis.engine.findings.quality import ENOUGH_SECONDS, durations
from analysis.engine.findings.spans import spans
from analysis.engine.findings.summary import SHARED, blocks
from analysis.engine.types import F64, AUSeries, Interval

HOLDS = 30.0
"""Fit at which an episode begins and ends."""
SHOWN = 50.0
"""Fit it must reach."""
SHORTEST = 0.3
"""Seconds under which agreement is left to chance."""
TIMING = 0.2
"""Share of an episode's fit that hangs on its parts' rising together; the product's own choice."""
APART = 0.5
"""Seconds (standard deviation of the moments of half rise) at which half of that is lost; own choice."""
LOOK_BACK = 3.0
"""Seconds before the best frame in which a part's rise is looked for: what has been there for longer was
there before the display."""
ABOUT = 0.25
"""Seconds to either side of the best frame in which the fit's changes go into its interval."""
MOST_ROWS = 2000
"""About so many of the scored ones, evenly spaced, carry the AUs' spread over to a score."""
LIMITS = (0.0, 100.0)


class Emotions(NamedTuple):
    episodes: tuple[EmotionEpisode, ...]
    """In order of start, then name."""
    scores: tuple[EmotionScore, ...]
    """Of every pattern, in the order of the table."""


class _Fitted(NamedTuple):
    """A pattern's courses on one side of the face, and its fit in every row."""

    courses: Courses
    fit: F64


def describe_emotions(series: AUSeries, time: F64, weak: frozenset[int] = frozenset()) -> Emotions:
    """Episodes and scores of all patterns in a track's n rows (n may be 0), in order of time."""
    shown = Shown(series, weak)
    episodes: list[EmotionEpisode] = []
    scores: list[EmotionScore] = []
    for pattern in PATTERNS:
        sides = _fitted(pattern, shown)
        found = [episode for side in sides for episode in _episodes(pattern, side, shown, time)]
        episodes += found
        scores.append(
            EmotionScore(
                pattern.key, _score(pattern.key, sides, time), sum(one.end - one.start for one in found)
            )
        )
    return Emotions(
        tuple(sorted(episodes, key=lambda episode: (episode.start, episode.state))), tuple(scores)
    )


def _fitted(pattern: Pattern, shown: Shown) -> list[_Fitted]:
    sides = ("left", "right") if pattern.one_sided else ("both",)
    found = [Courses.of(pattern, shown, side) for side in sides]
    return [_Fitted(courses, courses.fit()) for courses in found if courses is not None]


def _episodes(pattern: Pattern, fitted: _Fitted, shown: Shown, time: F64) -> list[EmotionEpisode]:
    episodes = []
    for first, last in spans(fitted.fit, time, HOLDS, SHOWN):
        if time[last] - time[first] < SHORTEST:
            continue
        apex = first + int(np.argmax(fitted.fit[first : last + 1]))
        episodes.append(
            EmotionEpisode(
                state=pattern.key,
                combination=shown.combination(apex),
                start=float(time[first]),
                apex=float(time[apex]),
                end=float(time[last]),
                fit=_episode_fit(pattern.key, fitted, time, apex),
            )
        )
    return episodes


def _episode_fit(key: str, fitted: _Fitted, time: F64, apex: int) -> Interval:
    best = fitted.courses.at(slice(apex, apex + 1))
    least, most = (float(bound[0]) for bound in best.reach())
    seen, kept = float(fitted.fit[apex]), timing(fitted.courses, time, apex)
    near = fitted.fit[np.abs(time - time[apex]) <= ABOUT]
    return reliability.interval(
        "episode",
        key,
        kept * seen,
        kept * float(np.hypot(deviation(best), np.nanstd(near))),
        *LIMITS,
        below=kept * max(0.0, seen - least),
        above=kept * max(0.0, most - seen),
    )


def timing(courses: Courses, time: F64, apex: int) -> float:
    """Share of the fit that is left for how far apart the parts rose, 1 - `TIMING` to 1."""
    apart = float(np.std([_risen(courses, part.aus, time, apex) for part in courses.parts]))
    return 1 - TIMING + TIMING / (1 + (apart / APART) ** 2)


def _risen(courses: Courses, aus: tuple[int, ...], time: F64, apex: int) -> float:
    """When the part last rose through half of what it is at the apex; `LOOK_BACK` before, if it never did."""
    since = int(np.searchsorted(time, time[apex] - LOOK_BACK))
    course = np.max([courses.values[au][since : apex + 1] for au in aus], axis=0)
    under = np.flatnonzero(~(course[:-1] >= course[-1] / 2))
    if not len(under):
        return float(time[since])
    row = int(under[-1])
    low, high = course[row], course[row + 1]
    share = (course[-1] / 2 - low) / (high - low) if high > low else 1.0
    return float(time[since + row] + share * (time[since + row + 1] - time[since + row]))


def _score(key: str, sides: list[_Fitted], time: F64) -> Interval | None:
    """Mean fit over the scored time, the better side's where the pattern has sides.

    None where under `ENOUGH_SECONDS` have all of its AUs scored, or too little of the time that has any.
    """
    if not sides:
        return None
    weight = durations(time)
    means = [_mean(one.fit, weight) for one in sides]
    fitted = sides[int(np.argmax(np.nan_to_num(means, nan=-1.0)))]
    scored = np.isfinite(fitted.fit)
    least_seconds = max(ENOUGH_SECONDS, SCORABLE_SHARE * weight[_in_view(fitted.courses)].sum())
    if weight[scored].sum() < least_seconds:
        return None
    value = _mean(fitted.fit, weight)
    least, most = (_mean(bound, weight) for bound in fitted.courses.reach())
    rows = np.flatnonzero(scored)
    some = fitted.courses.at(rows[:: max(1, len(rows) // MOST_ROWS)])
    return reliability.interval(
        "emotion",
        key,
        value,
        float(np.hypot(deviation(some, SHARED), _sampling(fitted.fit, time, weight))),
        *LIMITS,
        below=max(0.0, value - least),
        above=max(0.0, most - value),
    )


def _mean(fit: F64, weight: F64) -> float:
    """Of the rows that have a fit; NaN where none has."""
    scored = np.isfinite(fit)
    total = float(weight[scored].sum())
    return float((fit[scored] * weight[scored]).sum()) / total if total > 0 else float("nan")


def _in_view(courses: Courses) -> NDArray[np.bool_]:
    """(n,) whether any of the pattern's AUs is scored."""
    return np.asarray(np.any([np.isfinite(course) for course in courses.values.values()], axis=0))


def _sampling(fit: F64, time: F64, weight: F64) -> float:
    """Standard deviation of the mean fit by the stretches of time that were recorded."""
    scored = np.isfinite(fit)
    block = blocks(time)
    sums, seconds = (
        np.bincount(block[scored], values[scored]).astype(np.float64) for values in (fit * weight, weight)
    )
    return float(bootstrap.deviation(sums[:, None], seconds)[0])
