"""Rendered people who show nothing while the light changes or the head turns: what is found all the same."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from analysis.engine.action_units import AU_NUMBERS, PRESENT_FROM
from analysis.engine.runtime import Models
from analysis.engine.types import F32, U8
from analysis.training.evaluation.exported import export
from analysis.training.evaluation.films import write
from analysis.training.evaluation.real import EYE_CODES
from analysis.training.generator.sequences import Actor, Key, Parts, Script, Setting, shoot
from analysis.training.renderer.scene import Light, Lighting

KINDS = ("light", "turns")
FPS = Fraction(15)
SECONDS = 5.0
SIZE = (256, 256)
_SEED = 30_000_000
_TURNED, _NODDED = 28.0, 14.0
"""Degrees the head turns to either side, and nods up and down."""
Frames = Iterator[tuple[U8, F32]]


def frames(kind: str, number: int, parts: Parts) -> Frames:
    """Pictures of person `number` and their truth, which is nothing."""
    actor = Actor.drawn(parts, _SEED + number, _SEED + 1000 + number)
    return (_lit if kind == "light" else _turned)(parts, actor, number)


def false_alarms(count: int, models: Models) -> dict[str, dict[str, Any]]:
    """Of `count` people by kind: in which share of their scored frames each AU is at B or above.

    The eye codes are left out: eyes blink, and look aside.
    """
    parts = Parts.load()
    result = {}
    for kind in KINDS:
        tables = [_found(frames(kind, number, parts), models) for number in range(count)]
        shares = {}
        for au in AU_NUMBERS:
            values = np.concatenate([table[au] for table in tables])
            if au not in EYE_CODES and len(values):
                shares[str(au)] = round(float(np.mean(values >= PRESENT_FROM)), 4)
        total = count * round(SECONDS * FPS)
        result[kind] = {"people": count, "frames": total, "false_alarms": shares}
    return result


def _found(shot: Frames, models: Models) -> dict[int, F32]:
    """By AU the numbers of the frames that have one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        write(path, shot, FPS, SIZE)
        rows = export(path, models)
    columns = {au: rows.column(f"AU{au:02d}") for au in AU_NUMBERS}
    return {au: values[np.isfinite(values)] for au, values in columns.items()}


def _turned(parts: Parts, actor: Actor, number: int) -> Frames:
    """Calm, then to one side and the other, up and down, and calm again."""
    head = (
        Key(1.0),
        Key(1.6, yaw=_TURNED),
        Key(2.5, yaw=-_TURNED),
        Key(3.1, pitch=_NODDED),
        Key(3.8, pitch=-_NODDED),
        Key(4.4),
    )
    # The eyes go with the head.
    gaze = tuple(replace(key, roll=0.0) for key in head)
    yield from shoot(parts, Script(SECONDS, (), head, gaze, seed=number), actor, Setting.plain(SIZE), FPS)


def _lit(parts: Parts, actor: Actor, number: int) -> Frames:
    """One lamp goes from side to side and grows brighter and dimmer; another is switched on and off."""
    script = Script(SECONDS, (), seed=number)
    plain = Setting.plain(SIZE)
    time = script.times(FPS)
    for at, head, eyes, shown in zip(
        time, script.poses(time), script.eyes(time), script.truth(time), strict=True
    ):
        posed = parts.rig.pose(actor.shape, shown, head, eyes)
        light = _lighting(float(at) / SECONDS)
        yield parts.renderer.render(posed, actor.dressed, plain.camera, light, plain.background), shown


def _lighting(share: float) -> Lighting:
    """As it is at 0-1 of the film."""
    azimuth = 60 * np.sin(2 * np.pi * share)
    lights = [Light(float(azimuth), 25, (1.3, 1.25, 1.15), 0.8)]
    if 0.4 < share < 0.75:
        lights.append(Light(-20, -10, (0.7, 0.8, 1.0), 0.5))
    exposure = 0.75 + 0.3 * np.sin(6 * np.pi * share)
    return Lighting(lights=tuple(lights), exposure=float(exposure))
