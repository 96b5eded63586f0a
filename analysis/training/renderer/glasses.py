"""Spectacle frames as bent tubes, in cm from the middle between the eyeballs' centres."""

import numpy as np

from analysis.engine.types import F32, I32

_BEFORE_EYES = 2.55
_HALF_APART = 3.15
"""Of the lenses' middles."""
_LENS = (2.35, 1.75)
"""Half width and height."""
_EAR = (7.3, 0.9, -4.5)
_RING, _SIDES = 28, 4


def frame(thickness: float, squareness: float) -> tuple[F32, I32]:
    """Vertices (n, 3), triangles (m, 3) of a frame `thickness` cm wide; `squareness` 0 round to 1 square."""
    tubes = []
    for side in (-1.0, 1.0):
        ring = _ring(squareness) + np.array([side * _HALF_APART, -0.25, _BEFORE_EYES])
        hinge = np.array([side * (_HALF_APART + _LENS[0]), 0.35, _BEFORE_EYES - 0.1])
        ear = np.array(_EAR) * [side, 1, 1]
        bend = hinge + np.array([side * 0.9, 0.1, -1.0])
        tubes += [
            _tube(ring, thickness, closed=True),
            _tube(np.array([hinge, bend, ear]), thickness, closed=False),
        ]
    bridge = _HALF_APART - _LENS[0]
    arch = np.array(
        [[x, 0.35 * (1 - (x / bridge) ** 2), _BEFORE_EYES + 0.1] for x in np.linspace(-bridge, bridge, 7)]
    )
    tubes.append(_tube(arch, thickness, closed=False))
    vertices, triangles, count = [], [], 0
    for points, faces in tubes:
        vertices.append(points)
        triangles.append(faces + count)
        count += len(points)
    return np.concatenate(vertices).astype(np.float32), np.concatenate(triangles).astype(np.int32)


def _ring(squareness: float) -> F32:
    """A superellipse (n, 3)."""
    angle = np.linspace(0, 2 * np.pi, _RING, endpoint=False)
    power = 1 - 0.6 * squareness
    x, y = (np.sign(f) * np.abs(f) ** power for f in (np.cos(angle), np.sin(angle)))
    return np.asarray(np.column_stack([_LENS[0] * x, _LENS[1] * y, -0.012 * (_LENS[0] * x) ** 2]), np.float32)


def _tube(line: F32, thickness: float, *, closed: bool) -> tuple[F32, I32]:
    """A square tube about `line` (n, 3)."""
    ahead = np.roll(line, -1, axis=0) - np.roll(line, 1, axis=0)
    if not closed:
        ahead[0], ahead[-1] = line[1] - line[0], line[-1] - line[-2]
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    across = np.cross(ahead, [0.12, 0.3, 0.95])
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    over = np.cross(across, ahead)
    turns = np.linspace(0, 2 * np.pi, _SIDES, endpoint=False) + np.pi / 4
    points = np.stack([line + thickness / 2 * (np.cos(t) * across + np.sin(t) * over) for t in turns], axis=1)
    count = len(line)
    index = np.arange(count * _SIDES).reshape(count, _SIDES)
    here, there = (index, np.roll(index, -1, axis=0)) if closed else (index[:-1], index[1:])
    here_next, there_next = np.roll(here, -1, axis=1), np.roll(there, -1, axis=1)
    one, two = np.stack([here, there, here_next], -1), np.stack([here_next, there, there_next], -1)
    return points.reshape(-1, 3), np.concatenate([one.reshape(-1, 3), two.reshape(-1, 3)])
