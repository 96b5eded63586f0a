"""The chart of the face: each Action Unit's number in a column beside it, led by a line to where it acts.

Coordinates are those of a plate `WIDTH` x `HEIGHT`, y downwards. A unit of both sides is drawn on the side
of its number, and half of the units stand on each, so that both columns are full.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, permutations
from math import dist
from typing import Self

from analysis.engine.action_units import ActionUnit
from reports.charts.svg import number, polyline
from reports.domain.site import atlas
from reports.domain.site.atlas import Atlas, Entry, Point

WIDTH, HEIGHT = 440, 750
CHIP_WIDTH, CHIP_HEIGHT = 40, 34
"""At 318 px of width, what a phone leaves, a number is still a target of 24 px."""
GAP = 5
"""Between two boxes as they are drawn; the target fills it."""
STUB = 10
"""Straight piece of a line beside its number."""
SCALE = 0.76
"""Of the map's pixels; the ears just clear the columns."""
MAP_TOP = 62
APART = 9.5
"""Least distance of two marks; where units act in one place, their marks stand side by side."""
MARK = 5.0
"""Half of a mark."""
_MIDDLE = 8
"""Map pixels beside the midline within which a unit counts as one of the middle, drawn where it is."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One Action Unit's number and its line. Numbers are text, so that no locale rewrites them."""

    entry: Entry
    side: str
    """`left` or `right`, of the plate."""
    left: float
    top: float
    """Corner of the number's box."""
    tip: Point
    """Where the unit acts."""

    @property
    def unit(self) -> ActionUnit:
        return self.entry.unit

    @property
    def x(self) -> str:
        return number(self.left)

    @property
    def y(self) -> str:
        return number(self.top)

    @property
    def box_x(self) -> str:
        """Of the box as it is drawn, inset so that its frame stays on the plate."""
        return number(self.left + 1)

    @property
    def box_y(self) -> str:
        return number(self.top + GAP / 2)

    @property
    def centre(self) -> str:
        return number(self.left + CHIP_WIDTH / 2)

    @property
    def middle(self) -> str:
        return number(self.top + CHIP_HEIGHT / 2)

    @property
    def edge(self) -> Point:
        """Where the line leaves the box."""
        inner = self.left + (CHIP_WIDTH if self.side == "left" else 0)
        return inner, self.top + CHIP_HEIGHT / 2

    @property
    def bend(self) -> Point:
        """From here the line runs straight to the tip."""
        x, y = self.edge
        return x + (STUB if self.side == "left" else -STUB), y

    @property
    def line(self) -> str:
        return polyline((self.edge, self.bend, self.tip))

    @property
    def at(self) -> str:
        """Translation of the mark at the tip."""
        return f"translate({number(self.tip[0])} {number(self.tip[1])})"

    @property
    def name_x(self) -> str:
        """Where the name beside the box begins; on the left it ends there."""
        return number(-6 if self.side == "left" else WIDTH + 6)


@dataclass(frozen=True, slots=True)
class FaceChart:
    picture: str
    picture_x: str
    picture_y: str
    picture_width: str
    picture_height: str
    chips: tuple[Chip, ...]
    """Down the left column, then down the right one."""
    width: str = str(WIDTH)
    height: str = str(HEIGHT)
    chip_width: str = str(CHIP_WIDTH)
    chip_height: str = str(CHIP_HEIGHT)
    box_width: str = str(CHIP_WIDTH - 2)
    box_height: str = str(CHIP_HEIGHT - GAP)
    centre: str = number(WIDTH / 2)

    @classmethod
    def of(cls, book: Atlas) -> Self:
        face, halves = book.face, _halves(book)
        tips = _tips(halves, face.width)
        return cls(
            picture=face.static,
            picture_x=number((WIDTH - face.width * SCALE) / 2),
            picture_y=str(MAP_TOP),
            picture_width=number(face.width * SCALE),
            picture_height=number(face.height * SCALE),
            chips=tuple(chip for side, entries in halves.items() for chip in column(entries, side, tips)),
        )


@cache
def shipped() -> FaceChart:
    """Of the atlas that is shipped, drawn once."""
    return FaceChart.of(atlas.shipped())


def _halves(book: Atlas) -> dict[str, list[Entry]]:
    """From the forehead to the neck, in turn to the left and to the right."""
    ordered = sorted(book.entries.values(), key=lambda one: (one.point[1], one.unit.number))
    return {"left": ordered[::2], "right": ordered[1::2]}


def column(entries: list[Entry], side: str, tips: Mapping[int, Point]) -> list[Chip]:
    """Chips from the top down, first by the height of their tips."""
    left = 0 if side == "left" else WIDTH - CHIP_WIDTH
    step = HEIGHT / len(entries)
    ordered = sorted(entries, key=lambda one: tips[one.unit.number][1])
    chips = [
        Chip(entry, side, left, index * step + (step - CHIP_HEIGHT) / 2, tips[entry.unit.number])
        for index, entry in enumerate(ordered)
    ]
    return _cleared(_untangled(chips))


def _tips(halves: Mapping[str, list[Entry]], map_width: int) -> dict[int, Point]:
    """By unit, where its mark stands: no two closer than `APART`."""
    placed: dict[int, Point] = {}
    wanted = [(entry, side) for side, entries in halves.items() for entry in entries]
    for entry, side in sorted(wanted, key=lambda one: one[0].point[1]):
        x, y = _tip(entry.point, side, map_width)
        taken = tuple(placed.values())
        placed[entry.unit.number] = next(
            (x + shift, y)
            for shift in _shifts(x, side)
            if all(dist((x + shift, y), at) >= APART for at in taken)
        )
    return placed


def _shifts(x: float, side: str) -> Iterator[float]:
    """Ever farther to both sides; from the middle of the face to the side of the number alone."""
    outward = -1 if side == "left" else 1
    yield 0.0
    for step in range(1, WIDTH):
        yield outward * step
        if abs(x - WIDTH / 2) > _MIDDLE * SCALE:
            yield -outward * step


def _tip(point: Point, side: str, map_width: int) -> Point:
    """A map's point on the plate, mirrored to the side of its number unless it lies in the middle."""
    from_middle = point[0] - map_width / 2
    if abs(from_middle) > _MIDDLE:
        from_middle = -abs(from_middle) if side == "left" else abs(from_middle)
    return WIDTH / 2 + from_middle * SCALE, MAP_TOP + point[1] * SCALE


def _untangled(chips: list[Chip]) -> list[Chip]:
    """The same units in an order in which no two lines cross.

    Swapping two that cross makes all lines together shorter, so this ends.
    """
    found = list(chips)
    while (pair := _crossing(found)) is not None:
        first, second = pair
        found[first], found[second] = found[second], found[first]
        found = _seated(found)
    return found


def _cleared(chips: list[Chip]) -> list[Chip]:
    """The same units, each moved along the column for as long as fewer lines then run over marks of others.

    Lines that did not cross do not cross afterwards either.
    """
    over = _touches(chips)
    found = chips
    while (better := _with_fewer(found, over)) is not None:
        found = better
    return found


def _with_fewer(chips: list[Chip], over: Sequence[Mapping[int, int]]) -> list[Chip] | None:
    """A column one move away in which lines touch fewer marks; None where there is none."""
    least = _touched(chips, over)
    for old, new in permutations(range(len(chips)), 2):
        moved = [*chips[:old], *chips[old + 1 :]]
        moved.insert(new, chips[old])
        if _touched(moved, over) < least and _crossing(seated := _seated(moved)) is None:
            return seated
    return None


def _touched(chips: list[Chip], over: Sequence[Mapping[int, int]]) -> int:
    return sum(seat[chip.unit.number] for seat, chip in zip(over, chips, strict=True))


def _touches(chips: list[Chip]) -> list[dict[int, int]]:
    """For every seat of the column and every unit: over how many marks of others its line would run."""
    return [
        {chip.unit.number: touched_marks(replace(chip, top=seat.top), chips) for chip in chips}
        for seat in chips
    ]


def touched_marks(chip: Chip, chips: Iterable[Chip]) -> int:
    """Over how many marks of other units a line runs."""
    return sum(clearance(chip, other.tip) < MARK for other in chips if other.unit is not chip.unit)


def _seated(chips: list[Chip]) -> list[Chip]:
    """From the top down in this order, on the seats that the same chips hold."""
    tops = sorted(chip.top for chip in chips)
    return [replace(chip, top=top) for chip, top in zip(chips, tops, strict=True)]


def clearance(chip: Chip, point: Point) -> float:
    """From a point to the slanting piece of a line."""
    (x0, y0), (x1, y1) = chip.bend, chip.tip
    right, down = x1 - x0, y1 - y0
    along = ((point[0] - x0) * right + (point[1] - y0) * down) / (right**2 + down**2)
    nearest = min(max(along, 0.0), 1.0)
    return dist(point, (x0 + nearest * right, y0 + nearest * down))


def _crossing(chips: list[Chip]) -> tuple[int, int] | None:
    pieces = [(chip.bend, chip.tip) for chip in chips]
    pairs = combinations(range(len(chips)), 2)
    return next(((one, other) for one, other in pairs if _meet(*pieces[one], *pieces[other])), None)


def cross(one: Chip, other: Chip) -> bool:
    """Whether the slanting pieces of two lines meet in a point that is an end of neither."""
    return _meet(one.bend, one.tip, other.bend, other.tip)


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the pieces from `a` to `b` and from `c` to `d` cross."""
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(start: Point, end: Point, point: Point) -> float:
    """Positive where the point is on one side of the line, negative on the other."""
    (x0, y0), (x1, y1), (x, y) = start, end, point
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
