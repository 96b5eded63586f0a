"""Opening a media file that may be hostile: only formats we read, only from the file itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from analysis.engine.errors import NoVideoStreamError, UnreadableError, UnsupportedCodecError

if TYPE_CHECKING:
    from av.packet import Packet

FORMATS = (
    # Containers of moving pictures ...
    *(
        "mov",
        "mp4",
        "m4a",
        "3gp",
        "3g2",
        "mj2",
        "matroska",
        "webm",
        "avi",
        "mpegts",
        "mpeg",
        "flv",
        "asf",
        "ogg",
    ),
    # ... and of sound alone, so that the refusal can say so.
    *("mp3", "wav", "flac", "aac"),
)
_STILL_BRANDS = {"avif", "heic", "heix", "mif1"}
"""MP4's major brands of single pictures (AVIF, HEIF)."""
_OPTIONS = {
    # Playlists and concatenation scripts would read other files, or the network.
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(FORMATS),
}


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The container; UnreadableError when it is none of `FORMATS`, a single picture, or cannot be opened."""
    try:
        container = av.open(str(path), options=_OPTIONS, metadata_errors="ignore")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableError from error
    with container:
        if container.metadata.get("major_brand") in _STILL_BRANDS:
            raise UnreadableError
        yield container


def video_stream(container: InputContainer) -> VideoStream:
    """The first stream of moving pictures, cover art left aside.

    Raises NoVideoStreamError, or UnsupportedCodecError when there is no decoder for it.
    """
    moving = [one for one in container.streams.video if not one.disposition & one.disposition.attached_pic]
    if not moving:
        raise NoVideoStreamError
    stream = moving[0]
    if stream.codec_context is None:
        raise UnsupportedCodecError
    return stream


def packets(container: InputContainer, *streams: Stream) -> "Iterator[Packet[Stream]]":
    """The streams' own in the order of the file, then an empty one for each; passes on FFmpeg's errors."""
    try:
        yield from container.demux(*streams)
    except IndexError:
        # PyAV ends by flushing streams that began on the way, which it does not know of; ours came before.
        return
