import numpy as np

from analysis.engine.sampling import shrink


def test_each_block_becomes_its_mean_and_what_fills_none_is_dropped():
    image = np.zeros((5, 7, 3), np.uint8)
    image[0:2, 0:2] = [[[10], [20]], [[30], [40]]]
    image[2:4, 4:6] = 200
    image[4], image[:, 6] = 255, 255

    small = shrink(image, 2)

    assert small.shape == (2, 3, 3)
    assert small[:, :, 0].tolist() == [[25, 0, 0], [0, 0, 200]]


def test_a_factor_of_one_is_the_picture_itself():
    image = np.full((3, 4, 3), 7, np.uint8)

    assert shrink(image, 1) is image
