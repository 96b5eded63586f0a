import pytest

from reports.domain.site.icc_scale import WIDTH, IccScale

ICCS = {1: 0.5, 2: 0.9, 4: -0.2, 5: 0.5}


def test_a_unit_stands_at_its_icc_among_the_others():
    scale = IccScale.of(1, ICCS)

    assert float(scale.place) == pytest.approx(0.5 * WIDTH)
    assert sorted(map(float, scale.others)) == pytest.approx([0, 0.5 * WIDTH, 0.9 * WIDTH])
    assert (scale.rank, scale.units) == (2, 4)


def test_the_best_is_first_and_what_is_below_nothing_is_drawn_at_nothing():
    assert IccScale.of(2, ICCS).rank == 1
    assert IccScale.of(4, ICCS).rank == 4
    assert IccScale.of(4, ICCS).place == "0"


def test_the_grades_cover_the_scale_without_a_gap():
    bands = IccScale.of(1, ICCS).bands

    assert [band.grade for band in bands] == ["D", "C", "B", "A"]
    assert [band.high for band in bands[:-1]] == [band.low for band in bands[1:]]
    assert (bands[0].low, bands[-1].high) == (0, 1)
    assert sum(float(band.width) for band in bands) == pytest.approx(WIDTH)
