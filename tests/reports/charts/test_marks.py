from xml.etree import ElementTree as ET

import pytest

from analysis.engine.types import Interval
from reports.charts.marks import gauge, moved_bar

SVG = "{http://www.w3.org/2000/svg}"


def test_the_gauge_places_value_and_interval_on_0_to_100():
    root = ET.fromstring(gauge("trust", Interval(75.0, 50.0, 100.0)))  # noqa: S314
    band = root.find(f"{SVG}line[@class='chart-line chart-trust']")

    assert float(root.find(f"{SVG}circle").get("cx")) == 4 + 0.75 * 192
    assert (float(band.get("x1")), float(band.get("x2"))) == (100, 196)
    assert root.get("aria-hidden") == "true"


@pytest.mark.parametrize(
    ("moved", "x", "width"), [(10.0, 42, 42), (5.0, 42, 21), (-5.0, 21, 21), (0.0, 42, 0)]
)
def test_bars_go_right_for_raising_and_left_for_lowering(moved, x, width):
    bar = ET.fromstring(moved_bar("trust", moved, 10.0)).find(f"{SVG}rect")  # noqa: S314

    assert (float(bar.get("x")), float(bar.get("width"))) == (x, width)


def test_a_signal_that_nothing_moved_has_empty_bars():
    assert 'width="0"' in moved_bar("trust", 0.0, 0.0)
