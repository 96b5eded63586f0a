from xml.etree import ElementTree as ET

import pytest

from reports.charts.pathway import TALL, WIDE, pathway
from reports.domain.site.how import LIVES, STEPS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawings():
    found = ET.fromstring(f"<both>{pathway()}</both>").findall(f"{SVG}svg")  # noqa: S314
    return dict(zip(("wide", "tall"), found, strict=True))


def words(root):
    return " ".join(text.text or "" for text in root.findall(f"{SVG}text"))


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_every_step_and_every_life_is_named_in_both_layouts(drawings, layout):
    told = words(drawings[layout])

    assert [step.name for step in STEPS if step.name not in told] == []
    assert [life.name for life in LIVES if life.name not in told] == []
    assert told.count("person") == 2


def test_bars_end_in_a_square_on_a_due_date_and_in_a_cross_before(drawings):
    root = drawings["wide"]
    squares = [float(rect.get("x")) + 7 for rect in root.findall(f"{SVG}rect")]

    assert squares == [WIDE.along("erasure")] * 5
    assert len(root.findall(f"{SVG}path[@class='pathway__cross']")) == 2
    assert "never written to disk" in words(root)


def test_a_bar_begins_with_the_step_that_makes_the_thing(drawings):
    bars = drawings["tall"].findall(f"{SVG}line[@class='pathway__life']")
    begins = [float(bar.get("y1")) for bar in bars]

    assert begins == [TALL.along(life.made) for life in LIVES if life.erased]


def test_all_words_stay_inside_the_drawing(drawings):
    for name, way in (("wide", WIDE), ("tall", TALL)):
        places = [float(text.get("y")) for text in drawings[name].findall(f"{SVG}text")]
        assert min(places) > 0
        assert max(places) < way.height


def test_no_word_is_smaller_than_is_read_with_ease(drawings):
    sizes = [
        float(text.get("font-size")) for root in drawings.values() for text in root.findall(f"{SVG}text")
    ]

    assert len(sizes) > 40
    assert min(sizes) >= 12
