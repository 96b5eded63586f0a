import pytest

from analysis.engine.action_units import Group
from analysis.engine.analyse import Config
from analysis.engine.findings.patterns import PATTERNS
from analysis.engine.findings.signal_table import SIGNALS
from analysis.engine.runtime import NETWORKS
from analysis.engine.scoring import GeometryModel
from analysis.engine.types import Exclusion
from reports import labels


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("signal", SIGNALS),
        ("signal_meaning", SIGNALS),
        ("component", {rule.key for rules in SIGNALS.values() for rule in rules}),
        ("emotion", {pattern.key for pattern in PATTERNS}),
        ("exclusion", {reason.code for reason in Exclusion}),
        ("group", set(Group)),
        ("model", {network.name for network in NETWORKS} | {GeometryModel.name}),
        ("setting", Config().facts()),
        ("neutral", {"estimated", "marked", "carried"}),
    ],
)
def test_the_engines_keys_and_the_words_for_them_are_the_same_set(table, keys):
    assert set(labels._TABLES[table]) == set(keys)
    assert all(labels.words(table, key).strip() for key in keys)


def test_a_key_without_words_is_no_page():
    with pytest.raises(KeyError):
        labels.words("signal", "charisma")
