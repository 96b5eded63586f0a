"""Every picture of a recording, upright, with its own timestamp."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from analysis.engine.containers import opened, packets, video_stream
from analysis.engine.errors import TooLongError
from analysis.engine.orientation import Orientation
from analysis.engine.probe import Limits, refuse_too_large
from analysis.engine.types import U8, Frame, MediaInfo

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream

_MISSING_SECONDS = 0.5
"""By which headers of whole files may be off: the last picture's length, sound that starts early."""
_USUAL_RATE = 25


class Whereabouts:
    """How far the packets seen go, of pictures and sound, and whether the header promises more."""

    def __init__(self) -> None:
        self._end = 0.0

    def see(self, packet: "Packet[Stream]") -> None:
        if packet.pts is not None:
            end = (packet.pts + (packet.duration or 0)) * packet.time_base
            self._end = max(self._end, float(end))

    def ends_early(self, container: InputContainer, stream: VideoStream, info: MediaInfo) -> bool:
        """Whether the file ends before its header says it does; never where it does not say."""
        start = min(container.start_time or 0, 0)
        length = ((container.duration or 0) + start) / av.time_base
        # FFmpeg corrects an AVI's length by the file's size, but leaves its number of frames as stated.
        if info.container == "avi" and stream.time_base:
            length = max(length, float(stream.frames * stream.time_base))
        return length - self._end > _MISSING_SECONDS


class Upright:
    """Turns decoded pictures into the engine's: RGB, upright, of the recording's one size."""

    def __init__(self, info: MediaInfo) -> None:
        self._info = info
        self._converter = VideoReformatter()  # Kept, since setting one up costs as much as one conversion.

    def rgb(self, picture: VideoFrame, orientation: Orientation) -> U8:
        width, height = orientation.size(self._info.width, self._info.height)
        converted = self._converter.reformat(
            picture, width, height, format="rgb24", interpolation=Interpolation.BILINEAR, threads=1
        )
        return orientation.apply(converted.to_ndarray().astype(np.uint8, copy=False))


class FrameReader:
    """Iterate once over all pictures of a file, within a `with` block.

    Every picture comes in `info`'s size, also where the recording changes its own. Afterwards `truncated`
    says whether the file is damaged or ends before its header says it does; what could be decoded has been
    given by then. A file that states no length and is cut between two packets looks whole.
    """

    def __init__(self, path: Path, info: MediaInfo, limits: Limits) -> None:
        self._path, self._info, self._limits = path, info, limits
        self._opened = ExitStack()
        self._upright, self._seen = Upright(info), Whereabouts()
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
        first, before, orientation = 0.0, None, None
        for index, picture in enumerate(self._pictures()):
            time = self._time(picture, before)
            first = time if before is None else first
            if time - first > self._limits.max_seconds:
                raise TooLongError(seconds=time - first, limit=self._limits.max_seconds)
            refuse_too_large(picture.width, picture.height, self._limits)
            orientation = orientation or Orientation.of(picture)
            yield Frame(index, time, self._upright.rgb(picture, orientation))
            before = time
        self.truncated |= self._seen.ends_early(self._container, self._stream, self._info)

    def _pictures(self) -> Iterator[VideoFrame]:
        # At the end None asks for what the decoder holds back, which an error in the file leaves in it.
        for packet in chain(self._packets(), [None]):
            try:
                pictures = self._stream.decode(packet)
            except av.EOFError:
                return
            except av.FFmpegError:
                self.truncated = True
                continue
            for picture in pictures:
                self.truncated |= picture.is_corrupt
                yield picture

    def _packets(self) -> Iterator["Packet[Stream]"]:
        """Those of the pictures; those of the sound tell how far the file goes, and whether it is whole."""
        try:
            for packet in packets(self._container, self._stream, *self._container.streams.audio):
                self.truncated |= packet.is_corrupt
                self._seen.see(packet)
                if packet.stream is self._stream:
                    yield packet
        except av.FFmpegError:
            self.truncated = True

    def _time(self, picture: VideoFrame, before: float | None) -> float:
        """The picture's own timestamp; one average frame on where it has none, or one that goes back."""
        if picture.pts is not None and picture.time_base is not None:
            time = float(picture.pts * picture.time_base)
            if before is None or time > before:
                return time
        if before is None:
            return 0.0
        return before + float(1 / (self._info.frame_rate or _USUAL_RATE))
