"""Action Units of a track: its rows and the person's neutral in, intensities with spread out.

The rows come in blocks and go out in blocks; what is kept between them is what the network said of the few
rows that filters may still look at, so memory does not grow with the track.

The network looks at one frame at a time. Its intensities are averaged over neighbouring rows; the spread
stays that of one frame, since errors of frames so near each other are mostly the same error. So are those of
a face's two sides, which is why their spreads are averaged and not added as variances.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import numpy as np

from analysis.engine import lids, measures, temporal
from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.engine.au_network import Estimate
from analysis.engine.neutral import take
from analysis.engine.temporal import Flags
from analysis.engine.types import F32, F64, AUSeries, AUState, Exclusion, Neutral, Rows

HALO_SECONDS = 0.7
"""How far ahead and back a row's score may look: the longest blink with its flanks."""
HALO_ROWS = temporal.SMOOTH_ROWS
VISIBLE_FROM = 0.3
"""Share of the skin that shows an AU on one side of the face from which that side is measured."""
_CLOSED, _BLINK, _WINK = (AU_INDEX[au] for au in (43, 45, 46))
_OPENING = measures.MEASURE_INDEX["eye_opening"]
_LIDS = [_CLOSED, _BLINK, _WINK]
_OF_OPEN_EYES = [AU_INDEX[au] for au in (5, 7)]
"""Lids raised or tightened: told by the opening that they leave."""
SHUT_FROM = 2.5
"""Intensity of AU43 (C) from which an eye is no longer open; a blink is over too soon to matter."""
STRONGER = np.array([au.number in {30, 36, 46} for au in ACTION_UNITS])
"""(44,) whose intensity is that of the stronger side, being one-sided by definition."""
_HIDDEN_FROM, _HIDDEN_AT = 10.0, 45.0
"""Degrees of yaw between which the far side of the face counts less and less."""
_HIDDEN_SHARE = 0.15
_SIDED = np.array([au.sided for au in ACTION_UNITS])


class Comparing(Protocol):
    """The network, as scoring uses it."""

    def compare(self, rows: Rows, neutral: Neutral) -> Estimate: ...


class _Track(NamedTuple):
    """What scoring keeps of n rows; sides are left then right."""

    time: F64
    intensity: F32
    """(n, 44, 2)"""
    spread: F32
    """(n, 44, 2)"""
    seen: Flags
    """(n, 44, 2)"""
    yaw: F32
    valid: Flags

    def since(self, row: int) -> "_Track":
        return _Track._make(values[row:] for values in self)


def score(rows: Rows, neutral: Neutral, network: Comparing) -> AUSeries:
    """All rows of one track at once: for short tracks and single pictures."""
    return concatenate([*score_track([rows], neutral, network), _empty(0)])


def score_track(blocks: Iterable[Rows], neutral: Neutral, network: Comparing) -> Iterator[AUSeries]:
    """Rows of one track, in order, in blocks of any size; the series of all rows, in order, in blocks.

    The blocks that come out need not be cut where those that went in were.
    """
    held, done = _NOTHING, 0
    for rows in blocks:
        held = _joined(held, _compared(rows, neutral, network))
        ready = _settled(held.time)
        if ready > done:
            yield _score(held, slice(done, ready))
            keep = _needed_from(held.time, ready)
            held, done = held.since(keep), ready - keep
    if done < len(held.time):
        yield _score(held, slice(done, len(held.time)))


_SIDES = (AU_COUNT, 2)
_NOTHING = _Track(
    time=np.zeros(0, np.float64),
    intensity=np.zeros((0, *_SIDES), np.float32),
    spread=np.zeros((0, *_SIDES), np.float32),
    seen=np.zeros((0, *_SIDES), np.bool_),
    yaw=np.zeros(0, np.float32),
    valid=np.zeros(0, np.bool_),
)


def concatenate(blocks: list[AUSeries]) -> AUSeries:
    """The rows of several series, one after the other; at least one."""
    fields = AUSeries.__dataclass_fields__
    return AUSeries(*(np.concatenate([getattr(block, name) for block in blocks], axis=1) for name in fields))


def _compared(rows: Rows, neutral: Neutral, network: Comparing) -> _Track:
    valid = rows.excluded == Exclusion.NONE
    found = network.compare(take(rows, np.flatnonzero(valid)), neutral)
    intensity, spread = (np.zeros((len(valid), *_SIDES), dtype=np.float32) for _ in range(2))
    seen = np.zeros((len(valid), *_SIDES), dtype=bool)
    intensity[valid], spread[valid] = found.intensity, found.spread
    intensity[valid, _CLOSED], spread[valid, _CLOSED] = _closing(rows.points[valid], neutral, found)
    seen[valid] = found.visibility >= VISIBLE_FROM
    return _Track(rows.time, intensity, spread, seen, rows.pose[:, 0], valid)


def _closing(points: F32, neutral: Neutral, found: Estimate) -> tuple[F32, F32]:
    """How far both eyes of n faces are closed, and its spread; (n, 2) each.

    Read from the lids' landmarks, which follow a blink better than the network does; what the two readings
    are apart widens the network's spread.
    """
    resting = measures.from_shape(neutral.shape[None, measures.LANDMARKS_USED])[0]
    closing = lids.closing(measures.read(points)[..., _OPENING], resting[:, _OPENING])
    apart = (closing - found.intensity[:, _CLOSED]) / 2
    return closing, np.hypot(found.spread[:, _CLOSED], apart)


def _joined(first: _Track, second: _Track) -> _Track:
    joined = (np.concatenate([getattr(first, name), getattr(second, name)]) for name in _Track._fields)
    return _Track._make(joined)


def _settled(time: F64) -> int:
    """How many rows have all the rows after them that their score looks at."""
    if not len(time):
        return 0
    return max(0, min(int(np.searchsorted(time, time[-1] - HALO_SECONDS)), len(time) - HALO_ROWS))


def _needed_from(time: F64, ready: int) -> int:
    """First row that the rows from `ready` on still look back at."""
    return max(0, min(int(np.searchsorted(time, time[ready] - HALO_SECONDS)), ready - HALO_ROWS))


def _empty(n: int) -> AUSeries:
    intensity, left, right, spread = (np.full((AU_COUNT, n), np.nan, dtype=np.float32) for _ in range(4))
    return AUSeries(intensity, left, right, spread, np.full((AU_COUNT, n), AUState.NOT_VISIBLE, np.uint8))


def _score(track: _Track, wanted: slice) -> AUSeries:
    """Series of the wanted rows, looking at all of the track that is held."""
    sides = temporal.smooth(track.intensity, track.time, track.valid)[wanted]
    spread, seen = track.spread[wanted].copy(), track.seen[wanted].copy()
    sides[:, _LIDS] = np.stack(_lids(track), axis=1)[wanted]
    spread[:, [_BLINK, _WINK]] = spread[:, [_CLOSED]]
    seen[:, _BLINK] = seen[:, _CLOSED]
    # Both eyes must be seen for one of them to be winking.
    seen[:, _WINK] = seen[:, _CLOSED].all(axis=1, keepdims=True)
    seen[:, _OF_OPEN_EYES] &= (sides[:, _CLOSED] < SHUT_FROM)[:, None]
    return _series(sides, spread, seen, _sides_seen(track.yaw[wanted]))


def _lids(track: _Track) -> lids.Lids:
    """A hidden eye is taken to do what the other one does."""
    closing, seen = track.intensity[:, _CLOSED], track.seen[:, _CLOSED]
    return lids.separate(np.where(seen, closing, closing[:, ::-1]), track.time, track.valid)


def _series(sides: F32, spread: F32, seen: Flags, facing: F32) -> AUSeries:
    """Of n rows: sides, spread, seen (n, 44, 2), facing (n, 2)."""
    shares = _shares(sides, seen, facing)
    series = _empty(len(sides))
    here = seen.any(axis=2).T
    series.state[here] = AUState.SCORED
    series.intensity[here] = (sides * shares).sum(axis=2).T[here]
    series.spread[here] = (spread * shares).sum(axis=2).T[here]
    for side, values in enumerate((series.left, series.right)):
        kept = seen[:, :, side].T & _SIDED[:, None]
        values[kept] = sides[:, :, side].T[kept]
    return series


def stills(found: Estimate, yaw: F32) -> AUSeries:
    """What is printed of n single frames, `yaw` (n,) degrees; not of the lids, which time tells apart."""
    return _series(found.intensity, found.spread, found.visibility >= VISIBLE_FROM, _sides_seen(yaw))


def _shares(sides: F32, seen: Flags, facing: F32) -> F32:
    """(n, 44, 2) how much each side counts; sums to 1, or to 0 where neither is seen."""
    counted = np.where(seen, facing[:, None], np.float32(0))
    stronger = np.where(seen, sides, -1).argmax(axis=2)[..., None] == np.arange(2)
    counted = np.where(STRONGER[:, None], stronger & seen, counted)
    return np.asarray(counted / np.maximum(counted.sum(axis=2, keepdims=True), 1e-6), dtype=np.float32)


def _sides_seen(yaw: F32) -> F32:
    """(n, 2) how much left and right count, 0-1: yaw > 0 turns the left side away."""
    away = np.stack([yaw, -yaw], axis=1)
    turned = np.clip((away - _HIDDEN_FROM) / (_HIDDEN_AT - _HIDDEN_FROM), 0, 1)
    return np.asarray(1 - (1 - _HIDDEN_SHARE) * turned, dtype=np.float32)
