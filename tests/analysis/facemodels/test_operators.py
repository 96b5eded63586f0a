import numpy as np
import pytest
import tflite

from analysis.facemodels.convert import write
from analysis.facemodels.errors import UnsupportedModelError
from analysis.facemodels.operators import same_padding
from analysis.facemodels.tflite_graph import Operator
from tests.analysis.facemodels.graphs import run, small_graph

SAME, VALID = tflite.Padding.SAME, tflite.Padding.VALID
NONE, RELU = tflite.ActivationFunctionType.NONE, tflite.ActivationFunctionType.RELU


def picture(*shape):
    return np.random.default_rng(3).normal(size=shape).astype(np.float32)


def window(padding, stride, activation=NONE, **more):
    return {
        "Padding": padding,
        "StrideH": stride,
        "StrideW": stride,
        "DilationHFactor": 1,
        "DilationWFactor": 1,
        "FusedActivationFunction": activation,
    } | more


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "pads"),
    [(128, 5, 2, (1, 2)), (64, 3, 1, (1, 1)), (64, 3, 2, (0, 1)), (7, 3, 2, (1, 1)), (4, 2, 2, (0, 0))],
)
def test_same_padding_puts_the_odd_row_behind(size, kernel, stride, pads):
    assert same_padding(size, kernel, stride) == pads


def test_prelu_bends_each_channel_by_its_own_slope():
    x, slopes = picture(1, 3, 4, 2), np.array([[[0.25, -1.5]]], np.float32)
    graph = small_graph(
        [Operator("PRELU", (0, 1), 2, {})], {0: x.shape, 1: slopes.shape, 2: x.shape}, {1: slopes}
    )

    np.testing.assert_allclose(run(graph, x), np.where(x > 0, x, slopes * x), rtol=1e-6, atol=1e-6)


def test_padded_channels_are_zero():
    x = picture(1, 2, 2, 3)
    pads = np.array([[0, 0], [0, 0], [0, 0], [0, 2]], np.int32)
    graph = small_graph([Operator("PAD", (0, 1), 2, {})], {0: x.shape, 2: (1, 2, 2, 5)}, {1: pads})

    output = run(graph, x)

    np.testing.assert_array_equal(output[..., :3], x)
    assert output.shape == (1, 2, 2, 5)
    assert not output[..., 3:].any()


def test_a_pad_before_a_convolution_becomes_its_own():
    x, weights = picture(1, 4, 4, 1), np.ones((1, 3, 3, 1), np.float32)
    pads = np.array([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32)
    graph = small_graph(
        [
            Operator("PAD", (0, 1), 2, {}),
            Operator("CONV_2D", (2, 3, 4), 5, window(VALID, 1, RELU)),
        ],
        {0: x.shape, 2: (1, 6, 6, 1), 5: x.shape},
        {1: pads, 3: weights, 4: np.zeros(1, np.float32)},
    )
    wide = np.pad(x[0, :, :, 0], 1)
    sums = sum(wide[row : row + 4, column : column + 4] for row in range(3) for column in range(3))

    np.testing.assert_allclose(run(graph, x)[0, :, :, 0], np.maximum(sums, 0), rtol=1e-5, atol=1e-6)


def test_a_picture_is_flattened_channels_last():
    x = picture(1, 2, 3, 4)
    graph = small_graph([Operator("RESHAPE", (0,), 1, {})], {0: x.shape, 1: (1, 12, 2)})

    np.testing.assert_array_equal(run(graph, x), x.reshape(1, 12, 2))


def test_depth_becomes_space_block_by_block():
    x = np.arange(8, dtype=np.float32).reshape(1, 1, 2, 4)
    graph = small_graph(
        [Operator("DEPTH_TO_SPACE", (0,), 1, {"BlockSize": 2})], {0: x.shape, 1: (1, 2, 4, 1)}
    )

    assert run(graph, x)[0, :, :, 0].tolist() == [[0, 1, 4, 5], [2, 3, 6, 7]]


@pytest.mark.parametrize(
    ("operator", "what"),
    [
        (
            Operator("MAX_POOL_2D", (0,), 2, window(SAME, 2, 99, FilterHeight=2, FilterWidth=2)),
            "activation 99",
        ),
        (Operator("CONV_2D", (0, 1, 3), 2, window(SAME, 1) | {"DilationHFactor": 2}), "dilated convolution"),
        (Operator("MUL", (0, 1), 2, {"FusedActivationFunction": NONE}), "multiplication by (1, 3, 3, 1)"),
        (Operator("STRIDED_SLICE", (0,), 4, {}), "slice to (1, 1)"),
    ],
    ids=lambda value: value.kind if isinstance(value, Operator) else "",
)
def test_what_would_come_out_wrong_is_refused(operator, what):
    constants = {1: np.ones((1, 3, 3, 1), np.float32), 3: np.zeros(1, np.float32)}
    graph = small_graph([operator], {0: (1, 4, 4, 1), 1: (1, 3, 3, 1), 2: (1, 4, 4, 1), 4: (1, 1)}, constants)

    with pytest.raises(UnsupportedModelError) as caught:
        write(graph, "small")

    assert caught.value.facts == {"what": what}
