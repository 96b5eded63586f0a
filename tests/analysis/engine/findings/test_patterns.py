import pytest

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.findings.patterns import DU, EMFACS, PATTERNS

BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
MENTAL = {"happiness", "sadness", "surprise", "fear", "anger", "disgust", "contempt"}


def test_the_prototypes_and_the_compound_states_each_have_a_source():
    assert len(BY_KEY) == len(PATTERNS) == 22
    assert {key for key, one in BY_KEY.items() if EMFACS in one.source} == MENTAL
    assert {key for key, one in BY_KEY.items() if DU in one.source} == set(BY_KEY) - MENTAL


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("happiness", "6+12"),
        ("surprise", "1+2+5B+26/27"),
        ("disgust", "9/10+15/17"),
        ("contempt", "R12B+R14B/L12B+L14B"),
        ("awed", "1+2+5+25"),
    ],
)
def test_the_combination_in_notation(key, code):
    assert BY_KEY[key].code == code


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.key)
def test_no_unit_stands_for_two_things(pattern):
    named = (*pattern.aus, *pattern.usual, *pattern.against)

    assert len(set(named)) == len(named)
    assert set(named) <= set(AU_NUMBERS)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.key)
def test_what_speaks_against_is_of_a_richer_combination(pattern):
    """Of a pattern that shows every one of its parts."""
    richer = [
        set(one.aus)
        for one in PATTERNS
        if one.key != pattern.key and all(set(part.aus) & set(one.aus) for part in pattern.parts)
    ]

    assert set(pattern.against) <= set().union(*richer)


def test_a_pattern_hardly_any_of_which_is_known_is_not_looked_for():
    assert BY_KEY["sadness"].known(lambda au: au in (1, 4)) == ()
    assert len(BY_KEY["sadness"].known(lambda au: au == 1)) == 2
    (nose, mouth) = BY_KEY["disgust"].known(lambda au: au == 9)
    assert (nose.aus, mouth.aus) == ((10,), (15, 17))
