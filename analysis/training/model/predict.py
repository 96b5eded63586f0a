"""Runs the exported files as the product would: codes while pictures stream, then the head."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from analysis.engine.model_card import ENCODER, HEAD
from analysis.engine.types import F32
from analysis.training.model.samples import Samples

_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of n frames, each (n, 44, 2) left and right."""

    intensity: F32
    spread: F32
    visibility: F32


class Predictor:
    """Both networks on one thread."""

    def __init__(self, folder: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        self._encoder, self._head = (
            ort.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])
            for name in (ENCODER, HEAD)
        )

    def codes(self, crop: NDArray[np.int8]) -> F32:
        """(n, 128) of evened crops (n, 128, 128)."""
        blocks = [crop[start : start + _BLOCK].astype(np.float32) for start in range(0, len(crop), _BLOCK)]
        return np.concatenate([self._encoder.run(None, {"crop": block})[0] for block in blocks])

    def against(self, neutral: tuple[F32, F32, F32], landmarks: F32, pose: F32, code: F32) -> Estimate:
        """Frames of one person against the neutral's landmarks (478, 3), pose (3,), code (128,)."""
        inputs = {"landmarks": landmarks, "pose": pose, "code": code}
        for name, value in zip(("landmarks", "pose", "code"), neutral, strict=True):
            inputs[f"neutral_{name}"] = np.repeat(value[None], len(landmarks), axis=0)
        return Estimate(
            *self._head.run(None, {k: np.ascontiguousarray(v, np.float32) for k, v in inputs.items()})
        )

    def people(self, samples: Samples) -> Estimate:
        """Every frame against its person's neutral; NaN for people without one."""
        code = self.codes(samples.crop)
        shape = (*samples.labels.shape,)
        result = Estimate(*(np.full(shape, np.nan, np.float32) for _ in range(3)))
        for calm, all_ in samples.people():
            neutral = tuple(part[calm].mean(axis=0) for part in (samples.landmarks, samples.pose, code))
            found = self.against(neutral, samples.landmarks[all_], samples.pose[all_], code[all_])
            for name in ("intensity", "spread", "visibility"):
                getattr(result, name)[all_] = getattr(found, name)
        return result
