"""The 44 Action Units as compositions of the head model's shapes: one table.

`parts` are shape weights at intensity E. A shape whose name exists in the model only with `_L` and `_R`
takes the AU's left and right intensity; the sculpted ones (`sculpts.SCULPTS`) are such. What each AU changes
and how it is told from others is written from the Facial Action Coding System's definitions as tabulated by
Tian, Kanade & Cohn, IEEE TPAMI 23(2), 2001 (`TIAN`); which shape carries which AU follows the names of
ICT FaceKit's own shapes (`SHAPE`) or is sculpted here (`SCULPT`). Muscles stand in
`analysis.engine.action_units`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where the geometry comes from."""

    SHAPE = "a shape of the head model"
    MIX = "several shapes of the head model"
    SCULPT = "sculpted here, alone or over the model's shapes"


class Course(StrEnum):
    """How the AU runs in time, where FACS defines it by that."""

    HELD = "held"
    BLINK = "blink"
    """Closed and open again within half a second."""
    WINK = "wink"
    """As a blink, one eye."""
    BITE = "bite"
    WIPE = "wipe"
    """The tongue passes along the lips."""


@dataclass(frozen=True, slots=True)
class Part:
    shape: str
    weight: float


@dataclass(frozen=True, slots=True)
class Composition:
    au: int
    parts: tuple[Part, ...]
    change: str
    """What can be seen."""
    confused_with: tuple[int, ...]
    source: Source
    course: Course = Course.HELD
    companions: tuple[int, ...] = ()
    """AUs that FACS scores along with it as a rule; a single picture of it shows them."""
    floor: float = 0.0
    """Share of the movement that the least of it shows: a closed eye is closed at any intensity."""

    def weight(self, intensity: float) -> float:
        """Share 0-1 of the movement at an intensity 0-5; the floor is reached at A."""
        begun = min(max(intensity, 0.0) / A_FROM, 1.0)
        return self.floor * begun + (1 - self.floor) * shape_weight(intensity)


INTENSITY_WEIGHTS: tuple[float, ...] = (0.0, 0.12, 0.30, 0.55, 0.80, 1.0)
"""Share of the movement at intensity 0 to 5: A a trace, B slight, C and D the wide middle, E the most.
The steps are the product's own reading of the FACS letters."""


A_FROM = 0.5
"""Least intensity of letter A."""


def shape_weight(intensity: float) -> float:
    """Share 0-1 of the movement at an intensity 0-5, linear between the letters."""
    value = min(max(intensity, 0.0), 5.0)
    low = min(int(value), 4)
    return INTENSITY_WEIGHTS[low] + (value - low) * (INTENSITY_WEIGHTS[low + 1] - INTENSITY_WEIGHTS[low])


def _c(
    au: int,
    parts: dict[str, float],
    change: str,
    confused_with: tuple[int, ...],
    source: Source = Source.MIX,
    course: Course = Course.HELD,
    companions: tuple[int, ...] = (),
    floor: float = 0.0,
) -> Composition:
    return Composition(
        au,
        tuple(Part(*item) for item in parts.items()),
        change,
        confused_with,
        source,
        course,
        companions,
        floor,
    )


_SHAPE, _SCULPT = Source.SHAPE, Source.SCULPT

COMPOSITIONS: tuple[Composition, ...] = (
    _c(
        1,
        {"browInnerUp": 1.0, "browOblique": 0.6},
        "Inner ends of the brows rise; lines across the middle of the forehead.",
        (2, 4),
        _SCULPT,
    ),
    _c(2, {"browOuterUp": 1.1}, "Outer ends of the brows rise; lines above them.", (1, 5), _SHAPE),
    _c(
        4,
        {"browDown": 1.0, "browKnit": 1.0},
        "Brows lowered and drawn together; upright furrows between them.",
        (9, 7),
        _SCULPT,
    ),
    _c(
        5,
        {"eyeWide": 1.3},
        "Upper lids rise; more of the iris shows, when strong white above it.",
        (1, 2),
        _SHAPE,
    ),
    _c(
        6,
        {"cheekRaiser": 1.0, "cheekSquint": 0.5, "eyeSquint": 0.35},
        "Cheeks lifted towards the eyes; crow's feet, a furrow under the eye.",
        (7, 12),
    ),
    _c(
        7,
        {"eyeSquint": 1.3, "eyeBlink": 0.16},
        "Lids tightened, the lower raised and straight; the cheek stays.",
        (6, 44),
    ),
    _c(
        8,
        {"jawOpen": 0.30, "lipsTowards": 1.0, "mouthClose": 0.16},
        "Lips drawn towards each other before parted teeth.",
        (24, 28),
        _SCULPT,
        companions=(25,),
    ),
    _c(
        9,
        {"noseSneer": 1.0, "lipsTowards": 0.45, "browDown": 0.35, "browKnit": 0.3, "eyeSquint": 0.2},
        "Skin beside and over the nose's root pulled up and wrinkled; wings lifted, brows' ends lowered.",
        (10, 4),
    ),
    _c(
        10,
        {"mouthUpperUp": 1.1, "nasolabialDeepen": 0.25},
        "Upper lip raised, its middle most; an angular bend in the nasolabial fold.",
        (9, 11),
    ),
    _c(
        11,
        {"nasolabialDeepen": 1.0},
        "The middle of the nasolabial fold deepens; the upper lip lifts a little, sideways.",
        (10, 12),
        _SCULPT,
    ),
    _c(
        12,
        {"mouthSmile": 1.0, "cheekSquint": 0.15},
        "Corners of the mouth pulled back and up; the fold deepens.",
        (6, 13, 14),
    ),
    _c(
        13,
        {"cornerSharp": 1.0, "mouthSmile": 0.30, "mouthStretch": -0.15},
        "Corners pulled straight up and narrow; cheeks puff out below the eyes.",
        (12, 11),
        _SCULPT,
    ),
    _c(
        14,
        {"mouthDimple": 0.85, "cornerDent": 0.8},
        "Corners drawn in tight; a dent and a swelling beside them.",
        (12, 20, 24),
        _SCULPT,
    ),
    _c(15, {"mouthFrown": 1.4}, "Corners of the mouth pulled down.", (17, 16, 20), _SHAPE),
    _c(
        16,
        {"mouthLowerDown": 1.5},
        "Lower lip pulled down and flat; lower teeth seen.",
        (15, 25, 26),
        _SHAPE,
        companions=(25,),
    ),
    _c(
        17,
        {"mouthShrugLower": 0.75, "mouthShrugUpper": 0.25, "chinBoss": 1.0},
        "Chin boss and lower lip pushed up; the chin's skin puckers.",
        (15, 24),
        _SCULPT,
    ),
    _c(
        18,
        {"mouthPucker": 1.0},
        "Mouth drawn together and pushed forward, small and round.",
        (22, 23),
        _SHAPE,
    ),
    _c(
        19,
        {"jawOpen": 0.32, "mouthLowerDown": 0.2, "tongueOut": 1.0, "tongueDown": 0.5},
        "The tongue passes the teeth.",
        (37, 36),
        _SCULPT,
        companions=(25, 26),
    ),
    _c(
        20,
        {"mouthStretch": 0.9, "mouthDimple": 0.4, "mouthSmile": 0.08, "mouthFrown": -0.25},
        "Mouth pulled straight back, long and flat.",
        (12, 14, 15),
    ),
    _c(
        21,
        {"neckCords": 1.0, "mouthStretch": 0.12, "mouthFrown": 0.15},
        "Cords stand out on the neck, its skin is drawn down.",
        (20, 15),
        _SCULPT,
    ),
    _c(
        22,
        {"mouthFunnel": 1.0, "jawOpen": 0.10},
        "Lips pushed out and turned outward like a funnel; teeth and gums may show.",
        (18, 25),
        companions=(25,),
    ),
    _c(
        23,
        {"lipsTight": 1.0, "mouthRollUpper": 0.22, "mouthRollLower": 0.22},
        "The red of the lips narrows, tight, the lips not pressed.",
        (24, 28),
        _SCULPT,
    ),
    _c(
        24,
        {"mouthPress": 0.7, "lipsPressed": 1.0},
        "Lips pressed together and thinner; skin bulges above and below.",
        (23, 28, 17),
        _SCULPT,
    ),
    _c(25, {"lipsApart": 1.0, "mouthLowerDown": 0.25}, "Lips parted; teeth may show.", (26, 16), _SCULPT),
    _c(26, {"jawOpen": 0.36}, "The jaw falls by relaxing; teeth part.", (25, 27), _SHAPE, companions=(25,)),
    _c(
        27,
        {"jawOpen": 0.92, "mouthFunnel": 0.08},
        "The mouth is pulled wide open, cheeks flat and stretched.",
        (26,),
        companions=(25,),
    ),
    _c(
        28,
        {"mouthRollLower": 1.0, "mouthRollUpper": 1.0, "jawOpen": 0.24, "lipsTowards": 0.2},
        "Lips sucked in over the teeth; their red is gone.",
        (24, 23, 8),
        _SCULPT,
    ),
    _c(29, {"jawForward": 1.1}, "The chin is pushed forward, lower teeth before the upper.", (17,), _SHAPE),
    _c(30, {"jawSide": 1.3}, "The chin is moved to one side.", (29,), _SHAPE),
    _c(31, {"masseter": 1.0}, "The jaw's muscle stands out at its angle.", (24, 34), _SCULPT),
    _c(
        32,
        {"lowerLipBitten": 1.0, "mouthRollLower": 0.65, "mouthUpperUp": 0.35, "jawOpen": 0.05},
        "Teeth hold the lip.",
        (28, 24),
        _SCULPT,
        Course.BITE,
    ),
    _c(
        33,
        {"cheekPuff": 0.6, "mouthFunnel": 0.35, "mouthPucker": 0.15, "lipsApart": 0.25},
        "Cheeks blown out, air leaving between the lips.",
        (34, 18),
        _SCULPT,
    ),
    _c(34, {"cheekPuff": 1.0}, "Cheeks puffed out, lips closed.", (33, 36), _SHAPE),
    _c(
        35,
        {"cheekHollow": 1.0, "mouthPucker": 0.30},
        "Cheeks sucked in; hollows below the cheekbones.",
        (18, 28),
        _SCULPT,
    ),
    _c(36, {"tongueInCheek": 1.0}, "The tongue bulges the cheek from inside.", (34,), _SCULPT),
    _c(
        37,
        {"jawOpen": 0.18, "tongueOut": 0.85, "tongueUp": 0.6},
        "The tongue wipes the lip.",
        (19,),
        _SCULPT,
        Course.WIPE,
        companions=(25,),
    ),
    _c(38, {"nostrilWide": 1.5}, "Nostrils flare.", (9, 39), _SCULPT),
    _c(39, {"nostrilNarrow": 1.0}, "Nostrils narrow, the tip of the nose is drawn down.", (38, 9), _SCULPT),
    _c(41, {"eyeBlink": 0.42}, "Upper lids droop.", (42, 43), _SHAPE),
    _c(
        42,
        {"eyeBlink": 0.72, "eyeSquint": 0.1},
        "Eyes open by a slit, lids relaxed.",
        (41, 43, 44),
        floor=0.64,
    ),
    _c(
        43,
        {"eyeBlink": 1.0},
        "Eyes closed, relaxed, for more than half a second.",
        (45, 42),
        _SHAPE,
        floor=0.8,
    ),
    _c(
        44,
        {"eyeSquint": 1.2, "eyeBlink": 0.48, "cheekSquint": 0.35, "browDown": 0.25},
        "Eyes squinted to a slit by tense lids.",
        (7, 42, 6),
    ),
    _c(45, {"eyeBlink": 1.0}, "Eyes closed and open again at once.", (43, 46), _SHAPE, Course.BLINK),
    _c(
        46,
        {"eyeBlink": 1.0, "eyeSquint": 0.6, "cheekRaiser": 0.45, "mouthSmile": 0.06},
        "One eye closed for a moment on purpose, its cheek tensed.",
        (45, 43),
        course=Course.WINK,
    ),
)

BY_AU: dict[int, Composition] = {composition.au: composition for composition in COMPOSITIONS}
ONE_SIDED: tuple[int, ...] = (30, 36, 46)
"""AUs that show on one side at a time by their definition, or as a rule."""
