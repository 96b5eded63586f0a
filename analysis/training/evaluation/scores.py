"""How well Action Units are found on frames whose truth is known: the numbers behind every table."""

from dataclasses import asdict, dataclass

import numpy as np

from analysis.engine.action_units import PRESENT_FROM
from analysis.engine.types import F32
from analysis.training.evaluation import metrics


@dataclass(frozen=True, slots=True)
class Score:
    """Of one AU over n cases; a case is a frame, or a side of it."""

    cases: int
    present: int
    """Of `cases`, those whose truth is at B or above."""
    icc: float
    """ICC(3,1), -1 to 1."""
    r: float
    mae: float
    """Points of the 0-5 scale."""
    f1: float
    """Of presence at B or above."""
    skew_f1: float
    inside: float
    """Share 0-1 of truths inside the 95 % interval."""
    inside_present: float
    """The same where the truth is at B or above; 0 where it never is."""
    width: float
    """Mean width of the interval within 0-5, points, where the unit is read at B or above; 0 where never."""

    def facts(self) -> dict[str, float]:
        """As the card holds them: four decimals."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def score(truth: F32, found: F32, spread: F32) -> Score:
    """Of (n,) intensities and standard deviations; n may be 0."""
    present, said = truth >= PRESENT_FROM, found >= PRESENT_FROM
    empty = not len(truth)
    return Score(
        cases=len(truth),
        present=int(present.sum()),
        icc=metrics.icc(found, truth),
        r=metrics.pearson(found, truth),
        mae=0.0 if empty else float(np.abs(found - truth).mean()),
        f1=metrics.f1(said, present),
        skew_f1=metrics.skew_f1(said, present),
        inside=metrics.inside(found, spread, truth),
        inside_present=metrics.inside(found[present], spread[present], truth[present]),
        width=metrics.width(found[said], spread[said]),
    )


COLUMNS = (
    "ICC(3,1)",
    "r",
    "MAE",
    "F1",
    "skew F1",
    "in 95 % interval",
    "of those present",
    "its width from B",
)


def table(rows: dict[int, Score]) -> str:
    """The scores by AU as Markdown, the mean last."""
    head = ("AU", "frames", "at B or above", *COLUMNS)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [
        f"| {au} | {s.cases} | {s.present} | {' | '.join(cells(s.facts()))} |" for au, s in rows.items()
    ]
    names = Score.__dataclass_fields__
    mean = {name: float(np.mean([getattr(s, name) for s in rows.values()])) for name in names}
    return "\n".join([*lines, f"| mean | | | {' | '.join(cells(mean))} |"]) + "\n"


def cells(facts: dict[str, float]) -> list[str]:
    """The figures under `COLUMNS`."""
    plain = [f"{facts[name]:.2f}" for name in ("icc", "r", "mae", "f1", "skew_f1")]
    shares = [f"{facts[name]:.0%}" for name in ("inside", "inside_present")]
    return [*plain, *shares, f"{facts['width']:.1f}"]
