from itertools import pairwise

import numpy as np

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.training.evaluation.findings.scripts import SECONDS, Set, order
from analysis.training.generator.sequences import Side

ORDERS = [order(which, number) for which in Set for number in range(40)]


def shown(one):
    return one.script.truth(one.script.times(one.fps))


def test_the_same_number_is_the_same_recording():
    assert order(Set.FIT, 3) == order(Set.FIT, 3)
    assert order(Set.FIT, 3).script != order(Set.TEST, 3).script


def test_nobody_is_in_two_recordings():
    for seeds in (
        {one.identity for one in ORDERS},
        {one.look for one in ORDERS},
        {one.scene for one in ORDERS},
    ):
        assert len(seeds) == len(ORDERS)
    assert len({one.name for one in ORDERS}) == len(ORDERS)


def test_everybody_starts_calm_and_keys_are_in_order():
    for one in ORDERS:
        other = [activation for activation in one.script.activations if activation.au != 45]
        assert min((activation.start for activation in other), default=1) >= 0.8
        for keys in (one.script.head, one.script.gaze):
            assert all(before.time <= after.time for before, after in pairwise(keys))
            assert all(key.time < SECONDS for key in keys)


def test_intensities_are_on_the_scale():
    for one in ORDERS:
        assert shown(one).min() >= 0
        assert shown(one).max() <= 5


def test_people_differ_in_how_much_they_show():
    means = np.array([shown(one).mean(axis=(0, 2)) for one in ORDERS])
    smiling, frowning = means[:, AU_INDEX[12]], means[:, AU_INDEX[4]]

    assert (smiling < 0.05).mean() > 0.1
    assert (smiling > 1).mean() > 0.1
    assert abs(np.corrcoef(smiling, frowning)[0, 1]) < 0.6


def test_every_action_unit_comes_up():
    present = np.any([(shown(one) >= PRESENT_FROM).any(axis=(0, 2)) for one in ORDERS], axis=0)

    assert present.mean() > 0.85


def test_most_blink_and_some_displays_are_one_sided():
    assert np.mean([any(a.au == 45 for a in one.script.activations) for one in ORDERS]) > 0.8
    alone = [
        one
        for one in ORDERS
        if any(a.au in (12, 14) and a.side is not Side.BOTH for a in one.script.activations)
    ]
    assert 0.1 < len(alone) / len(ORDERS) < 0.9
