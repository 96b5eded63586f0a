"""Every picture of a recording, upright, with its own timestamp."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from analysis.engine.containers import opened, video_stream
from analysis.engine.errors import TooLargeError, TooLongError
from analysis.engine.probe import Limits
from analysis.engine.types import U8, Frame, MediaInfo

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_MISSING_SHARE = 0.02
"""Of the promised pictures or seconds; headers are off by less (edit lists, a last frame's length)."""
_MISSING_SECONDS = 1.0


class FrameReader:
    """Iterate once over all pictures of a file, within a `with` block.

    Afterwards `truncated` says whether the file is damaged or ends before its header says it does; what
    could be decoded has been given by then.
    """

    def __init__(self, path: Path, info: MediaInfo, limits: Limits) -> None:
        self._path, self._info, self._limits = path, info, limits
        self._opened = ExitStack()
        self.truncated = False

    def __enter__(self) -> Self:
        self._container = self._opened.enter_context(opened(self._path))
        self._stream = video_stream(self._container)
        # More threads cost CPU time and memory and gain nothing: the networks are slower than one decoder.
        self._stream.thread_type = "NONE"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def __iter__(self) -> Iterator[Frame]:
        """Raises TooLongError or TooLargeError when the pictures tell what the header did not."""
        index, first, time = 0, None, 0.0
        for picture in self._pictures():
            time = self._time(picture, time if index else None)
            first = time if first is None else first
            if time - first > self._limits.max_seconds:
                raise TooLongError(seconds=time - first, limit=self._limits.max_seconds)
            if max(picture.width, picture.height) > self._limits.max_side:
                raise TooLargeError(width=picture.width, height=picture.height, limit=self._limits.max_side)
            yield Frame(index, time, self._upright(picture))
            index += 1
        self.truncated |= self._missing(index, time)

    def _pictures(self) -> Iterator[VideoFrame]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                pictures = packet.decode()
            except av.EOFError:
                return
            except av.FFmpegError:
                self.truncated = True
                continue
            yield from pictures

    def _time(self, picture: VideoFrame, before: float | None) -> float:
        if picture.pts is not None and picture.time_base is not None:
            return float(picture.pts * picture.time_base)
        if before is None:
            return 0.0
        return before + float(1 / self._info.frame_rate if self._info.frame_rate else 1 / 25)

    def _upright(self, picture: VideoFrame) -> U8:
        image = picture.to_ndarray(format="rgb24")
        turn = _TURNS.get(self._info.rotation)
        return np.ascontiguousarray(image if turn is None else cv2.rotate(image, turn), dtype=np.uint8)

    def _missing(self, frames: int, end: float) -> bool:
        """Whether clearly fewer pictures came than the header promised."""
        promised = self._stream.frames
        if promised and frames < promised * (1 - _MISSING_SHARE) - 2:
            return True
        length = _video_seconds(self._stream, self._info)
        return length is not None and length - end > max(_MISSING_SECONDS, _MISSING_SHARE * length)


def _video_seconds(stream: VideoStream, info: MediaInfo) -> float | None:
    """Seconds of pictures the header promises; the container's own length counts sound as well."""
    if stream.duration is not None and stream.time_base:
        return float((stream.start_time or 0) + stream.duration) * float(stream.time_base)
    return None if info.has_audio else info.duration
