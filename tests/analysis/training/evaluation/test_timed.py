from itertools import pairwise

import numpy as np
import pytest

from analysis.engine.action_units import PRESENT_FROM
from analysis.training.evaluation import timed
from analysis.training.generator.sequences import Side

COUNT = 12


def filmed(found, truth=None, number=1):
    script = timed.script(number)
    time = script.times(timed.FPS)
    truth = np.zeros((3, len(time)), np.float32) if truth is None else truth
    return timed.Filmed(script, time, truth, found, np.ones_like(found))


def shut(script, au):
    """(n,) 5 while the script shows the AU."""
    time = script.times(timed.FPS)
    during = [(time >= one.start) & (time <= one.end) for one in script.activations if one.au == au]
    return 5.0 * np.any([*during, np.zeros(len(time), bool)], axis=0)


def test_every_script_blinks_twice_and_winks_or_shuts_its_eyes():
    for number in range(COUNT):
        shown = [one.au for one in timed.script(number).activations]
        assert shown.count(45) == 2
        assert [shown.count(au) for au in (43, 46)] == ([0, 1] if number % 2 else [1, 0])


def test_closings_of_the_lids_do_not_overlap():
    for number in range(COUNT):
        lids = sorted(
            (one.start, one.end) for one in timed.script(number).activations if one.au in timed.UNITS
        )
        assert all(before[1] < after[0] for before, after in pairwise(lids))
        assert lids[-1][1] < timed.SECONDS


def test_winks_are_of_either_side():
    sides = {one.side for n in range(COUNT) for one in timed.script(n).activations if one.au == 46}

    assert sides == {Side.LEFT, Side.RIGHT}


def test_what_is_found_is_counted_by_event():
    script = timed.script(1)
    found = np.stack([shut(script, au) for au in timed.UNITS]).astype(np.float32)
    found[1, : len(found[1]) // 2] = PRESENT_FROM - 0.1

    assert timed.events([filmed(found)]) == {43: (0, 0), 45: (2, 1), 46: (1, 1)}


def test_frames_without_a_number_are_no_cases():
    script = timed.script(1)
    truth = np.stack([shut(script, au) for au in timed.UNITS]).astype(np.float32)
    found = truth.copy()
    found[1, :30] = np.nan

    scores = timed.units([filmed(found, truth), filmed(truth, truth)])

    assert scores[45].cases == 2 * truth.shape[1] - 30
    assert scores[45].icc == scores[46].icc == pytest.approx(1)
