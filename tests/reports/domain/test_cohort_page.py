import dataclasses
import math

import pytest

from analysis.engine.findings import cohorts
from analysis.engine.findings.reliability import Z
from reports.domain.cohort_page import CohortLine, CohortPage, ParameterLine

MEASURED = cohorts.CohortParameter("smile", 1.2, 0.1, "measured", 40, "version 1.3")


def test_a_factors_interval_is_even_in_its_logarithm():
    line = ParameterLine.of(MEASURED)

    assert line.factor.low == pytest.approx(1.2 * math.exp(-Z * 0.1))
    assert line.factor.low * line.factor.high == pytest.approx(1.2**2)
    assert (line.people, line.source) == (40, "version 1.3")


def test_what_is_known_of_a_cohort_is_told_apart():
    cohort = cohorts.shipped().cohorts["de-tr"]
    changed = dataclasses.replace(
        cohort,
        parameters=tuple(MEASURED if one.group == "smile" else one for one in cohort.parameters),
    )

    line = CohortLine.of(changed)

    assert [one.group for one in line.known] == ["smile"]
    assert (line.country, line.language, line.status) == ("DE", "tr", "measured")
    assert {study.key for study in line.studies} == {"koopmann_holm_2011", "rychlowska_2015_smiles"}


def test_the_page_lists_every_cohort_and_what_the_unknown_have():
    page = CohortPage.of(cohorts.shipped())

    assert len(page.cohorts) == 14
    assert page.countries == 6
    assert page.unknown.factor.value == 1.0
    assert page.unknown.factor.low < 0.7
    assert page.unknown.factor.high > 1.5


def test_cohorts_of_a_country_stand_together_where_the_same_is_said_of_them():
    page = CohortPage.of(cohorts.shipped())
    known = dataclasses.replace(page.cohorts[0], status="measured")

    apart = dataclasses.replace(page, cohorts=(known, *page.cohorts[1:]))

    assert [len(lines) for lines in page.alike] == [2, 3, 2, 2, 3, 2]
    assert [len(lines) for lines in apart.alike] == [1, 1, 3, 2, 2, 3, 2]
    assert {line.key for lines in apart.alike for line in lines} == {line.key for line in page.cohorts}
