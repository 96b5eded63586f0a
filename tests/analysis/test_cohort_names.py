from analysis.cohort_names import COUNTRIES, LANGUAGES, cohort_choices, cohort_name
from analysis.engine.findings.cohorts import shipped


def test_the_lists_countries_and_languages_have_words_and_no_others():
    cohorts = shipped().cohorts.values()

    assert set(COUNTRIES) == {one.country for one in cohorts}
    assert set(LANGUAGES) == {one.language for one in cohorts}


def test_a_cohort_is_named_by_country_and_language():
    assert cohort_name("CH", "it") == "Switzerland, Italian"
    assert cohort_name("XX", "yy") == "XX, yy"


def test_a_form_offers_each_cohort_once_by_country():
    offered = dict(cohort_choices())

    assert offered["Canada"] == [("ca-en", "Canada, English"), ("ca-fr", "Canada, French")]
    assert {key for pairs in offered.values() for key, _ in pairs} == set(shipped().cohorts)
