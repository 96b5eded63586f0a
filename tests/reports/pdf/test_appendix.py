import io
import re

import numpy as np
import pytest

from analysis.engine.action_units import ACTION_UNITS
from reports.pdf.appendix import LINES_A_PAGE, lay_out, timestamp, wrapped
from tests.support.results import example_blocks


def laid(blocks, weak=frozenset()):
    target = io.StringIO()
    pages = lay_out(blocks, target, weak)
    return pages, target.getvalue().splitlines()


@pytest.fixture(scope="module")
def lines():
    return laid(example_blocks(1200))[1]


def block(**values):
    """One row whose Action Units are NaN unless named, such as `AU12=3.0`."""
    base = {
        "frame": 7,
        "time": 0.25,
        "track": 2,
        "face_confidence": 0.91,
        "yaw": -3.04,
        "pitch": 5.0,
        "roll": -0.04,
    }
    row = {**base, "excluded": ""}
    for unit in ACTION_UNITS:
        row |= {unit.code: np.nan, f"{unit.code}_left": np.nan, f"{unit.code}_right": np.nan}
    return {name: np.array([value]) for name, value in {**row, **values}.items()}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00.000"), (59.9996, "1:00.000"), (75.0334, "1:15.033"), (3661.5, "1:01:01.500")],
)
def test_times_are_to_the_millisecond(seconds, text):
    assert timestamp(seconds) == text


def test_every_frame_has_its_line_in_order(lines):
    assert [int(line[1:8]) for line in lines] == list(range(1200))


def test_a_scored_line_carries_track_confidence_pose_and_code():
    assert laid([block(AU12=3.0, AU25=1.6)])[1] == [
        "s      7    0:00.250    2  0.91   -3.0    5.0    0.0  12C+25B"
    ]


def test_the_side_is_told_where_one_side_shows_it():
    line = laid([block(AU15=1.0, AU15_left=0.1, AU15_right=2.6)])[1][0]

    assert line.endswith("  R15C")


def test_weak_units_are_in_no_code():
    shown = block(AU12=3.0, AU13=4.0, AU13_left=4.0, AU13_right=0.0, AU25=1.6)

    assert laid([shown], frozenset({13, 25}))[1][0].endswith("  12C")


def test_nothing_shown_reads_as_a_dash():
    assert laid([block(AU12=0.2)])[1][0].endswith("  \N{EN DASH}")


def test_an_excluded_row_says_why_and_has_no_code():
    (line,) = laid([block(excluded="turned_away", yaw=51.0, AU12=3.0)])[1]

    assert re.fullmatch(r"x +7 +0:00\.250 +2 +0\.91 +51\.0 +5\.0 +0\.0  Face turned away", line)


def test_without_a_face_there_is_only_frame_time_and_reason():
    (line,) = laid([block(excluded="no_face", track=-1, face_confidence=0.0)])[1]

    assert line.split(maxsplit=3) == ["x", "7", "0:00.250", "No face in the picture"]


def test_a_long_code_goes_on_below_without_loss():
    many = {unit.code: 3.0 for unit in ACTION_UNITS}
    lines = laid([block(**many)])[1]

    assert len(lines) > 1
    assert max(map(len, lines)) <= 1 + 53 + 74
    code = "".join(line[54:] for line in lines)
    assert code == "+".join(f"{unit.number}C" for unit in ACTION_UNITS)


@pytest.mark.parametrize(
    ("width", "lines"), [(100, ["1A+2B+12C"]), (6, ["1A+2B+", "12C"]), (3, ["1A+", "2B+", "12C"])]
)
def test_codes_break_behind_a_plus(width, lines):
    assert wrapped("1A+2B+12C", width) == lines


def test_pages_are_counted_before_they_are_drawn():
    assert laid(example_blocks(LINES_A_PAGE))[0] == 1
    assert laid(example_blocks(LINES_A_PAGE + 1))[0] == 2
    assert laid([])[0] == 1


def test_of_a_withheld_face_there_is_the_reason_and_no_measurement():
    nothing = float("nan")
    held = block(face_confidence=nothing, yaw=nothing, pitch=nothing, roll=nothing, excluded="withheld")

    (line,) = laid([held])[1]

    assert " ".join(line.split()) == "x 7 0:00.250 2 Withheld: this person may not be analysed"
    assert line.index("Withheld") == laid([block(AU12=3.0)])[1][0].index("12C")
