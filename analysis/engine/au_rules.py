"""Which Action Units the geometry shows, and by which measures: the whole model as one table.

Each rule adds up how far some measures have moved from the person's neutral, takes off a dead zone,
and scales the rest so that `full` is intensity 5. `full` is the movement of a complete activation: first
set from the same measures on the expression shapes of an anatomical head model at full weight, then rounded
and held against real recordings. The rules are monotone in every measure.
"""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What of a measure's movement counts."""

    ALL = "all"
    RISE = "rise"
    FALL = "fall"


class Sides(StrEnum):
    """How an AU's two sides make its intensity."""

    MEAN = "mean"
    """Of both, a side turned away counting less."""
    EITHER = "either"
    """Of the one that shows it: the AU is one-sided by definition."""


@dataclass(frozen=True, slots=True)
class Term:
    measure: str
    weight: float
    part: Part = Part.ALL


@dataclass(frozen=True, slots=True)
class Rule:
    """One AU. Distances are in units of `geometry`."""

    au: int
    terms: tuple[Term, ...]
    dead: float
    """Movement that shows nothing: what calm, neutral faces do by themselves."""
    full: float
    """Movement of intensity 5."""
    yaw_leak: float
    """How far a turn of 30 degrees moves the sum on a face that shows nothing."""
    pitch_leak: float
    """The same for a nod of 20 degrees."""
    model_sd: float
    """Standard deviation (points) of what landmarks cannot tell about this AU however still they are."""
    sides: Sides = Sides.MEAN


_RISE, _FALL = Part.RISE, Part.FALL

RULES: tuple[Rule, ...] = (
    Rule(1, (Term("brow_inner", 1.0), Term("brow_outer", -0.25, _RISE)), 0.005, 0.055, 0.010, 0.014, 0.6),
    Rule(2, (Term("brow_outer", 1.0), Term("brow_inner", -0.15, _RISE)), 0.006, 0.065, 0.006, 0.020, 0.6),
    Rule(
        4,
        (Term("brow_side", -1.0), Term("brow_tilt", 1.0, _RISE), Term("brow_inner", -0.6, _FALL)),
        0.010,
        0.045,
        0.015,
        0.008,
        0.9,
    ),
    Rule(5, (Term("lid_over_iris", 1.0),), 0.006, 0.035, 0.005, 0.008, 0.8),
    Rule(
        6,
        (Term("cheek", 1.0), Term("lid_lower", 1.0), Term("corner_height", -0.10, _RISE)),
        0.008,
        0.070,
        0.010,
        0.015,
        0.8,
    ),
    Rule(7, (Term("lid_lower", 1.0), Term("eye_opening", 0.15, _FALL)), 0.004, 0.022, 0.005, 0.018, 0.9),
    Rule(9, (Term("nose_wing", 1.0), Term("upper_lip_side", -0.5, _RISE)), 0.020, 0.100, 0.012, 0.022, 1.0),
    Rule(
        10,
        (Term("upper_lip_side", 1.0), Term("corner_height", -0.25, _RISE)),
        0.010,
        0.085,
        0.006,
        0.020,
        0.8,
    ),
    Rule(12, (Term("corner_height", 1.0), Term("corner_width", 1.0)), 0.012, 0.185, 0.010, 0.018, 0.5),
    Rule(
        14, (Term("corner_depth", -1.0), Term("corner_height", -0.3, _RISE)), 0.012, 0.060, 0.010, 0.020, 1.0
    ),
    Rule(15, (Term("corner_over_lips", -1.0),), 0.003, 0.030, 0.005, 0.010, 0.8),
    Rule(17, (Term("lips_over_corners", 0.6), Term("lower_lip", 0.5)), 0.015, 0.100, 0.015, 0.020, 1.0),
    Rule(
        18,
        (Term("corner_width", -1.0), Term("lips_front", 0.5), Term("lip_gap", -0.2, _RISE)),
        0.020,
        0.085,
        0.015,
        0.020,
        0.8,
    ),
    Rule(20, (Term("corner_width", 1.0), Term("corner_over_lips", -1.5)), 0.025, 0.110, 0.012, 0.030, 0.9),
    Rule(
        24,
        (
            Term("upper_lip_red", -1.0),
            Term("lower_lip_red", -1.0),
            Term("lip_gap", -1.0, _RISE),
            Term("corner_width", -0.5, _RISE),
        ),
        0.012,
        0.070,
        0.008,
        0.018,
        1.0,
    ),
    Rule(25, (Term("lip_gap", 1.0),), 0.012, 0.200, 0.006, 0.006, 0.4),
    Rule(26, (Term("jaw", -1.0),), 0.030, 0.140, 0.040, 0.050, 0.8),
    Rule(27, (Term("jaw", -1.0),), 0.160, 0.300, 0.040, 0.050, 0.8),
    Rule(30, (Term("jaw_side", 1.0),), 0.020, 0.080, 0.010, 0.008, 0.9, Sides.EITHER),
)

LID_MODEL_SD = 0.6
"""As `Rule.model_sd`, for AU43, AU45 and AU46 (see `lids`)."""


class Why(StrEnum):
    """Why landmarks do not show an Action Unit."""

    SKIN = "shows in folds and bulges of the skin, which landmarks do not follow"
    MOUTH = "happens with tongue or teeth, which have no landmarks"
    NECK = "happens on the neck, which has no landmarks"
    DEPTH = "moves to the front or back, which one camera hardly sees"
    SMALL = "moves by less than the landmarks' jitter"
    ALIKE = "moves the landmarks as other units do"


UNSCORED: dict[int, tuple[Why, tuple[int, ...]]] = {
    8: (Why.ALIKE, (24,)),
    11: (Why.SKIN, ()),
    13: (Why.ALIKE, (12,)),
    16: (Why.ALIKE, (25, 26)),
    19: (Why.MOUTH, ()),
    21: (Why.NECK, ()),
    22: (Why.ALIKE, (18, 25)),
    23: (Why.ALIKE, (24,)),
    28: (Why.ALIKE, (24,)),
    29: (Why.DEPTH, ()),
    31: (Why.SKIN, ()),
    32: (Why.MOUTH, ()),
    33: (Why.DEPTH, ()),
    34: (Why.DEPTH, ()),
    35: (Why.SKIN, ()),
    36: (Why.MOUTH, ()),
    37: (Why.MOUTH, ()),
    38: (Why.SMALL, ()),
    39: (Why.SMALL, ()),
    41: (Why.ALIKE, (43,)),
    42: (Why.ALIKE, (43,)),
    44: (Why.ALIKE, (7,)),
}
"""The Action Units without a rule, the reason, and which units they would be taken for."""
