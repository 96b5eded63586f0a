"""What the network shows on the shared development clips, against two other systems' tables."""

import numpy as np
import pytest

from analysis.engine.action_units import AU_NUMBERS, PRESENT_FROM
from tests.support.clip_tables import reference

EYES = {41, 42, 43, 44, 45, 46}


def agreement(ours, theirs):
    kept = np.isfinite(ours)
    return np.corrcoef(ours[kept], theirs[kept])[0, 1]


@pytest.mark.parametrize("system", ["openface", "mediapipe"])
@pytest.mark.parametrize(("au", "least"), [("AU10", 0.9), ("AU12", 0.95), ("AU45", 0.7)])
def test_a_grin_and_a_blink(scored, system, au, least):
    _, ours = scored("single-face.mp4")

    assert agreement(ours[au], reference("single-face", system)[au]) > least


@pytest.mark.parametrize(
    ("au", "least"),
    [("AU01", 0.7), ("AU04", 0.9), ("AU05", 0.5), ("AU07", 0.6), ("AU12", 0.7), ("AU25", 0.8)],
)
def test_sadness_then_smiles(scored, au, least):
    _, ours = scored("woman-sad-to-smile.mp4")

    assert agreement(ours[au], reference("woman-sad-to-smile", "openface")[au]) > least


def test_the_grin_is_not_taken_for_neutral(scored):
    """It fills three quarters of the clip."""
    _, ours = scored("single-face.mp4")

    assert (ours["AU12"][30:65] > 3).all()
    assert (ours["AU25"][30:65] > PRESENT_FROM).all()
    assert (ours["AU12"][:12] < 0.5).all()


def test_a_neutral_man_who_looks_and_turns_shows_next_to_nothing(scored):
    _, ours = scored("gaze-and-head-turns.avi")
    theirs = reference("gaze-and-head-turns", "openface")
    quiet = np.all([theirs[name] < PRESENT_FROM for name in theirs if name not in {"frame", "AU45"}], axis=0)

    shares = {au: np.nanmean(ours[f"AU{au:02d}"][quiet] >= PRESENT_FROM) for au in set(AU_NUMBERS) - EYES}

    assert quiet.sum() > 500
    assert {au: share for au, share in shares.items() if share > 0.05} == {}


def test_head_turns_have_the_signs_that_are_seen(scored):
    _, ours = scored("gaze-and-head-turns.avi")

    right, left, down, up = ours["yaw"][448], ours["yaw"][504], ours["pitch"][588], ours["pitch"][644]
    assert right < -15
    assert left > 15
    assert down < -15
    assert up > 8


def test_signals_of_a_neutral_man_stay_near_the_middle(scored):
    result, _ = scored("gaze-and-head-turns.avi")

    values = {signal.key: signal.overall.value for signal in result.tracks[0].signals}
    assert all(40 < value < 60 for value in values.values())
    assert result.tracks[0].emotions == ()
