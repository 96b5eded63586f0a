"""What `evaluate` does; needs no torch."""

import sys
from pathlib import Path

from analysis.training.generator.dataset import Part
from analysis.training.model import evaluate
from analysis.training.model.predict import Predictor
from analysis.training.model.samples import Samples


def run_evaluate(data: Path, model: Path, part: Part) -> None:
    """Print the scores of one set."""
    samples = Samples.load(data, part)
    sys.stdout.write(evaluate.table(evaluate.scores(samples, Predictor(model).people(samples))))
