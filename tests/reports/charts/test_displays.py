import dataclasses
from xml.etree import ElementTree as ET

import pytest

from reports.charts.canvas import LAYOUTS, NARROW, PRINT
from reports.charts.displays import NAMES, display_chart, rows
from reports.domain.compose import compose
from reports.domain.report_data import RecordingFacts
from tests.support.results import example_result, example_track, unscored_track

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def data():
    return compose(example_result(1200), RecordingFacts("t", "t.mp4"))


def drawn(data, layout=PRINT):
    return ET.fromstring(display_chart(data.tracks[0], data.span, layout, key="k"))  # noqa: S314


def test_rows_are_of_what_was_shown_and_no_other(data):
    names = [row.name for row in rows(data.tracks[0])]

    assert names == [
        "Duchenne display",
        "AU12 without AU6",
        "Happiness",
        "Surprise",
        "Nod",
        "Gaze aversion",
    ]


def test_a_bar_spans_its_display_and_marks_the_apex(data):
    root = drawn(data, NARROW)
    bar = root.find(f"{SVG}rect[@class='chart-display chart-display-smile']")
    apex = root.find(f"{SVG}line[@class='chart-apex']")
    smile = data.tracks[0].smile_lines[0]
    scale = (NARROW.width - NARROW.right - NAMES) / data.span.seconds

    assert float(bar.get("x")) == pytest.approx(NAMES + smile.onset * scale, abs=0.01)
    assert float(bar.get("width")) == pytest.approx((smile.offset - smile.onset) * scale, abs=0.01)
    assert float(apex.get("x1")) == pytest.approx(NAMES + smile.apex * scale, abs=0.01)


@pytest.mark.parametrize("layout", [*LAYOUTS, PRINT])
def test_the_drawing_says_in_words_what_it_shows(data, layout):
    root = drawn(data, layout)

    assert root.get("role") == "img"
    assert "Gaze aversion: 2 times, 2.5 seconds in all" in root.find(f"{SVG}desc").text
    assert "Nod: once, 1.2 seconds in all" in root.find(f"{SVG}desc").text
    assert not [e for e in root.iter() if "style" in e.attrib]


def test_nothing_shown_is_no_drawing():
    still = dataclasses.replace(unscored_track(60), emotions=(), movements=())
    data = compose(example_result(60, tracks=(still,)), RecordingFacts("t", "t.mp4"))

    assert display_chart(data.tracks[0], data.span, PRINT, key="k") == ""
    assert example_track(60).movements == ()
