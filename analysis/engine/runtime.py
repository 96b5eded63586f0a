"""Loads the prepared face networks and the built-in Action Unit network into onnxruntime."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import onnxruntime as ort

from analysis.engine.au_network import AUNetwork
from analysis.engine.errors import ModelMismatchError, ModelsMissingError
from analysis.engine.model_card import ENCODER, HEAD, WEIGHTS, ModelCard
from analysis.engine.result_types import ModelFact


@dataclass(frozen=True, slots=True)
class Network:
    """A network's name and the SHA-256 its ONNX file must have."""

    name: str
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.name}.onnx"


SHORT_RANGE = Network(
    "face_detection_short_range", "9e3847851bc0167e9a89b378264f9f83343f6e1735994222d2b7276d0e70fc6a"
)
FULL_RANGE = Network(
    "face_detection_full_range_sparse", "dc34aafe30d62069b0fa9116905312a5f684d13d460bdfbfefe5cecb82c5380d"
)
MESH = Network(
    "face_landmark_with_attention", "305990d885c6d83f38fd48911169bfe8f2417ba2bc04ef49c43f9bf22f6bf991"
)

NETWORKS: tuple[Network, ...] = (SHORT_RANGE, FULL_RANGE, MESH)
"""Of MediaPipe (Apache License 2.0), in the order of `FaceNetworks`; the contents are those
`analysis.facemodels` writes."""


@dataclass(frozen=True, slots=True)
class FaceNetworks:
    """The networks that find a face, ready to run; threads may share sessions, forked processes may not."""

    short_range: ort.InferenceSession
    """Image (1, 128, 128, 3) in -1 to 1; gives `regressors` (1, 896, 16), `classificators` (1, 896, 1)."""
    full_range: ort.InferenceSession
    """Image (1, 192, 192, 3) in -1 to 1; gives `Identity` (1, 2304, 16), `Identity_1` (1, 2304, 1)."""
    mesh: ort.InferenceSession
    """Image (1, 192, 192, 3) in 0 to 1; see `landmarks`."""


@dataclass(frozen=True, slots=True)
class Models(FaceNetworks):
    """All networks of an analysis."""

    action_units: AUNetwork
    facts: tuple[ModelFact, ...]


def load_models(folder: Path, threads: int = 1, weights: Path = WEIGHTS) -> Models:
    """Load the face networks from `folder`, the Action Unit network from `weights`; `threads` threads each.

    Raises ModelsMissingError when a file is absent, ModelMismatchError when one has another content.
    """
    faces, action_units = load_face_networks(folder, threads), load_au_network(weights, threads)
    facts = (*(ModelFact(network.name, network.sha256) for network in NETWORKS), *action_units.card.models)
    return Models(faces.short_range, faces.full_range, faces.mesh, action_units, facts)


def load_face_networks(folder: Path, threads: int = 1) -> FaceNetworks:
    """Load from `folder` what finds faces; it needs no Action Unit model. Raises as `load_models` does."""
    contents = {network: _verified(folder, network) for network in NETWORKS}
    return FaceNetworks(*(_session(contents[network], threads) for network in NETWORKS))


def load_au_network(folder: Path = WEIGHTS, threads: int = 1, card: ModelCard | None = None) -> AUNetwork:
    """Load the Action Unit network and its card from `folder`; raises as `ModelCard.load` does.

    `card` stands in for the folder's while a model is measured that has none of its own yet.
    """
    return AUNetwork(
        card=card or ModelCard.load(folder),
        encoder=_session((folder / ENCODER).read_bytes(), threads),
        head=_session((folder / HEAD).read_bytes(), threads),
    )


def _verified(folder: Path, network: Network) -> bytes:
    path = folder / network.file_name
    if not path.is_file():
        raise ModelsMissingError(folder=str(folder))
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != network.sha256:
        raise ModelMismatchError(name=network.name)
    return content


def _session(content: bytes, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    # A waiting thread must not burn the processor time of the workers beside it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
