"""Real video for tests, made in code: a public-domain portrait moved and warped, and hostile files.

The portrait is NASA's of Eileen Collins, which scikit-image carries (no known copyright
restrictions). Nothing is downloaded.
"""

import itertools
import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from skimage import data

FPS = 30
CENTRE = (223.0, 120.0)
"""Middle of the face in the portrait, pixels."""
# Person's left and right: where the portrait's features lie, and which way an expression takes them.
MOUTH_CORNERS = ((245.0, 140.0), (202.0, 139.0))
BROWS = ((253.0, 92.0), (199.0, 87.0))
UPPER_LIDS = ((248.0, 101.0), (203.0, 98.5))


@cache
def portrait() -> np.ndarray:
    """(512, 512, 3) uint8 RGB."""
    return np.ascontiguousarray(data.astronaut())


@cache
def other_portrait() -> np.ndarray:
    """The portrait as someone else: mirrored, broader, of another colour, above another background."""
    wide = cv2.resize(portrait()[:, ::-1], (600, 512))[:, 60:572]
    return np.ascontiguousarray(np.clip(wide[:, :, ::-1] * 0.8 + 30, 0, 255).astype(np.uint8))


def _bump(centre: tuple[float, float], radius: float) -> np.ndarray:
    x, y = np.meshgrid(np.arange(512) - centre[0], np.arange(512) - centre[1])
    return np.exp(-(x**2 + y**2) / (2 * radius**2))


@cache
def _moves() -> dict[str, np.ndarray]:
    """(512, 512, 2) for each expression: by how much to look elsewhere in the portrait when it is full."""
    moves = {name: np.zeros((512, 512, 2), dtype=np.float32) for name in ("smile", "brows", "lids")}
    for side, corner, brow, lid in zip((1, -1), MOUTH_CORNERS, BROWS, UPPER_LIDS, strict=True):
        moves["smile"] += _bump(corner, 9)[..., None] * (-6.0 * side, 5.0)
        moves["brows"] += _bump(brow, 12)[..., None] * (0.0, 6.0)
        moves["lids"] += _bump(lid, 3.5)[..., None] * (0.0, -5.0)
    return moves


@cache
def _still() -> np.ndarray:
    return np.stack(np.meshgrid(np.arange(512), np.arange(512)), axis=-1).astype(np.float32)


def expression(image: np.ndarray, **amounts: float) -> np.ndarray:
    """The portrait with lip corners drawn out and up (`smile`), `brows` raised, upper `lids` lowered; 0-1."""
    source = _still().copy()
    for name, amount in amounts.items():
        if amount:
            source += amount * _moves()[name]
    return cv2.remap(image, source, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def course(index: int) -> dict[str, float]:
    """What the portrait does at a frame: a smile from 1.0 to 2.5 s, brows up from 3.0 to 4.0 s, and again."""
    time = index / FPS % 5.0
    smile = np.clip(min((time - 1.0) / 0.4, (2.5 - time) / 0.4), 0, 1)
    brows = np.clip(min((time - 3.0) / 0.3, (4.0 - time) / 0.3), 0, 1)
    return {"smile": float(smile), "brows": float(brows)}


def placed(image: np.ndarray, width: int, height: int, x: float, y: float, zoom: float, turn: float = 0.0):
    """The portrait's face at (x, y) of a picture, `zoom` times its size, turned by degrees."""
    matrix = cv2.getRotationMatrix2D(CENTRE, turn, zoom)
    matrix[:, 2] += np.array([x, y]) - CENTRE
    return cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)


def pictures(count: int, width: int = 320, height: int = 240, zoom: float = 1.0) -> Iterator[np.ndarray]:
    """The portrait speaking with its face: it sways, smiles and raises its brows."""
    for index in range(count):
        sway = np.sin(index / FPS * 2)
        yield placed(
            expression(portrait(), **course(index)), width, height,
            width / 2 + 6 * sway, height / 2 + 3 * np.cos(index / FPS), zoom, 3 * sway,
        )  # fmt: skip


def blank(count: int, width: int = 320, height: int = 240) -> Iterator[np.ndarray]:
    """Pictures with a gradient and no face."""
    shade = np.linspace(40, 160, width, dtype=np.uint8)
    for _ in range(count):
        yield np.ascontiguousarray(np.broadcast_to(shade[None, :, None], (height, width, 3)))


def two_people(count: int, width: int = 480, height: int = 240) -> Iterator[np.ndarray]:
    """One at the left, another at the right."""
    for index in range(count):
        half = width // 2
        left = placed(portrait(), half, height, half / 2, height / 2, 1.0, np.sin(index / 20))
        right = placed(other_portrait(), half, height, half / 2, height / 2, 1.0, np.cos(index / 20))
        yield np.ascontiguousarray(np.concatenate([left, right], axis=1))


def cut(before: int, after: int, width: int = 320, height: int = 240) -> Iterator[np.ndarray]:
    """One person, and from one frame to the next another in the same place."""
    yield from (placed(portrait(), width, height, width / 2, height / 2, 1.0) for _ in range(before))
    yield from (placed(other_portrait(), width, height, width / 2, height / 2, 1.0) for _ in range(after))


def write(
    path: Path,
    images: Iterable[np.ndarray],
    codec: str = "libx264",
    times: Iterable[int] | None = None,
    rotation: int | None = None,
    mirrored: bool = False,
    aspect: Fraction | None = None,
    sound: float = 0.0,
    options: dict[str, str] | None = None,
    coding: dict[str, str] | None = None,
) -> Path:
    """Encode pictures.

    `times` are milliseconds of each (a variable frame rate), otherwise 30 a second; `rotation` is the display
    matrix's, in degrees against the clock; `aspect` that of a stored pixel; `sound` seconds of silence;
    `options` are the container's, `coding` the codec's.
    """
    images = iter(images)
    first = next(images)
    height, width = first.shape[:2]
    stamps = iter(times) if times is not None else None
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=1000 if stamps else FPS, options=coding or {})
        pixels = {"mjpeg": "yuvj420p", "png": "rgb24"}.get(codec, "yuv420p")
        even = pixels == "rgb24" or (width % 2 == 0 and height % 2 == 0)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels if even else "yuv444p"
        if rotation is not None or mirrored:
            stream.set_display_rotation(rotation or 0, hflip=mirrored)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if sound:
            add_silence(container, sound, "libopus" if path.suffix == ".webm" else "aac")
        for index, image in enumerate(itertools.chain([first], images)):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = next(stamps) if stamps else index
            frame.time_base = Fraction(1, 1000 if stamps else FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def portrait_clip(path: Path, frames: int = 60, **kwargs) -> Path:
    """The portrait as a recording; the container is what the name ends in."""
    return write(path, pictures(frames), **kwargs)


def add_silence(container: av.container.OutputContainer, seconds: float, codec: str = "aac") -> None:
    """A sound track of silence."""
    stream = container.add_stream(codec, rate=48000, layout="mono")
    silence = np.zeros((1, round(seconds * 48000)), dtype=np.float32)
    frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
    frame.sample_rate = 48000
    fifo = av.AudioFifo()
    fifo.write(frame)
    for part in fifo.read_many(960, partial=True):
        container.mux(stream.encode(part))
    container.mux(stream.encode())


def sound_only(path: Path) -> Path:
    """Half a second of silence, no pictures."""
    with av.open(str(path), "w") as container:
        add_silence(container, 0.5)
    return path


def sound_with_cover(path: Path) -> Path:
    """An MP3 with a cover, which is a video stream of one picture to FFmpeg."""
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        add_silence(container, 0.5, "libmp3lame")
        container.mux(cover.encode(av.VideoFrame.from_ndarray(next(blank(1, 64, 64)), format="rgb24")))
        container.mux(cover.encode())
    return path


def with_codec_tag(path: Path, source: Path, tag: bytes = b"zzzz") -> Path:
    """An MP4 whose video codec nobody knows."""
    path.write_bytes(source.read_bytes().replace(b"avc1", tag))
    return path


def without_duration(path: Path, source: Path) -> Path:
    """A WebM as a browser's recorder writes it: the Duration element turned into a void one."""
    content = source.read_bytes()
    element = b"\x44\x89\x88"  # Matroska: Duration, eight bytes long
    place = content.index(element)
    assert struct.unpack(">d", content[place + 3 : place + 11])[0] > 0
    # EBML Void is one byte of id and one of length: 0xEC, then nine bytes that are skipped.
    path.write_bytes(content[:place] + b"\xec\x89" + bytes(9) + content[place + 11 :])
    return path


def shortened(path: Path, source: Path, share: float) -> Path:
    """The first part of a file."""
    content = source.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path
