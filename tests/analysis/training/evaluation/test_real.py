import pytest

from analysis.engine.model_card import ModelCard
from analysis.training.errors import TrainingError
from analysis.training.evaluation import real
from analysis.training.evaluation.agreement import Skip
from analysis.training.evaluation.exported import export
from analysis.training.evaluation.real import CLIPS, Analysed, Clip
from tests.support.models import real_models
from tests.support.shared import FOLDER, shared_clip

MOVING = {frame: {12: frame / 10, 45: 4.0 * (frame % 2)} for frame in range(40)}


def test_quiet_frames_are_those_where_the_other_system_sees_nothing_but_blinks():
    ours = {frame: {12: 2.0, 4: 0.0, 45: 5.0} for frame in range(40)}

    shares = real.false_alarms(ours, MOVING)

    assert shares == {4: 0.0, 12: 1.0}


def test_frames_we_do_not_score_raise_no_alarm():
    ours = {frame: {12: 2.0} if frame < 5 else {} for frame in range(40)}
    ours[5] = {12: 0.0}

    assert real.false_alarms(ours, MOVING) == {12: pytest.approx(5 / 6)}


def test_tears_are_no_smile_where_the_smile_is_in_view_and_it_is_in_most_frames():
    ours = {0: {12: 1.4}, 1: {12: 1.5}, 2: {}, 3: {12: 0.0}, 4: {12: 0.2}}

    assert real.not_smiling(ours, range(5)) == pytest.approx(3 / 4)
    assert real.not_smiling(ours, range(6)) == 0


def test_facts_of_a_clip_keep_hands_apart_and_say_what_is_not_scored():
    theirs = {frame: {12: frame / 10, 1: 5 - frame / 10} for frame in range(40)}
    ours = {frame: {12: row[12]} for frame, row in theirs.items() if frame < 30}
    clip = Clip("one", "one.mp4", (Skip(0, 3, frozenset({12})),), hands=range(20, 40))

    found = real.facts(Analysed(clip, ours, {"openface": theirs, "mediapipe": {}}))

    assert found["mean_r_all_moving"] == pytest.approx(0.5)
    assert found["moving"] == 2
    assert found["action_units"] == {"12": 1.0}
    assert found["not_scored"] == [1]
    assert found["scored_share"] == 1
    assert found["hands_scored_share"] == 0.5
    assert found["not_smiling"] is None


def test_a_missing_clip_is_named(tmp_path):
    with pytest.raises(TrainingError, match=r"woman-sad-to-smile\.mp4"):
        real.analysed(tmp_path, tmp_path, real_models())


def test_the_clips_have_their_references():
    shared_clip("")
    for clip in CLIPS:
        assert shared_clip(clip.file).is_file()
        for system in (real.FIRST, real.SECOND):
            assert (FOLDER / "reference" / "clips" / f"{clip.name}.{system}.csv").is_file()


def test_the_card_says_what_the_product_reads_on_a_clip():
    """One clip is analysed again: agreement in the card is of this model and this engine."""
    name = "single-face"
    ours = export(shared_clip(f"{name}.mp4"), real_models()).table()
    theirs = {
        system: real.read(FOLDER / "reference" / "clips" / f"{name}.{system}.csv")
        for system in (real.FIRST, real.SECOND)
    }
    clip = next(one for one in CLIPS if one.name == name)

    found = real.facts(Analysed(clip, ours, theirs))

    written = ModelCard.load().facts["accuracy"]["real"]["clips"][name]
    assert found["mean_r_all_moving"] == pytest.approx(written["mean_r_all_moving"], abs=0.02)
    assert found["moving"] == written["moving"]
