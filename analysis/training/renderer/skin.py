"""The picture of one person's skin: colour, shine and height on the atlas."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.engine.types import F32
from analysis.training.renderer import wrinkles
from analysis.training.renderer.atlas import HEIGHT, WIDTH, Atlas
from analysis.training.renderer.look import MONK_SRGB, Look, linear
from analysis.training.renderer.wrinkles import Patch, Placed

Place = tuple[slice, slice]
_BROW_FINER = 3
_BROW_MARGIN = 14
"""Texels that strands may reach beyond the brow's edges."""
_PORE_DEPTH = 0.0032
"""cm"""


@dataclass(frozen=True, slots=True)
class Skin:
    albedo: F32
    """(HEIGHT, WIDTH, 4) linear red, green, blue, and shine."""
    height: F32
    """(HEIGHT, WIDTH) cm of pores and unevenness at rest."""
    folds: tuple[Patch, ...]


def skin_tone(tone: float) -> F32:
    """Diffuse colour (3,), linear light, of a place 1-10 on the Monk scale, between its swatches.

    A swatch is a lit skin's colour: the brightest are brought down to leave room for light and shine, the
    darkest up, as skin there owes much of its brightness to shine; saturation is raised a little, as the
    swatches are paler than skin under white light. By eye.
    """
    swatches = np.array([linear(swatch) for swatch in MONK_SRGB], np.float32)
    at = np.clip(tone, 1, 10) - 1
    low = min(int(at), len(swatches) - 2)
    colour = swatches[low] + (at - low) * (swatches[low + 1] - swatches[low])
    grey = colour.mean()
    return np.asarray(np.clip(grey + 1.1 * (colour - grey), 0.008, 1) * _lit(grey), np.float32)


def _lit(grey: float) -> F32:
    share = np.clip(grey / 0.5, 0, 1) ** 0.5
    return np.asarray(
        share * np.array([0.78, 0.71, 0.68]) + (1 - share) * np.array([1.60, 1.40, 1.30]), np.float32
    )


def bake(atlas: Atlas, folds: tuple[Placed, ...], look: Look) -> Skin:
    """Deterministic by `look` alone."""
    rng = np.random.default_rng([look.seed, 0])
    base = skin_tone(look.tone)
    albedo = np.broadcast_to(base, (HEIGHT, WIDTH, 3)).copy()
    _blood(albedo, atlas, look, rng)
    _spots(albedo, atlas, look, rng)
    _lips(albedo, atlas, look, rng)
    _hair(albedo, atlas, look, rng)
    shine = _shine(atlas, look, rng)
    pores = cv2.GaussianBlur(_noise(rng, 1), (0, 0), 0.7) * 1.6 - 0.6 * _noise(rng, 2)
    height = _PORE_DEPTH * (0.3 + look.pores) * pores * (1 - 0.5 * atlas.lips)
    height += 0.006 * _noise(rng, 8) * (0.3 + look.age)
    return Skin(
        np.ascontiguousarray(np.dstack([albedo, shine]), np.float32),
        np.ascontiguousarray(height, np.float32),
        wrinkles.bake(atlas, folds, look),
    )


def _noise(rng: np.random.Generator, cell: int) -> F32:
    """Smooth noise of about unit deviation, `cell` texels from bump to bump."""
    small = rng.normal(size=(HEIGHT // cell + 2, WIDTH // cell + 2)).astype(np.float32)
    large = cv2.resize(small, None, fx=cell, fy=cell, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large[:HEIGHT, :WIDTH] * (1.0 if cell == 1 else 1.2), np.float32)


def _tint(albedo: F32, amount: NDArray[np.floating], factor: tuple[float, float, float]) -> None:
    """Multiply by `factor` where `amount` (HEIGHT, WIDTH) is 1, in between by its power."""
    for channel, value in enumerate(factor):
        albedo[..., channel] *= np.power(np.float32(value), amount)


def _blood(albedo: F32, atlas: Atlas, look: Look, rng: np.random.Generator) -> None:
    """Redder cheeks, nose and lids; darker round the eyes with age."""
    visible = 1.0 if look.tone < 6 else 0.5
    flush = (atlas.cheeks * 0.8 + atlas.nose * 0.9) * (0.25 + look.redness) * visible
    _tint(albedo, flush, (1.0, 0.78, 0.80))
    blotch = look.blotches * (0.5 * _noise(rng, 40) + 0.35 * _noise(rng, 12) + 0.2 * _noise(rng, 4))
    _tint(albedo, blotch * 0.5, (0.94, 0.86, 0.86))
    if look.tears:
        _tint(albedo, look.tears * visible * (0.9 * atlas.lids + 0.6 * atlas.nose), (1.0, 0.70, 0.70))
    _tint(albedo, atlas.lids * (0.35 + 0.5 * look.age), (0.86, 0.76, 0.76))
    if look.eyeshadow:
        _blend(albedo, 0.8 * look.eyeshadow * atlas.lids, np.array(look.eyeshadow_colour, np.float32))


def _spots(albedo: F32, atlas: Atlas, look: Look, rng: np.random.Generator) -> None:
    grain = _noise(rng, 2)
    if look.freckles:
        freckles = np.clip(grain - 1.6, 0, 1) * (atlas.cheeks + atlas.nose + 0.15) * look.freckles
        _tint(albedo, 2.0 * freckles, (0.72, 0.58, 0.48))
    moles = cv2.GaussianBlur((rng.random((HEIGHT, WIDTH)) > 1 - 4e-5).astype(np.float32), (0, 0), 1.0) * 6
    _tint(albedo, np.clip(moles, 0, 1), (0.45, 0.32, 0.28))


def _lips(albedo: F32, atlas: Atlas, look: Look, rng: np.random.Generator) -> None:
    strength = 0.55 + 0.6 * look.lip_colour
    factor = (0.86, 0.55, 0.56) if look.tone < 5.5 else (0.92, 0.68, 0.72)
    _tint(albedo, atlas.lips * strength * (1 + 0.06 * _noise(rng, 2)), factor)
    if look.lipstick:
        _blend(albedo, 0.85 * look.lipstick * atlas.lips, np.array(look.lipstick_colour, np.float32))


def _hair(albedo: F32, atlas: Atlas, look: Look, rng: np.random.Generator) -> None:
    colour = np.array(look.hair, np.float32)
    for side in ("L", "R"):
        place, brow = _brow(atlas, look, side, rng)
        _blend(albedo[place], brow, colour)
    grain = 0.5 + 0.5 * np.clip(_noise(rng, 1), -1, 1)
    if look.stubble:
        _blend(albedo, atlas.beard * look.stubble * (0.25 + 0.4 * grain), colour * 0.8)
    strands = 0.75 + 0.25 * np.clip(_noise(rng, 2), -1, 1)
    if look.beard:
        _blend(albedo, np.clip(atlas.beard * 1.2, 0, 1) * look.beard * strands, colour)
    if look.style in {"cap", "scarf"}:
        _blend(albedo, np.clip(1.6 * atlas.scalp, 0, 1), np.array(look.cover, np.float32))
    elif look.style != "bald":
        _blend(albedo, atlas.scalp * (0.8 if look.style == "cropped" else 1.0), colour[None] * _strands(rng))


def _strands(rng: np.random.Generator) -> F32:
    """Light and dark streaks (HEIGHT, WIDTH, 1) that run back from the forehead."""
    fine = cv2.GaussianBlur(_noise(rng, 1), (0, 0), sigmaX=0.8, sigmaY=5.0)
    return np.asarray(np.exp(0.35 * fine / fine.std())[..., None], np.float32)


def _blend(albedo: F32, amount: F32, colour: F32) -> None:
    amount = np.clip(amount, 0, 1)[..., None]
    albedo *= 1 - amount
    albedo += amount * colour


def _brow(atlas: Atlas, look: Look, side: str, rng: np.random.Generator) -> tuple[Place, F32]:
    """Where a brow lies and its cover 0-1: strands up and outward, lying flatter towards the tail."""
    lower, upper = (wrinkles.spline(edge) for edge in atlas.brows[side])
    outward = 1.0 if side == "L" else -1.0
    both = np.concatenate([lower, upper])
    low_x, low_y = (np.floor(both.min(axis=0)) - _BROW_MARGIN).astype(int)
    high_x, high_y = (np.ceil(both.max(axis=0)) + _BROW_MARGIN).astype(int)
    rows, columns = int(high_y - low_y), int(high_x - low_x)
    ink = np.zeros((rows * _BROW_FINER, columns * _BROW_FINER), np.uint8)
    count = int(420 * look.brow_density)
    along = rng.beta(0.95, 1.15, count)
    height = 0.5 + (rng.random(count) - 0.5) * look.brow_width * (1 - 0.45 * along)
    at = along * (len(lower) - 1)
    low, part = at.astype(int).clip(0, len(lower) - 2), (at - at.astype(int))[:, None]
    foot = lower[low] * (1 - part) + lower[low + 1] * part
    head = upper[low] * (1 - part) + upper[low + 1] * part
    root = foot + height[:, None] * (head - foot) - [low_x, low_y]
    tilt = np.radians(75 - 75 * np.clip(along * 1.3, 0, 1) + rng.normal(0, 12, count) - 55 * (height - 0.5))
    length = rng.uniform(4.5, 8.5, count) * (1 - 0.3 * along)
    tip = root + length[:, None] * np.column_stack([outward * np.cos(tilt), -np.sin(tilt)])
    for a, b in zip(root * _BROW_FINER * 16, tip * _BROW_FINER * 16, strict=True):
        start, end = (tuple(np.round(p).astype(int).tolist()) for p in (a, b))
        cv2.line(ink, start, end, int(rng.integers(120, 230)), 1, cv2.LINE_AA, 4)
    drawn = cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    shade = cv2.GaussianBlur(drawn, (0, 0), 2.0) * 0.35
    cover = np.asarray(np.clip(1.5 * drawn + shade, 0, 0.95), np.float32)
    return (slice(int(low_y), int(high_y)), slice(int(low_x), int(high_x))), cover


def _shine(atlas: Atlas, look: Look, rng: np.random.Generator) -> F32:
    oily = 0.35 + 0.9 * look.oil
    shine = oily * (0.6 + 0.5 * atlas.nose + 0.2 * atlas.cheeks + 0.12 * _noise(rng, 3))
    shine = shine * (1 - 0.5 * atlas.lids) + atlas.lips * (0.5 + 0.8 * look.lipstick)
    shine = shine + 2.0 * look.tears * atlas.tears
    hairy = np.maximum(atlas.beard * look.beard, atlas.scalp if look.style != "bald" else 0)
    return np.asarray(np.clip(shine * (1 - 0.7 * hairy), 0, 3), np.float32)
