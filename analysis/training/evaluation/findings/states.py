"""Emotion states on recordings of each pattern: which are found, which are mistaken, what a fit is worth.

A posed display is compared twice to the table: with the rig's own AUs, and with the measured ones. Where the
rig's AUs fit another state as well, finding it is no mistake of the measurement.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.engine.finding_types import EmotionEpisode
from analysis.engine.findings.emotions import HOLDS, LIMITS, SHOWN, describe_emotions, timing
from analysis.engine.findings.fits import Courses, Shown
from analysis.engine.findings.patterns import PATTERNS
from analysis.engine.types import F64, AUSeries
from analysis.training.evaluation.findings import recordings, truth
from analysis.training.evaluation.findings.chapters import Asked, Chapter
from analysis.training.evaluation.findings.displays import NONE, Display, Staged, staged
from analysis.training.evaluation.findings.recordings import Analysed, Recorded
from analysis.training.evaluation.tables import markdown

TITLE = "Emotion states"
_BEFORE, _AFTER = 0.2, 0.3
"""Seconds around a display in which a state's best frame is counted to it."""
_BINS = (0, 10, 30, 50, 70, 90, 100)
"""Of the highest fit that is measured in a display."""
_WORTH = {pattern.key: len(pattern.parts) for pattern in PATTERNS}
_NAMES = {NONE: "none of them"}


class Seen(NamedTuple):
    """One display: what was posed, and what the table says of it."""

    state: str
    true: dict[str, float]
    """By state the highest fit of the rig's AUs."""
    fits: dict[str, float]
    """Of the measured AUs; states that are not looked for are not there."""
    posed: tuple[str, ...]
    """States of which an episode is found with the rig's AUs, the best fit first."""
    found: tuple[str, ...]
    """The same with the measured AUs."""


@dataclass(frozen=True, slots=True)
class Judged:
    displays: tuple[Seen, ...]
    inside: tuple[bool, ...]
    """Of every measured episode, whether its interval holds the fit of the rig's AUs in its best frame."""


def chapter(asked: Asked) -> Chapter:
    """TrainingError without the rig."""
    ordered = staged()
    films = recordings.make([one.order for one in ordered], asked.folder / "states", asked.workers)
    asked.say(f"{len(films)} recordings of emotion states\n")
    measured = recordings.measured(films, asked.networks, asked.weights, asked.workers)
    return Chapter(TITLE, body(judged(ordered, films, measured)), ())


def judged(ordered: list[Staged], films: list[Recorded], measured: list[Analysed]) -> Judged:
    displays: list[Seen] = []
    inside: list[bool] = []
    for one, film, found in zip(ordered, films, measured, strict=True):
        if len(found.rows.frame):
            seen, held = _judged(one.displays, film, found)
            displays += seen
            inside += held
    return Judged(tuple(displays), tuple(inside))


def _judged(displays: tuple[Display, ...], film: Recorded, found: Analysed) -> tuple[list[Seen], list[bool]]:
    own, time = truth.series(film), found.rows.time
    posed = describe_emotions(own, film.time).episodes
    measured = describe_emotions(found.series, time, found.weak).episodes
    true, fits = _fits(own, frozenset()), _fits(found.series, found.weak)
    seen = [
        Seen(
            display.state,
            _highest(true, _within(film.time, display)),
            _highest(fits, _within(time, display)),
            _ranked(posed, display),
            _ranked(measured, display),
        )
        for display in displays
    ]
    return seen, [_inside(episode, own, film.time) for episode in measured]


def _sides(one_sided: bool) -> tuple[str, ...]:
    return ("left", "right") if one_sided else ("both",)


def _fits(series: AUSeries, weak: frozenset[int]) -> dict[str, F64]:
    """By state (n,) fits, of the better side where it has sides."""
    shown = Shown(series, weak)
    found = {}
    for pattern in PATTERNS:
        courses = [Courses.of(pattern, shown, side) for side in _sides(pattern.one_sided)]
        fits = [one.fit() for one in courses if one is not None]
        if fits:
            found[pattern.key] = np.asarray(np.fmax.reduce(fits))
    return found


def _within(time: F64, display: Display) -> NDArray[np.bool_]:
    return np.asarray((time >= display.start - _BEFORE) & (time <= display.end + _AFTER))


def _highest(fits: dict[str, F64], rows: NDArray[np.bool_]) -> dict[str, float]:
    return {state: float(np.nanmax(fit[rows])) for state, fit in fits.items() if np.isfinite(fit[rows]).any()}


def _ranked(episodes: tuple[EmotionEpisode, ...], display: Display) -> tuple[str, ...]:
    """States of the episodes in a display, the best fit first; of equal ones the richer combination."""
    mine = [one for one in episodes if display.start - _BEFORE <= one.apex <= display.end + _AFTER]
    mine.sort(key=lambda one: (-round(one.fit.value), -_WORTH[one.state], one.state))
    return tuple(dict.fromkeys(one.state for one in mine))


def _inside(episode: EmotionEpisode, own: AUSeries, time: F64) -> bool:
    """Whether the interval holds what the rig's AUs give for that state at the time of its best frame."""
    return episode.fit.low <= fit_then(episode, own, time) <= episode.fit.high


def fit_then(episode: EmotionEpisode, own: AUSeries, time: F64) -> float:
    """Of the rig's AUs `own` at `time` (n,), the fit of the episode's state in its best frame, 0-100."""
    row = int(np.argmin(np.abs(time - episode.apex)))
    pattern = next(one for one in PATTERNS if one.key == episode.state)
    fits = []
    for side in _sides(pattern.one_sided):
        courses = Courses.of(pattern, Shown(own), side)
        if courses is not None:
            fits.append(float(courses.fit()[row]) * timing(courses, time, row))
    return min(max(fits), LIMITS[1])


def body(judged: Judged) -> str:
    """The chapter below its heading."""
    tables = (confusion(judged.displays), calibration(judged.displays))
    return "\n\n".join((_what(judged), tables[0], _found(judged), _worth(), tables[1], _held(judged)))


def _what(judged: Judged) -> str:
    drawn = sum(one.state != NONE for one in judged.displays)
    return (
        f"{drawn} displays of the {len(PATTERNS)} patterns, weak and strong, and "
        f"{len(judged.displays) - drawn} that are drawn from none, by people of their own "
        "(`evaluation/findings/displays.py`). The table of patterns is put to the rig's own Action Units and "
        "to the measured ones. *By the rig* counts displays of which the rig's own units make an episode of "
        "the state posed, *found* those of them in which the measured units make one too. *First* names the "
        "state with the best fit, be it the one posed or another, in all displays."
    )


def _found(judged: Judged) -> str:
    held = [one for one in judged.displays if one.state in one.posed]
    found, first, by_rig = (
        _share(sum(counted), len(held))
        for counted in (
            [one.state in one.found for one in held],
            [one.found[:1] == (one.state,) for one in held],
            [one.posed[:1] == (one.state,) for one in held],
        )
    )
    mistaken = [one for one in judged.displays if any(one.true[state] < HOLDS for state in one.found)]
    return (
        f"Of the displays that are the state posed by the rig's units it is found in {found} and comes first "
        f"in {first}; with the rig's own units it comes first in {by_rig}. An episode of a state that the "
        f"rig's units hardly fit (under {HOLDS:g}) comes up in {_share(len(mistaken), len(judged.displays))} "
        "displays."
    )


def _worth() -> str:
    return (
        "What a fit is worth: the highest fit of every state in every display, by what was measured. An "
        f"episode is reported from {SHOWN:g} on."
    )


def _held(judged: Judged) -> str:
    return (
        f"Of the episodes reported in these recordings {_share(sum(judged.inside), len(judged.inside))} "
        "have a 95 % interval that holds what the rig's own units fit in that frame."
    )


def confusion(displays: tuple[Seen, ...]) -> str:
    """A row for each state posed, the others last."""
    rows = []
    for state in (*(pattern.key for pattern in PATTERNS), NONE):
        mine = [one for one in displays if one.state == state]
        held = [one for one in mine if state in one.posed]
        found = sum(state in one.found for one in held)
        numbers = (str(len(held)), str(found)) if state != NONE else ("", "")
        firsts = (_counted(one.posed for one in mine), _counted(one.found for one in mine))
        rows.append((_NAMES.get(state, state), str(len(mine)), *numbers, *firsts))
    head = ("Posed", "Displays", "By the rig", "Found", "First, by the rig", "First, measured")
    return markdown(head, rows)


def _counted(ranked: Iterable[tuple[str, ...]]) -> str:
    """How often each state comes first, the most frequent first."""
    counts = Counter(states[0] if states else "none" for states in ranked)
    return ", ".join(
        f"{state} {count}" for state, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    )


def calibration(displays: tuple[Seen, ...]) -> str:
    """Measured fits in bins, with what the rig's own AUs give."""
    pairs = np.array([(fit, one.true[state]) for one in displays for state, fit in one.fits.items()]).reshape(
        -1, 2
    )
    rows = []
    for low, high in pairwise(_BINS):
        inside = (pairs[:, 0] >= low) & ((pairs[:, 0] < high) | (high == _BINS[-1]))
        if inside.any():
            fit, true = pairs[inside].mean(axis=0)
            shown = float((pairs[inside, 1] >= SHOWN).mean())
            rows.append((f"{low} to {high}", str(inside.sum()), f"{fit:.0f}", f"{true:.0f}", f"{shown:.0%}"))
    head = ("Measured fit", "Cases", "Mean", "Mean by the rig", f"By the rig {SHOWN:g} or more")
    return markdown(head, rows)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "none"
