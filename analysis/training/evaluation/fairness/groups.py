"""Whether the product measures everybody alike: the Action Units' error and the signals, group by group.

Groups are those of `twins`: the same people, showing the same, but for one thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.engine.action_units import AU_COUNT, AU_NUMBERS
from analysis.engine.findings import signal_table
from analysis.engine.types import F64, AUState
from analysis.training.evaluation.fairness.twins import KINDS, Twin, in_group, person
from analysis.training.evaluation.findings import recordings, truth
from analysis.training.evaluation.findings.recordings import Analysed, Recorded
from analysis.training.evaluation.metrics import Flags

DRAWS = 1000
"""Of the bootstrap over people."""
_SEED = 7


@dataclass(frozen=True, slots=True)
class Film:
    """What was measured of one twin."""

    number: int
    """The person's."""
    twin: Twin
    frames: int
    numbers: F64
    """(44,) frames in which the AU has a number."""
    errors: F64
    """(44,) sum over all frames of absolute errors, points of the 0-5 scale; an AU without a number counts as
    not shown, so that what is left out makes nobody's error smaller."""
    signals: Mapping[str, float]
    """By key; without those that the film is not enough to score."""


def films(
    people: int, folder: Path, networks: Path, weights: Path, workers: int, say: Callable[[str], None]
) -> list[Film]:
    """All twins of `people` people, rendered into `folder` where they are not there, and analysed."""
    orders = [(number, twin) for number in range(people) for twin in person(number)]
    say(f"Rendering {len(orders)} films of twins")
    recorded = recordings.make([twin for _, twin in orders], folder, workers)
    say("Analysing them")
    found = recordings.measured(recorded, networks, weights, workers)
    return [
        film(number, twin, one, shown)
        for (number, twin), one, shown in zip(orders, recorded, found, strict=True)
    ]


def film(number: int, twin: Twin, recorded: Recorded, found: Analysed) -> Film:
    """What was found in a film against what was posed in it."""
    posed = truth.series(recorded).intensity
    read = np.zeros_like(posed)
    seen = found.series.state == AUState.SCORED
    read[:, found.rows.frame] = np.where(seen, found.series.intensity, 0.0)
    signals = found.result.signals if len(found.rows.frame) else ()
    return Film(
        number=number,
        twin=twin,
        frames=len(recorded.time),
        numbers=seen.sum(axis=1).astype(np.float64),
        errors=np.abs(read - posed).sum(axis=1, dtype=np.float64),
        signals={one.key: one.overall.value for one in signals if one.overall is not None},
    )


def facts(filmed: Sequence[Film], weak: frozenset[int]) -> dict[str, Any]:
    """As the card holds them: the whole's error, and by kind and group error, ratio, signals.

    The error is the mean absolute one over all frames and AUs that are not weak. The interval of its ratio
    to the whole's tells what other people would have made of it (bootstrap over people).
    """
    strong = np.array([au not in weak for au in AU_NUMBERS])
    return {
        "people": len({one.number for one in filmed}),
        "films": len(filmed),
        "frames": _frames(filmed),
        "signal_table": signal_table.VERSION,
        "action_units": int(strong.sum()),
        "error": round(float((_errors(filmed) / _frames(filmed))[strong].mean()), 4),
        "kinds": {kind: _kind(filmed, kind, strong) for kind in KINDS},
    }


def _kind(filmed: Sequence[Film], kind: str, strong: Flags) -> dict[str, Any]:
    members = {group: [one for one in filmed if in_group(kind, group, one.twin)] for group in KINDS[kind]}
    means = {key: _signal(members, key) for key in signal_table.SIGNALS}
    return {
        "groups": {
            group: _group(films, filmed, strong) | {"signals": {key: means[key][group] for key in means}}
            for group, films in members.items()
        },
        "apart": {key: round(max(found.values()) - min(found.values()), 2) for key, found in means.items()},
    }


def _signal(members: Mapping[str, list[Film]], key: str) -> dict[str, float]:
    """The signal's mean by group, over the people for whom every group has it; 0 where there is nobody."""
    by_group = {
        group: {one.number: one.signals[key] for one in films if key in one.signals}
        for group, films in members.items()
    }
    everywhere = sorted(set.intersection(*(set(found) for found in by_group.values())))
    return {
        group: round(float(np.mean([found[number] for number in everywhere])), 2) if everywhere else 0.0
        for group, found in by_group.items()
    }


def _group(films: list[Film], filmed: Sequence[Film], strong: Flags) -> dict[str, Any]:
    each = _errors(films) / _frames(films)
    error, whole = each[strong].mean(), (_errors(filmed) / _frames(filmed))[strong].mean()
    numbers = sum((one.numbers for one in films), np.zeros(AU_COUNT)) / _frames(films)
    low, high = _ratio_interval(films, filmed, strong)
    return {
        "frames": _frames(films),
        "scored_share": round(float(numbers[strong].mean()), 4),
        "error": round(float(error), 4),
        "ratio": round(float(error / whole), 3),
        "ratio_low": round(low, 3),
        "ratio_high": round(high, 3),
        "errors": {str(au): round(float(each[row]), 4) for row, au in enumerate(AU_NUMBERS) if strong[row]},
    }


def _errors(films: Sequence[Film]) -> F64:
    """(44,) of all the films."""
    return sum((one.errors for one in films), np.zeros(AU_COUNT))


def _frames(films: Sequence[Film]) -> int:
    return sum(one.frames for one in films)


def _ratio_interval(films: list[Film], filmed: Sequence[Film], strong: Flags) -> tuple[float, float]:
    """Bounds of the 95 % interval of the group's error over the whole's, people drawn with replacement."""
    people = sorted({one.number for one in filmed})
    rng = np.random.default_rng(_SEED)
    times = rng.multinomial(len(people), np.full(len(people), 1 / len(people)), DRAWS).astype(np.float64)
    ratio = _drawn(films, people, times, strong) / _drawn(filmed, people, times, strong)
    low, high = np.quantile(ratio, (0.025, 0.975))
    return float(low), float(high)


def _drawn(films: Sequence[Film], people: list[int], times: F64, strong: Flags) -> F64:
    """(draws,) error of the films when each person comes up so many times, (draws, people)."""
    by_person = [[one for one in films if one.number == number] for number in people]
    errors = np.array([_errors(own)[strong].mean() for own in by_person])
    frames = np.array([_frames(own) for own in by_person])
    return np.asarray((times @ errors) / (times @ frames), np.float64)
