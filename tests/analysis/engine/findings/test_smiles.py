import numpy as np
import pytest

from analysis.engine.finding_types import Smiles
from analysis.engine.findings.events import find_events
from analysis.engine.findings.smiles import count_smiles, find_smiles
from tests.support import courses

TIME = courses.times(20)
FRAME = np.arange(100, 100 + len(TIME), dtype=np.int32)


def displays(found, weak=frozenset()):
    return find_smiles(find_events(found, TIME, FRAME), found, TIME, weak)


def smiles(found, weak=frozenset()):
    return count_smiles(displays(found, weak), weak)


def test_smiles_are_told_apart_by_au6_at_their_apex():
    mouth = courses.bump(TIME, 2, 3, 5, 4) + courses.bump(TIME, 10, 11, 14, 3)
    cheeks = courses.bump(TIME, 2.5, 3, 4, 3)

    found = smiles(courses.series(len(TIME), {12: mouth, 6: cheeks}))

    assert (found.duchenne, found.without_au6) == (1, 1)
    assert found.duchenne_seconds == pytest.approx(2.625, abs=0.02)
    assert found.without_au6_seconds == pytest.approx(3.333, abs=0.02)


def test_au6_alone_is_no_smile():
    assert smiles(courses.series(len(TIME), {6: 4.0})) == Smiles(0, 0, 0.0, 0.0)


def test_au6_that_is_not_scored_is_not_taken_for_shown():
    found = courses.series(len(TIME), {12: courses.bump(TIME, 2, 3, 5, 4)}, scorable={12})

    assert (smiles(found).duchenne, smiles(found).without_au6) == (0, 1)


@pytest.mark.parametrize(("weak", "counted"), [({6}, False), ({12}, False), ({4, 25}, True)])
def test_no_smile_is_counted_by_a_weak_unit(weak, counted):
    found = courses.series(len(TIME), dict.fromkeys((6, 12), courses.bump(TIME, 2, 3, 5, 4)))

    assert (smiles(found, frozenset(weak)) is not None) is counted


def test_a_smile_has_durations_cheeks_and_symmetry():
    """Up in 0.5 s, held for 2 s, down in 1 s, the left side stronger."""
    mouth = np.interp(TIME, [2, 2.5, 4.5, 5.5], [0, 4, 4, 0])
    cheeks = courses.bump(TIME, 2, 3.5, 5, 3)
    found = courses.series(len(TIME), {12: 0.9 * mouth, 6: cheeks}, left={12: mouth}, right={12: 0.8 * mouth})

    (smile,) = displays(found)

    assert (smile.side, smile.duchenne) == ("both", True)
    assert smile.peak == pytest.approx(3.6)
    assert (smile.onset_seconds, smile.offset_seconds) == pytest.approx((0.38, 0.76), abs=0.02)
    assert smile.onset < smile.apex < smile.offset
    assert smile.cheeks == pytest.approx(1.92, abs=0.02)
    assert smile.asymmetry == pytest.approx(1 / 9, abs=0.01)


def test_what_was_not_seen_of_a_smile_is_not_told():
    found = courses.series(len(TIME), {12: courses.bump(TIME, -1, 1, 4, 4)}, scorable={12})
    found.right[:] = np.nan
    courses.hide(found, slice(60, None))

    (smile,) = displays(found)

    assert (smile.onset_seconds, smile.offset_seconds) == (None, None)
    assert (smile.cheeks, smile.asymmetry, smile.duchenne) == (None, None, False)


@pytest.mark.parametrize(("weak", "count", "cheeks"), [({6}, 1, False), ({12}, 0, False), ({4}, 1, True)])
def test_nothing_is_said_of_a_weak_unit(weak, count, cheeks):
    found = courses.series(len(TIME), dict.fromkeys((6, 12), courses.bump(TIME, 2, 3, 5, 4)))

    told = displays(found, frozenset(weak))

    assert len(told) == count
    assert all((smile.cheeks is not None) is smile.duchenne is cheeks for smile in told)
