"""From the .tflite file of a face network to ONNX."""

from analysis.facemodels.attention import ATTENTION_OPERATORS
from analysis.facemodels.errors import UnsupportedModelError
from analysis.facemodels.operators import OPERATORS, Conversion
from analysis.facemodels.tflite_graph import read_graph

_WRITERS = OPERATORS | ATTENTION_OPERATORS


def convert(content: bytes, name: str) -> bytes:
    """ONNX bytes that compute what the .tflite bytes compute; the same bytes every time.

    The input keeps its name-less picture layout, (1, height, width, 3) float32, and is called
    `image`; outputs keep their names and element order, flattened to (1, n) where the file
    gives them as a one-pixel picture. Raises UnsupportedModelError on an operator that is not known.
    """
    conversion = Conversion(read_graph(content))
    for operator in conversion.graph.operators:
        if operator.kind not in _WRITERS:
            raise UnsupportedModelError(what=operator.kind)
        _WRITERS[operator.kind](conversion, operator)
    return conversion.finish(name)
