"""The trained network as two ONNX files, and a JSON that says what they are."""

import hashlib
import io
import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from analysis.engine.crops import SIDE
from analysis.engine.model_card import CARD, ENCODER, FORMAT, HEAD
from analysis.engine.types import F32, LANDMARKS
from analysis.training.model.network import CODE, Head
from analysis.training.model.train import Network

_OPSET = 17
_INPUTS = {"crop_pixels": SIDE, "code": CODE, "landmarks": LANDMARKS}
_HEAD_INPUTS = ("landmarks", "neutral_landmarks", "pose", "neutral_pose", "code", "neutral_code")
_HEAD_OUTPUTS = ("intensity", "spread", "visibility")


class _Finished(nn.Module):
    """The head with its outputs as they are used: 0-5, standard deviations, shares."""

    share: Tensor

    def __init__(self, head: Head, shares: F32) -> None:
        """`shares` (44,) of landmarks alone, see `calibrate`."""
        super().__init__()
        self.head = head
        self.register_buffer("share", torch.from_numpy(shares)[:, None])

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        *told, code, neutral_code = inputs
        intensity, spread, visibility = self.head(*told, code, neutral_code)
        alone = self.head(*told, torch.zeros_like(code), torch.zeros_like(neutral_code))[0]
        both = (1 - self.share) * intensity.clamp(0, 5) + self.share * alone.clamp(0, 5)
        return both, (spread / 2).exp(), torch.sigmoid(visibility)


@dataclass(frozen=True, slots=True)
class Exported:
    name: str
    sha256: str
    size: int
    """Bytes."""


def export(network: Network, folder: Path, facts: dict[str, object], shares: F32) -> list[Exported]:
    """Write both files and the card, which holds `facts` beside hashes and sizes, and no accuracy yet."""
    folder.mkdir(parents=True, exist_ok=True)
    network.train(on=False)
    crop = torch.zeros(2, SIDE, SIDE)
    shapes = [(LANDMARKS, 3)] * 2 + [(3,)] * 2 + [(CODE,)] * 2
    inputs = tuple(torch.zeros(2, *shape) for shape in shapes)
    written = [
        _write(network.encoder, (crop,), ("crop",), ("code",), folder / ENCODER),
        _write(_Finished(network.head, shares), inputs, _HEAD_INPUTS, _HEAD_OUTPUTS, folder / HEAD),
    ]
    files = {file.name: {"sha256": file.sha256, "bytes": file.size} for file in written}
    (folder / CARD).write_text(
        json.dumps({"format": FORMAT, "files": files, "inputs": _INPUTS, **facts}, indent=1) + "\n"
    )
    return written


def _write(
    module: nn.Module,
    inputs: tuple[Tensor, ...],
    names: tuple[str, ...],
    outputs: tuple[str, ...],
    path: Path,
) -> Exported:
    content = io.BytesIO()
    with warnings.catch_warnings():
        # The newer exporter needs a further package; this one is only no longer the default.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            module.eval(),
            inputs,
            content,
            input_names=list(names),
            output_names=list(outputs),
            dynamic_axes={name: {0: "n"} for name in (*names, *outputs)},
            opset_version=_OPSET,
            dynamo=False,
        )
    data = content.getvalue()
    path.write_bytes(data)
    return Exported(path.name, hashlib.sha256(data).hexdigest(), len(data))
