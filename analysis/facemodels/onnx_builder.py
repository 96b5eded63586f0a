"""Writes an ONNX graph node by node, with the same bytes every time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
"""Both old enough for every onnxruntime of the last years; GridSample needs opset 16."""


class OnnxBuilder:
    """Collects nodes and constants; `model` puts them together."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        self._by_content: dict[tuple[str, tuple[int, ...], bytes], str] = {}

    def constant(self, values: NDArray[Any]) -> str:
        """Name of a constant with these values; equal ones are stored once."""
        values = np.ascontiguousarray(values)
        key = (values.dtype.str, values.shape, values.tobytes())
        if key not in self._by_content:
            name = f"c{len(self._by_content)}"
            self._by_content[key] = name
            self._constants[name] = numpy_helper.from_array(values, name)
        return self._by_content[key]

    def floats(self, *values: float) -> str:
        return self.constant(np.array(values, np.float32))

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def node(self, kind: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        """Add a node with one output and return that output's name (made up unless given)."""
        output = output or f"{kind.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def model(
        self,
        name: str,
        input_shape: tuple[str, Sequence[int]],
        outputs: Sequence[tuple[str, Sequence[int]]],
        description: str,
    ) -> bytes:
        """The serialised model: one float32 input and float32 outputs, as (name, shape)."""
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info(input_shape[0], TensorProto.FLOAT, input_shape[1])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape) for output, shape in outputs],
            list(self._constants.values()),
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="echodepth",
            doc_string=description,
        )
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
