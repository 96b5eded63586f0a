import numpy as np
import pytest

from analysis.engine.finding_types import Smiles
from analysis.engine.findings.events import find_events
from analysis.engine.findings.smiles import count_smiles
from tests.support import courses

TIME = courses.times(20)
FRAME = np.arange(100, 100 + len(TIME), dtype=np.int32)


def smiles(found, weak=frozenset()):
    return count_smiles(find_events(found, TIME, FRAME), found, FRAME, weak)


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
