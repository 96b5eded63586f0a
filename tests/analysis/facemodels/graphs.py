"""Networks of one or a few operators, run through the converter and onnxruntime."""

import numpy as np
import onnxruntime as ort

from analysis.facemodels.convert import write
from analysis.facemodels.tflite_graph import Graph, Operator


def small_graph(
    operators: list[Operator],
    shapes: dict[int, tuple[int, ...]],
    constants: dict[int, np.ndarray] | None = None,
) -> Graph:
    """From tensor 0 to the last operator's output."""
    output = operators[-1].output
    return Graph((0,), (output,), {output: "output"}, shapes, tuple(operators), constants or {})


def run(graph: Graph, image: np.ndarray) -> np.ndarray:
    session = ort.InferenceSession(write(graph, "small"), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": image.astype(np.float32)})[0]
