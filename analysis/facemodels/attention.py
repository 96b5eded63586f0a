"""The three custom operators of the attention mesh, in ONNX.

They cut a 16x16 crop around the lips or an eye out of a feature map and bring the landmarks
found in it back. The file describes a crop by a 4x4 matrix of an affine map of the plane;
here the map is the (3, 2) array that takes rows (x, y, 1) to rows (x, y). The formulas
follow MediaPipe's reference implementation (mediapipe/util/tflite/operations, version 2 of each).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.facemodels.errors import UnsupportedModelError
from analysis.facemodels.operators import OPERATORS, Conversion, Writer
from analysis.facemodels.tflite_graph import Operator

_OUTSIDE = 5.0
"""A grid position outside [-1, 1] that no neighbour of the picture reaches."""


def _landmarks_to_matrix(to: Conversion, operator: Operator) -> None:
    """The map from the crop's pixels to the landmarks' plane.

    The crop is the bounding box of a subset of landmarks, in axes turned so that the line
    between two of them is level, and `scale` times as large.
    """
    options, onnx = operator.options, to.onnx
    if options["target_rotation_radians"] != 0.0:
        raise UnsupportedModelError(what="crop with a target rotation")
    landmarks = onnx.node("Squeeze", [to.value(operator.inputs[0]), onnx.integers(0)])
    points = onnx.node("Slice", [landmarks, onnx.integers(0), onnx.integers(2), onnx.integers(1)])
    turn = _turn(to, points, options["left_rotation_idx"], options["right_rotation_idx"])
    subset = onnx.node("Gather", [points, onnx.integers(*options["subset_idxs"])], axis=0)
    level = onnx.node("MatMul", [subset, turn])
    high = onnx.node("ReduceMax", [level], axes=[0], keepdims=1)
    low = onnx.node("ReduceMin", [level], axes=[0], keepdims=1)
    middle = onnx.node("Mul", [onnx.node("Add", [high, low]), onnx.floats(0.5)])
    steps = onnx.node("Mul", [onnx.node("Sub", [high, low]), _step_factors(to, options)])
    half = np.array([[options["output_width"] / 2, options["output_height"] / 2]], np.float32)
    corner = onnx.node("Sub", [middle, onnx.node("Mul", [steps, onnx.constant(half)])])
    scaling = onnx.node("Mul", [onnx.constant(np.eye(2, dtype=np.float32)), steps])
    rows = onnx.node("Concat", [scaling, corner], axis=0)
    back = onnx.node("Transpose", [turn], perm=[1, 0])
    to.set(operator.output, onnx.node("MatMul", [rows, back]))


def _turn(to: Conversion, points: str, left: int, right: int) -> str:
    """(2, 2): rows of points times it are the points in axes where left to right is level."""
    onnx = to.onnx
    ends = onnx.node("Gather", [points, onnx.integers(left, right)], axis=0)
    line = onnx.node("MatMul", [onnx.constant(np.array([[-1, 1]], np.float32)), ends])
    length = onnx.node("ReduceL2", [line], axes=[1], keepdims=1)
    direction = onnx.node("Div", [line, length])
    # [[cos, -sin], [sin, cos]] laid out from (cos, sin)
    layout = np.array([[1, 0, 0, 1], [0, -1, 1, 0]], np.float32)
    flat = onnx.node("MatMul", [direction, onnx.constant(layout)])
    return onnx.node("Reshape", [flat, onnx.integers(2, 2)])


def _step_factors(to: Conversion, options: dict[str, Any]) -> str:
    factors = [
        options["scale_x"] / options["output_width"],
        options["scale_y"] / options["output_height"],
    ]
    return to.onnx.constant(np.array([factors], np.float32))


def _sample(to: Conversion, operator: Operator) -> None:
    """Bilinear sampling at the crop's pixel centres; what lies outside the map is zero."""
    onnx = to.onnx
    height, width = operator.options["output_height"], operator.options["output_width"]
    _, map_height, map_width, _ = to.shape(operator.inputs[0])
    centres = onnx.constant(_pixel_centres(height, width))
    positions = onnx.node("MatMul", [centres, to.value(operator.inputs[1])])
    # GridSample wants the map's edges at -1 and 1.
    spans = onnx.constant(np.array([[2 / map_width, 2 / map_height]], np.float32))
    grid = onnx.node("Sub", [onnx.node("Mul", [positions, spans]), onnx.floats(1.0)])
    grid = _keep_inside(to, grid, (map_height, map_width))
    grid = onnx.node("Reshape", [grid, onnx.integers(1, height, width, 2)])
    value = onnx.node(
        "GridSample",
        [to.value(operator.inputs[0]), grid],
        align_corners=0,
        mode="bilinear",
        padding_mode="zeros",
    )
    to.set(operator.output, value)


def _keep_inside(to: Conversion, grid: str, size: tuple[int, int]) -> str:
    """Send positions beyond the outermost pixel centres far away.

    The reference gives zero there at once, GridSample would fade out over half a pixel.
    """
    onnx = to.onnx
    limits = np.array([[1 - 1 / size[1], 1 - 1 / size[0]]], np.float32)
    excess = onnx.node("Sub", [onnx.node("Abs", [grid]), onnx.constant(limits)])
    outside = onnx.node("Greater", [onnx.node("ReduceMax", [excess], axes=[1]), onnx.floats(0.0)])
    return onnx.node("Where", [outside, onnx.floats(_OUTSIDE), grid])


def _pixel_centres(height: int, width: int) -> NDArray[np.float32]:
    """(height * width, 3): rows x + 0.5, y + 0.5, 1."""
    y, x = np.mgrid[:height, :width].astype(np.float32) + 0.5
    return np.stack([x.ravel(), y.ravel(), np.ones(height * width, np.float32)], axis=1)


def _scale(to: Conversion, operator: Operator) -> None:
    """A crop's map times a constant, element by element; other products are the plain operator."""
    if to.shape(operator.inputs[0])[1:] != (4, 4):
        OPERATORS["MUL"](to, operator)
        return
    matrix = to.graph.constants[operator.inputs[1]].reshape(4, 4)
    factors = matrix[:2][:, [0, 1, 3]].T
    to.set(operator.output, to.onnx.node("Mul", [to.value(operator.inputs[0]), to.onnx.constant(factors)]))


def _transform_landmarks(to: Conversion, operator: Operator) -> None:
    onnx = to.onnx
    count = to.shape(operator.output)[1]
    points = onnx.node("Reshape", [to.value(operator.inputs[0]), onnx.integers(count, 2)])
    ones = onnx.constant(np.ones((count, 1), np.float32))
    rows = onnx.node("Concat", [points, ones], axis=1)
    moved = onnx.node("MatMul", [rows, to.value(operator.inputs[1])])
    to.set(operator.output, onnx.node("Reshape", [moved, onnx.integers(1, count, 2)]))


ATTENTION_OPERATORS: dict[str, Writer] = {
    "Landmarks2TransformMatrix v2": _landmarks_to_matrix,
    "TransformTensorBilinear v2": _sample,
    "TransformLandmarks v2": _transform_landmarks,
    "MUL": _scale,
}
