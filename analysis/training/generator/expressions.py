"""Draws what a face shows: Action Units alone and region by region, known combinations, speech, blinks, gaze.

Combinations are those that FACS-coded material shows often, and those that are easily mistaken for each other
(a crying mouth against a smile). How often each comes up is the product's own choice: every AU must be seen
often enough to be learned, so rare ones are far more frequent here than in life.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX, AU_NUMBERS
from analysis.engine.types import F32
from analysis.training.compositions import BY_AU, ONE_SIDED
from analysis.training.rig import Gaze

COMBINATIONS: tuple[tuple[int, ...], ...] = (
    (12,),
    (6, 12),
    (6, 12, 25),
    (6, 7, 12, 25, 26),
    (12, 14),
    (12, 25),
    (1, 2),
    (1, 2, 5),
    (1, 2, 5, 25, 26),
    (1, 2, 5, 25, 27),
    (1, 2, 12, 25),
    (1, 2, 26),
    (1, 4),
    (1, 4, 15),
    (1, 4, 15, 17),
    (1, 4, 11),
    (1, 2, 4),
    (1, 2, 4, 5, 20, 25),
    (1, 2, 4, 5, 7, 20, 25, 26),
    (4,),
    (4, 7),
    (4, 5, 7),
    (4, 5, 7, 23),
    (4, 5, 7, 24),
    (4, 7, 17, 24),
    (4, 7, 10, 25),
    (4, 43),
    (9, 10),
    (9, 10, 25),
    (4, 7, 9),
    (4, 6, 7, 9, 10, 25),
    (9, 17),
    (10, 17),
    (10, 25),
    (6, 10, 12, 25),
    (15,),
    (15, 17),
    (14, 15),
    (14, 17),
    (14, 24),
    (17, 23),
    (17, 24),
    (18, 23),
    (20, 25),
    (20, 25, 26),
    (20, 21),
    (22, 25),
    (25,),
    (25, 26),
    (28, 26),
    (6, 7, 44),
    (4, 6, 7, 44),
    (38, 9),
)
CRYING: tuple[tuple[int, ...], ...] = (
    (1, 4, 6, 7, 10, 17, 20, 25),
    (1, 4, 6, 7, 17, 20, 24, 43),
    (1, 4, 6, 7, 14, 17, 20),
    (4, 6, 7, 15, 17, 20, 43),
    (1, 4, 7, 17, 20, 24),
    (1, 4, 6, 10, 20, 43),
)
"""Without AU12: the mouth of one who weeps is wide, pressed or raised, and it is no smile."""
CRYING_TOO = (0, 0, 9, 11, 15, 16, 26, 43, 44)
"""One of these goes with it; 0 stands for none."""
SPEECH = (
    (25, 26),
    (25, 26, 18),
    (25, 22),
    (25, 20),
    (24,),
    (25, 16, 26),
    (25, 26, 12),
    (25, 10, 26),
    (28, 26),
)
"""Visemes, roughly: open, rounded, funnelled, spread, closed, lower teeth, smiling, upper teeth, bilabial."""
EXCLUSIVE: tuple[tuple[int, ...], ...] = (
    (5, 41, 42, 43, 44, 45, 46),
    (8, 24, 28, 32, 33, 34),
    (26, 27),
    (19, 37, 36, 32),
    (24, 25),
    (38, 39),
    (18, 20),
    (12, 13),
    (33, 34, 35, 36),
    (27, 8, 23, 24, 28, 32, 33, 34, 35),
    (34, 16, 19, 20, 22, 25, 26, 37),
    (18, 22, 28, 32),
)
"""Of each group one may show at a time."""
REGIONS: tuple[tuple[float, tuple[tuple[int, ...], ...]], ...] = (
    (0.70, ((1,), (2,), (4,), (1, 2), (1, 4), (1, 2, 4))),
    (0.85, ((5,), (5,), (6,), (7,), (6, 7), (41,), (42,), (43,), (44,), (46,), (5, 7))),
    (0.80, ((9,), (10,), (11,), (11,), (38,), (38,), (39,), (39,), (9, 10))),
    (0.65, ((12,), (13,), (14,), (15,), (20,), (12, 14))),
    (
        0.90,
        (
            *((8,), (8,), (16,), (16,), (17,), (17, 24), (18,), (19,), (19,), (22,), (23,), (23,), (24,)),
            *((18,), (22,), (25,), (28,), (28,), (32,), (32,), (33,), (33,), (37,), (37,)),
        ),
    ),
    (0.50, ((34,), (35,), (36,))),
    (0.60, ((26,), (27,), (29,), (30,), (31,))),
    (0.08, ((21,),)),
)
"""Brows, lids, nose, corners of the mouth, lips, cheeks, jaw, neck: how often each shows anything, and what.
Regions move apart from each other here, so that a frame teaches several AUs and no AU stands for another."""

_KINDS: tuple[tuple[str, float], ...] = (
    ("regions", 0.68),
    ("single", 0.04),
    ("combination", 0.12),
    ("crying", 0.08),
    ("speech", 0.03),
    ("calm", 0.05),
)
_LID_AUS = (41, 42, 43, 44, 45, 46)
_FULL_LIDS = (43, 45, 46)
_SPEECH_OVER, _BLINK_OVER = 0.08, 0.04
_UNEQUAL, _ONE_SIDED = 0.2, 0.08
_PARTS_FROM = 3.0
"""Intensity of AU9 or AU10 from which the rig parts the lips."""


@dataclass(frozen=True, slots=True)
class Expression:
    """What a face shows in one frame."""

    intensities: F32
    """(44, 2) left and right, 0-5."""
    gaze: Gaze
    wipe: float
    kind: str


def draw(rng: np.random.Generator) -> Expression:
    """An expression, the kinds with their declared frequencies."""
    names = [name for name, _ in _KINDS]
    kind = str(rng.choice(names, p=[share for _, share in _KINDS]))
    wanted = _DRAWS[kind](rng)
    if rng.random() < _SPEECH_OVER:
        wanted = _speech(rng) | wanted
    if rng.random() < _BLINK_OVER:
        wanted[45] = _closed(rng)
    return Expression(_sides(_settled(wanted, rng), rng), _gaze(rng), float(rng.uniform(-1, 1)), kind)


def near_neutral(rng: np.random.Generator, habit: F32) -> Expression:
    """A frame that passes for the person's neutral: `habit` (44, 2) and traces of anything."""
    traces = np.zeros((AU_COUNT, 2), np.float32)
    for row in rng.choice(AU_COUNT, 3, replace=False):
        if AU_NUMBERS[row] not in _LID_AUS:
            traces[row] = rng.uniform(0, 0.5)
    return Expression(np.maximum(traces, habit), _gaze(rng, 0.5), 0.0, "neutral")


def habit(rng: np.random.Generator) -> F32:
    """(44, 2) what a person's calmest frames still show; nothing, for most."""
    held = np.zeros((AU_COUNT, 2), np.float32)
    if rng.random() < 0.2:
        au = int(rng.choice([1, 2, 4, 5, 6, 7, 12, 14, 15, 17, 23, 24, 25, 26]))
        held[AU_INDEX[au]] = rng.uniform(0.3, 1.5)
    return held


def _single(rng: np.random.Generator) -> dict[int, float]:
    wanted = {int(rng.choice(AU_NUMBERS)): float(rng.uniform(0.5, 5))}
    if rng.random() < 0.3:
        wanted.setdefault(int(rng.choice(AU_NUMBERS)), float(rng.uniform(0.5, 4)))
    return wanted


def _combination(rng: np.random.Generator) -> dict[int, float]:
    wanted = _together(rng, COMBINATIONS[int(rng.integers(len(COMBINATIONS)))])
    if rng.random() < 0.25:
        wanted.setdefault(int(rng.choice(AU_NUMBERS)), float(rng.uniform(0.5, 4)))
    return wanted


def _crying(rng: np.random.Generator) -> dict[int, float]:
    wanted = _together(rng, CRYING[int(rng.integers(len(CRYING)))])
    also = int(rng.choice(CRYING_TOO))
    if also:
        wanted[also] = float(rng.uniform(0.5, 4.5))
    return wanted


def _speech(rng: np.random.Generator) -> dict[int, float]:
    return _together(rng, SPEECH[int(rng.integers(len(SPEECH)))], 0.4, 3.5)


def _regions(rng: np.random.Generator) -> dict[int, float]:
    """Each region of the face by itself."""
    wanted: dict[int, float] = {}
    for often, choices in REGIONS:
        if rng.random() < often:
            for au in choices[int(rng.integers(len(choices)))]:
                wanted[au] = float(rng.uniform(0.5, 5))
    return wanted


def _calm(rng: np.random.Generator) -> dict[int, float]:
    return {int(au): float(rng.uniform(0, 0.8)) for au in rng.choice(AU_NUMBERS[:18], 2, replace=False)}


_DRAWS: dict[str, Callable[[np.random.Generator], dict[int, float]]] = {
    "regions": _regions,
    "single": _single,
    "combination": _combination,
    "crying": _crying,
    "speech": _speech,
    "calm": _calm,
}


def _closed(rng: np.random.Generator) -> float:
    """Intensity of lids that meet, or nearly so."""
    return float(rng.uniform(4, 5))


def _together(
    rng: np.random.Generator, units: tuple[int, ...], low: float = 0.7, high: float = 5.0
) -> dict[int, float]:
    """AUs of one display: a common strength, each its own share, now and then one missing."""
    strength = rng.uniform(low, high)
    drawn = {au: float(strength * rng.uniform(0.5, 1.15)) for au in units if rng.random() > 0.12}
    return drawn or {units[0]: float(strength)}


def _settled(wanted: dict[int, float], rng: np.random.Generator) -> dict[int, float]:
    """Without what excludes each other, and with what FACS scores along."""
    for group in EXCLUSIVE:
        present = [au for au in group if au in wanted]
        if len(present) > 1:
            keep = int(rng.choice(present))
            for au in present:
                if au != keep:
                    del wanted[au]
    for au in _FULL_LIDS:
        if au in wanted:
            wanted[au] = _closed(rng)
    for au, intensity in list(wanted.items()):
        for companion in BY_AU[au].companions:
            wanted[companion] = max(wanted.get(companion, 0.0), float(intensity * rng.uniform(0.5, 1)))
    forced = max(wanted.get(9, 0.0), wanted.get(10, 0.0)) - _PARTS_FROM
    if forced > 0 and 24 not in wanted:
        wanted[25] = max(wanted.get(25, 0.0), forced)
    return wanted


def _sides(wanted: dict[int, float], rng: np.random.Generator) -> F32:
    """(44, 2): left and right, alike in most faces."""
    result = np.zeros((AU_COUNT, 2), np.float32)
    upper, lower = (_balance(rng) for _ in range(2))
    for au, intensity in wanted.items():
        row = AU_INDEX[au]
        balance = lower if ACTION_UNITS[row].group in ("lower", "mid") else upper
        if au in ONE_SIDED:
            balance = np.roll(np.array([1, 0], np.float32), int(rng.integers(2)))
        elif au in (43, 45):
            balance = np.ones(2, np.float32)
        result[row] = intensity * balance if ACTION_UNITS[row].sided else intensity
    return np.clip(result, 0, 5)


def _balance(rng: np.random.Generator) -> F32:
    """(2,) share of the intensity that the left and the right side take."""
    balance = np.ones(2, np.float32)
    drawn = rng.random()
    weak = int(rng.integers(2))
    if drawn < _ONE_SIDED:
        balance[weak] = 0
    elif drawn < _ONE_SIDED + _UNEQUAL:
        balance[weak] = rng.uniform(0.3, 0.9)
    return balance


def _gaze(rng: np.random.Generator, scale: float = 1.0) -> Gaze:
    yaw, pitch = rng.normal(0, (11 * scale, 8 * scale))
    if rng.random() < 0.12:
        pitch -= 15 * scale
    return Gaze(float(np.clip(yaw, -35, 35)), float(np.clip(pitch, -30, 25)))
