"""Eyes closed, blink and wink, which time tells apart: on rendered films, through the whole analysis."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.engine.runtime import Models
from analysis.engine.types import F32, F64
from analysis.training.courses import Timing
from analysis.training.evaluation.exported import export
from analysis.training.evaluation.films import write
from analysis.training.evaluation.scores import Score, score
from analysis.training.generator.sequences import Activation, Key, Parts, Script, Side, film

UNITS = (43, 45, 46)
FPS = Fraction(30)
SECONDS = 4.5
_SIZE = (256, 256)
_SEED = 20_000_000
"""Of identities and looks. Those of training sets are seeded with three numbers, these with one."""
_BESIDE: tuple[dict[int, float], ...] = (
    {},
    {12: 3.0, 6: 2.5},
    {1: 3.0, 2: 2.5},
    {4: 3.0},
    {25: 3.0, 26: 2.5},
    {15: 3.0, 17: 2.0},
)
"""What else the face may show."""
_SHORT = Timing(0.1, 0.1, 0.1)
"""Blinks and winks run as FACS defines them."""


@dataclass(frozen=True, slots=True)
class Filmed:
    """One film: what was posed of `UNITS`, and what the product prints; (3, n)."""

    script: Script
    time: F64
    truth: F32
    found: F32
    """NaN where nothing is printed."""
    spread: F32


def script(number: int) -> Script:
    """Blinks and either a wink or eyes kept shut, with another display, a turn and a glance."""
    rng = np.random.default_rng([_SEED, number])
    held = Timing(0.12, float(rng.uniform(0.7, 1.3)), 0.2)
    side = Side(int(rng.integers(2)))
    closing = Activation(46, 1.5, _SHORT, _closed(rng), side) if number % 2 else None
    beside = _BESIDE[number % len(_BESIDE)]
    yaw, pitch, glance = rng.normal(0, 9), rng.normal(0, 5), rng.normal(0, 10)
    return Script(
        seconds=SECONDS,
        activations=(
            Activation(45, float(rng.uniform(0.4, 0.9)), _SHORT, _closed(rng)),
            closing or Activation(43, 1.5, held, _closed(rng)),
            Activation(45, float(rng.uniform(3.5, 3.9)), _SHORT, _closed(rng)),
            *(Activation(au, 2.3, Timing(0.3, 0.8, 0.4), peak) for au, peak in beside.items()),
        ),
        head=(Key(0.0), Key(2.0, yaw=float(yaw), pitch=float(pitch)), Key(SECONDS)),
        gaze=(Key(2.4), Key(2.7, yaw=float(glance), pitch=-abs(float(glance))), Key(3.2)),
        seed=number,
    )


def _closed(rng: np.random.Generator) -> float:
    return float(rng.uniform(4, 5))


def films(count: int, models: Models) -> Iterator[Filmed]:
    """`count` people, each rendered, written as a recording and analysed; TrainingError without the rig."""
    parts = Parts.load()
    for number in range(count):
        shown = script(number)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "film.mp4"
            seeds = (_SEED + number, _SEED + count + number)
            truth = write(path, film(parts, shown, *seeds, FPS, _SIZE), FPS, _SIZE)
            yield _read(shown, path, truth, models)


def _read(shown: Script, path: Path, truth: F32, models: Models) -> Filmed:
    sides = truth[:, [AU_INDEX[au] for au in UNITS]]
    posed = np.where(np.array(UNITS) == 46, sides.max(axis=2), sides.mean(axis=2)).T
    rows = export(path, models)
    found, spread = (
        np.full(posed.shape, np.nan, np.float32),
        np.full(posed.shape, np.nan, np.float32),
    )
    for row, au in enumerate(UNITS):
        found[row, rows.frame] = rows.column(f"AU{au}")
        spread[row, rows.frame] = rows.column(f"AU{au}_spread")
    return Filmed(shown, shown.times(FPS), posed.astype(np.float32), found, spread)


def units(filmed: list[Filmed]) -> dict[int, Score]:
    """The scores over all frames of all films that have a number."""
    truth, found, spread = (
        np.concatenate([getattr(one, name) for one in filmed], axis=1)
        for name in ("truth", "found", "spread")
    )
    kept = np.isfinite(found)
    return {
        au: score(truth[row, kept[row]], found[row, kept[row]], spread[row, kept[row]])
        for row, au in enumerate(UNITS)
    }


def events(filmed: list[Filmed]) -> dict[int, tuple[int, int]]:
    """Of each AU: how often it was shown, and in how many of these it is printed at B or above meanwhile."""
    counts = {}
    for row, au in enumerate(UNITS):
        hits = [
            bool((one.found[row, (one.time >= shown.start) & (one.time <= shown.end)] >= PRESENT_FROM).any())
            for one in filmed
            for shown in one.script.activations
            if shown.au == au
        ]
        counts[au] = len(hits), sum(hits)
    return counts
