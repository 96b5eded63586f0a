"""What a measurement of findings is asked, and what it answers: a chapter of docs/findings-accuracy.md."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.training.evaluation.bars import Bar


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be measured, and where its recordings are kept."""

    folder: Path
    """Of recordings and of what was measured in them; a chapter has a folder of its own in it."""
    networks: Path
    weights: Path
    recordings: int
    """Of each of the two sets that intervals are fitted and tested on."""
    workers: int
    say: Callable[[str], object]
    """Takes a line that tells how far the work is."""


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    body: str
    """Markdown below the heading: prose, and tables made of what was measured."""
    bars: tuple[Bar, ...]
