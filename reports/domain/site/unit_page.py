"""One Action Unit's page: what it is, how it looks, how well it is measured, and what it is used for."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Self

from analysis.engine.action_units import (
    ACTION_UNITS,
    AU_INDEX,
    LETTER_THRESHOLDS,
    MISCELLANEOUS,
    OTHER_MUSCLES,
    ActionUnit,
    Group,
    stretches,
)
from analysis.engine.findings.patterns import PATTERNS, Pattern
from analysis.engine.findings.signal_table import OWN, SIGNALS, ComponentRule
from analysis.engine.model_card import Grade
from reports.domain.model_page import ModelPage, UnitLine
from reports.domain.site.atlas import Atlas, Entry
from reports.domain.site.icc_scale import IccScale
from reports.domain.site.sources import WORKS, Work
from reports.domain.site.unit_search import haystack

TABULATED = WORKS["tian2001"]
"""That tabulates the units."""
PAGE_OF_TABLES = replace(
    WORKS["kanade2000"], read_at="https://scribd.com/document/340017249/Pages-de-Cohn-Kanade-Database"
)
"""The page that lists the units without a muscle, and the muscles of the eyes' units."""
PY_FEAT = "https://github.com/cosanlab/py-feat/blob/main/docs/pages/au_reference.md"


@dataclass(frozen=True, slots=True)
class Stage:
    """The unit at one letter; bounds are points of the 0-5 scale, `high` None at the top."""

    letter: str
    low: float
    high: float | None
    picture: str


@dataclass(frozen=True, slots=True)
class InPattern:
    """A combination that names the unit."""

    pattern: Pattern
    role: str
    """`part`, `usual` or `against`."""


@dataclass(frozen=True, slots=True)
class InSignal:
    """A component of a signal that is made of the unit, alone or with others."""

    signal: str
    rule: ComponentRule

    @property
    def raises(self) -> bool:
        return self.rule.direction > 0

    @property
    def source(self) -> str:
        """Published work that tells why the component is there; empty where the product chose it."""
        return "" if self.rule.source == OWN else self.rule.source


@dataclass(frozen=True, slots=True)
class Card:
    """One unit among the 44."""

    entry: Entry
    line: UnitLine
    shown: bool
    """False where a search did not find it."""
    words: str
    """That a search looks through."""


@dataclass(frozen=True, slots=True)
class CardGroup:
    group: Group
    cards: tuple[Card, ...]

    @property
    def shown(self) -> bool:
        return any(card.shown for card in self.cards)


@dataclass(frozen=True, slots=True)
class UnitPage:
    entry: Entry
    line: UnitLine
    stages: tuple[Stage, ...]
    scale: IccScale
    patterns: tuple[InPattern, ...]
    signals: tuple[InSignal, ...]
    previous: ActionUnit | None
    following: ActionUnit | None

    @classmethod
    def of(cls, number: int, atlas: Atlas, model: ModelPage) -> Self:
        entry, lines = atlas.entries[number], lines_of(model)
        return cls(
            entry=entry,
            line=lines[number],
            stages=tuple(_stages(entry)),
            scale=IccScale.of(number, {au: line.figures.icc for au, line in lines.items()}),
            patterns=tuple(_patterns(number)),
            signals=tuple(_signals(number)),
            previous=_beside(number, -1),
            following=_beside(number, +1),
        )

    @property
    def unit(self) -> ActionUnit:
        return self.entry.unit

    @property
    def facs(self) -> Work:
        """That says which muscle it is, or that FACS names none."""
        return PAGE_OF_TABLES if self.no_muscle or self.other_muscle else TABULATED

    @property
    def no_muscle(self) -> bool:
        """FACS names none; the one shown is the product's reading."""
        return self.unit.number in MISCELLANEOUS

    @property
    def other_muscle(self) -> str:
        """That another source names; empty where none is known to differ."""
        return OTHER_MUSCLES.get(self.unit.number, "")

    @property
    def py_feat(self) -> str:
        """Address of the source that differs on the muscle."""
        return PY_FEAT

    @property
    def weak(self) -> bool:
        """Grade D: shown apart, and left out of signals and combinations."""
        return self.line.evidence.grade == Grade.D

    @property
    def used(self) -> bool:
        return bool(self.patterns or self.signals)


def lines_of(model: ModelPage) -> dict[int, UnitLine]:
    """The card's line of every unit, by number."""
    listed = (line for group in model.groups for line in group.lines)
    return {line.unit.number: line for line in (*listed, *model.weak)}


def card_groups(atlas: Atlas, model: ModelPage, found: Collection[int]) -> tuple[CardGroup, ...]:
    """All units by group; those with a number in `found` are shown."""
    lines, numbers = lines_of(model), frozenset(found)
    cards = [
        Card(entry, lines[number], number in numbers, haystack(entry))
        for number, entry in atlas.entries.items()
    ]
    return tuple(
        CardGroup(group, tuple(card for card in cards if card.entry.unit.group is group)) for group in Group
    )


def _stages(entry: Entry) -> Iterator[Stage]:
    """From the least to the most; a letter reaches to where the next begins."""
    for name, low, high in stretches(LETTER_THRESHOLDS, inf):
        if name in entry.pictures:
            yield Stage(name, low, None if high == inf else high, entry.pictures[name])


def _patterns(number: int) -> Iterator[InPattern]:
    for pattern in PATTERNS:
        if number in pattern.aus:
            yield InPattern(pattern, "part")
        elif number in pattern.usual:
            yield InPattern(pattern, "usual")
        elif number in pattern.against:
            yield InPattern(pattern, "against")


def _signals(number: int) -> Iterator[InSignal]:
    for signal, rules in SIGNALS.items():
        yield from (InSignal(signal, rule) for rule in rules if number in rule.aus)


def _beside(number: int, step: int) -> ActionUnit | None:
    index = AU_INDEX[number] + step
    return ACTION_UNITS[index] if 0 <= index < len(ACTION_UNITS) else None
