"""Where one Action Unit's ICC stands on the scale of grades, among those of all the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from analysis.engine.action_units import stretches
from analysis.engine.model_card import GRADE_FROM, Grade
from reports.charts.svg import number

WIDTH = 600
"""Of the drawing; an ICC of 0 stands at its left end, 1 at its right."""


@dataclass(frozen=True, slots=True)
class Band:
    """Of one grade; places are text, so that no locale rewrites them."""

    grade: Grade
    low: float
    high: float

    @property
    def x(self) -> str:
        return number(self.low * WIDTH)

    @property
    def width(self) -> str:
        return number((self.high - self.low) * WIDTH)

    @property
    def middle(self) -> str:
        return number((self.low + self.high) / 2 * WIDTH)


@dataclass(frozen=True, slots=True)
class IccScale:
    bands: tuple[Band, ...]
    """From D to A."""
    others: tuple[str, ...]
    """Places of the other units."""
    place: str
    rank: int
    """From 1, the highest ICC."""
    units: int

    @classmethod
    def of(cls, au: int, iccs: Mapping[int, float]) -> Self:
        """`iccs` by number of the unit; what is below 0 is drawn at 0."""
        return cls(
            bands=tuple(_bands()),
            others=tuple(_place(icc) for other, icc in iccs.items() if other != au),
            place=_place(iccs[au]),
            rank=1 + sum(icc > iccs[au] for icc in iccs.values()),
            units=len(iccs),
        )


def _bands() -> list[Band]:
    return [Band(*stretch) for stretch in stretches([*GRADE_FROM, (Grade.D, 0.0)], 1.0)]


def _place(icc: float) -> str:
    return number(min(max(icc, 0.0), 1.0) * WIDTH)
