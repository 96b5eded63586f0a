"""Rendered sequences: a script of Action Units over time, a head that moves, and the film of it.

`film` gives every frame with what was posed in it: the truth for whatever reads the film.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.engine.types import F32, F64, U8
from analysis.training import facekit
from analysis.training.courses import Timing, envelope, timing, wipe
from analysis.training.renderer.look import Look
from analysis.training.renderer.render import Dressed, Renderer
from analysis.training.renderer.scene import Camera, Lighting
from analysis.training.rig import Gaze, HeadPose, Rig

_SHAPE_SPREAD = 0.6
"""Standard deviation of a drawn person's shape; the head model's own is 1."""
_SWAY_HERTZ = (0.11, 0.19, 0.31)
"""Of a head that rests on its neck: slow, and at no common beat."""
_SWAY_SHARES = ((0.9, 0.5, 0.25), (0.6, 0.4, 0.3), (0.35, 0.3, 0.1))
"""Of yaw, pitch and roll, by frequency."""
_EYES_REACH = 30.0
"""Degrees the eyes turn in the head to keep what they look at."""
_WIPE = AU_INDEX[37]


class Side(IntEnum):
    """The person's own."""

    BOTH = -1
    LEFT = 0
    RIGHT = 1


@dataclass(frozen=True, slots=True)
class Activation:
    """One Action Unit shown once; a blink and a wink run as FACS defines them, whatever `held` says."""

    au: int
    start: float
    """Seconds."""
    held: Timing
    peak: float
    """0-5"""
    side: Side = Side.BOTH
    """Counts only where FACS gives the AU sides."""

    @property
    def end(self) -> float:
        """Seconds."""
        return self.start + timing(self.au, self.held).total

    def course(self, time: F64) -> F32:
        """(n,) intensity 0-5 at `time` (n,) seconds."""
        seconds = np.asarray(time - self.start, np.float32)
        return self.peak * envelope(self.au, seconds, self.held)


@dataclass(frozen=True, slots=True)
class Key:
    """Where head or eyes are at a time, in degrees as of `Rows`; between keys they move smoothly."""

    time: float
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """What one person does before the camera."""

    seconds: float
    activations: tuple[Activation, ...]
    head: tuple[Key, ...] = ()
    """In order of time; without any the head only sways."""
    gaze: tuple[Key, ...] = ()
    """Against the camera, not the head: without any, the eyes stay on the camera."""
    sway: float = 1.0
    """Degrees by which an idle head turns to either side, about."""
    seed: int = 0
    """Of the sway."""

    def times(self, fps: Fraction) -> F64:
        """(n,) seconds of the frames."""
        return np.asarray(np.arange(round(self.seconds * fps)) / float(fps), np.float64)

    def truth(self, time: F64) -> F32:
        """(n, 44, 2) intensities 0-5, left and right, alike where FACS has no sides."""
        shown = np.zeros((len(time), AU_COUNT, 2), np.float32)
        for activation in self.activations:
            row = AU_INDEX[activation.au]
            both = activation.side is Side.BOTH or not ACTION_UNITS[row].sided
            for side in (0, 1) if both else (int(activation.side),):
                shown[:, row, side] = np.maximum(shown[:, row, side], activation.course(time))
        return shown

    def tongue(self, time: F64) -> F32:
        """(n,) where the tongue of AU37 is, -1 to 1; 0 while there is none."""
        place = np.zeros(len(time), np.float32)
        for activation in self.activations:
            if AU_INDEX[activation.au] == _WIPE:
                during = (time >= activation.start) & (time <= activation.end)
                place[during] = wipe(np.asarray(time[during] - activation.start, np.float32))
        return place

    def poses(self, time: F64) -> list[HeadPose]:
        """Of the head, idle sway included."""
        turned = _between(self.head, time) + self.sway * _sway(time, self.seed)
        return [HeadPose(*(float(v) for v in pose)) for pose in turned]

    def eyes(self, time: F64) -> list[Gaze]:
        """Of the eyes against the head: they take back what it turned, as far as they reach."""
        head = np.array([(pose.yaw, pose.pitch) for pose in self.poses(time)])
        inside = np.clip(_between(self.gaze, time)[:, :2] - head, -_EYES_REACH, _EYES_REACH)
        return [Gaze(float(yaw), float(pitch)) for yaw, pitch in inside]


@dataclass(frozen=True, slots=True)
class Parts:
    """What rendering needs; made once a process."""

    rig: Rig
    renderer: Renderer

    @classmethod
    def load(cls) -> "Parts":
        """TrainingError when the head model or a C compiler is missing."""
        rig = Rig()
        return cls(rig, Renderer(rig.kit))


@dataclass(frozen=True, slots=True)
class Actor:
    """One person as `Rig.person` and `Renderer.dress` give them."""

    shape: F32
    dressed: Dressed

    @classmethod
    def drawn(cls, parts: Parts, identity: int, look: int) -> "Actor":
        """From two seeds."""
        shape = np.random.default_rng(identity).normal(0, _SHAPE_SPREAD, facekit.IDENTITIES)
        dressed = parts.renderer.dress(Look.random(np.random.default_rng(look)))
        return cls(parts.rig.person(shape), dressed)


@dataclass(frozen=True, slots=True)
class Setting:
    camera: Camera
    lighting: Lighting
    background: F32
    """(height, width, 3) linear light; its size is the film's."""

    @classmethod
    def plain(cls, size: tuple[int, int]) -> "Setting":
        """An even grey wall in even light, `size` (width, height) pixels."""
        width, height = size
        wall = np.full((height, width, 3), 0.28, np.float32)
        return cls(Camera(distance=80.0, focal=2.9, aim=(0.0, -1.0)), Lighting(), wall)


def film(
    parts: Parts, script: Script, identity: int, look: int, fps: Fraction, size: tuple[int, int]
) -> Iterator[tuple[U8, F32]]:
    """A drawn person before a plain wall: pictures (height, width, 3) RGB, each with its (44, 2) truth."""
    yield from shoot(parts, script, Actor.drawn(parts, identity, look), Setting.plain(size), fps)


def shoot(
    parts: Parts, script: Script, actor: Actor, setting: Setting, fps: Fraction
) -> Iterator[tuple[U8, F32]]:
    """`film` with a given person in a given setting."""
    time = script.times(fps)
    frames = zip(script.truth(time), script.poses(time), script.eyes(time), script.tongue(time), strict=True)
    for shown, head, gaze, tongue in frames:
        posed = parts.rig.pose(actor.shape, shown, head, gaze, float(tongue))
        picture = parts.renderer.render(
            posed, actor.dressed, setting.camera, setting.lighting, setting.background
        )
        yield picture, shown


def _between(keys: tuple[Key, ...], time: F64) -> F64:
    """(n, 3) yaw, pitch, roll: at rest in every key, with the least jerk from one to the next.

    The curve of least jerk is that of Flash & Hogan, J. Neurosci. 5(7), 1985.
    """
    if not keys:
        return np.zeros((len(time), 3))
    at = np.array([key.time for key in keys])
    places = np.array([(key.yaw, key.pitch, key.roll) for key in keys])
    after = np.clip(np.searchsorted(at, time, side="right"), 1, max(1, len(keys) - 1))
    before, after = after - 1, np.minimum(after, len(keys) - 1)
    span = np.maximum(at[after] - at[before], 1e-9)
    t = np.clip((time - at[before]) / span, 0, 1)
    share = (t**3 * (10 - 15 * t + 6 * t**2))[:, None]
    return np.asarray(places[before] + share * (places[after] - places[before]), np.float64)


def _sway(time: F64, seed: int) -> F64:
    """(n, 3) yaw, pitch, roll of an idle head, about -1 to 1."""
    phases = np.random.default_rng([seed, 3]).uniform(0, 2 * np.pi, (3, len(_SWAY_HERTZ)))
    waves = np.sin(2 * np.pi * time[:, None, None] * np.array(_SWAY_HERTZ) + phases)
    return np.asarray((waves * np.array(_SWAY_SHARES)).sum(axis=2), np.float64)
