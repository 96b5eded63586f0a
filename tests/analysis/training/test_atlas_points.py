import json

import numpy as np

from analysis.engine.action_units import AU_NUMBERS
from analysis.training.atlas import MAP_SIZE, MAP_STAND
from analysis.training.atlas_points import points, projected
from analysis.training.generator.sequences import Parts
from analysis.training.portraits import Sitter
from analysis.training.renderer.scene import Camera
from echodepth.env import BASE_DIR

COMMITTED = json.loads((BASE_DIR / "static" / "atlas" / "atlas.json").read_text(encoding="utf-8"))
POINTS = {int(au): unit["point"] for au, unit in COMMITTED["units"].items()}


def test_what_the_camera_aims_at_is_the_middle_of_the_picture():
    camera = Camera(distance=90.0, focal=3.0, aim=(0.0, -2.0))

    assert projected(np.array([0, -2, 0], np.float32), camera, (600, 800)) == (300, 400)
    # Ten centimetres to the person's left and up: right and up in the picture, a third of 3 heights a metre.
    assert projected(np.array([9, 7, 0], np.float32), camera, (600, 800)) == (540, 160)
    x, _ = projected(np.array([9, -2, 30], np.float32), camera, (600, 800))
    assert x == 660


def test_upper_units_are_above_lower_ones():
    def height(au):
        return POINTS[au][1]

    assert height(1) < height(5) < height(7) < height(6) < height(12) < height(17) < height(21)
    assert height(9) < height(38) < height(10)
    assert height(37) < height(19)


def test_what_acts_in_the_middle_is_pointed_at_in_the_middle_and_the_rest_beside_it():
    assert all(POINTS[au][0] == 300 for au in (8, 17, 18, 22, 23, 24, 25, 26, 27, 28, 29, 32, 39))
    assert POINTS[31][0] > POINTS[34][0] > POINTS[12][0] > POINTS[10][0] > POINTS[38][0] > 330
    assert POINTS[2][0] > POINTS[1][0] > POINTS[4][0] > 320


def test_points_are_where_the_faces_own_landmarks_are(rig, renderer):
    """Numbers of the face mesh: 291 the left corner of the mouth, 387 the upper lid, 199 the chin."""
    sitter = Sitter(Parts(rig, renderer))
    found = points(sitter, MAP_STAND, MAP_SIZE)

    def away(au, landmark):
        place = sitter.shape[rig.kit.landmarks[landmark]]
        return np.hypot(*(np.array(found[au]) - projected(place, MAP_STAND.camera, MAP_SIZE)))

    assert away(12, 291) < 40
    assert away(45, 387) < 30
    assert away(17, 199) < 10
    assert away(12, 387) > 150
    assert found == {au: tuple(point) for au, point in POINTS.items()}
    assert set(found) == set(AU_NUMBERS)
