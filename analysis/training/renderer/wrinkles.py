"""Skin that folds with the Action Units: lines drawn on the skin's picture, their depth driven by the AUs.

A line is a furrow between two low ridges. Where the lines run is the product's own, read from the folds that
FACS describes for each AU; points are (x, y) in cm on the mean head, the person's left.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_INDEX
from analysis.engine.types import F32
from analysis.training.renderer import atlas as maps
from analysis.training.renderer.atlas import Atlas
from analysis.training.renderer.look import Look

Points = tuple[tuple[float, float], ...]
_FINER = 2
"""Lines are drawn this much finer than the picture, and averaged."""
_DEPTH = 0.085
"""cm, of a full furrow one cm wide in `Fold.width`'s unit; narrower ones are shallower."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines that deepen together."""

    lines: tuple[Points, ...]
    width: float
    """cm, of the furrow."""
    depth: float
    """Of the deepest fold, 0-1."""
    drivers: dict[int, float]
    """AU to its share at intensity E."""
    rest: float
    """Share that an aged face shows at rest."""
    mirrored: bool = True


def _across(y: float, reach: float, bend: float) -> Points:
    return tuple((x * reach, y + bend * (1 - x * x)) for x in (-1.0, -0.6, -0.2, 0.2, 0.6, 1.0))


FOLDS: dict[str, Fold] = {
    "forehead": Fold(
        tuple(_across(y, reach, 0.1) for y, reach in ((6.5, 2.1), (7.2, 2.6), (7.9, 2.7), (8.6, 2.2))),
        0.22,
        0.9,
        {1: 1.0, 2: 0.25},
        0.35,
        mirrored=False,
    ),
    "temple": Fold(
        (
            ((2.2, 6.9), (3.4, 7.1), (4.7, 6.8), (5.6, 6.2)),
            ((2.5, 7.6), (3.6, 7.8), (4.7, 7.5)),
            ((2.3, 8.3), (3.4, 8.4), (4.3, 8.2)),
            ((3.4, 6.2), (4.6, 6.2), (5.6, 5.6)),
        ),
        0.22,
        0.9,
        {2: 1.0},
        0.25,
    ),
    "glabella": Fold(
        (((0.75, 4.4), (0.62, 5.1), (0.68, 5.9), (0.85, 6.4)), ((1.25, 5.1), (1.2, 5.6), (1.35, 6.1))),
        0.26,
        1.0,
        {4: 1.0, 9: 0.35, 44: 0.25},
        0.3,
    ),
    "nose root": Fold(
        (_across(3.5, 0.75, 0.05), _across(4.1, 0.8, 0.05), _across(2.9, 0.6, 0.05)),
        0.14,
        0.9,
        {9: 1.0, 4: 0.3},
        0.12,
        mirrored=False,
    ),
    "nose side": Fold(
        (
            ((0.55, 2.6), (1.0, 2.1), (1.35, 1.5)),
            ((0.7, 3.0), (1.15, 2.6), (1.6, 2.0)),
            ((0.6, 2.0), (1.0, 1.5), (1.3, 0.9)),
        ),
        0.14,
        0.9,
        {9: 1.0, 10: 0.12},
        0.05,
    ),
    "crow's feet": Fold(
        (
            ((5.25, 3.55), (5.8, 3.9), (6.4, 4.4)),
            ((5.3, 3.3), (5.9, 3.35), (6.6, 3.45)),
            ((5.25, 3.0), (5.8, 2.75), (6.4, 2.4)),
            ((5.1, 2.75), (5.6, 2.3), (6.0, 1.8)),
        ),
        0.18,
        1.0,
        {6: 1.0, 12: 0.25, 46: 0.7, 44: 0.35, 7: 0.12},
        0.3,
    ),
    "under the eye": Fold(
        (
            ((1.9, 2.5), (2.8, 1.8), (3.9, 1.7), (4.8, 2.2)),
            ((2.2, 2.0), (3.1, 1.4), (4.2, 1.4), (5.1, 1.9)),
        ),
        0.28,
        0.7,
        {6: 1.0, 7: 0.35, 9: 0.5, 44: 0.6, 46: 0.6, 12: 0.15},
        0.4,
    ),
    "lower lid": Fold(
        (((2.1, 2.9), (3.0, 2.55), (4.0, 2.5), (4.7, 2.85)),),
        0.12,
        0.8,
        {7: 0.6, 44: 0.6, 6: 0.3},
        0.1,
    ),
    "nasolabial": Fold(
        (((2.15, -0.2), (2.45, -1.0), (2.9, -1.9), (3.3, -2.9), (3.45, -3.8)),),
        0.6,
        0.9,
        {12: 1.0, 6: 0.2, 13: 0.3, 9: 0.3, 10: 0.3, 11: 0.2, 14: 0.1},
        0.45,
    ),
    "upper nasolabial": Fold(
        (((1.95, 0.35), (2.25, -0.4), (2.6, -1.2), (2.95, -2.0)),),
        0.46,
        0.9,
        {10: 1.0, 9: 0.9, 11: 0.75},
        0.2,
    ),
    "corner": Fold(
        (((2.75, -2.9), (2.95, -3.45), (2.85, -4.1)),),
        0.34,
        0.6,
        {14: 1.0, 20: 0.5, 12: 0.3, 24: 0.25, 23: 0.2},
        0.1,
    ),
    "corner down": Fold(
        (((2.6, -3.7), (2.85, -4.4), (2.95, -5.2)),),
        0.40,
        0.7,
        {15: 1.0, 17: 0.3, 21: 0.3, 16: 0.2},
        0.35,
    ),
    "under the lip": Fold(
        (((-1.6, -5.35), (-0.8, -5.15), (0.0, -5.1), (0.8, -5.15), (1.6, -5.35)),),
        0.42,
        0.9,
        {17: 1.0, 24: 0.4, 15: 0.2, 16: -0.2},
        0.15,
        mirrored=False,
    ),
    "neck": Fold(
        (
            ((1.5, -9.8), (1.7, -11.5), (1.8, -13.2)),
            ((2.7, -9.4), (3.1, -11.4), (3.5, -13.4)),
            ((3.9, -9.2), (4.5, -11.2), (5.2, -13.0)),
        ),
        0.5,
        1.0,
        {21: 1.0, 20: 0.2},
        0.1,
    ),
    "lips": Fold(
        tuple(
            ((x, y), (x * 1.12, y + (0.45 if y > -3.4 else -0.45)))
            for y in (-2.55, -4.65)
            for x in (0.3, 0.75, 1.2, 1.65, 2.0)
        ),
        0.10,
        0.7,
        {18: 1.0, 23: 0.55, 22: 0.15, 35: 0.5, 8: 0.3, 28: 0.3},
        0.15,
    ),
}

_CHIN = (0.0, -6.3), (1.5, 1.0)
_CHIN_DEPTH = 0.030


@dataclass(frozen=True, slots=True)
class Patch:
    """Height (rows, columns) in cm at full strength, and where it lies."""

    row: int
    column: int
    height: F32
    drivers: dict[int, float]
    side: int | None
    """0 left, 1 right, None for both together."""
    rest: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A fold's lines on the skin's picture, on one side or in the middle."""

    fold: Fold
    side: int | None
    lines: tuple[F32, ...]
    """(n, 2) texels each."""


def place(atlas: Atlas) -> tuple[Placed, ...]:
    """Where all folds run on the mean head; the same for everyone."""
    return tuple(
        Placed(fold, side, tuple(atlas.place(line, sign) for line in fold.lines))
        for fold in FOLDS.values()
        for side, sign in (((0, 1), (1, -1)) if fold.mirrored else ((None, 1),))
    )


def bake(atlas: Atlas, folds: tuple[Placed, ...], look: Look) -> tuple[Patch, ...]:
    """Every fold of one face; the run of its lines differs from person to person."""
    rng = np.random.default_rng([look.seed, 1])
    patches = [_chin(atlas, rng)]
    for placed in folds:
        fold = placed.fold
        lines = [_wander(line, rng) for line in placed.lines]
        depths = [rng.uniform(0.55, 1.0) for _ in lines]
        row, column, height = _furrows(lines, depths, fold.width, fold.depth)
        patches.append(Patch(row, column, height, fold.drivers, placed.side, fold.rest))
    return tuple(patches)


def strengths(patches: tuple[Patch, ...], intensities: F32, look: Look) -> list[float]:
    """Depth 0-1.2 of every patch under Action Units (44, 2)."""
    result = []
    for patch in patches:
        moved = 0.0
        for au, share in patch.drivers.items():
            left, right = intensities[AU_INDEX[au]]
            level = max(left, right) if patch.side is None else (left, right)[patch.side]
            moved += share * float(level) / 5
        depth = look.age * patch.rest + (0.35 + 0.75 * look.creasing) * max(-0.3, moved)
        result.append(float(np.clip(depth, 0, 1.2)))
    return result


def apply(height: F32, patches: tuple[Patch, ...], depths: list[float]) -> F32:
    """The skin's height map (rows, columns) in cm with the folds added."""
    result = height.copy()
    for patch, depth in zip(patches, depths, strict=True):
        if depth > 0.01:
            rows, columns = patch.height.shape
            result[patch.row : patch.row + rows, patch.column : patch.column + columns] += (
                depth * patch.height
            )
    return result


def _wander(line: F32, rng: np.random.Generator) -> F32:
    return np.asarray(spline(line + rng.normal(0, 1.0, line.shape)), np.float32)


def spline(points: NDArray[np.floating], steps: int = 8) -> F32:
    """Catmull-Rom through `points`."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.asarray(np.concatenate([*pieces, points[-1:]]), np.float32)


def _furrows(lines: list[F32], depths: list[float], width: float, depth: float) -> tuple[int, int, F32]:
    every = np.concatenate(lines)
    margin = 10
    low = np.maximum(np.floor(every.min(axis=0)) - margin, 0).astype(int)
    high = np.minimum(np.ceil(every.max(axis=0)) + margin, [maps.WIDTH, maps.HEIGHT]).astype(int)
    columns, rows = high - low
    fine = np.zeros((rows * _FINER, columns * _FINER), np.float32)
    sigma = width / maps.TEXEL * _FINER * 0.5
    for line, share in zip(lines, depths, strict=True):
        ink = np.zeros_like(fine)
        _taper(ink, (line - low) * _FINER, thickness=max(1, round(sigma)))
        fine = np.maximum(fine, ink * share)
    furrow = cv2.GaussianBlur(fine, (0, 0), 0.6 * sigma) - 0.55 * cv2.GaussianBlur(fine, (0, 0), 1.7 * sigma)
    height = -cv2.resize(furrow, (int(columns), int(rows)), interpolation=cv2.INTER_AREA)
    scale = _DEPTH * depth * np.sqrt(width / 0.24) / max(1e-6, float(-height.min()))
    return int(low[1]), int(low[0]), np.asarray(height * scale, np.float32)


def _taper(ink: F32, line: F32, thickness: int) -> None:
    """A line that runs out at both ends."""
    count = len(line) - 1
    for k, (a, b) in enumerate(pairwise(line)):
        share = float(np.sin(np.pi * (k + 0.5) / count) ** 0.6)
        cv2.line(
            ink,
            tuple(np.round(a).astype(int).tolist()),
            tuple(np.round(b).astype(int).tolist()),
            share,
            thickness,
        )


def _chin(atlas: Atlas, rng: np.random.Generator) -> Patch:
    """The pebbled skin over a contracted mentalis."""
    (x, y), (wide, high) = _CHIN
    corners = atlas.place(((x - 1.6 * wide, y + 1.6 * high), (x + 1.6 * wide, y - 1.6 * high)))
    (left, top), (right, bottom) = np.round(corners).astype(int)
    rows, columns = int(bottom - top), int(right - left)
    down, across = np.mgrid[-1.6 : 1.6 : rows * 1j, -1.6 : 1.6 : columns * 1j]
    fine = cv2.GaussianBlur(rng.normal(size=(rows, columns)), (0, 0), 2.0)
    grain = np.asarray(fine - cv2.GaussianBlur(fine, (0, 0), 5.0), np.float32)
    height = grain / grain.std() * np.exp(-(down**2) - across**2) * _CHIN_DEPTH
    return Patch(int(top), int(left), height.astype(np.float32), {17: 1.0, 15: 0.15, 24: 0.25}, None, 0.0)
