from dataclasses import fields
from itertools import pairwise

import numpy as np

from analysis.training.renderer.look import HAIR_STYLES, IRISES, Look, linear
from analysis.training.renderer.skin import skin_tone


def test_random_looks_cover_the_scale_and_stay_in_range():
    rng = np.random.default_rng(0)
    looks = [Look.random(rng) for _ in range(400)]
    tones = np.array([look.tone for look in looks])

    assert np.histogram(tones, 9, (1, 10))[0].min() > 20
    assert {look.style for look in looks} == set(HAIR_STYLES)
    assert {look.iris for look in looks} == set(IRISES)
    for name in ("redness", "age", "creasing", "oil", "lashes", "stubble", "beard", "lipstick"):
        values = [getattr(look, name) for look in looks]
        assert 0 <= min(values) <= max(values) <= 1
    assert len({look.seed for look in looks}) == len(looks)


def test_a_look_is_all_that_can_be_varied():
    assert {field.name for field in fields(Look)} >= {"seed", "tone", "age", "style", "iris", "brow_density"}


def test_tones_run_from_light_to_dark():
    light = [skin_tone(tone).mean() for tone in np.linspace(1, 10, 19)]

    assert all(a > b for a, b in pairwise(light[4:]))
    assert max(light[:4]) < 0.9
    assert all(skin_tone(tone)[0] > skin_tone(tone)[2] for tone in range(1, 11))


def test_srgb_becomes_linear_light():
    assert linear((0, 255, 128)) == (0.0, 1.0, linear((0, 0, 128))[2])
    assert 0.21 < linear((0, 0, 128))[2] < 0.22
