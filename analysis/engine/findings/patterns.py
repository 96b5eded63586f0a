"""The emotion states that are looked for, as combinations of Action Units.

The first seven are the prototypes of EMFACS as they are commonly listed, the others the compound states of
Du, Tao & Martinez 2014. A pattern says which units a display of that name is made of; it says nothing about
what a person feels (Barrett, Adolphs, Marsella, Martinez & Pollak 2019), and many displays match none.
"""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.engine.action_units import letter

VERSION = "2"
SCORABLE_SHARE = 0.6
"""Share of a pattern's parts that the model must be able to score for it to be looked for at all."""
FULL = 3.0
"""From C on a unit is taken to be fully part of a display; the product's own choice."""

EMFACS = "EMFACS-style prototype, as listed in machanic/au_r-cnn issue 10"
FACS_1978 = "FACS 1978, table 11-1, as quoted in Methods of Psychological Research 4(3)"
FACS_2002 = "FACS 2002, table 10-1, as quoted by Pochedly et al. 2012: AU9 and/or AU10"
DU = "Du, Tao & Martinez 2014 (PNAS 111), table 1, second hand from listings in public code"
OWN = "product's own choice"


@dataclass(frozen=True, slots=True)
class Part:
    """What must be seen: any one of `aus`, complete from intensity `full` on."""

    aus: tuple[int, ...]
    full: float = FULL

    @property
    def code(self) -> str:
        """`9/10`; with a letter where less than C is enough: `5B`."""
        enough = letter(self.full) if self.full < FULL else ""
        return "/".join(f"{au}{enough}" for au in self.aus)


@dataclass(frozen=True, slots=True)
class Pattern:
    key: str
    parts: tuple[Part, ...]
    source: str
    usual: tuple[int, ...] = ()
    """AUs that most people who show the state show as well: they round the display off."""
    against: tuple[int, ...] = ()
    """AUs by which a richer combination of the table that holds all of these parts differs from it."""
    one_sided: bool = False
    """All parts on the same side of the face, and not on the other."""

    @property
    def code(self) -> str:
        """The combination in FACS notation: `1+2+5B+26/27`, one-sided `R12B+R14B/L12B+L14B`."""
        if not self.one_sided:
            return "+".join(part.code for part in self.parts)
        return "/".join("+".join(f"{side}{part.code}" for part in self.parts) for side in "RL")

    @property
    def aus(self) -> tuple[int, ...]:
        """Of all parts, in rising order."""
        return tuple(sorted(au for part in self.parts for au in part.aus))

    def known(self, unknown: Callable[[int], bool]) -> tuple[Part, ...]:
        """The parts without what is `unknown` of them; none where too few are left to look for it."""
        parts = [
            Part(tuple(au for au in part.aus if not unknown(au)), part.full)
            for part in self.parts
            if not all(map(unknown, part.aus))
        ]
        return tuple(parts) if len(parts) >= SCORABLE_SHARE * len(self.parts) else ()


def _units(*aus: int) -> tuple[Part, ...]:
    return tuple(Part((au,)) for au in aus)


_JAW = Part((26, 27))
"""AU27 opens a jaw that AU26 has dropped; that it may stand for it is the product's own choice."""
_JAW_SOURCE = f"AU27 for AU26: {OWN}"

PATTERNS: tuple[Pattern, ...] = (
    Pattern("happiness", _units(6, 12), EMFACS),
    Pattern("sadness", _units(1, 4, 15), EMFACS),
    Pattern(
        "surprise",
        (*_units(1, 2), Part((5,), 1.5), _JAW),
        f"{EMFACS}; {_JAW_SOURCE}",
        against=(4, 20),
    ),
    Pattern("fear", (*_units(1, 2, 4, 5, 7, 20), _JAW), f"{EMFACS}; {_JAW_SOURCE}"),
    Pattern("anger", (*_units(4, 5, 7), Part((23, 24))), f"{EMFACS}; AU24 for AU23: {FACS_1978}"),
    Pattern(
        "disgust",
        (Part((9, 10)), Part((15, 17))),
        f"{EMFACS}: 9+15+16; {FACS_2002}; AU17 for AU15: {FACS_1978}",
        usual=(16,),
    ),
    Pattern("contempt", (Part((12,), 1.5), Part((14,), 1.5)), EMFACS, one_sided=True),
    Pattern("happily_surprised", _units(1, 2, 12, 25), DU, usual=(5, 26)),
    Pattern("happily_disgusted", _units(10, 12, 25), DU, usual=(6, 9)),
    Pattern("sadly_fearful", _units(1, 4, 20, 25), DU, against=(10,)),
    Pattern("sadly_angry", _units(4, 15), DU, usual=(17,), against=(1,)),
    Pattern("sadly_surprised", (*_units(1, 4, 25), _JAW), f"{DU}; {_JAW_SOURCE}"),
    Pattern("sadly_disgusted", _units(4, 10), DU, usual=(6, 15), against=(20,)),
    Pattern("fearfully_angry", _units(4, 20, 25), DU, against=(1,)),
    Pattern("fearfully_surprised", _units(1, 2, 5, 20, 25), DU, usual=(26,)),
    Pattern("fearfully_disgusted", _units(1, 4, 10, 20, 25), DU, usual=(2, 5)),
    Pattern("angrily_surprised", (*_units(4, 25), _JAW), f"{DU}; {_JAW_SOURCE}", usual=(7,), against=(1,)),
    Pattern("angrily_disgusted", _units(4, 10, 17), DU, usual=(7, 9)),
    Pattern("disgustedly_surprised", _units(1, 2, 5, 10), DU, usual=(17,)),
    Pattern("appalled", _units(4, 10), DU, usual=(9, 17), against=(20,)),
    Pattern("hatred", _units(4, 10), DU, usual=(7, 17), against=(20,)),
    Pattern("awed", _units(1, 2, 5, 25), DU, usual=(20, 26)),
)
