import json
import math

import pytest

from analysis.engine.action_units import ACTION_UNITS
from reports.domain.site import specimen
from reports.domain.site.specimen_moments import TIMES, faces, facts, moments

STORED = specimen.FOLDER / specimen.TABLE


def row(**shown):
    """A frame in which every unit is at 0 on both sides with a spread of 0.5, but for what is told."""
    still = {"frame": 30.0, "time": 1.0}
    for unit in ACTION_UNITS:
        sides = ("", "_left", "_right") if unit.sided else ("",)
        still |= {f"{unit.code}{side}": 0.0 for side in sides} | {f"{unit.code}_spread": 0.5}
    return still | shown


def both(code, value):
    return {code: value, f"{code}_left": value, f"{code}_right": value}


def test_the_shipped_moments_are_those_of_the_stored_frame_table():
    written = json.loads((specimen.FOLDER / specimen.FACTS).read_text(encoding="utf-8"))["moments"]
    pictures = {"picture", "width", "height"}

    assert moments(STORED, track=1) == [
        {name: value for name, value in one.items() if name not in pictures} for one in written
    ]
    assert [one["time"] for one in written] == pytest.approx(TIMES, abs=1 / 30)


def test_what_was_posed_is_told_however_it_was_measured():
    told = facts(row(), row(**both("AU12", 4.2), **both("AU09", 0.9)))

    assert [(one["au"], one["measured"], one["letter"], one["posed"]) for one in told["units"]] == [
        (12, 0.0, "", 4.2)
    ]
    assert told["alt"] == "The rendered head, posing AU12 Lip corner puller."


def test_what_was_found_and_never_posed_is_told_too():
    (found,) = facts(row(**both("AU04", 1.6)), row())["units"]

    assert (found["au"], found["measured"], found["posed"]) == (4, 1.6, 0.0)


def test_what_was_posed_and_not_scored_is_named_without_a_number():
    told = facts(row(**both("AU20", math.nan)), row(**both("AU20", 3.0), AU26=2.0))

    assert told["unscored"] == [20]
    assert [one["au"] for one in told["units"]] == [26]


def test_a_movement_of_one_side_has_the_figures_of_that_side():
    measured = row(AU02=1.5, AU02_left=2.3, AU02_right=0.7)
    told = facts(measured, row(AU02=1.9, AU02_left=3.8, AU02_right=0.0))

    (found,) = told["units"]
    assert (found["side"], found["measured"], found["posed"]) == ("left", 2.3, 3.8)
    assert told["alt"].endswith("AU2 Outer brow raiser on its left.")


def test_an_interval_reaches_two_deviations_and_never_beyond_the_scale():
    def reading(value, spread):
        measured = row(AU26=value, AU26_spread=spread)
        (found,) = facts(measured, row(AU26=2.0))["units"]
        return found["low"], found["high"]

    assert reading(2.5, 0.5) == (1.52, 3.48)
    assert reading(4.9, 0.5) == (3.92, 5.0)
    assert reading(0.2, 1.0) == (0.0, 2.16)


def test_where_the_face_is_is_known_for_every_frame():
    found = faces(STORED)

    assert sorted(found) == list(range(specimen.shipped().frames))
    assert all(200 < box["face_w"] < 300 for box in found.values())
