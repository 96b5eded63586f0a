"""What the product would print about the people of a dataset, beside what was posed."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.engine.quality import THRESHOLDS
from analysis.engine.types import F32
from analysis.training.errors import TrainingError
from analysis.training.evaluation import redraw
from analysis.training.evaluation.metrics import Flags
from analysis.training.generator import dataset
from analysis.training.generator.dataset import FRAMES_A_SHARD, Part
from analysis.training.model.predict import Predictor
from analysis.training.model.samples import Samples


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of n frames: what shards do not hold."""

    tone: F32
    """1-10 on the Monk scale."""
    azimuth: F32
    """Degrees of the main light, 0 from the camera."""
    exposure: F32
    relit: Flags
    covered: Flags
    glasses: Flags
    bearded: Flags
    """Beard or stubble."""
    age: F32
    """0-1, depth of the lines at rest."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Of n frames of expressions in poses that the product measures; (n, 44, 2) is left and right."""

    truth: F32
    """(n, 44, 2) posed; AU43 as any closing of the lids."""
    found: F32
    """(n, 44, 2)"""
    spread: F32
    """(n, 44, 2)"""
    seen: F32
    """(n, 44, 2) share of the AU's skin that the model takes to be in view."""
    shown: F32
    """(n, 44, 2) share of it that is."""
    pose: F32
    """(n, 3) degrees."""
    person: NDArray[np.int64]
    around: Circumstances


def read(data: Path, model: Path, part: Part, frames: int) -> Reading:
    """The finished shards of one set, at most about `frames` frames rendered.

    Raises TrainingError where there are none, or where they are another generator's.
    """
    seed = int(str(dataset.manifest(data)["seed"]))
    predictor = Predictor(model)
    shards = islice(dataset.load(data, part), max(1, frames // FRAMES_A_SHARD))
    parts = [_shard(shard, predictor, seed, part) for shard in shards]
    if not parts:
        raise TrainingError(f"{data} holds no shard of the {part.name.lower()} set.")
    return _joined(parts)


def _shard(shard: dict[str, NDArray[np.generic]], predictor: Predictor, seed: int, part: Part) -> Reading:
    samples = Samples.of(shard)
    estimate = predictor.people(samples)
    around = _circumstances(list(_facts(samples.person, shard["labels"].astype(np.float32), seed, part)))
    kept = ~samples.neutral & np.isfinite(estimate.intensity[:, 0, 0])
    kept &= np.abs(samples.pose[:, 0]) <= THRESHOLDS.yaw
    kept &= np.abs(samples.pose[:, 1]) <= THRESHOLDS.pitch
    return Reading(
        truth=samples.labels[kept],
        found=estimate.intensity[kept],
        spread=estimate.spread[kept],
        seen=estimate.visibility[kept],
        shown=samples.visible[kept],
        pose=samples.pose[kept],
        person=samples.person[kept],
        around=_chosen(around, kept),
    )


def _facts(
    owner: NDArray[np.int64], labels: F32, seed: int, part: Part
) -> Iterator[tuple[redraw.PersonFacts, redraw.FrameFacts]]:
    """Person and frame of every row."""
    for number in np.unique(owner):
        person = redraw.person(np.random.default_rng([seed, int(part), int(number)]))
        for frame in redraw.matched(person, labels[owner == number]):
            yield person, frame


def _circumstances(facts: list[tuple[redraw.PersonFacts, redraw.FrameFacts]]) -> Circumstances:
    looks = [person.look for person, _ in facts]
    frames = [frame for _, frame in facts]
    return Circumstances(
        tone=np.array([look.tone for look in looks], np.float32),
        azimuth=np.array([frame.lighting.lights[0].azimuth for frame in frames], np.float32),
        exposure=np.array([frame.lighting.exposure for frame in frames], np.float32),
        relit=np.array([frame.relit for frame in frames]),
        covered=np.array([frame.covered for frame in frames]),
        glasses=np.array([look.glasses > 0 for look in looks]),
        bearded=np.array([look.beard > 0 or look.stubble > 0 for look in looks]),
        age=np.array([look.age for look in looks], np.float32),
    )


def _chosen(around: Circumstances, kept: Flags) -> Circumstances:
    return Circumstances(*(getattr(around, field.name)[kept] for field in fields(around)))


def _joined(parts: list[Reading]) -> Reading:
    arrays = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Reading)
        if field.name != "around"
    }
    around = Circumstances(
        *(
            np.concatenate([getattr(part.around, field.name) for part in parts])
            for field in fields(Circumstances)
        )
    )
    return Reading(around=around, **arrays)
