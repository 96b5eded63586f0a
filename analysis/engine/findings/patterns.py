"""The emotion states that are looked for, as combinations of Action Units.

These are the prototypes of EMFACS as they are commonly listed. A prototype says which units a display of
that name is made of; it says nothing about what a person feels (Barrett, Adolphs, Marsella, Martinez &
Pollak 2019), and many displays match none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

VERSION = "1"
SCORABLE_SHARE = 0.6
"""Share of a pattern's parts that the model must be able to score for it to be looked for at all."""

EMFACS = "EMFACS-style prototype, as listed in machanic/au_r-cnn issue 10"
DISGUST = "FACS 2002, table 10-1, as quoted by Pochedly et al. 2012: AU9 and/or AU10"


@dataclass(frozen=True, slots=True)
class Part:
    """What must be seen: any one of `aus`, complete from intensity `full` on."""

    aus: tuple[int, ...]
    full: float = 3.0
    """From C on a unit is taken to be fully part of the display; the product's own choice."""


@dataclass(frozen=True, slots=True)
class Pattern:
    key: str
    parts: tuple[Part, ...]
    source: str
    one_sided: bool = False
    """All parts on the same side of the face, and not on the other."""

    def known(self, unknown: Callable[[int], bool]) -> list[Part]:
        """The parts with an AU that is not `unknown`; none where they are too few to look for the pattern."""
        parts = [part for part in self.parts if not all(map(unknown, part.aus))]
        return parts if len(parts) >= SCORABLE_SHARE * len(self.parts) else []


def _units(*aus: int) -> tuple[Part, ...]:
    return tuple(Part((au,)) for au in aus)


PATTERNS: tuple[Pattern, ...] = (
    Pattern("happiness", _units(6, 12), EMFACS),
    Pattern("sadness", _units(1, 4, 15), EMFACS),
    Pattern("surprise", (*_units(1, 2), Part((5,), 1.5), *_units(26)), EMFACS),
    Pattern("fear", _units(1, 2, 4, 5, 7, 20, 26), EMFACS),
    Pattern("anger", _units(4, 5, 7, 23), EMFACS),
    Pattern("disgust", (Part((9, 10)), *_units(15, 16)), f"{EMFACS}; {DISGUST}"),
    Pattern("contempt", (Part((12,), 1.5), Part((14,), 1.5)), EMFACS, one_sided=True),
)
