from dataclasses import replace
from itertools import combinations
from math import dist

import pytest

from analysis.engine.action_units import AU_NUMBERS
from reports.domain.site import atlas, face_chart
from reports.domain.site.face_chart import (
    APART,
    CHIP_HEIGHT,
    CHIP_WIDTH,
    HEIGHT,
    WIDTH,
    Chip,
    clearance,
    cross,
    touched_marks,
)

PHONE = 318
"""Pixels that the plate has on the narrowest phone."""


@pytest.fixture(scope="module")
def chips():
    return face_chart.shipped().chips


def overlap(one, other):
    return abs(one.left - other.left) < CHIP_WIDTH and abs(one.top - other.top) < CHIP_HEIGHT - 1e-6


def chip(left, top, tip, side="left"):
    return Chip(atlas.shipped().entries[12], side, left, top, tip)


def test_every_unit_has_one_number_on_the_plate(chips):
    assert sorted(one.unit.number for one in chips) == list(AU_NUMBERS)
    assert sum(one.side == "left" for one in chips) == len(chips) / 2
    assert all(0 <= one.left <= WIDTH - CHIP_WIDTH for one in chips)
    assert all(0 <= one.top <= HEIGHT - CHIP_HEIGHT for one in chips)


def test_no_two_numbers_overlap_and_a_finger_hits_them(chips):
    assert not any(overlap(one, other) for one, other in combinations(chips, 2))
    assert min(CHIP_WIDTH, CHIP_HEIGHT) * PHONE / WIDTH >= 24
    assert overlap(chip(0, 0, (200, 200)), chip(0, CHIP_HEIGHT - 1, (200, 200)))


def test_few_lines_run_over_marks_of_others(chips):
    """Where units act in one place, some lines must; all together no more than the shipped chart needs."""
    assert sum(touched_marks(one, chips) for one in chips) <= 9


def test_a_column_is_ordered_so_that_lines_leave_marks_of_others_free():
    entries = list(atlas.shipped().entries.values())[:3]
    tips = {1: (110.0, 610.0), 2: (190.0, 320.0), 4: (200.0, 320.0)}

    column = face_chart.column(entries, "left", tips)

    by_height = [replace(one, top=column[seat].top) for one, seat in zip(column, (1, 0, 2), strict=True)]
    assert sum(touched_marks(one, by_height) for one in by_height) == 1
    assert [one.unit.number for one in column] == [4, 2, 1]
    assert [touched_marks(one, column) for one in column] == [0, 0, 0]


def test_no_two_lines_of_a_column_cross(chips):
    pairs = [pair for pair in combinations(chips, 2) if pair[0].side == pair[1].side]

    assert not any(cross(*pair) for pair in pairs)
    assert cross(chip(0, 0, (200, 300)), chip(0, 200, (200, 100)))


def test_marks_lie_on_the_face_and_apart(chips):
    assert all(CHIP_WIDTH < one.tip[0] < WIDTH - CHIP_WIDTH and 0 < one.tip[1] < HEIGHT for one in chips)
    assert min(dist(one.tip, other.tip) for one, other in combinations(chips, 2)) >= APART


def test_heights_are_those_of_the_atlas(chips):
    tips = {one.unit.number: one.tip for one in chips}

    assert tips[1][1] < tips[5][1] < tips[9][1] < tips[12][1] < tips[17][1] < tips[21][1]
    assert abs(tips[39][0] - WIDTH / 2) < 1


def test_a_unit_of_both_sides_is_drawn_on_the_side_of_its_number(chips):
    sided = [one for one in chips if abs(one.entry.point[0] - 300) > 20]

    assert sided
    assert all((one.tip[0] < WIDTH / 2) == (one.side == "left") for one in sided)


def test_clearance_is_the_distance_to_the_line():
    level = chip(0, 100 - CHIP_HEIGHT / 2, (250, 100))

    assert clearance(level, (150, 107)) == pytest.approx(7)
    assert clearance(level, (253, 104)) == pytest.approx(5)
