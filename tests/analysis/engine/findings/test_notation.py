import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.engine.findings.notation import facs_code, facs_codes, lean
from tests.support import courses


def code(intensity, left=None, right=None):
    values = [np.full(AU_COUNT, np.nan, dtype=np.float32) for _ in range(3)]
    for into, given in zip(values, (intensity, left or {}, right or {}), strict=True):
        for au, value in given.items():
            into[AU_INDEX[au]] = value
    return facs_code(*values)


def test_units_in_order_with_their_letters():
    assert code({25: 0.7, 1: 1.5, 2: 2.4, 12: 3.5}) == "1B+2B+12D+25A"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.49, ""), (0.5, "25A"), (1.5, "25B"), (2.5, "25C"), (3.5, "25D"), (4.5, "25E"), (5, "25E")],
)
def test_letters_begin_at_their_bounds(value, shown):
    assert code({25: value}) == shown


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        (0.2, 2.6, "R12C"),
        (3.0, 1.0, "L12C"),
        (2.0, 2.4, "12B"),
        (3.0, 5.0, "12D"),
        (0.6, 0.1, ""),
        (1.4, 0.3, "L12A"),
        (0.9, 0.4, "12A"),
    ],
)
def test_one_sided_units_carry_their_side_and_its_letter(left, right, shown):
    assert code({12: (left + right) / 2}, {12: left}, {12: right}) == shown


def test_nothing_scored_is_nothing_shown():
    assert code({}) == ""


def test_rows_of_a_series_are_written_as_one_face_is():
    time = courses.times(2)
    series = courses.series(
        len(time), {12: courses.bump(time, 0.2, 1, 1.8, 4), 25: 1.0}, left={12: 0.0}, right={12: 3.0}
    )
    codes = facs_codes(series)

    assert codes == [
        facs_code(series.intensity[:, i], series.left[:, i], series.right[:, i]) for i in range(len(time))
    ]
    assert codes[30] == "R12C+25A"


def test_lean_is_antisymmetric():
    values = np.random.default_rng(0).uniform(0, 5, (2, 500)).astype(np.float32)

    assert np.array_equal(lean(*values), -lean(*values[::-1]))
