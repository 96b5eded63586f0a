"""Everything about a person's appearance that is not shape."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from analysis.training.renderer.scene import Colour

MONK_SRGB: tuple[tuple[int, int, int], ...] = (
    (246, 237, 228),
    (243, 231, 219),
    (247, 234, 208),
    (234, 218, 186),
    (215, 189, 150),
    (160, 126, 86),
    (130, 92, 67),
    (96, 65, 52),
    (58, 49, 42),
    (41, 36, 32),
)
"""The ten swatches of the Monk Skin Tone scale (Ellis Monk, Google, 2022), light to dark, as sRGB bytes."""

IRISES: dict[str, tuple[Colour, Colour]] = {
    "brown": ((0.115, 0.05, 0.02), (0.05, 0.022, 0.01)),
    "dark": ((0.035, 0.017, 0.01), (0.016, 0.009, 0.006)),
    "hazel": ((0.20, 0.12, 0.04), (0.10, 0.09, 0.04)),
    "green": ((0.18, 0.17, 0.07), (0.08, 0.11, 0.07)),
    "blue": ((0.20, 0.27, 0.34), (0.08, 0.14, 0.22)),
    "grey": ((0.24, 0.26, 0.27), (0.12, 0.14, 0.16)),
}
"""Inner and outer colour, linear light; the product's own."""
HAIRS: tuple[Colour, ...] = (
    (0.006, 0.005, 0.005),
    (0.016, 0.010, 0.007),
    (0.045, 0.024, 0.012),
    (0.12, 0.060, 0.026),
    (0.30, 0.19, 0.085),
    (0.16, 0.045, 0.015),
    (0.32, 0.31, 0.30),
)
HAIR_STYLES = ("bald", "cropped", "short", "bob", "long", "cap", "scarf")


@dataclass(frozen=True, slots=True)
class Look:
    """Amounts are 0-1 unless said otherwise."""

    seed: int = 0
    """Of everything that is strewn: pores, blotches, strands, the run of wrinkles."""
    tone: float = 4.0
    """1-10 on the Monk scale."""
    redness: float = 0.5
    blotches: float = 0.4
    freckles: float = 0.0
    pores: float = 0.5
    oil: float = 0.4
    tears: float = 0.0
    """Of one who cries: wet cheeks, red lids and nose."""
    age: float = 0.3
    """Depth of the lines at rest."""
    creasing: float = 0.7
    """How readily the skin folds when it is moved."""
    lip_colour: float = 0.5
    lipstick: float = 0.0
    lipstick_colour: Colour = (0.35, 0.03, 0.05)
    eyeshadow: float = 0.0
    eyeshadow_colour: Colour = (0.10, 0.06, 0.07)
    brow_density: float = 0.7
    brow_width: float = 0.9
    """Of the model's brow."""
    lashes: float = 0.6
    stubble: float = 0.0
    beard: float = 0.0
    hair: Colour = HAIRS[1]
    style: str = "short"
    glasses: float = 0.0
    """cm, width of the frame; 0 wears none."""
    glasses_square: float = 0.5
    glasses_colour: Colour = (0.02, 0.018, 0.016)
    cover: Colour = (0.12, 0.16, 0.25)
    """Of a cap or scarf."""
    iris: str = "brown"
    iris_radius: float = 0.60
    """cm"""
    pupil_radius: float = 0.20
    limbus: float = 0.5
    sclera: Colour = (0.58, 0.53, 0.49)
    teeth: Colour = (0.84, 0.73, 0.54)
    cloth: Colour = (0.10, 0.12, 0.16)

    @classmethod
    def random(cls, rng: np.random.Generator) -> Self:
        """A look drawn so that every tone, age and style comes up."""
        tone = float(rng.uniform(1, 10))
        dark = tone > 5.5
        facial_hair = rng.random() < 0.35
        painted = not facial_hair and rng.random() < 0.3
        hair = HAIRS[int(rng.choice(3 if dark else len(HAIRS)))]
        iris = str(rng.choice(["dark", "brown"] if dark else sorted(IRISES)))
        age = float(rng.beta(1.2, 1.8))
        return cls(
            seed=int(rng.integers(2**31)),
            tone=tone,
            redness=float(rng.random()),
            blotches=float(rng.random()),
            freckles=float(max(0.0, rng.normal(-0.3, 0.5))) * (not dark),
            pores=float(rng.random()),
            oil=float(rng.random()),
            tears=float(rng.random()) if rng.random() < 0.1 else 0.0,
            age=age,
            creasing=float(np.clip(0.35 + 0.6 * age + rng.normal(0, 0.15), 0.2, 1)),
            lip_colour=float(rng.random()),
            lipstick=float(rng.uniform(0.3, 1)) if painted else 0.0,
            lipstick_colour=_colour(rng, (0.35, 0.04, 0.06), 0.5),
            eyeshadow=float(rng.random()) if painted else 0.0,
            eyeshadow_colour=_colour(rng, (0.10, 0.06, 0.07), 0.6),
            brow_density=float(rng.uniform(0.25, 1)),
            brow_width=float(rng.uniform(0.5, 1.3)),
            lashes=float(rng.uniform(0.3, 1)),
            stubble=float(rng.uniform(0.1, 0.8)) if facial_hair else 0.0,
            beard=float(rng.uniform(0.4, 1)) if facial_hair and rng.random() < 0.5 else 0.0,
            hair=_colour(rng, hair, 0.12),
            style=str(rng.choice(HAIR_STYLES)),
            glasses=float(rng.uniform(0.08, 0.4)) if rng.random() < 0.3 else 0.0,
            glasses_square=float(rng.random()),
            glasses_colour=_colour(rng, (0.06, 0.05, 0.05), 1.4),
            cover=_colour(rng, (0.2, 0.2, 0.2), 1.2),
            iris=iris,
            iris_radius=float(rng.uniform(0.56, 0.64)),
            pupil_radius=float(rng.uniform(0.13, 0.32)),
            limbus=float(rng.uniform(0.2, 0.9)),
            sclera=_colour(rng, (0.57, 0.52, 0.48), 0.1),
            teeth=_colour(rng, (0.80, 0.70, 0.52), 0.12),
            cloth=_colour(rng, (0.12, 0.12, 0.13), 0.8),
        )


def _colour(rng: np.random.Generator, around: Colour, spread: float) -> Colour:
    """Each channel multiplied by its own draw and all by a common one, kept a colour."""
    factors = np.exp(rng.normal(0, 0.5 * spread, 3) + rng.normal(0, 0.5 * spread))
    red, green, blue = np.clip(np.array(around) * factors, 0.003, 0.85)
    return float(red), float(green), float(blue)


def linear(srgb: tuple[int, int, int]) -> Colour:
    """SRGB bytes to linear light (IEC 61966-2-1)."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in srgb)
    )
    return red, green, blue
