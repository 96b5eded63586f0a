"""What `train` does."""

import sys
import time
from dataclasses import asdict
from pathlib import Path

from analysis.training.evaluation.commands import run_evaluate
from analysis.training.generator.dataset import Part, manifest
from analysis.training.model.export import export
from analysis.training.model.samples import Samples
from analysis.training.model.train import Plan, train

NAME, VERSION = "echodepth-au", "1"


def run_train(data: Path, out: Path, plan: Plan) -> None:
    """Train on the training set, write the ONNX files, print the validation set's scores."""
    samples = Samples.load(data, Part.TRAIN)
    begun = time.monotonic()
    network = train(samples, plan, _say)
    facts: dict[str, object] = {
        "name": NAME,
        "version": VERSION,
        "training": {
            "command": f"python -m analysis.training train --seed {plan.seed} --epochs {plan.epochs}",
            "data": manifest(data),
            "frames": len(samples.person),
            "people": len(samples.people()),
            "plan": asdict(plan),
        },
    }
    for file in export(network, out, facts):
        _say(f"{file.name}: {file.size} bytes, sha256 {file.sha256}")
    _say(f"{len(samples.person)} frames, {time.monotonic() - begun:.0f} s")
    run_evaluate(data, out, Part.VALIDATION)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
