from xml.etree import ElementTree as ET

import pytest

from reports.charts.intensity import WIDTH, axis, mark, sign, x_of

SVG = "{http://www.w3.org/2000/svg}"


def drawn(markup):
    return ET.fromstring(markup)  # noqa: S314


def test_a_reading_shows_its_value_in_its_interval_and_what_was_posed():
    root = drawn(mark(2.0, 1.0, 4.0, 3.0))
    dot, band = root.find(f"{SVG}circle"), root.find(f"{SVG}rect")

    assert float(dot.get("cx")) == x_of(2.0) == pytest.approx(97.4)
    assert float(band.get("x")) == pytest.approx(x_of(1.0))
    assert float(band.get("width")) == pytest.approx(x_of(4.0) - x_of(1.0))
    assert root.find(f"{SVG}path").get("d").startswith("M142.60 ")
    assert root.get("aria-hidden") == "true"


def test_the_scale_fills_the_drawing_and_leaves_room_for_whole_marks():
    assert x_of(0) == WIDTH - x_of(5) == 7


def test_the_axis_names_each_letter_in_the_middle_of_its_stretch():
    letters = {text.text: float(text.get("x")) for text in drawn(axis()).findall(f"{SVG}text")}

    assert "".join(letters) == "ABCDE"
    assert letters["A"] == pytest.approx(x_of(1.0))
    assert letters["E"] == pytest.approx(x_of(4.75), abs=0.01)


@pytest.mark.parametrize(("kind", "tag"), [("measured", "circle"), ("interval", "rect"), ("posed", "path")])
def test_a_legend_shows_one_mark_alone(kind, tag):
    assert [child.tag for child in drawn(sign(kind))] == [f"{SVG}{tag}"]
