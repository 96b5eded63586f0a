"""Shapes that cover parts of a face: a hand, a microphone, a bar that could be anything."""

import cv2
import numpy as np

from analysis.engine.types import F32, F64, U8

SHARE = 0.12
"""Of frames in which something covers a part of the face."""
_SKIN = ((224, 180, 150), (190, 140, 105), (120, 80, 60), (70, 48, 38))


def cover(picture: U8, centre: F32 | F64, width: float, rng: np.random.Generator) -> tuple[U8, U8]:
    """The picture (h, w, 3) with a shape over a part of the face, and where it is (h, w), 1 covered.

    `centre` (2,) and `width` are the face's, in pixels.
    """
    mask = np.zeros(picture.shape[:2], np.uint8)
    place: F64 = centre + rng.normal(0, 0.35, 2) * width
    kind = str(rng.choice(["hand", "microphone", "bar"]))
    if kind == "hand":
        _hand(mask, place, width, rng)
        colour = np.array(_SKIN[int(rng.integers(len(_SKIN)))], np.float32) * rng.uniform(0.7, 1.1)
    elif kind == "microphone":
        _microphone(mask, centre + np.array([rng.normal(0, 0.2), rng.uniform(0.25, 0.6)]) * width, width, rng)
        colour = np.full(3, rng.uniform(10, 70), np.float32)
    else:
        _bar(mask, place, width, rng)
        colour = rng.uniform(10, 240, 3).astype(np.float32)
    return _painted(picture, mask, colour, rng), mask


def _hand(mask: U8, place: F64, width: float, rng: np.random.Generator) -> None:
    """A palm and four fingers."""
    angle = rng.uniform(0, 360)
    palm = (int(width * rng.uniform(0.2, 0.3)), int(width * rng.uniform(0.2, 0.28)))
    cv2.ellipse(mask, _pixel(place), palm, angle, 0, 360, 1, -1)
    heading = np.radians(angle)
    ahead = np.array([np.cos(heading), np.sin(heading)])
    across = np.array([-ahead[1], ahead[0]])
    for finger in np.linspace(-0.75, 0.75, 4):
        root = place + across * finger * palm[1]
        tip = root + ahead * palm[0] * rng.uniform(1.6, 2.3) + across * finger * palm[1] * rng.uniform(0, 0.5)
        cv2.line(mask, _pixel(root), _pixel(tip), 1, max(2, int(width * 0.085)))


def _microphone(mask: U8, place: F64, width: float, rng: np.random.Generator) -> None:
    radius = int(width * rng.uniform(0.10, 0.2))
    cv2.circle(mask, _pixel(place), radius, 1, -1)
    foot = place + np.array([rng.normal(0, 0.4), 1.2]) * width
    cv2.line(mask, _pixel(place), _pixel(foot), 1, max(2, radius))


def _bar(mask: U8, place: F64, width: float, rng: np.random.Generator) -> None:
    sides = (float(width * rng.uniform(0.3, 1.2)), float(width * rng.uniform(0.1, 0.4)))
    corners = cv2.boxPoints(((float(place[0]), float(place[1])), sides, float(rng.uniform(0, 180))))
    cv2.fillConvexPoly(mask, np.asarray(corners, np.int32), 1)


def _pixel(point: F64) -> tuple[int, int]:
    return int(point[0]), int(point[1])


def _painted(picture: U8, mask: U8, colour: F32, rng: np.random.Generator) -> U8:
    """The shape with coarse shading and a soft edge."""
    shade = rng.uniform(0.6, 1.2, (5, 5)).astype(np.float32)
    shade = np.asarray(cv2.resize(shade, mask.shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)
    edge = np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8))[..., None]
    covered = picture * (1 - edge) + colour * shade[..., None] * edge
    return np.clip(covered, 0, 255).astype(np.uint8)
