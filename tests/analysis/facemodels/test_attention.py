"""The crop's map on made-up landmarks; sampling is held to the reference graph in test_convert.py."""

import math

import numpy as np
import pytest

from analysis.facemodels.convert import write
from analysis.facemodels.errors import UnsupportedModelError
from analysis.facemodels.tflite_graph import Operator
from tests.analysis.facemodels.graphs import run, small_graph

OPTIONS = {
    "left_rotation_idx": 0,
    "right_rotation_idx": 1,
    "subset_idxs": [0, 1, 2, 3],
    "output_width": 16,
    "output_height": 8,
    "scale_x": 1.5,
    "scale_y": 2.0,
    "target_rotation_radians": 0.0,
}


def crop_to_plane(landmarks, positions, options=OPTIONS):
    """Where `positions` of the crop lie among the landmarks, through the converter."""
    count, places = len(landmarks), len(positions)
    flat = np.concatenate([np.ravel(landmarks), np.ravel(positions)])[None, None, None]
    shapes = {
        0: flat.shape,
        1: (1, count, 3),
        2: (1, 4, 4),
        3: (1, places, 2),
        4: (1, places, 2),
        5: (1, 3 * count, 1, 1),
        6: (1, 2 * places, 1, 1),
    }
    pick = np.eye(flat.size, dtype=np.float32)[:, None, None]
    constants = {7: pick[: 3 * count], 8: np.zeros(3 * count, np.float32)}
    constants |= {9: pick[3 * count :], 10: np.zeros(2 * places, np.float32)}
    convolution = {"Padding": 1, "StrideH": 1, "StrideW": 1, "DilationHFactor": 1, "DilationWFactor": 1}
    convolution |= {"FusedActivationFunction": 0}
    shapes |= {5: (1, 1, 1, 3 * count), 6: (1, 1, 1, 2 * places)}
    operators = [
        Operator("CONV_2D", (0, 7, 8), 5, convolution),
        Operator("CONV_2D", (0, 9, 10), 6, convolution),
        Operator("RESHAPE", (5,), 1, {}),
        Operator("RESHAPE", (6,), 3, {}),
        Operator("Landmarks2TransformMatrix v2", (1,), 2, options),
        Operator("TransformLandmarks v2", (3, 2), 4, {}),
    ]
    return run(small_graph(operators, shapes, constants), flat)[0]


def turned(points, radians, about):
    cosine, sine = math.cos(radians), math.sin(radians)
    return (np.asarray(points) - about) @ np.array([[cosine, sine], [-sine, cosine]]) + about


@pytest.mark.parametrize("degrees", [0, 30, -75, 170])
def test_the_crop_is_the_turned_box_of_its_landmarks_enlarged(degrees):
    level = np.array([[10.0, 20.0], [30.0, 20.0], [20.0, 16.0], [22.0, 26.0]])
    middle = np.array([20.0, 21.0])
    radians = math.radians(degrees)
    landmarks = np.column_stack([turned(level, radians, middle), np.zeros(4)])

    found = crop_to_plane(landmarks, [[8, 4], [0, 0], [16, 0], [16, 8]])

    half = np.array([20 * 1.5 / 2, 10 * 2.0 / 2])
    corners = np.array([[0, 0], [-1, -1], [1, -1], [1, 1]]) * half + middle
    np.testing.assert_allclose(found, turned(corners, radians, middle), atol=1e-4)


def test_a_crop_turned_away_from_the_level_line_is_refused():
    graph = small_graph(
        [Operator("Landmarks2TransformMatrix v2", (0,), 1, OPTIONS | {"target_rotation_radians": 1.5})],
        {0: (1, 1, 1, 12), 1: (1, 4, 4)},
    )

    with pytest.raises(UnsupportedModelError) as caught:
        write(graph, "small")

    assert caught.value.facts == {"what": "crop with a target rotation"}
