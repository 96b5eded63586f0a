"""Samples of a dataset grouped by person, ready for training and evaluation."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_INDEX
from analysis.engine.crops import evened
from analysis.engine.types import F32
from analysis.training.errors import TrainingError
from analysis.training.generator import dataset

TIMED = (45, 46)
"""Told from AU43 by their course alone: no single frame shows them."""
MODELLED = np.array([au not in TIMED for au in AU_INDEX])
"""(44,) which rows the model learns."""
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Samples:
    """n frames, those of a person together."""

    landmarks: F32
    """(n, 478, 3) in the face's own frame."""
    crop: NDArray[np.int8]
    """(n, 128, 128) as `crops.evened` leaves it."""
    pose: F32
    """(n, 3) degrees."""
    labels: F32
    """(n, 44, 2), AU43 as what closes the eyes, of whatever course."""
    visible: F32
    """(n, 44, 2)"""
    neutral: NDArray[np.bool_]
    person: Indices
    kind: NDArray[np.str_]

    @classmethod
    def load(cls, folder: Path, part: dataset.Part) -> Self:
        """All finished shards of one set; raises TrainingError where there are none."""
        shards = list(dataset.load(folder, part))
        if not shards:
            raise TrainingError(f"{folder} holds no shard of the {part.name.lower()} set.")
        return cls.of({name: np.concatenate([shard[name] for shard in shards]) for name in shards[0]})

    @classmethod
    def of(cls, shard: dict[str, NDArray[np.generic]]) -> Self:
        """A shard's arrays as `dataset.load` gives them, or several shards' put together."""
        return cls(
            landmarks=shard["landmarks"].astype(np.float32),
            crop=np.stack([evened(np.asarray(crop, np.uint8)) for crop in shard["crop"]]),
            pose=shard["pose"].astype(np.float32),
            labels=closures(shard["labels"].astype(np.float32)),
            visible=shard["visible"].astype(np.float32),
            neutral=shard["neutral"].astype(bool),
            person=shard["person"].astype(np.int64),
            kind=shard["kind"].astype(np.str_),
        )

    def people(self) -> list[tuple[Indices, Indices]]:
        """Of each person with a neutral: the frames of the neutral, and all frames."""
        starts = np.flatnonzero(np.diff(self.person, prepend=-1))
        groups = np.split(np.arange(len(self.person)), starts[1:])
        return [(group[self.neutral[group]], group) for group in groups if self.neutral[group].any()]


def closures(labels: F32) -> F32:
    """Labels (n, 44, 2) with blinks and winks counted to AU43, and no longer by themselves."""
    result = labels.copy()
    timed = [AU_INDEX[au] for au in TIMED]
    result[:, AU_INDEX[43]] = np.maximum(labels[:, AU_INDEX[43]], labels[:, timed].max(axis=1))
    result[:, timed] = 0
    return result
