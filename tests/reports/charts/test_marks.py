from xml.etree import ElementTree as ET

import pytest

from analysis.engine.types import Interval
from reports.charts.marks import fit_scale, gauge, moved_bar, sides

SVG = "{http://www.w3.org/2000/svg}"


def test_the_gauge_places_value_and_interval_on_0_to_100():
    root = ET.fromstring(gauge("trust", Interval(75.0, 50.0, 100.0)))  # noqa: S314
    band = root.find(f"{SVG}line[@class='chart-line chart-trust']")

    assert float(root.find(f"{SVG}circle").get("cx")) == 4 + 0.75 * 192
    assert (float(band.get("x1")), float(band.get("x2"))) == (100, 196)
    assert root.get("aria-hidden") == "true"


def test_a_fit_stands_on_its_scale_without_a_middle():
    root = ET.fromstring(fit_scale(Interval(25.0, 0.0, 50.0)))  # noqa: S314

    assert float(root.find(f"{SVG}circle").get("cx")) == 4 + 0.25 * 192
    assert root.find(f"{SVG}line[@class='chart-middle']") is None


@pytest.mark.parametrize(
    ("moved", "x", "width"), [(10.0, 42, 42), (5.0, 42, 21), (-5.0, 21, 21), (0.0, 42, 0)]
)
def test_bars_go_right_for_raising_and_left_for_lowering(moved, x, width):
    bar = ET.fromstring(moved_bar("trust", moved, 10.0)).find(f"{SVG}rect")  # noqa: S314

    assert (float(bar.get("x")), float(bar.get("width"))) == (x, width)


def test_a_signal_that_nothing_moved_has_empty_bars():
    assert 'width="0"' in moved_bar("trust", 0.0, 0.0)


@pytest.mark.parametrize(
    ("left", "right", "widths"), [(1.0, 2.0, (14, 28)), (0.0, 0.0, (0, 0)), (9, 1, (28, 14))]
)
def test_sides_go_their_own_way_on_a_shared_scale(left, right, widths):
    bars = ET.fromstring(sides(left, right, 2.0)).findall(f"{SVG}rect")  # noqa: S314

    assert tuple(float(bar.get("width")) for bar in bars) == widths
    assert float(bars[0].get("x")) == 28 - widths[0]
    assert float(bars[1].get("x")) == 28
