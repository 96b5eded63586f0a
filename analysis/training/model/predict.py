"""Runs a model on samples with the engine's own code, whether or not its card says how good it is yet."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.engine.au_network import Estimate
from analysis.engine.model_card import ModelCard
from analysis.engine.runtime import load_au_network
from analysis.engine.types import F32, Neutral
from analysis.training.model.samples import Samples

_UNKNOWN = ModelCard(name="", version="", sha256="", evidence={}, facts={})
"""Of a model that was not measured; spreads are as the head gives them."""


class Predictor:
    """Both networks on one thread."""

    def __init__(self, folder: Path) -> None:
        self._network = load_au_network(folder, card=_UNKNOWN)

    def codes(self, crop: NDArray[np.int8]) -> F32:
        """(n, code) of evened crops (n, 128, 128)."""
        return self._network.encode(crop)

    def against(self, neutral: tuple[F32, F32, F32], landmarks: F32, pose: F32, code: F32) -> Estimate:
        """Frames of one person against the neutral's landmarks (478, 3), pose (3,), code (code,)."""
        shape, turned, look = (np.asarray(part, np.float32) for part in neutral)
        face = Neutral("marked", 1, 0.0, 0.0, shape, turned, look)
        return self._network.compare_faces((landmarks, pose, code), face)

    def people(self, samples: Samples, *, crops: bool = True) -> Estimate:
        """Every frame against the mean of its person's neutral frames; NaN for people without any.

        Without `crops`, landmarks alone must do.
        """
        code = (
            self.codes(samples.crop)
            if crops
            else np.zeros((len(samples.crop), self._network.code_length), np.float32)
        )
        shape = (*samples.labels.shape,)
        result = Estimate(*(np.full(shape, np.nan, np.float32) for _ in range(3)))
        for calm, all_ in samples.people():
            neutral = (samples.landmarks[calm], samples.pose[calm], code[calm])
            means = tuple(part.mean(axis=0) for part in neutral)
            found = self.against(means, samples.landmarks[all_], samples.pose[all_], code[all_])
            for name in ("intensity", "spread", "visibility"):
                getattr(result, name)[all_] = getattr(found, name)
        return result
