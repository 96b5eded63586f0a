"""A recording cut into segments for pass 1, so that several workers may share it, and put together again.

A segment begins on the grid on which pass 1 starts anew, and its pictures are decoded as they are from the
recording's beginning, so the result does not depend on the cuts. A recording that cannot be cut safely has
one segment.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import cv2

from analysis.engine import pass1, spool_parts
from analysis.engine.clock import StageClock
from analysis.engine.decode import FrameReader
from analysis.engine.errors import NoFramesError
from analysis.engine.faces import FaceDetector
from analysis.engine.joining import join
from analysis.engine.landmarks import FaceLandmarker
from analysis.engine.probe import Limits, probe
from analysis.engine.result_types import Progress
from analysis.engine.runtime import Models
from analysis.engine.scan import Timeline, scan
from analysis.engine.spool import SpoolReader, SpoolWriter
from analysis.engine.stretch import LEAD, Stretch, StretchReader
from analysis.engine.tracks import BlockEdge, Follower, Tracklet
from analysis.engine.types import GRID, MediaInfo, fraction_of

FURTHEST = 300
"""Frames between a border and its keyframe up to which the border is kept, however short segments are; most
encoders put keyframes 250 frames apart at most."""
SPOOL = "spool"
"""Folder that a segment leaves."""


class SegmentsDifferError(Exception):
    """Segments do not make up the recording; it must be analysed in one piece (`Plan.in_one_piece`)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One segment; timestamps are in units of the stream's time base."""

    number: int
    """From 0."""
    first_frame: int
    """Index in the recording."""
    frames: int | None = None
    """None where the recording is in one piece: then decoding alone tells."""
    start: int | None = None
    """Timestamp of the first frame; None as above."""
    stop: int | None = None
    """Timestamp of the first frame after it; None at the end."""
    lead: int | None = None
    """See `Stretch`; None at the beginning."""
    key: int | None = None
    key_dts: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a recording is cut."""

    info: MediaInfo
    segments: tuple[Cut, ...]

    @property
    def in_one_piece(self) -> "Plan":
        """The same recording uncut."""
        return Plan(self.info, (Cut(0, 0),))

    @property
    def frames(self) -> int | None:
        """How many there are; where only the header promises some, how many that are, or None."""
        counts = [cut.frames for cut in self.segments if cut.frames is not None]
        if len(counts) == len(self.segments):
            return sum(counts)
        if self.info.duration is None or self.info.frame_rate is None:
            return None
        return max(1, round(self.info.duration * self.info.frame_rate))

    def to_json(self) -> dict[str, Any]:
        """In JSON's types."""
        rate = self.info.frame_rate
        stated = {
            "frame_rate": None if rate is None else str(rate),
            "time_base": str(self.info.time_base),
        }
        plain = asdict(self.info) | stated
        return {"info": plain, "segments": [asdict(cut) for cut in self.segments]}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """What `to_json` gave. Raises ValueError, or what else comes of what is none."""
        info, rate = plain["info"], plain["info"]["frame_rate"]
        fractions = {
            "frame_rate": None if rate is None else fraction_of(rate),
            "time_base": fraction_of(info["time_base"]),
        }
        return cls(MediaInfo(**(info | fractions)), tuple(Cut(**cut) for cut in plain["segments"]))


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """What merging wants to know of a segment beside its spool."""

    number: int
    first_frame: int
    frames: int
    """Decoded."""
    start_time: float
    end_time: float
    """Seconds, timestamps of the first and the last frame."""
    truncated: bool = False
    """The file is damaged or ends early; told of a recording in one piece alone."""
    damaged: bool = False
    """What was decoded is not what was planned; told of segments of several alone."""
    lead: tuple[int, ...] = ()
    """Checksums of the last pictures before the segment, as this segment decoded them."""
    tail: tuple[int, ...] = ()
    """Checksums of its own last pictures."""

    def to_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """What `to_json` gave, perhaps by way of a database."""
        return cls(**(plain | {name: tuple(plain[name]) for name in ("lead", "tail")}))


@dataclass(frozen=True, slots=True)
class Merged:
    """Pass 1 of the whole recording; what pass 2 works on."""

    info: MediaInfo
    decoded: pass1.Decoded
    truncated: bool
    folder: Path
    """Holds `spool`; pass 2 puts its temporary files here too."""


def plan(path: Path, limits: Limits, frames_a_segment: int | None = None, sha256: str | None = None) -> Plan:
    """Probe a recording and say where to cut it; None: in one piece.

    `frames_a_segment` is a multiple of `GRID`. Segments are longer where keyframes are so far apart that more
    would be decoded in vain than a segment has frames (or `FURTHEST`). The rest is as for `probe`.
    """
    if frames_a_segment is not None and (frames_a_segment <= 0 or frames_a_segment % GRID):
        raise ValueError(f"{frames_a_segment} frames a segment are no multiple of {GRID}")
    whole = Plan(probe(path, limits, sha256), (Cut(0, 0),))
    if frames_a_segment is None or (whole.frames is not None and whole.frames <= frames_a_segment):
        return whole
    timeline = scan(path, whole.info, limits)
    if timeline is None or len(timeline.pts) <= frames_a_segment:
        return whole
    return Plan(whole.info, _cuts(timeline, frames_a_segment))


def _cuts(timeline: Timeline, frames_a_segment: int) -> tuple[Cut, ...]:
    total, furthest = len(timeline.pts), max(frames_a_segment, FURTHEST)
    borders = [
        frame
        for frame in range(frames_a_segment, total, frames_a_segment)
        if frame - timeline.rank(timeline.before(_at(timeline, frame - LEAD)).pts) < furthest
    ]
    starts, stops = (0, *borders), (*borders, total)
    if not borders:
        return (Cut(0, 0),)
    return tuple(_cut(timeline, *one) for one in enumerate(zip(starts, stops, strict=True)))


def _cut(timeline: Timeline, number: int, span: tuple[int, int]) -> Cut:
    first, end = span
    stop = _at(timeline, end) if end < len(timeline.pts) else None
    cut = Cut(number, first, end - first, _at(timeline, first), stop)
    if not first:
        return cut
    lead = _at(timeline, first - LEAD)
    key = timeline.before(lead)
    return Cut(number, first, end - first, cut.start, stop, lead, key.pts, key.dts)


def _at(timeline: Timeline, frame: int) -> int:
    return int(timeline.pts[frame])


def run_segment(
    path: Path,
    folder: Path,
    plan: Plan,
    number: int,
    models: Models,
    limits: Limits,
    progress: Progress,
    clock: StageClock | None = None,
) -> SegmentFacts:
    """Pass 1 of one segment of the plan; leaves `spool` in `folder`, which must not hold one.

    `progress` is called with (`analysing`, frames done of the segment, its frames or None), and may raise
    `CancelledError`. Raises the subclasses of `EngineError` for a file that cannot be analysed.
    """
    cv2.setNumThreads(1)  # Its thread pool costs more than it gives on pictures of this size.
    clock, cut = clock or StageClock(), plan.segments[number]
    follower = Follower(FaceDetector(models), FaceLandmarker(models), clock)
    total = plan.frames if cut.frames is None else cut.frames
    with _reader(path, plan.info, limits, cut) as reader, SpoolWriter(folder / SPOOL) as spool:
        decoded = pass1.run(
            reader,
            follower,
            models.action_units,
            spool,
            lambda done: progress("analysing", done, total),
            clock,
        )
    if cut.frames is None and not decoded.frames:
        raise NoFramesError
    spool_parts.write_followed(folder / SPOOL, follower.tracklets, follower.edges)
    return _facts(cut, decoded, reader)


def _reader(path: Path, info: MediaInfo, limits: Limits, cut: Cut) -> FrameReader | StretchReader:
    if cut.frames is None or cut.start is None:
        return FrameReader(path, info, limits)
    stretch = Stretch(cut.first_frame, cut.frames, cut.start, cut.stop, cut.lead, cut.key, cut.key_dts)
    return StretchReader(path, info, limits, stretch)


def _facts(cut: Cut, decoded: pass1.Decoded, reader: FrameReader | StretchReader) -> SegmentFacts:
    facts = SegmentFacts(cut.number, cut.first_frame, decoded.frames, decoded.start_time, decoded.end_time)
    if isinstance(reader, FrameReader):
        return replace(facts, truncated=reader.truncated)
    return replace(facts, damaged=reader.damaged, lead=tuple(reader.lead), tail=tuple(reader.tail))


Part = tuple[Path, SegmentFacts]
"""A segment's folder, with `spool` in it, and its facts."""


def merge(plan: Plan, parts: Iterable[Part], folder: Path) -> Merged:
    """Put the segments' spools together to `spool` in `folder` and join the tracks over them.

    Parts are taken one at a time, in order, and used up, so that they may be fetched as they are asked for.
    Raises SegmentsDifferError where they do not make up what was planned.
    """
    tracklets: list[Tracklet] = []
    edges: list[BlockEdge] = []
    seen: list[SegmentFacts] = []
    for part, facts in parts:
        _check(plan, facts, seen[-1] if seen else None)
        followed = spool_parts.read_followed(part / SPOOL)
        tracklets += followed[0]
        edges += followed[1]
        if part != folder:
            spool_parts.add(part / SPOOL, folder / SPOOL)
        seen.append(facts)
    if len(seen) != len(plan.segments):
        raise SegmentsDifferError(f"{len(seen)} of {len(plan.segments)} segments")
    spool = SpoolReader(folder / SPOOL)
    spool.set_tracks(join(tracklets, edges))
    decoded = pass1.Decoded(sum(one.frames for one in seen), seen[0].start_time, seen[-1].end_time)
    return Merged(plan.info, decoded, any(one.truncated for one in seen), folder)


def _check(plan: Plan, facts: SegmentFacts, before: SegmentFacts | None) -> None:
    number = before.number + 1 if before else 0
    if facts.number != number or number >= len(plan.segments):
        raise SegmentsDifferError(f"segment {facts.number} in place {number}")
    cut = plan.segments[number]
    if facts.damaged or facts.first_frame != cut.first_frame or cut.frames not in {None, facts.frames}:
        raise SegmentsDifferError(f"segment {number} is not as planned")
    if before and (len(facts.lead) != LEAD or facts.lead != before.tail):
        raise SegmentsDifferError(f"segment {number} does not go on from the one before")
