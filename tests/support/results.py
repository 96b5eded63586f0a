"""A made-up but coherent analysis: the same courses give the frame rows and the result.

Nothing here comes from a recording. A person looks up, smiles with and without AU6,
blinks, turns away for a while and leaves the picture once.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX, AU_NUMBERS, PRESENT_FROM
from analysis.engine.evidence import evidence_of
from analysis.engine.finding_types import (
    Activity,
    AUSummary,
    Component,
    EmotionEpisode,
    Event,
    Signal,
    SignalPoint,
    Smiles,
    TrackQuality,
    TrackResult,
    Withheld,
)
from analysis.engine.findings.signal_table import SIGNALS, ComponentRule
from analysis.engine.result_types import AnalysisResult, ModelFact
from analysis.engine.types import F32, U8, AUSeries, AUState, Exclusion, Interval, MediaInfo, Neutral, Rows
from tests.support import displays
from tests.support.cards import example_card

FRAME_RATE = 30
UNSEEN = 44
"""An Action Unit that is not visible in any frame."""
SEEN = tuple(number for number in AU_NUMBERS if number != UNSEEN)
PERIOD = 40.0
"""Seconds after which the courses repeat."""


def _bump(time: F32, start: float, end: float, peak: float, rise: float = 0.35) -> F32:
    """An activation between two seconds of every period: half a cosine up, level, half a cosine down."""
    local = np.mod(time, PERIOD)
    up = np.clip((local - start) / rise, 0, 1)
    down = np.clip((end - local) / rise, 0, 1)
    return (peak * 0.5 * (1 - np.cos(np.pi * np.minimum(up, down)))).astype(np.float32)


def _courses(time: F32) -> dict[int, F32]:
    """Intensity by AU number."""
    smile = _bump(time, 4, 8, 3.4) + _bump(time, 20, 23, 2.2) + _bump(time, 31, 36, 4.1)
    speech = np.where(np.mod(time, PERIOD) > 9, 1.1 + 0.9 * np.sin(time * 9.0), 0.1)
    blink = np.maximum.reduce([_bump(time, at, at + 0.3, 4.8, 0.12) for at in np.arange(1.0, 39, 3.1)])
    return {
        1: _bump(time, 1, 3, 2.8) + _bump(time, 26, 29, 3.7),
        2: _bump(time, 1, 3, 2.3) + _bump(time, 26, 29, 3.1),
        4: _bump(time, 10, 14, 2.6),
        5: _bump(time, 26, 29, 1.9),
        6: _bump(time, 4, 8, 2.7) + _bump(time, 31, 36, 3.2),
        7: _bump(time, 10, 14, 1.7),
        12: smile,
        15: _bump(time, 15, 17, 1.6),
        17: _bump(time, 15, 17.4, 2.1),
        24: _bump(time, 12, 14, 2.4),
        25: np.maximum(speech, 0),
        26: np.maximum(speech - 0.8, 0),
        31: _bump(time, 12, 14, 1.9),
        45: blink,
    }


def _times(count: int, first: int = 0) -> F32:
    return (np.arange(first, first + count) / FRAME_RATE).astype(np.float64)


def _exclusions(time: F32) -> U8:
    """Turned away for two seconds, gone for one and a half, in each period."""
    local = np.mod(time, PERIOD)
    excluded = np.zeros(len(time), np.uint8)
    excluded[(local >= 17.5) & (local < 19.5)] = Exclusion.TURNED_AWAY
    excluded[(local >= 24) & (local < 25.5)] = Exclusion.NO_FACE
    excluded[(local >= 29.5) & (local < 29.9)] = Exclusion.BLURRED
    return excluded


def _series(time: F32, excluded: U8) -> AUSeries:
    count = len(time)
    intensity = np.full((AU_COUNT, count), np.nan, np.float32)
    left, right = intensity.copy(), intensity.copy()
    state = np.full((AU_COUNT, count), AUState.NOT_VISIBLE, np.uint8)
    courses = _courses(time)
    for number in SEEN:
        row, unit = AU_INDEX[number], ACTION_UNITS[AU_INDEX[number]]
        course = np.clip(courses.get(number, np.zeros(count)), 0, 5).astype(np.float32)
        intensity[row] = course
        state[row] = AUState.SCORED
        if unit.sided:
            left[row] = course * (0.35 if number == 15 else 0.95)
            right[row] = course
    gone = excluded != Exclusion.NONE
    for values in (intensity, left, right):
        values[:, gone] = np.nan
    state[:, gone] = AUState.NOT_VISIBLE
    spread = np.where(np.isnan(intensity), np.nan, 0.35 + 0.05 * intensity).astype(np.float32)
    return AUSeries(intensity, left, right, spread, state)


def _rows(first: int, time: F32, track: int) -> Rows:
    count = len(time)
    excluded = _exclusions(time)
    none = excluded == Exclusion.NO_FACE
    pose = np.stack(
        [
            np.where(excluded == Exclusion.TURNED_AWAY, 48.0, 9 * np.sin(time / 3)),
            5 * np.cos(time / 5),
            2 * np.sin(time / 2),
        ],
        axis=1,
    ).astype(np.float32)
    box = np.tile(np.array([210, 120, 190, 230], np.float32), (count, 1))
    confidence = np.full(count, 0.97, np.float32)
    for values in (pose, box, confidence):
        values[none] = 0
    return Rows(
        frame=np.arange(first, first + count, dtype=np.int32),
        time=time,
        track=np.where(none, -1, track).astype(np.int32),
        box=box,
        confidence=confidence,
        pose=pose,
        gaze=np.zeros((count, 2), np.float32),
        quality=np.tile(np.array([320, 118, 1], np.float32), (count, 1)),
        excluded=excluded,
        points=np.zeros((count, 478, 3), np.float32),
        code=np.zeros((count, 0), np.float32),
    )


def example_frames(count: int, track: int = 1, block: int = 256) -> Iterator[tuple[Rows, AUSeries]]:
    """`count` frames in blocks of pass-1 rows with their Action Units."""
    for first in range(0, count, block):
        time = _times(min(block, count - first), first)
        rows = _rows(first, time, track)
        yield rows, _series(time, rows.excluded)


def _summaries(series: AUSeries) -> tuple[AUSummary, ...]:
    return tuple(_summary(unit.number, unit.sided, row, series) for row, unit in enumerate(ACTION_UNITS))


def _summary(number: int, sided: bool, row: int, series: AUSeries) -> AUSummary:
    values = series.intensity[row]
    values = values[np.isfinite(values)]
    if not len(values):
        code = AUState(int(series.state[row].min())).code
        return AUSummary(number, code, 0, None, None, None, None, None, None)
    mean = float(values.mean())
    half = 0.08 + 0.05 * mean
    return AUSummary(
        au=number,
        state=AUState.SCORED.code,
        scored_frames=len(values),
        mean=Interval(mean, max(0.0, mean - half), min(5.0, mean + half)),
        p95=float(np.percentile(values, 95)),
        maximum=float(values.max()),
        present_share=float((values >= PRESENT_FROM).mean()),
        left_mean=float(np.nanmean(series.left[row])) if sided else None,
        right_mean=float(np.nanmean(series.right[row])) if sided else None,
    )


def _runs_above(values: F32, low: float) -> list[tuple[int, int]]:
    above = np.concatenate([[False], np.nan_to_num(values) >= low, [False]])
    edges = np.flatnonzero(above[1:] != above[:-1])
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _events(time: F32, series: AUSeries) -> tuple[Event, ...]:
    events = []
    for number in SEEN:
        values = series.intensity[AU_INDEX[number]]
        for first, last in _runs_above(values, 0.5):
            apex = first + int(np.nanargmax(values[first : last + 1]))
            peak = float(values[apex])
            if peak >= PRESENT_FROM:
                events.append(_event(number, first, apex, last, time, peak))
    return tuple(sorted(events, key=lambda event: (event.onset, event.au)))


def _event(number: int, first: int, apex: int, last: int, time: F32, peak: float) -> Event:
    onset, at, offset = (float(time[i]) for i in (first, apex, last))
    return Event(
        au=number,
        side="right" if number == 15 else "both",
        onset=onset,
        apex=at,
        offset=offset,
        peak=peak,
        onset_velocity=peak / max(at - onset, 1 / FRAME_RATE),
        offset_velocity=peak / max(offset - at, 1 / FRAME_RATE),
        first_frame=first,
        apex_frame=apex,
        last_frame=last,
    )


def _signal(key: str, seconds: float, middle: float, swing: float, phase: float) -> Signal:
    points = []
    for second in np.arange(2.0, max(seconds - 1, 2.5), 1.0):
        local = second % PERIOD
        if 17.5 <= local < 20 or 24 <= local < 26:
            continue
        value = float(middle + swing * np.sin(second / 6 + phase))
        half = 6 + 3 * abs(float(np.sin(second / 9)))
        points.append(SignalPoint(float(second), value, max(0.0, value - half), min(100.0, value + half)))
    overall = float(np.mean([point.value for point in points]))
    return Signal(
        key=key,
        overall=Interval(overall, overall - 7.5, overall + 7.5),
        series=tuple(points),
        components=tuple(_component(place, rule, seconds) for place, rule in enumerate(SIGNALS[key])),
    )


def _component(place: int, rule: ComponentRule, seconds: float) -> Component:
    level = max(0.0, 0.62 - 0.11 * place)
    moved = rule.direction * rule.weight * level
    moments = displays.example_moments(place, moved, seconds) if moved else ()
    return Component(rule.key, rule.weight, level, moved, moments=moments)


def _emotions(seconds: float) -> tuple[EmotionEpisode, ...]:
    episodes = (
        EmotionEpisode("happiness", "6C+12C+25B", 4.3, 6.0, 7.8, Interval(82, 70, 91)),
        EmotionEpisode("surprise", "1D+2C+5B+26B", 26.2, 27.5, 28.8, Interval(64, 48, 77)),
        EmotionEpisode("happiness", "6C+12D+25B", 31.4, 33.0, 35.6, Interval(88, 77, 95)),
    )
    return tuple(episode for episode in episodes if episode.end < seconds)


def _activity(series: AUSeries, seconds: float) -> Activity:
    bins = min(600, series.intensity.shape[1])
    parts = np.array_split(series.intensity, bins, axis=1)
    means = [
        np.where(np.isfinite(part).any(axis=1), np.nan_to_num(part).mean(axis=1), np.nan) for part in parts
    ]
    return Activity(0.0, seconds / bins, np.stack(means, axis=1).astype(np.float32))


def _counts(excluded: U8) -> dict[str, int]:
    return {
        reason.code: int((excluded == reason).sum())
        for reason in Exclusion
        if reason is not Exclusion.NONE and (excluded == reason).any()
    }


def example_track(frames: int, track: int = 1) -> TrackResult:
    """A track seen from the first frame to the last."""
    time = _times(frames)
    excluded = _exclusions(time)
    series = _series(time, excluded)
    seconds = float(time[-1])
    scored = int((excluded == Exclusion.NONE).sum())
    counts = _counts(excluded)
    counts.pop("no_face", None)
    return TrackResult(
        track=track,
        start=0.0,
        end=seconds,
        quality=TrackQuality(
            frames=int((excluded != Exclusion.NO_FACE).sum()),
            scored_frames=scored,
            scored_seconds=scored / FRAME_RATE,
            excluded=counts,
            median_face_width=190.0,
            median_sharpness=320.0,
            median_luma=118.0,
            median_yaw=-6.5,
            median_pitch=3.0,
            covered_share=0.04,
            coverage=0.83,
        ),
        neutral=Neutral("estimated", 48, 8.2, 9.8, np.zeros((478, 3), np.float32)),
        summaries=_summaries(series),
        events=_events(time, series),
        emotions=_emotions(seconds),
        signals=(
            _signal("trust", seconds, 61, 14, 0.0),
            _signal("credibility", seconds, 55, 9, 1.2),
            _signal("resistance", seconds, 38, 17, 2.6),
        ),
        smiles=Smiles(2, 1, 8.4, 2.7),
        activity=_activity(series, seconds),
        smile_displays=displays.example_smiles(seconds),
        blinks=displays.example_blinks(seconds),
        movements=displays.example_movements(seconds),
        emotion_scores=displays.example_scores(),
        own_range=displays.example_range(scored / FRAME_RATE),
    )


def unscored_track(frames: int, track: int = 2) -> TrackResult:
    """Somebody seen, but never well enough for a number."""
    none = AUSummary(0, AUState.NOT_VISIBLE.code, 0, None, None, None, None, None, None)
    summaries = tuple(
        AUSummary(unit.number, none.state, 0, None, None, None, None, None, None) for unit in ACTION_UNITS
    )
    signals = tuple(Signal(key, None, (), ()) for key in SIGNALS)
    empty = Activity(0.0, 1.0, np.full((AU_COUNT, 1), np.nan, np.float32))
    quality = TrackQuality(frames, 0, 0.0, {"face_too_small": frames}, 31.0, 40.0, 96.0)
    return TrackResult(
        track,
        0.0,
        frames / FRAME_RATE,
        quality,
        None,
        summaries,
        (),
        (),
        signals,
        Smiles(0, 0, 0.0, 0.0),
        empty,
    )


def withheld_track(frames: int, track: int = 2) -> TrackResult:
    """Somebody of whom nothing may be measured."""
    nothing = float("nan")
    return TrackResult(
        track=track,
        start=0.0,
        end=frames / FRAME_RATE,
        quality=TrackQuality(frames, 0, 0.0, {"withheld": frames}, nothing, nothing, nothing),
        neutral=None,
        summaries=(),
        events=(),
        emotions=(),
        signals=(),
        smiles=None,
        activity=Activity(0.0, 0.0, np.zeros((0, 0), np.float32)),
        withheld=Withheld("own_staff", "role_not_allowed"),
    )


def example_media() -> MediaInfo:
    return MediaInfo(
        sha256="3f" * 32,
        size=4_812_334,
        container="mov,mp4,m4a,3gp,3g2,mj2",
        codec="h264",
        width=640,
        height=480,
        rotation=0,
        frame_rate=Fraction(FRAME_RATE, 1),
        time_base=Fraction(1, 15360),
        duration=20.0,
        has_audio=True,
    )


def example_result(
    frames: int = 1200,
    *,
    tracks: tuple[TrackResult, ...] | None = None,
    warnings: tuple[str, ...] = (),
) -> AnalysisResult:
    """A result over `frames` frames at 30 a second, by default with one person."""
    tracks = (example_track(frames),) if tracks is None else tracks
    return AnalysisResult(
        engine_version="0.1.0",
        configuration={"present_from": 1.5, "neutral": "estimated", "window_seconds": 4},
        configuration_sha256="9b" * 32,
        models=(ModelFact("face_detection_short_range", "1a" * 32), ModelFact("echodepth-au", "2c" * 32)),
        media=example_media(),
        frames=frames,
        start_time=0.0,
        end_time=(frames - 1) / FRAME_RATE,
        excluded=_counts(_exclusions(_times(frames))),
        frames_sha256="7d" * 32,
        warnings=warnings,
        tracks=tracks,
        evidence=evidence_of(example_card()),
    )


def example_blocks(count: int, track: int = 1) -> Iterator[dict[str, np.ndarray]]:
    """The rows of `example_frames` as blocks of the frame table's columns by name."""
    for rows, series in example_frames(count, track):
        codes = [Exclusion(reason).code for reason in rows.excluded]
        block = {
            "frame": rows.frame,
            "time": rows.time,
            "track": rows.track,
            "face_confidence": rows.confidence,
            "excluded": np.array(codes),
        }
        block |= dict(zip(("yaw", "pitch", "roll"), rows.pose.T, strict=True))
        for row, unit in enumerate(ACTION_UNITS):
            block |= {
                unit.code: series.intensity[row],
                f"{unit.code}_left": series.left[row],
                f"{unit.code}_right": series.right[row],
            }
        yield block
