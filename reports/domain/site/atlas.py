"""The atlas of the 44 Action Units that is shipped: pictures, loops, and what they show.

`python -m analysis.training atlas` makes it; everything here is read from what that wrote.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, ActionUnit
from echodepth.errors import UserError

FOLDER = Path(settings.BASE_DIR) / "static" / "atlas"
FACTS = "atlas.json"
VERSION = 1
"""Of `atlas.json`."""
LETTERS = ("A", "C", "E")
"""Intensities that are pictured."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Confusion:
    """Another unit that this one is taken for, and how the two are told apart."""

    unit: ActionUnit
    picture: str
    """Of that unit at E."""
    tell: str


@dataclass(frozen=True, slots=True)
class Sides:
    """Pictures at E of each side of the person's face alone."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Loop:
    static: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One Action Unit. Pictures are named as `{% static %}` wants them."""

    unit: ActionUnit
    change: str
    """What can be seen."""
    companions: tuple[ActionUnit, ...]
    """Units that FACS scores along with it as a rule; the pictures show them at C."""
    geometry: str
    """Where its movement comes from."""
    view: str
    """`front`, `neck` or `profile`."""
    one_sided: bool
    """Pictured on one side alone: the person's left."""
    neutral: str
    """The resting face, seen as the unit is."""
    pictures: Mapping[str, str]
    """By letter."""
    sides: Sides | None
    loop: Loop
    confused: tuple[Confusion, ...]
    point: Point
    """Where on the map it moves the face most, in the map's pixels; of a pair, on the person's left."""

    @property
    def strongest(self) -> str:
        """The picture at E."""
        return self.pictures["E"]


@dataclass(frozen=True, slots=True)
class FaceMap:
    static: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Atlas:
    command: str
    """That made it."""
    size: int
    """Width and height of every picture, pixels."""
    loop_size: int
    face: FaceMap
    entries: Mapping[int, Entry]
    """By number, in the order of FACS."""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """Of the file's content; ValueError, KeyError or TypeError where it is not of this version."""
        if facts["version"] != VERSION:
            raise ValueError(facts["version"])
        face = facts["map"]
        return cls(
            command=str(facts["command"]),
            size=int(facts["size"]),
            loop_size=int(facts["loop_size"]),
            face=FaceMap(_static(face["picture"]), int(face["width"]), int(face["height"])),
            entries={unit.number: _entry(unit, facts) for unit in ACTION_UNITS},
        )


@cache
def shipped() -> Atlas:
    return read(FOLDER / FACTS)


def read(path: Path) -> Atlas:
    """The atlas that a file describes; UserError where it is absent, of another version or incomplete."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return Atlas.of(facts)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            "atlas_missing",
            _("The atlas of the Action Units is not there, or is not what this version reads."),
            404,
        ) from error


def _entry(unit: ActionUnit, facts: Mapping[str, Any]) -> Entry:
    told = facts["units"][str(unit.number)]
    x, y = told["point"]
    return Entry(
        unit=unit,
        change=str(told["change"]),
        companions=tuple(_unit(number) for number in told["companions"]),
        geometry=str(told["source"]),
        view=str(told["view"]),
        one_sided=bool(told["one_sided"]),
        neutral=_static(facts["neutral"][told["view"]]),
        pictures={name: _static(told["pictures"][name]) for name in LETTERS},
        sides=_sides(told["pictures"]),
        loop=Loop(_static(told["loop"]["file"]), float(told["loop"]["seconds"])),
        confused=tuple(_confusion(one, facts) for one in told["confused"]),
        point=(float(x), float(y)),
    )


def _sides(pictures: Mapping[str, str]) -> Sides | None:
    if "left" not in pictures:
        return None
    return Sides(_static(pictures["left"]), _static(pictures["right"]))


def _confusion(told: Mapping[str, Any], facts: Mapping[str, Any]) -> Confusion:
    picture = facts["units"][str(told["with"])]["pictures"]["E"]
    return Confusion(_unit(int(told["with"])), _static(picture), str(told["tell"]))


def _unit(number: int) -> ActionUnit:
    return ACTION_UNITS[AU_INDEX[number]]


def _static(name: str) -> str:
    return f"{FOLDER.name}/{name}"
