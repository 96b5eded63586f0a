"""One of the three signals as the report takes it apart: value, series, components, moments."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from analysis.engine.finding_types import Component, Moment, Signal, SignalPoint
from analysis.engine.findings.signal_table import SIGNALS
from analysis.engine.types import Interval

SEEN = 0.05


@dataclass(frozen=True, slots=True)
class ComponentReport:
    key: str
    weight: float
    level: float
    moved: float
    available: bool
    """False for one that is declared, and that nothing measures yet."""
    moments: tuple[Moment, ...]
    without: tuple[int, ...]
    """Its Action Units of grade D: they count as not shown, what they could have moved is in the interval."""

    @classmethod
    def of(cls, signal: str, part: Component, weak: AbstractSet[int]) -> Self:
        without = tuple(sorted(_rests_on(signal, part.key) & weak))
        return cls(part.key, part.weight, part.level, part.moved, part.available, part.moments, without)


@dataclass(frozen=True, slots=True)
class SignalReport:
    """`overall` is None when there is not enough to score; then there is no number anywhere."""

    key: str
    overall: Interval | None
    calibrated: Interval | None
    """The same for the declared cohort; None where none was declared."""
    series: tuple[SignalPoint, ...]
    calibrated_series: tuple[SignalPoint, ...]
    components: tuple[ComponentReport, ...]
    """Those that moved the value most first."""
    lowest: SignalPoint | None
    highest: SignalPoint | None

    @classmethod
    def of(cls, signal: Signal, weak: AbstractSet[int]) -> Self:
        parts = sorted(signal.components, key=lambda part: (-abs(part.moved), part.key))
        scored = signal.overall is not None
        series = signal.series if scored else ()
        return cls(
            key=signal.key,
            overall=signal.overall,
            calibrated=signal.calibrated if scored else None,
            series=series,
            calibrated_series=signal.calibrated_series if scored else (),
            components=tuple(ComponentReport.of(signal.key, part, weak) for part in parts),
            lowest=min(series, key=lambda point: point.value, default=None),
            highest=max(series, key=lambda point: point.value, default=None),
        )

    @property
    def moving(self) -> tuple[ComponentReport, ...]:
        """The components that moved the value by what can be seen at one decimal."""
        return tuple(part for part in self.components if abs(part.moved) >= SEEN)

    @property
    def still(self) -> tuple[ComponentReport, ...]:
        return tuple(part for part in self._unmoved if not part.without)

    @property
    def open(self) -> tuple[ComponentReport, ...]:
        """Those that seem not to have moved it, and are not known well enough for that to be said."""
        return tuple(part for part in self._unmoved if part.without)

    @property
    def unavailable(self) -> tuple[ComponentReport, ...]:
        """Declared, and not measured by this version."""
        return tuple(part for part in self.components if not part.available)

    @property
    def _unmoved(self) -> tuple[ComponentReport, ...]:
        return tuple(part for part in self.components if abs(part.moved) < SEEN and part.available)


def _rests_on(signal: str, component: str) -> frozenset[int]:
    """Action Units of a component; none of one that the table no longer has."""
    return frozenset(au for rule in SIGNALS[signal] if rule.key == component for au in rule.aus)
