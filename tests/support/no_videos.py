"""Files that claim to be videos and are none, or none that can be analysed."""

import zipfile
from io import BytesIO
from pathlib import Path

from tests.support import clips


def zip_bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("video.mp4", bytes(50_000_000))
    return packed.getvalue()


def no_videos(folder: Path, clip: bytes) -> dict[str, tuple[bytes, str | None]]:
    """By kind: the content, and the code it is refused with; None where the decoder has the choice."""
    source = folder / "source.mp4"
    source.write_bytes(clip)
    broken = bytearray(clip)
    for place in range(len(clip) - 1200, len(clip), 7):  # in the index
        broken[place] = 0xFF
    return {
        "letter": (b"This is a letter, not a video. " * 50, "unreadable"),
        "executable": (b"MZ\x90\0" + bytes(5000), "type_not_allowed"),
        "zip bomb": (zip_bomb(), "type_not_allowed"),
        "playlist": (b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n", "type_not_allowed"),
        "sound": (clips.sound_only(folder / "sound.m4a").read_bytes(), "no_video_stream"),
        "odd codec": (clips.with_codec_tag(folder / "odd.mp4", source).read_bytes(), "unsupported_codec"),
        "cut off": (clip[:3000], "unreadable"),
        "crafted": (bytes(broken), None),
    }
