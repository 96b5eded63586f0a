"""Everything measured of a model, as the card holds it."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from analysis.engine.action_units import AU_INDEX, AU_NUMBERS
from analysis.engine.errors import ModelsMissingError
from analysis.engine.model_card import CARD, ENCODER, HEAD, ModelCard
from analysis.engine.runtime import Models, load_models
from analysis.engine.types import F32
from analysis.training.errors import TrainingError
from analysis.training.evaluation import bars, calm, real, spreads, synthetic, timed
from analysis.training.evaluation.composition import composition
from analysis.training.evaluation.fairness import groups
from analysis.training.evaluation.reading import read
from analysis.training.evaluation.scores import Score, score
from analysis.training.generator import dataset
from analysis.training.generator.dataset import FRAMES_A_SHARD, Order, Part

Card = dict[str, Any]
SETS = (Part.VALIDATION, Part.TEST)
_SHARDS_A_SET = 10
"""Of so many shards one is of each set that training does not see."""
_FILMS_A_CALM_PERSON = 6
_TWINS = "twins"
"""Folder of their films, in that of the dataset."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be measured, and where its parts are."""

    weights: Path
    """Folder of the ONNX files and their card."""
    networks: Path
    """Folder of the face networks."""
    data: Path
    """A dataset; what it lacks is made."""
    frames: int
    """Rendered frames of each of the two sets that are read."""
    films: int
    clips: Path
    references: Path
    command: str

    say: Callable[[str], None]
    """Told what is being done."""
    twins: int = 8
    """People who are filmed as twins of themselves."""
    workers: int = 1
    """Processes that render and analyse them."""


def card_of(weights: Path) -> Card:
    """The card as it stands, with or without accuracy; raises ModelsMissingError where there is none."""
    path = weights / CARD
    if not path.is_file():
        raise ModelsMissingError(folder=str(weights))
    card: Card = json.loads(path.read_text(encoding="utf-8"))
    return card


def measured(asked: Asked, parts: frozenset[str]) -> Card:
    """The card with its accuracy measured anew, in the parts asked for: `synthetic`, `real`, `fairness`.

    The others stay where they were measured on the same weights, and are empty where they were not. Raises
    TrainingError where rig, dataset or clips are wanted and absent.
    """
    card = _kept(card_of(asked.weights))
    if "synthetic" in parts:
        card = _on_rendered(asked, card)
    if "real" in parts:
        card = _on_recordings(asked, card)
    if "fairness" in parts:
        card = _on_twins(asked, card)
    accuracy = card["accuracy"] | {
        "measured": datetime.now(UTC).date().isoformat(),
        "command": asked.command,
        "files": _hashes(card),
    }
    card = card | {"accuracy": accuracy}
    return card | {"accuracy": accuracy | {"bars": bars.bars(card), "not_measured": [*bars.NOT_MEASURED]}}


def _hashes(card: Card) -> dict[str, str]:
    return {name: str(file["sha256"]) for name, file in card["files"].items()}


def _kept(card: Card) -> Card:
    """The card with what was measured on its very weights, and on no others."""
    accuracy = card.get("accuracy", {})
    if accuracy.get("files") != _hashes(card):
        accuracy = {"synthetic": {}, "real": {"clips": {}}}
    return card | {"accuracy": {"fairness": {}} | accuracy}


def _on_rendered(asked: Asked, card: Card) -> Card:
    """Grades, bands, terms of the spread, composition: all that needs the rig."""
    seed = _dataset(asked, int(card["training"]["data"]["seed"]))
    asked.say("Reading people of the validation set")
    terms = spreads.fitted(read(asked.data, asked.weights, Part.VALIDATION, asked.frames))
    asked.say("Reading people of the test set")
    reading = spreads.believed(read(asked.data, asked.weights, Part.TEST, asked.frames), terms)
    card = card | {
        "spread_terms": _written(terms),
        "composition": composition(int(card["training"]["data"]["seed"]), int(card["training"]["people"])),
    }
    shown = synthetic.printed(reading)
    units = synthetic.units(shown)
    asked.say(f"Filming {asked.films} people who blink, wink and shut their eyes")
    with _loaded(asked, card, units) as models:
        filmed = list(timed.films(asked.films, models))
        asked.say("Filming people who show nothing")
        alarms = calm.false_alarms(max(1, asked.films // _FILMS_A_CALM_PERSON), models)
    units |= timed.units(filmed)
    found = {
        "people": len(np.unique(reading.person)),
        "frames": len(reading.truth),
        "seed": seed,
        "command": asked.command,
        "action_units": {str(au): units[au].facts() for au in AU_NUMBERS},
        "sides": {str(au): one.facts() for au, one in synthetic.sides(reading).items()},
        "bands": synthetic.bands(shown, reading),
        "visibility": synthetic.visibility(reading),
        "timed": _timed(filmed),
        "calm": alarms,
    }
    return card | {"accuracy": card["accuracy"] | {"synthetic": found}}


def _written(terms: F32) -> dict[str, list[float]]:
    return {str(au): [round(float(term), 4) for term in terms[AU_INDEX[au]]] for au in AU_NUMBERS}


def _dataset(asked: Asked, trained: int) -> int:
    """The seed of the dataset; what it lacks of the two sets is made first.

    Where there is none it is made with the seed of the training data, so that the same command measures on
    the same people wherever it runs.
    """
    present = (asked.data / dataset.MANIFEST).is_file()
    seed = int(str(dataset.manifest(asked.data)["seed"])) if present else trained
    wanted = max(1, asked.frames // FRAMES_A_SHARD)
    finished = [dataset.part_of(number) for number in dataset.finished(asked.data)]
    if min(finished.count(part) for part in SETS) < wanted:
        asked.say(f"Rendering {wanted * FRAMES_A_SHARD} frames of each of two sets")
        frames = wanted * _SHARDS_A_SET * FRAMES_A_SHARD
        dataset.generate(Order(asked.data, seed, frames, asked.networks), parts=SETS)
    return seed


def _timed(filmed: list[timed.Filmed]) -> dict[str, Any]:
    """Of the films: how many, their frames, and how many of the shown closings are found."""
    shown = {str(au): {"shown": shown, "found": found} for au, (shown, found) in timed.events(filmed).items()}
    return {"films": len(filmed), "frames": sum(len(one.time) for one in filmed), "events": shown}


def _on_recordings(asked: Asked, card: Card) -> Card:
    """Agreement with other systems on real people."""
    _graded(card)
    asked.say("Analysing the clips")
    clips = {}
    with _loaded(asked, card, {}) as models:
        for one in real.analysed(asked.clips, asked.references, models):
            clips[one.clip.name] = real.facts(one)
    return card | {"accuracy": card["accuracy"] | {"real": {"command": asked.command, "clips": clips}}}


def _on_twins(asked: Asked, card: Card) -> Card:
    """Errors and signals of the same people, but for one thing."""
    _graded(card)
    with _standing(asked, card, {}) as weights:
        filmed = groups.films(
            asked.twins, asked.data / _TWINS, asked.networks, weights, asked.workers, asked.say
        )
        found = groups.facts(filmed, ModelCard.load(weights).weak)
    return card | {"accuracy": card["accuracy"] | {"fairness": {"command": asked.command} | found}}


def _graded(card: Card) -> None:
    if not card["accuracy"]["synthetic"]:
        raise TrainingError("Rendered people come first: the product loads no model without grades.")


@contextmanager
def _loaded(asked: Asked, card: Card, units: dict[int, Score]) -> Iterator[Models]:
    """The model as it stands."""
    with _standing(asked, card, units) as weights:
        yield load_models(asked.networks, weights=weights)


@contextmanager
def _standing(asked: Asked, card: Card, units: dict[int, Score]) -> Iterator[Path]:
    """A folder of the model with what is known so far; Action Units that `units` lacks as the card has them.

    The product loads no model without figures for all AUs. Those that are not measured yet stand at zero
    here: grades shape no number of the frame table.
    """
    known = card["accuracy"]["synthetic"].get("action_units", {})
    nothing = score(*(np.zeros(0, np.float32) for _ in range(3)))
    figures = {
        str(au): units[au].facts() if au in units else known.get(str(au), nothing.facts())
        for au in AU_NUMBERS
    }
    synthetic_part = {"people": 0, "frames": 0, "action_units": figures}
    accuracy = {"measured": "", "synthetic": synthetic_part, "real": {"clips": {}}}
    with tempfile.TemporaryDirectory() as folder:
        for name in (ENCODER, HEAD):
            shutil.copyfile(asked.weights / name, Path(folder) / name)
        (Path(folder) / CARD).write_text(json.dumps(card | {"accuracy": accuracy}), encoding="utf-8")
        yield Path(folder)


def write(weights: Path, card: Card) -> None:
    """Put the card beside the weights."""
    (weights / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
