"""The data itself: whole, sourced, and every key what it says it is."""

from datetime import date
from urllib.parse import urlsplit

from accounts.domain.lawful.choices import GROUPS, PURPOSES, REGIONS, SETTINGS
from accounts.domain.lawful.table import EFFECTS, REAL, RULES, SOURCES, Effect
from accounts.enums import SubjectRole


def test_rules_are_named_once_and_say_why():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.effects, rule.id
        assert str(rule.reason).endswith("."), rule.id


def test_conditions_name_what_can_be_declared():
    for rule in RULES:
        assert rule.purposes <= {REAL, *PURPOSES}, rule.id
        assert rule.settings <= set(SETTINGS), rule.id
        assert rule.regions <= set(REGIONS), rule.id
        assert rule.people <= {*GROUPS, *SubjectRole}, rule.id


def test_every_source_is_used_read_and_can_be_opened():
    assert {key for rule in RULES for key in rule.sources} == set(SOURCES)
    for source in SOURCES.values():
        address = urlsplit(source.url)
        assert address.scheme == "https"
        assert address.hostname
        assert source.read_on <= date(2026, 11, 23)


def test_who_says_what_the_law_is_names_a_source():
    """A sentence about a country's law without a source would be an opinion."""
    for rule in RULES:
        says = str(rule.reason)
        if "prohibited" in says or "law sets" in says or "needs each person's written" in says:
            assert rule.sources, rule.id


def test_every_effect_has_words():
    assert set(EFFECTS) == set(Effect)


def test_a_purpose_that_nobody_may_be_analysed_for_is_refused_by_a_rule_of_its_name():
    named = {rule.id for rule in RULES if Effect.REFUSE in rule.effects}
    assert {key for key, purpose in PURPOSES.items() if not purpose.roles} <= named
