"""Tracks over the grid, over gaps and over cuts."""

import numpy as np

from analysis.engine.joining import join
from analysis.engine.tracks import BlockEdge, Tracklet, unique_number

LOOK = np.full(576, 1 / 24, dtype=np.float32)
GREY = np.full((27, 48), 90, dtype=np.uint8)
STRIPES = np.tile(np.array([0, 200], dtype=np.uint8), (27, 24))
FPS = 30


def tracklet(block, within, first, last, x=100.0, shot=0, width=80.0, look=LOOK):
    box = np.array([x, 100, width, width], dtype=np.float32)
    return Tracklet(
        unique_number(block, within),
        unique_number(block, shot),
        first,
        last,
        first / FPS,
        last / FPS,
        box,
        box,
        look,
        look,
    )


def edge(block, first=GREY, last=GREY, last_shot=0):
    return BlockEdge(block, first, last, unique_number(block, 0), unique_number(block, last_shot))


def test_a_face_goes_on_over_the_grid():
    one, two = tracklet(0, 0, 0, 255), tracklet(1, 0, 256, 300)
    assert join([one, two], [edge(0), edge(1)]) == {one.number: 1, two.number: 1}


def test_a_cut_on_the_border_of_two_blocks_parts_them():
    one, two = tracklet(0, 0, 0, 255), tracklet(1, 0, 256, 300)
    tracks = join([one, two], [edge(0), edge(1, first=STRIPES)])
    assert tracks == {one.number: 1, two.number: 2}


def test_a_cut_within_a_block_parts_them():
    one, two = tracklet(0, 0, 0, 99), tracklet(0, 1, 100, 200, shot=1)
    assert join([one, two], [edge(0, last_shot=1)]) == {one.number: 1, two.number: 2}


def test_the_last_shot_of_a_block_goes_on_and_its_first_does_not():
    one, two = tracklet(0, 0, 0, 99), tracklet(0, 1, 100, 255, shot=1)
    three = tracklet(1, 0, 256, 300)
    tracks = join([one, two, three], [edge(0, last_shot=1), edge(1)])
    assert tracks == {one.number: 1, two.number: 2, three.number: 2}


def test_two_people_who_meet_keep_their_numbers():
    left, right = tracklet(0, 0, 0, 255, x=100), tracklet(0, 1, 0, 255, x=170)
    # The next block's detector lists them the other way round.
    right_on, left_on = tracklet(1, 0, 256, 400, x=168), tracklet(1, 1, 256, 400, x=102)
    tracks = join([left, right, right_on, left_on], [edge(0), edge(1)])
    assert tracks[left_on.number] == tracks[left.number] == 1
    assert tracks[right_on.number] == tracks[right.number] == 2


def test_a_covered_face_comes_back_as_itself_but_not_after_too_long():
    one, soon, late = tracklet(0, 0, 0, 20), tracklet(0, 1, 100, 120), tracklet(1, 0, 450, 500)
    tracks = join([one, soon, late], [edge(0), edge(1)])
    assert tracks == {one.number: 1, soon.number: 1, late.number: 2}


def test_a_face_of_another_size_or_place_is_someone_else():
    one, far, large = tracklet(0, 0, 0, 20), tracklet(0, 1, 30, 40, x=400), tracklet(0, 2, 50, 60, width=200)
    assert set(join([one, far, large], [edge(0)]).values()) == {1, 2, 3}


def test_another_look_in_the_next_frame_is_someone_else():
    other = -LOOK
    one, two = tracklet(0, 0, 0, 255), tracklet(1, 0, 256, 300, look=other)
    assert set(join([one, two], [edge(0), edge(1)]).values()) == {1, 2}
