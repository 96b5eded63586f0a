"""The three signals as one table: what each is made of, in which direction, and with what weight.

Every signal starts at 50 and moves by `direction * weight * level`, summed over its components, where a
level is 0 on a face that shows nothing and 1 at a full display. The weights that raise a signal add up to
50, and so do those that lower it: a signal stays within 0 and 100 by itself. Components of speech have their
weight in those sums already, so that values will mean the same once a voice is analysed too.

The signals are displays. Trust is affiliative display; Credibility is how consistent the display is within
the face and with the person's own range; Resistance is display of reserve and opposition. None says what a
person feels, means or knows: cues to that are weak (DePaulo et al. 2003). Weights and choices of components
are the product's own unless a source is given; a source tells why a component is there, not what it weighs.
"""

from dataclasses import dataclass
from enum import StrEnum

VERSION = "2"
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
    """By how much the AUs, added up, lie over the person's own upper range of each."""
    FADING = "fading"
    """Intensity of the AU in events that fade slowly, by how slowly (`FADE_SECONDS`)."""
    LOOKING_AWAY = "looking_away"
    NODDING = "nodding"
    SHAKING = "shaking"
    SPEECH = "speech"
    """Declared; nothing measures it yet."""


FADE_SECONDS = (0.2, 1.0)
"""Seconds from peak to nothing that count as no slow fading, and as a full one: the shortest and the longest
shown in Horic-Asselin et al. 2020."""


@dataclass(frozen=True, slots=True)
class ComponentRule:
    """One component; `floor` and `full` are the intensities at which its level is 0 and 1."""

    key: str
    kind: Kind
    direction: int
    weight: float
    """Points at level 1."""
    aus: tuple[int, ...] = ()
    floor: float = 0.5
    full: float = 4.0
    cap: float = 1.0
    """Highest level that counts."""
    source: str = OWN

    @property
    def available(self) -> bool:
        """False for a declared component that nothing measures yet."""
        return self.kind is not Kind.SPEECH

    @property
    def points(self) -> float:
        """Points that it moves its signal by at level 1, with their sign."""
        return self.direction * self.weight


_AFFECT = (
    "Oosterhof & Todorov 2009, Emotion 9:128-133: at the same intensity trustworthy-looking faces were seen "
    "as happier and untrustworthy-looking ones as angrier; taking {} for it is the " + OWN
)
_HAPPY = _AFFECT.format("a smile")
_ANGRY = _AFFECT.format("lowered brows")
_EYES = "Fernández-Martín et al. 2017, Psicothema 29:462-468: how trustworthy a smile looks rests on the eyes"
_SMILES = "Krumhuber & Manstead 2009: as frequent in posed as in spontaneous smiles; a display, and no more"
_FADING = (
    "Horic-Asselin et al. 2020, doi 10.3758/s13414-020-02080-5: how long a smile fades changes how it is "
    "judged, how long it rises alone does not"
)
_NODDING = "Osugi & Kawahara 2018, Perception: nodding figures were rated more approachable"
_SHAKING = "Bousmalis, Mehu & Pantic: survey of cues to agreement and disagreement; taking it up is " + OWN
_GAZE = (
    "Kaisler & Leder 2017, Front. Psychol. 8:259: faces that look at the viewer were rated most trustworthy"
)
_NEGATION = (
    "Benitez-Quiroz, Wilbur & Martinez 2016, Cognition 150:77-84: negation is shown with lowered brows, "
    "pressed lips and a raised chin"
)
_DISGUST = "FACS 2002, table 10-1: core of the disgust display"
_SADNESS = "EMFACS-style prototype of sadness: 1+4+15"
_CONTEMPT = "EMFACS-style prototype of contempt: R12A+R14A"
_ANGER = "EMFACS-style prototype of anger: 4+5+7+23"

SIGNALS: dict[str, tuple[ComponentRule, ...]] = {
    "trust": (
        ComponentRule("smile", Kind.STRONGEST, +1, 20, (12,), source=_HAPPY),
        ComponentRule("smile_with_cheeks", Kind.TOGETHER, +1, 10, (6, 12), source=f"{_EYES}; {_SMILES}"),
        ComponentRule("slow_fading_smile", Kind.FADING, +1, 6, (12,), source=_FADING),
        ComponentRule("raised_brows", Kind.TOGETHER, +1, 5, (1, 2)),
        ComponentRule("nodding", Kind.NODDING, +1, 9, source=_NODDING),
        ComponentRule("brow_lowering", Kind.STRONGEST, -1, 14, (4,), source=_ANGRY),
        ComponentRule("nose_or_lip_raising", Kind.AGAINST, -1, 8, (4, 9, 10), source=_DISGUST),
        ComponentRule("corners_down", Kind.STRONGEST, -1, 7, (15,), source=_SADNESS),
        ComponentRule("lips_tightened", Kind.STRONGEST, -1, 6, (23, 24), source=_ANGER),
        ComponentRule("one_sided_mouth", Kind.UNEVEN, -1, 5, (12, 14), floor=1.0, source=_CONTEMPT),
        ComponentRule("looking_away", Kind.LOOKING_AWAY, -1, 10, source=_GAZE),
    ),
    "credibility": (
        ComponentRule("even_display", Kind.EVEN, +1, 26, (1, 2, 4, 6, 12, 15, 20)),
        ComponentRule("smile_with_cheeks", Kind.TOGETHER, +1, 14, (6, 12), source=f"{_EYES}; {_SMILES}"),
        ComponentRule("voice_with_face", Kind.SPEECH, +1, 10),
        ComponentRule("uneven_display", Kind.UNEVEN, -1, 13, (1, 2, 4, 12, 14, 15), floor=1.0),
        ComponentRule("smile_against_mouth", Kind.AGAINST, -1, 10, (12, 15, 17, 23, 24), full=3.0),
        ComponentRule("smile_against_brows", Kind.TOGETHER, -1, 8, (4, 12), full=3.0, source=_EYES),
        ComponentRule("outside_own_range", Kind.UNUSUAL, -1, 9, (1, 2, 4, 6, 9, 10, 12, 14, 15, 17, 20)),
        ComponentRule("voice_against_face", Kind.SPEECH, -1, 6),
        ComponentRule("voice_outside_own_range", Kind.SPEECH, -1, 4),
    ),
    "resistance": (
        ComponentRule("brow_lowering", Kind.STRONGEST, +1, 12, (4,), source=_NEGATION),
        ComponentRule("negation", Kind.TOGETHER, +1, 8, (4, 17, 24), full=3.0, source=_NEGATION),
        ComponentRule("dimpling", Kind.STRONGEST, +1, 4, (14,)),
        ComponentRule("corners_down", Kind.STRONGEST, +1, 3, (15,)),
        ComponentRule("chin_raised", Kind.STRONGEST, +1, 5, (17,), source=_NEGATION),
        ComponentRule("lips_tightened", Kind.STRONGEST, +1, 3, (23,)),
        ComponentRule("lips_pressed", Kind.STRONGEST, +1, 5, (24,), source=_NEGATION),
        ComponentRule("looking_away", Kind.LOOKING_AWAY, +1, 5),
        ComponentRule("shaking", Kind.SHAKING, +1, 5, source=_SHAKING),
        ComponentRule("smile", Kind.STRONGEST, -1, 22, (12,)),
        ComponentRule("raised_brows", Kind.TOGETHER, -1, 10, (1, 2)),
        ComponentRule("nodding", Kind.NODDING, -1, 18, source=_NODDING),
    ),
}
