"""Recordings in which every pattern of emotion states is shown, and displays that are none of them.

Three displays a recording, of different patterns, calm between them. A display of a pattern shows all of its
parts, at one strength more or less, and each AU that usually goes with it or not. How strong and how long is
the product's own choice. People, lights and looks are drawn as for training, other seeds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from analysis.engine.findings.patterns import PATTERNS, Pattern
from analysis.training.compositions import BY_AU
from analysis.training.courses import Timing
from analysis.training.evaluation.findings.recordings import Order
from analysis.training.evaluation.findings.scripts import posed
from analysis.training.generator import expressions
from analysis.training.generator.sequences import Activation, Script, Side

NONE = ""
"""Of a display that is not drawn from a pattern."""
TIMES = 5
"""Each pattern is shown so often."""
OTHERS = 34
"""Displays that are drawn from no pattern: regions of the face by themselves, or speech."""
FPS = Fraction(10)
SECONDS = 12.0
_STARTS = (1.3, 4.9, 8.5)
_SEED = 60_000_000
_USUAL = 0.6
"""How often a usual AU is shown."""


@dataclass(frozen=True, slots=True)
class Display:
    """One display in a recording."""

    state: str
    """Key of the pattern it was posed from, or `NONE`."""
    start: float
    end: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Staged:
    order: Order
    displays: tuple[Display, ...]


def staged() -> list[Staged]:
    """All recordings, always the same."""
    rng = np.random.default_rng(_SEED)
    shown = [*(pattern for pattern in PATTERNS for _ in range(TIMES)), *[None] * OTHERS]
    mixed = [shown[place] for place in rng.permutation(len(shown))]
    of = len(_STARTS)
    return [_staged(number, mixed[of * number : of * (number + 1)]) for number in range(len(mixed) // of)]


def _staged(number: int, shown: Iterable[Pattern | None]) -> Staged:
    rng = np.random.default_rng([_SEED, number])
    person = _SEED + number
    activations: list[Activation] = []
    displays = []
    for start, pattern in zip(_STARTS, shown, strict=True):
        held = Timing(*(float(rng.uniform(*span)) for span in ((0.25, 0.6), (0.8, 1.4), (0.3, 0.7))))
        activations += _posed(rng, pattern, start, held) if pattern else _other(rng, start, held)
        displays.append(Display(pattern.key if pattern else NONE, start, start + held.total))
    script = Script(SECONDS, tuple(activations), sway=float(rng.uniform(0.4, 1.5)), seed=number)
    name = f"state-{number:04d}"
    return Staged(Order(name, script, person, person + 500_000, FPS, scene=person), tuple(displays))


def _posed(rng: np.random.Generator, pattern: Pattern, start: float, held: Timing) -> list[Activation]:
    strength = float(rng.uniform(2, 4.8))
    units = [int(rng.choice(part.aus)) for part in pattern.parts]
    units += [au for au in pattern.usual if rng.random() < _USUAL]
    side = Side(int(rng.integers(2))) if pattern.one_sided else Side.BOTH
    peaks = {au: float(np.clip(strength * rng.uniform(0.75, 1.2), 1, 5)) for au in units}
    for au, peak in list(peaks.items()):
        for companion in BY_AU[au].companions:
            peaks.setdefault(companion, peak * float(rng.uniform(0.5, 1)))
    return [
        Activation(au, start + float(rng.uniform(0, 0.12)), held, peak, side) for au, peak in peaks.items()
    ]


def _other(rng: np.random.Generator, start: float, held: Timing) -> list[Activation]:
    while True:
        drawn = expressions.draw(rng)
        if drawn.kind in {"regions", "speech", "single"}:
            return posed(drawn.intensities, start, held)
