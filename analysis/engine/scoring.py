"""Action Units from geometry: a track's rows and the person's neutral in, intensities with spread out.

The rows come in blocks and go out in blocks; what is kept between them is the measures (not the
landmarks) of the few rows that filters may still look at, so memory does not grow with the track.

The spread of an intensity has three sources, added as variances: the jitter of the landmarks, measured on
this track around this row and carried through the rule's gain; what the turn of the head may have added;
and what landmarks cannot tell about this AU at all (`Rule.model_sd`), which grows with the intensity.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from analysis.engine import lids, measures, neutral, temporal
from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.engine.au_rules import LID_MODEL_SD, RULES, Part, Rule, Sides
from analysis.engine.geometry import REFERENCE
from analysis.engine.types import F32, F64, AUSeries, AUState, Exclusion, Neutral, Rows

HALO_SECONDS = 0.7
"""How far ahead and back a row's score may look: the longest blink with its flanks."""
HALO_ROWS = temporal.JITTER_ROWS + 2
_LID_AUS = (43, 45, 46)
_TURN_SPANS = np.array([30.0, 20.0], dtype=np.float32)
"""Degrees that `Rule.yaw_leak` and `Rule.pitch_leak` are stated for."""
ALLOWANCE = 0.5
"""Share of what a turn may add that is taken off, and that goes into the spread."""
_HIDDEN_FROM, _HIDDEN_AT = 10.0, 45.0
"""Degrees of yaw between which the far side of the face counts less and less."""
_HIDDEN_SHARE = 0.15
_SIDED = np.array([au.sided for au in ACTION_UNITS])


class _Track(NamedTuple):
    """What scoring keeps of rows."""

    time: F64
    measures: F32
    """(n, 2, measures)"""
    pose: F32
    valid: temporal.Flags

    def since(self, row: int) -> "_Track":
        return _Track(self.time[row:], self.measures[row:], self.pose[row:], self.valid[row:])


def _fingerprint() -> str:
    """SHA-256 of every number and landmark that the scores follow from."""
    declared = (
        REFERENCE.landmarks,
        REFERENCE.places.tolist(),
        measures.MEASURES,
        RULES,
        LID_MODEL_SD,
        neutral.POPULATION,
        (lids.OPEN, lids.CLOSED, lids.BLINK_SECONDS),
    )
    return hashlib.sha256(repr(declared).encode()).hexdigest()


class GeometryModel:
    """Action Units by the declared rules of `au_rules`; the same number in, the same number out."""

    name = "geometry"
    version = "1"
    sha256 = _fingerprint()
    """Of the declared rules, so that a changed gain shows in every result."""
    scorable: frozenset[int] = frozenset(rule.au for rule in RULES) | frozenset(_LID_AUS)

    def score(self, rows: Rows, neutral_face: Neutral) -> AUSeries:
        """All rows of one track at once: for short tracks and single pictures."""
        blocks = list(self.score_track([rows], neutral_face))
        return concatenate(blocks) if blocks else _empty(0)

    def score_track(self, blocks: Iterable[Rows], neutral_face: Neutral) -> Iterator[AUSeries]:
        """Rows of one track, in order, in blocks of any size; the series of all rows, in order, in blocks.

        The blocks that come out need not be cut where those that went in were.
        """
        reference = neutral.reference_measures(neutral_face)
        held, done = _nothing(), 0
        for rows in blocks:
            held = _joined(held, _reduced(rows))
            ready = _settled(held.time)
            if ready > done:
                yield _score(held, reference, slice(done, ready))
                keep = _needed_from(held.time, ready)
                held, done = held.since(keep), ready - keep
        if done < len(held.time):
            yield _score(held, reference, slice(done, len(held.time)))


def concatenate(blocks: list[AUSeries]) -> AUSeries:
    """The rows of several series, one after the other; at least one."""
    fields = AUSeries.__dataclass_fields__
    return AUSeries(*(np.concatenate([getattr(block, name) for block in blocks], axis=1) for name in fields))


def _nothing() -> _Track:
    shape = (0, 2, measures.MEASURE_COUNT)
    return _Track(np.zeros(0), np.zeros(shape, np.float32), np.zeros((0, 3), np.float32), np.zeros(0, bool))


def _reduced(rows: Rows) -> _Track:
    valid = rows.excluded == Exclusion.NONE
    found = np.zeros((len(valid), 2, measures.MEASURE_COUNT), dtype=np.float32)
    if valid.any():
        found[valid] = measures.read(rows.points[valid])
    return _Track(rows.time, found, rows.pose, valid)


def _joined(first: _Track, second: _Track) -> _Track:
    return _Track(
        np.concatenate([first.time, second.time]),
        np.concatenate([first.measures, second.measures]),
        np.concatenate([first.pose, second.pose]),
        np.concatenate([first.valid, second.valid]),
    )


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
    state = np.full((AU_COUNT, n), AUState.NOT_SCORABLE, dtype=np.uint8)
    return AUSeries(intensity, left, right, spread, state)


class _Moved(NamedTuple):
    """Measures' movement from the neutral, its noise, and the rows' turn, for n rows."""

    delta: F32
    """(n, 2, measures)"""
    noise: F32
    """(n, 2, measures) standard deviation."""
    turn: F32
    """(n, 2) |yaw| and |pitch| in the spans leaks are stated for."""
    shares: F32
    """(n, 2) how much each side counts; sums to 1."""


def _score(track: _Track, reference: F32, wanted: slice) -> AUSeries:
    """Series of the wanted rows, looking at all of the track that is held."""
    moved = _movement(track, reference, wanted)
    closings = lids.closing(_opening(track.measures), _opening(reference[None])[0])
    found = lids.separate(closings, track.time, track.valid)
    series = _empty(wanted.stop - wanted.start)
    for rule in RULES:
        _write(series, rule.au, *_apply(rule, moved), _shares(rule.sides, moved.shares))
    spread = _lid_spread(moved, reference, closings[wanted])
    for au, sides in zip(_LID_AUS, (found.closed, found.blink, found.wink), strict=True):
        shares = None if au == 46 else moved.shares
        _write(series, au, sides[wanted], spread, shares)
    _hide(series, track.valid[wanted])
    return series


def _opening(found: F32) -> F32:
    return found[..., measures.MEASURE_INDEX["eye_opening"]]


def _movement(track: _Track, reference: F32, wanted: slice) -> _Moved:
    n = len(track.time)
    flat = track.measures.reshape(n, -1)
    noise = temporal.jitter(flat, track.time, track.valid).reshape(track.measures.shape)[wanted]
    smoothed = temporal.smooth(track.measures, track.time, track.valid)
    left = smoothed.noise[wanted, None, None]
    fast = measures.FAST
    values = np.where(fast, track.measures[wanted], smoothed.values[wanted])
    turn = np.asarray(np.abs(track.pose[wanted, :2]) / _TURN_SPANS, dtype=np.float32)
    return _Moved(
        values - reference, noise * np.where(fast, 1, left), turn, _sides_seen(track.pose[wanted, 0])
    )


def _sides_seen(yaw: F32) -> F32:
    """(n, 2) share of left and right: yaw > 0 turns the left side away."""
    away = np.stack([yaw, -yaw], axis=1)
    seen = 1 - (1 - _HIDDEN_SHARE) * np.clip((away - _HIDDEN_FROM) / (_HIDDEN_AT - _HIDDEN_FROM), 0, 1)
    return np.asarray(seen / seen.sum(axis=1, keepdims=True), dtype=np.float32)


def _shares(sides: Sides, seen: F32) -> F32 | None:
    return seen if sides is Sides.MEAN else None


def _apply(rule: Rule, moved: _Moved) -> tuple[F32, F32]:
    """A rule's intensity and spread, each (n, 2)."""
    total = np.zeros(moved.delta.shape[:2], dtype=np.float32)
    variance = np.zeros_like(total)
    for term in rule.terms:
        column = measures.MEASURE_INDEX[term.measure]
        total += term.weight * _part(moved.delta[:, :, column], term.part)
        variance += (term.weight * moved.noise[:, :, column]) ** 2
    turned = np.hypot(rule.yaw_leak * moved.turn[:, 0], rule.pitch_leak * moved.turn[:, 1])[:, None]
    gain = 5 / (rule.full - rule.dead)
    intensity = np.clip(gain * (total - rule.dead - ALLOWANCE * turned), 0, 5)
    model = rule.model_sd * (0.5 + 0.1 * intensity)
    return intensity, np.sqrt(gain**2 * (variance + (ALLOWANCE * turned) ** 2) + model**2)


def _part(delta: F32, part: Part) -> F32:
    if part is Part.RISE:
        return np.maximum(delta, 0)
    if part is Part.FALL:
        return np.minimum(delta, 0)
    return delta


def _lid_spread(moved: _Moved, reference: F32, closings: F32) -> F32:
    noise = moved.noise[:, :, measures.MEASURE_INDEX["eye_opening"]]
    carried = noise * lids.gain(_opening(reference[None])[0])
    return np.asarray(np.hypot(carried, LID_MODEL_SD * (0.5 + 0.1 * closings)), dtype=np.float32)


def _write(series: AUSeries, au: int, sides: F32, spread: F32, shares: F32 | None) -> None:
    """Put (n, 2) sides into the series; `shares` None takes the stronger side."""
    i = AU_INDEX[au]
    if shares is None:
        stronger = sides.argmax(axis=1)[:, None]
        series.intensity[i] = np.take_along_axis(sides, stronger, axis=1)[:, 0]
        series.spread[i] = np.take_along_axis(spread, stronger, axis=1)[:, 0]
    else:
        series.intensity[i] = (sides * shares).sum(axis=1)
        series.spread[i] = np.sqrt(((spread * shares) ** 2).sum(axis=1))
    if _SIDED[i]:
        series.left[i], series.right[i] = sides[:, 0], sides[:, 1]
    series.state[i] = AUState.SCORED


def _hide(series: AUSeries, valid: temporal.Flags) -> None:
    """Rows that were excluded have no numbers, and say why."""
    hidden = ~valid
    for values in (series.intensity, series.left, series.right, series.spread):
        values[:, hidden] = np.nan
    scored = series.state == AUState.SCORED
    series.state[scored & hidden] = AUState.NOT_VISIBLE
