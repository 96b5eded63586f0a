"""Cultural cohorts: by how much groups of Action Units are scaled before signals are made of them.

A cohort is declared by the subject or an analyst; nothing here looks at a face. What a cohort changes is
one number for each group of Action Units, because how much people show of something is learned. Each number
carries its source, how many people it comes from and its own uncertainty. Where nothing is known the factor
is 1, with the whole uncertainty that the product allows for (`PRIOR`).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

FILE = Path(__file__).with_name("cohorts.json")


class Evidence(StrEnum):
    """Where a factor comes from."""

    MEASURED = "measured"
    """From recordings of consenting people, by `manage.py calibrate_cohort`."""
    LITERATURE = "literature"
    """A published figure, cited."""
    NONE = "no_evidence"
    """Nothing: the factor is 1."""


GROUPS: dict[str, tuple[int, ...]] = {
    "brows_up": (1, 2, 5),
    "brows_down": (4, 7),
    "smile": (6, 12, 13),
    "nose_and_upper_lip": (9, 10, 11),
    "lower_mouth": (14, 15, 17, 20, 23, 24, 28, 32),
}
"""Action Units that share a factor: too little is known of anybody to tell single ones apart. Units that
speaking, looking and blinking move (16, 18, 22, 25 to 27, 41 to 46) are in none and never scaled."""
_GROUP_OF = {au: group for group, aus in GROUPS.items() for au in aus}

PRIOR_OVERALL = 0.20
PRIOR_GROUP = 0.15
"""Standard deviations, in natural logarithm, of a cohort's expressivity as a whole and of one group beside
the others, before anything is known: the product's own choice."""
PRIOR = math.hypot(PRIOR_OVERALL, PRIOR_GROUP)


@dataclass(frozen=True, slots=True)
class CohortParameter:
    """What is known of one group of Action Units in a cohort."""

    group: str
    """Key of `GROUPS`."""
    factor: float
    """Intensities are multiplied by it to read as in the reference of its calibration; over 1 where the
    cohort shows less."""
    spread: float
    """Standard deviation of the factor's natural logarithm."""
    status: str
    """`Evidence`"""
    people: int
    """It was measured on; 0 without evidence."""
    source: str
    """Citation, or version of the calibration; empty without evidence."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """One cohort as a result uses it and keeps it."""

    key: str
    country: str
    """ISO 3166-1 alpha-2."""
    language: str
    """ISO 639-1."""
    version: str
    """That of the product's list, with the number of the organisation's own calibration after a dot."""
    parameters: tuple[CohortParameter, ...]
    """One a group, in the order of `GROUPS`."""

    @property
    def status(self) -> Evidence:
        """The best that any of its parameters has."""
        known = {one.status for one in self.parameters}
        return next(one for one in Evidence if one.value in known)

    def factor(self, au: int) -> float:
        """What an intensity of the Action Unit is multiplied by; 1 where it is in no group."""
        found = self._of(au)
        return found.factor if found else 1.0

    def varied(self, group: str, deviations: float) -> Self:
        """The cohort with one group's factor so many of its standard deviations higher."""
        return replace(
            self,
            parameters=tuple(
                replace(one, factor=one.factor * math.exp(deviations * one.spread))
                if one.group == group
                else one
                for one in self.parameters
            ),
        )

    def _of(self, au: int) -> CohortParameter | None:
        group = _GROUP_OF.get(au)
        return next((one for one in self.parameters if one.group == group), None) if group else None


class About(StrEnum):
    """What a study asked or saw, and so why no factor follows from it."""

    RULES = "rules"
    """What people say one should show."""
    BELIEFS = "beliefs"
    """What people take a display to mean."""
    DISPLAYS = "displays"
    """What was shown: smiles and lowered brows alone, and the difference turned round with the setting."""


@dataclass(frozen=True, slots=True)
class Study:
    """Published work on how cultures differ in display, looked through for factors."""

    key: str
    citation: str
    about: str
    """`About`"""
    people: int
    countries: tuple[str, ...]
    """Those of the list that it is known to cover, ISO 3166-1 alpha-2; empty where it gives many together."""


@dataclass(frozen=True, slots=True)
class CohortList:
    """The cohorts that can be declared, as the product ships them."""

    version: str
    cohorts: Mapping[str, Cohort]
    studies: tuple[Study, ...]

    def studies_of(self, cohort: Cohort) -> tuple[Study, ...]:
        return tuple(study for study in self.studies if cohort.country in study.countries)


@cache
def shipped() -> CohortList:
    """The list in `cohorts.json`, read once."""
    plain = json.loads(FILE.read_text(encoding="utf-8"))
    cohorts = (_cohort(one, plain["version"]) for one in plain["cohorts"])
    return CohortList(
        version=plain["version"],
        cohorts={cohort.key: cohort for cohort in cohorts},
        studies=tuple(Study(**one | {"countries": tuple(one["countries"])}) for one in plain["studies"]),
    )


def _cohort(plain: dict[str, Any], version: str) -> Cohort:
    known = plain["parameters"]
    return Cohort(
        key=plain["key"],
        country=plain["country"],
        language=plain["language"],
        version=version,
        parameters=tuple(
            CohortParameter(group, **known[group]) if group in known else unknown(group) for group in GROUPS
        ),
    )


def unknown(group: str) -> CohortParameter:
    """A parameter of which nothing is known."""
    return CohortParameter(group, 1.0, PRIOR, Evidence.NONE.value, 0, "")
