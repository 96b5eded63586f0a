"""Cultural cohorts with their evidence, as a page and a report list them."""

import math
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Self

from analysis.engine.findings import cohorts
from analysis.engine.findings.cohorts import Cohort, CohortList, CohortParameter, Evidence, Study
from analysis.engine.findings.reliability import Z
from analysis.engine.types import Interval


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A group of Action Units: what their intensities are multiplied by, and how that is known."""

    group: str
    factor: Interval
    status: str
    people: int
    source: str

    @classmethod
    def of(cls, one: CohortParameter) -> Self:
        apart = math.exp(Z * one.spread)
        factor = Interval(one.factor, one.factor / apart, one.factor * apart)
        return cls(one.group, factor, one.status, one.people, one.source)


@dataclass(frozen=True, slots=True)
class CohortLine:
    key: str
    country: str
    language: str
    version: str
    status: str
    parameters: tuple[ParameterLine, ...]
    studies: tuple[Study, ...]
    """That cover its country, looked through for figures."""

    @classmethod
    def of(cls, cohort: Cohort) -> Self:
        return cls(
            key=cohort.key,
            country=cohort.country,
            language=cohort.language,
            version=cohort.version,
            status=cohort.status.value,
            parameters=tuple(ParameterLine.of(one) for one in cohort.parameters),
            studies=cohorts.shipped().studies_of(cohort),
        )

    @property
    def known(self) -> tuple[ParameterLine, ...]:
        """The parameters with evidence."""
        return tuple(line for line in self.parameters if line.status != Evidence.NONE)

    @property
    def told(self) -> tuple[object, ...]:
        """All that is said of it beside its language."""
        return self.country, self.status, self.parameters, self.studies


@dataclass(frozen=True, slots=True)
class CohortPage:
    version: str
    cohorts: tuple[CohortLine, ...]
    studies: tuple[Study, ...]
    unknown: ParameterLine
    """What every group has of which nothing is known."""

    @classmethod
    def of(cls, listed: CohortList) -> Self:
        return cls(
            version=listed.version,
            cohorts=tuple(CohortLine.of(cohort) for cohort in listed.cohorts.values()),
            studies=listed.studies,
            unknown=ParameterLine.of(cohorts.unknown(next(iter(cohorts.GROUPS)))),
        )

    @property
    def alike(self) -> tuple[tuple[CohortLine, ...], ...]:
        """The cohorts, those of a country together of which the same is said."""
        return tuple(tuple(lines) for _, lines in groupby(self.cohorts, key=lambda line: line.told))

    @property
    def countries(self) -> int:
        return len({cohort.country for cohort in self.cohorts})


@cache
def shipped() -> CohortPage:
    """Of the list that this version ships."""
    return CohortPage.of(cohorts.shipped())
