from itertools import pairwise

import numpy as np

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.training.evaluation.findings import event_scripts

ORDERS = [event_scripts.order(number) for number in range(40)]
SHOWN = [order.script.truth(order.script.times(order.fps)) for order in ORDERS]


def test_a_number_always_gives_the_same_recording_of_a_person_of_its_own():
    assert [order.digest for order in ORDERS[:5]] == [event_scripts.order(n).digest for n in range(5)]
    assert len({order.identity for order in ORDERS} | {order.look for order in ORDERS}) == 2 * len(ORDERS)
    assert {order.fps for order in ORDERS} == {30}


def test_every_unit_that_is_drawn_is_shown_at_b_or_above_somewhere():
    units = {
        au
        for choices in (event_scripts.BROWS, event_scripts.MIDDLE, event_scripts.MOUTH)
        for c in choices
        for au in c
    }
    peaks = np.max([shown.max(axis=(0, 2)) for shown in SHOWN], axis=0)

    assert {au for au in units | {45} if peaks[AU_INDEX[au]] < PRESENT_FROM} == set()


def test_faces_begin_calm_and_displays_of_one_unit_are_apart():
    for order, shown in zip(ORDERS, SHOWN, strict=True):
        calm = np.delete(shown[: round(0.9 * order.fps)], AU_INDEX[45], axis=1)
        assert calm.max() == 0
        brows = sorted((one.start, one.end) for one in order.script.activations if one.au in {1, 2, 4})
        distinct = sorted(set(brows))
        assert all(after[0] - before[1] >= 0.4 for before, after in pairwise(distinct))


def test_some_displays_are_brief_one_sided_or_under_b():
    displays = [one for order in ORDERS for one in order.script.activations if one.au != 45]
    share = {
        "brief": np.mean([one.held.total < 0.5 for one in displays]),
        "one side": np.mean([one.side >= 0 for one in displays]),
        "under B": np.mean([one.peak < PRESENT_FROM for one in displays]),
    }

    assert all(0.05 < found < 0.3 for found in share.values()), share


def test_heads_nod_shake_and_turn_and_eyes_look_away():
    moved = [(len(order.script.head), len(order.script.gaze)) for order in ORDERS]

    assert sum(gaze == 4 for _, gaze in moved) == len(ORDERS) / 4
    assert sum(head >= 4 for head, _ in moved) == 3 * len(ORDERS) / 4
