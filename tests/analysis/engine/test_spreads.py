import numpy as np
import pytest

from analysis.engine import spreads
from analysis.engine.action_units import AU_COUNT

SQUARED = np.tile(np.float32([0, 2, 0, 0, 0]), (AU_COUNT, 1))
"""Terms that leave a spread of up to a point as it is."""


def filled(value):
    return np.full((3, AU_COUNT, 2), value, np.float32)


def test_a_variance_that_is_the_square_of_the_spread_leaves_it():
    assert spreads.refitted(filled(2), filled(0.6), SQUARED) == pytest.approx(0.6)


def test_above_a_point_the_networks_spread_tells_no_more():
    assert spreads.refitted(filled(2), filled(2.7), SQUARED) == pytest.approx(1)


def test_each_piece_of_the_intensity_counts_up_to_its_end():
    terms = np.tile(np.log(np.float32([1, 1, 4, 1, 0.25])), (AU_COUNT, 1))

    found = [spreads.refitted(filled(at), filled(1), terms)[0, 0, 0] for at in (0, 1, 2.5, 3.5)]

    # The standard deviation doubles over the first point and halves with every one from 2.5 on.
    assert found == pytest.approx([1, 2, 2, 1], rel=1e-5)


def test_the_scale_bounds_every_spread():
    wild = np.full((AU_COUNT, spreads.TERMS), 50, np.float32)

    assert spreads.refitted(filled(5), filled(3), wild) == pytest.approx(spreads.WIDEST)
    assert spreads.refitted(filled(5), filled(3), -wild) == pytest.approx(spreads.NARROWEST)


def test_what_is_not_measured_has_no_spread():
    assert np.isnan(spreads.refitted(filled(np.nan), filled(1), SQUARED)).all()
