"""The shipped model's card, arranged for reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from analysis.engine.action_units import ACTION_UNITS, ActionUnit, Group
from analysis.engine.evidence import evidence_of
from analysis.engine.model_card import Evidence, ModelCard
from analysis.engine.result_types import AUEvidence
from reports.domain.fairness import Fairness
from reports.domain.measured import Measured


@dataclass(frozen=True, slots=True)
class UnitLine:
    unit: ActionUnit
    evidence: AUEvidence
    figures: Evidence
    cases: int
    """Rendered frames (and sides) that were judged."""
    present: int
    """Of these, with the unit at B or above."""


@dataclass(frozen=True, slots=True)
class GroupLines:
    group: Group
    lines: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True)
class ClipLine:
    """A recording of real people; shares 0-1, of the other system's frames."""

    name: str
    mean_r: float
    moving: int
    """Action Units that move in the other system."""
    scored_share: float


@dataclass(frozen=True, slots=True)
class BandLine:
    """Rendered frames of one circumstance; figures are means over the Action Units of grade A to C."""

    name: str
    frames: int
    icc: float
    r: float
    mae: float
    inside: float


@dataclass(frozen=True, slots=True)
class BandTable:
    kind: str
    lines: tuple[BandLine, ...]


@dataclass(frozen=True, slots=True)
class BarLine:
    """A demand on the model, set before it was measured."""

    name: str
    bar: str
    measured: str
    holds: bool


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A demand that was not measured, and why."""

    name: str
    bar: str
    why: str


@dataclass(frozen=True, slots=True)
class ModelPage:
    measured: Measured
    command: str
    """That measured it."""
    trained_people: int
    trained_frames: int
    groups: tuple[GroupLines, ...]
    weak: tuple[UnitLine, ...]
    clips: tuple[ClipLine, ...]
    bands: tuple[BandTable, ...]
    bars: tuple[BarLine, ...]
    unmeasured: tuple[OpenLine, ...]
    fairness: Fairness | None
    """None where twins were not measured."""

    @classmethod
    def of(cls, card: ModelCard) -> Self:
        accuracy, training = card.facts["accuracy"], card.facts["training"]
        lines = _lines(card)
        return cls(
            measured=Measured.of(evidence_of(card)),
            command=str(accuracy["command"]),
            trained_people=int(training["people"]),
            trained_frames=int(training["frames"]),
            groups=tuple(_group(group, lines, card.weak) for group in Group),
            weak=tuple(line for line in lines if line.unit.number in card.weak),
            clips=tuple(_clip(name, clip) for name, clip in sorted(accuracy["real"]["clips"].items())),
            bands=tuple(
                BandTable(kind, tuple(_band(name, band) for name, band in bands.items()))
                for kind, bands in accuracy["synthetic"]["bands"].items()
            ),
            bars=tuple(_bar(bar) for bar in accuracy["bars"]),
            unmeasured=tuple(
                OpenLine(one["name"], one["bar"], one["why"]) for one in accuracy.get("not_measured", ())
            ),
            fairness=Fairness.of(accuracy),
        )


@cache
def shipped() -> ModelPage:
    """Of the built-in model, read once; raises as `ModelCard.load` does."""
    return ModelPage.of(ModelCard.load())


def _lines(card: ModelCard) -> tuple[UnitLine, ...]:
    figures = card.facts["accuracy"]["synthetic"]["action_units"]
    told = {unit.au: unit for unit in evidence_of(card).action_units}
    return tuple(
        UnitLine(
            unit,
            told[unit.number],
            card.evidence[unit.number],
            int(figures[str(unit.number)]["cases"]),
            int(figures[str(unit.number)]["present"]),
        )
        for unit in ACTION_UNITS
    )


def _group(group: Group, lines: tuple[UnitLine, ...], weak: frozenset[int]) -> GroupLines:
    return GroupLines(
        group, tuple(line for line in lines if line.unit.group is group and line.unit.number not in weak)
    )


def _clip(name: str, clip: Mapping[str, Any]) -> ClipLine:
    return ClipLine(name, float(clip["mean_r_all_moving"]), int(clip["moving"]), float(clip["scored_share"]))


def _band(name: str, band: Mapping[str, Any]) -> BandLine:
    figures = (float(band[key]) for key in ("icc", "r", "mae", "inside"))
    return BandLine(name, int(band["frames"]), *figures)


def _bar(bar: Mapping[str, Any]) -> BarLine:
    return BarLine(str(bar["name"]), str(bar["bar"]), str(bar["measured"]), bool(bar["holds"]))
