import ast
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX
from analysis.engine.types import AUState, Exclusion
from analysis.training import facekit
from analysis.training.courses import Timing
from analysis.training.evaluation.findings import recordings, truth
from analysis.training.evaluation.findings.recordings import Order, analysed, engine_digest, make, measured
from analysis.training.generator.sequences import Activation, Key, Script, Side
from tests.support.models import FOLDER, real_models

SCRIPT = Script(
    seconds=2.0,
    activations=(
        Activation(12, 0.8, Timing(0.2, 0.6, 0.2), 4.0),
        Activation(2, 0.8, Timing(0.2, 0.6, 0.2), 4.0, Side.LEFT),
    ),
    head=(Key(0.5), Key(1.0, yaw=5)),
)
ORDER = Order("smile", SCRIPT, 1, 2, Fraction(10), scene=3)
HELD = slice(12, 14)
"""Frames in which the displays are at their apex."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("recordings")


@pytest.fixture(scope="module")
def recorded(folder):
    if not facekit.rig_path().is_file():
        pytest.skip("shared/ is absent")
    return make([ORDER], folder)[0]


@pytest.fixture(scope="module")
def models():
    return real_models()


def test_the_truth_is_what_was_posed(recorded):
    series, rows = truth.series(recorded), truth.rows(recorded)

    assert series.intensity.shape == (44, 20)
    assert series.intensity[AU_INDEX[12], HELD].min() == pytest.approx(4)
    assert series.intensity[AU_INDEX[2], HELD].max() == pytest.approx(2)
    assert series.left[AU_INDEX[2], HELD].min() == pytest.approx(4)
    assert series.right[AU_INDEX[2]].max() == 0
    assert np.isnan(series.left[AU_INDEX[17]]).all()
    assert not series.spread.any()
    assert (series.state == AUState.SCORED).all()
    assert (rows.excluded == Exclusion.NONE).all()
    assert rows.pose[-1, 0] - rows.pose[0, 0] == pytest.approx(5, abs=2.5)
    assert rows.gaze[:, 0] == pytest.approx(-rows.pose[:, 0], abs=0.01)


def test_what_is_there_is_not_made_again(recorded, folder):
    before = recorded.film.stat().st_mtime_ns

    again = make([ORDER], folder)[0]
    assert again.film.stat().st_mtime_ns == before
    assert np.array_equal(again.shown, recorded.shown)

    other = make([replace(ORDER, fps=Fraction(5))], folder)[0]
    assert other.film.stat().st_mtime_ns > before
    assert len(other.time) == 10
    make([ORDER], folder)


def test_what_is_measured_is_kept_with_what_it_was_measured_by(recorded, models):
    direct = analysed(recorded, models)
    kept = measured([recorded], FOLDER)[0]
    read = measured([recorded], FOLDER)[0]

    assert len(direct.rows.time) == 20
    for found in (kept, read):
        assert np.array_equal(found.series.intensity, direct.series.intensity, equal_nan=True)
        assert np.array_equal(found.rows.gaze, direct.rows.gaze)
        assert found.weak == models.action_units.card.weak
    assert list(recorded.film.parent.glob(f"*{engine_digest()}.npz")) != []
    assert list(recorded.film.parent.glob("*.part")) == []
    assert kept.result.events == read.result.events


def test_a_smile_is_measured_as_one(recorded, models):
    found = analysed(recorded, models).series.intensity[AU_INDEX[12]]

    assert np.nanmean(found[HELD]) > np.nanmean(found[:6]) + 1


def test_a_recording_without_a_face_has_no_rows(recorded, models, tmp_path):
    recordings.write(
        tmp_path / "grey.mp4",
        ((np.full((64, 64, 3), 90, np.uint8), np.zeros((44, 2), np.float32)) for _ in range(3)),
        Fraction(10),
        (64, 64),
    )

    found = analysed(replace(recorded, film=tmp_path / "grey.mp4"), models)

    assert found.rows.time.shape == (0,)
    assert found.series.intensity.shape == (44, 0)


def test_words_about_the_engine_make_no_other_engine(tmp_path):
    one, same, other = (tmp_path / name for name in ("one.py", "same.py", "other.py"))
    one.write_text('"""Says."""\nA = 1\n"""What."""\ndef f():\n    return A\n', encoding="utf-8")
    same.write_text('A = 1  # more\ndef f():\n    """Says."""\n    return A\n', encoding="utf-8")
    other.write_text("A = 2\ndef f():\n    return A\n", encoding="utf-8")

    first, second, third = (ast.dump(recordings._said_nothing(path)) for path in (one, same, other))

    assert first == second != third
