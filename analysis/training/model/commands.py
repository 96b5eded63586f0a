"""What `train` does."""

import sys
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analysis.engine.action_units import AU_COUNT, AU_NUMBERS
from analysis.engine.types import F32
from analysis.training.evaluation.commands import run_evaluate
from analysis.training.generator.dataset import Part, manifest
from analysis.training.model.calibrate import fit
from analysis.training.model.export import export
from analysis.training.model.predict import Predictor
from analysis.training.model.samples import Samples
from analysis.training.model.train import Network, Plan, train

NAME, VERSION = "echodepth-au", "2"


def run_train(data: Path, out: Path, plan: Plan) -> None:
    """Train on the training set, write the ONNX files, print the validation set's scores."""
    samples = Samples.load(data, Part.TRAIN)
    begun = time.monotonic()
    network = train(samples, plan, _say)
    shares = _shares(network, Samples.load(data, Part.VALIDATION), plan)
    facts: dict[str, object] = {
        "name": NAME,
        "version": VERSION,
        "training": {
            "command": (
                f"python -m analysis.training train --seed {plan.seed} --epochs {plan.epochs}"
                f" --threads {plan.threads} --given-up {plan.given_up} --most-landmarks {plan.most_landmarks}"
            ),
            "data": manifest(data),
            "frames": len(samples.person),
            "people": len(samples.people()),
            "plan": asdict(plan),
            "landmarks_alone": {
                str(au): round(float(share), 2) for au, share in zip(AU_NUMBERS, shares, strict=True)
            },
        },
    }
    for file in export(network, out, facts, shares):
        _say(f"{file.name}: {file.size} bytes, sha256 {file.sha256}")
    _say(f"{len(samples.person)} frames, {time.monotonic() - begun:.0f} s")
    run_evaluate(data, out, Part.VALIDATION)


def _shares(network: Network, samples: Samples, plan: Plan) -> F32:
    """Of landmarks alone, by what the files, not the tensors, say."""
    with TemporaryDirectory() as folder:
        export(network, Path(folder), {}, np.zeros(AU_COUNT, np.float32))
        predictor = Predictor(Path(folder))
        together, alone = (predictor.people(samples, crops=crops).intensity for crops in (True, False))
    return fit(samples, together, alone, plan.given_up, plan.most_landmarks)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
