"""Rendered recordings on disk, each with what was posed in it, and what the product measures in them.

What is there is not made again: neither a film, as long as it was ordered alike, nor what was measured in it,
as long as the engine and the model are the same.
"""

import ast
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis import engine
from analysis.engine import series_store
from analysis.engine.analyse import Config, analyse
from analysis.engine.finding_types import TrackResult
from analysis.engine.findings.track import describe_track
from analysis.engine.model_card import ENCODER, HEAD, WEIGHTS, ModelCard
from analysis.engine.pass2 import UNSEEN
from analysis.engine.runtime import Models, load_models
from analysis.engine.types import F32, F64, U8, AUSeries, Exclusion, Rows
from analysis.training import facekit
from analysis.training.evaluation.films import write
from analysis.training.generator import scenes
from analysis.training.generator.scenes import Recording
from analysis.training.generator.sequences import Actor, Parts, Script, Setting, shoot

SIZE = 256
"""Pixels, width and height."""
_HEAD = 21.0
"""cm from chin to hair, as `scenes` has it."""
_FILLED = (0.5, 0.8)
"""Share of the picture's height that the head takes."""
_LATER = ("finding_types", "result_types", "result", "evidence", "frame_table", "errors", "clock")
"""Modules of the engine that no measured intensity depends on."""
Arrays = dict[str, NDArray[np.generic]]
Job = TypeVar("Job")


@dataclass(frozen=True, slots=True)
class Order:
    """One recording to be made."""

    name: str
    """Of its files."""
    script: Script
    identity: int
    look: int
    """Seeds, as of `Actor.drawn`."""
    fps: Fraction
    scene: int | None = None
    """Seed of camera, lights, background and of what the camera does to the picture, drawn as for training
    but with more around the head; None: a clean picture before a plain wall."""

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def actor(self, parts: Parts) -> Actor:
        """Who is filmed."""
        return Actor.drawn(parts, self.identity, self.look)

    def setting(self) -> tuple[Setting, Recording | None]:
        """Where, and what the recording does to the picture; None leaves it clean."""
        return _setting(self.scene)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A film and what was posed in its n frames."""

    order: Order
    film: Path
    time: F64
    """(n,) seconds."""
    shown: F32
    """(n, 44, 2) intensities, left and right."""
    pose: F32
    """(n, 3) yaw, pitch, roll of the head, degrees."""
    gaze: F32
    """(n, 2) of the eyes in the head."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """What the product measures in the n rows of the track with most scored rows; n is 0 without a face."""

    rows: Rows
    """Without landmarks and code."""
    series: AUSeries
    weak: frozenset[int]
    """AUs of grade D."""

    @property
    def result(self) -> TrackResult:
        """What the present formulas say of it."""
        return describe_track(1, self.rows, self.series, None, self.weak)


def make(orders: Sequence[Order], folder: Path, workers: int = 1) -> list[Recorded]:
    """The recordings ordered; those that `folder` lacks are rendered. TrainingError without the rig."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [order for order in orders if not _is_made(order, folder)]
    if missing:
        facekit.there(facekit.rig_path())  # Said at once, also where another head is loaded already.
    for _ in _spread(_render, [(order, folder) for order in missing], workers):
        pass
    return [_load(order, folder) for order in orders]


def analysed(recorded: Recorded, models: Models) -> Analysed:
    """What the product's whole analysis measures in a recording."""
    tracks: list[tuple[Rows, AUSeries]] = []
    with tempfile.TemporaryDirectory() as folder:
        analyse(
            recorded.film,
            Path(folder),
            models,
            Config(),
            lambda *_: None,
            watch=lambda rows, series: tracks.append((rows, _in_memory(series))),
        )
    if not tracks:
        tracks.append((_NO_ROWS, series_store.unscored(0, UNSEEN)))
    rows, series = max(tracks, key=lambda one: int((one[0].excluded == Exclusion.NONE).sum()))
    return Analysed(rows, series, models.action_units.card.weak)


def measured(
    recordings: Sequence[Recorded], networks: Path, weights: Path = WEIGHTS, workers: int = 1
) -> list[Analysed]:
    """`analysed` of each, kept beside the film."""
    model = engine_digest(weights)
    missing = [one for one in recordings if not _kept(one, model).exists()]
    for _ in _spread(_measure, [(one, networks, weights, model) for one in missing], workers):
        pass
    weak = ModelCard.load(weights).weak
    return [_read(_kept(one, model), weak) for one in recordings]


@cache
def engine_digest(weights: Path = WEIGHTS) -> str:
    """Of all that intensities depend on: the model's files and the engine's code without its words."""
    found = hashlib.sha256()
    for name in (ENCODER, HEAD):
        found.update((weights / name).read_bytes())
    terms = ModelCard.load(weights).spread_terms
    found.update(b"" if terms is None else terms.tobytes())
    for path in sorted(Path(engine.__file__).parent.glob("*.py")):
        if path.stem not in _LATER:
            found.update(ast.dump(_said_nothing(path)).encode())
    return found.hexdigest()[:16]


def _said_nothing(path: Path) -> ast.Module:
    """The module without comments and docstrings."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [one for one in body if not _is_text(one)]
    return module


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _spread(work: Callable[[Job], None], jobs: list[Job], workers: int) -> Iterator[None]:
    if workers <= 1 or len(jobs) <= 1:
        yield from map(work, jobs)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield from pool.map(work, jobs)


_NO_ROWS = Rows(
    frame=np.zeros(0, np.int32),
    time=np.zeros(0, np.float64),
    track=np.zeros(0, np.int32),
    box=np.zeros((0, 4), np.float32),
    confidence=np.zeros(0, np.float32),
    pose=np.zeros((0, 3), np.float32),
    gaze=np.zeros((0, 2), np.float32),
    quality=np.zeros((0, 3), np.float32),
    excluded=np.zeros(0, np.uint8),
    points=np.zeros((0, 0, 3), np.float32),
    code=np.zeros((0, 0), np.float32),
)


def _film(order: Order, folder: Path) -> Path:
    return folder / f"{order.name}.mp4"


def _truth(order: Order, folder: Path) -> Path:
    return folder / f"{order.name}.truth.npz"


def _kept(recorded: Recorded, model: str) -> Path:
    return recorded.film.with_suffix(f".{recorded.order.digest}-{model}.npz")


def _is_made(order: Order, folder: Path) -> bool:
    if not _truth(order, folder).exists():
        return False
    with np.load(_truth(order, folder)) as archive:
        return str(archive["digest"]) == order.digest


@cache
def _parts() -> Parts:
    """One a process: the head model takes seconds to load."""
    return Parts.load()


def _render(job: tuple[Order, Path]) -> None:
    order, folder = job
    film, script, parts = _film(order, folder), order.script, _parts()
    setting, scene = order.setting()
    shots = shoot(parts, script, order.actor(parts), setting, order.fps)
    shown = write(film, _recorded(shots, scene, order.scene), order.fps, (SIZE, SIZE))
    time = script.times(order.fps)
    _save(
        _truth(order, folder),
        {
            "digest": np.array(order.digest),
            "time": time,
            "shown": shown,
            "pose": np.array([(one.yaw, one.pitch, one.roll) for one in script.poses(time)], np.float32),
            "gaze": np.array([(one.yaw, one.pitch) for one in script.eyes(time)], np.float32),
        },
    )


def _setting(seed: int | None) -> tuple[Setting, Recording | None]:
    if seed is None:
        return Setting.plain((SIZE, SIZE)), None
    rng = np.random.default_rng([seed, 1])
    drawn = scenes.draw(rng)
    filled = float(rng.uniform(*_FILLED))
    camera = replace(drawn.camera, focal=filled * drawn.camera.distance / _HEAD)
    background = cv2.resize(drawn.background, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
    return Setting(camera, drawn.lighting, np.ascontiguousarray(background, np.float32)), drawn


def _recorded(
    shots: Iterator[tuple[U8, F32]], scene: Recording | None, seed: int | None
) -> Iterator[tuple[U8, F32]]:
    rng = np.random.default_rng([seed or 0, 2])
    for picture, shown in shots:
        yield (scenes.recorded(picture, scene, rng) if scene else picture), shown


def _load(order: Order, folder: Path) -> Recorded:
    with np.load(_truth(order, folder)) as archive:
        arrays = (archive[name] for name in ("time", "shown", "pose", "gaze"))
        return Recorded(order, _film(order, folder), *arrays)


@cache
def _models(networks: Path, weights: Path) -> Models:
    return load_models(networks, weights=weights)


def _measure(job: tuple[Recorded, Path, Path, str]) -> None:
    recorded, networks, weights, model = job
    found = analysed(recorded, _models(networks, weights))
    arrays: Arrays = {}
    for name, part in (("rows", found.rows), ("series", found.series)):
        arrays |= {f"{name}_{field.name}": getattr(part, field.name) for field in fields(part)}
    _save(_kept(recorded, model), arrays)


def _read(path: Path, weak: frozenset[int]) -> Analysed:
    with np.load(path) as archive:
        rows = Rows(*(archive[f"rows_{field.name}"] for field in fields(Rows)))
        series = AUSeries(*(archive[f"series_{field.name}"] for field in fields(AUSeries)))
        return Analysed(rows, series, weak)


def _save(path: Path, arrays: Arrays) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    draft.replace(path)


def _in_memory(series: AUSeries) -> AUSeries:
    """The engine's lies on disk, and is gone with the analysis."""
    return AUSeries(*(np.array(getattr(series, field.name)) for field in fields(AUSeries)))
