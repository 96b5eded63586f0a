import json
from dataclasses import replace

import numpy as np
import pytest

from analysis.engine.result import from_json
from reports.domain.site import specimen
from reports.domain.site.specimen_writing import SIDE, Cut, measured
from tests.support.results import example_result

RESULT = from_json((specimen.FOLDER / specimen.RESULT).read_text(encoding="utf-8"))


def box(x, y, width, height):
    return {"face_x": x, "face_y": y, "face_w": width, "face_h": height}


def test_the_stored_result_gives_the_figures_that_are_shipped():
    written = json.loads((specimen.FOLDER / specimen.FACTS).read_text(encoding="utf-8"))
    again = measured(RESULT, specimen.FOLDER / specimen.TABLE)

    assert again["signals"] == written["signals"]
    assert {name: again[name] for name in again if name != "moments"}.items() <= written.items()
    assert [one["units"] for one in again["moments"]] == [one["units"] for one in written["moments"]]


def test_signals_are_those_of_the_result_with_their_intervals():
    found = measured(RESULT, specimen.FOLDER / specimen.TABLE)["signals"]

    assert [one["key"] for one in found] == [signal.key for signal in RESULT.main.signals]
    for one in found:
        assert 0 <= one["low"] <= one["value"] <= one["high"] <= 100


def test_a_recording_without_a_measured_face_makes_no_specimen():

    with pytest.raises(ValueError, match="no face"):
        measured(replace(example_result(30), tracks=()), specimen.FOLDER / specimen.TABLE)


@pytest.mark.parametrize(
    ("face", "cut"),
    [
        (box(360, 120, 240, 300), Cut(255, 45, 450)),
        (box(0, 0, 240, 300), Cut(0, 0, 450)),
        (box(860, 400, 100, 140), Cut(750, 330, 210)),
        (box(360, 20, 400, 500), Cut(290, 0, 540)),
    ],
)
def test_a_face_is_cut_out_as_a_square_within_the_picture(face, cut):
    assert Cut.around(face, 960, 540) == cut


def test_a_cut_has_one_size_and_the_order_of_colours_that_files_want():
    red = np.zeros((540, 960, 3), np.uint8)
    red[..., 0] = 200

    picture = Cut(255, 45, 450).of(red)

    assert picture.shape == (SIDE, SIDE, 3)
    assert picture[SIDE // 2, SIDE // 2].tolist() == [0, 0, 200]
