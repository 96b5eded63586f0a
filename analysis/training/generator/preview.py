"""Samples of the generator as one picture, to be looked at."""

from pathlib import Path

import cv2
import numpy as np

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.types import U8
from analysis.training.errors import TrainingError
from analysis.training.generator.people import Shot, Studio

TILE = 200
_COLUMNS = 8


def make(studio: Studio, path: Path, seed: int, people: int) -> None:
    """Write two frames each of `people` people of `seed` to `path`."""
    tiles = []
    for number in range(people):
        shots = studio.shots(np.random.default_rng([seed, number]))
        tiles += [_tile(shots[0][0]), _tile(shots[-1][0])]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[start : start + _COLUMNS]) for start in range(0, len(tiles), _COLUMNS)]
    if not cv2.imwrite(str(path), np.vstack(rows)[..., ::-1]):
        raise TrainingError(f"{path} could not be written.")


def _tile(shot: Shot) -> U8:
    """(TILE + 16, TILE, 3) with what is shown written below."""
    picture = np.asarray(cv2.resize(shot.picture, (TILE, TILE)), np.uint8)
    shown = [
        f"{au}:{max(sides):.0f}"
        for au, sides in zip(AU_NUMBERS, shot.expression.intensities.tolist(), strict=True)
        if max(sides) >= 0.5
    ]
    below = np.zeros((16, TILE, 3), np.uint8)
    cv2.putText(
        below, " ".join(shown), (2, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (255, 255, 255), 1, cv2.LINE_AA
    )
    return np.vstack([picture, below])
