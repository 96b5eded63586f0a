"""Makes reference.npz with the interpreters the networks were published for.

Not part of the suite: it needs packages that clash with the product's. In a virtual
environment of its own (Python 3.11), from the repository root:

    pip install mediapipe==0.10.21 ai-edge-litert==2.3.0 scikit-image
    python -m tests.analysis.facemodels.make_reference

The detectors run in LiteRT. The mesh needs MediaPipe's own operators and therefore runs in
a graph of MediaPipe's inference calculator. The landmarks of the astronaut are those of
MediaPipe's FaceMesh (static picture, refined), with the detection that it started from.
"""

from pathlib import Path

import mediapipe as mp
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from mediapipe.python import packet_creator, packet_getter
from mediapipe.python._framework_bindings import resource_util
from skimage import data

from tests.analysis.facemodels.inputs import FAR, NEAR, STRIDE, detector_inputs, mesh_inputs

ROOT = Path(mp.__file__).parent.parent
MODELS = "mediapipe/modules"
DETECTORS = {
    "near": (f"{MODELS}/face_detection/face_detection_short_range.tflite", NEAR),
    "far": (f"{MODELS}/face_detection/face_detection_full_range_sparse.tflite", FAR),
}
MESH = f"{MODELS}/face_landmark/face_landmark_with_attention.tflite"
MESH_OUTPUTS = ("mesh", "lips", "left_eye", "right_eye", "left_iris", "right_iris", "flag")


def detector_outputs() -> dict[str, np.ndarray]:
    outputs = {}
    for name, (path, size) in DETECTORS.items():
        interpreter = Interpreter(str(ROOT / path), num_threads=1)
        interpreter.allocate_tensors()
        for kind, tensor in detector_inputs(size).items():
            interpreter.set_tensor(interpreter.get_input_details()[0]["index"], tensor)
            interpreter.invoke()
            for detail in interpreter.get_output_details():
                value = interpreter.get_tensor(detail["index"])
                outputs[f"{name}/{kind}/{value.shape[-1]}"] = value[0, ::STRIDE]
    return outputs


def mesh_graph() -> str:
    numbers = range(len(MESH_OUTPUTS))
    streams = " ".join(f'output_stream: "part{n}"' for n in numbers)
    ranges = " ".join(f"ranges {{ begin: {n} end: {n + 1} }}" for n in numbers)
    floats = "".join(
        f'output_stream: "floats{n}" node {{ calculator: "TensorsToFloatsCalculator" '
        f'input_stream: "TENSORS:part{n}" output_stream: "FLOATS:floats{n}" }}\n'
        for n in numbers
    )
    return f"""
input_stream: "image"
node {{ calculator: "ImageToTensorCalculator" input_stream: "IMAGE:image" output_stream: "TENSORS:input"
  options {{ [mediapipe.ImageToTensorCalculatorOptions.ext] {{
    output_tensor_width: 192 output_tensor_height: 192 output_tensor_float_range {{ min: 0 max: 1 }} }} }} }}
node {{ calculator: "TfLiteCustomOpResolverCalculator" output_side_packet: "OP_RESOLVER:operators"
  options {{ [mediapipe.TfLiteCustomOpResolverCalculatorOptions.ext] {{ use_gpu: false }} }} }}
node {{ calculator: "InferenceCalculatorCpu" input_stream: "TENSORS:input" output_stream: "TENSORS:output"
  input_side_packet: "OP_RESOLVER:operators"
  options {{ [mediapipe.InferenceCalculatorOptions.ext] {{
    model_path: "{MESH}" delegate {{ tflite {{}} }} }} }} }}
node {{ calculator: "SplitTensorVectorCalculator" input_stream: "output" {streams}
  options {{ [mediapipe.SplitVectorCalculatorOptions.ext] {{ {ranges} }} }} }}
{floats}"""


def mesh_outputs() -> dict[str, np.ndarray]:
    outputs = {}
    for kind, picture in mesh_inputs().items():
        graph = mp.CalculatorGraph(graph_config=mesh_graph())
        for number, name in enumerate(MESH_OUTPUTS):
            graph.observe_output_stream(
                f"floats{number}",
                lambda _, packet, key=f"mesh/{kind}/{name}": outputs.__setitem__(
                    key, np.array(packet_getter.get_float_list(packet), np.float32)
                ),
            )
        graph.start_run()
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)
        graph.add_packet_to_input_stream("image", packet_creator.create_image(image).at(0))
        graph.close_all_packet_sources()
        graph.wait_until_done()
    return outputs


def astronaut() -> dict[str, np.ndarray]:
    picture = data.astronaut()
    height, width = picture.shape[:2]
    with mp.solutions.face_detection.FaceDetection(model_selection=0) as detector:
        face = detector.process(picture).detections[0]
    with mp.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as landmarker:
        landmarks = landmarker.process(picture).multi_face_landmarks[0].landmark
    box, keypoints = face.location_data.relative_bounding_box, face.location_data.relative_keypoints
    return {
        "astronaut/points": np.array(
            [[p.x * width, p.y * height, p.z * width] for p in landmarks], np.float32
        ),
        "astronaut/box": np.array(
            [box.xmin * width, box.ymin * height, box.width * width, box.height * height], np.float32
        ),
        "astronaut/keypoints": np.array([[p.x * width, p.y * height] for p in keypoints], np.float32),
        "astronaut/score": np.float32(face.score[0]),
    }


if __name__ == "__main__":
    resource_util.set_resource_dir(str(ROOT))
    np.savez_compressed(
        Path(__file__).with_name("reference.npz"), **detector_outputs(), **mesh_outputs(), **astronaut()
    )
