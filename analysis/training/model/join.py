"""Several trained models as one: every member's answer, averaged.

Members that learned from other people, or in another order, err apart from each other, and most where real
faces are unlike rendered ones; their mean errs less than either. Weights are kept in half precision, which
changes an intensity by less than a thousandth of its scale.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, compose, helper, numpy_helper

from analysis.engine.action_units import AU_COUNT
from analysis.engine.model_card import CARD, ENCODER, FORMAT, HEAD
from analysis.training.errors import TrainingError

_SHARED = ("landmarks", "neutral_landmarks", "pose", "neutral_pose")
_CODES = ("code", "neutral_code")
_LARGE = 1024
"""Numbers from which a weight is worth keeping in half precision."""


def join(members: list[Path], out: Path) -> dict[str, Any]:
    """Write both networks and their card to `out`; returns the card, which has no accuracy yet.

    `members` are folders as `train` writes them, of data of one seed: no member may have learned from people
    that another one is tested on. Raises TrainingError where there are fewer than two, or seeds differ.
    """
    cards = [json.loads((folder / CARD).read_text(encoding="utf-8")) for folder in members]
    if len(members) < 2 or len({card["training"]["data"]["seed"] for card in cards}) > 1:
        raise TrainingError("Two models or more can be joined, of one seed's data.")
    out.mkdir(parents=True, exist_ok=True)
    codes = [int(card["inputs"]["code"]) for card in cards]
    networks = {
        ENCODER: _encoder([onnx.load(folder / ENCODER) for folder in members]),
        HEAD: _head([onnx.load(folder / HEAD) for folder in members], codes),
    }
    files = {}
    for name, network in networks.items():
        onnx.checker.check_model(network)
        content = network.SerializeToString(deterministic=True)
        (out / name).write_bytes(content)
        files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    card = _card(cards, files, sum(codes))
    (out / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def _card(cards: list[dict[str, Any]], files: dict[str, Any], code: int) -> dict[str, Any]:
    """People and data are those of the member that saw most; `members` holds what each one says."""
    training = [card["training"] for card in cards]
    most = max(training, key=lambda one: int(one["people"]))
    return {
        "format": FORMAT,
        "files": files,
        "inputs": cards[0]["inputs"] | {"code": code},
        "name": cards[0]["name"],
        "version": cards[0]["version"],
        "training": {key: most[key] for key in ("data", "frames", "people")}
        | {"command": "python -m analysis.training join", "members": training},
    }


def _encoder(members: list[ModelProto]) -> ModelProto:
    graphs = [_own(member, number, keep=("crop",)) for number, member in enumerate(members)]
    codes = [graph.output[0].name for graph in graphs]
    return _model(
        members[0], graphs, [helper.make_node("Concat", codes, ["code"], axis=1)], {"code": ("n", None)}
    )


def _head(members: list[ModelProto], codes: list[int]) -> ModelProto:
    graphs = [_own(member, number, keep=_SHARED) for number, member in enumerate(members)]
    sizes = numpy_helper.from_array(np.array(codes, np.int64), "code_sizes")
    split = [
        helper.make_node("Split", [name, "code_sizes"], [f"m{k}/{name}" for k in range(len(members))], axis=1)
        for name in _CODES
    ]
    intensity, spread, visibility = ([graph.output[i].name for graph in graphs] for i in range(3))
    nodes = [*_mean(intensity, "intensity"), *_mean(visibility, "visibility"), *_spread(intensity, spread)]
    made = _model(
        members[0], graphs, nodes, dict.fromkeys(("intensity", "spread", "visibility"), ("n", AU_COUNT, 2))
    )
    wide = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", sum(codes)]) for name in _CODES
    }
    told = [one for one in made.graph.input if "/" not in one.name] + list(wide.values())
    del made.graph.input[:]
    made.graph.input.extend(told)
    made.graph.initializer.append(sizes)
    for node in reversed(split):
        made.graph.node.insert(0, node)
    return made


def _mean(names: list[str], output: str) -> list[NodeProto]:
    return [helper.make_node("Mean", names, [output])]


def _spread(intensity: list[str], spread: list[str]) -> list[NodeProto]:
    """Standard deviation of the members taken together: their own variances, and how far they are apart."""
    nodes = []
    for k, (mean, deviation) in enumerate(zip(intensity, spread, strict=True)):
        nodes += [
            helper.make_node("Sub", [mean, "intensity"], [f"apart{k}"]),
            helper.make_node("Mul", [f"apart{k}", f"apart{k}"], [f"between{k}"]),
            helper.make_node("Mul", [deviation, deviation], [f"within{k}"]),
            helper.make_node("Add", [f"between{k}", f"within{k}"], [f"variance{k}"]),
        ]
    nodes += _mean([f"variance{k}" for k in range(len(spread))], "variance")
    return [*nodes, helper.make_node("Sqrt", ["variance"], ["spread"])]


def _own(member: ModelProto, number: int, keep: tuple[str, ...]) -> GraphProto:
    """The member's graph under names of its own, but for the inputs that all members share."""
    graph = compose.add_prefix_graph(member.graph, f"m{number}/")
    for node in graph.node:
        for i, name in enumerate(node.input):
            if name.removeprefix(f"m{number}/") in keep:
                node.input[i] = name.removeprefix(f"m{number}/")
    for one in graph.input:
        if one.name.removeprefix(f"m{number}/") in keep:
            one.name = one.name.removeprefix(f"m{number}/")
    return _halved(graph)


def _halved(graph: GraphProto) -> GraphProto:
    """With large weights in half precision, made whole again when the network is loaded."""
    for weight in graph.initializer:
        if weight.data_type == TensorProto.FLOAT and int(np.prod(weight.dims)) >= _LARGE:
            name = weight.name
            small = numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f"{name}/half")
            weight.CopyFrom(small)
            graph.node.insert(0, helper.make_node("Cast", [f"{name}/half"], [name], to=TensorProto.FLOAT))
    return graph


def _model(
    like: ModelProto,
    graphs: list[GraphProto],
    nodes: list[NodeProto],
    outputs: dict[str, tuple[str | int | None, ...]],
) -> ModelProto:
    inputs = {one.name: one for graph in graphs for one in graph.input}
    graph = helper.make_graph(
        [node for one in graphs for node in one.node] + nodes,
        "joined",
        list(inputs.values()),
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        [weight for one in graphs for weight in one.initializer],
    )
    return helper.make_model(graph, opset_imports=like.opset_import, ir_version=like.ir_version)
