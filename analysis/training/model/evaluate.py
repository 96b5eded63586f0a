"""Agreement with the known intensities of people that no training has seen."""

from dataclasses import dataclass

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, PRESENT_FROM
from analysis.engine.types import F32
from analysis.training.model import metrics
from analysis.training.model.predict import Estimate
from analysis.training.model.samples import MODELLED, Samples

VISIBLE = 0.5
"""Share of an AU's skin that must show for a frame to count."""


@dataclass(frozen=True, slots=True)
class Score:
    """Of one AU over all frames of expressions in which it can be seen; of sided AUs both sides."""

    au: int
    cases: int
    present: int
    """Of `cases`, at B or above."""
    icc: float
    r: float
    mae: float
    inside: float
    """Share of truths inside the 95 % interval."""


def scores(samples: Samples, estimate: Estimate) -> list[Score]:
    """A row for every AU that the model learns."""
    expressed = ~samples.neutral & np.isfinite(estimate.intensity[:, 0, 0])
    result = []
    for row, unit in enumerate(ACTION_UNITS):
        if not MODELLED[row]:
            continue
        seen = expressed[:, None] & (samples.visible[:, row] >= VISIBLE)
        if not unit.sided:
            seen[:, 1] = False
        result.append(
            _score(
                unit.number,
                samples.labels[:, row][seen],
                estimate.intensity[:, row][seen],
                estimate.spread[:, row][seen],
            )
        )
    return result


def _score(au: int, truth: F32, found: F32, spread: F32) -> Score:
    return Score(
        au=au,
        cases=len(truth),
        present=int((truth >= PRESENT_FROM).sum()),
        icc=metrics.icc(found, truth),
        r=metrics.pearson(found, truth),
        mae=float(np.abs(found - truth).mean()),
        inside=metrics.inside(found, spread, truth),
    )


def table(rows: list[Score]) -> str:
    """The scores as Markdown, the mean last."""
    lines = [
        "| AU | frames | at B or above | ICC(3,1) | r | MAE | in 95 % interval |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {s.au} | {s.cases} | {s.present} | {s.icc:.2f} | {s.r:.2f} | {s.mae:.2f} | {s.inside:.0%} |"
        for s in rows
    ]
    icc, r, mae, inside = (
        float(np.mean([getattr(s, n) for s in rows])) for n in ("icc", "r", "mae", "inside")
    )
    lines.append(f"| mean | | | {icc:.2f} | {r:.2f} | {mae:.2f} | {inside:.0%} |")
    return "\n".join(lines) + "\n"
