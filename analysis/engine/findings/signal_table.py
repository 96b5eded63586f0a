"""The three signals as one table: what each is made of, in which direction, and with what weight.

Every signal starts at 50 and moves by `direction * weight * level`, summed over its components, where a
level is 0 on a face that shows nothing and 1 at a full display. The weights that raise a signal add up to
50, and so do those that lower it: a signal stays within 0 and 100 by itself.

The signals are displays. Trust is affiliative display; Credibility is how consistent the display is within
the face and with the person's own range; Resistance is display of reserve and opposition. None says what a
person feels, means or knows: cues to that are weak (DePaulo et al. 2003). Weights and choices of components
are the product's own unless a source is given; a source tells why a component is there, not what it weighs.
"""

from dataclasses import dataclass
from enum import StrEnum

VERSION = "1"
OWN = "product's own choice"


class Kind(StrEnum):
    """How a component's level is read from the face, row by row."""

    STRONGEST = "strongest"
    """Intensity of the strongest of the AUs."""
    TOGETHER = "together"
    """Intensity of the weakest of the AUs: all must be shown."""
    AGAINST = "against"
    """The weaker of the first AU and of the strongest of the others: shown at the same time."""
    UNEVEN = "uneven"
    """Largest difference between the sides of any of the AUs."""
    EVEN = "even"
    """Of the strongest AU that both sides show, the weaker side."""
    UNUSUAL = "unusual"
    """How far the sum of the AUs lies over the person's own upper range in this track."""
    LOOKING_AWAY = "looking_away"
    NODDING = "nodding"
    SHAKING = "shaking"


@dataclass(frozen=True, slots=True)
class ComponentRule:
    """One component; `floor` and `full` are the intensities at which its level is 0 and 1."""

    key: str
    kind: Kind
    direction: int
    weight: float
    aus: tuple[int, ...] = ()
    floor: float = 0.5
    full: float = 4.0
    cap: float = 1.0
    """Highest level that counts in a window."""
    source: str = OWN


_SMILES = "Krumhuber & Manstead 2009: as frequent in posed as in spontaneous smiles; a display, and no more"
_DISGUST = "FACS 2002, table 10-1: core of the disgust display"
_SADNESS = "EMFACS-style prototype of sadness: 1+4+15"
_CONTEMPT = "EMFACS-style prototype of contempt: R12A+R14A"
_AGREEMENT = "Bousmalis, Mehu & Pantic: survey of cues to agreement and disagreement; cue list " + OWN
_ANGER = "EMFACS-style prototype of anger: 4+5+7+23"

SIGNALS: dict[str, tuple[ComponentRule, ...]] = {
    "trust": (
        ComponentRule("smile", Kind.STRONGEST, +1, 22, (12,)),
        ComponentRule("smile_with_cheeks", Kind.TOGETHER, +1, 14, (6, 12), source=_SMILES),
        ComponentRule("raised_brows", Kind.TOGETHER, +1, 6, (1, 2)),
        ComponentRule("nodding", Kind.NODDING, +1, 8, source=_AGREEMENT),
        ComponentRule("brow_lowering", Kind.STRONGEST, -1, 12, (4,), source=_ANGER),
        ComponentRule("nose_or_lip_raising", Kind.AGAINST, -1, 8, (4, 9, 10), source=_DISGUST),
        ComponentRule("corners_down", Kind.STRONGEST, -1, 8, (15,), source=_SADNESS),
        ComponentRule("lips_tightened", Kind.STRONGEST, -1, 6, (23, 24), source=_ANGER),
        ComponentRule("one_sided_mouth", Kind.UNEVEN, -1, 6, (12, 14), floor=1.0, source=_CONTEMPT),
        ComponentRule("looking_away", Kind.LOOKING_AWAY, -1, 10),
    ),
    "credibility": (
        ComponentRule("even_display", Kind.EVEN, +1, 32, (1, 2, 4, 6, 12, 15, 20)),
        ComponentRule("smile_with_cheeks", Kind.TOGETHER, +1, 18, (6, 12), source=_SMILES),
        ComponentRule("uneven_display", Kind.UNEVEN, -1, 15, (1, 2, 4, 12, 14, 15), floor=1.0),
        ComponentRule("smile_against_mouth", Kind.AGAINST, -1, 13, (12, 15, 17, 23, 24), full=3.0),
        ComponentRule("smile_against_brows", Kind.TOGETHER, -1, 10, (4, 12), full=3.0),
        ComponentRule(
            "outside_own_range", Kind.UNUSUAL, -1, 12, (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20)
        ),
    ),
    "resistance": (
        ComponentRule("brow_lowering", Kind.STRONGEST, +1, 12, (4,), source=_AGREEMENT),
        ComponentRule("dimpling", Kind.STRONGEST, +1, 6, (14,), source=_AGREEMENT),
        ComponentRule("corners_down", Kind.STRONGEST, +1, 5, (15,)),
        ComponentRule("chin_raised", Kind.STRONGEST, +1, 6, (17,), source=_AGREEMENT),
        ComponentRule("lips_tightened", Kind.STRONGEST, +1, 4, (23,), source=_AGREEMENT),
        ComponentRule("lips_pressed", Kind.STRONGEST, +1, 5, (24,), source=_AGREEMENT),
        ComponentRule("looking_away", Kind.LOOKING_AWAY, +1, 6, source=_AGREEMENT),
        ComponentRule("shaking", Kind.SHAKING, +1, 6, source=_AGREEMENT),
        ComponentRule("smile", Kind.STRONGEST, -1, 24, (12,)),
        ComponentRule("raised_brows", Kind.TOGETHER, -1, 10, (1, 2)),
        ComponentRule("nodding", Kind.NODDING, -1, 16, source=_AGREEMENT),
    ),
}
