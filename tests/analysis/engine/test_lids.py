import numpy as np
import pytest

from analysis.engine import lids


def course(n=90):
    return np.zeros((n, 2), dtype=np.float32), np.arange(n) / 30.0, np.ones(n, dtype=bool)


def test_closing_is_measured_against_the_eyes_own_opening():
    neutral = np.float32([0.1, 0.06])

    found = lids.closing(np.float32([[0.1, 0.06], [0.02, 0.012], [0.12, 0.07]]), neutral)

    assert found == pytest.approx(np.array([[0, 0], [5, 5], [0, 0]]))
    halfway = (1 - (lids.OPEN + lids.CLOSED) / 2) * neutral
    assert lids.closing(halfway[None], neutral) == pytest.approx(np.full((1, 2), 2.5), abs=1e-5)


def test_a_short_closing_is_a_blink_with_its_flanks():
    closing, time, valid = course()
    closing[40:46] = np.array([1.0, 3, 5, 5, 3, 1.0])[:, None]

    found = lids.separate(closing, time, valid)

    assert found.blink[40:46] == pytest.approx(closing[40:46])
    assert found.closed.max() == 0
    assert found.wink.max() == 0


def test_a_long_closing_is_eyes_closed():
    closing, time, valid = course()
    closing[30:60] = 5

    found = lids.separate(closing, time, valid)

    assert found.closed[30:60] == pytest.approx(closing[30:60])
    assert found.blink.max() == 0


@pytest.mark.parametrize("side", [0, 1])
def test_one_eye_alone_is_a_wink_and_leaves_little_to_the_others(side):
    closing, time, valid = course()
    closing[30:60, side] = 5

    found = lids.separate(closing, time, valid)

    assert found.wink[45, side] == pytest.approx(5)
    assert found.wink[45, 1 - side] == 0
    assert found.closed[45].max() == pytest.approx(0)


def test_slightly_uneven_eyes_do_not_wink():
    closing, time, valid = course()
    closing[30:60] = (5, 3.5)

    assert lids.separate(closing, time, valid).wink.max() == 0


def test_an_eye_that_is_ahead_for_a_few_frames_of_a_blink_does_not_wink():
    closing, time, valid = course()
    closing[40:47] = np.array([(3, 0), (5, 2), (5, 5), (5, 5), (2, 5), (0, 3), (0, 1)])

    found = lids.separate(closing, time, valid)

    assert found.wink.max() == 0
    assert (found.blink[41:45].mean(axis=1) > 2).all()
