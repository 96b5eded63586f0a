"""The pictures of one stretch of a recording, to the bit as they are decoded from its beginning."""

import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
from av.video.frame import VideoFrame

from analysis.engine.containers import opened, packets, video_stream
from analysis.engine.decode import Upright
from analysis.engine.orientation import Orientation
from analysis.engine.probe import Limits, first_picture, refuse_too_large
from analysis.engine.types import U8, Frame, MediaInfo

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream

LEAD = 16
"""Frames before a stretch that are decoded and compared with the end of the stretch before; a decoder refers
to no more pictures than that, so from then on both decode the same."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Times are in units of the stream's time base."""

    first_frame: int
    """Index in the recording."""
    frames: int
    start: int
    """Timestamp of the first frame."""
    stop: int | None
    """Timestamp of the first frame after it; None at the recording's end."""
    lead: int | None
    """Timestamp of the frame `LEAD` frames before it; None at the recording's beginning."""
    key: int | None
    """Timestamp of the keyframe to begin decoding at; None for the recording's beginning."""
    key_dts: int | None


class StretchReader:
    """Iterate once over the pictures of a stretch, within a `with` block.

    Afterwards `lead` and `tail` are checksums of the last pictures before it and in it, and `damaged` says
    that something was not as the plan has it; the recording must then be decoded in one piece.
    """

    def __init__(self, path: Path, info: MediaInfo, limits: Limits, stretch: Stretch) -> None:
        self._path, self._info, self._limits, self._stretch = path, info, limits, stretch
        self._opened = ExitStack()
        self._upright = Upright(info)
        self.lead: list[int] = []
        self.tail: list[int] = []
        self.damaged = False

    def __enter__(self) -> Self:
        with opened(self._path) as container:
            # Some pictures of a file may say how they are turned; the first one's word counts.
            self._orientation = Orientation.of(first_picture(container, video_stream(container)))
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def __iter__(self) -> Iterator[Frame]:
        """Raises TooLargeError."""
        here, index, before = self._stretch, self._stretch.first_frame, None
        for picture in self._pictures():
            if picture.pts is None or (before is not None and picture.pts <= before):
                self.damaged = True
                return
            before = picture.pts
            if here.stop is not None and before >= here.stop:
                break
            if before < here.start:
                if here.lead is not None and before >= here.lead:
                    self.lead.append(_checksum(self._rgb(picture)))
                continue
            self.damaged |= picture.is_corrupt
            image = self._rgb(picture)
            if index >= here.first_frame + here.frames - LEAD:
                self.tail.append(_checksum(image))
            yield Frame(index, float(before * self._info.time_base), image)
            index += 1
        self.damaged |= index != here.first_frame + here.frames

    def _rgb(self, picture: VideoFrame) -> U8:
        refuse_too_large(picture.width, picture.height, self._limits)
        return self._upright.rgb(picture, self._orientation)

    def _pictures(self) -> Iterator[VideoFrame]:
        for packet in chain(self._packets(), [None]):
            try:
                pictures = self._stream.decode(packet)
            except av.EOFError:
                return
            except av.FFmpegError:
                # Pictures shown before the keyframe may refer to what lies before it.
                self.damaged |= self._is_wanted(packet)
                continue
            yield from pictures

    def _is_wanted(self, packet: "Packet[Stream] | None") -> bool:
        key = self._stretch.key
        return key is None or packet is None or packet.pts is None or packet.pts >= key

    def _packets(self) -> Iterator["Packet[Stream]"]:
        """From the keyframe on, wherever seeking leads to."""
        try:
            if self._stretch.key is None:
                yield from packets(self._container, self._stream)
                return
            for source in (self._sought, self._all):
                found = False
                for packet in source():
                    if not found and self._is_past(packet):
                        break
                    found |= packet.is_keyframe and packet.pts == self._stretch.key
                    if found:
                        yield packet
                if found:
                    return
            self.damaged = True
        except av.FFmpegError:
            self.damaged = True

    def _sought(self) -> Iterator["Packet[Stream]"]:
        key = self._stretch.key if self._stretch.key_dts is None else self._stretch.key_dts
        try:
            self._container.seek(key or 0, stream=self._stream, backward=True)
        except av.FFmpegError:
            return
        yield from packets(self._container, self._stream)

    def _all(self) -> Iterator["Packet[Stream]"]:
        """For containers that cannot seek, or not exactly: everything is read, though not decoded."""
        self._open()
        yield from packets(self._container, self._stream)

    def _is_past(self, packet: "Packet[Stream]") -> bool:
        """Whether the keyframe would have come before."""
        key = self._stretch.key
        return packet.is_keyframe and packet.pts is not None and key is not None and packet.pts > key

    def _open(self) -> None:
        self._opened.close()
        self._container = self._opened.enter_context(opened(self._path))
        self._stream = video_stream(self._container)
        self._stream.thread_type = "NONE"  # As in `FrameReader`.


def _checksum(image: U8) -> int:
    return zlib.crc32(image.data)
