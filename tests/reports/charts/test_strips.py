from xml.etree import ElementTree as ET

import numpy as np
import pytest

from analysis.engine.types import Exclusion
from reports.charts.canvas import LAYOUTS, NARROW, PRINT
from reports.charts.strips import (
    REASONS,
    activity_chart,
    coverage_chart,
    describe_coverage,
    event_chart,
    levels,
    runs,
    strongest,
)
from reports.domain.compose import compose
from reports.domain.report_data import RecordingFacts
from tests.support.results import example_result

SVG = "{http://www.w3.org/2000/svg}"
CODES = np.array([1, 1, 0, 0, 0, 3, 0, 0, 0, 0], np.uint8)


@pytest.fixture(scope="module")
def data():
    return compose(example_result(1200), RecordingFacts("t", "t.mp4"), {1: CODES})


def parsed(markup):
    return ET.fromstring(markup)  # noqa: S314


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text")]


def test_levels_follow_the_letters_and_nan_has_none():
    values = np.array([0.49, 0.5, 1.5, 2.5, 3.5, 4.5, 5, np.nan], np.float32)

    assert levels(values).tolist() == [0, 1, 2, 3, 4, 5, 5, 255]


def test_runs_join_equal_neighbours():
    assert runs(np.array([2, 2, 0, 2], np.uint8)) == [(2, 0, 2), (0, 2, 3), (2, 3, 4)]


def test_strips_leave_out_what_was_not_scored(data):
    track = data.tracks[0]
    root = parsed(activity_chart(track.groups[1], track.activity, data.span, PRINT, key="k"))
    paths = {path.get("class"): path.get("d") for path in root.iter(f"{SVG}path")}

    assert set(paths) == {f"chart-level-{level}" for level in (0, 1, 2, 3, 4)}
    assert "nan" not in "".join(paths.values())
    width = sum(float(part.split("h")[1].split("v")[0]) for d in paths.values() for part in d.split("M")[1:])
    unscored = np.isnan(track.activity.intensity[0]).mean()
    plot = PRINT.width - PRINT.right - PRINT.left
    assert width == pytest.approx(len(track.groups[1].findings) * plot * (1 - unscored), rel=0.01)


def test_a_narrow_strip_names_units_by_number_alone(data):
    track = data.tracks[0]
    wide, narrow = (
        texts(parsed(activity_chart(track.groups[0], track.activity, data.span, layout, key="k")))
        for layout in LAYOUTS
    )

    assert "Inner brow raiser  1" in wide
    assert "1" in narrow
    assert not any("brow" in text for text in narrow)


def test_an_event_spans_onset_to_offset_with_a_mark_at_the_apex(data):
    track = data.tracks[0]
    root = parsed(event_chart(track, data.span, NARROW, key="k"))
    unit, events = strongest(track)[0]
    bars = [rect for rect in root.iter(f"{SVG}rect") if rect.get("rx")]
    apex = root.find(f"{SVG}line[@class='chart-apex']")

    scale = (NARROW.width - NARROW.right - NARROW.left) / data.span.seconds
    assert unit.number == 1
    assert float(bars[0].get("x")) == pytest.approx(NARROW.left + events[0].onset * scale, abs=0.01)
    assert float(bars[0].get("width")) == pytest.approx(events[0].duration * scale, abs=0.01)
    assert float(apex.get("x1")) == pytest.approx(NARROW.left + events[0].apex * scale, abs=0.01)


def test_events_of_at_most_eight_units_are_drawn_in_their_order(data):
    numbers = [unit.number for unit, _events in strongest(data.tracks[0])]

    assert len(numbers) == 8
    assert numbers == sorted(numbers)


def test_the_coverage_strip_names_each_reason_once(data):
    root = parsed(coverage_chart(data.tracks[0], data.span, PRINT, key="k"))
    strips = [rect.get("class") for rect in root.iter(f"{SVG}rect") if not rect.get("rx")]

    assert strips == [f"chart-reason-{code}" for code in (1, 0, 3, 0)]
    for reason in ("Scored", "No face in the picture", "Face turned away"):
        assert texts(root).count(reason) == 1
    assert "frames scored" in describe_coverage(data.tracks[0])


def test_without_a_frame_table_there_is_no_coverage_strip():
    data = compose(example_result(60), RecordingFacts("t", "t.mp4"))

    assert coverage_chart(data.tracks[0], data.span, PRINT, key="k") == ""


@pytest.mark.parametrize("layout", [*LAYOUTS, PRINT])
def test_no_drawing_carries_a_style(data, layout):
    track = data.tracks[0]
    markup = [event_chart(track, data.span, layout, key="e")]
    markup += [activity_chart(g, track.activity, data.span, layout, key="a") for g in track.groups]
    markup += [coverage_chart(track, data.span, layout, key="c")]

    for drawing in markup:
        root = parsed(drawing)
        assert root.get("role") == "img"
        assert "style" not in {name for element in root.iter() for name in element.attrib}


def test_every_reason_has_a_colour_of_its_own():
    assert set(REASONS) == set(Exclusion)
    assert len(set(REASONS.values())) == len(REASONS)
