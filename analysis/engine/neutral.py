"""The person's neutral face: told, or found without being told where it is.

The most frequent face is not it: somebody who smiles through most of a recording would get the smile as
zero. So frames are first ranked by how little they express against a population of faces, the least
expressive ones are the seed, and from the seed the estimate climbs to where frames lie densest (calm
stretches hold many frames alike, transitions few). The steps are short against an expression and few, so
the climb cannot leave the neutral for a held smile.

Brows and upper lids on the one hand, mouth, cheeks and jaw on the other, move apart: each half of the face
has frames of its own. Pose and code belong to the whole face; they are read from the frames that both halves
chose.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from analysis.engine import measures
from analysis.engine.geometry import canonical
from analysis.engine.types import F32, Exclusion, Neutral, Rows

Indices = NDArray[np.intp]

SAMPLE_ROWS = 2000
"""Rows the neutral is estimated from, evenly spaced; bounds memory (11 MB) whatever the length."""
POPULATION: dict[str, tuple[float, float]] = {
    "lip_gap": (0.010, 0.012),
    "corner_width": (0.260, 0.028),
    "corner_over_lips": (-0.018, 0.010),
    "lips_over_corners": (0.005, 0.018),
    "brow_inner": (0.210, 0.028),
    "brow_outer": (0.220, 0.024),
    "brow_side": (0.157, 0.010),
    "eye_opening": (0.085, 0.014),
    "lid_upper": (0.055, 0.010),
    "corner_height": (-0.270, 0.034),
    "jaw": (-0.750, 0.055),
}
"""Mean and standard deviation of measures on neutral faces: means between those of an anatomical head
model and of frontal neutral faces as the landmark network sees them, deviations from the head
model's identities, widened where the two differ. They rank frames; no Action Unit is measured from them."""
_UPPER = ("brow_inner", "brow_outer", "brow_side", "eye_opening")
_LOWER = ("lip_gap", "corner_width", "corner_over_lips")
"""What expressions move in either half. How high the mouth is set differs too much between people to
rank by."""
_BORDER = -0.02
"""Height (units of `geometry`) that parts the halves: between the lids, the lower ones going with
the cheeks."""
FRONTAL = 20.0
"""Degrees of yaw and pitch within which a frame is preferred."""
_SEED_SHARE = 0.05
_CLIMBS = 4
_RADIUS = 0.8
"""Population deviations within which frames are alike; a B-level smile moves corner_width by more."""
_NARROW = -2.5
"""Population deviations under which the eyes count as closing; such frames are taken only for want of
others."""
_SHUT = 1e6

_NAMES = tuple(POPULATION)
_MEAN = np.array([POPULATION[name][0] for name in _NAMES], dtype=np.float32)
_SD = np.array([POPULATION[name][1] for name in _NAMES], dtype=np.float32)
_COLUMNS = [measures.MEASURE_INDEX[name] for name in _NAMES]
_EYES = _NAMES.index("eye_opening")


def sample(blocks: Iterable[Rows], total: int) -> Rows | None:
    """Evenly spaced, not excluded rows of one track, at most `SAMPLE_ROWS`; None where there are none.

    `total` is how many rows the blocks hold in all, at least.
    """
    step = max(1, -(-total // SAMPLE_ROWS))
    kept, seen = [], 0
    for rows in blocks:
        usable = np.flatnonzero(rows.excluded == Exclusion.NONE)
        chosen = usable[(-seen % step) :: step]
        seen += len(usable)
        if len(chosen):
            kept.append(take(rows, chosen))
    return join(kept) if kept else None


def take(rows: Rows, chosen: Indices) -> Rows:
    return Rows(*(getattr(rows, name)[chosen] for name in Rows.__dataclass_fields__))


def join(parts: list[Rows]) -> Rows:
    return Rows(*(np.concatenate([getattr(p, name) for p in parts]) for name in Rows.__dataclass_fields__))


def estimate(rows: Rows) -> Neutral | None:
    """Neutral of one track from a sample of its rows; None where no row of it is measured.

    Works from one row on. An expression that every row holds becomes part of it.
    """
    usable = np.flatnonzero(rows.excluded == Exclusion.NONE)
    if not len(usable):
        return None
    usable = _most_frontal(rows, usable)
    shapes = canonical(rows.points[usable])
    standing = _standing(shapes)
    shut = _shut(standing)
    upper, lower = (_climb(_columns(standing, names), shut) for names in (_UPPER, _LOWER))
    above, below = np.median(shapes[upper], axis=0), np.median(shapes[lower], axis=0)
    shape = np.where(above[:, 1:2] > _BORDER, above, below)
    either, both = np.union1d(upper, lower), np.intersect1d(upper, lower)
    whole = usable[both if len(both) else either]
    return _neutral("estimated", take(rows, usable[either]), shape, take(rows, whole))


def marked(rows: Rows) -> Neutral:
    """Neutral of a stretch that is said to be neutral: of its rows, at least one, none of them excluded."""
    return _neutral("marked", rows, np.median(canonical(rows.points), axis=0), rows)


def _neutral(source: str, chosen: Rows, shape: F32, whole: Rows) -> Neutral:
    """Of the chosen rows; pose and code are those of `whole`."""
    return Neutral(
        source=source,
        frames=len(chosen.time),
        start=float(chosen.time.min()),
        end=float(chosen.time.max()),
        shape=shape.astype(np.float32),
        pose=np.median(whole.pose, axis=0).astype(np.float32),
        code=whole.code.mean(axis=0, dtype=np.float64).astype(np.float32),
    )


def _most_frontal(rows: Rows, usable: Indices) -> Indices:
    turn = np.abs(rows.pose[usable, :2]).max(axis=1)
    limit = max(FRONTAL, float(np.quantile(turn, _SEED_SHARE)))
    frontal: Indices = usable[turn <= limit]
    return frontal


def _standing(shapes: F32) -> F32:
    """(n, len(POPULATION)) how far each face stands from the population's mean, in its deviations."""
    found = measures.from_shape(shapes[:, measures.LANDMARKS_USED]).mean(axis=1)
    return np.asarray((found[:, _COLUMNS] - _MEAN) / _SD, dtype=np.float32)


def _columns(standing: F32, names: tuple[str, ...]) -> F32:
    return standing[:, [_NAMES.index(name) for name in names]]


def _shut(standing: F32) -> F32:
    return np.asarray(_SHUT * (standing[:, _EYES] < _NARROW), dtype=np.float32)


def _climb(standing: F32, burden: F32 | float = 0.0) -> Indices:
    """Which frames make the neutral of a half: (k,) indices, ascending, at least one.

    `standing` is (n, measures); `burden` (n,) sets frames back in the ranking.
    """
    load = (standing**2).sum(axis=1) + burden
    alike = np.sort(np.argsort(load, kind="stable")[: max(1, round(_SEED_SHARE * len(load)))])
    for _ in range(_CLIMBS):
        centre = np.median(standing[alike], axis=0)
        near = np.flatnonzero(np.abs(standing - centre).max(axis=1) <= _RADIUS)
        if not len(near) or np.array_equal(near, alike):
            break
        alike = near
    return alike
