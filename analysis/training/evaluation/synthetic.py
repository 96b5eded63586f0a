"""Accuracy on rendered people whom no training has seen: per Action Unit, and in bands."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.engine import scoring
from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, AU_NUMBERS
from analysis.engine.au_network import Estimate
from analysis.engine.model_card import Grade, grade
from analysis.engine.types import F32
from analysis.training.evaluation.metrics import Flags
from analysis.training.evaluation.reading import Circumstances, Reading
from analysis.training.evaluation.scores import Score, score

TIMED = (43, 45, 46)
"""Told apart by time: still frames do not tell them (see `sequences`)."""
STILL = tuple(au for au in AU_NUMBERS if au not in TIMED)
_SHOWN, _HIDDEN = 0.75, 0.1
"""Share of an AU's skin from which it counts as in view, and under which it counts as hidden."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What the product prints of n frames, one number an AU; (44, n)."""

    truth: F32
    found: F32
    """NaN where it prints none."""
    spread: F32

    def of(self, au: int, rows: Flags) -> Score:
        """The score of those of `rows` (n,) that have a number."""
        row = AU_INDEX[au]
        kept = rows & np.isfinite(self.found[row])
        return score(self.truth[row, kept], self.found[row, kept], self.spread[row, kept])


def printed(reading: Reading) -> Printed:
    """Both sides made one as the engine does it, without what it takes to be hidden."""
    series = scoring.stills(Estimate(reading.found, reading.spread, reading.seen), reading.pose[:, 0])
    both = reading.truth.transpose(1, 0, 2)
    truth = np.where(scoring.STRONGER[:, None], both.max(axis=2), both.mean(axis=2))
    return Printed(np.asarray(truth, np.float32), series.intensity, series.spread)


def units(shown: Printed) -> dict[int, Score]:
    """The score of every AU that still frames show."""
    everything = np.ones(shown.truth.shape[1], bool)
    return {au: shown.of(au, everything) for au in STILL}


def sides(reading: Reading) -> dict[int, Score]:
    """Left and right apart, of AUs that FACS gives sides, where the model takes the side to be in view."""
    found = {}
    for unit in ACTION_UNITS:
        if unit.sided and unit.number in STILL:
            row = AU_INDEX[unit.number]
            kept = reading.seen[:, row] >= scoring.VISIBLE_FROM
            truth, estimate, spread = (
                values[:, row][kept] for values in (reading.truth, reading.found, reading.spread)
            )
            found[unit.number] = score(truth, estimate, spread)
    return found


def visibility(reading: Reading) -> dict[str, float]:
    """Of sides of AUs that are hidden, and of those in view: the share that gets no number."""
    still = [AU_INDEX[au] for au in STILL]
    silent = reading.seen[:, still] < scoring.VISIBLE_FROM
    shown = reading.shown[:, still]
    hidden, plain = shown <= _HIDDEN, shown >= _SHOWN
    return {
        "hidden": int(hidden.sum()),
        "hidden_not_printed": round(float(silent[hidden].mean()), 4),
        "in_view": int(plain.sum()),
        "in_view_not_printed": round(float(silent[plain].mean()), 4),
    }


def bands(shown: Printed, reading: Reading) -> dict[str, Any]:
    """Mean figures of the AUs of grade A to C, by what may make a face hard to read; ICC(3,1) of each AU."""
    whole = units(shown)
    good = [au for au, found in whole.items() if grade(found.icc) is not Grade.D]
    return {
        kind: {name: _band(shown, rows, good) for name, rows in groups.items()}
        for kind, groups in groups_of(reading).items()
    }


def groups_of(reading: Reading) -> dict[str, dict[str, Flags]]:
    """Rows (n,) by kind of circumstance and band; bands of light overlap, the others do not."""
    yaw, around = np.abs(reading.pose[:, 0]), reading.around
    return {
        "pose": {"0-15": yaw < 15, "15-30": (yaw >= 15) & (yaw < 30), "30-45": yaw >= 30},
        "light": _lights(around),
        "skin": {
            "1-3": around.tone < 3.5,
            "4-7": (around.tone >= 3.5) & (around.tone < 7.5),
            "8-10": around.tone >= 7.5,
        },
        "occlusion": {"uncovered": ~around.covered, "covered": around.covered},
        "looks": {
            "glasses": around.glasses,
            "no_glasses": ~around.glasses,
            "facial_hair": around.bearded,
            "no_facial_hair": ~around.bearded,
            "smooth": around.age < 0.4,
            "lined": around.age >= 0.4,
        },
    }


def _lights(around: Circumstances) -> dict[str, Flags]:
    aside = np.abs(around.azimuth)
    return {
        "front": aside < 30,
        "side": aside >= 30,
        "dim": around.exposure < 0.65,
        "bright": around.exposure >= 0.65,
        "as_neutral": ~around.relit,
        "changed": around.relit,
    }


def _band(shown: Printed, rows: Flags, good: list[int]) -> dict[str, Any]:
    found = {au: shown.of(au, rows) for au in good}
    names = ("icc", "r", "mae", "f1", "skew_f1", "inside")
    means = {
        name: round(float(np.mean([getattr(one, name) for one in found.values()])), 4) if found else 0.0
        for name in names
    }
    each = {str(au): round(one.icc, 4) for au, one in found.items()}
    return {"frames": int(rows.sum()), **means, "action_units": each}
