import pytest

from accounts.domain.lawful.particulars import TOLD, particulars
from accounts.domain.lawful.table import RULES

BY_KEY = {one.key: one for one in particulars()}


@pytest.mark.parametrize("key", TOLD)
def test_a_regions_rules_are_those_that_name_it(key):
    assert [rule.id for rule in BY_KEY[key].rules] == [rule.id for rule in RULES if key in rule.regions]
    assert BY_KEY[key].rules


@pytest.mark.parametrize("key", ["eu", "uk"])
def test_requests_are_answered_within_a_month(key):
    assert any("within a month; 2 months may be added" in str(one.sentence) for one in BY_KEY[key].stated)


def test_illinois_has_a_last_day_for_what_is_measured_from_a_face():
    assert "at the latest 3 years after" in str(BY_KEY["us_illinois"].stated[0].sentence)


def test_everything_that_is_stated_has_a_source_and_the_day_it_was_read():
    for region in particulars():
        for stated in region.stated:
            assert stated.url.startswith("https://")
            assert stated.source
            assert stated.read_on.year >= 2026
