"""What a model is supposed to have said of rendered people, made of random numbers."""

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT
from analysis.training.evaluation.reading import Circumstances, Reading

N = 400


def made(found=None, **changed):
    """People of grade A in everything, unless told otherwise."""
    rng = np.random.default_rng(1)
    truth = (rng.uniform(0, 5, (N, AU_COUNT, 2)) * (rng.random((N, AU_COUNT, 1)) < 0.5)).astype(np.float32)
    for row, unit in enumerate(ACTION_UNITS):
        if not unit.sided:
            truth[:, row, 1] = truth[:, row, 0]
    flags = {name: np.arange(N) % 2 == 0 for name in ("relit", "covered", "glasses", "bearded")}
    values = {
        "tone": np.linspace(1, 10, N),
        "azimuth": np.linspace(-60, 60, N),
        "exposure": np.linspace(0.4, 1, N),
        "age": np.linspace(0, 1, N),
    }
    around = Circumstances(**flags, **{name: value.astype(np.float32) for name, value in values.items()})
    arrays = {
        "truth": truth,
        "found": truth if found is None else found(truth),
        "spread": np.full((N, AU_COUNT, 2), 0.5, np.float32),
        "seen": np.ones((N, AU_COUNT, 2), np.float32),
        "shown": np.ones((N, AU_COUNT, 2), np.float32),
        "pose": np.stack([np.linspace(-44, 44, N), *np.zeros((2, N))], axis=1).astype(np.float32),
        "person": np.arange(N) // 9,
    }
    return Reading(**(arrays | changed), around=around)


def noisy(truth):
    return np.clip(truth + np.random.default_rng(2).normal(0, 1, truth.shape), 0, 5).astype(np.float32)
