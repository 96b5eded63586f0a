"""Rendered twins: the same person, showing the same, filmed alike, but for one thing.

Every person is filmed once as drawn (without glasses, in even light) and once for each other group of each
kind: another skin tone, face shape, depth of lines, light, or glasses. Who stands in no group of a kind by
himself is filmed in each of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from analysis.engine.types import F32, F64
from analysis.training import facekit
from analysis.training.courses import BLINK, Timing
from analysis.training.evaluation.findings import scripts
from analysis.training.evaluation.findings.recordings import SIZE, Order
from analysis.training.facekit import FaceKit
from analysis.training.generator.people import SHAPE_SPREAD
from analysis.training.generator.scenes import Recording
from analysis.training.generator.sequences import Activation, Actor, Key, Parts, Script, Setting
from analysis.training.renderer.look import Look
from analysis.training.renderer.render import Dressed, Renderer
from analysis.training.renderer.scene import Light, Lighting

FPS = Fraction(8)
SECONDS = 8.0
AS_DRAWN = "as_drawn"
"""Of the group that a person is in without any change."""
SKIN = {f"monk_{tone}": float(tone) for tone in (2, 4, 6, 8, 10)}
AGE = {"smooth": 0.05, "some_lines": 0.5, "deep_lines": 0.95}
"""Depth of the lines at rest; the skin creases as readily as it does at that depth in the mean."""
GLASSES = {"no_glasses": 0.0, "thin_glasses": 0.1, "thick_glasses": 0.4}
"""cm, width of the frame."""
LIGHT: dict[str, Lighting] = {
    "even": Lighting(),
    "side": Lighting((Light(70, 20, (1.6, 1.55, 1.5), 1.0),), sky=(0.3, 0.3, 0.3), ground=(0.2, 0.2, 0.2)),
    "above": Lighting((Light(5, 65, (1.6, 1.55, 1.5), 1.0),), sky=(0.4, 0.4, 0.4), ground=(0.15, 0.15, 0.15)),
    "dim": replace(Lighting(), exposure=0.4),
    "bright": replace(Lighting(), exposure=1.15),
}
EXTREME = 2.0
"""Deviations, of the people that training saw, by which a shape is off the mean."""
_MEASURES: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "face": ((234, 454, 0), (10, 152, 1)),
    "nose": ((129, 358, 0), (6, 2, 1)),
    "lips": ((0, 17, 1), (61, 291, 0)),
    "eyes": ((27, 145, 1), (33, 133, 0)),
}
"""Two distances between landmarks along an axis (0 across, 1 up); the first is divided by the other."""
SHAPE = {
    "long_face": ("face", -1),
    "wide_face": ("face", 1),
    "narrow_nose": ("nose", -1),
    "broad_nose": ("nose", 1),
    "thin_lips": ("lips", -1),
    "full_lips": ("lips", 1),
    "narrow_eyes": ("eyes", -1),
    "open_eyes": ("eyes", 1),
}
KINDS: dict[str, tuple[str, ...]] = {
    "skin": tuple(SKIN),
    "shape": tuple(SHAPE),
    "age": tuple(AGE),
    "light": tuple(LIGHT),
    "glasses": tuple(GLASSES),
}
_UNCHANGED = {"light": "even", "glasses": "no_glasses"}
_LOOKS = ("skin", "age", "glasses")
"""Kinds of which every group has a look of its own."""
_SEED = 60_000_000
_LOOK_APART = 1_000_000
_SCRIPT = 1
"""Beside the seed, of scripts."""
_DISPLAYS = ("smile", "prototype", "tense", "regions")
"""What everybody shows once, in an order of his own."""
_STARTS = (0.9, 2.6, 4.3, 6.0)
_HELD = Timing(0.3, 0.7, 0.35)


@dataclass(frozen=True, slots=True)
class Twin(Order):
    """One film of a person; `group` is one of `KINDS[kind]`, or the person is as drawn."""

    kind: str = AS_DRAWN
    group: str = AS_DRAWN

    def actor(self, parts: Parts) -> Actor:
        """The person drawn, but for the one thing."""
        drawn = np.random.default_rng(self.identity).normal(0, SHAPE_SPREAD, facekit.IDENTITIES)
        shape = reshaped(drawn, parts.rig.kit, self.group) if self.kind == "shape" else drawn
        return Actor(parts.rig.person(shape), _dressed(parts.renderer, self.appearance()))

    def appearance(self) -> Look:
        """Of the skin and of what is worn. Freckles and tears would be seen on some tones alone."""
        look = Look.random(np.random.default_rng(self.look))
        look = replace(look, freckles=0.0, tears=0.0, glasses=0.0)
        match self.kind:
            case "skin":
                return replace(look, tone=SKIN[self.group])
            case "age":
                age = AGE[self.group]
                return replace(look, age=age, creasing=0.35 + 0.6 * age)
            case "glasses":
                return replace(look, glasses=GLASSES[self.group])
            case _:
                return look

    def setting(self) -> tuple[Setting, Recording | None]:
        """A plain wall, and a clean picture."""
        plain = Setting.plain((SIZE, SIZE))
        return (replace(plain, lighting=LIGHT[self.group]) if self.kind == "light" else plain), None


@lru_cache(maxsize=1)
def _dressed(renderer: Renderer, look: Look) -> Dressed:
    """It takes as long as dozens of frames, and twins of other shape or in other light look alike."""
    return renderer.dress(look)


def person(number: int) -> list[Twin]:
    """All films of one person, those of one look one after the other."""
    script = performance(number)
    changed = [(AS_DRAWN, AS_DRAWN), *sorted(_changes(), key=lambda change: change[0] in _LOOKS)]
    return [
        Twin(
            name=f"twin-{number:03d}-{kind}-{group}",
            script=script,
            identity=_SEED + number,
            look=_SEED + _LOOK_APART + number,
            fps=FPS,
            kind=kind,
            group=group,
        )
        for kind, group in changed
    ]


def performance(number: int) -> Script:
    """What a person shows in every film: four displays with calm between, a turn and a nod, two blinks."""
    rng = np.random.default_rng([_SEED + number, _SCRIPT])
    shown = [
        activation
        for start, kind in zip(_STARTS, rng.permutation(_DISPLAYS), strict=True)
        for activation in scripts.display(rng, str(kind), start, _HELD, float(rng.uniform(2, 4.5)))
    ]
    blinks = [Activation(45, at, BLINK, float(rng.uniform(4, 5))) for at in (2.35, 5.75)]
    yaw, pitch = float(rng.choice((-12, 12))), float(rng.uniform(3, 6))
    return Script(
        seconds=SECONDS,
        activations=(*shown, *blinks),
        head=(
            Key(2.4),
            Key(3.0, yaw=yaw),
            Key(3.8, yaw=yaw),
            Key(4.4),
            *(Key(6.2 + 0.3 * beat, pitch=-pitch * (beat % 2)) for beat in range(5)),
        ),
        seed=number,
    )


def _changes() -> Iterator[tuple[str, str]]:
    for kind, groups in KINDS.items():
        yield from ((kind, group) for group in groups if group != _UNCHANGED.get(kind))


def in_group(kind: str, group: str, twin: Twin) -> bool:
    """Whether a film is a group's one of its person."""
    if group == _UNCHANGED.get(kind):
        return twin.kind == AS_DRAWN
    return (twin.kind, twin.group) == (kind, group)


def reshaped(identity: F64, kit: FaceKit, group: str) -> F64:
    """Coefficients (100,) of a face moved along what changes one measure most, and in no other direction."""
    measure, sign = SHAPE[group]
    along = direction(kit, measure)
    return np.asarray(identity + (sign * EXTREME * SHAPE_SPREAD - identity @ along) * along)


def direction(kit: FaceKit, measure: str) -> F64:
    """(100,) of length 1: towards more of a measure, the shortest way in the identities' coefficients."""
    step = 0.01 * np.eye(facekit.IDENTITIES)
    slope = np.array([measured(kit, one, measure) - measured(kit, -one, measure) for one in step])
    return np.asarray(slope / np.linalg.norm(slope), np.float64)


def measured(kit: FaceKit, identity: F64 | F32, measure: str) -> float:
    """A measure of the neutral face with coefficients (100,)."""
    first, other = (abs(_distance(kit, identity, one, two, axis)) for one, two, axis in _MEASURES[measure])
    return first / other


def _distance(kit: FaceKit, identity: F64 | F32, one: int, other: int, axis: int) -> float:
    places = [
        float(kit.neutral[vertex, axis] + identity @ kit.identities[:, vertex, axis])
        for vertex in kit.landmarks[[one, other]]
    ]
    return places[0] - places[1]
