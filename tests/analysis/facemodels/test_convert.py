"""The written networks against the interpreters they were published for (see make_reference.py)."""

import numpy as np
import pytest

from analysis.facemodels.convert import write
from analysis.facemodels.errors import UnsupportedModelError
from analysis.facemodels.tflite_graph import Operator
from tests.analysis.facemodels.graphs import small_graph
from tests.analysis.facemodels.inputs import FAR, NEAR, STRIDE, detector_inputs, mesh_inputs
from tests.analysis.facemodels.reference import REFERENCE

TOLERANCE = 1e-3
"""Network units: pixels of the crop, or logits."""

DETECTORS = [("near", "short_range", NEAR), ("far", "full_range", FAR)]
MESH_OUTPUTS = {
    "output_mesh_identity": "mesh",
    "output_lips": "lips",
    "output_left_eye": "left_eye",
    "output_right_eye": "right_eye",
    "output_left_iris": "left_iris",
    "output_right_iris": "right_iris",
    "conv_faceflag": "flag",
}


@pytest.mark.parametrize("kind", ["noise", "portrait"])
@pytest.mark.parametrize(("name", "attribute", "size"), DETECTORS, ids=["near", "far"])
def test_detectors_match_the_reference_interpreter(models, name, attribute, size, kind):
    outputs = getattr(models, attribute).run(None, {"image": detector_inputs(size)[kind]})

    assert sorted(output.shape[-1] for output in outputs) == [1, 16]
    for output in outputs:
        np.testing.assert_allclose(
            output[0, ::STRIDE], REFERENCE[f"{name}/{kind}/{output.shape[-1]}"], rtol=0, atol=TOLERANCE
        )


@pytest.mark.parametrize("kind", ["noise", "portrait", "half a face", "mouth at the edge", "lying"])
def test_the_mesh_matches_the_reference_graph(models, kind):
    image = mesh_inputs()[kind][None].astype(np.float32) / 255

    outputs = models.mesh.run(list(MESH_OUTPUTS), {"image": image})

    for output, name in zip(outputs, MESH_OUTPUTS.values(), strict=True):
        expected = REFERENCE[f"mesh/{kind}/{name}"]
        assert output.shape == (1, expected.size)
        np.testing.assert_allclose(output[0], expected, rtol=0, atol=TOLERANCE, err_msg=name)


def test_an_operator_nobody_wrote_is_named():
    graph = small_graph([Operator("SOFTMAX", (0,), 1, {})], {0: (1, 2, 2, 1), 1: (1, 2, 2, 1)})

    with pytest.raises(UnsupportedModelError) as caught:
        write(graph, "small")

    assert caught.value.facts == {"what": "SOFTMAX"}


def test_the_same_graph_gives_the_same_bytes():
    graph = small_graph([Operator("RELU", (0,), 1, {})], {0: (1, 2, 2, 1), 1: (1, 2, 2, 1)})

    assert write(graph, "small") == write(graph, "small")
