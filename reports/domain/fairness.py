"""Whether the model measures everybody alike: rendered twins, group by group, as its card tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from analysis.engine.types import Interval


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Twins of one group; the error is the mean absolute one in points of the 0-5 scale."""

    group: str
    frames: int
    scored_share: float
    error: float
    ratio: Interval
    """The error in shares of all twins', with its 95 % interval."""
    signals: tuple[tuple[str, float], ...]
    """Mean of each signal by key, 0-100."""


@dataclass(frozen=True, slots=True)
class KindTable:
    """Twins that differ in one thing."""

    kind: str
    groups: tuple[GroupLine, ...]
    apart: tuple[tuple[str, float], ...]
    """By signal, how far the means of two groups are apart at most; points."""

    @property
    def widest(self) -> float:
        return max((points for _key, points in self.apart), default=0.0)

    @property
    def worst(self) -> GroupLine:
        return max(self.groups, key=lambda line: line.ratio.value)


@dataclass(frozen=True, slots=True)
class Fairness:
    people: int
    frames: int
    error: float
    """Of all twins."""
    kinds: tuple[KindTable, ...]
    missed: tuple[str, ...]
    """Demands on twins that do not hold, each with what was measured, in the card's words."""

    @classmethod
    def of(cls, accuracy: Mapping[str, Any]) -> Self | None:
        """Of a card's `accuracy`; None where twins were not measured."""
        found = accuracy.get("fairness")
        if not found:
            return None
        bars = [bar for bar in accuracy["bars"] if str(bar["name"]).startswith("twins")]
        return cls(
            people=int(found["people"]),
            frames=int(found["frames"]),
            error=float(found["error"]),
            kinds=tuple(_kind(kind, one) for kind, one in found["kinds"].items()),
            missed=tuple(
                f"{bar['name']}, {bar['bar']}: {bar['measured']}" for bar in bars if not bar["holds"]
            ),
        )

    @property
    def worst(self) -> tuple[str, GroupLine]:
        """Kind and group of the largest error."""
        table = max(self.kinds, key=lambda table: table.worst.ratio.value)
        return table.kind, table.worst

    @property
    def widest(self) -> float:
        """Points that the means of a signal are apart at most, over all kinds."""
        return max(table.widest for table in self.kinds)


def _kind(kind: str, found: Mapping[str, Any]) -> KindTable:
    groups = tuple(_group(group, one) for group, one in found["groups"].items())
    return KindTable(kind, groups, tuple((key, float(points)) for key, points in found["apart"].items()))


def _group(group: str, found: Mapping[str, Any]) -> GroupLine:
    return GroupLine(
        group=group,
        frames=int(found["frames"]),
        scored_share=float(found["scored_share"]),
        error=float(found["error"]),
        ratio=Interval(*(float(found[key]) for key in ("ratio", "ratio_low", "ratio_high"))),
        signals=tuple((key, float(value)) for key, value in found["signals"].items()),
    )
