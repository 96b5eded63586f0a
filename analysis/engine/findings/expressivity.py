"""How much people of a cohort show, beside others: the factors that `manage.py calibrate_cohort` fits.

A person's expressivity in a group of Action Units is the natural logarithm of their mean intensity over
the scored time of their recordings. What is asked is the difference d of a cohort's mean from the reference,
which is the mean of the means of all k cohorts that have enough people, this one included, each counting the
same. So the reference is the same for all of them, and what each takes back brings them together.

The difference is shrunk towards no change in two steps: the groups towards the cohort, and that towards 0.
Where cohorts differ from all that could be by N(0, P), P being `PRIOR_OVERALL`^2 everywhere and
`PRIOR_GROUP`^2 more on the diagonal, one differs from the mean of k by b ~ N(0, Q), Q = (1 - 1/k) P. With
d ~ N(b, N), N = S ((1 - 1/k)^2 / n + the sum over the others of 1/k^2 / m) and the covariance S between
people within a cohort, the estimate is the posterior of b: mean G d and covariance Q - G Q, with the gain
G = Q (Q + N)^-1. The factor exp(-b) takes it back.
"""

from collections.abc import Mapping, Sequence

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
"""In a cohort, under which it is not fitted and is no part of the reference: the product's own choice."""
LEAST_SECONDS = 30.0
"""Scored time of a recording under which it tells too little of a person."""
STILL = 0.05
"""Mean intensity under which a display counts as this much: the logarithm has no end there."""


class TooFewPeopleError(Exception):
    """Fewer people than a cohort is fitted from, in it or in the largest other one."""

    def __init__(self, cohort: int, others: int) -> None:
        super().__init__(f"{cohort} people, {others} in another cohort; {LEAST_PEOPLE} of each are needed")
        self.cohort = cohort
        self.others = others


def expressivity(result: AnalysisResult) -> F64 | None:
    """(groups,) of the person seen most, NaN for a group of which nothing was scored or all is of grade D.

    None where the person was scored for too short a time.
    """
    main = result.main
    if main is None or main.quality.scored_seconds < LEAST_SECONDS:
        return None
    weak = {one.au for one in result.evidence.action_units if one.grade == "D"} if result.evidence else set()
    means = {one.au: one.mean.value for one in main.summaries if one.mean and one.au not in weak}
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


def compared(people: Mapping[str, Sequence[F64]], cohort: str) -> list[F64]:
    """(people, groups) of the cohort, and then of every other one that has enough people.

    `people` is (groups,) of each person, by cohort. Raises TooFewPeopleError where the cohort itself has too
    few, or all others do.
    """
    own = people.get(cohort, ())
    others = [people[key] for key in sorted(people) if key != cohort]
    if len(own) < LEAST_PEOPLE or not any(len(one) >= LEAST_PEOPLE for one in others):
        raise TooFewPeopleError(len(own), max(map(len, others), default=0))
    return [np.stack(one) for one in (own, *others) if len(one) >= LEAST_PEOPLE]


def difference(cohorts: Sequence[F64]) -> F64:
    """(groups,) by how much more the first cohort of `compared` shows than the reference, unshrunk.

    NaN where anybody is.
    """
    means = np.stack([one.mean(axis=0) for one in cohorts])
    return np.asarray(means[0] - means.mean(axis=0))


def fit(cohorts: Sequence[F64], source: str) -> tuple[CohortParameter, ...]:
    """Parameters of the first cohort of `compared`, one a group.

    A group that is NaN in anybody is left without evidence.
    """
    known = [bool(np.isfinite(group).all()) for group in np.concatenate(cohorts).T]
    mean, deviation = _shrunk([one[:, np.flatnonzero(known)] for one in cohorts])
    fitted = iter(zip(mean.tolist(), deviation.tolist(), strict=True))
    return tuple(
        _parameter(group, *next(fitted), people=len(cohorts[0]), source=source) if there else unknown(group)
        for group, there in zip(GROUPS, known, strict=True)
    )


def _parameter(group: str, mean: float, deviation: float, people: int, source: str) -> CohortParameter:
    return CohortParameter(group, float(np.exp(-mean)), deviation, Evidence.MEASURED.value, people, source)


def _shrunk(cohorts: Sequence[F64]) -> tuple[F64, F64]:
    """Posterior mean and standard deviation, each (groups,), of how much more the first cohort shows."""
    groups = cohorts[0].shape[1]
    weights = np.eye(len(cohorts))[0] - 1 / len(cohorts)
    prior = weights[0] * (np.full((groups, groups), PRIOR_OVERALL**2) + PRIOR_GROUP**2 * np.eye(groups))
    noise = _within(cohorts) * float(np.sum(weights**2 / list(map(len, cohorts))))
    gain = np.linalg.solve(prior + noise, prior).T
    left = prior - gain @ prior
    return gain @ difference(cohorts), np.sqrt(np.diag(left))


def _within(cohorts: Sequence[F64]) -> F64:
    """(groups, groups) covariance between people, pooled over the cohorts."""
    spare = np.concatenate([one - one.mean(axis=0) for one in cohorts])
    return np.asarray(spare.T @ spare / (len(spare) - len(cohorts)))
