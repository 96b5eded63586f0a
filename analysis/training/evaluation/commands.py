"""What `evaluate` of the training command does; needs no torch."""

import sys
from pathlib import Path

from analysis.training.evaluation import synthetic
from analysis.training.evaluation.reading import read
from analysis.training.evaluation.scores import table
from analysis.training.generator.dataset import Part

FRAMES = 7_680
"""Rendered frames that are read at most: 640 people."""


def run_evaluate(data: Path, model: Path, part: Part, frames: int = FRAMES) -> None:
    """Print the scores of one set."""
    shown = synthetic.printed(read(data, model, part, frames))
    sys.stdout.write(table(synthetic.units(shown)))
