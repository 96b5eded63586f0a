"""How much people of a cohort show, beside others: the factors that `manage.py calibrate_cohort` fits.

A person's expressivity in a group of Action Units is the natural logarithm of their mean intensity over
the scored time of their recordings. What is asked is the difference d between the mean of a cohort and of the
others. It is shrunk towards no change in two steps: the groups towards the cohort, and that towards 0.
With b ~ N(0, P), P being `PRIOR_OVERALL`^2 everywhere and `PRIOR_GROUP`^2 more on the diagonal, and
d ~ N(b, N), N = S (1/n + 1/m) with the covariance S between people within either side, the estimate is the
posterior of b: mean K d and covariance P - K P, with K = P (P + N)^-1. The factor exp(-b) takes it back.
"""

from collections.abc import Sequence

import numpy as np

from analysis.engine.findings.cohorts import (
    GROUPS,
    PRIOR_GROUP,
    PRIOR_OVERALL,
    CohortParameter,
    Evidence,
    unknown,
)
from analysis.engine.result_types import AnalysisResult
from analysis.engine.types import F64

LEAST_PEOPLE = 20
"""In the cohort, and beside it, under which nothing is fitted: the product's own choice."""
LEAST_SECONDS = 30.0
"""Scored time of a recording under which it tells too little of a person."""
STILL = 0.05
"""Mean intensity under which a display counts as this much: the logarithm has no end there."""


class TooFewPeopleError(Exception):
    """Fewer people than a cohort is fitted from."""

    def __init__(self, cohort: int, others: int) -> None:
        super().__init__(f"{cohort} people and {others} others; {LEAST_PEOPLE} of each are needed")
        self.cohort = cohort
        self.others = others


def expressivity(result: AnalysisResult) -> F64 | None:
    """(groups,) of the person seen most, NaN for a group of which nothing was scored or all is of grade D.

    None where the person was scored for too short a time.
    """
    if not result.tracks or result.tracks[0].quality.scored_seconds < LEAST_SECONDS:
        return None
    weak = {one.au for one in result.evidence.action_units if one.grade == "D"} if result.evidence else set()
    means = {one.au: one.mean.value for one in result.tracks[0].summaries if one.mean and one.au not in weak}
    found = np.full(len(GROUPS), np.nan)
    for row, aus in enumerate(GROUPS.values()):
        shown = [means[au] for au in aus if au in means]
        if shown:
            found[row] = np.log(max(float(np.mean(shown)), STILL))
    return found


def of_person(recordings: Sequence[F64]) -> F64:
    """(groups,) of one person from one or more recordings, each counting the same; NaN where all are."""
    told = np.ma.masked_invalid(np.stack(recordings)).mean(axis=0)
    return np.asarray(np.ma.filled(told, np.nan))


def comparable(people: Sequence[F64]) -> list[bool]:
    """Of each whether they were measured in all groups that anybody was measured in."""
    found = np.isfinite(np.stack(people)) if people else np.zeros((0, len(GROUPS)), bool)
    wanted = found.any(axis=0)
    return [bool((one | ~wanted).all()) for one in found]


def difference(cohort: Sequence[F64], others: Sequence[F64]) -> F64:
    """(groups,) by how much more the cohort shows, before anything is shrunk; NaN where anybody is."""
    return np.asarray(np.mean(cohort, axis=0) - np.mean(others, axis=0))


def fit(cohort: Sequence[F64], others: Sequence[F64], source: str) -> tuple[CohortParameter, ...]:
    """Parameters of a cohort, one a group, from (groups,) of each person in it and beside it.

    A group that is NaN in anybody is left without evidence. Raises TooFewPeopleError.
    """
    if len(cohort) < LEAST_PEOPLE or len(others) < LEAST_PEOPLE:
        raise TooFewPeopleError(len(cohort), len(others))
    inside, beside = np.stack(cohort), np.stack(others)
    known = np.isfinite(np.concatenate([inside, beside])).all(axis=0)
    mean, deviation = _shrunk(inside[:, known], beside[:, known])
    fitted = iter(zip(mean.tolist(), deviation.tolist(), strict=True))
    return tuple(
        _parameter(group, *next(fitted), people=len(cohort), source=source) if there else unknown(group)
        for group, there in zip(GROUPS, known, strict=True)
    )


def _parameter(group: str, mean: float, deviation: float, people: int, source: str) -> CohortParameter:
    return CohortParameter(group, float(np.exp(-mean)), deviation, Evidence.MEASURED.value, people, source)


def _shrunk(inside: F64, beside: F64) -> tuple[F64, F64]:
    """Posterior mean and standard deviation, each (groups,), of how much more the cohort shows."""
    groups = inside.shape[1]
    prior = np.full((groups, groups), PRIOR_OVERALL**2) + PRIOR_GROUP**2 * np.eye(groups)
    noise = _within(inside, beside) * (1 / len(inside) + 1 / len(beside))
    gain = np.linalg.solve(prior + noise, prior).T
    left = prior - gain @ prior
    return gain @ (inside.mean(axis=0) - beside.mean(axis=0)), np.sqrt(np.diag(left))


def _within(inside: F64, beside: F64) -> F64:
    """(groups, groups) covariance between people, pooled over both sides."""
    spare = [side - side.mean(axis=0) for side in (inside, beside)]
    return np.asarray(sum(one.T @ one for one in spare) / (len(inside) + len(beside) - 2))
