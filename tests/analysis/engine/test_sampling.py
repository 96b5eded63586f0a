import numpy as np
import pytest

from analysis.engine.sampling import halve, halvings


def test_each_block_becomes_its_mean_and_what_fills_none_is_dropped():
    image = np.zeros((5, 7, 3), np.uint8)
    image[0:2, 0:2] = [[[10], [20]], [[30], [40]]]
    image[2:4, 4:6] = 200
    image[4], image[:, 6] = 255, 255

    once = halve(image, 1)

    assert once[:, :, 0].tolist() == [[25, 0, 0], [0, 0, 200]]
    assert halve(image, 2).shape == (1, 1, 3)
    assert halve(image, 2)[0, 0, 0] == 6


def test_no_halving_is_the_picture_itself():
    image = np.full((3, 4, 3), 7, np.uint8)

    assert halve(image, 0) is image


@pytest.mark.parametrize(
    ("ratio", "times"), [(0, 0), (0.2, 0), (1.4, 0), (1.5, 1), (2.8, 1), (3, 2), (10, 3)]
)
def test_what_is_left_to_reduce_lies_between_a_half_and_a_whole_step(ratio, times):
    assert halvings(ratio) == times
