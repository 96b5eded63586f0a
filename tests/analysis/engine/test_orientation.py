"""Quarter turns and mirrored pictures, as files state them."""

import av
import numpy as np
import pytest

from analysis.engine.orientation import Orientation
from tests.support import clips

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def corners():
    """(2, 3, 3): red upper left, green upper right, blue lower left, white lower right."""
    return np.array([[RED, RED, GREEN], [BLUE, BLUE, WHITE]], dtype=np.uint8)


def of_file(path, degrees, *, mirrored):
    """The orientation of a file written with `degrees` against the clock, after a left-right flip."""
    clips.write(path, clips.blank(2, width=64, height=48), rotation=degrees, mirrored=mirrored)
    with av.open(str(path)) as container:
        return Orientation.of(next(container.decode(video=0)))


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_what_a_file_states_is_done(tmp_path, degrees, mirrored):
    found = of_file(tmp_path / "a.mp4", degrees, mirrored=mirrored)
    wanted = np.rot90(corners(), degrees // 90)
    wanted = wanted[:, ::-1] if mirrored else wanted
    np.testing.assert_array_equal(found.apply(corners()), wanted)
    assert found.mirrored == mirrored
    assert found.size(3, 2) == (wanted.shape[1], wanted.shape[0])


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_turn_and_the_mirror_together_are_the_whole(tmp_path, degrees, mirrored):
    found = of_file(tmp_path / "a.mp4", degrees, mirrored=mirrored)
    turned = np.rot90(corners(), -found.clockwise // 90)
    np.testing.assert_array_equal(found.apply(corners()), turned[:, ::-1] if found.mirrored else turned)


def test_a_turn_between_quarters_goes_to_the_nearest(tmp_path):
    assert of_file(tmp_path / "a.mp4", 80, mirrored=False).clockwise == 270


def test_without_a_statement_the_picture_stays(tmp_path):
    with av.open(str(clips.write(tmp_path / "a.mp4", clips.blank(1)))) as container:
        assert Orientation.of(next(container.decode(video=0))) == Orientation()
    assert Orientation().apply(corners()).flags.c_contiguous
