"""Cohorts: the list that is shipped, and what one of them changes."""

import math
from dataclasses import replace

import pytest

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.findings.cohorts import GROUPS, PRIOR, About, Evidence, shipped
from analysis.engine.findings.signal_table import SIGNALS
from tests.support import cohort_tables

SPEECH_AND_LIDS = {16, 18, 22, 25, 26, 27, 41, 42, 43, 44, 45, 46}


def test_fourteen_cohorts_of_six_countries_are_shipped():
    cohorts = shipped().cohorts

    assert len(cohorts) == 14
    assert len({one.country for one in cohorts.values()}) == 6
    assert all(
        key == one.key == f"{one.country.lower()}-{one.language}" and one.version == shipped().version
        for key, one in cohorts.items()
    )


def test_every_country_has_two_language_communities_and_some_languages_two_countries():
    """So that what belongs to a country can be told from what belongs to a language."""
    of = [(one.country, one.language) for one in shipped().cohorts.values()]
    languages = [language for _, language in of]

    assert all(sum(country == other for other, _ in of) >= 2 for country, _ in of)
    assert {language for language in languages if languages.count(language) > 1} == {"en", "fr", "de"}


@pytest.mark.parametrize("key", shipped().cohorts)
def test_a_number_that_is_not_1_has_a_source_and_people(key):
    cohort = shipped().cohorts[key]

    assert [one.group for one in cohort.parameters] == list(GROUPS)
    for one in cohort.parameters:
        known = one.status != Evidence.NONE
        assert known == bool(one.source) == (one.people > 0)
        assert known or (one.factor, one.spread) == (1.0, PRIOR)
        assert 0 < one.spread <= PRIOR


def test_studies_say_what_they_are_about_and_name_countries_of_the_list():
    countries = {one.country for one in shipped().cohorts.values()}

    assert all(set(study.countries) <= countries for study in shipped().studies)
    assert all(study.about in set(About) and study.people > 0 for study in shipped().studies)
    german = shipped().studies_of(shipped().cohorts["de-de"])
    assert {study.key for study in german} == {"koopmann_holm_2011", "rychlowska_2015_smiles"}


def test_groups_share_no_unit_and_leave_out_speech_and_lids():
    units = [au for aus in GROUPS.values() for au in aus]

    assert len(units) == len(set(units))
    assert set(units) <= set(AU_NUMBERS) - SPEECH_AND_LIDS


def test_every_unit_that_a_signal_is_made_of_is_in_a_group():
    used = {au for rules in SIGNALS.values() for rule in rules for au in rule.aus}

    assert used - SPEECH_AND_LIDS <= {au for aus in GROUPS.values() for au in aus}


def test_a_cohort_without_evidence_changes_nothing_and_is_unsure_of_it():
    cohort = shipped().cohorts["in-ta"]

    assert cohort.status is Evidence.NONE
    assert {cohort.factor(au) for au in AU_NUMBERS} == {1.0}
    assert {one.spread for one in cohort.parameters} == {PRIOR}


def test_units_of_a_group_share_what_is_known():
    found = shipped().cohorts["ca-fr"]
    smile = replace(found.parameters[2], factor=1.2, spread=0.1, status="measured", people=30, source="1.1")
    cohort = replace(found, parameters=(*found.parameters[:2], smile, *found.parameters[3:]))

    assert cohort.status is Evidence.MEASURED
    assert (cohort.factor(6), cohort.factor(12), cohort.factor(4)) == (1.2, 1.2, 1.0)
    assert cohort.varied("smile", 2).factor(12) == pytest.approx(1.2 * math.exp(0.2))
    assert cohort.varied("smile", 2).factor(4) == 1.0


def test_the_document_holds_the_list_as_it_is_shipped():
    """`python -m tests.support.cohort_tables` writes it."""
    text = cohort_tables.DOCUMENT.read_text(encoding="utf-8")

    assert cohort_tables.written(text) == text
    assert sorted(block["name"] for block in cohort_tables.BLOCK.finditer(text)) == sorted(
        cohort_tables.TABLES
    )
