"""Where a recording may be cut: its timestamps and keyframes, read without decoding it."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from analysis.engine.containers import opened, packets, video_stream
from analysis.engine.decode import Whereabouts
from analysis.engine.errors import TooLongError
from analysis.engine.probe import Limits
from analysis.engine.types import MediaInfo

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream

I64 = NDArray[np.int64]
MOST_FRAMES = 5_000_000
"""More than three hours have at 400 frames a second; bounds the memory that a hostile file takes."""
_MOST_REORDERED = 32
"""Places by which a frame may be shown earlier or later than it is stored; codecs allow for 16."""
_TRIED = 64
"""Pictures decoded to see that they come as their packets say."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """Where decoding may begin, in units of the stream's time base."""

    pts: int
    dts: int | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every frame's timestamp, rising, and the keyframes, in the same order."""

    pts: I64
    keyframes: tuple[Keyframe, ...]

    def before(self, pts: int) -> Keyframe:
        """The last keyframe shown at a timestamp or before; there is one for each frame."""
        return self.keyframes[bisect_right(self.keyframes, pts, key=lambda one: one.pts) - 1]

    def rank(self, pts: int) -> int:
        """How many frames are shown before a timestamp."""
        return int(np.searchsorted(self.pts, pts))


def scan(path: Path, info: MediaInfo, limits: Limits) -> Timeline | None:
    """None where frames cannot be told apart by their timestamps, or the file is damaged or ends early.

    Raises TooLongError.
    """
    timeline = _read(path, info)
    if timeline is None or not _comes_in_order(path, timeline):
        return None
    seconds = float(int(timeline.pts[-1] - timeline.pts[0]) * info.time_base)
    if seconds > limits.max_seconds:
        raise TooLongError(seconds=seconds, limit=limits.max_seconds)
    return timeline


def _read(path: Path, info: MediaInfo) -> Timeline | None:
    shown, keyframes, seen = array("q"), [], Whereabouts()
    with opened(path) as container:
        stream = video_stream(container)
        try:
            for packet in packets(container, stream, *container.streams.audio):
                seen.see(packet)
                if packet.is_corrupt:
                    return None
                if packet.stream is not stream or not packet.size:
                    continue
                if packet.pts is None or len(shown) == MOST_FRAMES:
                    return None
                if packet.is_keyframe:
                    keyframes.append(Keyframe(packet.pts, packet.dts))
                if _is_shown(packet, stream):
                    shown.append(packet.pts)
                if not keyframes or packet.pts < keyframes[0].pts:
                    return None
        except av.FFmpegError:
            return None
        if not shown or seen.ends_early(container, stream, info):
            return None
    return _ordered(np.frombuffer(shown, dtype=np.int64), keyframes)


def _ordered(stored: I64, keyframes: list[Keyframe]) -> Timeline | None:
    """None where timestamps come twice, or go back further than reordering takes them (joined recordings)."""
    order = np.argsort(stored, kind="stable")
    pts = stored[order]
    moved = np.abs(order - np.arange(len(order)))
    if (np.diff(pts) <= 0).any() or moved.max() > _MOST_REORDERED:
        return None
    return Timeline(pts, tuple(sorted(keyframes, key=lambda one: one.pts)))


def _is_shown(packet: "Packet[Stream]", stream: VideoStream) -> bool:
    """Edit lists hide pictures, and VP8 stores some that are only there to be referred to."""
    if packet.is_discard:
        return False
    return stream.codec_context.name != "vp8" or bool(memoryview(packet)[0] & 0x10)


def _comes_in_order(path: Path, timeline: Timeline) -> bool:
    """Whether the first pictures come at the first timestamps; AVI states those of B-frames wrongly."""
    with opened(path) as container:
        stream = video_stream(container)
        stream.thread_type = "NONE"
        try:
            for picture, pts in zip(container.decode(stream), timeline.pts[:_TRIED].tolist(), strict=False):
                if picture.pts != pts:
                    return False
        except av.FFmpegError:
            return False
    return True
