"""From the .tflite file of a face network to ONNX."""

from analysis.facemodels.attention import ATTENTION_OPERATORS
from analysis.facemodels.errors import UnsupportedModelError
from analysis.facemodels.operators import OPERATORS, Conversion
from analysis.facemodels.tflite_graph import Graph, read_graph

_WRITERS = OPERATORS | ATTENTION_OPERATORS


def convert(content: bytes, name: str) -> bytes:
    """ONNX bytes that compute what the .tflite bytes compute; the same bytes every time.

    The input is called `image`; outputs keep their names. Shapes are the file's, pictures being
    (1, height, width, channels), but for outputs that are one-pixel pictures: those are (1, n).
    Raises UnsupportedModelError on an operator, or a use of one, that is not known.
    """
    return write(read_graph(content), name)


def write(graph: Graph, name: str) -> bytes:
    """As `convert`, from a graph that was read."""
    conversion = Conversion(graph)
    for operator in graph.operators:
        if operator.kind not in _WRITERS:
            raise UnsupportedModelError(what=operator.kind)
        _WRITERS[operator.kind](conversion, operator)
    return conversion.finish(name)
