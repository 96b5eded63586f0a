"""A room out of focus, to stand behind a rendered person."""

import cv2
import numpy as np

from analysis.engine.types import F32
from analysis.training.renderer.scene import Colour

_WALL: Colour = (0.30, 0.27, 0.235)
_WINDOW: Colour = (0.85, 0.92, 1.0)
_BARS: Colour = (0.42, 0.40, 0.38)
_SHELF: Colour = (0.16, 0.09, 0.05)
_BOOKS: tuple[Colour, ...] = (
    (0.14, 0.05, 0.04),
    (0.05, 0.08, 0.12),
    (0.18, 0.15, 0.10),
    (0.06, 0.09, 0.06),
    (0.25, 0.23, 0.18),
    (0.09, 0.05, 0.05),
)
_SHELVES = ((0.08, 0.34), (0.38, 0.64))
"""Upper and lower edge of what stands on each, in heights of the picture."""
_BLUR = 0.026
"""Heights of the picture, standard deviation."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in shares of the picture."""


def room(size: tuple[int, int], seed: int) -> F32:
    """(height, width, 3) linear light of `size` (width, height): a wall, a window, two shelves of books."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    # The window lights the wall from the left.
    shade = (1.05 - 0.5 * x) * (1.05 - 0.25 * y)
    picture = np.asarray(np.array(_WALL) * shade[..., None], np.float32)
    for rectangle, colour in [*_window(), *_books(np.random.default_rng(seed))]:
        _fill(picture, rectangle, colour)
    return np.ascontiguousarray(cv2.GaussianBlur(picture, (0, 0), _BLUR * height), np.float32)


def _window() -> list[tuple[Rectangle, Colour]]:
    return [
        ((0.0, 0.0, 0.17, 0.78), _WINDOW),
        ((0.155, 0.0, 0.175, 0.80), _BARS),
        ((0.03, 0.0, 0.04, 0.80), _BARS),
        ((0.0, 0.36, 0.17, 0.375), _BARS),
    ]


def _books(rng: np.random.Generator) -> list[tuple[Rectangle, Colour]]:
    shown: list[tuple[Rectangle, Colour]] = []
    for top, bottom in _SHELVES:
        left = 0.73
        while left < 1.0:
            width, height = rng.uniform(0.012, 0.03), rng.uniform(0.5, 0.95) * (bottom - top)
            if rng.random() < 0.85:
                colour = _BOOKS[int(rng.integers(len(_BOOKS)))]
                shown.append(((left, bottom - height, left + width, bottom), colour))
            left += width + 0.002
        shown.append(((0.71, bottom, 1.0, bottom + 0.025), _SHELF))
    return shown


def _fill(picture: F32, rectangle: Rectangle, colour: Colour) -> None:
    height, width = picture.shape[:2]
    left, top, right, bottom = rectangle
    picture[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = colour
