"""The demonstration recording: a rendered person who shows a known sequence of Action Units.

Rendered from ICT FaceKit; `NOTICE` beside the recording names its licence.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.scoring import STRONGER
from analysis.engine.types import F32, U8
from analysis.training import facekit
from analysis.training.courses import Timing
from analysis.training.generator.room import room
from analysis.training.generator.sequences import Activation, Actor, Key, Parts, Script, Setting, Side, shoot
from analysis.training.renderer.look import Look
from analysis.training.renderer.scene import Camera, Light, Lighting

RECORDING, TRUTH = "recording.mp4", "demonstration.csv"
FPS = Fraction(30)
SIZE = (960, 540)
_IDENTITY = (7, 5)
_SHAPE_SPREAD = 0.6
_LOOK = Look(
    seed=33,
    tone=5.0,
    redness=0.55,
    blotches=0.35,
    pores=0.45,
    oil=0.28,
    age=0.32,
    creasing=0.85,
    lip_colour=0.55,
    brow_density=0.85,
    brow_width=1.05,
    lashes=0.0,
    stubble=0.18,
    hair=(0.05, 0.03, 0.018),
    sclera=(0.60, 0.56, 0.53),
    cloth=(0.035, 0.065, 0.11),
)
_CAMERA = Camera(distance=95.0, focal=2.8, aim=(0.0, -0.9))
_LIGHTING = Lighting(
    lights=(
        Light(-38, 30, (1.25, 1.24, 1.22), 0.7),
        Light(45, 14, (0.48, 0.45, 0.42), 0.35),
        Light(150, 35, (0.60, 0.55, 0.50), 0.0),
    ),
    sky=(0.52, 0.53, 0.55),
    ground=(0.32, 0.30, 0.28),
    exposure=0.85,
    softness=1.2,
)
_LENS, _GRAIN = 0.6, 1.3
"""Standard deviations: of the lens' blur in pixels, of the sensor's noise in grey levels."""
_ENCODER = {"crf": "18", "preset": "slow"}
_SHORT = Timing(0.12, 0.1, 0.2)
"""Blinks and winks run as FACS defines them."""


def _display(start: float, held: Timing, peaks: dict[int, float]) -> list[Activation]:
    """Action Units that come and go together."""
    return [Activation(au, start, held, peak) for au, peak in peaks.items()]


SCRIPT = Script(
    seconds=20.0,
    activations=(
        *_display(2.2, Timing(0.3, 0.7, 0.4), {1: 3.6, 2: 3.4}),
        # A smile that leaves cheeks and eyes alone, then one that does not.
        *_display(4.1, Timing(0.4, 0.7, 0.4), {12: 3.0}),
        *_display(6.2, Timing(0.5, 1.2, 0.6), {6: 4.2, 12: 4.2, 25: 2.8}),
        Activation(2, 8.9, Timing(0.25, 0.5, 0.35), 3.8, Side.LEFT),
        *_display(10.25, Timing(0.3, 0.6, 0.35), {4: 3.8, 7: 2.6}),
        *_display(12.25, Timing(0.25, 0.6, 0.3), {24: 3.6}),
        *_display(13.9, Timing(0.35, 0.6, 0.35), {15: 3.6, 17: 3.6}),
        *_display(15.7, Timing(0.2, 0.65, 0.4), {1: 4.0, 2: 4.0, 5: 3.4, 25: 3.0, 26: 4.0}),
        *_display(17.3, Timing(0.25, 0.5, 0.35), {9: 3.6, 10: 3.0}),
        Activation(46, 18.75, _SHORT, 5.0, Side.RIGHT),
        *(Activation(45, start, _SHORT, 5.0) for start in (1.1, 3.75, 5.8, 8.6, 11.75, 15.35, 19.55)),
    ),
    head=(
        Key(2.0),
        Key(2.6, pitch=2.5),
        Key(3.7),
        # Two nods with the first smile.
        Key(4.3),
        Key(4.6, pitch=-4),
        Key(4.9, pitch=0.5),
        Key(5.2, pitch=-3),
        Key(5.6),
        Key(6.2),
        Key(6.9, yaw=-3, pitch=1, roll=3),
        Key(7.9, yaw=-3, pitch=1, roll=3),
        Key(8.7),
        Key(10.2),
        Key(10.6, pitch=-2, roll=-2),
        Key(11.2, pitch=-2, roll=-2),
        # Aside, and back again.
        Key(12.2, yaw=20),
        Key(13.0, yaw=20),
        Key(13.8),
        Key(14.3, pitch=-2),
        Key(15.6),
        Key(15.9, pitch=2),
        Key(17.0),
        Key(17.5, yaw=-3, pitch=1),
        Key(18.5),
    ),
    gaze=(Key(11.3), Key(11.9, yaw=14), Key(12.9, yaw=14), Key(13.5)),
    sway=0.8,
    seed=11,
)
"""Calm; brows raised; a smile without AU6, nodding; a Duchenne display; the left brow's outer end raised;
brows drawn, lids tight; head turned, lips pressed; corners down, chin raised; surprise; nose and lip
wrinkled; a wink. Seven blinks.
"""


def make(folder: Path) -> None:
    """Render the recording and its truth into `folder`, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = Parts.load()
    shape = parts.rig.person(np.random.default_rng(_IDENTITY).normal(0, _SHAPE_SPREAD, facekit.IDENTITIES))
    actor = Actor(shape, parts.renderer.dress(_LOOK))
    setting = Setting(_CAMERA, _LIGHTING, room(SIZE, 7))
    shots = shoot(parts, SCRIPT, actor, setting, FPS)
    write_video(folder / RECORDING, _filmed(picture for picture, _ in shots))
    (folder / TRUTH).write_text(truth_table(SCRIPT.truth(SCRIPT.times(FPS))), encoding="utf-8")


def truth_table(truth: F32) -> str:
    """CSV of (n, 44, 2) intensities at `FPS`, with the columns that docs/frame-table.md gives Action Units.

    The whole of an AU with sides is their mean, that of AU30, AU36 and AU46 the stronger side.
    """
    sides = [unit.sided for unit in ACTION_UNITS]
    names = [
        f"{unit.code}{part}"
        for unit in ACTION_UNITS
        for part in (("", "_left", "_right") if unit.sided else ("",))
    ]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["frame", "time", *names])
    for frame, shown in enumerate(truth):
        cells = [value for unit, sided in enumerate(sides) for value in _cells(unit, shown[unit], sided)]
        rows.writerow([frame, f"{float(frame / FPS):.6f}", *(f"{value:.3g}" for value in cells)])
    return text.getvalue()


def _cells(row: int, sides: F32, sided: bool) -> list[float]:
    left, right = (float(side) for side in sides)
    whole = max(left, right) if STRONGER[row] else (left + right) / 2
    return [whole, left, right] if sided else [whole]


def _filmed(pictures: Iterable[U8]) -> Iterator[U8]:
    """As a lens and a sensor leave them."""
    rng = np.random.default_rng(1)
    for picture in pictures:
        soft = cv2.GaussianBlur(picture, (0, 0), _LENS)
        grain = rng.normal(0, _GRAIN, (*picture.shape[:2], 1))
        yield np.clip(soft + grain, 0, 255).astype(np.uint8)


def write_video(path: Path, pictures: Iterable[U8]) -> None:
    """H.264 in MP4 of `SIZE` at `FPS`, its index in front, so that a browser plays it while it loads."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS, options=_ENCODER)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.thread_count = 1
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
