"""A .tflite file read into plain values, with its constants unpacked to float32.

The format's own schema (generated classes in the package `tflite`) is touched here and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tflite
from flatbuffers import flexbuffers
from numpy.typing import NDArray

from analysis.facemodels.errors import UnsupportedModelError
from analysis.facemodels.sparse import densify

Array = NDArray[Any]

_DTYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
_NAMES = {number: name for name, number in vars(tflite.BuiltinOperator).items() if isinstance(number, int)}
_OPTIONS: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "ADD": (tflite.AddOptions, ("FusedActivationFunction",)),
    "CONCATENATION": (tflite.ConcatenationOptions, ("Axis", "FusedActivationFunction")),
    "CONV_2D": (
        tflite.Conv2DOptions,
        ("Padding", "StrideH", "StrideW", "DilationHFactor", "DilationWFactor", "FusedActivationFunction"),
    ),
    "DEPTHWISE_CONV_2D": (
        tflite.DepthwiseConv2DOptions,
        ("Padding", "StrideH", "StrideW", "DilationHFactor", "DilationWFactor", "FusedActivationFunction"),
    ),
    "DEPTH_TO_SPACE": (tflite.DepthToSpaceOptions, ("BlockSize",)),
    "MAX_POOL_2D": (
        tflite.Pool2DOptions,
        ("Padding", "StrideH", "StrideW", "FilterHeight", "FilterWidth", "FusedActivationFunction"),
    ),
    "MUL": (tflite.MulOptions, ("FusedActivationFunction",)),
    "RESIZE_BILINEAR": (tflite.ResizeBilinearOptions, ("AlignCorners", "HalfPixelCenters")),
}
_UNPACKED = frozenset({"DEQUANTIZE", "DENSIFY"})


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator that works on activations; `kind` is its TensorFlow Lite name, or a custom operator's."""

    kind: str
    inputs: tuple[int, ...]
    output: int
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Graph:
    """Operators in order of execution, over tensors known by number."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    names: dict[int, str]
    shapes: dict[int, tuple[int, ...]]
    """As the file has them: pictures are (1, height, width, channels)."""
    operators: tuple[Operator, ...]
    constants: dict[int, Array] = field(repr=False)
    """Weights as float32 (also those stored as half floats or sparse), shapes and pads as int32."""


def read_graph(content: bytes) -> Graph:
    """Read a .tflite file of one subgraph.

    Raises UnsupportedModelError on a tensor type that is not float32, float16 or int32.
    """
    model = tflite.Model.GetRootAsModel(content, 0)
    subgraph = model.Subgraphs(0)
    tensors = {number: subgraph.Tensors(number) for number in range(subgraph.TensorsLength())}
    shapes = {
        number: tuple(tensor.ShapeAsNumpy().tolist()) if tensor.ShapeLength() else ()
        for number, tensor in tensors.items()
    }
    constants = _stored_constants(model, tensors, shapes)
    operators = []
    for position in range(subgraph.OperatorsLength()):
        operator = _operator(model, subgraph.Operators(position))
        if operator.kind in _UNPACKED:
            constants[operator.output] = constants[operator.inputs[0]].astype(np.float32)
        else:
            operators.append(operator)
    return Graph(
        inputs=tuple(subgraph.InputsAsNumpy().tolist()),
        outputs=tuple(subgraph.OutputsAsNumpy().tolist()),
        names={number: tensor.Name().decode() for number, tensor in tensors.items()},
        shapes=shapes,
        operators=tuple(operators),
        constants=constants,
    )


def _stored_constants(
    model: Any, tensors: dict[int, Any], shapes: dict[int, tuple[int, ...]]
) -> dict[int, Array]:
    constants: dict[int, Array] = {}
    for number, tensor in tensors.items():
        buffer = model.Buffers(tensor.Buffer())
        if not buffer.DataLength():
            continue
        if tensor.Type() not in _DTYPES:
            raise UnsupportedModelError(what=f"tensor type {tensor.Type()}")
        values = np.frombuffer(buffer.DataAsNumpy().tobytes(), dtype=_DTYPES[tensor.Type()])
        sparsity = tensor.Sparsity()
        constants[number] = (
            values.reshape(shapes[number]) if sparsity is None else densify(values, shapes[number], sparsity)
        )
    return constants


def _operator(model: Any, stored: Any) -> Operator:
    code = model.OperatorCodes(stored.OpcodeIndex())
    # Files from before the code outgrew one byte keep it in the deprecated field.
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    if number == tflite.BuiltinOperator.CUSTOM:
        kind = f"{code.CustomCode().decode()} v{code.Version()}"
        options = _custom_options(stored)
    else:
        kind = _NAMES[number]
        options = _builtin_options(kind, stored)
    return Operator(kind, tuple(stored.InputsAsNumpy().tolist()), int(stored.Outputs(0)), options)


def _custom_options(stored: Any) -> dict[str, Any]:
    if not stored.CustomOptionsLength():
        return {}
    return dict(flexbuffers.Loads(bytearray(stored.CustomOptionsAsNumpy().tobytes())))


def _builtin_options(kind: str, stored: Any) -> dict[str, Any]:
    if kind not in _OPTIONS:
        return {}
    options_class, fields = _OPTIONS[kind]
    options = options_class()
    table = stored.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    return {name: getattr(options, name)() for name in fields}
