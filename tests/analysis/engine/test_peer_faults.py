"""Faults that other systems show, each as a thing this one does not do.

Elsewhere: a held grin is not taken for neutral (`test_scoring_clips`), clips of one and two frames are
analysed (`test_analyse`), a cut does not weld two people (`test_tracks`, `test_joining`), light and turns of
the head do not become Action Units (`tests/analysis/training/evaluation/test_calm`).
"""

from fractions import Fraction

import numpy as np
import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_NUMBERS, PRESENT_FROM
from analysis.engine.analyse import FRAMES_FILE, Config, analyse
from analysis.engine.frame_table import parquet_to_csv
from analysis.training import facekit
from analysis.training.courses import Timing
from analysis.training.evaluation.films import write
from analysis.training.generator.sequences import Activation, Parts, Script, film
from tests.support.clip_tables import columns
from tests.support.models import real_models

WOMAN = "woman-sad-to-smile.mp4"
CRYING = slice(20, 61)
HANDS = slice(100, 216)
LOWER_FACE = [unit.code for unit in ACTION_UNITS if unit.number in {10, 12, 15, 17, 20, 25, 26}]
SIDE, WIDTH = 224, 3 * 224


def test_crying_is_not_smiling(scored):
    """Both other systems read a smile of 2.6 and more here."""
    _, ours = scored(WOMAN)

    shown = ours["AU12"][CRYING][np.isfinite(ours["AU12"][CRYING])]
    # A hand comes up at the end of it.
    assert len(shown) >= 0.8 * (CRYING.stop - CRYING.start)
    assert np.mean(shown < PRESENT_FROM) >= 0.8


def test_hands_over_the_mouth_hide_its_units(scored):
    """Another system's confidence stays above 0.7 and its numbers go on."""
    _, ours = scored(WOMAN)

    hidden = {code: float(np.isnan(ours[code][HANDS]).mean()) for code in LOWER_FACE}
    assert min(hidden.values()) > 0.9, hidden
    plain = np.r_[ours["face_confidence"][:90], ours["face_confidence"][260:]]
    assert np.nanmedian(ours["face_confidence"][HANDS]) < np.nanmedian(plain) - 0.08


def test_what_is_not_covered_is_still_measured(scored):
    """From frame 155 on the hands lie over the mouth alone."""
    _, ours = scored(WOMAN)

    assert np.isfinite(ours["AU01"][155:216]).mean() > 0.9


@pytest.mark.parametrize("name", ["single-face.mp4", WOMAN, "gaze-and-head-turns.avi"])
def test_presence_never_contradicts_intensity(scored, name):
    """Another system finds AU5 present in 92 % of frames with a mean intensity of 0.06."""
    result, ours = scored(name)
    track = result.tracks[0]
    rows = ours["track"] == track.track

    for summary in track.summaries:
        intensity = ours[f"AU{summary.au:02d}"][rows]
        seen = intensity[np.isfinite(intensity)]
        assert summary.scored_frames == len(seen)
        if len(seen):
            # The table keeps three decimals: a frame just at the border may fall on either side of it.
            border = int((np.abs(seen - PRESENT_FROM) < 0.001).sum())
            share = float((seen >= PRESENT_FROM).mean())
            assert summary.present_share == pytest.approx(share, abs=border / len(seen) + 1e-6)


@pytest.fixture(scope="module")
def three_people(tmp_path_factory):
    """Three rendered people side by side; the one on the right smiles, the one in the middle raises brows."""
    if not facekit.rig_path().is_file():
        pytest.skip("shared/ is absent")
    parts = Parts.load()
    held = Timing(0.2, 0.8, 0.2)
    scripts = [
        Script(2.0, tuple(Activation(au, 0.6, held, 5.0) for au in units), seed=n)
        for n, units in enumerate([(), (1, 2), (12, 25)])
    ]
    fps = Fraction(12)
    films = [film(parts, script, 40 + n, 50 + n, fps, (SIDE, SIDE)) for n, script in enumerate(scripts)]
    frames = (
        (np.hstack([picture for picture, _ in three]), three[0][1]) for three in zip(*films, strict=True)
    )
    folder = tmp_path_factory.mktemp("three")
    write(folder / "film.mp4", frames, fps, (WIDTH, SIDE))
    result = analyse(folder / "film.mp4", folder, real_models(), Config(), lambda *_: None)
    parquet_to_csv(folder / FRAMES_FILE, folder / "frames.csv")
    return result, columns(folder / "frames.csv")


def test_each_of_three_people_is_a_track_of_their_own(three_people):
    """Another system follows one of them, arbitrarily, and jumps to another without a word."""
    result, ours = three_people

    assert len(result.tracks) == 3
    for track in result.tracks:
        rows = ours["track"] == track.track
        assert rows.sum() == result.frames
        middle = ours["face_x"][rows] + ours["face_w"][rows] / 2
        assert len(set((middle // SIDE).tolist())) == 1


def test_each_of_three_people_has_their_own_units(three_people):
    _, ours = three_people
    place = (ours["face_x"] + ours["face_w"] / 2) // SIDE
    during = (ours["time"] > 0.9) & (ours["time"] < 1.5)

    smiles, brows = (
        [np.nanmean(ours[code][(place == n) & during]) for n in range(3)] for code in ("AU12", "AU01")
    )
    assert np.argmax(smiles) == 2
    assert np.argmax(brows) == 1
    assert max(smiles[:2]) < PRESENT_FROM < smiles[2]


def test_no_unit_is_a_silent_zero(scored):
    """Every unit of every scored frame has a number, or says that it cannot be seen."""
    result, ours = scored(WOMAN)

    states = {summary.au: summary.state for summary in result.tracks[0].summaries}
    assert set(states) == set(AU_NUMBERS)
    assert set(states.values()) == {"scored"}
    assert all(np.isnan(ours[code][HANDS]).any() for code in LOWER_FACE)
