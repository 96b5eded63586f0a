"""Media files as nobody should make them: real ones of six containers, damaged and forged by a seed.

`corpus(folder)` gives (name, bytes). Every file is small: what it claims is not.
"""

import gzip
import io
import random
import struct
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.clips import blank, sound_only, write

SEED = 6
CONTAINERS = {
    "mp4": {"codec": "libx264", "sound": 0.5},
    "webm": {"codec": "libvpx", "sound": 0.5},
    "avi": {"codec": "mpeg4"},
    "mkv": {"codec": "libx264"},
    "ts": {"codec": "mpeg2video"},
    "mov": {"codec": "mjpeg"},
}
FRAMES = 12
HUGE = (0x7FFFFFFF, 0xFFFFFFFF, 0, 1, 7)
SIDES = (0, 1, 0x7FFF, 0xFFFF)
ISO_BOXES = (
    b"ftyp",
    b"moov",
    b"trak",
    b"mdia",
    b"stbl",
    b"stsd",
    b"stts",
    b"stsz",
    b"stsc",
    b"stco",
    b"mdat",
)
"""Boxes of MP4 and MOV; four bytes of size stand before each name."""
EBML = {
    "segment": b"\x18\x53\x80\x67", "tracks": b"\x16\x54\xae\x6b", "cluster": b"\x1f\x43\xb6\x75",
    "simple block": b"\xa3", "width": b"\xb0", "height": b"\xba", "time scale": b"\x2a\xd7\xb1",
    "duration": b"\x44\x89",
}  # fmt: skip
RIFF = {"avih": 8, "strh": 8, "strf": 8}
"""Lists of AVI, and how far behind their names their fields begin."""


def bases(folder: Path) -> dict[str, bytes]:
    """A whole recording of each container."""
    return {
        suffix: write(folder / f"base.{suffix}", blank(FRAMES, 96, 64), **options).read_bytes()
        for suffix, options in CONTAINERS.items()
    }


def corpus(folder: Path) -> Iterator[tuple[str, bytes]]:
    """At least 200 files, the same ones each time."""
    whole = bases(folder)
    for suffix, content in whole.items():
        chance = random.Random(f"{SEED} {suffix}")
        yield from ((f"{suffix}: {name}", bad) for name, bad in _damaged(content, chance))
    for suffix in ("mp4", "mov"):
        yield from ((f"{suffix}: {name}", bad) for name, bad in _boxes(whole[suffix]))
    for suffix in ("webm", "mkv"):
        yield from ((f"{suffix}: {name}", bad) for name, bad in _elements(whole[suffix]))
    yield from ((f"avi: {name}", bad) for name, bad in _chunks(whole["avi"]))
    yield from ((f"mov: {name}", bad) for name, bad in _pictures(whole["mov"]))
    yield from ((f"ts: {name}", bad) for name, bad in _packets(whole["ts"]))
    yield from _no_media(whole["mp4"])
    yield "mp4: sound alone", sound_only(folder / "sound.mp4").read_bytes()


def _damaged(content: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """What any file may suffer."""
    length = len(content)
    for count in (1, 4, 16, 64, 512):
        for place in ("head", "anywhere"):
            bad = bytearray(content)
            for _ in range(count):
                bad[chance.randrange(length if place == "anywhere" else min(length, 1024))] ^= (
                    1 << chance.randrange(8)
                )
            yield f"{count} bits flipped, {place}", bytes(bad)
    for share in (0.02, 0.1, 0.5, 0.9, 0.999):
        yield f"cut at {share}", content[: int(length * share)]
    for filler in (b"\x00", b"\xff"):
        start = chance.randrange(length // 2)
        yield f"a stretch of {filler.hex()}", content[:start] + filler * 256 + content[start + 256 :]
    start, stop = sorted(chance.randrange(length) for _ in range(2))
    yield "a stretch left out", content[:start] + content[stop:]
    yield "a stretch twice", content[:stop] + content[start:]
    yield "a stretch of noise", content[:start] + chance.randbytes(stop - start) + content[stop:]
    yield "the end first", content[length // 2 :] + content[: length // 2]
    yield "backwards", content[::-1]
    yield "behind noise", chance.randbytes(3000) + content
    yield "twenty times", content * 20


def _at(content: bytes, place: int, field: bytes) -> bytes:
    return content[:place] + field + content[place + len(field) :]


def _boxes(content: bytes) -> Iterator[tuple[str, bytes]]:
    for name in ISO_BOXES:
        place = content.index(name) - 4 if name in content else None
        if place is not None:
            for size in HUGE[:3]:
                yield f"{name.decode()} of {size:#x} bytes", _at(content, place, struct.pack(">I", size))
    largest = struct.pack(">I4sQ", 1, b"mdat", 2**63 - 1)
    yield "mdat of 64 bits", content.replace(content[content.index(b"mdat") - 4 :][:16], largest)
    for name, first, width in ((b"stts", 8, 1), (b"stsz", 12, 1), (b"stsc", 8, 1), (b"stco", 8, 1)):
        place = content.index(name) + first
        yield f"{name.decode()} of 2^32 entries", _at(content, place, b"\xff\xff\xff\xff" * width)
    for name, first in ((b"mvhd", 16), (b"mdhd", 16)):
        place = content.index(name) + first
        yield f"{name.decode()} without a time scale", _at(content, place, struct.pack(">I", 0))
        yield f"{name.decode()} without an end", _at(content, place + 4, struct.pack(">I", 0xFFFFFFFE))
    for side in SIDES:
        place = content.index(b"stsd") + 12 + 8 + 24
        yield f"{side} pixels wide and high", _at(content, place, struct.pack(">HH", side, side))
    yield (
        "boxes changed about",
        content.replace(b"stts", b"tmp1").replace(b"stsz", b"stts").replace(b"tmp1", b"stsz"),
    )
    yield "nested boxes", content[: content.index(b"moov") - 4] + _nested(b"moov", 2000)
    yield "nested tracks", content[: content.index(b"moov") - 4] + _nested(b"trak", 2000)
    yield "a reference to another file", content.replace(b"url \x00\x00\x00\x01", b"url \x00\x00\x00\x00")


def _nested(name: bytes, depth: int) -> bytes:
    return b"".join(struct.pack(">I4s", 8 * (depth - level), name) for level in range(depth))


def _elements(content: bytes) -> Iterator[tuple[str, bytes]]:
    for name, element in EBML.items():
        place = content.index(element) + len(element)
        yield f"{name} of the longest size", _at(content, place, b"\x01" + b"\xff" * 7)
        yield f"{name} of no size", _at(content, place, b"\x80")
    for name in ("width", "height"):
        place = content.index(EBML[name], content.index(EBML["tracks"]))
        yield f"the largest {name}", content[:place] + EBML[name] + b"\x82\xff\xff" + content[place + 3 :]
    clock = content.index(EBML["time scale"]) + 4
    yield "a time scale of nothing", _at(content, clock, b"\x00\x00\x00")
    yield "the longest time scale", _at(content, clock, b"\xff\xff\xff")
    end = content.index(EBML["duration"]) + 3
    for name, seconds in (("endless", float("inf")), ("no number of", float("nan")), ("negative", -1e18)):
        yield f"{name} duration", _at(content, end, struct.pack(">d", seconds))
    cluster = EBML["cluster"] + b"\x01" + b"\xff" * 7
    yield "nested clusters", content[: content.index(EBML["cluster"])] + cluster * 3000


def _chunks(content: bytes) -> Iterator[tuple[str, bytes]]:
    for name in (b"RIFF", b"hdrl", b"strl", b"movi", b"idx1", b"00dc"):
        place = content.index(name) + (4 if name in {b"RIFF", b"idx1", b"00dc"} else -4)
        for size in HUGE[:3]:
            yield f"{name.decode()} of {size:#x} bytes", _at(content, place, struct.pack("<I", size))
    header, stream, form = (content.index(name.encode()) + first for name, first in RIFF.items())
    yield "2^32 frames", _at(content, header + 16, b"\xff\xff\xff\xff")
    yield "frames of no time", _at(content, header, b"\x00\x00\x00\x00")
    yield "a rate of nothing", _at(content, stream + 20, struct.pack("<II", 0, 0))
    yield "a million frames a second", _at(content, stream + 20, struct.pack("<II", 1, 1_000_000))
    for side in (0, 0x7FFFFFFF, 0xFFFF, 0xFFFFFFFF):
        yield f"{side:#x} pixels wide and high", _at(content, form + 4, struct.pack("<II", side, side))
    yield "nested lists", content[:12] + b"LIST\xff\xff\xff\x7fhdrl" * 3000


def _pictures(content: bytes) -> Iterator[tuple[str, bytes]]:
    """JPEG's own sizes, which no header of the container tells of."""
    frame = b"\xff\xc0\x00\x11\x08"
    first = content.index(frame) + len(frame)
    for side in (0, 4096, 16_000, 0xFFFF):
        claimed = struct.pack(">HH", side, side)
        yield (
            f"pictures of {side} pixels a side",
            content.replace(frame + content[first:][:4], frame + claimed),
        )
        yield f"a first picture of {side} pixels a side", _at(content, first, claimed)
        last = content.rindex(frame) + len(frame)
        yield f"a last picture of {side} pixels a side", _at(content, last, claimed)


def _packets(content: bytes) -> Iterator[tuple[str, bytes]]:
    chance, size = random.Random(f"{SEED} packets"), 188
    packets = [content[at : at + size] for at in range(0, len(content) - size + 1, size)]
    yield "packets in no order", b"".join(chance.sample(packets, len(packets)))
    yield "packets of other streams", b"".join(_at(one, 1, chance.randbytes(2)) for one in packets)
    yield "no packet in step", b"".join(one[:-1] for one in packets)
    yield "one packet ten thousand times", packets[len(packets) // 2] * 10_000
    yield "clocks of chance", b"".join(_at(one, 6, chance.randbytes(6)) for one in packets)
    yield "tables alone", b"".join(packets[:3] * 500)


def _no_media(mp4: bytes) -> Iterator[tuple[str, bytes]]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("media.mp4", bytes(20 << 20))
    yield "a zip that unpacks to 20 MiB", packed.getvalue()
    yield "a gzip that unpacks to 20 MiB", gzip.compress(bytes(20 << 20))
    rolled = io.BytesIO()
    with tarfile.open(fileobj=rolled, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("media.mp4"), None)
    yield "a tar", rolled.getvalue()
    with Path(sys.executable).open("rb") as program:
        yield "a program", program.read(1 << 20)
    yield "a program with an MP4's beginning", mp4[:32] + b"\x7fELF" + bytes(4096)
    yield "an MP4 behind a zip", packed.getvalue()[:100] + mp4
    yield "a script", b"#!/bin/sh\nid > /tmp/hostile\n"
    yield (
        "a playlist of files",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    )
    yield "a playlist of addresses", b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
    yield "a list to put together", b"ffconcat version 1.0\nfile /etc/passwd\n"
    yield "a session description", b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"
    yield "a drawing", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    yield "a manifest", b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>'
    yield "subtitles", b"1\n00:00:00,000 --> 99:59:59,000\nendless\n"
    yield "an image sequence's name", b"%09d.png\n" * 100
    yield "zeros", bytes(1 << 16)
    yield "ones", b"\xff" * (1 << 16)
    yield "noise", random.Random(SEED).randbytes(1 << 16)
    yield "one byte", b"\x00"
