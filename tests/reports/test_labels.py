import pytest

from accounts.enums import SubjectRole
from analysis.engine.action_units import Group
from analysis.engine.analyse import Config
from analysis.engine.findings.cohorts import GROUPS, About, Evidence, shipped
from analysis.engine.findings.patterns import PATTERNS
from analysis.engine.findings.signal_table import SIGNALS
from analysis.engine.model_card import Reason
from analysis.engine.neutral_choice import Span
from analysis.engine.people import People
from analysis.engine.runtime import NETWORKS
from analysis.engine.types import Exclusion
from reports import labels
from reports.domain.displays import MOVEMENTS
from reports.domain.questions import KINDS
from tests.support.cards import example_card
from tests.support.results import example_result

SETTINGS = {
    key
    for neutral in (None, Span(1.0, 2.0), example_result(60))
    for key in Config(neutral=neutral, cohort=shipped().cohorts["ca-fr"]).facts(
        example_card(), People(frozenset({1}))
    )
}


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("signal", SIGNALS),
        ("signal_meaning", SIGNALS),
        ("component", {rule.key for rules in SIGNALS.values() for rule in rules}),
        ("emotion", {pattern.key for pattern in PATTERNS}),
        ("exclusion", {reason.code for reason in Exclusion}),
        ("group", set(Group)),
        ("role", set(SubjectRole)),
        ("model", {network.name for network in NETWORKS} | {"echodepth-au", "echodepth-au-encoder"}),
        ("setting", SETTINGS),
        ("neutral", {"estimated", "marked", "carried"}),
        ("reason", set(Reason)),
        ("side", {"both", "left", "right"}),
        ("cohort_group", GROUPS),
        ("evidence", set(Evidence)),
        ("study_about", set(About)),
        ("movement", MOVEMENTS),
        ("tested", KINDS),
        ("blinks", {"under", "over", "within", "open"}),
    ],
)
def test_the_engines_keys_and_the_words_for_them_are_the_same_set(table, keys):
    assert set(labels._TABLES[table]) == set(keys)
    assert all(labels.words(table, key).strip() for key in keys)


def test_a_key_without_words_is_no_page():
    with pytest.raises(KeyError):
        labels.words("signal", "charisma")
