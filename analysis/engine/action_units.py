"""The 44 Action Units as data: code, name, muscle, group, sides.

Names and muscles follow the Facial Action Coding System (Ekman & Friesen) as tabulated by
Tian, Kanade & Cohn, IEEE TPAMI 23(2), 2001, a table known second hand; the set of 44 (30 with an
anatomical basis, 14 miscellaneous) is theirs. Of Kanade, Cohn & Tian, Comprehensive database for facial
expression analysis, 2000, the page with the units of the eyes and the miscellaneous ones was read. The four
groups are the product's own way of showing them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Name = TypeVar("Name")


class Group(StrEnum):
    UPPER = "upper"
    MID = "mid"
    EYE = "eye"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class ActionUnit:
    """One Action Unit of FACS.

    `sided` says whether FACS lets it be scored for the left and right half apart.
    """

    number: int
    name: str
    muscle: str
    group: Group
    sided: bool

    @property
    def code(self) -> str:
        """Column name, `AU01` to `AU46`."""
        return f"AU{self.number:02d}"


_U, _M, _E, _L = Group.UPPER, Group.MID, Group.EYE, Group.LOWER

ACTION_UNITS: tuple[ActionUnit, ...] = (
    ActionUnit(1, "Inner brow raiser", "Frontalis, medial part", _U, True),
    ActionUnit(2, "Outer brow raiser", "Frontalis, lateral part", _U, True),
    ActionUnit(4, "Brow lowerer", "Corrugator supercilii, depressor supercilii, procerus", _U, True),
    ActionUnit(5, "Upper lid raiser", "Levator palpebrae superioris", _U, True),
    ActionUnit(6, "Cheek raiser", "Orbicularis oculi, orbital part", _U, True),
    ActionUnit(7, "Lid tightener", "Orbicularis oculi, palpebral part", _U, True),
    ActionUnit(8, "Lips toward each other", "Orbicularis oris", _L, False),
    ActionUnit(9, "Nose wrinkler", "Levator labii superioris alaeque nasi", _M, True),
    ActionUnit(10, "Upper lip raiser", "Levator labii superioris", _M, True),
    ActionUnit(11, "Nasolabial deepener", "Zygomaticus minor", _M, True),
    ActionUnit(12, "Lip corner puller", "Zygomaticus major", _M, True),
    ActionUnit(13, "Sharp lip puller", "Levator anguli oris", _M, True),
    ActionUnit(14, "Dimpler", "Buccinator", _M, True),
    ActionUnit(15, "Lip corner depressor", "Depressor anguli oris", _M, True),
    ActionUnit(16, "Lower lip depressor", "Depressor labii inferioris", _L, True),
    ActionUnit(17, "Chin raiser", "Mentalis", _L, False),
    ActionUnit(18, "Lip pucker", "Incisivii labii superioris and inferioris", _L, False),
    ActionUnit(19, "Tongue show", "Tongue", _L, False),
    ActionUnit(20, "Lip stretcher", "Risorius, platysma", _L, True),
    ActionUnit(21, "Neck tightener", "Platysma", _L, False),
    ActionUnit(22, "Lip funneler", "Orbicularis oris", _L, False),
    ActionUnit(23, "Lip tightener", "Orbicularis oris", _L, False),
    ActionUnit(24, "Lip pressor", "Orbicularis oris", _L, False),
    ActionUnit(
        25, "Lips part", "Depressor labii inferioris, or relaxed mentalis or orbicularis oris", _L, False
    ),
    ActionUnit(26, "Jaw drop", "Masseter; relaxed temporalis and internal pterygoid", _L, False),
    ActionUnit(27, "Mouth stretch", "Pterygoids, digastric", _L, False),
    ActionUnit(28, "Lip suck", "Orbicularis oris", _L, False),
    ActionUnit(29, "Jaw thrust", "Pterygoids", _L, False),
    ActionUnit(30, "Jaw sideways", "Pterygoids", _L, True),
    ActionUnit(31, "Jaw clencher", "Masseter", _L, False),
    ActionUnit(32, "Lip bite", "Jaw and lip muscles", _L, False),
    ActionUnit(33, "Cheek blow", "Buccinator, orbicularis oris", _L, False),
    ActionUnit(34, "Cheek puff", "Buccinator, orbicularis oris", _L, True),
    ActionUnit(35, "Cheek suck", "Buccinator", _L, True),
    ActionUnit(36, "Tongue bulge", "Tongue", _L, True),
    ActionUnit(37, "Lip wipe", "Tongue", _L, False),
    ActionUnit(38, "Nostril dilator", "Nasalis, alar part", _M, False),
    ActionUnit(39, "Nostril compressor", "Nasalis, transverse part; depressor septi nasi", _M, False),
    ActionUnit(41, "Lid droop", "Relaxed levator palpebrae superioris", _E, True),
    ActionUnit(42, "Slit", "Orbicularis oculi", _E, True),
    ActionUnit(43, "Eyes closed", "Relaxed levator palpebrae superioris", _E, True),
    ActionUnit(44, "Squint", "Orbicularis oculi", _E, True),
    ActionUnit(45, "Blink", "Relaxed levator palpebrae; orbicularis oculi", _E, True),
    ActionUnit(46, "Wink", "Orbicularis oculi", _E, True),
)

AU_COUNT = len(ACTION_UNITS)
AU_NUMBERS: tuple[int, ...] = tuple(au.number for au in ACTION_UNITS)
AU_INDEX: dict[int, int] = {au.number: i for i, au in enumerate(ACTION_UNITS)}
"""From an AU's number to its row in every (44, n) array."""

MISCELLANEOUS: frozenset[int] = frozenset({8, 19, 21, *range(29, 40)})
"""AUs of which FACS names no muscle, by table 2 of Kanade, Cohn & Tian 2000.
The muscles that stand above for them are our own reading."""

OTHER_MUSCLES: dict[int, str] = {42: "Depressor supercilii", 44: "Corrugator supercilii"}
"""Where sources differ on the muscle: that of Py-Feat's Action Unit Reference (docs/pages/au_reference.md).
The one above is that of Kanade, Cohn & Tian 2000, table 1."""

LETTER_THRESHOLDS: tuple[tuple[str, float], ...] = (
    ("E", 4.5),
    ("D", 3.5),
    ("C", 2.5),
    ("B", 1.5),
    ("A", 0.5),
)
"""FACS letters on the declared 0-5 scale; the cuts are the product's own, midway between whole points."""

PRESENT_FROM = 1.5
"""An AU is present from letter B."""


def stretches(cuts: Iterable[tuple[Name, float]], most: float) -> list[tuple[Name, float, float]]:
    """Each name with its bounds, in rising order; it ends where the next begins, the last at `most`."""
    rising = sorted(cuts, key=lambda cut: cut[1])
    ends = [low for _name, low in rising[1:]] + [most]
    return [(name, low, end) for (name, low), end in zip(rising, ends, strict=True)]


def letter(intensity: float) -> str:
    """FACS letter A-E of an intensity 0-5, or the empty string below A."""
    return next((name for name, low in LETTER_THRESHOLDS if intensity >= low), "")
