"""Facts of a media file, before anything is analysed."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from analysis.engine.containers import opened, packets, video_stream
from analysis.engine.errors import EmptyFileError, NoFramesError, TooLargeError, TooLongError
from analysis.engine.orientation import Orientation
from analysis.engine.types import MediaInfo

_PACKETS_TRIED = 300
"""Packets after which a stream that gave no picture is given up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused; the installation may set others."""

    max_seconds: float = 10_800.0
    max_side: int = 4096
    """Pixels of the longer side; a picture then takes at most 50 MB decoded."""


def probe(path: Path, limits: Limits, sha256: str | None = None) -> MediaInfo:
    """Read container, stream and first picture; and all of it for its checksum, where that is not told.

    Raises EmptyFileError, UnreadableError, NoVideoStreamError, UnsupportedCodecError, NoFramesError,
    TooLargeError, TooLongError.
    """
    size = path.stat().st_size
    if not size:
        raise EmptyFileError
    with opened(path) as container:
        stream = video_stream(container)
        refuse_too_large(stream.width, stream.height, limits)
        duration = _duration(container, stream)
        if duration is not None and duration > limits.max_seconds:
            raise TooLongError(seconds=duration, limit=limits.max_seconds)
        picture = first_picture(container, stream)
        orientation = Orientation.of(picture)
        width, height = orientation.size(*_square(picture, stream.sample_aspect_ratio))
        refuse_too_large(width, height, limits)
        return MediaInfo(
            sha256=_sha256(path) if sha256 is None else sha256,
            size=size,
            container=container.format.name,
            codec=stream.codec_context.codec.canonical_name,
            width=width,
            height=height,
            rotation=orientation.clockwise,
            frame_rate=Fraction(stream.average_rate) if stream.average_rate else None,
            time_base=Fraction(stream.time_base or 0),
            duration=duration,
            has_audio=bool(container.streams.audio),
        )


def refuse_too_large(width: int, height: int, limits: Limits) -> None:
    """Raises TooLargeError."""
    if max(width, height) > limits.max_side:
        raise TooLargeError(width=width, height=height, limit=limits.max_side)


def _square(picture: VideoFrame, aspect: Fraction | None) -> tuple[int, int]:
    """Width and height of the stored picture with square pixels, widened or heightened, never shrunk."""
    if not aspect or aspect == 1:
        return picture.width, picture.height
    if aspect > 1:
        return round(picture.width * aspect), picture.height
    return picture.width, round(picture.height / aspect)


def _duration(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration is not None else None


def first_picture(container: InputContainer, stream: VideoStream) -> VideoFrame:
    try:
        for tried, packet in enumerate(packets(container, stream)):
            try:
                pictures = stream.decode(packet)
            except av.FFmpegError:
                pictures = []
            if pictures:
                return pictures[0]
            if tried >= _PACKETS_TRIED:
                break
    except av.FFmpegError as error:
        raise NoFramesError from error
    raise NoFramesError


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
