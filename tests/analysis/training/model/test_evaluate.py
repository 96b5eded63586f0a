import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.training.errors import TrainingError
from analysis.training.generator.dataset import Part
from analysis.training.model import evaluate
from analysis.training.model.predict import Estimate
from analysis.training.model.samples import MODELLED, Samples, closures

N = 60


def made(labels, visible=None):
    count = len(labels)
    return Samples(
        landmarks=np.zeros((count, 478, 3), np.float32),
        crop=np.zeros((count, 96, 96), np.int8),
        pose=np.zeros((count, 3), np.float32),
        labels=labels,
        visible=np.ones((count, AU_COUNT, 2), np.float32) if visible is None else visible,
        neutral=np.arange(count) % 6 == 0,
        person=np.arange(count) // 6,
        kind=np.full(count, "single"),
    )


@pytest.fixture
def labels():
    return np.random.default_rng(1).uniform(0, 5, (N, AU_COUNT, 2)).astype(np.float32)


def estimate(intensity):
    return Estimate(intensity, np.ones_like(intensity), np.ones_like(intensity))


def test_a_perfect_estimate_scores_one(labels):
    rows = evaluate.scores(made(labels), estimate(labels))

    assert len(rows) == MODELLED.sum() == 42
    assert all(row.icc == pytest.approx(1) and row.mae == 0 and row.inside == 1 for row in rows)
    sided = {row.au: row.cases for row in rows}
    assert sided[12] == 2 * sided[26] == 100


def test_what_cannot_be_seen_does_not_count(labels):
    visible = np.ones((N, AU_COUNT, 2), np.float32)
    visible[: N // 2, AU_INDEX[12]] = 0.2
    wrong = labels.copy()
    wrong[: N // 2, AU_INDEX[12]] = 0

    row = next(r for r in evaluate.scores(made(labels, visible), estimate(wrong)) if r.au == 12)

    assert row.mae == 0
    assert row.cases == 50


def test_the_table_ends_with_the_mean(labels):
    lines = evaluate.table(evaluate.scores(made(labels), estimate(labels))).splitlines()

    assert len(lines) == 2 + 42 + 1
    assert lines[-1] == "| mean | | | 1.00 | 1.00 | 0.00 | 100% |"


def test_blinks_and_winks_count_as_closed_eyes():
    labels = np.zeros((2, AU_COUNT, 2), np.float32)
    labels[0, AU_INDEX[45]] = 4
    labels[1, AU_INDEX[46]] = (3, 0)

    closed = closures(labels)

    assert closed[:, AU_INDEX[43]].tolist() == [[4, 4], [3, 0]]
    assert not closed[:, [AU_INDEX[45], AU_INDEX[46]]].any()


def test_people_come_with_their_neutral_frames(labels):
    people = made(labels).people()

    assert len(people) == 10
    assert [group.tolist() for group in people[1]] == [[6], [6, 7, 8, 9, 10, 11]]


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(TrainingError, match="train"):
        Samples.load(tmp_path, Part.TRAIN)
