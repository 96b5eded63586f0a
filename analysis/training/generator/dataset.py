"""Shards of rendered, FACS-coded samples on disk: written once each, resumable, the same from the same seed.

Shards are numbered from 0. Shard `n` holds `PEOPLE_A_SHARD` people; of every ten shards the ninth is of the
validation set and the tenth of the test set. A person's random stream is seeded with (seed, set, number), so
that no face, look or recording of one set comes up in another.
"""

import json
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.engine.landmarks import FaceLandmarker
from analysis.engine.runtime import load_face_networks
from analysis.training.errors import TrainingError
from analysis.training.generator.people import FRAMES_A_PERSON, Studio, stacked

PEOPLE_A_SHARD = 32
FRAMES_A_SHARD = PEOPLE_A_SHARD * FRAMES_A_PERSON
MANIFEST = "manifest.json"
FORMAT = 2


class Part(IntEnum):
    """Which set a shard belongs to."""

    TRAIN = 0
    VALIDATION = 1
    TEST = 2


@dataclass(frozen=True, slots=True)
class Order:
    """A dataset to be made."""

    out: Path
    seed: int
    frames: int
    models: Path

    @property
    def shards(self) -> int:
        return -(-self.frames // FRAMES_A_SHARD)


def part_of(shard: int) -> Part:
    return {8: Part.VALIDATION, 9: Part.TEST}.get(shard % 10, Part.TRAIN)


def shard_path(folder: Path, shard: int) -> Path:
    return folder / f"shard-{shard:05d}.npz"


def generate(order: Order, workers: int = 1, parts: Collection[Part] = tuple(Part)) -> int:
    """Write the shards of `parts` that are not there yet; returns how many were written.

    Raises TrainingError where the folder holds a dataset of another seed or format.
    """
    order.out.mkdir(parents=True, exist_ok=True)
    _agree(order)
    wanted = (n for n in range(order.shards) if part_of(n) in parts)
    missing = [n for n in wanted if not shard_path(order.out, n).exists()]
    if workers <= 1:
        for number in missing:
            _write(order, number)
        return len(missing)
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for _ in pool.map(_write, [order] * len(missing), missing):
            pass
    return len(missing)


def load(folder: Path, part: Part) -> Iterator[dict[str, NDArray[np.generic]]]:
    """The finished shards of one set, in order; `person` numbers people within the dataset."""
    for number in finished(folder):
        if part_of(number) is part:
            with np.load(shard_path(folder, number)) as archive:
                yield {name: archive[name] for name in archive.files}


def finished(folder: Path) -> list[int]:
    """Numbers of the shards that are there, in order."""
    return sorted(int(path.stem.removeprefix("shard-")) for path in folder.glob("shard-*.npz"))


def manifest(folder: Path) -> dict[str, object]:
    """What the dataset in `folder` is; raises TrainingError where there is none."""
    try:
        facts: dict[str, object] = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError as error:
        raise TrainingError(f"{folder} holds no dataset.") from error
    return facts


def _agree(order: Order) -> None:
    path = order.out / MANIFEST
    facts = {
        "format": FORMAT,
        "seed": order.seed,
        "people_a_shard": PEOPLE_A_SHARD,
        "frames_a_person": FRAMES_A_PERSON,
        "sets": "of ten shards: 0-7 training, 8 validation, 9 test; people seeded by (seed, set, number)",
    }
    if not path.exists():
        path.write_text(json.dumps(facts, indent=1) + "\n")
    elif json.loads(path.read_text()) != facts:
        raise TrainingError(f"{order.out} holds a dataset of another seed or format.")


_studios: dict[Path, Studio] = {}
"""One a process: head model and networks take seconds to load."""


def _write(order: Order, shard: int) -> None:
    studio = _studios.get(order.models)
    if studio is None:
        studio = _studios[order.models] = Studio(FaceLandmarker(load_face_networks(order.models)))
    part = part_of(shard)
    people, owner = [], []
    for number in range(shard * PEOPLE_A_SHARD, (shard + 1) * PEOPLE_A_SHARD):
        samples = studio.person(np.random.default_rng([order.seed, part, number]))
        people += samples
        owner += [number] * len(samples)
    path = shard_path(order.out, shard)
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        arrays = {"person": np.array(owner, np.int64), **stacked(people)}
        np.savez_compressed(file, allow_pickle=False, **arrays)
    draft.replace(path)
