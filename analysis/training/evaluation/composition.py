"""Whom the model was trained on: the looks of its rendered people, drawn again from their seeds."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import Any

import numpy as np

from analysis.training import facekit
from analysis.training.evaluation import redraw
from analysis.training.generator.dataset import PEOPLE_A_SHARD, Part, part_of
from analysis.training.generator.people import SHAPE_SPREAD
from analysis.training.renderer.look import Look

AGES = ((0.33, "few_lines"), (0.66, "some_lines"), (1.01, "many_lines"))
"""Upper bounds of `Look.age`, the depth of the lines at rest; it is no age in years."""


def composition(seed: int, people: int) -> dict[str, Any]:
    """Shares and counts over the first `people` of the training set of the dataset with `seed`."""
    looks = list(islice(_looks(seed), people))
    return {
        "people": len(looks),
        "tone": {str(tone): found for tone, found in sorted(_tones(looks).items())},
        "lines": _shares(_lines(look) for look in looks),
        "head": _shares(look.style for look in looks),
        "eyes": _shares(look.iris for look in looks),
        "worn": {
            "glasses": _share(look.glasses > 0 for look in looks),
            "beard_or_stubble": _share(look.beard > 0 or look.stubble > 0 for look in looks),
            "make_up": _share(look.lipstick > 0 for look in looks),
        },
        "shape": {"coefficients": facekit.IDENTITIES, "standard_deviation": SHAPE_SPREAD},
    }


def _looks(seed: int) -> Iterator[Look]:
    """Of all training people, in the order of their numbers."""
    for shard in count():
        if part_of(shard) is Part.TRAIN:
            for number in range(shard * PEOPLE_A_SHARD, (shard + 1) * PEOPLE_A_SHARD):
                yield redraw.identity(np.random.default_rng([seed, int(Part.TRAIN), number]))[1]


def _tones(looks: list[Look]) -> Counter[int]:
    """People by the nearest swatch of the Monk scale."""
    return Counter(round(look.tone) for look in looks)


def _lines(look: Look) -> str:
    return next(name for most, name in AGES if look.age < most)


def _shares(names: Iterable[str]) -> dict[str, float]:
    found = Counter(names)
    return {name: round(number / found.total(), 4) for name, number in sorted(found.items())}


def _share(flags: Iterable[bool]) -> float:
    return round(float(np.mean(list(flags))), 4)
