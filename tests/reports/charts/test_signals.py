import dataclasses
from xml.etree import ElementTree as ET

import pytest

from analysis.engine.finding_types import SignalPoint
from reports.charts.canvas import LAYOUTS, PRINT
from reports.charts.signals import PLOT_HEIGHT, describe, reduce_points, signal_chart, stretches
from reports.domain.compose import compose
from reports.domain.report_data import RecordingFacts
from tests.support.results import example_result, unscored_track

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def data():
    return compose(example_result(1200), RecordingFacts("t", "t.mp4"))


def point(time, value=50.0):
    return SignalPoint(time, value, value - 5, value + 5)


def drawn(data, layout=PRINT, signal=0):
    return ET.fromstring(signal_chart(data.tracks[0].signals[signal], data.span, layout, key="k"))  # noqa: S314


def test_a_gap_in_time_is_a_gap_in_the_line():
    parts = stretches([point(1), point(2), point(3), point(6), point(7)])

    assert [[p.time for p in part] for part in parts] == [[1, 2, 3], [6, 7]]
    assert stretches([]) == []


def test_line_and_band_break_where_nothing_was_scored(data):
    root = drawn(data)

    assert len(root.findall(f"{SVG}polyline")) == len(root.findall(f"{SVG}polygon")) == 3


def test_a_point_stands_at_its_time_and_value(data):
    root = drawn(data)
    first = data.tracks[0].signals[0].series[0]
    x, y = map(float, root.find(f"{SVG}polyline").get("points").split()[0].split(","))

    left, right = 34, PRINT.width - PRINT.right
    assert x == pytest.approx(left + first.time / data.span.seconds * (right - left), abs=0.01)
    assert y == pytest.approx(8 + (1 - first.value / 100) * PLOT_HEIGHT["print"], abs=0.01)


def test_fifty_is_marked(data):
    middle = drawn(data).find(f"{SVG}line[@class='chart-middle']")

    assert float(middle.get("y1")) == 8 + PLOT_HEIGHT["print"] / 2


def test_calibrated_values_are_a_dashed_line_beside_the_others(data):
    signal = data.tracks[0].signals[0]
    shifted = tuple(dataclasses.replace(p, value=p.value + 5) for p in signal.series)
    root = ET.fromstring(  # noqa: S314
        signal_chart(dataclasses.replace(signal, calibrated_series=shifted), data.span, PRINT, key="k")
    )
    dashed = root.findall(f"{SVG}polyline[@class='chart-calibrated']")

    assert len(dashed) == len(root.findall(f"{SVG}polyline")) - len(dashed) == 3
    assert all(line.get("stroke-dasharray") for line in dashed)
    assert "chart-calibrated" not in signal_chart(signal, data.span, PRINT, key="k")


@pytest.mark.parametrize("layout", [*LAYOUTS, PRINT])
def test_the_drawing_is_an_image_with_words_and_without_styles(data, layout):
    root = drawn(data, layout)

    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Trust Score over time"
    assert "95 % interval" in root.find(f"{SVG}desc").text
    assert not [e for e in root.iter() if "style" in e.attrib or e.tag in {f"{SVG}style", f"{SVG}script"}]


def test_many_points_become_means_and_keep_their_gaps():
    series = [point(t, 40.0) for t in range(1000)] + [point(t, 60.0) for t in range(1500, 2500)]

    few = reduce_points(series, 100)

    assert len(few) <= 101
    assert {p.value for p in few} == {40.0, 60.0}
    assert len(stretches(few)) == 2
    assert reduce_points(series[:5], 100) == series[:5]


def test_without_a_value_the_words_say_so():
    data = compose(example_result(60, tracks=(unscored_track(60),)), RecordingFacts("t", "t.mp4"))

    assert describe(data.tracks[0].signals[0]) == "Not enough to score."
