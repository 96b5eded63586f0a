from accounts.domain.lawful.choices import PURPOSES
from accounts.domain.lawful.table import RULES, SOURCES
from accounts.lawful_page import PAGE, page


def test_the_page_is_as_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run manage.py write_lawful_use_page"


def test_every_purpose_rule_and_source_stands_on_it():
    text = page()

    for key in PURPOSES:
        assert f"(`{key}`)" in text
    for rule in RULES:
        assert str(rule.reason) in text
        for source in rule.sources:
            assert f"[{source}]({SOURCES[source].url})" in text
    for source in SOURCES.values():
        assert f"({source.url}), read on" in text


def test_a_refused_purpose_says_so():
    row = next(line for line in page().splitlines() if "(`recruitment`)" in line)

    assert row.endswith("| refused |")
