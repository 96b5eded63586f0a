"""Recordings at random to fit and to test intervals on: whole short performances of people never met before.

Each person shows displays of a few kinds that he or she prefers, weak or strong, with calm between; speaks,
blinks, nods, shakes the head, looks away. How often is the product's own choice: every finding must take many
values, so there is more of everything here than in life.
"""

from enum import IntEnum
from fractions import Fraction

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_NUMBERS
from analysis.training.courses import Timing
from analysis.training.evaluation.findings.recordings import Order
from analysis.training.generator import expressions
from analysis.training.generator.sequences import Activation, Key, Script, Side

SECONDS = 8.0
_RATES, _RATE_SHARES = (10, 12, 15), (0.8, 0.1, 0.1)
"""Frames a second, and how often."""
_SEED = 40_000_000
_SET_APART, _LOOK_APART = 1_000_000, 500_000
PROTOTYPES: tuple[tuple[int, ...], ...] = (
    (6, 12),
    (6, 12, 25),
    (1, 4, 15),
    (1, 4, 15, 17),
    (1, 2, 5, 26),
    (1, 2, 5, 25, 26),
    (1, 2, 4, 5, 7, 20, 26),
    (1, 2, 4, 5, 20, 25),
    (4, 5, 7, 23),
    (4, 7, 24),
    (9, 15, 16),
    (9, 10, 17),
    (4, 9, 10, 25),
    (1, 2, 12, 25),
    (1, 2, 5, 12, 25, 26),
    (10, 12, 25),
    (6, 9, 10, 12, 25),
    (1, 4, 20, 25),
    (4, 15),
    (4, 7, 15),
    (1, 4, 25, 26),
    (4, 10),
    (4, 20, 25),
    (1, 4, 10, 20, 25),
    (4, 25, 26),
    (4, 10, 17),
    (1, 2, 5, 10),
    (1, 2, 5, 25),
    (12, 14),
    (14,),
)
"""Combinations of the states that findings look for, some with a part more or less."""
_LONE = {0: (14,), 1: (12, 14)}
"""Shown on one side only, at times: contempt."""
_SMILES: tuple[tuple[int, ...], ...] = ((12,), (12,), (6, 12), (6, 12), (6, 12, 25), (12, 25), (6, 7, 12, 25))
_TENSE: tuple[tuple[int, ...], ...] = (
    (4,),
    (14,),
    (15, 17),
    (17, 24),
    (23,),
    (24,),
    (4, 17, 24),
    (4, 7),
    (4, 12),
    (12, 15),
    (12, 17, 24),
)
_BROWS: tuple[tuple[int, ...], ...] = ((1, 2), (1, 2, 5), (1,), (2,), (1, 4), (1, 2, 4))
_KINDS = ("smile", "prototype", "tense", "brows", "regions", "one_sided")
_LIKED = (1.1, 1.4, 0.8, 0.6, 1.1, 0.25)
"""Of the Dirichlet distribution that a person's preferences are drawn from."""


class Set(IntEnum):
    """Intervals are fitted on one and tested on the other; no person is in both."""

    FIT = 0
    TEST = 1


def order(which: Set, number: int) -> Order:
    """Recording `number` of a set."""
    rng = np.random.default_rng([_SEED, which, number])
    person = _SEED + which * _SET_APART + number
    return Order(
        name=f"{which.name.lower()}-{number:04d}",
        script=_script(rng),
        identity=person,
        look=person + _LOOK_APART,
        fps=Fraction(int(rng.choice(_RATES, p=_RATE_SHARES))),
        scene=person,
    )


def _script(rng: np.random.Generator) -> Script:
    return Script(
        seconds=SECONDS,
        activations=(*_displays(rng), *_speech(rng), *_blinks(rng)),
        head=_head(rng),
        gaze=_glances(rng),
        sway=float(rng.uniform(0.4, 1.8)),
        seed=int(rng.integers(1_000_000)),
    )


def _displays(rng: np.random.Generator) -> list[Activation]:
    """One after the other, calm between; some people show hardly anything."""
    liked = rng.dirichlet(_LIKED)
    pause = float(np.exp(rng.uniform(np.log(0.3), np.log(6))))
    strength = float(rng.uniform(1.0, 4.5))
    shown: list[Activation] = []
    start = float(rng.uniform(0.8, 2.0))
    while start < SECONDS - 1:
        kind = _KINDS[int(rng.choice(len(_KINDS), p=liked))]
        held = Timing(
            float(rng.uniform(0.15, 0.7)), float(0.2 + rng.gamma(1.5, 0.7)), float(rng.uniform(0.2, 0.9))
        )
        shown += display(rng, kind, start, held, strength)
        start += held.total + float(rng.exponential(pause))
    return shown


def display(
    rng: np.random.Generator, kind: str, start: float, held: Timing, strength: float
) -> list[Activation]:
    """One display of `smile`, `prototype`, `tense`, `brows`, `regions` or `one_sided`; `strength` 0-5."""
    if kind == "regions":
        return posed(expressions.draw(rng).intensities, start, held)
    if kind == "one_sided":
        side = Side(int(rng.integers(2)))
        units: tuple[int, ...] = _LONE.get(int(rng.integers(3)), (12,))
        return [Activation(au, start, held, _peak(rng, strength), side) for au in units]
    choices = {"smile": _SMILES, "prototype": PROTOTYPES, "tense": _TENSE, "brows": _BROWS}[kind]
    units = choices[int(rng.integers(len(choices)))]
    weaker = Side(int(rng.integers(2))) if rng.random() < 0.15 else None
    shown = []
    for au in units:
        at, peak = start + float(rng.uniform(0, 0.12)), _peak(rng, strength)
        if weaker is None:
            shown.append(Activation(au, at, held, peak))
        else:
            less = peak * float(rng.uniform(0.3, 0.9))
            shown += [
                Activation(au, at, held, less if side is weaker else peak, side)
                for side in (Side.LEFT, Side.RIGHT)
            ]
    return shown


def _peak(rng: np.random.Generator, strength: float) -> float:
    return float(np.clip(strength * rng.uniform(0.5, 1.4), 0.5, 5))


def posed(intensities: np.ndarray, start: float, held: Timing) -> list[Activation]:
    """(44, 2) left and right as activations; blinks and winks have their own."""
    return [
        Activation(au, start, held, float(intensities[row, side]), Side(side))
        for row, au in enumerate(AU_NUMBERS)
        if au not in (45, 46)
        for side in ((0, 1) if ACTION_UNITS[row].sided else (0,))
        if intensities[row, side] > 0
    ]


def _speech(rng: np.random.Generator) -> list[Activation]:
    """Four to six shapes of the mouth a second, in half of the people for a while."""
    shown: list[Activation] = []
    if rng.random() < 0.5:
        return shown
    at = float(rng.uniform(1, 6))
    end = min(SECONDS - 0.5, at + float(rng.uniform(1, 6)))
    while at < end:
        units = expressions.SPEECH[int(rng.integers(len(expressions.SPEECH)))]
        loud = float(rng.uniform(0.5, 3))
        shown += [
            Activation(au, at, Timing(0.08, 0.05, 0.1), loud * float(rng.uniform(0.6, 1.1))) for au in units
        ]
        at += float(rng.uniform(0.17, 0.28))
    return shown


def _blinks(rng: np.random.Generator) -> list[Activation]:
    pause = float(np.exp(rng.normal(np.log(3.2), 0.5)))
    shown: list[Activation] = []
    at = float(rng.exponential(pause))
    while at < SECONDS - 0.4:
        shown.append(Activation(45, at, Timing(0.08, 0.04, 0.16), float(rng.uniform(4, 5))))
        at += 0.6 + float(rng.exponential(pause))
    return shown


def _head(rng: np.random.Generator) -> tuple[Key, ...]:
    """Around the person's usual direction: nods, shakes, turns, or nothing but sway."""
    yaw, pitch, roll = (float(rng.normal(0, much)) for much in (7, 4, 2.5))
    keys = [Key(0.0, yaw, pitch, roll)]
    at = float(rng.uniform(0.5, 4))
    lively = float(rng.uniform(1, 6))
    while at < SECONDS - 2.5:
        keys.append(Key(at, yaw, pitch, roll))
        kind = str(rng.choice(["nod", "shake", "turn"], p=[0.45, 0.2, 0.35]))
        if kind == "turn":
            aside, tilt = yaw + float(rng.normal(0, 11)), pitch + float(rng.normal(0, 5))
            rolled = roll + float(rng.normal(0, 4))
            stay = float(rng.uniform(0.3, 1.2))
            keys += [Key(at + 0.5, aside, tilt, rolled), Key(at + 0.5 + stay, aside, tilt, rolled)]
            at += 1.0 + stay
        else:
            beat, size = float(rng.uniform(0.18, 0.32)), float(rng.uniform(3, 9))
            for swing in range(1, 2 * int(rng.integers(1, 4)) + 2):
                away = size * (1 if swing % 2 else -0.4)
                nods = kind == "nod"
                keys.append(
                    Key(at + swing * beat, yaw + (0 if nods else away), pitch - (away if nods else 0), roll)
                )
            at = keys[-1].time + beat
        keys.append(Key(at, yaw, pitch, roll))
        at += 0.2 + float(rng.exponential(lively))
    return tuple(keys)


def _glances(rng: np.random.Generator) -> tuple[Key, ...]:
    """Looks away from the camera, seldom in some people, often in others."""
    keys: list[Key] = []
    pause = float(rng.uniform(1, 10))
    at = float(rng.exponential(pause))
    while at < SECONDS - 2:
        yaw, pitch = float(rng.normal(0, 16)), float(rng.normal(-3, 9))
        stay = float(rng.uniform(0.2, 1.8))
        keys += [
            Key(at),
            Key(at + 0.08, yaw, pitch),
            Key(at + 0.08 + stay, yaw, pitch),
            Key(at + 0.16 + stay),
        ]
        at += 0.3 + stay + float(rng.exponential(pause))
    return tuple(keys)
