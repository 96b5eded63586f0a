import numpy as np

from analysis.training.generator.room import room

SIZE = (160, 90)


def test_a_room_is_lit_from_its_window():
    picture = room(SIZE, 7)

    assert picture.shape == (90, 160, 3)
    assert picture.dtype == np.float32
    assert 0 < picture.min() <= picture.max() <= 1
    columns = picture.mean(axis=(0, 2))
    assert columns[:20].mean() > 1.5 * columns[60:100].mean()
    assert columns[35:45].mean() > columns[90:100].mean()


def test_the_shelves_follow_the_seed():
    assert np.array_equal(room(SIZE, 7), room(SIZE, 7))
    assert not np.array_equal(room(SIZE, 7)[:, 120:], room(SIZE, 8)[:, 120:])


def test_what_is_far_is_out_of_focus():
    assert np.abs(np.diff(room(SIZE, 7), axis=1)).max() < 0.15
