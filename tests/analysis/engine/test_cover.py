"""What lies over a face, on colours made here, on a portrait with a drawn hand, and on a shared clip."""

import csv

import cv2
import numpy as np
import pytest

from analysis.engine import cover, frame_table
from analysis.engine.analyse import Config, analyse
from analysis.engine.cover import Region
from analysis.engine.types import Exclusion
from tests.support import clips
from tests.support import synthetic_face as made
from tests.support.models import real_models
from tests.support.shared import shared_clip

POINTS = made.pictured(made.neutral())
HEIGHT = made.neutral()[: cover.SURFACE, 1]
STRAIGHT = np.zeros((1, 3), dtype=np.float32)


def skin(count=1, seed=0):
    """(count, 468, 3) colours of one face with a pattern of its own and a little noise."""
    pattern = np.random.default_rng(seed).uniform(-20, 20, (cover.SURFACE, 1))
    noise = np.random.default_rng(count).normal(0, 1, (count, cover.SURFACE, 3))
    return np.clip(pattern + np.array([170, 130, 110]) + noise, 0, 255).astype(np.uint8)


def known():
    faces = np.tile(POINTS, (40, 1, 1))
    return cover.reference(skin(40), faces)


def shares(colour, pose=STRAIGHT):
    return cover.compare(colour.astype(np.uint8), pose, known()).shares[0]


def test_colours_are_those_under_the_landmarks():
    image = np.zeros((480, 640, 3), np.uint8)
    image[:, :, 0], image[:, :, 1] = np.linspace(0, 255, 640), np.linspace(0, 255, 480)[:, None]

    found = cover.colours(image, POINTS)

    assert found.shape == (468, 3)
    assert found.dtype == np.uint8
    np.testing.assert_allclose(found[:, 0], POINTS[:468, 0] * 255 / 639, atol=1.5)
    np.testing.assert_allclose(found[:, 1], POINTS[:468, 1] * 255 / 479, atol=1.5)
    assert (found[:, 2] == 0).all()


@pytest.mark.parametrize("centre", [(0, 0), (640, 480), (-900, 100), (5000, 5000)])
def test_a_face_over_or_beyond_the_edge_has_the_edge_s_colours(centre):
    image = np.full((480, 640, 3), (10, 20, 30), np.uint8)

    assert (cover.colours(image, made.pictured(made.neutral(), centre=centre)) == (10, 20, 30)).all()


def test_the_colours_of_a_large_face_are_averaged():
    image = np.random.default_rng(0).integers(0, 256, (1200, 1200, 3)).astype(np.uint8)
    large = made.pictured(made.neutral(), size=400, centre=(600, 500))

    assert cover.colours(image, large).std() < 0.5 * image.std()


@pytest.mark.parametrize(
    ("region", "part"),
    [
        (Region.UPPER, HEIGHT > -0.05),
        (Region.MID, (HEIGHT < -0.1) & (HEIGHT > -0.5)),
        (Region.LOWER, HEIGHT < -0.55),
    ],
)
def test_what_is_covered_differs_and_the_rest_does_not(region, part):
    colour = skin()
    colour[0, part] = (240, 215, 200)
    found = shares(colour)
    apart = np.full(1, cover.THRESHOLDS.eyes_apart + 1, dtype=np.float32)

    assert cover.covered(found[None], apart)[0] == region
    assert found[np.log2(region).astype(int)] > 0.5


def test_half_the_upper_face_is_covered_only_where_the_eyes_are_apart():
    upper = np.array([[0.4, 0, 0]], dtype=np.float32)
    together, apart = np.zeros(1, dtype=np.float32), np.full(1, 2.0, dtype=np.float32)

    assert cover.covered(upper, together)[0] == Region.NONE
    assert cover.covered(upper, apart)[0] == Region.UPPER
    assert cover.covered(1.5 * upper, together)[0] == Region.UPPER


@pytest.mark.parametrize(
    "light",
    [
        lambda colour: colour * 0.4,
        lambda colour: colour * 1.3,
        lambda colour: colour * (1.1, 1.0, 0.8),
        lambda colour: colour * (1 + 0.5 * made.neutral()[:468, :1]),
        lambda colour: colour * (1 - 0.3 * made.neutral()[:468, 1:2]),
    ],
    ids=["dim", "bright", "tinted", "from one side", "from above"],
)
def test_light_is_no_cover(light):
    assert (shares(np.clip(light(skin().astype(float)), 0, 255)) < 0.1).all()


def test_grain_is_no_cover():
    dark = skin() * 0.4 + np.random.default_rng(7).normal(0, 4, (1, 468, 3))

    assert (shares(np.clip(dark, 0, 255)) < cover.THRESHOLDS.held).all()


DARK = 0.25
"""Of the light that the face's skin gives back of what the other faces here do."""


@pytest.mark.parametrize(("lighter", "covered"), [(10, False), (45, True)], ids=["highlights", "a hand"])
def test_highlights_on_dark_skin_are_no_cover_and_a_hand_is(lighter, covered):
    """Every other point of the lower face shines as a moving mouth does, or all of it is another skin."""
    dark = cover.reference((skin(40) * DARK).astype(np.uint8), np.tile(POINTS, (40, 1, 1)))
    colour = skin() * DARK
    shining = np.flatnonzero(HEIGHT < -0.55)
    colour[0, shining if covered else shining[::2]] += lighter

    found = cover.compare(colour.astype(np.uint8), STRAIGHT, dark).shares[0]
    assert (found[2] > cover.THRESHOLDS.lower) == covered
    assert (found[:2] < cover.THRESHOLDS.held).all()


def test_the_reference_is_what_most_rows_show():
    colour = skin(40)
    colour[:16, HEIGHT < -0.8] = (240, 215, 200)
    found = cover.reference(colour, np.tile(POINTS, (40, 1, 1)))

    lower = cover.compare(colour, np.zeros((40, 3), np.float32), found).shares[:, 2]

    assert (lower[:16] > cover.THRESHOLDS.lower).all()
    assert (lower[16:] < 0.1).all()


def rows_of(lower, apart=0.0):
    found = np.zeros((len(lower), 3), dtype=np.float32)
    found[:, 2] = lower
    return cover.covered(found, np.full(len(lower), apart, dtype=np.float32))


def test_a_covered_stretch_holds_on_while_less_differs_and_reaches_to_its_neighbours():
    lower = [0, 0, 0, 0.25, 0.25, 0.5, 0.25, 0.1, 0, 0, 0, 0.25, 0.25, 0, 0]

    assert np.flatnonzero(rows_of(lower)).tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_no_rows_and_one_row():
    assert rows_of([]).shape == (0,)
    assert rows_of([0.9]).tolist() == [Region.LOWER]
    assert rows_of([0.1]).tolist() == [Region.NONE]


def hand(image, x, y, angle=0.0):
    """Four fingers, lighter than the face, with shaded edges and nails, their tips at (x, y)."""
    for number, reach in enumerate((6, 0, 3, 10)):
        left = round(x - 30 + 15 * number)
        top, bottom = (left, round(y + reach)), (left + round(angle), image.shape[0] + 40)
        cv2.line(image, top, bottom, (150, 105, 90), 17, cv2.LINE_AA)
        cv2.line(image, top, bottom, (235, 195, 175), 13, cv2.LINE_AA)
        cv2.line(image, top, bottom, (250, 218, 200), 5, cv2.LINE_AA)
        cv2.ellipse(image, top, (4, 6), 0, 0, 360, (245, 205, 200), -1, cv2.LINE_AA)
    return image


def waved(count, first, last, height):
    """The portrait; from the first to the last frame a hand's finger tips are at `height` in the picture."""
    for index, image in enumerate(clips.pictures(count)):
        away = max(first - index, index - last, 0)
        yield hand(image, 158 + 2 * np.sin(index), height + 30 * away) if away < 4 else image


def table(path, folder):
    result = analyse(path, folder, real_models(), Config(), lambda *_: None)
    frame_table.parquet_to_csv(folder / "frames.parquet", folder / "frames.csv")
    with (folder / "frames.csv").open(newline="") as handle:
        return result, list(csv.DictReader(handle))


def frames(rows, column, value):
    return {int(row["frame"]) for row in rows if row[column] == value}


@pytest.mark.usefixtures("models")
def test_a_hand_over_the_mouth_hides_the_mouth_and_nothing_else(tmp_path):
    path = clips.write(tmp_path / "a.mp4", waved(90, 40, 60, height=128))
    _, rows = table(path, tmp_path / "out")

    hidden = frames(rows, "AU25_state", "not_visible")
    assert set(range(40, 61)) <= hidden <= set(range(34, 67))
    assert frames(rows, "AU01_state", "scored") == set(range(90))
    assert all(
        row["AU25"] == row["AU12"] == row["AU12_left"] == "" for row in rows if int(row["frame"]) in hidden
    )
    seen = np.array([float(row["face_confidence"]) for row in rows])
    assert seen[40:61].max() < 0.85
    assert seen[:34].min() > 0.9


@pytest.mark.usefixtures("models")
def test_an_expression_alone_hides_nothing(tmp_path):
    result, rows = table(clips.portrait_clip(tmp_path / "a.mp4", frames=120), tmp_path / "out")

    assert {row["AU12_state"] for row in rows} == {"scored"}
    assert result.excluded == {}


@pytest.fixture(scope="module")
def woman(tmp_path_factory):
    return table(shared_clip("woman-sad-to-smile.mp4"), tmp_path_factory.mktemp("woman") / "out")


def test_shared_clip_of_hands_before_the_face(woman):
    """A hand comes in frame 57 and has gone in frame 230; in frames 95 to 139 it lies over an eye as well."""
    result, rows = woman
    covered = frames(rows, "excluded", Exclusion.COVERED.code)
    hidden = frames(rows, "AU12_state", "not_visible")

    assert len(hidden & set(range(64, 228))) >= 0.98 * 164
    assert hidden <= set(range(54, 233))
    assert len(covered & set(range(95, 140))) >= 0.95 * 45
    assert covered <= set(range(86, 146))
    assert result.excluded == {"covered": len(covered)}
    assert frames(rows, "AU01_state", "not_visible") == covered


def test_shared_clip_s_neutral_is_not_read_under_a_hand(woman):
    result, _ = woman
    face = result.tracks[0].neutral

    assert face.frames > 0
    assert not 57 / 25 < face.start < 229 / 25


@pytest.mark.parametrize("name", ["gaze-and-head-turns.avi", "single-face.mp4"])
def test_shared_clips_of_bare_faces_are_not_covered(name, tmp_path):
    result, rows = table(shared_clip(name), tmp_path / "out")

    assert "covered" not in result.excluded
    assert {row["AU12_state"] for row in rows} == {"scored"}
