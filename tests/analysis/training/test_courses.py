import numpy as np
import pytest

from analysis.training.courses import BLINK, WINK, Timing, envelope, timing, wipe

HELD = Timing(0.4, 1.0, 0.5)
TIMES = np.linspace(-0.5, 3, 701, dtype=np.float32)


def test_a_held_unit_rises_stays_and_falls():
    share = envelope(12, TIMES, HELD)

    assert share.max() == 1
    assert share[np.abs(TIMES - 0.9).argmin()] == 1
    assert not share[(TIMES <= 0) | (HELD.total + 0.01 <= TIMES)].any()
    assert (np.diff(share[(TIMES > 0) & (TIMES < 0.4)]) > 0).all()


@pytest.mark.parametrize(("au", "run"), [(45, BLINK), (46, WINK), (43, HELD)])
def test_a_blink_is_over_within_half_a_second_and_closed_eyes_are_not(au, run):
    closed = TIMES[envelope(au, TIMES, HELD) > 0.01]

    assert timing(au, HELD) == run
    assert (closed.max() - closed.min() < 0.5) == (au != 43)


def test_a_bite_works_the_lip():
    share = envelope(32, TIMES, HELD)[(TIMES > 0.45) & (TIMES < 1.35)]

    assert share.min() < 0.9
    assert share.max() > 0.97


def test_the_tongue_passes_from_right_to_left():
    assert wipe(np.array([0.0, 0.45, 0.9], np.float32)) == pytest.approx([-1, 0, 1], abs=1e-6)
