"""Recordings whose events are known to the frame: brows, middle and mouth of a face move at their own times.

Displays are single Action Units and common combinations, at peaks from under B to E, on both sides or on
one, some of them brief; the lids blink; the head nods, shakes or turns, or the eyes look away. How strong,
how long and how often is the product's own choice. People, lights and looks are drawn as for training, other
seeds.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from analysis.training.courses import Timing
from analysis.training.evaluation.findings.recordings import Order
from analysis.training.generator.sequences import Activation, Key, Script, Side

FPS = Fraction(30)
SECONDS = 10.0
_SEED = 50_000_000
_LOOK_APART = 500_000
Choices = tuple[tuple[int, ...], ...]
BROWS: Choices = ((1, 2), (1, 2), (1,), (2,), (4,), (4,), (1, 4), (1, 2, 5), (4, 7))
MIDDLE: Choices = ((9,), (10,), (6,), (9, 10))
MOUTH: Choices = (
    *((12,), (6, 12), (12, 25), (6, 12, 25), (13,), (14,), (15,), (15, 17), (17,), (18,), (20,), (20, 25)),
    *((22, 25), (23,), (24,), (25,), (25, 26), (25, 27), (28,), (32,), (34,)),
)
"""What goes together in a display."""
_REST = 0.9
"""Seconds at the start in which the face shows nothing."""
_BRIEF, _ONE_SIDED = 0.12, 0.1
"""How often a display is one."""
_PEAKS = (1.0, 5.0)
_LESS = (0.7, 1.1)
"""Shares of the display's strength that its further units have."""
_MOVES = ("nod", "shake", "gaze", "turn")


def order(number: int) -> Order:
    """Recording `number`."""
    rng = np.random.default_rng([_SEED, number])
    shown = [
        *_displays(rng, BROWS, 1.2),
        *_displays(rng, MOUTH, 1.0),
        *(_displays(rng, MIDDLE, 3.0) if rng.random() < 0.6 else ()),
        *_blinks(rng),
    ]
    head, gaze = _moves(rng, _MOVES[number % len(_MOVES)])
    script = Script(SECONDS, tuple(shown), head, gaze, sway=float(rng.uniform(0.4, 1.5)), seed=number)
    person = _SEED + number
    return Order(f"event-{number:04d}", script, person, person + _LOOK_APART, FPS, scene=person)


def _displays(rng: np.random.Generator, choices: Choices, pause: float) -> Iterator[Activation]:
    """One after the other, at least 0.4 s between."""
    start = _REST + float(rng.exponential(pause))
    while True:
        held = _timing(rng)
        if start + held.total > SECONDS - 0.4:
            return
        strength = float(rng.uniform(*_PEAKS))
        side = Side(int(rng.integers(2))) if rng.random() < _ONE_SIDED else Side.BOTH
        for place, au in enumerate(choices[int(rng.integers(len(choices)))]):
            share = float(rng.uniform(*_LESS)) if place else 1.0
            yield Activation(au, start, held, min(5.0, strength * share), side)
        start += held.total + 0.4 + float(rng.exponential(pause))


def _timing(rng: np.random.Generator) -> Timing:
    if rng.random() < _BRIEF:
        return Timing(*(float(rng.uniform(*span)) for span in ((0.08, 0.15), (0.05, 0.12), (0.1, 0.16))))
    return Timing(*(float(rng.uniform(*span)) for span in ((0.15, 0.6), (0.15, 1.2), (0.2, 0.8))))


def _blinks(rng: np.random.Generator) -> Iterator[Activation]:
    start = float(rng.uniform(0.3, 2))
    while start < SECONDS - 0.5:
        yield Activation(45, start, Timing(0.08, 0.04, 0.16), float(rng.uniform(4, 5)))
        start += float(rng.uniform(1, 4))


def _moves(rng: np.random.Generator, kind: str) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """Keys of the head and of the gaze."""
    at, stay = float(rng.uniform(2, 5)), float(rng.uniform(0.5, 2))
    if kind == "gaze":
        away = float(rng.uniform(16, 28)) * float(rng.choice([-1, 1]))
        return (), (Key(at), Key(at + 0.15, yaw=away), Key(at + 0.15 + stay, yaw=away), Key(at + 0.3 + stay))
    if kind == "turn":
        aside = Key(at + 0.7, yaw=float(rng.normal(0, 12)), pitch=float(rng.normal(0, 6)))
        still = replace(aside, time=aside.time + stay)
        return (Key(at), aside, still, Key(still.time + 0.7)), ()
    size, half, ways = float(rng.uniform(3, 8)), float(rng.uniform(0.18, 0.35)), int(rng.integers(3, 6))
    sizes = [0.0, *(size * (-1) ** way for way in range(ways - 1)), 0.0]
    turns = [(at + half * way, degrees) for way, degrees in enumerate(sizes)]
    if kind == "nod":
        return tuple(Key(time, pitch=-degrees) for time, degrees in turns), ()
    return tuple(Key(time, yaw=degrees) for time, degrees in turns), ()
