import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.training.model.calibrate import fit
from analysis.training.model.samples import Samples

N = 3000


@pytest.fixture
def samples():
    rng = np.random.default_rng(4)
    labels = np.zeros((N, AU_COUNT, 2), np.float32)
    shown = rng.random((N, AU_COUNT, 2)) < 0.3
    labels[shown] = rng.uniform(0.5, 5, int(shown.sum()))
    return Samples(
        landmarks=np.zeros((N, 0, 3), np.float32),
        crop=np.zeros((N, 0, 0), np.int8),
        pose=np.zeros((N, 3), np.float32),
        labels=labels,
        visible=np.ones((N, AU_COUNT, 2), np.float32),
        neutral=np.zeros(N, bool),
        person=np.arange(N),
        kind=np.full(N, "regions"),
    )


def test_landmarks_have_a_say_only_where_they_tell(samples):
    alone = np.random.default_rng(5).uniform(0, 5, samples.labels.shape).astype(np.float32)
    alone[:, AU_INDEX[12]] = samples.labels[:, AU_INDEX[12]]

    found = fit(samples, samples.labels, alone, 0.03, 0.5)

    assert found[AU_INDEX[12]] == 0.5
    assert found[AU_INDEX[4]] == 0


def test_blinks_and_winks_are_left_alone(samples):
    found = fit(samples, samples.labels, samples.labels, 0.03, 0.5)

    assert found[AU_INDEX[43]] == 0.5
    assert not found[[AU_INDEX[45], AU_INDEX[46]]].any()


def test_people_turned_farther_than_the_product_measures_do_not_count(samples):
    alone = samples.labels.copy()
    alone[::2] = 0
    samples.pose[::2, 0] = 60

    assert fit(samples, samples.labels, alone, 0.03, 0.5)[AU_INDEX[12]] == 0.5


def test_what_may_be_given_up_and_the_largest_share_are_told(samples):
    rng = np.random.default_rng(6)
    alone = np.clip(samples.labels + rng.normal(0, 0.8, samples.labels.shape), 0, 5).astype(np.float32)
    row = AU_INDEX[12]

    shares = [fit(samples, samples.labels, alone, given_up, 0.75)[row] for given_up in (0.0, 0.03, 0.3)]

    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 0.75)
    assert fit(samples, samples.labels, alone, 0.3, 0.25)[row] == 0.25
