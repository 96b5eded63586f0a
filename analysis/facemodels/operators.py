"""TensorFlow Lite's operators, as far as the face networks use them, in ONNX.

Pictures are (1, height, width, channels) in the file and (1, channels, height, width) in the ONNX
graph; the order changes once at the input and where a picture is flattened.
"""

from collections.abc import Callable, Sequence

import numpy as np
import tflite
from numpy.typing import NDArray

from analysis.facemodels.errors import UnsupportedModelError
from analysis.facemodels.onnx_builder import OnnxBuilder
from analysis.facemodels.tflite_graph import Graph, Operator

INPUT = "image"
_TO_NCHW = (0, 3, 1, 2)
_TO_NHWC = (0, 2, 3, 1)
_DESCRIPTION = "Converted from a TensorFlow Lite file of MediaPipe (Apache License 2.0) by EchoDepth."


class Conversion:
    """A graph being rewritten: which ONNX value stands for which of its tensors."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.onnx = OnnxBuilder()
        self._values: dict[int, str] = {graph.inputs[0]: self.onnx.node("Transpose", [INPUT], perm=_TO_NCHW)}
        self._padded: dict[int, tuple[int, tuple[int, int, int, int]]] = {}

    def value(self, tensor: int) -> str:
        """Name of the ONNX value of an activation."""
        return self._values[tensor]

    def set(self, tensor: int, value: str) -> None:
        self._values[tensor] = value

    def defer_padding(self, tensor: int, source: int, pads: tuple[int, int, int, int]) -> None:
        """Let the convolution that reads `tensor` pad `source` by (top, left, bottom, right) itself."""
        self._padded[tensor] = (source, pads)

    def unpadded(self, tensor: int) -> tuple[int, tuple[int, int, int, int]]:
        """The tensor to read instead of `tensor`, and the padding to apply to it."""
        return self._padded.get(tensor, (tensor, (0, 0, 0, 0)))

    def shape(self, tensor: int) -> tuple[int, ...]:
        return self.graph.shapes[tensor]

    def finish(self, name: str) -> bytes:
        """The ONNX model with the file's outputs."""
        outputs = [self._output(tensor) for tensor in self.graph.outputs]
        return self.onnx.model(name, (INPUT, self.shape(self.graph.inputs[0])), outputs, _DESCRIPTION)

    def _output(self, tensor: int) -> tuple[str, tuple[int, ...]]:
        name, shape = self.graph.names[tensor], self.shape(tensor)
        if shape[:-1] == (1, 1, 1):
            shape = (1, shape[-1])
            self.onnx.node("Reshape", [self.value(tensor), self.onnx.integers(*shape)], name)
        elif _is_picture(shape):
            self.onnx.node("Transpose", [self.value(tensor)], name, perm=_TO_NHWC)
        else:
            self.onnx.node("Identity", [self.value(tensor)], name)
        return name, shape


def _activated(to: Conversion, operator: Operator, value: str) -> str:
    match operator.options["FusedActivationFunction"]:
        case tflite.ActivationFunctionType.NONE:
            return value
        case tflite.ActivationFunctionType.RELU:
            return to.onnx.node("Relu", [value])
        case other:
            raise UnsupportedModelError(what=f"activation {other}")


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Rows before and after, as TensorFlow pads so that the output has ceil(size / stride) rows."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def _window(to: Conversion, operator: Operator, kernel: tuple[int, int]) -> tuple[str, list[int], list[int]]:
    """Input, pads (top, left, bottom, right) and strides of a convolution or pooling."""
    source, pads = to.unpadded(operator.inputs[0])
    strides = [operator.options["StrideH"], operator.options["StrideW"]]
    if operator.options["Padding"] == tflite.Padding.SAME:
        _, height, width, _ = to.shape(operator.inputs[0])
        top, bottom = same_padding(height, kernel[0], strides[0])
        left, right = same_padding(width, kernel[1], strides[1])
        pads = (pads[0] + top, pads[1] + left, pads[2] + bottom, pads[3] + right)
    return to.value(source), list(pads), strides


def _convolve(to: Conversion, operator: Operator, weights: NDArray[np.float32], groups: int) -> None:
    if operator.options["DilationHFactor"] != 1 or operator.options["DilationWFactor"] != 1:
        raise UnsupportedModelError(what="dilated convolution")
    kernel = weights.shape[2:]
    source, pads, strides = _window(to, operator, (kernel[0], kernel[1]))
    bias = to.graph.constants[operator.inputs[2]]
    value = to.onnx.node(
        "Conv",
        [source, to.onnx.constant(weights), to.onnx.constant(bias)],
        group=groups,
        kernel_shape=kernel,
        pads=pads,
        strides=strides,
    )
    to.set(operator.output, _activated(to, operator, value))


def _convolution(to: Conversion, operator: Operator) -> None:
    _convolve(to, operator, to.graph.constants[operator.inputs[1]].transpose(_TO_NCHW), groups=1)


def _depthwise_convolution(to: Conversion, operator: Operator) -> None:
    weights = to.graph.constants[operator.inputs[1]].transpose(3, 0, 1, 2)
    channels = to.shape(operator.inputs[0])[-1]
    if weights.shape[0] != channels:
        raise UnsupportedModelError(what="depthwise convolution with a multiplier")
    _convolve(to, operator, weights, groups=channels)


def _max_pool(to: Conversion, operator: Operator) -> None:
    kernel = (operator.options["FilterHeight"], operator.options["FilterWidth"])
    source, pads, strides = _window(to, operator, kernel)
    value = to.onnx.node("MaxPool", [source], kernel_shape=kernel, pads=pads, strides=strides)
    to.set(operator.output, _activated(to, operator, value))


def _relu(to: Conversion, operator: Operator) -> None:
    to.set(operator.output, to.onnx.node("Relu", [to.value(operator.inputs[0])]))


def scale_channels(to: Conversion, value: str, factors: NDArray[np.float32]) -> str:
    """Multiply each channel by its factor, as a 1x1 depthwise convolution.

    Unlike Mul, onnxruntime keeps it in its blocked channel layout and fuses what follows.
    """
    weights = to.onnx.constant(factors.reshape(-1, 1, 1, 1))
    return to.onnx.node("Conv", [value, weights], group=factors.size, kernel_shape=[1, 1])


def _prelu(to: Conversion, operator: Operator) -> None:
    """PReLU(x) = x + (1 - a) relu(-x); onnxruntime's own operator takes several times as long."""
    source = to.value(operator.inputs[0])
    slopes = to.graph.constants[operator.inputs[1]].reshape(-1)
    negative = to.onnx.node("Relu", [scale_channels(to, source, np.full_like(slopes, -1))])
    to.set(operator.output, to.onnx.node("Add", [scale_channels(to, negative, 1 - slopes), source]))


def _pad(to: Conversion, operator: Operator) -> None:
    source = operator.inputs[0]
    before, after = to.graph.constants[operator.inputs[1]].T.tolist()
    if before[3] or before[0] or after[0]:
        raise UnsupportedModelError(what=f"padding {before} {after}")
    if after[3] == 0:
        to.defer_padding(operator.output, source, (before[1], before[2], after[1], after[2]))
    elif not any(before + after[:3]):
        to.set(operator.output, _append_channels(to, source, after[3]))
    else:
        raise UnsupportedModelError(what=f"padding {before} {after}")


def _append_channels(to: Conversion, source: int, count: int) -> str:
    """Append channels of zeros, as a 1x1 convolution for the same reason as `scale_channels`."""
    channels = to.shape(source)[-1]
    weights = np.eye(channels + count, channels, dtype=np.float32).reshape(channels + count, channels, 1, 1)
    return to.onnx.node("Conv", [to.value(source), to.onnx.constant(weights)], kernel_shape=[1, 1])


def _add(to: Conversion, operator: Operator) -> None:
    value = to.onnx.node("Add", [to.value(tensor) for tensor in operator.inputs])
    to.set(operator.output, _activated(to, operator, value))


def _multiply(to: Conversion, operator: Operator) -> None:
    """An activation times a constant of one element (the attention mesh scales landmarks so)."""
    factor = to.graph.constants[operator.inputs[1]]
    if factor.size != 1:
        raise UnsupportedModelError(what=f"multiplication by {factor.shape}")
    value = to.onnx.node("Mul", [to.value(operator.inputs[0]), to.onnx.constant(factor.reshape(1))])
    to.set(operator.output, _activated(to, operator, value))


def _is_picture(shape: Sequence[int]) -> bool:
    return len(shape) == 4


def _reshape(to: Conversion, operator: Operator) -> None:
    value, shape, wanted = (
        to.value(operator.inputs[0]),
        to.shape(operator.inputs[0]),
        to.shape(operator.output),
    )
    if _is_picture(wanted):
        if wanted[1:3] != (1, 1):
            raise UnsupportedModelError(what=f"reshape to {wanted}")
        wanted = (1, wanted[3], 1, 1)
    if _is_picture(shape) and shape[1:3] != (1, 1):
        value = to.onnx.node("Transpose", [value], perm=_TO_NHWC)
    to.set(operator.output, to.onnx.node("Reshape", [value, to.onnx.integers(*wanted)]))


def _concatenate(to: Conversion, operator: Operator) -> None:
    if _is_picture(to.shape(operator.output)):
        raise UnsupportedModelError(what="concatenation of pictures")
    values = [to.value(tensor) for tensor in operator.inputs]
    value = to.onnx.node("Concat", values, axis=operator.options["Axis"])
    to.set(operator.output, _activated(to, operator, value))


def _slice(to: Conversion, operator: Operator) -> None:
    """Only the slice that takes everything, which the attention mesh puts before an output."""
    if to.shape(operator.inputs[0]) != to.shape(operator.output):
        raise UnsupportedModelError(what=f"slice to {to.shape(operator.output)}")
    to.set(operator.output, to.value(operator.inputs[0]))


def _resize(to: Conversion, operator: Operator) -> None:
    if operator.options["AlignCorners"] or not operator.options["HalfPixelCenters"]:
        raise UnsupportedModelError(what="resize without half-pixel centres")
    _, height, width, channels = to.shape(operator.output)
    sizes = to.onnx.integers(1, channels, height, width)
    value = to.onnx.node(
        "Resize",
        [to.value(operator.inputs[0]), "", "", sizes],
        mode="linear",
        coordinate_transformation_mode="half_pixel",
    )
    to.set(operator.output, value)


def _depth_to_space(to: Conversion, operator: Operator) -> None:
    value = to.onnx.node(
        "DepthToSpace",
        [to.value(operator.inputs[0])],
        blocksize=operator.options["BlockSize"],
        mode="DCR",
    )
    to.set(operator.output, value)


Writer = Callable[[Conversion, Operator], None]

OPERATORS: dict[str, Writer] = {
    "ADD": _add,
    "CONCATENATION": _concatenate,
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _depthwise_convolution,
    "DEPTH_TO_SPACE": _depth_to_space,
    "MAX_POOL_2D": _max_pool,
    "MUL": _multiply,
    "PAD": _pad,
    "PRELU": _prelu,
    "RELU": _relu,
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize,
    "STRIDED_SLICE": _slice,
}
