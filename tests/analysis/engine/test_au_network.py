import dataclasses

import numpy as np
import pytest

from analysis.engine import neutral
from analysis.engine.action_units import AU_COUNT, AU_NUMBERS
from analysis.engine.au_network import HEAD_ROWS
from analysis.engine.crops import SIDE
from analysis.engine.runtime import load_au_network
from analysis.engine.types import CODE, Neutral
from tests.support import synthetic_face as made

FACE = made.neutral()


@pytest.fixture(scope="module")
def network():
    return load_au_network()


@pytest.fixture(scope="module")
def crops():
    return np.random.default_rng(0).integers(-120, 121, (5, SIDE, SIDE)).astype(np.int8)


def rows(n):
    random = np.random.default_rng(1)
    faces = made.noisy([made.smiling(FACE, strength) for strength in np.linspace(0, 1, n)])
    return made.track(faces, code=random.normal(0, 1, (n, CODE)), pose=random.normal(0, 8, (n, 3)))


def resting():
    code, pose = np.full(CODE, 0.1, np.float32), np.zeros(3, np.float32)
    return Neutral("estimated", 1, 0.0, 0.0, FACE.astype(np.float32), pose, code)


def test_a_crop_has_the_same_code_whatever_is_encoded_beside_it(network, crops):
    codes = network.encode(crops)

    assert codes.shape == (5, CODE)
    assert codes.dtype == np.float32
    assert len({code.tobytes() for code in codes}) == 5
    assert np.array_equal(network.encode(crops[3:4])[0], codes[3])
    assert network.encode(crops[:0]).shape == (0, CODE)


def test_estimates_are_in_bounds(network):
    found = network.compare(rows(30), resting())

    assert found.intensity.shape == found.spread.shape == found.visibility.shape == (30, AU_COUNT, 2)
    assert 0 <= found.intensity.min() <= found.intensity.max() <= 5
    assert found.spread.min() > 0
    assert 0 <= found.visibility.min() <= found.visibility.max() <= 1


@pytest.mark.parametrize("size", [1, 7, HEAD_ROWS])
def test_a_row_is_told_the_same_whatever_is_compared_beside_it(network, size):
    face, whole = resting(), rows(HEAD_ROWS + 9)
    together = network.compare(whole, face)

    pieces = [
        network.compare(neutral.take(whole, np.arange(i, min(i + size, len(whole.frame)))), face)
        for i in range(0, len(whole.frame), size)
    ]

    for name in ("intensity", "spread", "visibility"):
        joined = np.concatenate([getattr(piece, name) for piece in pieces])
        assert np.allclose(joined, getattr(together, name), atol=1e-4)
    assert np.array_equal(network.compare(whole, face).intensity, together.intensity)


def test_what_is_in_view_is_stated_against_the_neutral(network):
    """Whatever a face may look like, it is in view where it looks as it did then."""
    odd = made.jaw_open(made.smiling(FACE, 3), 0.3)
    rows = made.track([odd] * 3, code=np.full((3, CODE), 5.0))

    assert network.compare(rows, neutral.marked(rows)).visibility == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", ["shape", "pose", "code"])
def test_each_part_of_the_neutral_counts(network, name):
    whole, face = rows(8), resting()
    other = dataclasses.replace(face, **{name: getattr(face, name) + np.float32(0.3)})

    apart = network.compare(whole, other).intensity - network.compare(whole, face).intensity
    assert np.abs(apart).max() > 1e-4


def test_no_rows_are_no_estimates(network):
    assert network.compare(neutral.take(rows(2), np.arange(0)), resting()).intensity.shape == (0, AU_COUNT, 2)


def test_the_spread_is_what_the_card_makes_of_the_networks(network):
    def with_terms(facts):
        return dataclasses.replace(network, card=dataclasses.replace(network.card, facts=facts))

    terms = {str(au): [0.5, 1.0, -0.2, 0.0, 0.1] for au in AU_NUMBERS}
    own = with_terms({}).compare(rows(20), resting())

    found = with_terms({"spread_terms": terms}).compare(rows(20), resting())

    log_variance = 0.5 + np.log(np.minimum(own.spread, 1)) - 0.2 * np.minimum(own.intensity, 1)
    log_variance += 0.1 * np.clip(own.intensity - 2.5, 0, 2.5)
    assert found.spread == pytest.approx(np.clip(np.exp(log_variance / 2), 0.1, 2.5), abs=1e-4)
    assert np.array_equal(found.intensity, own.intensity)
